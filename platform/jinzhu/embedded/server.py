"""What the embedded servers share: start and wait, stop in steps, and say why one ended."""

import signal
import subprocess
from abc import ABC, abstractmethod

from jinzhu.embedded import processes, trouble
from jinzhu.embedded.account import Account
from jinzhu.embedded.folder import DataFolder


class Server(ABC):
    """One server of a data folder; `start` and `stop` are all that most callers need.

    The supervisor uses the smaller steps: `prepare`, `spawn`, `ready`, `explain`.
    """

    name: str
    ending: signal.Signals
    steps: processes.Steps
    patience: float

    def __init__(self, folder: DataFolder, account: Account | None) -> None:
        self.folder = folder
        self.account = account
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start the server and return when it answers."""
        self.prepare()
        process = self.spawn()
        settled = processes.wait_until(
            lambda: process.poll() is not None or self.ready(), self.patience
        )
        log = self.folder.log(self.name)
        if not settled:
            self.stop()
            raise trouble.too_slow(self.name, self.patience, log)
        if process.poll() is not None:
            raise self.explain() or trouble.died(self.name, log, self.folder.last_line(self.name))

    def stop(self) -> None:
        """Stop the server; what was committed is on disk."""
        if self.process is not None:
            processes.end(self.process, self.steps)
            self.process = None

    @abstractmethod
    def prepare(self) -> None:
        """Make the data where there is none, and clear away what a killed server left."""

    @abstractmethod
    def spawn(self) -> subprocess.Popen[bytes]:
        """Start the server without waiting for it."""

    @abstractmethod
    def ready(self) -> bool:
        """Say whether the server we started answers."""

    def explain(self) -> trouble.Trouble | None:
        """Return a known reason why the server ended."""
        return trouble.disk_full(self.folder.path) if self.folder.ran_full(self.name) else None
