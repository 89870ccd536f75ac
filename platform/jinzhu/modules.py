"""Find the record types: every package in a place is one."""

import pkgutil
from collections.abc import Iterator
from importlib import import_module
from importlib.util import find_spec
from types import ModuleType

PLACES = ("jinzhu", "tenants")


def load(part: str) -> Iterator[ModuleType]:
    """Import the part of each record type that has one."""
    for place in PLACES:
        for info in pkgutil.iter_modules(import_module(place).__path__):
            name = f"{place}.{info.name}.{part}"
            if info.ispkg and find_spec(name):
                yield import_module(name)
