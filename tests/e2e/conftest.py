"""A browser in front of the real product: `jinzhu run` in an empty data folder, with the demo.

What the browser's console complains about fails the test that caused it, unless the test said
before that a refusal belongs to its story.
"""

import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import (
    APIRequestContext,
    Browser,
    BrowserContext,
    ConsoleMessage,
    Locator,
    Page,
    Playwright,
    expect,
    sync_playwright,
)

from tests.mailbox import Mailbox, open_mailbox

ROOT = Path(__file__).parents[2]
RESULTS = ROOT / "test-results"
PASSWORD = "Jinzhu-2026-demo"
FIRST_START, STOP = 300.0, 60.0  # seconds
#: How long a page may take on a machine that has other work, in milliseconds.
PATIENCE = 20_000
CHROMIUM = os.environ.get("JINZHU_CHROMIUM") or "/usr/bin/chromium"
ARGUMENTS = [
    *(["--no-sandbox"] if os.getuid() == 0 else []),
    "--disable-gpu",
    "--disable-quic",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]
#: The console asks who is signed in before it shows the sign-in page.
ASKED_AT_FIRST = (401, re.compile(r"/api/me$"))
FAILED = pytest.StashKey[bool]()

expect.set_options(timeout=PATIENCE)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Iterator[pytest.TestReport]:
    """Remember for the fixtures that a test has failed."""
    report = yield
    if report.failed:
        item.stash[FAILED] = True
    return report


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port


def answers(address: str) -> bool:
    try:
        with urllib.request.urlopen(f"{address}/health/ready", timeout=5) as response:
            return bool(response.status == 200)
    except OSError:
        return False


def await_ready(process: "subprocess.Popen[bytes]", address: str, said: Path) -> None:
    until = time.monotonic() + FIRST_START
    while not answers(address):
        ended = process.poll() is not None
        if ended or time.monotonic() > until:
            pytest.exit(f"jinzhu run gave no page\n{said.read_text('utf-8')}", returncode=1)
        with suppress(subprocess.TimeoutExpired):
            process.wait(0.1)


@pytest.fixture(scope="session")
def folder() -> Iterator[Path]:
    """Where the product keeps what it has, in `var`."""
    folder = Path(tempfile.mkdtemp(prefix="jinzhu-e2e-"))
    folder.chmod(0o755)
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def mailbox() -> Iterator[Mailbox]:
    """The mail server that the operator names."""
    with open_mailbox() as box:
        yield box


@pytest.fixture(scope="session")
def product(folder: Path, mailbox: Mailbox) -> Iterator[str]:
    """Start the product as an operator does; Ctrl-C must end it in order."""
    port, said = free_port(), folder / "said"
    given = {"JINZHU_PORT": str(port), "JINZHU_DATA": str(folder / "var")}
    given |= {
        "JINZHU_MAIL": f"smtp://127.0.0.1:{mailbox.port}",
        "JINZHU_MAIL_FROM": "进驻平台 <jinzhu@example.gov.cn>",
        "JINZHU_ADDRESS": f"http://127.0.0.1:{port}",
    }
    inherited = {name: value for name, value in os.environ.items() if not name.endswith("_URL")}
    with said.open("wb") as output:
        process = subprocess.Popen(
            [sys.executable, "-m", "jinzhu", "run"],
            cwd=ROOT,
            env={**inherited, **given},
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    try:
        address = f"http://127.0.0.1:{port}"
        await_ready(process, address, said)
        yield address
        os.killpg(process.pid, signal.SIGINT)
        assert process.wait(STOP) == 0, said.read_text("utf-8")
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGINT)
            process.wait(STOP)
        RESULTS.mkdir(exist_ok=True)
        shutil.copytree(folder / "var" / "log", RESULTS / "log", dirs_exist_ok=True)


@pytest.fixture(scope="session")
def playwright() -> Iterator[Playwright]:
    """The driver of the browser."""
    with sync_playwright() as driver:
        yield driver


@pytest.fixture(scope="session")
def browser(playwright: Playwright) -> Iterator[Browser]:
    """Chromium, once for all tests."""
    browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
    yield browser
    browser.close()


@dataclass
class Complaints:
    """What the browser's console complained about, against what the story allows for."""

    heard: list[str] = field(default_factory=list)
    refusals: list[tuple[int, str]] = field(default_factory=list)
    allowed: list[tuple[int, re.Pattern[str]]] = field(default_factory=lambda: [ASKED_AT_FIRST])

    def allow(self, status: int, address: str) -> None:
        """Let the server refuse with this status at addresses like this one; it has to come."""
        self.allowed.append((status, re.compile(address)))

    def listen(self, page: Page) -> None:
        """Listen to a page."""
        page.on("console", self._note)
        page.on("pageerror", lambda error: self.heard.append(str(error)))

    def _note(self, message: ConsoleMessage) -> None:
        if message.type != "error":
            return
        status = re.search(r"status of (\d{3})", message.text)
        if status:
            self.refusals.append((int(status[1]), message.location["url"]))
        else:
            self.heard.append(message.text)

    def _fits(self, refusal: tuple[int, str], one: tuple[int, re.Pattern[str]]) -> bool:
        return refusal[0] == one[0] and one[1].search(refusal[1]) is not None

    def unexpected(self) -> list[str]:
        """Return what nobody allowed for."""
        found = [
            f"{status} {address}"
            for status, address in self.refusals
            if not any(self._fits((status, address), one) for one in self.allowed)
        ]
        return self.heard + found

    def missing(self) -> list[str]:
        """Return what was allowed for and never came."""
        return [
            f"{one[0]} {one[1].pattern}"
            for one in self.allowed[1:]
            if not any(self._fits(refusal, one) for refusal in self.refusals)
        ]


