"""kill -9 in the middle of a push and of writing: what was acknowledged is there, once."""

import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import closing, suppress
from http import HTTPStatus
from pathlib import Path
from typing import Any

import psycopg
import pytest

from jinzhu.demo.accounts import PASSWORD
from tests.servers import Servers, data_folder

PATIENCE = 120.0
COUNTY = "guangan"


class Away(Exception):
    """No answer, or one that says nothing was stored."""


class Refused(Exception):
    """An answer that says no: its status, and why."""


def ask(
    port: int, method: str, path: str, body: str | None, headers: dict[str, str]
) -> tuple[http.client.HTTPResponse, bytes]:
    """Send one request on a connection of its own."""
    with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=20)) as connection:
        connection.request(method, path, body, headers)
        answer = connection.getresponse()
        return answer, answer.read()


class Person:
    """Somebody at a browser, over the API."""

    def __init__(self, port: int, username: str) -> None:
        self.port, self.headers = port, {"Content-Type": "application/json"}
        body = {"username": username, "password": PASSWORD}
        me = self.send("POST", "/api/session", body)
        self.headers["X-CSRF-Token"], self.center = me["csrf_token"], me["post"]["center"]["id"]

    def send(self, method: str, path: str, body: Any = None, version: int | None = None) -> Any:
        """Send a request; raise `Away` where the service could not do it."""
        headers = dict(self.headers)
        if version is not None:
            headers["If-Match"] = f'"{version}"'
        given = json.dumps(body) if body is not None else None
        try:
            answer, text = ask(self.port, method, path, given, headers)
        except (OSError, http.client.HTTPException) as error:
            raise Away from error
        if answer.status >= 500:
            raise Away
        if cookie := answer.getheader("Set-Cookie"):
            self.headers["Cookie"] = cookie.split(";")[0]
        found = json.loads(text) if text else None
        if answer.status >= 400:
            raise Refused(answer.status, found)
        return found


class Product:
    """The whole product as a user starts it."""

    def __init__(self, folder: Path) -> None:
        self.data = folder / "var"
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        env = {k: v for k, v in os.environ.items() if k not in ("DATABASE_URL", "REDIS_URL")}
        env |= {"JINZHU_DATA": str(self.data), "JINZHU_PORT": str(self.port)}
        with (folder / "out").open("wb") as output:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "jinzhu", "run"],
                env=env,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
            )

    def ready(self) -> bool:
        """Say whether it answers."""
        try:
            return ask(self.port, "GET", "/health/ready", None, {})[0].status == 200
        except (OSError, http.client.HTTPException):
            return False

    def kill(self, part: str) -> None:
        """Kill a part and everything it started."""
        number = int((self.data / "running" / part).read_text().split()[0])
        for process in [*_children(number), number]:
            with suppress(ProcessLookupError):
                os.kill(process, signal.SIGKILL)

    def count(self, statement: str) -> list[tuple[Any, ...]]:
        """Ask the database as a role that no policy holds back."""
        secret = json.loads((self.data / "secrets.json").read_text())["postgres"]
        place = (self.data / "postgres" / "postmaster.pid").read_text().splitlines()
        with psycopg.connect(
            host=place[4], port=place[3], user="postgres", password=secret, dbname="jinzhu"
        ) as connection:
            return connection.execute(statement.encode()).fetchall()

    def stop(self) -> int:
        """Stop it as Ctrl-C does."""
        self.process.send_signal(signal.SIGINT)
        return self.process.wait(60)


def _children(number: int) -> list[int]:
    task = Path(f"/proc/{number}/task/{number}/children")
    return [int(child) for child in task.read_text().split()] if task.exists() else []


def until(condition: Any, what: str) -> None:
    """Wait until something holds."""
    pause, waited = threading.Event(), 0.0
    while not condition():
        assert waited < PATIENCE, f"{what}: not within {PATIENCE:.0f} s"
        pause.wait(0.05)
        waited += 0.05


