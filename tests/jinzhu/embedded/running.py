"""A running `jinzhu run`, with stand-ins for the platform, as a real process."""

import os
import pwd
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Sequence
from json import loads
from pathlib import Path

from jinzhu.embedded.account import Account, command_as

HERE = Path(__file__).parent
PLATFORM = HERE.parents[2] / "platform"
PATIENCE = 40.0


def eventually(condition: Callable[[], bool], *, what: str) -> None:
    """Wait until something holds."""
    end = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < end, f"{what}: did not happen in {PATIENCE:.0f} s"
        time.sleep(0.03)


def ordinary_account() -> Account | None:
    """Return an account that is not root: ours, or nobody's when we are root."""
    if os.geteuid() != 0:
        return None
    entry = pwd.getpwnam("nobody")
    return Account(entry.pw_uid, entry.pw_gid, "nobody")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port


def copy(pattern: Path, place: Path, account: Account | None) -> None:
    """Fill a data folder with a database that was made before, as an account's own."""
    subprocess.run(["cp", "-a", pattern / "postgres", pattern / "secrets.json", place], check=True)
    if account is not None:
        owner = f"{account.uid}:{account.gid}"
        subprocess.run(["chown", "-R", owner, place.parent], check=True)


class Running:
    """`jinzhu run` as a process."""

    def __init__(self, data: Path, account: Account | None = None, **settings: str) -> None:
        self.data = data
        self.port = int(settings.get("JINZHU_PORT") or free_port())
        self.output = data.with_name(data.name + ".out")
        given = {"JINZHU_DATA": str(data), "JINZHU_PORT": str(self.port), **settings}
        words: Sequence[str] = [sys.executable, str(HERE / "stand_in.py"), "run"]
        if account is not None:
            words = command_as(account, words, ending=signal.SIGTERM)
        with self.output.open("ab") as output:
            self.process = subprocess.Popen(
                words,
                env={"PATH": os.environ["PATH"], "PYTHONPATH": str(PLATFORM), **given},
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
            )

    def said(self) -> str:
        return self.output.read_text("utf-8")

    def ready(self) -> "Running":
        """Wait until the page can be had, and it has said so."""
        times = self.said().count("Jinzhu is ready")
        eventually(
            lambda: self.said().count("Jinzhu is ready") > times or self.process.poll() is not None,
            what=self.said(),
        )
        assert self.process.poll() is None, self.said()
        return self

    def web_environment(self) -> dict[str, str] | None:
        """Ask the web server what it was told; None when it does not answer."""
        try:
            address = f"http://127.0.0.1:{self.port}/"
            with urllib.request.urlopen(address, timeout=5) as response:
                found: dict[str, str] = loads(response.read())
        except OSError:
            return None
        return found

    def pid(self, part: str) -> int:
        return int((self.data / "running" / part).read_text().split()[0])

    def ends(self) -> int:
        """Return its exit code."""
        return self.process.wait(PATIENCE)

    def stops(self) -> int:
        self.process.send_signal(signal.SIGINT)
        return self.ends()

    def left_over(self) -> list[str]:
        """Return the processes that still know this data folder."""
        return [
            entry.name
            for entry in Path("/proc").iterdir()
            if entry.name.isdigit() and str(self.data) in self._words(entry)
        ]

    def _words(self, entry: Path) -> str:
        try:
            return (entry / "cmdline").read_text() + (entry / "environ").read_text(errors="replace")
        except OSError:
            return ""
