"""Start this project with `make run`, sign in, stop it with Ctrl-C, look for leftovers; twice."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
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


def start(port: int) -> "subprocess.Popen[bytes]":
    """Start in a session of its own, so that its group can be sent what Ctrl-C sends."""
    settings = {"JINZHU_PORT": str(port)}
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


def sign_in(address: str) -> str:
    """Sign in with the first demo account and return who the platform says we are."""
    accounts = json.loads((ROOT / "var" / "demo-accounts.json").read_text("utf-8"))
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


def left_over() -> list[str]:
    """Return the processes whose command line names our folder."""
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit() and int(entry.name) != os.getpid():
            try:
                words = (entry / "cmdline").read_bytes().replace(b"\0", b" ").decode()
            except OSError:
                continue
            if str(ROOT) in words and "smoke.py" not in words:
                found.append(f"{entry.name} {words}")
    return found


def once(name: str) -> None:
    port = free_port()
    address = f"http://127.0.0.1:{port}"
    process = start(port)
    seconds = wait_until_ready(process, address)
    who = sign_in(address)
    stop(process)
    if left := left_over():
        raise SystemExit("left running:\n" + "\n".join(left))
    print(f"{name}: ready after {seconds:.1f} s, signed in as {who[:120]}, stopped", flush=True)


def main() -> None:
    print(f"as uid {os.getuid()} in {ROOT}", flush=True)
    once("first start")
    once("second start")


if __name__ == "__main__":
    main()
