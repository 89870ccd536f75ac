"""Folders of their own, and `jinzhu run` in them; whatever a test leaves running is ended."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from jinzhu.embedded.account import Account
from jinzhu.embedded.folder import DataFolder
from tests.jinzhu.embedded.running import Running


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[DataFolder]:
    folder = DataFolder(tmp_path / "var")
    folder.open()
    yield folder
    folder.clear_sockets()


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Callable[..., Running]]:
    """Start `jinzhu run`; whatever a test leaves running is ended."""
    started: list[Running] = []

    def begin(account: Account | None = None, data: Path | None = None, **settings: str) -> Running:
        place = data or tmp_path / "place" / "var"
        place.parent.mkdir(exist_ok=True, parents=True)
        if account is not None:
            account.owns(place.parent)
        started.append(Running(place, account, **settings))
        return started[-1]

    yield begin
    for running in started:
        if running.process.poll() is None:
            running.stops()
