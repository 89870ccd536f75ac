"""The file of keys for personal data: outside the database, readable by the service alone.

It holds one key for each time that keys were changed, names the current one, and has a key for
hashes, which stays.  Whoever has a copy of the database without this file has no personal data.
"""

import base64
import json
import os
import secrets
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

LENGTH = 32


@dataclass(frozen=True, slots=True)
class Keys:
    """The keys of an installation, by name, and which one is used for what is new."""

    current: str
    sealing: dict[str, bytes]
    hashing: bytes


@cache
def read(path: Path) -> Keys:
    """Return the keys of a file, read once in a process.

    Raises:
        OSError: if there is no such file, or it cannot be read.
        ValueError: if it is no file of keys.
    """
    try:
        said = json.loads(path.read_text("utf-8"))
        sealing = {name: base64.b64decode(key) for name, key in said["keys"].items()}
        found = Keys(said["current"], sealing, base64.b64decode(said["hash"]))
    except (KeyError, TypeError, AttributeError) as error:
        raise ValueError(f"{path} is no file of keys") from error
    lengths = {len(key) for key in [*sealing.values(), found.hashing]}
    if found.current not in sealing or lengths != {LENGTH}:
        raise ValueError(f"{path} is no file of keys")
    return found


def create(path: Path) -> None:
    """Make a file of keys, readable by us alone; one that is there stays as it is.

    It appears whole or not at all, and of two who make it at once one wins.
    """
    _write(path, {"current": "1", "keys": {"1": _new()}, "hash": _new()}, first=True)


def rotate(path: Path) -> str:
    """Add a key and use it for what is new; return its name.  What is old stays readable."""
    said = json.loads(path.read_text("utf-8"))
    name = str(1 + max(int(name) for name in said["keys"]))
    _write(path, {**said, "current": name, "keys": {**said["keys"], name: _new()}})
    return name


def _new() -> str:
    return base64.b64encode(secrets.token_bytes(LENGTH)).decode()


def _write(path: Path, said: dict[str, Any], *, first: bool = False) -> None:
    draft = path.with_name(f"{path.name}.{secrets.token_hex(4)}")
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        json.dump(said, file, indent=1)
        file.flush()
        os.fsync(file.fileno())
    if not first:
        draft.replace(path)
        return
    try:
        os.link(draft, path)
    except FileExistsError:
        return
    finally:
        draft.unlink()
