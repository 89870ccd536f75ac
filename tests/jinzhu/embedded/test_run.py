"""`jinzhu run`: all starts, what dies is started again, all stops, and trouble is said in words."""

import os
import signal
import socket
from collections.abc import Callable
from pathlib import Path

import psycopg
import pytest
import redis

from jinzhu.embedded import run
from jinzhu.embedded.addresses import address_for
from jinzhu.embedded.folder import DataFolder
from jinzhu.embedded.postgres import OWNER, Postgres
from jinzhu.embedded.trouble import Trouble
from tests.jinzhu.embedded.running import Running, eventually, ordinary_account

Start = Callable[..., Running]


def answering(running: Running) -> bool:
    return running.web_environment() is not None


def notes(running: Running) -> "list[str] | None":
    """Read the table as the web server would; None while the server is away."""
    found = running.web_environment()
    if found is None:
        return None
    try:
        with psycopg.connect(found["DATABASE_URL"], connect_timeout=2) as connection:
            return [row[0] for row in connection.execute("SELECT body FROM note ORDER BY body")]
    except psycopg.OperationalError:
        return None


def add(running: Running, body: str) -> None:
    found = running.web_environment()
    assert found is not None
    with psycopg.connect(found["DATABASE_URL"]) as connection:
        connection.execute("INSERT INTO note VALUES (%s)", (body,))
    with redis.Redis.from_url(found["REDIS_URL"]) as client:
        client.rpush("queue", body)


def queue(running: Running) -> "list[bytes] | None":
    found = running.web_environment()
    if found is None:
        return None
    try:
        with redis.Redis.from_url(found["REDIS_URL"]) as client:
            return list(client.lrange("queue", 0, -1))
    except redis.RedisError:
        return None


@pytest.mark.parametrize("who", ["ourselves", "an ordinary user"])
def test_everything_starts_and_ctrl_c_stops_everything(
    start: Start, tmp_path: Path, who: str
) -> None:
    tmp_path.chmod(0o711)
    running = start(ordinary_account() if who == "an ordinary user" else None).ready()
    assert "http://127.0.0.1" in running.said()
    assert "窗口人员" in running.said()
    add(running, "kept")
    assert running.stops() == 0
    eventually(lambda: running.left_over() == [], what="nothing is left running")
    assert "已全部停止" in running.said()
    again = start(running_account(who), running.data).ready()
    assert notes(again) == ["kept"]
    assert queue(again) == [b"kept"]


def running_account(who: str) -> object:
    return ordinary_account() if who == "an ordinary user" else None


def test_the_service_never_learns_the_owner(start: Start) -> None:
    running = start(DATABASE_OWNER_URL="postgresql://leak/", JINZHU_WEB_PASSWORD="leak").ready()
    found = running.web_environment()
    assert found is not None
    assert "DATABASE_OWNER_URL" not in found
    assert "JINZHU_WEB_PASSWORD" not in found
    assert "jinzhu_web:" in found["DATABASE_URL"]


def test_every_part_that_is_killed_comes_back_and_nothing_is_lost(start: Start) -> None:
    running = start().ready()
    add(running, "kept")
    for part in ("web", "worker", "valkey", "postgres"):
        pid = running.pid(part)
        os.kill(pid, signal.SIGKILL)
        eventually(lambda part=part, pid=pid: running.pid(part) != pid, what=f"{part} comes back")
    eventually(lambda: notes(running) == ["kept"], what="the row is there")
    eventually(lambda: queue(running) == [b"kept"], what="the queue is there")
    assert running.stops() == 0
    eventually(lambda: running.left_over() == [], what="nothing is left running")


def test_a_killed_database_connection_process_costs_no_row(start: Start) -> None:
    running = start().ready()
    add(running, "kept")
    found = running.web_environment()
    assert found is not None
    with psycopg.connect(found["DATABASE_URL"]) as connection:
        os.kill(connection.info.backend_pid, signal.SIGKILL)
    eventually(lambda: notes(running) == ["kept"], what="the row is there")


def test_after_the_supervisor_was_killed_the_next_start_clears_up(start: Start) -> None:
    running = start().ready()
    add(running, "kept")
    running.process.kill()
    running.process.wait()
    again = start(data=running.data, JINZHU_PORT=str(running.port)).ready()
    assert notes(again) == ["kept"]
    assert queue(again) == [b"kept"]
    assert again.stops() == 0
    eventually(lambda: again.left_over() == [], what="nothing is left running")


def test_a_folder_in_use_is_refused(start: Start) -> None:
    running = start().ready()
    second = start(data=running.data)
    assert second.ends() == 1
    assert f"in use by another running instance (process {running.process.pid})" in second.said()
    assert answering(running)


def test_a_busy_port_is_said_in_words(start: Start) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        running = start(JINZHU_PORT=str(port))
        assert running.ends() == 1
    assert f"Port {port} is in use" in running.said()
    assert "Traceback" not in running.said()


