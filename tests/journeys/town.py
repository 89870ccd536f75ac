"""A county that lets departments and items in, and a walk through a chain with who acts there."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from io import BytesIO
from typing import Any

from sqlalchemy import text

from jinzhu import migrate
from jinzhu.core.calendar import Workdays, today
from jinzhu.core.http import Application
from tests.journeys.acts import catalogue, publish, roll_out
from tests.journeys.conftest import Demo, Json, Person

COUNTY, MANAGER, CITY, NEIGHBOUR = "511623", "linshui", "guangan-city", "wusheng"
LIAISON, CLERK = "linshui-liaison", "linshui-clerk"
DECIDED = "邻水县人民政府 2026年第12号"
#: Bodies without an account, whose decisions are recorded.
OUTSIDE = ("competent_body", "government", "applicant", "public")
PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\n%%EOF\n"
TAX = "BM27"
#: Whose items come and go; it has entered by proxy.
HOME = "BM09"
#: The province adds one more of each of the two classes that the demo has made up departments for.
PROFESSIONAL, UTILITY = "BM91", "BM92"
ADDED = {PROFESSIONAL: ("公证处", "professional"), UTILITY: ("供电公司", "utility")}
_SEAT = text("""
    WITH person AS (
        INSERT INTO account (username, name, password_hash, must_change_password)
        SELECT :username, :username, password_hash, false FROM account WHERE username = :like
        RETURNING id)
    INSERT INTO post (account_id, center_id, role_code, departments)
    SELECT person.id, center.id, :role, CAST(:departments AS text[]) FROM person, center
    WHERE center.code = :center
""")


def seat(app: Application, username: str, role: str, departments: list[str] | None = None) -> None:
    """Give the county somebody, with everybody's password."""
    engine = migrate.owner_engine(app.config["SETTINGS"])
    given = {"username": username, "role": role, "departments": departments}
    with engine.begin() as connection:
        connection.execute(_SEAT, {**given, "like": MANAGER, "center": COUNTY})
    engine.dispose()


def put(office: Person, draft: int, kind: str, code: str, content: Json) -> None:
    """Write a provision that is new, or another time."""
    path = f"/api/editions/{draft}/provisions/{kind}/{code}"
    standing = office.send("GET", path)
    if standing.status_code == 200:
        shown = standing.json
        body = {"content": content, "rules": shown["rules"], "applies": shown["applies"]}
        office.do("PUT", path, body, version=shown["version"])
        return
    headers = {"X-CSRF-Token": office.me["csrf_token"], "If-None-Match": "*"}
    body = {"content": content, "rules": {}, "applies": {"levels": ["city", "county"]}}
    answer = office.client.put(path, json=body, headers=headers)
    assert answer.status_code < 300, answer.text


@contextmanager
def next_edition(demo: Demo, office: Person, center: int) -> Iterator[int]:
    """Write what the block says into the open draft, publish it and bring it to a center."""
    known = catalogue(office)
    draft: int = (known["draft"] or {}).get("id") or office.do(
        "POST", f"/api/standards/{known['id']}/editions", {"title": "下一版"}
    )["id"]
    yield draft
    publish(office, draft)
    rollout = roll_out(office, draft, centers=[center])
    assert demo.work(office, rollout["id"])["state"] == "done"