@pytest.fixture(scope="module")
def product(
    servers: Servers, demo_built: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Product]:
    """The demo province, running; what one test has pushed stands when the next begins."""
    folder = tmp_path_factory.mktemp("product")
    data_folder(servers, demo_built, folder / "var")
    started = Product(folder)
    try:
        until(started.ready, "the product is ready")
        yield started
    finally:
        stopped = started.stop()
    assert stopped == 0


class Writer(threading.Thread):
    """A clerk who goes on writing a phone number into items, one after another."""

    def __init__(self, person: Person, items: list[int]) -> None:
        super().__init__(daemon=True)
        self.person, self.items = person, items
        self.acknowledged: dict[int, str] = {}
        self.refused = 0
        self.enough = threading.Event()

    def run(self) -> None:
        for turn in range(10_000):
            if self.enough.is_set():
                return
            try:
                self._write(self.items[turn % len(self.items)], f"0826-7{turn:06d}")
            except Away:
                self.refused += 1
                self.enough.wait(0.02)

    def _write(self, item: int, phone: str) -> None:
        record = self.person.send("GET", f"/api/items/{item}")
        self.person.send(
            "PATCH",
            f"/api/items/{item}",
            {"local": {"consult_phone": phone}},
            version=record["version"],
        )
        self.acknowledged[item] = phone


#: Centers that moved to an edition, and how often any of them did.
_MOVES = """
    SELECT count(DISTINCT tenant_id), count(*) FROM change WHERE record = 'adoption'
        AND (after ->> 'edition_id')::int = {edition}
        AND before ->> 'edition_id' IS DISTINCT FROM after ->> 'edition_id'
"""
#: What holds for each record that is offered.
_HELD = """
    WITH held AS (
        SELECT i.tenant_id, i.standard_id, i.provision_id, i.local, i.pinned_revision_id, r.bounds
        FROM item i
        JOIN adoption a ON a.tenant_id = i.tenant_id AND a.standard_id = i.standard_id
        JOIN edition_entry e ON e.edition_id = a.edition_id AND e.provision_id = i.provision_id
        LEFT JOIN merged_entry m ON m.merged_id = a.merged_id
            AND m.provision_id = i.provision_id
        JOIN revision r ON r.id = coalesce(i.pinned_revision_id, m.revision_id, e.revision_id)
        WHERE i.claim = 'offered'
    )
"""
#: Centers whose number of conflicts is not that of their rows.
SUMS_OFF = f"""{_HELD}
    SELECT * FROM (
        SELECT tenant_id, standard_id, sum(cardinality(app.broken(bounds, local))) AS open
        FROM held GROUP BY 1, 2) found
    FULL JOIN (SELECT tenant_id, standard_id, open FROM conflict_count WHERE kind = 'item') kept
        USING (tenant_id, standard_id)
    WHERE coalesce(found.open, 0) <> coalesce(kept.open, 0)
"""
#: Fields that a push would look up and that no row says, or the other way round.
FIELDS_OFF = """
    WITH kept AS (
        SELECT f.tenant_id, f.provision_id, f.field, f.number FROM local_field f
        JOIN provision p ON p.id = f.provision_id AND p.kind = 'item'
    ), said AS (
        SELECT i.tenant_id, i.provision_id, mine.key,
            CASE jsonb_typeof(mine.value) WHEN 'number' THEN mine.value::float8 END
        FROM item i CROSS JOIN LATERAL jsonb_each(i.local) mine
        WHERE i.claim = 'offered' AND i.pinned_revision_id IS NULL
            AND jsonb_typeof(mine.value) IN ('number', 'array', 'object')
    )
    (TABLE kept EXCEPT TABLE said) UNION ALL (TABLE said EXCEPT TABLE kept) LIMIT 5
"""


