"""Ask what a process id alone cannot tell: does it live, is it the same, who works in a folder."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path

Steps = Sequence[tuple[signal.Signals, float]]  # a signal, and how many seconds it is given
LINUX = sys.platform.startswith("linux")


def _stat(pid: int) -> tuple[str, str] | None:
    """Return the state letter and the start time of a process."""
    if LINUX:
        try:
            fields = (
                Path(f"/proc/{pid}/stat").read_text(errors="replace").rpartition(")")[2].split()
            )
        except OSError:
            return None
        return fields[0], fields[19]
    shown = subprocess.run(
        ["ps", "-o", "state=,lstart=", "-p", str(pid)], capture_output=True, text=True, check=False
    ).stdout.split(maxsplit=1)
    return (shown[0], shown[1].strip()) if len(shown) == 2 else None


def alive(pid: int) -> bool:
    """Say whether a process runs; a zombie does not, although signals still reach it."""
    stat = _stat(pid)
    return stat is not None and stat[0][0] not in "ZX"


def identity(pid: int) -> str | None:
    """Return a mark that no other process with this id will ever carry, or None when it is gone."""
    stat = _stat(pid)
    if stat is None or stat[0][0] in "ZX":
        return None
    return f"{_boot()}:{stat[1]}"


def _boot() -> str:
    """Return what tells this boot from the last: start times count from the boot."""
    return Path("/proc/sys/kernel/random/boot_id").read_text().strip() if LINUX else ""


def same_boot(mark: str) -> bool:
    """Say whether a mark of `identity` was made since the machine was started."""
    return mark.partition(":")[0] == _boot()


def working_in(folder: Path, name: str) -> list[int]:
    """Return the processes of that name whose working folder this is (Linux; else none)."""
    if not LINUX:
        return []
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit() and _works_in(entry, folder, name):
            found.append(int(entry.name))
    return found


def _works_in(entry: Path, folder: Path, name: str) -> bool:
    try:
        return (entry / "comm").read_text().strip() == name and os.readlink(entry / "cwd") == str(
            folder
        )
    except OSError:
        return False


def send(pid: int, sign: signal.Signals) -> None:
    """Signal a process that may be gone already."""
    try:
        os.kill(pid, sign)
    except ProcessLookupError:
        return


def group_alive(leader: int) -> bool:
    """Say whether any process is left of the group that this process led."""
    try:
        os.killpg(leader, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return not LINUX or any(_in_group(entry, leader) for entry in Path("/proc").iterdir())


def _in_group(entry: Path, leader: int) -> bool:
    """Say whether this is a live member; zombies nobody reaps count for killpg, but not for us."""
    if not entry.name.isdigit():
        return False
    try:
        fields = (entry / "stat").read_text(errors="replace").rpartition(")")[2].split()
    except OSError:
        return False
    return fields[0] not in "ZX" and int(fields[2]) == leader


def send_group(leader: int, sign: signal.Signals) -> None:
    """Signal what is left of a group."""
    try:
        os.killpg(leader, sign)
    except (ProcessLookupError, PermissionError):
        return


def end(process: subprocess.Popen[bytes], steps: Steps) -> None:
    """End a child of ours and what is left of its group."""
    for sign, seconds in steps:
        process.send_signal(sign)
        if wait_until(lambda: process.poll() is not None, seconds):
            break
    send_group(process.pid, signal.SIGKILL)
    wait_until(lambda: not group_alive(process.pid), 5)


def end_group(leader: int, steps: Steps) -> None:
    """Send each signal in turn and wait so many seconds after it, until the group is gone.

    The first signal goes to the leader alone, which has its own way of ending its children.
    """
    for index, (sign, seconds) in enumerate(steps):
        if not group_alive(leader):
            return
        if index == 0 and alive(leader):
            send(leader, sign)
        else:
            send_group(leader, sign)
        wait_until(lambda: not group_alive(leader), seconds)


def wait_until(condition: Callable[[], bool], seconds: float) -> bool:
    """Wait until something holds; say whether it did in time."""
    end = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > end:
            return False
        time.sleep(0.02)
    return True