@dataclass
class Town:
    """The county, and whoever has to do with it."""

    demo: Demo
    people: dict[str, Person] = field(default_factory=dict)
    halls: dict[tuple[str, str], int] = field(default_factory=dict)

    def __getitem__(self, username: str) -> Person:
        if username not in self.people:
            self.people[username] = self.demo.person(username)
        return self.people[username]

    @property
    def manager(self) -> Person:
        """The manager of the center."""
        return self[MANAGER]

    def offered(self, kind: str, code: str) -> Json:
        """Return a record that the county offers, claimed now if it was not."""
        path = f"/api/{kind}s/duties?per_page=200&q={code}"
        (duty,) = [one for one in self.manager.get(path)["rows"] if one["code"] == code]
        answer = {"provision_ids": [duty["provision_id"]], "claim": "offered"}
        self.manager.do("POST", f"/api/{kind}s/claims", answer)
        rows = self.manager.get(f"/api/{kind}s?q={code}")["rows"]
        return next(one for one in rows if one["code"] == code)

    def item(self, item_type: str, department: str = HOME) -> str:
        """Return the code of an item of a department, offered now, that has all it needs."""
        query = f"claim=unclaimed&item_type={item_type}&department={department}&sort=code"
        for row in self.manager.get(f"/api/items/duties?{query}&per_page=20")["rows"]:
            code = str(row["code"])
            self.complete(self.manager.get(f"/api/items/{self.offered('item', code)['id']}"))
            if not self.manager.get(f"/api/items/quality?q={code}&severity=fault")["rows"]:
                return code
        raise AssertionError("the demo has no such item")

    def complete(self, item: Json) -> None:
        """Fill in what the standard asks of an item."""
        local = {
            "window": "1楼A区01号窗口",
            "address": "邻水县政务服务中心1楼（演示地址）",
            "consult_phone": "0826-5550101",
            "complaint_phone": "0826-5550900",
        }
        self.manager.do(
            "PATCH", f"/api/items/{item['id']}", {"local": local}, version=item["version"]
        )

    def begin(self, kind: str, code: str, what: str = "entry", **more: Any) -> Json:
        """Begin a case about something that the county offers."""
        subject = self.offered(kind, code)
        wish = {"object": kind, "subject_id": subject["provision_id"], "kind": what, **more}
        return self.manager.do("POST", "/api/cases", wish)

    def standing(self, kind: str, code: str) -> Json:
        """Return how something stands in the lists of what has entered."""
        rows = self.manager.get(f"/api/entries?object={kind}&per_page=200")["rows"]
        return next(row for row in rows if row["code"] == code)

    def hall_for(self, mode: str, department: str) -> int:
        """Return a hall in which a department that is present in a mode has its window."""
        kind = mode if mode in ("branch", "standalone") else "main"
        own = department if kind == "standalone" else ""
        if (kind, own) not in self.halls:
            about = {
                "name": f"{own}大厅（{kind}）",
                "kind": kind,
                "department_code": own,
                "floors": ["1"],
                "address": "人民路1号",
            }
            self.halls[kind, own] = self.manager.do("POST", "/api/halls", about)["id"]
        return self.halls[kind, own]

    def arrange(self, department: str, mode: str = "resident") -> None:
        """Give a department a window where its mode of presence wants one."""
        manager = self.manager
        wish = {"number": department, "kind": "comprehensive"}
        path = f"/api/halls/{self.hall_for(mode, department)}/windows"
        window = manager.do("POST", path, wish)
        path = f"/api/windows/{window['id']}/assignments"
        since = {"since": str(today()), "departments": [department]}
        manager.do("POST", path, since, version=window["version"])


def named(case: Json, name: str) -> Json:
    """Return a step of a case by its name."""
    return next(step for step in case["steps"] if step["name"] == name)


def states(case: Json) -> dict[str, str]:
    """Return how the steps of a case stand, by name."""
    return {step["name"]: step["state"] for step in case["steps"]}


