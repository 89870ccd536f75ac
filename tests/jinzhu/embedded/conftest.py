"""Folders of their own, and `jinzhu run` in them; whatever a test leaves running is ended."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from jinzhu.embedded.account import Account
from jinzhu.embedded.folder import DataFolder
from jinzhu.embedded.postgres import Postgres
from tests.jinzhu.embedded.running import Running, copy


@pytest.fixture
def empty_folder(tmp_path: Path) -> Iterator[DataFolder]:
    folder = DataFolder(tmp_path / "var")
    folder.open()
    yield folder
    folder.clear_sockets()


@pytest.fixture(scope="session")
def pattern(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a data folder whose database was made once; copying it is faster than making it."""
    folder = DataFolder(tmp_path_factory.mktemp("pattern") / "var")
    folder.open()
    server = Postgres(folder, durable=False)
    server.start()
    server.stop()
    folder.clear_sockets()
    return folder.path


@pytest.fixture
def folder(pattern: Path, empty_folder: DataFolder) -> DataFolder:
    copy(pattern, empty_folder.path, None)
    return empty_folder


@pytest.fixture
def start(pattern: Path, tmp_path: Path) -> Iterator[Callable[..., Running]]:
    """Start `jinzhu run`; whatever a test leaves running is ended."""
    started: list[Running] = []

    def begin(account: Account | None = None, data: Path | None = None, **settings: str) -> Running:
        place = data or tmp_path / "place" / "var"
        place.mkdir(exist_ok=True, parents=True)
        if not (place / "secrets.json").exists():
            copy(pattern, place, account)
        started.append(Running(place, account, **settings))
        return started[-1]

    yield begin
    for running in started:
        if running.process.poll() is None:
            running.stops()
