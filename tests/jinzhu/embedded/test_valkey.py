"""The Valkey launcher: what was queued is there after a crash, and only our account reaches it."""

import stat
from collections.abc import Iterator

import pytest
import redis

from jinzhu.embedded.folder import DataFolder
from jinzhu.embedded.trouble import Trouble
from jinzhu.embedded.valkey import Valkey


@pytest.fixture
def valkey(folder: DataFolder) -> Iterator[Valkey]:
    server = Valkey(folder)
    server.start()
    yield server
    server.stop()


@pytest.fixture
def client(valkey: Valkey) -> Iterator["redis.Redis"]:
    with redis.Redis.from_url(valkey.url()) as client:
        yield client


def test_what_was_queued_survives_a_killed_server(valkey: Valkey, client: "redis.Redis") -> None:
    client.rpush("queue", *range(200))
    assert valkey.process is not None
    valkey.process.kill()
    valkey.process.wait()
    valkey.process = None
    valkey.start()
    assert client.llen("queue") == 200


def test_it_has_no_port_and_a_private_folder(valkey: Valkey, client: "redis.Redis") -> None:
    assert client.config_get("port") == {"port": "0"} or client.config_get("port") == {
        b"port": b"0"
    }
    place = valkey.folder.path / "sockets"
    assert stat.S_IMODE(place.stat().st_mode) == 0o700


def test_a_second_server_on_the_same_folder_is_refused(valkey: Valkey) -> None:
    with pytest.raises(Trouble, match="in use by another running instance"):
        Valkey(valkey.folder).start()