def published(province: Person) -> int:
    """Publish the draft that the demo leaves open, and the next time one that follows it.

    Another officer approves it before.
    """
    (row,) = province.send("GET", "/api/standards?q=SC-CATALOGUE")["rows"]
    draft = row["draft"]["id"] if row["draft"] else tightened(province, row["id"])
    path, other = f"/api/editions/{draft}", Person(province.port, "province2")
    for person, step in (
        (province, "submission"),
        (other, "approval"),
        (province, "publication"),
    ):
        version = person.send("GET", path)["version"]
        person.send("POST", f"{path}/{step}", {}, version=version)
    return int(draft)


def tightened(province: Person, standard: int) -> int:
    """Open a draft in which an item is to be done within a day; return its number."""
    opened = province.send("POST", f"/api/standards/{standard}/editions", {"title": "演练"})
    path = f"/api/editions/{opened['id']}/provisions"
    for row in province.send("GET", f"{path}?kind=item&per_page=50")["rows"]:
        item = province.send("GET", f"{path}/item/{row['code']}")
        said = {part: item[part] for part in ("content", "rules", "applies")}
        if said["content"]["committed_limit"] > 1:
            steps = [{**step, "limit": 0} for step in said["content"].get("steps", [])]
            said["content"] |= {"committed_limit": 1, "steps": steps}
            province.send("PUT", f"{path}/item/{row['code']}", said, version=item["version"])
            return int(opened["id"])
    raise AssertionError("no item takes longer than a day")


def told(person: Person, path: str) -> Any:
    """Read as soon as the service can be read again."""
    found: list[Any] = []

    def answers() -> bool:
        try:
            found.append(person.send("GET", path))
        except Away:
            return False
        return True

    until(answers, path)
    return found[-1]


def test_what_was_acknowledged_survives_and_the_push_is_complete_once(product: Product) -> None:
    province, county = Person(product.port, "province"), Person(product.port, COUNTY)
    rows = county.send("GET", "/api/items?per_page=60")["rows"]
    writer = Writer(county, [row["id"] for row in rows])
    edition = published(province)
    writer.start()
    until(lambda: len(writer.acknowledged) > 5, "the clerk writes")
    rollout = province.send(
        "POST", f"/api/editions/{edition}/rollouts", {"centers": "all", "reason": "演练"}
    )
    for part in ("worker", "postgres", "web"):
        product.kill(part)
        before = len(writer.acknowledged), writer.refused
        until(product.ready, f"back after {part} was killed")
        until(lambda before=before: len(writer.acknowledged) + writer.refused > sum(before), "on")

    path = f"/api/rollouts/{rollout['id']}"
    until(lambda: told(province, path)["state"] == "done", "the push is complete")
    until(lambda: told(province, path)["counts"]["announced"] == 0, "no center is left")
    written = len(writer.acknowledged)
    until(lambda: len(writer.acknowledged) >= min(written, 59), "the clerk goes on")
    writer.enough.set()
    writer.join(30)

    shown = told(province, path)
    assert {state: n for state, n in shown["counts"].items() if n} == {"adopted": 205}
    moves = product.count(
        "SELECT tenant_id, count(*) FROM change WHERE record = 'adoption'"
        f" AND (after ->> 'edition_id')::int = {edition} GROUP BY 1 HAVING count(*) <> 1"
    )
    assert moves == []
    stored = dict(
        product.count(
            "SELECT i.id, i.local ->> 'consult_phone' FROM item i"
            " JOIN center c ON c.id = i.tenant_id WHERE c.code = '511602'"
        )
    )
    lost = {n: phone for n, phone in writer.acknowledged.items() if stored[n] < phone}
    assert lost == {}
    assert writer.refused > 0
    assert product.count(SUMS_OFF) == []
    assert product.count(FIELDS_OFF) == []


