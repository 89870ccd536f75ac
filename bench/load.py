"""A load generator of its own process: a bounded number of requests over a few connections.

`python -m bench.load`: reads what to send from standard input, writes what came of it.
"""

import asyncio
import json
import subprocess
import sys
import time
from collections import deque
from dataclasses import dataclass
from statistics import quantiles
from typing import Any

CONNECTIONS = 8


@dataclass(frozen=True, slots=True)
class Request:
    """A request: its path, and the session it carries."""

    path: str
    cookie: str = ""

    def head(self) -> str:
        """Return what goes over the wire."""
        cookie = f"Cookie: {self.cookie}\r\n" if self.cookie else ""
        return f"GET {self.path} HTTP/1.1\r\nHost: 127.0.0.1\r\n{cookie}\r\n"


@dataclass(frozen=True, slots=True)
class Answered:
    """What came of a load."""

    per_second: float
    p50: float  #: milliseconds
    p95: float


def load(port: int, requests: list[Request]) -> Answered:
    """Send all requests from another process and wait for their answers."""
    given = {"port": port, "requests": [request.head() for request in requests]}
    ended = subprocess.run(
        [sys.executable, "-m", "bench.load"],
        input=json.dumps(given).encode(),
        stdout=subprocess.PIPE,
        check=True,
    )
    return Answered(**json.loads(ended.stdout))


async def _connection(port: int, waiting: deque[str], times: list[float]) -> None:
    """Send one request after the other over one connection that stays open."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    while waiting:
        head = waiting.popleft()
        begun = time.perf_counter()
        writer.write(head.encode())
        await _answer(reader, head)
        times.append(time.perf_counter() - begun)
    writer.close()
    await writer.wait_closed()


async def _answer(reader: asyncio.StreamReader, head: str) -> None:
    answer = await reader.readuntil(b"\r\n\r\n")
    lines = answer.lower().split(b"\r\n")
    length = next(line for line in lines if line.startswith(b"content-length:"))
    body = await reader.readexactly(int(length.partition(b":")[2]))
    if not answer.startswith(b"HTTP/1.1 200"):
        raise RuntimeError(f"{head}\n{answer!r}\n{body[:500]!r}")


async def _all(given: dict[str, Any]) -> dict[str, float]:
    waiting, times = deque(given["requests"]), list[float]()
    begun = time.perf_counter()
    async with asyncio.TaskGroup() as group:
        for _ in range(CONNECTIONS):
            group.create_task(_connection(given["port"], waiting, times))
    seconds = time.perf_counter() - begun
    cuts = quantiles(times, n=20)
    return {"per_second": len(times) / seconds, "p50": cuts[9] * 1000, "p95": cuts[18] * 1000}


if __name__ == "__main__":
    print(json.dumps(asyncio.run(_all(json.load(sys.stdin)))))
