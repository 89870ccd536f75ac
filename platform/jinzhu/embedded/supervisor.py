"""Keep processes running: start them in order, restart what dies, stop them the other way round.

One thread, no timers: it sleeps until a signal arrives (a child's death is one) or a moment passed.
"""

import os
import select
import signal
import subprocess
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from types import FrameType
from typing import Protocol, Self

from jinzhu.embedded import processes, trouble
from jinzhu.embedded.account import start_as
from jinzhu.embedded.folder import DataFolder

STOPPING = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
TICK = 0.05
SETTLED = 10.0  # seconds a child has to live before its earlier deaths are forgotten
TRIES = 4
LONGEST_PAUSE = 5.0


class Stopped(Exception):
    """Somebody asked us to stop."""


class Service(Protocol):
    """What the supervisor can keep running."""

    @property
    def name(self) -> str: ...
    @property
    def steps(self) -> processes.Steps: ...
    @property
    def patience(self) -> float: ...
    def prepare(self) -> None: ...
    def spawn(self) -> subprocess.Popen[bytes]: ...
    def ready(self) -> bool: ...
    def explain(self) -> trouble.Trouble | None: ...


class Command:
    """A program of ours as a service; `answers` says when it is ready."""

    ending = signal.SIGTERM
    patience = 60.0

    def __init__(
        self,
        name: str,
        words: list[str],
        *,
        folder: DataFolder,
        environment: dict[str, str],
        answers: Callable[[], bool] = lambda: True,
        steps: processes.Steps = ((signal.SIGTERM, 10.0), (signal.SIGKILL, 5.0)),
    ) -> None:
        self.name = name
        self.words = words
        self.folder = folder
        self.environment = environment
        self.ready = answers
        self.steps = steps

    def prepare(self) -> None:
        """Nothing to make."""

    def spawn(self) -> subprocess.Popen[bytes]:
        """Start the program; what it says goes to its log."""
        with self.folder.open_log(self.name) as log:
            return start_as(
                None, self.words, ending=self.ending, log=log, environment=self.environment
            )

    def explain(self) -> trouble.Trouble | None:
        """Return a known reason why the program ended."""
        return trouble.disk_full(self.folder.path) if self.folder.ran_full(self.name) else None


@dataclass
class _Child:
    """A service at work."""

    service: Service
    process: subprocess.Popen[bytes] | None = None
    since: float = 0.0
    deaths: int = 0
    due: float = field(default=0.0)  # when to start it again, if it is down


