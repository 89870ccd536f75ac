"""`start.warm`: the real start of everything on a data folder that has been used before."""

import os
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from statistics import median

from bench.figures import Figure
from bench.site import await_answer, free_port
from bench.sizes import Size

GIVEN = ("DATABASE_URL", "DATABASE_OWNER_URL", "REDIS_URL")
LONGEST = 300.0  # seconds, the first start


def measure(size: Size) -> Figure:
    """Start on an empty folder once, then on the same folder again and again."""
    with tempfile.TemporaryDirectory(prefix="jinzhu-bench-") as place:
        Path(place).chmod(0o711)
        first = start(Path(place) / "var")
        times = [start(Path(place) / "var") for _ in range(size.starts)]
    detail = {"first_s": first, "times": times}
    return Figure("start.warm", median(times), "s", 6, detail=detail)


def start(folder: Path) -> float:
    """Run what `make run` runs until it is ready, and stop it; return the seconds to ready."""
    port = free_port()
    environment = {name: value for name, value in os.environ.items() if name not in GIVEN}
    environment |= {"JINZHU_DATA": str(folder), "JINZHU_PORT": str(port)}
    begun = time.perf_counter()
    process = subprocess.Popen(
        [sys.executable, "-m", "jinzhu.embedded.run"],
        env=environment,
        stdout=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        await_answer(f"http://127.0.0.1:{port}/health/ready", process, longest=LONGEST)
        return time.perf_counter() - begun
    finally:
        process.send_signal(signal.SIGINT)
        process.wait(120)
