"""`jinzhu run` with three tiny programs in place of the platform: tests see only the running.

`web` answers everything with its environment, `worker` waits. A file `broken-NAME` in the data
folder makes that program fail at once.
"""

import http.server
import json
import os
import signal
import sys
from pathlib import Path

from jinzhu.embedded.run import Programs, run

HERE = Path(__file__).parent


def fail_if_broken(name: str) -> None:
    if (Path(os.environ["JINZHU_DATA"]) / f"broken-{name}").exists():
        print(f"{name} is broken on purpose")
        raise SystemExit(3)


class Answer(http.server.BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.send_response(200)
        self.end_headers()
        self.wfile.write(json.dumps(dict(os.environ)).encode())


def web() -> None:
    fail_if_broken("web")
    if os.fork() == 0:  # as a server with workers does: the child holds the port too
        signal.pause()
    http.server.HTTPServer.allow_reuse_address = True
    http.server.HTTPServer(("127.0.0.1", int(os.environ["JINZHU_PORT"])), Answer).serve_forever()


def worker() -> None:
    fail_if_broken("worker")
    signal.pause()


def main(name: str) -> int:
    if name == "run":
        here = [sys.executable, __file__]
        prepare = [sys.executable, str(HERE / "stand_in_prepare.py")]
        return run(Programs(prepare=prepare, web=[*here, "web"], worker=[*here, "worker"]))
    {"web": web, "worker": worker}[name]()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