class Supervisor:
    """Use as a context: on the way out everything that was started is stopped."""

    def __init__(self, folder: DataFolder, *, say: Callable[[str, str], None]) -> None:
        self.folder = folder
        self.say = say
        self._children: list[_Child] = []
        self._stop_asked = 0
        self._wake, self._waker = os.pipe()
        os.set_blocking(self._wake, False)
        os.set_blocking(self._waker, False)
        self._former: dict[signal.Signals, object] = {}

    def __enter__(self) -> Self:
        for sign in (*STOPPING, signal.SIGCHLD):
            # Who started us with nohup wants us to go on when the terminal is gone.
            if sign == signal.SIGHUP and signal.getsignal(sign) == signal.SIG_IGN:
                continue
            self._former[sign] = signal.signal(sign, self._on_signal)
        signal.set_wakeup_fd(self._waker, warn_on_full_buffer=False)
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()
        signal.set_wakeup_fd(-1)
        for sign, former in self._former.items():
            signal.signal(sign, former)  # type: ignore[arg-type]  # what signal() itself returned
        os.close(self._wake)
        os.close(self._waker)

    def _on_signal(self, number: int, _: FrameType | None) -> None:
        if number in STOPPING:
            self._stop_asked += 1

    def end_leftovers(self, *names: str) -> None:
        """End what a supervisor that was killed left running in this folder."""
        for name in names:
            pid = self.folder.recorded(name)
            if pid is not None and processes.group_alive(pid):
                self.say(f"结束上次遗留的进程 {name}", f"ending {name}, left over from last time")
                first = signal.SIGINT if name == "postgres" else signal.SIGTERM
                processes.end_group(
                    pid, [(first, 30.0), (signal.SIGQUIT, 5.0), (signal.SIGKILL, 5.0)]
                )
            self.folder.forget(name)

    def start(self, *services: Service) -> None:
        """Start services side by side, and return when all of them are ready."""
        children = [_Child(service) for service in services]
        for child in children:
            child.service.prepare()
            self._children.append(child)
            self._spawn(child)
        begun = time.monotonic()
        for child in children:
            while not (self._up(child) and child.service.ready()):
                if time.monotonic() - begun > child.service.patience:
                    name = child.service.name
                    raise trouble.too_slow(name, child.service.patience, self.folder.log(name))
                self._pause(TICK)
                self._look_after()

    def finish(self, command: Command) -> None:
        """Run a program to its end, while looking after the services it needs."""
        child = _Child(command)
        self._children.append(child)
        process = self._spawn(child)
        while process.poll() is None:
            self._pause(self._until_due())
            self._look_after(but=child)
        self._children.remove(child)
        self.folder.forget(command.name)
        if process.returncode != 0:
            log = self.folder.log(command.name)
            raise command.explain() or trouble.step_failed(
                command.name, log, self.folder.last_line(command.name)
            )

    def supervise(self, each_second: Callable[[], None] = lambda: None) -> None:
        """Look after the services until somebody asks us to stop."""
        while True:
            self._pause(self._until_due())
            self._look_after()
            each_second()

    def stop(self) -> None:
        """Stop everything, the newest first; asked again, do not wait for work in hand."""
        asked = self._stop_asked

        def hurried() -> bool:
            return self._stop_asked > asked

        for child in reversed(self._children):
            if child.process is not None:
                self._end(child, hurried=hurried)
            self.folder.forget(child.service.name)
        self._children.clear()

    def _end(self, child: _Child, *, hurried: Callable[[], bool]) -> None:
        assert child.process is not None
        process = child.process

        def gone() -> bool:
            return process.poll() is not None

        for sign, seconds in child.service.steps:
            process.send_signal(sign)
            # SIGINT is PostgreSQL's: no hurry makes it leave without closing its books.
            if sign == signal.SIGINT:
                processes.wait_until(gone, seconds)
            else:
                processes.wait_until(lambda: gone() or hurried(), seconds)
        self._end_group(process.pid)

    def _end_group(self, leader: int) -> None:
        """End the children of a child that is gone: they would hold its port."""
        processes.send_group(leader, signal.SIGKILL)
        processes.wait_until(lambda: not processes.group_alive(leader), 5)

    def _pause(self, seconds: float) -> None:
        """Sleep until a signal arrives or the time has passed; complain when asked to stop."""
        if not self._stop_asked:
            select.select([self._wake], [], [], seconds)
            with suppress(BlockingIOError):
                os.read(self._wake, 4096)
        if self._stop_asked:
            raise Stopped

    def _until_due(self) -> float:
        """Return the seconds until a child is to be started again, at most one."""
        now = time.monotonic()
        waiting = [child.due - now for child in self._children if child.process is None]
        return max(0.0, min([1.0, *waiting]))

    def _up(self, child: _Child) -> bool:
        return child.process is not None and child.process.poll() is None

    def _spawn(self, child: _Child) -> subprocess.Popen[bytes]:
        child.process = child.service.spawn()
        child.since = time.monotonic()
        self.folder.record(child.service.name, child.process.pid)
        return child.process

    def _look_after(self, but: _Child | None = None) -> None:
        """Notice the dead, and start again those whose pause is over.

        What was started first carries what came later: a web server is not started before the
        database answers, and does not count as failing when it ended for want of one.
        """
        for index, child in enumerate(self._children):
            if child is but or self._up(child):
                continue
            carried = all(self._at_work(earlier) for earlier in self._children[:index])
            if child.process is not None:
                self._note_death(child, carried=carried)
            if carried and time.monotonic() >= child.due:
                child.service.prepare()
                self._spawn(child)

    def _at_work(self, child: _Child) -> bool:
        return self._up(child) and child.service.ready()

    def _note_death(self, child: _Child, *, carried: bool) -> None:
        """Clear a dead child away and plan its next start; give up on one that cannot live."""
        assert child.process is not None
        name, now = child.service.name, time.monotonic()
        self._end_group(child.process.pid)
        # Who was killed did not fail; it comes back however often that happens.
        blameless = child.process.returncode == -signal.SIGKILL or not carried
        child.deaths = 1 if blameless or now - child.since > SETTLED else child.deaths + 1
        child.process = None
        known = child.service.explain()
        if known is not None or child.deaths >= TRIES:
            log, last = self.folder.log(name), self.folder.last_line(name)
            raise known or trouble.died(name, log, last)
        child.due = now + min(0.2 * (2 ** (child.deaths - 1)) - 0.2, LONGEST_PAUSE)
        self.say(f"{name} 意外退出,正在重新启动", f"{name} ended unexpectedly, starting it again")