@pytest.mark.parametrize("port", ["abc", "0", "70000", "８０００"])
def test_a_port_that_is_no_port_is_said_in_words(
    monkeypatch: pytest.MonkeyPatch, port: str
) -> None:
    monkeypatch.setenv("JINZHU_PORT", port)
    with pytest.raises(Trouble, match="must be a whole number"):
        run.read_settings()


def test_a_folder_that_cannot_be_written_to_is_said_in_words(start: Start, tmp_path: Path) -> None:
    tmp_path.chmod(0o711)
    place = tmp_path / "place" / "var"
    place.mkdir(parents=True)
    place.chmod(0o555)
    running = start(ordinary_account(), data=place)
    assert running.ends() == 1
    assert "cannot be written to" in running.said()
    assert "Traceback" not in running.said()


@pytest.mark.parametrize("part", ["web", "worker", "prepare"])
def test_a_part_that_cannot_live_ends_everything_with_its_last_words(
    start: Start, tmp_path: Path, part: str
) -> None:
    place = tmp_path / "place" / "var"
    place.mkdir(parents=True)
    (place / f"broken-{part}").touch()
    running = start(data=place)
    assert running.ends() == 1
    assert f"{part} is broken on purpose" in running.said()
    assert "Traceback" not in running.said()
    assert running.left_over() == []


class FullFolder(DataFolder):
    """A folder on a disk without space."""

    def free(self) -> int:
        return 0


def test_a_full_disk_is_refused_before_anything_is_made(tmp_path: Path) -> None:
    folder = FullFolder(tmp_path)
    with pytest.raises(Trouble, match="disk is full"):
        run.check_space(folder)
    assert list(tmp_path.iterdir()) == []


def test_a_disk_that_fills_up_is_warned_of_once(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    watch = run.DiskWatch(FullFolder(tmp_path))
    watch.look()
    watch.next_look = 0
    watch.look()
    assert capsys.readouterr().out.count("disk space") == 1


@pytest.mark.parametrize(
    ("setting", "address"),
    [
        ("DATABASE_URL", "postgresql://nobody:x@127.0.0.1:1/x"),
        ("DATABASE_URL", "mysql://nobody:x@127.0.0.1/x"),
        ("DATABASE_OWNER_URL", "postgresql://nobody:x@127.0.0.1:1/x"),
        ("REDIS_URL", "redis://127.0.0.1:1/0"),
        ("REDIS_URL", "nonsense"),
    ],
)
def test_a_server_that_cannot_be_reached_is_said_in_words(
    start: Start, setting: str, address: str
) -> None:
    both = {"DATABASE_URL": "postgresql://web@127.0.0.1:1/x"} if "OWNER" in setting else {}
    running = start(**both, **{setting: address})
    assert running.ends() == 1
    assert f"named by {setting} cannot be reached" in running.said()
    assert "Traceback" not in running.said()


def test_an_owner_of_ones_own_is_migrated_with_and_the_service_gets_the_web_role(
    start: Start, folder: DataFolder
) -> None:
    server = Postgres(folder, durable=False)
    server.start()
    try:
        running = start(DATABASE_URL=server.url(OWNER, tcp=True)).ready()
        found = running.web_environment()
        assert found is not None
        assert "jinzhu_web:" in found["DATABASE_URL"]
        assert notes(running) == []
        assert not (running.data / "running" / "postgres").exists()
        assert (running.data / "valkey").exists()
        restricted = found["DATABASE_URL"]
        assert running.stops() == 0

        alone = start(data=running.data, DATABASE_URL=restricted).ready()
        assert "no migration, no demo" in alone.said()
        assert alone.stops() == 0

        both = start(
            data=running.data, DATABASE_URL=restricted, DATABASE_OWNER_URL=server.url(OWNER)
        ).ready()
        assert notes(both) == []
    finally:
        server.stop()


@pytest.mark.parametrize(
    ("given", "derived"),
    [
        ("postgresql://a:b@db:5432/x", "postgresql://jinzhu_web:p%2F@db:5432/x"),
        (
            "postgresql+psycopg://db/x?sslmode=require",
            "postgresql+psycopg://jinzhu_web:p%2F@db/x?sslmode=require",
        ),
        ("postgresql:///x?host=%2Frun&user=a", "postgresql://jinzhu_web:p%2F@/x?host=%2Frun"),
    ],
)
def test_the_address_of_another_role_differs_in_nothing_else(given: str, derived: str) -> None:
    assert address_for(given, "jinzhu_web", "p/") == derived


def test_a_mail_server_that_is_written_wrong_refuses_the_start_in_both_languages(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("JINZHU_MAIL", "smtp://jinzhu:secret@mail.example.cn/inbox")
    with pytest.raises(Trouble) as refused:
        run.read_settings()
    said = refused.value.lines()
    assert "JINZHU_MAIL 应写成 smtp://" in said
    assert "JINZHU_MAIL must look like smtp://" in said
    assert "secret" not in said