@pytest.fixture
def complaints() -> Complaints:
    """What the console of the browser says during a test."""
    return Complaints()


@pytest.fixture
def window(
    product: str, browser: Browser, complaints: Complaints, request: pytest.FixtureRequest
) -> Iterator[Callable[..., Page]]:
    """Open a browser of its own for a person, who is signed in if named."""
    contexts: list[BrowserContext] = []

    def opened(username: str | None = None, *, password: str = PASSWORD, width: int = 1280) -> Page:
        context = browser.new_context(
            base_url=product,
            locale="zh-CN",
            timezone_id="Asia/Shanghai",
            viewport={"width": width, "height": 800},
        )
        contexts.append(context)
        if username:
            sign_in(context.request, product, username, password)
        context.set_default_timeout(PATIENCE)
        page = context.new_page()
        complaints.listen(page)
        return page

    yield opened
    if request.node.stash.get(FAILED, False):
        _keep_pictures(request.node.name, contexts)
    for context in contexts:
        context.close()
    assert complaints.unexpected() == []
    if not request.node.stash.get(FAILED, False):
        assert complaints.missing() == []


def _keep_pictures(name: str, contexts: list[BrowserContext]) -> None:
    RESULTS.mkdir(exist_ok=True)
    for number, page in enumerate(page for context in contexts for page in context.pages):
        page.screenshot(path=RESULTS / f"{name}-{number}.png", full_page=True)


def sign_in(
    asking: APIRequestContext, address: str, username: str, password: str = PASSWORD
) -> dict[str, Any]:
    """Sign in without the form, and return who one is."""
    given = {"username": username, "password": password}
    answer = asking.post("/api/session", data=given, headers={"Origin": address})
    assert answer.ok, answer.text()
    found: dict[str, Any] = answer.json()
    return found


class Client:
    """A person at the API: to find out what is there, and to act as somebody else meanwhile."""

    def __init__(self, asking: APIRequestContext, address: str, username: str) -> None:
        self.asking = asking
        self.me = sign_in(asking, address, username)

    def get(self, path: str) -> Any:
        """Return what stands at an address."""
        answer = self.asking.get(path)
        assert answer.ok, answer.text()
        return answer.json()

    def rows(self, path: str) -> list[dict[str, Any]]:
        """Return the rows of a list."""
        found: list[dict[str, Any]] = self.get(path)["rows"]
        return found

    def send(
        self, method: str, path: str, body: Any, *, version: int | None = None, new: bool = False
    ) -> Any:
        """Change something."""
        headers = {"X-CSRF-Token": self.me["csrf_token"], "Content-Type": "application/json"}
        if version is not None:
            headers["If-Match"] = f'"{version}"'
        if new:
            headers["If-None-Match"] = "*"
        answer = self.asking.fetch(path, method=method, data=json.dumps(body), headers=headers)
        assert answer.ok, answer.text()
        return answer.json() if answer.status != 204 else None


@pytest.fixture(scope="session")
def client(product: str, playwright: Playwright) -> Iterator[Callable[[str], Client]]:
    """Let somebody use the API beside the browser."""
    opened: list[APIRequestContext] = []

    def made(username: str) -> Client:
        asking = playwright.request.new_context(
            base_url=product, extra_http_headers={"Origin": product}
        )
        opened.append(asking)
        return Client(asking, product, username)

    yield made
    for asking in opened:
        asking.dispose()


@dataclass(frozen=True)
class Hands:
    """What a person does with the controls of the console."""

    page: Page

    def choose(self, label: str, option: str) -> None:
        """Choose from a list that drops down."""
        self.page.get_by_role("combobox", name=label, exact=True).click()
        self.page.get_by_role("option", name=option, exact=True).click()

    def tick(self, name: str | re.Pattern[str]) -> None:
        """Click a box; what can be clicked is the drawing around it."""
        box = self.page.get_by_role("checkbox", name=name)
        box.locator("xpath=ancestor::label").click()
        expect(box).to_be_checked()

    def pick(self, words: str) -> None:
        """Pick one of several answers in a dialog."""
        found = self.page.get_by_role("radio", name=words)
        found.locator("xpath=ancestor::label").click()
        expect(found).to_be_checked()

    def row(self, words: str) -> Locator:
        """Return the row of a table that holds these words."""
        return self.page.get_by_role("row").filter(has_text=words)

    def field(self, label: str) -> Locator:
        """Return the row of a record's or provision's field."""
        head = self.page.get_by_role("rowheader", name=re.compile(rf"^{label}"))
        return self.page.get_by_role("row").filter(has=head)

    def said(self, words: str) -> None:
        """See a message that passes by."""
        expect(self.page.locator(".el-message").filter(has_text=words).first).to_be_visible()


@pytest.fixture
def hands() -> Callable[[Page], Hands]:
    """Somebody at a page."""
    return Hands
