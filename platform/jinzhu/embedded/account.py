"""Choose the account the embedded servers run as, and start programs as it.

PostgreSQL refuses root. The account that replaces it may be unable to enter the folders above the
project (`/root`, a `mktemp -d`). Opening those to everybody is not ours to do, so the server keeps
one capability that passes closed folders, and only when it needs it.
"""

import os
import pwd
import signal
import stat
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from jinzhu.embedded import launch, trouble

LAUNCHER = Path(launch.__file__)
CANDIDATES = ("jinzhu", "postgres", "nobody")
ENVIRONMENT = {"PATH": "/usr/bin:/bin", "LC_ALL": "C", "TZ": "UTC"}


@dataclass(frozen=True, slots=True)
class Account:
    """Another account than ours."""

    uid: int
    gid: int
    name: str

    def reaches(self, path: Path) -> bool:
        """Say whether the account may enter every folder down to this path."""
        real = Path(os.path.realpath(path))
        way = {path, *path.parents, real, *real.parents}
        return all(self._enters(folder) for folder in way if folder.is_dir())

    def _enters(self, folder: Path) -> bool:
        found = folder.stat()
        if found.st_uid == self.uid:
            return bool(found.st_mode & stat.S_IXUSR)
        if found.st_gid == self.gid:
            return bool(found.st_mode & stat.S_IXGRP)
        return bool(found.st_mode & stat.S_IXOTH)

    def owns(self, path: Path) -> None:
        """Give it a file or folder of ours."""
        os.chown(path, self.uid, self.gid)


def server_account(data: Path) -> Account | None:
    """Return the account to run servers as, or None for our own.

    A folder that exists keeps its account: PostgreSQL opens only what its own account owns.
    """
    if os.geteuid() != 0:
        if data.exists() and data.stat().st_uid != os.geteuid():
            raise trouble.folder_of_another_account(data)
        return None
    if data.exists() and data.stat().st_uid != 0:
        found = data.stat()
        return Account(found.st_uid, found.st_gid, _name(found.st_uid))
    for name in CANDIDATES:
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        return Account(entry.pw_uid, entry.pw_gid, name)
    raise trouble.no_account()


def _name(uid: int) -> str:
    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:
        return str(uid)


def command_as(
    account: Account | None, command: Sequence[str | Path], *, ending: signal.Signals
) -> list[str]:
    """Return the command that runs another as an account, and ends it by `ending` when we die."""
    words = [str(word) for word in command]
    who = "-"
    if account is not None:
        passing = _passing(account, [Path(word) for word in words if word.startswith("/")])
        who = f"{account.uid}:{account.gid}:{'passing' if passing else 'plain'}"
    started_by = [sys.executable, "-I", "-S", str(LAUNCHER), str(os.getpid())]
    return [*started_by, str(int(ending)), who, "--", *words]


def _passing(account: Account, paths: list[Path]) -> bool:
    """Say whether the account needs help to reach these paths; complain when there is none."""
    for path in paths:
        if not account.reaches(path):
            if sys.platform.startswith("linux") and launch.reading_capability() is not None:
                return True
            raise trouble.folder_unreachable(path, account.name)
    return False


def start_as(
    account: Account | None,
    command: Sequence[str | Path],
    *,
    ending: signal.Signals,
    log: IO[bytes],
    given: int = subprocess.DEVNULL,
    environment: dict[str, str] | None = None,
) -> subprocess.Popen[bytes]:
    """Start a program in a group of its own: Ctrl-C must reach only who stops all in order."""
    return subprocess.Popen(
        command_as(account, command, ending=ending),
        stdin=given,
        stdout=log,
        stderr=log,
        cwd="/",
        env=ENVIRONMENT if environment is None else environment,
        start_new_session=True,
    )
