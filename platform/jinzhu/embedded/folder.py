"""Keep what belongs to one installation in one folder: data, sockets, logs, secrets, pids."""

import fcntl
import json
import os
import secrets
import shutil
import tempfile
from pathlib import Path
from typing import IO

from jinzhu import keys
from jinzhu.embedded import processes, trouble
from jinzhu.embedded.account import Account

LONGEST_SOCKET = 107  # bytes a Unix socket's address may have, on every system we know
LONGEST_NAME = len("/.s.PGSQL.65535")
NEXT_TO_NOTHING = 64 * 1024 * 1024  # four segments of the database's log
LOG_LIMIT = 16 * 1024 * 1024
SECRETS = ("postgres", "owner", "web")


class DataFolder:
    """One folder on disk; `open` makes it, `lock` claims it for this process."""

    def __init__(self, path: Path) -> None:
        self.path = Path(os.path.realpath(path))
        self._lock: IO[str] | None = None
        self._log_begins: dict[str, int] = {}

    def open(self) -> None:
        """Make the folder and prove that it can be written to."""
        try:
            for folder in (self.path, self.path / "log", self.path / "running"):
                _make(folder)
            with tempfile.TemporaryFile(dir=self.path) as probe:
                probe.write(b"x" * 4096)
                probe.flush()
        except OSError as error:
            raise trouble.of_system(self.path, error) from None

    def free(self) -> int:
        """Return the bytes an ordinary account can still write here."""
        return shutil.disk_usage(self.path).free

    def lock(self) -> None:
        """Claim the folder; the claim ends with this process, however it ends."""
        claim = (self.path / "lock").open("a+")
        try:
            fcntl.flock(claim, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            claim.seek(0)
            pid = claim.read().strip() or "?"
            claim.close()
            raise trouble.folder_in_use(self.path, pid) from None
        claim.truncate(0)
        claim.write(str(os.getpid()))
        claim.flush()
        self._lock = claim

    def unlock(self) -> None:
        """Give the folder up."""
        if self._lock is not None:
            self._lock.close()
            self._lock = None

    def log(self, name: str) -> Path:
        """Return the file a part of the platform writes its log to."""
        return self.path / "log" / f"{name}.log"

    def open_log(self, name: str) -> IO[bytes]:
        """Open a log for appending; one that has grown large takes the place of the one before."""
        path = self.log(name)
        if path.exists() and path.stat().st_size > LOG_LIMIT:
            path.replace(path.with_suffix(".log.1"))
        log = os.fdopen(os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600), "ab")
        self._log_begins[name] = os.fstat(log.fileno()).st_size
        return log

    def last_line(self, name: str) -> str:
        """Return the last line of a log that says something."""
        lines = [line for line in self.tail(name).splitlines() if line.strip()]
        return lines[-1].strip() if lines else ""

    def tail(self, name: str, size: int = 4000) -> str:
        """Return the end of a log, of what was written since it was last opened."""
        try:
            with self.log(name).open("rb") as file:
                begin = self._log_begins.get(name, 0)
                file.seek(max(begin, os.fstat(file.fileno()).st_size - size))
                return file.read().decode(errors="replace")
        except FileNotFoundError:
            return ""

    def ran_full(self, name: str) -> bool:
        """Say whether a part complained of a full disk, and the disk is full still."""
        said = self.tail(name)
        return "Disk quota exceeded" in said or (
            "No space left on device" in said and self.free() < NEXT_TO_NOTHING
        )

    def secret(self, name: str) -> str:
        """Return a password of this installation; all are made at once, and never change."""
        return self._secrets()[name]

    def has_secrets(self) -> bool:
        """Say whether this installation's passwords have been made."""
        return (self.path / "secrets.json").exists()

    def keys(self) -> Path:
        """Return the file of the keys for personal data, made where there is none yet."""
        path = self.path / "keys.json"
        if not path.exists():
            keys.create(path)
        return path

    def _secrets(self) -> dict[str, str]:
        path = self.path / "secrets.json"
        if not path.exists():
            made = {name: secrets.token_urlsafe(24) for name in SECRETS}
            _write_private(path, json.dumps(made, indent=1))
        found: dict[str, str] = json.loads(path.read_text())
        return found

    def sockets(self, account: Account | None) -> Path:
        """Return a private folder for sockets: `sockets`, or what it links to if too long."""
        place = self.path / "sockets"
        # libpq takes a comma for the end of one host and the begin of another.
        if len(os.fsencode(place)) + LONGEST_NAME > LONGEST_SOCKET or "," in str(place):
            place = _short_place(place)
        place.mkdir(mode=0o700, exist_ok=True)
        if account is not None:
            account.owns(place)
        return place

    def clear_sockets(self) -> None:
        """Remove the socket folder, wherever it is."""
        place = self.path / "sockets"
        if place.is_symlink():
            shutil.rmtree(place.resolve(), ignore_errors=True)
            place.unlink()
        else:
            shutil.rmtree(place, ignore_errors=True)

    def record(self, name: str, pid: int) -> None:
        """Note which process does a part of the work, so that a later start finds it."""
        (self.path / "running" / name).write_text(f"{pid} {processes.identity(pid) or 'gone'}")

    def forget(self, name: str) -> None:
        """Drop the note: that process is gone."""
        (self.path / "running" / name).unlink(missing_ok=True)

    def recorded(self, name: str) -> int | None:
        """Return the process noted for a part, if it or its children may still run.

        A group outlives its leader, and its number is given to nobody else while it lives; so a
        leader that is gone still counts when it was noted since the machine was started.
        """
        try:
            number, mark = (self.path / "running" / name).read_text().split(" ", 1)
        except (FileNotFoundError, ValueError):
            return None
        pid = int(number)
        now = processes.identity(pid)
        if now == mark or (now is None and processes.same_boot(mark)):
            return pid
        return None


def _make(folder: Path) -> None:
    """Make a folder for us alone; as root one that servers of another account can enter."""
    if folder.is_dir():
        return
    folder.mkdir(parents=True)
    folder.chmod(0o711 if os.geteuid() == 0 else 0o700)


def _short_place(link: Path) -> Path:
    """Return a folder with a short path that the link leads to."""
    if link.is_symlink() and link.is_dir():
        return link.resolve()
    if link.is_dir() and not link.is_symlink():
        shutil.rmtree(link)
    link.unlink(missing_ok=True)
    place = tempfile.mkdtemp(prefix="jinzhu-")
    if len(os.fsencode(place)) + LONGEST_NAME > LONGEST_SOCKET:
        os.rmdir(place)
        place = tempfile.mkdtemp(prefix="jinzhu-", dir="/tmp")
    link.symlink_to(place)
    return Path(place)


def _write_private(path: Path, text: str) -> None:
    """Write a file that only our account reads, whole or not at all."""
    draft = path.with_suffix(".draft")
    draft.unlink(missing_ok=True)
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path)