@dataclass
class Walk:
    """A case on its way through its chain, step by step, by those whose step it is."""

    town: Town
    case: Json

    def read(self) -> Json:
        """See how the case stands now."""
        self.case = self.town.manager.get(f"/api/cases/{self.case['id']}")
        return self.case

    def place(self, step: Json) -> tuple[Person, str]:
        """Return who acts in a step, and where."""
        own = f"/api/cases/{self.case['id']}"
        below = f"/api/consents/{self.town.manager.center}/{self.case['id']}"
        if step["actor"] == "superior":
            line = "tax-line" if self.case["department_code"] == TAX else CITY
            return self.town[line], below
        return self.town[LIAISON if step["actor"] == "department" else MANAGER], own

    def send(self, step: Json, action: str, **said: Any) -> Any:
        """Let whoever acts in a step do something; return the whole answer."""
        person, path = self.place(step)
        wish = {"step": step["code"], "action": action, **said}
        return person.send("POST", f"{path}/acts", wish, version=self.read()["version"])

    def act(self, name: str, action: str = "approve", **said: Any) -> Json:
        """Let whoever acts in an open step do something that is possible."""
        step = named(self.read(), name)
        person, _ = self.place(step)
        recorded = step["actor"] in OUTSIDE or (step["actor"], person) == (
            "superior",
            self.town[CITY],
        )
        if recorded and action == "approve":
            said.setdefault("on_behalf", DECIDED)
        answer = self.send(step, action, **said)
        assert answer.status_code == 200, answer.text
        return self.read()

    def attach(self, step: Json) -> None:
        """Attach the document that a step asks for."""
        person, path = self.place(step)
        holds = {"valid_from": str(today()), "valid_until": str(today() + timedelta(365))}
        file = (BytesIO(PDF), f"{step['document']}.pdf")
        data = {"step": step["code"], "file": file, "number": "邻府〔2026〕12号", **holds}
        answer = person.client.post(
            f"{path}/documents",
            data=data,
            headers={"X-CSRF-Token": person.me["csrf_token"]},
            content_type="multipart/form-data",
        )
        assert answer.status_code == 201, answer.text

    def check_clock(self, step: Json) -> None:
        """See that a step that has just opened is due as many working days from now as it says."""
        assert step["state"] == "open", (step["name"], step["state"])
        assert step["opened_on"] == str(today())
        assert step["due_on"] == str(Workdays().after(today(), step["limit"]))
        assert step["days_left"] == step["limit"]

    def check_others(self, step: Json) -> None:
        """See that nobody acts in a step whose step it is not."""
        wish = {"step": step["code"], "action": "approve", "on_behalf": DECIDED}
        path, version = f"/api/cases/{self.case['id']}", self.case["version"]
        wrong = {CLERK: 403, NEIGHBOUR: 404}
        if step["actor"] == "superior":
            wrong |= {MANAGER: 409, LIAISON: 409}
        elif step["actor"] != "department":
            wrong |= {LIAISON: 409}
        for username, status in wrong.items():
            answer = self.town[username].send("POST", f"{path}/acts", wish, version=version)
            assert answer.status_code == status, (step["name"], username, answer.text)
        above = f"/api/consents/{self.town.manager.center}/{self.case['id']}"
        if step["actor"] != "superior":
            assert self.town["tax-line"].send("POST", f"{above}/acts", wish, version=version)

    def prepare(self, step: Json) -> None:
        """Bring about what a step asks for; without it the step says what is missing."""
        missing = self.missing(step)
        if step["document"]:
            assert "document" in missing, (step["name"], missing)
            assert self.send(step, "approve", on_behalf=DECIDED).status_code == 422
            self.attach(step)
        if "window" in missing:
            mode = self.case["facts"].get("mode") or "resident"
            self.town.arrange(self.case["department_code"], mode)
        self.read()
        assert not self.missing(step)

    def missing(self, step: Json) -> set[str]:
        """Return what stands in the way of a step, by field."""
        person, path = self.place(step)
        return {
            fault["field"]
            for one in person.get(path)["actions"]
            if (one["step"], one["action"]) == (step["code"], "approve")
            for fault in one["missing"]
        }

    def through(self, *names: str) -> Json:
        """Go through steps in an order, each with all that can be seen in it."""
        for name in names:
            step = named(self.read(), name)
            self.check_clock(step)
            self.check_others(step)
            self.prepare(step)
            self.act(name, opinion=f"同意{name}")
        return self.case
