"""Become a program: of another account where root is not wanted, and not outliving the parent.

Run as a script (`python -I -S launch.py PARENT SIGNAL ACCOUNT -- PROGRAM ARGUMENT …`), because
Python code between fork and exec is not safe in a program with threads. It ends in exec, so the
process id stays.
"""

import ctypes
import os
import sys

PR_SET_PDEATHSIG, PR_GET_SECUREBITS, PR_SET_SECUREBITS = 1, 27, 28
PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE = 47, 2
NO_SETUID_FIXUP = 1 << 2
CAPABILITY_VERSION_3 = 0x20080522
CAP_DAC_OVERRIDE, CAP_DAC_READ_SEARCH, CAP_SETPCAP = 1, 2, 8
CANNOT_LAUNCH = 126


class _Header(ctypes.Structure):
    _fields_ = (("version", ctypes.c_uint32), ("pid", ctypes.c_int))


class _Sets(ctypes.Structure):
    _fields_ = (
        ("effective", ctypes.c_uint32),
        ("permitted", ctypes.c_uint32),
        ("inheritable", ctypes.c_uint32),
    )


def _call(function: str, *arguments: object) -> None:
    """Call a function of the C library, and raise what it complains of."""
    library = ctypes.CDLL(None, use_errno=True)
    if getattr(library, function)(*arguments) != 0:
        raise OSError(ctypes.get_errno(), f"{function} was refused")


def permitted() -> int:
    """Return the capabilities this process may use, as a bit set."""
    with open("/proc/self/status") as status:
        line = next(line for line in status if line.startswith("CapPrm:"))
    return int(line.split()[1], 16)


def reading_capability() -> int | None:
    """Return the weaker capability of two that enter closed folders, if we can hand it on."""
    if not permitted() & (1 << CAP_SETPCAP):
        return None
    for capability in (CAP_DAC_READ_SEARCH, CAP_DAC_OVERRIDE):
        if permitted() & (1 << capability):
            return capability
    return None


def become(uid: int, gid: int, *, passing: bool) -> None:
    """Become another account for good; `passing` lets it enter folders that are closed to it."""
    capability = reading_capability() if passing else None
    if capability is not None:
        # Without this access(2) forgets the capability of whoever is not root, and PostgreSQL's
        # programs, which ask it where they are themselves, do not find each other.
        bits = ctypes.CDLL(None).prctl(PR_GET_SECUREBITS, 0, 0, 0, 0)
        _call("prctl", PR_SET_SECUREBITS, bits | NO_SETUID_FIXUP, 0, 0, 0)
    os.setgroups([])
    os.setgid(gid)
    os.setuid(uid)
    if capability is not None:
        _keep_only(capability)


def _keep_only(capability: int) -> None:
    """Keep one capability across exec, and no other."""
    bit = 1 << capability
    sets = (_Sets * 2)(_Sets(bit, bit, bit), _Sets(0, 0, 0))
    _call("capset", ctypes.byref(_Header(CAPABILITY_VERSION_3, 0)), ctypes.byref(sets))
    _call("prctl", PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE, capability, 0, 0)


def end_with(parent: int, sign: int) -> None:
    """Have the kernel send us this signal when the parent dies, however it dies (Linux)."""
    _call("prctl", PR_SET_PDEATHSIG, sign, 0, 0, 0)
    if os.getppid() != parent:
        raise SystemExit(CANNOT_LAUNCH)


def main(arguments: list[str]) -> None:
    parent, sign, account, dashes, *command = arguments
    if dashes != "--" or not command:
        raise SystemExit(CANNOT_LAUNCH)
    if account != "-":
        uid, gid, passing = account.split(":")
        become(int(uid), int(gid), passing=passing == "passing")
    if sys.platform.startswith("linux"):
        end_with(int(parent), int(sign))
    try:
        os.execv(command[0], command)
    except OSError as error:
        sys.stderr.write(f"{command[0]}: {error.strerror}\n")
        raise SystemExit(CANNOT_LAUNCH) from None


if __name__ == "__main__":
    main(sys.argv[1:])
