"""`jinzhu run`: the whole platform on one machine, from an empty folder to a page in the browser.

Servers, migration and demo, web server and worker, in this order; then it looks after them until
Ctrl-C, and stops them in the opposite order. What goes wrong is said in words, not in tracebacks.
"""

import errno
import io
import os
import socket
import sys
import time
import urllib.request
from dataclasses import dataclass, field, replace
from pathlib import Path

from jinzhu.config import SettingRefused, Settings
from jinzhu.embedded import addresses, demo, trouble
from jinzhu.embedded.folder import DataFolder
from jinzhu.embedded.postgres import Postgres
from jinzhu.embedded.server import Server
from jinzhu.embedded.supervisor import Command, Stopped, Supervisor
from jinzhu.embedded.valkey import Valkey

PARTS = ("web", "worker", "prepare", "valkey", "postgres")
MEGABYTE = 1024 * 1024
SPACE_TO_BEGIN, SPACE_TO_START, SPACE_TO_WARN = 300 * MEGABYTE, 32 * MEGABYTE, 128 * MEGABYTE
LOOK_AT_DISK = 10.0  # seconds between two looks

# One interpreter for three commands: loading the platform takes longer than any of them.
PREPARE = """
import contextlib, os, sys
from jinzhu.cli import main
main(["migrate"], standalone_mode=False)
main(["demo"], standalone_mode=False)
private = lambda path, flags: os.open(path, flags, 0o600)
with open(sys.argv[1], "w", encoding="utf-8", opener=private) as f, contextlib.redirect_stdout(f):
    main(["demo", "accounts", "--json"], standalone_mode=False)
"""


@dataclass(frozen=True)
class Programs:
    """The commands that make up the platform; tests put smaller ones in their place."""

    prepare: list[str] = field(default_factory=lambda: [sys.executable, "-c", PREPARE])
    web: list[str] = field(default_factory=lambda: [sys.executable, "-m", "jinzhu", "serve"])
    worker: list[str] = field(default_factory=lambda: [sys.executable, "-m", "jinzhu", "worker"])


@dataclass(frozen=True)
class Plan:
    """What to run, and where."""

    settings: Settings
    folder: DataFolder
    programs: Programs


def run(programs: Programs | None = None) -> int:
    """Run until somebody stops it; return the exit code."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace", line_buffering=True)
    begun = time.monotonic()
    try:
        settings = read_settings()
        folder = DataFolder(settings.data)
        folder.open()
        folder.lock()
        try:
            with Supervisor(folder, say=say) as supervisor:
                bring_up(supervisor, Plan(settings, folder, programs or Programs()))
                welcome(settings, folder, time.monotonic() - begun)
                supervisor.supervise(DiskWatch(folder).look)
        finally:
            folder.clear_sockets()
    except Stopped:
        say("已全部停止", "everything is stopped")
    except trouble.Trouble as found:
        print(found.lines(), file=sys.stderr)
        return 1
    except OSError as error:
        place = error.filename or os.environ.get("JINZHU_DATA") or "var"
        print(trouble.of_system(Path(str(place)), error).lines(), file=sys.stderr)
        return 1
    return 0


def bring_up(supervisor: Supervisor, plan: Plan) -> None:
    """Bring everything up, in order."""
    supervisor.end_leftovers(*PARTS)
    plan.folder.clear_sockets()
    check_port(plan.settings.port)
    check_space(plan.folder)
    places = start_servers(supervisor, plan)
    if places.owner is not None:
        prepare(supervisor, plan, places)
    else:
        say(
            "DATABASE_URL 的角色不能建表,又没有 DATABASE_OWNER_URL:跳过迁移和演示数据",
            "the role of DATABASE_URL cannot make tables and DATABASE_OWNER_URL is not set: "
            "no migration, no demo",
        )
    if not places.embedded:
        addresses.look("DATABASE_URL", environment=places.for_service(plan.settings, plan.folder))
    start_platform(supervisor, plan, places)


def read_settings() -> Settings:
    """Read the settings; a port that is not a number is the operator's mistake, not ours."""
    port = os.environ.get("JINZHU_PORT") or "8000"
    if not port.isascii() or not port.isdigit() or not 1 <= int(port) <= 65535:
        raise trouble.port_not_a_number(port)
    try:
        return Settings.read()
    except SettingRefused as refused:
        raise trouble.Trouble(refused.chinese, str(refused)) from None
    except ValueError as error:
        raise trouble.setting_refused(str(error)) from None


