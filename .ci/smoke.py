"""Start this project with `make run`, sign in, stop it with Ctrl-C, look for leftovers; twice."""

import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
FIRST_START, STOP = 300.0, 60.0


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port


def ready(address: str) -> bool:
    try:
        with urllib.request.urlopen(f"{address}/health/ready", timeout=5) as response:
            return bool(response.status == 200)
    except OSError:
        return False


def start(data: Path, port: int) -> "subprocess.Popen[bytes]":
    """Start in a session of its own, so that its group can be sent what Ctrl-C sends."""
    settings = {"JINZHU_PORT": str(port), "JINZHU_DATA": str(data)}
    words = ["make", f"PYTHON={sys.executable}", "run"]
    return subprocess.Popen(words, cwd=ROOT, env={**os.environ, **settings}, start_new_session=True)


def wait_until_ready(process: "subprocess.Popen[bytes]", address: str) -> float:
    begun = time.monotonic()
    while not ready(address):
        if process.poll() is not None:
            raise SystemExit(f"make run ended with {process.returncode}")
        if time.monotonic() - begun > FIRST_START:
            os.killpg(process.pid, signal.SIGINT)
            raise SystemExit(f"not ready within {FIRST_START:.0f} s")
        time.sleep(0.1)
    return time.monotonic() - begun


def sign_in(data: Path, address: str) -> str:
    """Sign in with the first demo account and return who the platform says we are."""
    accounts = json.loads((data / "demo-accounts.json").read_text("utf-8"))
    chosen = {name: accounts[0][name] for name in ("username", "password")}
    opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor())
    request = urllib.request.Request(
        f"{address}/api/session",
        data=json.dumps(chosen).encode(),
        headers={"Content-Type": "application/json", "Origin": address},
    )
    opener.open(request, timeout=20).close()
    with opener.open(f"{address}/api/me", timeout=20) as response:
        return str(json.load(response))


def stop(process: "subprocess.Popen[bytes]") -> None:
    os.killpg(process.pid, signal.SIGINT)
    process.wait(STOP)


def parts(data: Path) -> dict[str, int]:
    """Return the processes that do the work."""
    return {path.name: int(path.read_text().split()[0]) for path in (data / "running").iterdir()}


def left_over(leaders: dict[str, int]) -> list[str]:
    """Return the processes of these groups that still run."""
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                stat = (entry / "stat").read_text(errors="replace").rpartition(")")[2].split()
            except OSError:
                continue
            if stat[0] not in "ZX" and int(stat[2]) in leaders.values():
                found.append(f"{entry.name} {(entry / 'comm').read_text().strip()}")
    return found


def once(name: str, data: Path) -> None:
    port = free_port()
    address = f"http://127.0.0.1:{port}"
    process = start(data, port)
    seconds = wait_until_ready(process, address)
    who = sign_in(data, address)
    leaders = parts(data)
    if set(leaders) != {"postgres", "valkey", "web", "worker"}:
        raise SystemExit(f"not the parts expected: {sorted(leaders)}")
    stop(process)
    if left := left_over(leaders):
        raise SystemExit("left running:\n" + "\n".join(left))
    print(f"{name}: ready after {seconds:.1f} s, signed in as {who[:100]}, stopped", flush=True)


def main() -> None:
    print(f"as uid {os.getuid()} in {ROOT}", flush=True)
    with tempfile.TemporaryDirectory() as place:
        once("first start", Path(place) / "var")
        once("second start", Path(place) / "var")


if __name__ == "__main__":
    main()