def test_a_staged_rollout_that_loses_its_servers_is_complete_once(product: Product) -> None:
    province, county = Person(product.port, "province"), Person(product.port, "wusheng")
    edition = published(province)
    mine = county.send("GET", "/api/me")["post"]["center"]["id"]
    stages = [
        {"name": "试点", "chosen": {"centers": [mine]}},
        {"name": "全省", "chosen": {"all": True}, "gate": {"approval": True}},
    ]
    how = {"mode": "on_offer", "stages": stages, "reason": "演练"}
    rollout = province.send("POST", f"/api/editions/{edition}/rollouts", how)["id"]
    path = f"/api/rollouts/{rollout}"
    until(lambda: told(province, path)["state"] == "waiting", "the first stage is open")
    insist(product, county, f"/api/updates/{rollout}/acceptance", {"when": "now"}, "postgres")
    until(lambda: told(province, path)["counts"]["adopted"] == 1, "the county has it")
    assert product.count(_MOVES.format(edition=edition)) == [(1, 1)]

    province.send("POST", f"{path}/stop")
    rollout = at_once(province, edition, stages)
    path = f"/api/rollouts/{rollout}"
    insist(product, province, f"{path}/stages/2/approval", {"note": "好"}, "worker", "postgres")
    until(lambda: told(province, path)["state"] == "done", "the roll-out is complete")
    shown = told(province, path)
    assert {state: n for state, n in shown["counts"].items() if n} == {
        "adopted": 204,
        "unchanged": 1,
    }
    assert [stage["state"] for stage in shown["stages"]] == ["done", "done"]
    assert product.count(_MOVES.format(edition=edition)) == [(205, 205)]
    assert product.count(SUMS_OFF) == []
    assert product.count(FIELDS_OFF) == []


def test_a_campaign_that_loses_its_servers_begins_each_case_once(product: Product) -> None:
    county = Person(product.port, "linshui")
    wish = {"claim": "offered", "all_matching": {"claim": "unclaimed", "item_type": "01"}}
    county.send("POST", "/api/items/claims", wish)
    chosen = {"object": "item", "kind": "entry", "state": "not_entered", "item_type": "01"}
    campaign = county.send("POST", "/api/campaigns", {"name": "集中进驻", **chosen})
    path = f"/api/campaigns/{campaign['id']}"
    for part in ("postgres", "worker"):
        product.kill(part)
        until(product.ready, f"back after {part} was killed")
    until(lambda: told(county, path)["finished_at"] is not None, "all is begun")
    shown = told(county, path)
    assert shown["counts"]["total"] > 200
    assert shown["counts"]["begun"] == shown["counts"]["total"]
    (begun,) = product.count(
        "SELECT count(*), count(DISTINCT subject_id), count(DISTINCT number) FROM procedure_case"
        f" WHERE campaign_id = {campaign['id']} AND tenant_id = {county.center}"
    )
    assert begun == (shown["counts"]["total"],) * 3


def at_once(province: Person, edition: int, stages: list[dict[str, Any]]) -> int:
    """Begin a roll-out and wait until its second stage can be let go."""
    how = {"stages": stages, "reason": "演练"}
    number = int(province.send("POST", f"/api/editions/{edition}/rollouts", how)["id"])
    until(
        lambda: told(province, f"/api/rollouts/{number}")["stages"][1]["may_approve"],
        "the second stage waits for approval",
    )
    return number


def insist(product: Product, person: Person, path: str, body: Any, *parts: str) -> None:
    """Ask for something while parts of the product are killed, until it is answered."""
    done = threading.Event()

    def ask_on() -> None:
        while not done.is_set():
            try:
                person.send("POST", path, body)
            except Away:
                done.wait(0.05)
            except Refused as refused:
                # It had been done, and only the answer was lost.
                if refused.args[0] != HTTPStatus.CONFLICT:
                    raise
                done.set()
            else:
                done.set()

    asking = threading.Thread(target=ask_on, daemon=True)
    asking.start()
    for part in parts:
        product.kill(part)
        until(product.ready, f"back after {part} was killed")
    until(done.is_set, f"{path} is answered")
    asking.join(10)