def check_port(port: int) -> None:
    """Refuse a port that somebody else listens to, on one address or on all."""
    for host in ("127.0.0.1", "0.0.0.0"):
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((host, port))
            except OSError as error:
                if error.errno == errno.EADDRINUSE:
                    raise trouble.port_busy(port) from None
                raise trouble.port_refused(port) from None


def check_space(folder: DataFolder) -> None:
    """Refuse to start where the first megabytes would already fill the disk."""
    begun = (folder.path / "postgres").exists()
    if folder.free() < (SPACE_TO_START if begun else SPACE_TO_BEGIN):
        raise trouble.disk_full(folder.path)


class DiskWatch:
    """Say once when space grows short, and again when it was freed and grew short once more."""

    def __init__(self, folder: DataFolder) -> None:
        self.folder = folder
        self.next_look = 0.0
        self.short = False

    def look(self) -> None:
        """Look at the free space, from time to time."""
        if time.monotonic() < self.next_look:
            return
        self.next_look = time.monotonic() + LOOK_AT_DISK
        free = self.folder.free()
        if free < SPACE_TO_WARN and not self.short:
            megabytes = free // MEGABYTE
            say(
                f"警告:磁盘只剩 {megabytes} MB,写满后将不能保存任何内容,请尽快腾出空间",
                f"warning: only {megabytes} MB of disk space are left; when it is full nothing "
                "can be saved",
            )
        self.short = free < SPACE_TO_WARN


def start_servers(supervisor: Supervisor, plan: Plan) -> addresses.Addresses:
    """Start the servers the operator did not bring, and return where everything is."""
    settings, folder = plan.settings, plan.folder
    found = addresses.look_at_given(settings)
    postgres = None if settings.database_url else Postgres(folder)
    valkey = None if settings.redis_url else Valkey(folder)
    servers: list[Server] = [server for server in (postgres, valkey) if server is not None]
    if postgres is not None and not postgres.data.exists():
        say("正在建立数据库", "making the database")
    supervisor.start(*servers)
    owner_given = found.get("DATABASE_URL", False)
    places = addresses.of_database(settings, folder, postgres, owner_given=owner_given)
    return replace(places, redis=addresses.of_redis(settings, valkey))


def prepare(supervisor: Supervisor, plan: Plan, places: addresses.Addresses) -> None:
    """Migrate, make the demo province unless a province is there, and list who can sign in."""
    accounts = demo.accounts_file(plan.folder)
    if accounts.exists():
        say("正在检查数据", "looking after the data")
    else:
        say("正在准备数据,首次需要一两分钟", "preparing the data, a minute or two the first time")
    command = Command(
        "prepare",
        [*plan.programs.prepare, str(accounts)],
        folder=plan.folder,
        environment=places.for_migration(plan.settings, plan.folder),
    )
    supervisor.finish(command)


def start_platform(supervisor: Supervisor, plan: Plan, places: addresses.Addresses) -> None:
    """Start the worker and the web server, and wait until pages can be had."""
    environment = places.for_service(plan.settings, plan.folder)
    address = f"http://127.0.0.1:{plan.settings.port}/health/ready"
    check_port(plan.settings.port)
    supervisor.start(
        Command("worker", plan.programs.worker, folder=plan.folder, environment=environment),
        Command(
            "web",
            plan.programs.web,
            folder=plan.folder,
            environment=environment,
            answers=lambda: answers(address),
        ),
    )


def answers(address: str) -> bool:
    """Say whether the platform reports that it is ready."""
    direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with direct.open(address, timeout=5) as response:
            return bool(response.status == 200)
    except OSError:
        return False


def welcome(settings: Settings, folder: DataFolder, seconds: float) -> None:
    """Say where the platform is and who can sign in."""
    print()
    print(f"  进驻已就绪 Jinzhu is ready   http://127.0.0.1:{settings.port}/   ({seconds:.1f} s)")
    for line in demo.table(folder):
        print(f"  {line}")
    print(f"  数据目录 data folder: {folder.path}   日志 logs: {folder.path / 'log'}")
    print("  按 Ctrl-C 停止 press Ctrl-C to stop")
    print(flush=True)


def say(chinese: str, english: str) -> None:
    """Tell the operator what happens, in both languages."""
    print(f"· {chinese} / {english}", flush=True)


if __name__ == "__main__":
    # `make run` comes in here: the supervisor itself has no use for the platform's modules.
    sys.exit(run())
