"""Every operation of the API, tried with the numbers of somebody else.

A new operation fails here until it is said below which numbers it takes and whose they are.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from io import BytesIO
from typing import Any

import pytest
from python_calamine import CalamineWorkbook
from sqlalchemy import create_engine, make_url, select, text

from jinzhu import migrate
from jinzhu.app import documented_app
from jinzhu.config import sqlalchemy_url
from jinzhu.core import cipher
from jinzhu.core.access import ANYONE
from jinzhu.core.calendar import today
from jinzhu.core.db import db
from jinzhu.core.http import ROUTES
from jinzhu.core.tenancy import Reach, Scope
from jinzhu.core.transaction import work
from jinzhu.files.contents import TYPES
from jinzhu.identity.roles import ROLES
from jinzhu.standards.across import proposals
from jinzhu.standards.amendments import amendments
from jinzhu.standards.editions import editions, publication
from jinzhu.standards.lines import collision_choices, collision_rows
from jinzhu.standards.models import Edition, Pin, Revision
from jinzhu.standards.own import own_items
from jinzhu.standards.receiving import exemptions, pins
from jinzhu.standards.records import bulk, conflicts
from jinzhu.standards.rollouts import rollouts
from jinzhu.standards.workbooks import workbook
from jinzhu.workdays import service as workdays
from tenants.campaign import beginning as campaigns
from tenants.department import acts as department_acts
from tenants.department.models import Department
from tenants.document import acts as documents
from tenants.equipment import service as equipment
from tenants.hall import acts as window_acts
from tenants.hall import service as halls
from tenants.item.models import Item
from tenants.procedure import beginning as procedure_begin
from tenants.procedure import service as procedures
from tenants.publication import service as publications
from tenants.support import service as support

FAR = [
    # A second province, which the first has nothing to do with.
    ("370000", "province", "山东省", None),
    ("370100", "city", "济南市", "370000"),
    ("370102", "county", "历下区", "370100"),
]
#: Somebody who was handed a step at a center and is gone: this and the number of the center.
GONE = 5000
PDF = b"%PDF-1.7\n%%EOF\n"
#: Between them these two hold every permission, so that it is the boundary that is tried.
EVERYTHING = ("standards_officer", "city_manager")
STRANGERS = [
    (f"{role}-{code}", code, role)
    for code in ("511622", "510700", "370000", "370102")
    for role in EVERYTHING
]
PROVINCES = {"510000": ["511602", "511622"], "370000": ["370102"]}
#: The day that each province does not work.
OWN_DAYS = {"510000": "2026-11-25", "370000": "2026-11-26"}
SEEN = ["510000", "370000", "511602", "370102", "511600"]
#: Whose things they are; all others belong to a province.
OWNERS = {"511602": "county", "370102": "county", "511600": "city"}


#: When somebody was last seen is written whoever asks for what.
_CONTENT = """
    SELECT '{0}', md5(string_agg(row, '|' ORDER BY row))
    FROM (SELECT (to_jsonb(t) - 'last_seen_at')::text AS row FROM {0} t) rows
"""


@dataclass
class Stage:
    """A service with two provinces in it, who is signed in, and the numbers of what is whose."""

    app: Any
    boss: Any
    centers: dict[str, int] = field(default_factory=dict)
    people: dict[str, Any] = field(default_factory=dict)
    places: dict[str, str] = field(default_factory=dict)
    roles: dict[str, str] = field(default_factory=dict)
    things: dict[str, dict[str, Any]] = field(default_factory=dict)
    known: dict[str, str] = field(default_factory=dict)

    def at(self, code: str, role: str) -> Any:
        """Open a unit of work at a center."""
        found = Scope(self.centers[code], actor_id=1, permissions=frozenset(ROLES[role]))
        return work(found)

    def contents(self) -> dict[str, str]:
        """Return what stands in each table, as a superuser sees it."""
        with self.boss.connect() as connection:
            tables = connection.scalars(
                text(
                    "SELECT relname FROM pg_class WHERE relkind = 'r' "
                    "AND relnamespace = 'public'::regnamespace"
                )
            ).all()
            every = " UNION ALL ".join(map(_CONTENT.format, tables))
            return dict(map(tuple, connection.execute(text(every))))

    def changed(self) -> list[str]:
        """Return the tables that say something else than when this was last asked."""
        before, self.known = self.known, self.contents()
        return [name for name in self.known if self.known[name] != before.get(name)]

    def reads(self, username: str, code: str) -> bool:
        """Say whether a supervisor may read the records of a center."""
        permitted = "coverage.read" in ROLES[self.roles[username]]
        return permitted and self.above(self.places[username], code)

    def above(self, high: str, low: str) -> bool:
        """Say whether a center is the other one or above it."""
        return self.centers[high] in self.paths[low]

    @property
    def paths(self) -> dict[str, list[int]]:
        """Return the way from the province to each center."""
        if not hasattr(self, "_paths"):
            with self.boss.connect() as connection:
                rows = connection.execute(text("SELECT code, path FROM center"))
                self._paths = {row.code: row.path for row in rows}
        return self._paths


def plant_strangers(connection: Any) -> None:
    """Plant the second province and the strangers; all have the password of the others."""
    for code, level, name, parent in FAR:
        connection.execute(
            text("""
                WITH above AS (SELECT id, path FROM center WHERE code = :parent),
                own AS (SELECT nextval(pg_get_serial_sequence('center', 'id'))::int AS id)
                INSERT INTO center (id, code, level, name, name_key, parent_id, path)
                SELECT own.id, :code, :level, :name, :name, above.id,
                    coalesce(above.path, '{}') || own.id FROM own LEFT JOIN above ON true"""),
            {"code": code, "level": level, "name": name, "parent": parent},
        )
    for username, code, role in [*STRANGERS, ("fresh", "511602", "center_manager")]:
        connection.execute(
            text("""WITH person AS (
                INSERT INTO account (username, name, password_hash, must_change_password)
                SELECT :username, :username, password_hash, :username = 'fresh'
                FROM account WHERE username = 'county' RETURNING id)
                INSERT INTO post (account_id, center_id, role_code)
                SELECT person.id, center.id, :role FROM person, center
                WHERE center.code = :code"""),
            {"username": username, "code": code, "role": role},
        )


def provision(kind: str, code: str, **content: Any) -> tuple[Any, ...]:
    """Return a provision for counties."""
    if kind == "procedure":
        steps = [{"code": "S1", "name": "审核", "actor": "center", "next": ["S2", "S3"]}]
        steps += [{"code": "S2", "name": "同意", "actor": "superior"}]
        steps += [{"code": "S3", "name": "生效", "actor": "center", "document": "进驻通知书"}]
        about = {"procedure_object": "department", "procedure_kind": "entry"}
        content = {"name": code, **about, "steps": steps}
    elif kind == "department":
        content = {"name": code, "department_class": "government", "entry_force": "shall"}
    else:
        defaults = {"name": f"事项{code}", "item_type": "01", "department_code": "D01"}
        numbers = {"statutory_limit": 20, "committed_limit": 10, "visit_count": 1, "fee": 0}
        content = {**defaults, **numbers, "legal_basis": "法", **content}
    return kind, code, content, {}, {"levels": ["county"]}


def publish(stage: Stage, standard_id: int, *entries: Any) -> int:
    """Publish an edition."""
    edition_id = editions.open_draft(standard_id, title="版次")
    editions.put_many(edition_id, entries)
    publication.publish(edition_id)
    return edition_id


def furnish(stage: Stage, code: str, counties: list[str]) -> None:
    """Let a province publish, push, and its counties answer; everything carries a mark."""
    first = [provision("department", "D01"), provision("department", "D02")]
    first += [provision("item", "A1"), provision("item", "A2"), provision("item", "A3")]
    first += [provision("procedure", "P1")]
    with stage.at(code, "standards_officer"):
        standard_id = editions.create_standard(code="S", name=f"名-{code}")
        edition_id = publish(stage, standard_id, *first)
        number = rollouts.start(edition_id, centers="all", reason=f"密-{code}")
    rollouts.run_now(number, tenant_id=stage.centers[code])
    for county in counties:
        answer(stage, county)
    with stage.at(code, "standards_officer"):
        second = publish(stage, standard_id, provision("item", "A1", committed_limit=5))
        number = rollouts.start(second, centers="all", reason=f"密-{code}")
    rollouts.run_now(number, tenant_id=stage.centers[code])
    with stage.at(code, "standards_officer"):
        draft = editions.open_draft(standard_id, title=f"密-{code}")
        editions.put_many(draft, [provision("item", "A1", committed_limit=4)])
        entry = editions.draft_entry(editions.find(draft), "item", "A1")
        stage.things[code] = {
            "standard_id": standard_id,
            "edition_id": second,
            "draft_id": draft,
            "edition_version": db.session.get(Edition, second).version,
            "workbook": workbook.made(editions.find(draft)),
            "rollout_id": number,
            "job_id": rollouts.find(number).job_id,
            "version": db.session.get(Edition, draft).version,
            "entry_version": entry.version,
            "center_id": stage.centers[code],
            "day": OWN_DAYS[code],
        }
        workdays.set_day(date.fromisoformat(OWN_DAYS[code]), working=False, name=f"名-{code}")


def answer(stage: Stage, county: str) -> None:
    """Let a county answer, with its mark in everything it writes."""
    with stage.at(county, "center_manager"):
        rows = select(Revision.code, Revision.provision_id)
        numbers = dict(map(tuple, db.session.execute(rows)))
        items, mark = [numbers["A1"], numbers["A2"]], f"密-{county}"
        bulk.claim_many("item", items, claim="offered")
        bulk.claim_many("item", [numbers["A3"]], claim="not_offered", reason=mark)
        bulk.claim_many("department", [numbers["D01"]], claim="offered")
        bulk.set_local_many("item", {n: {"committed_limit": 8, "window": mark} for n in items})
        bulk.set_local_many("department", {numbers["D01"]: {"leader": mark}})
        stage.things[county] = {
            "center_id": stage.centers[county],
            "provision_id": numbers["A1"],
            "office_id": numbers["D01"],
        }


def meet(stage: Stage, code: str) -> int:
    """Let a second standard of a province say something of what the first says; it is settled."""
    with stage.at(code, "standards_officer"):
        second = editions.create_standard(code="S2", name=f"名-{code}")
        publish(stage, second, provision("item", "A2", committed_limit=9))
        query = {"state": "", "kind": "", "mine": True, "q": "", "sort": ""}
        (row,) = collision_rows.page({**query, "page": 1, "per_page": 2})["rows"]
        collision_choices.choose([row["id"]], governs="first", reason=f"密-{code}")
        return int(row["id"])


def keep_own(stage: Stage, county: str) -> dict[str, Any]:
    """Let a county offer something of its own; note also what it does not offer."""
    with stage.at(county, "center_manager"):
        content = {"name": "本地事项", "item_type": "01", "department_code": "D01"}
        made = own_items.create({**content, "window": f"密-{county}"})
        refused = db.session.scalars(select(Item).where(Item.claim == "not_offered")).one()
        return {
            "own_id": made["provision_id"],
            "own_version": made["version"],
            "refused_id": refused.id,
            "refused_provision_id": refused.provision_id,
        }


NEXT_YEAR = today() + timedelta(days=365)
OPEN = {"state": "open", "kind": "", "q": "", "sort": "", "page": 1, "per_page": 1}


def waiting(item: Item) -> dict[str, Any]:
    """Let the county ask for an exemption and put something off; return the numbers of both."""
    wish = {"category": "waiver", "reason": "人手不足", "wanted_until": NEXT_YEAR}
    asked = exemptions.ask("item", item.id, "committed_limit", **wish)
    other = db.session.scalars(select(Item).where(Item.id != item.id)).first()
    numbers = {"provision_id": other.provision_id, "standard_id": other.standard_id}
    held = select(Revision.id).where(Revision.provision_id == other.provision_id)
    wanted = {"kind": "item", "field": "fee", "revision_id": db.session.scalars(held).first()}
    pins.postpone([{**numbers, **wanted, "until": date(2999, 1, 1)}], rollout_id=None)
    pin = db.session.scalars(select(Pin.id)).one()
    proposal = proposals.propose("item", other.id, fields=[], reason="办得更快")["id"]
    return {"exemption_id": asked, "pin_id": pin, "proposal_id": proposal}


def amend(stage: Stage, code: str) -> None:
    """Let a city amend what came from above, with one field that waits for its answer."""
    standard_id, rollout_id = (stage.things["510000"][n] for n in ("standard_id", "rollout_id"))
    with stage.at(code, "city_manager"):
        first = amendments.begin(standard_id)["draft"]["id"]
        editions.put_many(first, [("item", "A1", {"committed_limit": 4}, {}, {})])
        publication.publish(first)
        draft = amendments.begin(standard_id, title=f"密-{code}")["draft"]["id"]
        editions.put_many(draft, [("item", "A1", {"committed_limit": 3}, {}, {})])
        entry = editions.draft_entry(editions.find(draft), "item", "A1")
        assert entry is not None
        stage.things[code] = {
            "standard_id": standard_id,
            "rollout_id": rollout_id,
            "edition_id": first,
            "draft_id": draft,
            "version": entry.version,
            "entry_version": entry.version,
        }
    with stage.boss.begin() as connection:
        stage.things[code]["conflict_id"] = connection.scalar(
            text("""
                INSERT INTO amendment_conflict (tenant_id, standard_id, provision_id, kind, field,
                    rollout_id, amendment_id, edition_id, rule, value, bound)
                SELECT :city, :standard, e.provision_id, 'item', 'fee', :rollout, :amendment,
                    r.edition_id, 'at_most', '1', '0'
                FROM edition_entry e, rollout r
                WHERE e.edition_id = :amendment AND r.id = :rollout RETURNING id"""),
            {
                "city": stage.centers[code],
                "standard": standard_id,
                "rollout": rollout_id,
                "amendment": first,
            },
        )
    stage.things["510000"]["city_id"] = stage.centers[code]
    stage.things["370000"]["city_id"] = stage.centers["370100"]


def house(item: Item, county: str) -> dict[str, Any]:
    """Let a county open a hall with a window for an item; return the numbers."""
    said = {"address": f"密-{county}", "phone": "", "department_code": ""}
    hall = halls.open_hall({**said, "name": "大厅", "kind": "main", "floors": ["1"]})
    size = {"columns": 2, "rows": 1}
    zone = halls.open_zone(hall, {"floor": "1", "name": f"密-{county}", **size})
    place = {"zone_id": zone.id, "x": 1, "y": 1}
    wish = {"number": "1", "name": f"密-{county}", "kind": "proxy", "phone": "", **place}
    window = halls.open_window(hall, wish)
    (row,) = window_acts.assign(window.id, items=[item.provision_id], since=today())
    return {
        "hall_id": hall.id,
        "hall_version": hall.version,
        "zone_id": zone.id,
        "zone_version": zone.version,
        "window_id": window.id,
        "window_version": window.version,
        "assignment_id": row.id,
    }


#: What is said of special equipment.
DEVICE: dict[str, Any] = {
    "kind": "printing",
    "name": "打印机",
    "quantity": 1,
    "owner": "department",
    "serial": "",
    "item_id": None,
    "hall_id": None,
    "window_id": None,
    "place": "自助服务区",
    "since": today(),
    "remark": "",
}


def provided(department: Revision, county: str) -> dict[str, Any]:
    """Let a county provide a department with something, and attach a rule to it."""
    said = {"category": "other", "name": f"密-{county}", "required": True, "returnable": True}
    line = support.add_line(department, said)
    valid = {"valid_from": None, "valid_until": None, "number": "", "for_all": False}
    content = PDF + f"办法-{county}".encode()
    rule = department_acts.attach_rule(
        department, {"name": f"密-{county}", **valid}, content, f"密-{county}.pdf"
    )
    device = equipment.bring(department, DEVICE | {"name": f"密-{county}"})
    return {
        "line_id": line.id,
        "line_version": line.version,
        "rule_id": rule.id,
        "device_id": device.id,
        "device_version": device.version,
    }


def _paper(case: Any, step: str, county: str) -> int:
    """Attach a document to a step of a case; return its number."""
    said = {"step": step, "name": "" if step == "S3" else f"密-{county}", "number": f"密-{county}"}
    content = PDF + county.encode()
    valid = {"valid_from": None, "valid_until": None}
    return documents.attach(case, said | valid, content, f"密-{county}.pdf").id


def together(case: Any, county: str) -> dict[str, Any]:
    """Let a county begin a campaign and act in many cases; return the numbers."""
    wish = {"object": "item", "kind": "entry", "procedure": "", "reason": f"密-{county}"}
    which = {"state": "", "departments": [], "item_type": "", "q": "", "codes": [], "without": []}
    campaign = campaigns.start({**wish, **which, "facts": {}, "name": f"密-{county}"})
    said = {"opinion": f"密-{county}", "on_behalf": "", "target": ""}
    step = {"procedure": "P1", "step": "S3", "action": "approve"}
    joint = campaigns.act({"cases": [case.id], **step, **said}, None)
    return {"campaign_id": campaign.id, "joint_act_id": joint.id}


def published(case: Any, county: str) -> dict[str, Any]:
    """Publish what a case is about; return what an objection to it is made of."""
    step = procedures.rows_of(case)[-1]
    publications.publish([(case, step)])
    about = publications.of_step(case, step.code)
    assert about is not None
    sealed = {
        name: cipher.seal(f"密-{county}", place=publications.place(name, case.tenant_id, "x"))
        for name in ("name", "contact")
    }
    return {"center": case.tenant_id, "publication": about.id, **sealed}


def objected(stage: Stage, told: dict[str, Any], county: str) -> dict[str, Any]:
    """Let somebody object; return the numbers."""
    with stage.boss.begin() as connection:
        number = connection.scalar(
            text("""
                INSERT INTO objection (tenant_id, publication_id, number, said, name, contact,
                    code, origin, submission, received_on)
                VALUES (:center, :publication, 'G-01', :said, :name, :contact, '', '', 'x', :day)
                RETURNING id"""),
            {"said": f"密-{county}", "day": today(), **told},
        )
    return {"publication_id": told["publication"], "objection_id": number}


def _escalated(case: Any) -> None:
    """Let what waits for the superior department be long overdue, so that the city was told."""
    (step,) = [row for row in procedures.rows_of(case) if row.code == "S2"]
    step.escalated_on, step.escalate_to = today(), "superior"
    step.assignee_id = GONE + case.tenant_id
    db.session.flush()


def numbered(stage: Stage, county: str) -> None:
    """Note the numbers of a county's rows after everything was pushed."""
    with stage.at(county, "center_manager"):
        own = stage.things[county]
        item = db.session.scalars(
            select(Item).where(Item.provision_id == own["provision_id"])
        ).one()
        department = db.session.scalars(select(Department)).one()
        own |= {"item": item.id, "item_version": item.version}
        own |= {"department": department.id, "department_version": department.version}
        own["conflict_id"] = conflicts.page(OPEN)["rows"][0]["id"]
        if county in SEEN:
            own |= waiting(item)
        subject = select(Revision).where(Revision.provision_id == department.provision_id)
        case = procedure_begin.begin_one(
            db.session.scalars(subject).first(), "entry", facts={}, reason="密"
        )
        procedures.approve(case, "S1")
        _escalated(case)
        own |= {"case_id": case.id, "case_version": case.version}
        own["document_id"] = [_paper(case, step, county) for step in ("S3", "S2")][-1]
        own |= house(item, county)
        own |= together(case, county)
        told = published(case, county)
        own |= provided(db.session.scalars(subject).first(), county)
    own |= objected(stage, told, county)
    with stage.boss.connect() as connection:
        own["post_id"] = connection.scalar(
            text("SELECT min(id) FROM post WHERE center_id = :id"), {"id": own["center_id"]}
        )


@pytest.fixture(scope="module")
def stage(new_province, app_on, servers, browser_of) -> Iterator[Stage]:
    """Two provinces at work, and everybody signed in."""
    settings = new_province("isolation")
    owner = migrate.owner_engine(settings)
    with owner.begin() as connection:
        plant_strangers(connection)
    owner.dispose()
    name = make_url(sqlalchemy_url(settings.database_url)).database
    boss = create_engine(make_url(sqlalchemy_url(servers.superuser)).set(database=name))
    with app_on(settings) as app:
        found = Stage(app, boss)
        with boss.connect() as connection:
            rows = connection.execute(text("SELECT code, id FROM center"))
            found.centers = dict(map(tuple, rows))
            people = connection.execute(
                text("""SELECT a.username, c.code, p.role_code FROM account a
                    JOIN post p ON p.account_id = a.id JOIN center c ON c.id = p.center_id""")
            ).all()
        with app.app_context():
            for code, counties in PROVINCES.items():
                furnish(found, code, counties)
                for county in counties:
                    numbered(found, county)
                    found.things[county] |= keep_own(found, county)
                found.things[code]["collision_id"] = meet(found, code)
            amend(found, "511600")
        for username, code, role in people:
            found.people[username] = browser_of(app, username)
            found.places[username], found.roles[username] = code, role
        found.known = found.contents()
        yield found
    boss.dispose()


# What each operation takes, and whose that is


@dataclass(frozen=True)
class Case:
    """How to ask for something of somebody else's, and who may ask for it."""

    #: Whose things are tried: "county", "city" or "province".
    of: str
    #: Who else may see them: nobody ("own"), supervisors ("above"), those below ("below"), or
    #: both ("around"); "center": everybody of the center, of whatever department.
    also: str
    #: From the thing to the parts of the request: `path` parameters, `json`, `headers`, `query`.
    ask: Callable[[dict[str, Any]], dict[str, Any]]
    #: Somebody of the county 广安区 or the province 四川省 whose own thing it is.
    by: str
    #: What an answer that is no refusal must hold: nothing.
    empty: dict[str, Any] = field(default_factory=dict)


def path(*names: str, **renamed: str) -> Callable[[dict[str, Any]], dict[str, Any]]:
    """Ask with these numbers of the thing in the path."""
    pairs = {name: name for name in names} | renamed
    return lambda thing: {"path": {name: thing[key] for name, key in pairs.items()}}


def on_draft(thing: dict[str, Any], *, json: Any = None, **more: Any) -> dict[str, Any]:
    """Ask for a change of a draft, on its present version."""
    version = more.pop("version", thing["version"])
    parts = {"path": {"edition_id": thing["draft_id"], **more}}
    parts["headers"] = {"If-Match": f'"{version}"'}
    return parts | ({"json": json} if json is not None else {})


def on_provision(thing: dict[str, Any], *, json: Any = None) -> dict[str, Any]:
    """Ask for a change of a draft's provision, on its present version."""
    version = thing["entry_version"]
    return on_draft(thing, json=json, version=version, kind="item", code="A1")


def _content() -> dict[str, Any]:
    _, _, content, rules, applies = provision("item", "A1", committed_limit=3)
    return {"content": content, "rules": rules, "applies": applies}


def _on_field(thing: dict[str, Any]) -> dict[str, Any]:
    named = {"kind": "item", "code": "A1", "field": "committed_limit"}
    return {"path": {"edition_id": thing["edition_id"], **named}}


ALL_BACK = {"centers": "all", "reason": "x"}


def _stage(thing: dict[str, Any]) -> dict[str, Any]:
    return {"path": {"rollout_id": thing["rollout_id"], "place": 1}}


def _left_out(thing: dict[str, Any]) -> dict[str, Any]:
    json = {"center": thing["center_id"], "reason": "x"}
    return {"path": {"rollout_id": thing["rollout_id"]}, "json": json}


def _withdrawal(thing: dict[str, Any]) -> dict[str, Any]:
    published = {"draft_id": thing["edition_id"], "version": thing["edition_version"]}
    return on_draft(published, json={"reason": "x"})


def _review_rule(thing: dict[str, Any]) -> dict[str, Any]:
    parts = path("standard_id")(thing) | {"json": {"reviewed": True}}
    return parts | {"headers": {"If-Match": '"1"'}}


def _with_file(thing: dict[str, Any]) -> dict[str, Any]:
    file = BytesIO(thing["workbook"])
    return {"path": {"edition_id": thing["draft_id"]}, "data": {"file": (file, "a.xlsx")}}


def _own_edition(thing: dict[str, Any]) -> dict[str, Any]:
    return {"path": {"edition_id": thing["edition_id"]}, "json": {"centers": "all"}}


def _rolled_out(thing: dict[str, Any]) -> dict[str, Any]:
    return {"path": {"edition_id": thing["edition_id"]}, "json": ALL_BACK}


def _of_kind(kind: str, office: bool) -> dict[str, list[Case]]:
    """Return the cases of a kind of record."""
    base, provision_id = f"/api/{kind}s", "office_id" if office else "provision_id"
    seen = {"center_id": "center_id", "provision_id": provision_id}

    def change(thing: dict[str, Any]) -> dict[str, Any]:
        return {
            "path": {"record_id": thing[kind]},
            "json": {"local": {"office_hours": "全天"}},
            "headers": {"If-Match": f'"{thing[f"{kind}_version"]}"'},
        }

    def claim(thing: dict[str, Any]) -> dict[str, Any]:
        asked = {"provision_ids": [thing[provision_id]], "claim": "not_offered", "reason": "x"}
        return {"json": asked}

    def then(*names: str, **renamed: str) -> Callable[[dict[str, Any]], dict[str, Any]]:
        numbers = path(*names, **renamed)
        return lambda t: {"path": {**numbers(t)["path"], "day": str(today())}}

    def propose(thing: dict[str, Any]) -> dict[str, Any]:
        return {"path": {"record_id": thing[kind]}, "json": {"reason": "x"}}

    own = path(record_id=kind)
    return {
        f"GET {base}/{{record_id}}/at/{{day}}": [
            Case("county", "own", then(record_id=kind), "county")
        ],
        f"GET {base}/of/{{center_id}}/{{provision_id}}/at/{{day}}": [
            Case("county", "above", then(**seen), "city")
        ],
        f"POST {base}/{{record_id}}/proposal": [Case("county", "own", propose, "county")],
        f"GET {base}/{{record_id}}": [Case("county", "own", own, "county")],
        f"GET {base}/{{record_id}}/history": [Case("county", "own", own, "county")],
        f"PATCH {base}/{{record_id}}": [Case("county", "own", change, "county")],
        f"POST {base}/claims": [Case("county", "province", claim, "county", {"claimed": 0})],
        f"GET {base}/duties/{{provision_id}}": [
            Case("county", "province", path(provision_id=provision_id), "county")
        ],
        f"GET {base}/of/{{center_id}}": [Case("county", "above", path("center_id"), "city")],
        f"GET {base}/of/{{center_id}}/{{provision_id}}": [
            Case("county", "above", path(**seen), "city")
        ],
    }


def _on_update(json: Any) -> Callable[[dict[str, Any]], dict[str, Any]]:
    return lambda t: path("rollout_id")(t) | ({"json": json} if json is not None else {})


def _of_provision(thing: dict[str, Any]) -> dict[str, Any]:
    return {"query": {"provision_id": thing["provision_id"]}}


def _own_item(thing: dict[str, Any]) -> dict[str, Any]:
    return {"path": {"kind": "item", "provision_id": thing["own_id"]}}


def _across(thing: dict[str, Any]) -> dict[str, Any]:
    return {"path": {"kind": "item", "provision_id": thing["provision_id"]}}


def _exemption(thing: dict[str, Any]) -> dict[str, Any]:
    wish = {"category": "waiver", "reason": "x", "wanted_until": NEXT_YEAR.isoformat()}
    where = {"kind": "item", "record_id": thing["item"], "field": "committed_limit", "value": 11}
    return {"json": wish | where}


EDITION, DRAFT = path(edition_id="edition_id"), path(edition_id="draft_id")
READ = [Case("province", "below", EDITION, "county"), Case("province", "own", DRAFT, "province")]
PROVISION = "/api/editions/{edition_id}/provisions/{kind}/{code}"
SETTLE = {"take": "standard"}
TIGHTEN = {"kind": "item", "field": "committed_limit", "percent": 50}
AMENDED = "/api/amendments/{edition_id}/provisions"
OWN_ITEM = path(provision_id="own_id")
CHOICE = {"governs": "second", "reason": "x"}


def on_own_item(thing: dict[str, Any]) -> dict[str, Any]:
    """Ask for a change of an own item, on its present version."""
    version = {"If-Match": f'"{thing["own_version"]}"'}
    return OWN_ITEM(thing) | {"headers": version, "json": {"content": {"fee": 0}}}


def taken(thing: dict[str, Any]) -> dict[str, Any]:
    """Ask for an own item to be taken over."""
    pair = {
        "own_provision_id": thing["own_id"],
        "provision_id": thing["refused_provision_id"],
    }
    return {"json": {"pairs": [pair]}}


def _act(thing: dict[str, Any]) -> dict[str, Any]:
    """Ask for an act in a case, on its present version."""
    version = {"If-Match": f'"{thing["case_version"]}"'}
    return path("case_id")(thing) | {
        "headers": version,
        "json": {"step": "S3", "action": "approve"},
    }


def _on(part: str, json: Any, *more: str) -> Callable[[dict[str, Any]], dict[str, Any]]:
    """Ask for a change of a hall, a zone or a window, on its present version."""
    numbers = path(f"{part}_id", *more)
    return lambda thing: (
        numbers(thing) | {"headers": {"If-Match": f'"{thing[f"{part}_version"]}"'}, "json": json}
    )


def _at_window(**wish: str) -> Callable[[dict[str, Any]], dict[str, Any]]:
    """Ask for something to be at a window, or no more, by numbers of the same center."""

    def ask(thing: dict[str, Any]) -> dict[str, Any]:
        numbers = {name: [thing[key]] for name, key in wish.items()}
        days = {"since": str(today())} if "items" in wish else {"until": str(today())}
        return _on("window", numbers | days)(thing)

    return ask


HALL = {"name": "x", "kind": "main", "floors": ["1"]}
ZONE = {"name": "x", "floor": "1", "columns": 2, "rows": 2}


def _halls() -> dict[str, list[Case]]:
    """Return the cases of halls and windows, which everybody of a center sees."""
    one, zone, window = "/api/halls/{hall_id}", "/zones/{zone_id}", "/api/windows/{window_id}"
    found = {
        f"GET {one}": path("hall_id"),
        f"GET {one}/map": path("hall_id"),
        f"GET {one}/calendar": lambda t: (
            path("hall_id")(t) | {"query": {"year": 2026, "month": 11}}
        ),
        f"PUT {one}": _on("hall", HALL),
        f"POST {one}/closing": _on("hall", {}),
        f"PUT {one}/plan": _on("hall", {"weekly": {}}),
        f"PUT {one}/days/{{day}}": lambda t: {
            **_on("hall", {"kind": "closed"})(t),
            "path": {"hall_id": t["hall_id"], "day": str(today())},
        },
        f"POST {one}/zones": lambda t: path("hall_id")(t) | {"json": ZONE},
        f"PUT {one}{zone}": _on("zone", ZONE, "hall_id"),
        f"POST {one}{zone}/closing": _on("zone", {}, "hall_id"),
        f"POST {one}/windows": lambda t: (
            path("hall_id")(t) | {"json": {"number": "2", "kind": "proxy"}}
        ),
        f"GET {window}": path("window_id"),
        f"GET {window}/assignments": path("window_id"),
        f"GET {window}/items": path("window_id"),
        f"GET {window}/sign": path("window_id"),
        f"GET {window}/sign/pdf": path("window_id"),
        f"PUT {window}": _on("window", {"number": "2", "kind": "proxy"}),
        f"PUT {window}/place": _on("window", {}),
        f"PUT {window}/plan": _on("window", {"weekly": None}),
        f"POST {window}/closing": _on("window", {}),
        f"POST {window}/assignments": _at_window(items="provision_id"),
        f"POST {window}/endings": _at_window(ids="assignment_id"),
    }
    cases = {name: [Case("county", "center", ask, "county")] for name, ask in found.items()}
    of_hall = Case(
        "county", "center", lambda t: {"query": {"hall": t["hall_id"]}}, "county", {"rows": []}
    )
    return cases | {"GET /api/windows": [of_hall]}


def _begin(thing: dict[str, Any]) -> dict[str, Any]:
    return {"json": {"object": "item", "subject_id": thing["own_id"], "kind": "entry"}}


def _sign(thing: dict[str, Any]) -> dict[str, Any]:
    """Ask for the superior department's signature, on the present version."""
    version = {"If-Match": f'"{thing["case_version"]}"'}
    signed = {"step": "S2", "action": "approve", "on_behalf": "市局"}
    return path("center_id", "case_id")(thing) | {"headers": version, "json": signed}


def _documents() -> dict[str, list[Case]]:
    """Return the cases of documents and prints, which belong to their case."""
    case, consent = "/api/cases/{case_id}", "/api/consents/{center_id}/{case_id}"
    one, form = "/documents/{document_id}", {"form": "entry_notice"}
    below, withdrawn = ("center_id", "case_id"), f"{one}/withdrawal"

    def sent(*numbers: str) -> Callable[[dict[str, Any]], dict[str, Any]]:
        """Ask for a file to be attached to a step of the superior department."""
        return lambda t: path(*numbers)(t) | {"data": _file(step="S2", name="x")}

    def printed(thing: dict[str, Any]) -> dict[str, Any]:
        return {"path": {"case_id": thing["case_id"], **form}}

    own = {
        f"POST {case}/documents": sent("case_id"),
        f"GET {case}{one}/content": path("case_id", "document_id"),
        f"POST {case}{withdrawn}": path("case_id", "document_id"),
        f"GET {case}/prints": path("case_id"),
        f"GET {case}/prints/{{form}}": printed,
        f"POST {case}/prints/{{form}}/attachment": printed,
    }
    above = {
        f"POST {consent}/documents": sent(*below),
        f"GET {consent}{one}/content": path(*below, "document_id"),
        f"POST {consent}{withdrawn}": path(*below, "document_id"),
    }
    found = {name: [Case("county", "own", ask, "county")] for name, ask in own.items()}
    return found | {name: [Case("county", "above", ask, "city")] for name, ask in above.items()}


def _campaigns() -> dict[str, list[Case]]:
    """Return the cases of campaigns and joint acts, which whoever is in them sees."""
    one, act = "/api/campaigns/{campaign_id}", "/api/joint-acts/{joint_act_id}"
    found = {f"GET {one}": path("campaign_id"), f"GET {act}": path("joint_act_id")}
    for end in ("GET {}/results", "POST {}/again", "POST {}/stop"):
        found |= {end.format(one): path("campaign_id"), end.format(act): path("joint_act_id")}
    found |= {f"GET {one}/items": path("campaign_id"), f"GET {act}/cases": path("joint_act_id")}

    def acted(thing: dict[str, Any]) -> dict[str, Any]:
        step = {"procedure": "P1", "step": "S3", "action": "approve"}
        return {"data": {"cases": str(thing["case_id"]), **step}}

    def offered(thing: dict[str, Any]) -> dict[str, Any]:
        return {"json": {"cases": [thing["case_id"]]}}

    def signed(thing: dict[str, Any]) -> dict[str, Any]:
        numbers = (thing[name] for name in ("center_id", "case_id", "case_version"))
        return {"data": {"cases": ".".join(map(str, numbers)), "on_behalf": "市局"}}

    return {name: [Case("county", "own", ask, "county")] for name, ask in found.items()} | {
        "POST /api/consents/acts": [Case("county", "above", signed, "city", {"done": 0})],
        "POST /api/joint-acts": [Case("county", "own", acted, "county")],
        "POST /api/joint-acts/offer": [Case("county", "own", offered, "county", {"rows": []})],
    }


def _publications() -> dict[str, list[Case]]:
    """Return the cases of publications and the objections to them."""
    one = "/api/publications/{publication_id}"
    numbers = path("publication_id", "objection_id")
    answer = {"outcome": "reject", "answer": "不成立"}

    def answered(thing: dict[str, Any]) -> dict[str, Any]:
        return numbers(thing) | {"headers": {"If-Match": '"1"'}, "json": answer}

    recorded = {
        "channel": "phone",
        "received_on": str(today()),
        "received_by": "张三",
        "said": "承诺时限没有依据",
        "name": "李四",
        "contact": "13800000000",
        "submission": "0" * 16,
    }
    found = {
        f"GET {one}": path("publication_id"),
        f"POST {one}/objections": lambda t: path("publication_id")(t) | {"json": recorded},
        f"POST {one}/objections/{{objection_id}}/answer": answered,
        f"POST {one}/objections/{{objection_id}}/contact": lambda t: (
            numbers(t) | {"json": {"reason": "电话核实"}}
        ),
    }
    return {name: [Case("county", "own", ask, "county")] for name, ask in found.items()}


def _departments() -> dict[str, list[Case]]:
    """Return the cases of the roster: the department is the standard's, what hangs on it is not."""
    one, below = "/api/departments/roster/{provision_id}", "/api/departments/roster/of/{center_id}"
    rule, of = f"{one}/rules/{{rule_id}}", "/api/support/{provision_id}"
    device = "/api/equipment/{provision_id}"
    office = path(provision_id="office_id")
    attached = path("rule_id", provision_id="office_id")
    day = {"day": str(today())}

    def change(thing: dict[str, Any]) -> dict[str, Any]:
        said = {"required": True, "returnable": True, "agreed": False}
        parts = path("line_id", provision_id="office_id")(thing)
        return parts | {"headers": {"If-Match": f'"{thing["line_version"]}"'}, "json": said}

    def move(thing: dict[str, Any]) -> dict[str, Any]:
        parts = path(provision_id="office_id", equipment_id="device_id")(thing)
        return parts | {
            "headers": {"If-Match": f'"{thing["device_version"]}"'},
            "json": DEVICE | {"since": str(today())},
        }

    def with_json(**json: Any) -> Callable[[dict[str, Any]], dict[str, Any]]:
        return lambda thing: office(thing) | {"json": json}

    shared = {
        f"GET {one}": office,
        f"POST {one}/rules": lambda t: office(t) | {"data": _file(name="x")},
        f"GET {one}/windows/leaving": lambda t: office(t) | {"query": day},
        f"POST {one}/windows/leaving": with_json(**day),
        f"POST {of}": office,
        f"POST {of}/lines": with_json(category="other", name="x", required=True, returnable=False),
        f"POST {of}/provision": lambda t: office(t) | {"json": {"ids": [t["line_id"]], **day}},
        f"POST {of}/return": lambda t: office(t) | {"json": {"ids": [t["line_id"]], **day}},
        f"GET {device}/choices": office,
        f"POST {device}": with_json(**DEVICE | {"since": str(today())}),
        f"POST {device}/removal": lambda t: office(t) | {"json": {"ids": [t["device_id"]], **day}},
    }
    own = {
        f"GET {rule}/content": attached,
        f"POST {rule}/withdrawal": attached,
        f"PUT {of}/lines/{{line_id}}": change,
        f"PUT {device}/{{equipment_id}}": move,
    }
    above = {
        f"GET {below}": path("center_id"),
        f"GET {below}/figures": path("center_id"),
        f"GET {below}/{{provision_id}}": path("center_id", provision_id="office_id"),
    }
    found = {name: [Case("county", "duty", ask, "county")] for name, ask in shared.items()}
    found |= {name: [Case("county", "own", ask, "county")] for name, ask in own.items()}
    found |= {name: [Case("county", "above", ask, "city")] for name, ask in above.items()}
    of_parent = Case(
        "county", "above", lambda t: {"query": {"parent": t["center_id"]}}, "city", {"rows": []}
    )
    return found | {"GET /api/departments/roster/centers": [of_parent]}


def _file(**said: str) -> dict[str, Any]:
    return {"file": (BytesIO(PDF), "a.pdf"), **said}


def _colleagues(thing: dict[str, Any]) -> dict[str, Any]:
    return path("case_id")(thing) | {"query": {"step": "S3"}}


CASES: dict[str, list[Case]] = {
    "GET /api/cases/{case_id}/colleagues": [Case("county", "own", _colleagues, "county")],
    "GET /api/consents/{center_id}/{case_id}": [
        Case("county", "above", path("center_id", "case_id"), "city")
    ],
    "GET /api/escalations/{center_id}/{case_id}": [
        Case("county", "above", path("center_id", "case_id"), "city")
    ],
    "POST /api/escalations/{center_id}/{case_id}/words": [
        Case(
            "county",
            "above",
            lambda t: path("center_id", "case_id")(t) | {"json": {"opinion": "快办"}},
            "city",
        )
    ],
    "POST /api/cases/handovers": [
        Case("county", "own", lambda t: {"json": {"from_id": GONE + t["center_id"]}}, "county")
    ],
    "POST /api/consents/{center_id}/{case_id}/acts": [Case("county", "above", _sign, "city")],
    "DELETE /api/calendar/days/{day}": [Case("province", "own", path("day"), "province")],
    **_halls(),
    **_documents(),
    **_campaigns(),
    **_publications(),
    **_departments(),
    "GET /api/entries/standing/{kind}/{provision_id}": [Case("county", "own", _own_item, "county")],
    "GET /api/entries/of/{center_id}": [Case("county", "above", path("center_id"), "city")],
    "GET /api/entries/rates/of/{center_id}": [Case("county", "above", path("center_id"), "city")],
    "GET /api/entries/changes/of/{center_id}": [Case("county", "above", path("center_id"), "city")],
    "GET /api/entries/changes/figures/of/{center_id}": [
        Case("county", "above", path("center_id"), "city")
    ],
    "GET /api/cases/{case_id}": [Case("county", "own", path("case_id"), "county")],
    "POST /api/cases/{case_id}/acts": [Case("county", "own", _act, "county")],
    "POST /api/cases": [Case("county", "own", _begin, "county")],
    "GET /api/centers/{center_id}/standards": [Case("county", "above", path("center_id"), "city")],
    "GET /api/collisions/{collision_id}": [
        Case("province", "own", path("collision_id"), "province")
    ],
    "POST /api/collisions/{collision_id}/choice": [
        Case("province", "own", lambda t: path("collision_id")(t) | {"json": CHOICE}, "province")
    ],
    "POST /api/collisions/choices": [
        Case(
            "province",
            "own",
            lambda t: {"json": {"ids": [t["collision_id"]], **CHOICE}},
            "province",
        )
    ],
    "GET /api/items/own/{provision_id}": [Case("county", "own", OWN_ITEM, "county")],
    "PATCH /api/items/own/{provision_id}": [Case("county", "own", on_own_item, "county")],
    "DELETE /api/items/own/{provision_id}": [Case("county", "own", on_own_item, "county")],
    "POST /api/takeover": [Case("county", "own", taken, "county")],
    "POST /api/items/{record_id}/detachment": [
        Case("county", "own", path(record_id="refused_id"), "county")
    ],
    **_of_kind("item", office=False),
    **_of_kind("department", office=True),
    "GET /api/jobs/{job_id}": [Case("province", "own", path("job_id"), "province")],
    "POST /api/jobs/{job_id}/cancel": [Case("province", "own", path("job_id"), "province")],
    "POST /api/jobs/{job_id}/retry": [Case("province", "own", path("job_id"), "province")],
    "PUT /api/me/post": [
        Case("county", "own", lambda t: {"json": {"post_id": t["post_id"]}}, "county")
    ],
    "GET /api/standards/{standard_id}": [Case("province", "below", path("standard_id"), "county")],
    "GET /api/standards/{standard_id}/editions": [
        Case("province", "below", path("standard_id"), "county")
    ],
    "POST /api/standards/{standard_id}/editions": [
        Case(
            "province",
            "own",
            lambda t: path("standard_id")(t) | {"json": {"title": "x"}},
            "province",
        )
    ],
    "GET /api/editions/{edition_id}": READ,
    "GET /api/editions/{edition_id}/provisions": READ,
    "GET /api/editions/{edition_id}/changes": READ,
    f"GET {PROVISION}": [
        Case(
            "province",
            "below",
            lambda t: on_draft({**t, "draft_id": t["edition_id"]}, kind="item", code="A1"),
            "county",
        ),
        Case("province", "own", on_provision, "province"),
    ],
    "PATCH /api/editions/{edition_id}": [
        Case("province", "own", lambda t: on_draft(t, json={"title": "x"}), "province")
    ],
    "DELETE /api/editions/{edition_id}": [Case("province", "own", on_draft, "province")],
    f"PUT {PROVISION}": [
        Case("province", "own", lambda t: on_provision(t, json=_content()), "province")
    ],
    f"DELETE {PROVISION}": [Case("province", "own", on_provision, "province")],
    f"POST {PROVISION}/revert": [Case("province", "own", on_provision, "province")],
    f"PUT {PROVISION}/presence": [Case("province", "own", on_provision, "province")],
    f"DELETE {PROVISION}/presence": [Case("province", "own", on_provision, "province")],
    "GET /api/editions/{edition_id}/presence": [Case("province", "own", DRAFT, "province")],
    "GET /api/editions/{edition_id}/impact": [
        Case("province", "own", EDITION, "province"),
        Case("province", "own", DRAFT, "province"),
    ],
    "GET /api/editions/{edition_id}/changes/{kind}/{code}/{field}/centers": [
        Case("province", "own", _on_field, "province")
    ],
    "GET /api/editions/{edition_id}/workbook": READ,
    "POST /api/editions/{edition_id}/workbook/preview": [
        Case("province", "own", _with_file, "province")
    ],
    "POST /api/editions/{edition_id}/workbook/application": [
        Case("province", "own", _with_file, "province")
    ],
    "POST /api/editions/{edition_id}/workbook/refusals": [
        Case("province", "own", _with_file, "province")
    ],
    "GET /api/editions/{edition_id}/audience": READ,
    "GET /api/editions/{edition_id}/verification": READ,
    "GET /api/editions/{edition_id}/centers": [Case("province", "below", EDITION, "city")],
    "POST /api/editions/{edition_id}/withdrawal": [
        Case(
            "province",
            "own",
            _withdrawal,
            "province",
        )
    ],
    "GET /api/labels/centers": [
        Case(
            "county",
            "above",
            lambda t: {"query": {"parent": t["center_id"]}},
            "province",
            {"rows": []},
        )
    ],
    "PUT /api/labels/centers/{center_id}": [
        Case(
            "county", "label", lambda t: path("center_id")(t) | {"json": {"labels": []}}, "province"
        )
    ],
    "POST /api/labels": [
        Case(
            "county",
            "label",
            lambda t: {"json": {"label": "x", "centers": [t["center_id"]], "on": True}},
            "province",
            {"centers": 0},
        )
    ],
    "POST /api/editions/{edition_id}/publication": [
        Case("province", "own", lambda t: on_draft(t, json={}), "province")
    ],
    "POST /api/editions/{edition_id}/submission": [
        Case("province", "own", lambda t: on_draft(t, json={}), "province")
    ],
    "DELETE /api/editions/{edition_id}/submission": [Case("province", "own", on_draft, "province")],
    "POST /api/editions/{edition_id}/approval": [
        Case("province", "own", lambda t: on_draft(t, json={}), "province")
    ],
    "POST /api/editions/{edition_id}/return": [
        Case("province", "own", lambda t: on_draft(t, json={"reason": "x"}), "province")
    ],
    "GET /api/editions/{edition_id}/steps": [
        Case("province", "own", EDITION, "province"),
        Case("province", "own", DRAFT, "province"),
    ],
    "GET /api/editions/{edition_id}/faults": [Case("province", "own", DRAFT, "province")],
    "GET /api/standards/{standard_id}/review": [
        Case("province", "own", path("standard_id"), "province")
    ],
    "PUT /api/standards/{standard_id}/review": [Case("province", "own", _review_rule, "province")],
    "POST /api/editions/{edition_id}/preview": [
        Case("province", "own", _own_edition, "province"),
        Case("province", "own", lambda t: on_draft(t, json={"centers": "all"}), "province"),
    ],
    "POST /api/editions/{edition_id}/rollouts": [Case("province", "own", _rolled_out, "province")],
    "GET /api/rollouts": [
        Case(
            "province",
            "own",
            lambda t: {"query": {"edition_id": t["edition_id"]}},
            "province",
            {"rows": []},
        )
    ],
    "GET /api/rollouts/{rollout_id}": [Case("province", "own", path("rollout_id"), "province")],
    "GET /api/rollouts/{rollout_id}/deliveries": [
        Case("province", "own", path("rollout_id"), "province")
    ],
    "POST /api/rollouts/{rollout_id}/retry": [
        Case("province", "own", path("rollout_id"), "province")
    ],
    "GET /api/rollouts/{rollout_id}/rollback": [
        Case("province", "own", path("rollout_id"), "province")
    ],
    "POST /api/rollouts/{rollout_id}/rollback/preview": [
        Case(
            "province",
            "own",
            lambda t: path("rollout_id")(t) | {"json": {"centers": "all"}},
            "province",
        )
    ],
    "POST /api/rollouts/{rollout_id}/pause": [
        Case("province", "own", path("rollout_id"), "province")
    ],
    "POST /api/rollouts/{rollout_id}/resume": [
        Case("province", "own", path("rollout_id"), "province")
    ],
    "POST /api/rollouts/{rollout_id}/stop": [
        Case("province", "own", path("rollout_id"), "province")
    ],
    "POST /api/rollouts/{rollout_id}/stages/{place}/approval": [
        Case("province", "own", _stage, "province")
    ],
    "POST /api/rollouts/{rollout_id}/exemption": [Case("province", "own", _left_out, "province")],
    "POST /api/rollouts/{rollout_id}/rollback": [
        Case("province", "own", lambda t: path("rollout_id")(t) | {"json": ALL_BACK}, "province")
    ],
    "POST /api/conflicts/{conflict_id}/settlement": [
        Case("county", "own", lambda t: path("conflict_id")(t) | {"json": SETTLE}, "county")
    ],
    "POST /api/conflicts/settlements": [
        Case(
            "county",
            "own",
            lambda t: {"json": {"ids": [t["conflict_id"]], **SETTLE}},
            "county",
            {"settled": 0},
        )
    ],
    **{
        f"{operation} /api/updates/{{rollout_id}}{rest}": [
            Case("province", "province", _on_update(json), "county")
        ]
        for operation, rest, json in (
            ("GET", "", None),
            ("GET", "/rows", None),
            ("POST", "/acceptance", {"when": "now"}),
            ("POST", "/postponement", {"until": "2999-01-01", "reason": "x"}),
            ("POST", "/refusal", {"reason": "x"}),
            ("POST", "/take_all", {}),
            (
                "POST",
                "/answers",
                {"rows": [{"provision_id": 1, "field": "fee", "answer": "take"}]},
            ),
        )
    },
    "GET /api/rollouts/{rollout_id}/progress": [
        Case("province", "own", path("rollout_id"), "province")
    ],
    "POST /api/pins/{pin_id}/end": [Case("county", "own", path("pin_id"), "county")],
    "GET /api/exemptions": [Case("county", "own", _of_provision, "county", {"rows": []})],
    "GET /api/exemptions/asked": [Case("county", "above", _of_provision, "province", {"rows": []})],
    "POST /api/exemptions": [Case("county", "own", _exemption, "county")],
    "POST /api/exemptions/{exemption_id}/withdrawal": [
        Case("county", "own", path("exemption_id"), "county")
    ],
    "POST /api/exemptions/of/{center_id}/{exemption_id}/decision": [
        Case(
            "county",
            "decider",
            lambda t: (
                path("center_id", "exemption_id")(t) | {"json": {"grant": False, "reason": "x"}}
            ),
            "province",
        )
    ],
    "GET /api/comparison": [
        Case("county", "above", lambda t: {"query": {"parent": t["center_id"]}}, "city")
    ],
    "GET /api/comparison/{kind}/{provision_id}": [Case("county", "province", _across, "city")],
    "GET /api/comparison/{kind}/{provision_id}/centers": [
        Case("county", "province", _across, "city")
    ],
    "POST /api/comparison/{kind}/{provision_id}/adoption": [
        Case(
            "county",
            "above",
            lambda t: _across(t) | {"json": {"center_id": t["center_id"]}},
            "province",
        )
    ],
    "POST /api/proposals/{proposal_id}/withdrawal": [
        Case("county", "own", path("proposal_id"), "county")
    ],
    "POST /api/proposals/of/{center_id}/{proposal_id}/decision": [
        Case(
            "county",
            "decider",
            lambda t: (
                path("center_id", "proposal_id")(t) | {"json": {"accept": False, "reason": "x"}}
            ),
            "province",
        )
    ],
    "GET /api/standards/{standard_id}/history": [
        Case("province", "below", path("standard_id"), "county")
    ],
    "GET /api/standards/{standard_id}/provisions/{kind}/{code}/history": [
        Case(
            "province",
            "below",
            lambda t: {"path": {**path("standard_id")(t)["path"], "kind": "item", "code": "A1"}},
            "county",
        )
    ],
    "POST /api/standards/{standard_id}/amendment": [
        Case("province", "below", path("standard_id"), "city")
    ],
    "GET /api/standards/{standard_id}/amendments": [
        Case("province", "below", path("standard_id"), "city")
    ],
    "GET /api/standards/{standard_id}/amendments/{edition_id}": [
        Case("city", "around", path("standard_id", "edition_id"), "city")
    ],
    f"GET {AMENDED}": [
        Case("city", "below", EDITION, "county"),
        Case("city", "own", DRAFT, "city"),
    ],
    f"GET {AMENDED}/{{kind}}/{{code}}": [Case("city", "own", on_provision, "city")],
    f"PUT {AMENDED}/{{kind}}/{{code}}": [
        Case("city", "own", lambda t: on_provision(t, json={"content": {"fee": 0}}), "city")
    ],
    "POST /api/amendments/{edition_id}/tightening": [
        Case("city", "own", lambda t: DRAFT(t) | {"json": TIGHTEN}, "city")
    ],
    "GET /api/amendment_conflicts": [
        Case(
            "city",
            "own",
            lambda t: {"query": {"rollout_id": t["rollout_id"]}},
            "city",
            {"rows": []},
        )
    ],
    "POST /api/amendment_conflicts/{conflict_id}/settlement": [
        Case("city", "own", lambda t: path("conflict_id")(t) | {"json": SETTLE}, "city")
    ],
    "POST /api/amendment_conflicts/settlements": [
        Case("city", "own", lambda t: {"json": {"ids": [t["conflict_id"]]}}, "city", {"settled": 0})
    ],
    "POST /api/rollouts/{rollout_id}/cities/{city_id}/release": [
        Case(
            "province",
            "own",
            lambda t: path("rollout_id", "city_id")(t) | {"json": {"reason": "x"}},
            "province",
        )
    ],
    "GET /api/coverage": [
        Case("county", "above", lambda t: {"query": {"parent": t["center_id"]}}, "city")
    ],
    "GET /api/items/quality/of/{center_id}": [Case("county", "above", path("center_id"), "city")],
    "GET /api/items/quality/figures/of/{center_id}": [
        Case("county", "above", path("center_id"), "city")
    ],
    "GET /api/items/quality/below": [
        Case("county", "above", lambda t: {"query": {"parent": t["center_id"]}}, "city")
    ],
    "GET /api/entries/below": [
        Case("county", "above", lambda t: {"query": {"parent": t["center_id"]}}, "city")
    ],
    "GET /api/search": [
        Case(
            "county", "above", lambda t: {"query": {"parent": t["center_id"], "q": "事项"}}, "city"
        )
    ],
}
#: Have tests of their own below.
APART = {
    "GET /api/centers",
    "PUT /api/calendar/days/{day}",
    # In tests/tenants, where there are cases and confirmations to try them on.
    "GET /api/adjustments",
    "POST /api/adjustments/{adjustment_id}/withdrawal",
    "POST /api/adjustments/given-up/{record_id}/exit",
    "POST /api/adjustments/given-up/{record_id}/own",
    "GET /api/items/handling",
    "POST /api/items/handling/confirmations",
}
#: What a roll-out is for is told to those it goes to.
TOLD_BELOW = {"GET /api/updates"}
#: Operations that take no number of anything: whose things they show or change is the session's.
WITHOUT_NUMBERS = {
    "GET /health/live",
    "GET /health/ready",
    "POST /api/session",
    "DELETE /api/session",
    "DELETE /api/sessions",
    "GET /api/me",
    "PUT /api/me/password",
    "GET /api/holders",
    # What the person wants by mail: nothing names whose.
    "GET /api/me/digest",
    "PUT /api/me/digest",
    "PUT /api/me/digest/address",
    "DELETE /api/me/digest/address",
    "POST /api/me/digest/confirmation",
    "GET /api/kinds",
    "GET /api/standards",
    "POST /api/standards",
    "GET /api/conflicts",
    "GET /api/desk",
    "GET /api/labels",
    "GET /api/updates",
    "GET /api/pins",
    "GET /api/amendments",
    "GET /api/notices",
    "GET /api/notices/unread",
    "GET /api/proposals",
    "GET /api/proposals/asked",
    # How far somebody has read: a mark in the own list, whatever the number.
    "POST /api/notices/read",
    "GET /api/standards/reaching",
    "GET /api/cases",
    "GET /api/cases/counts",
    "GET /api/cases/handovers",
    "GET /api/escalations",
    # What is chosen is what the center offers; a number only leaves something out of that.
    "GET /api/campaigns",
    "POST /api/campaigns",
    "POST /api/campaigns/codes",
    "POST /api/campaigns/preview",
    "GET /api/joint-acts",
    "GET /api/documents",
    "GET /api/publications",
    "GET /api/entries",
    "GET /api/entries/changes",
    "GET /api/entries/changes/figures",
    "GET /api/entries/rates",
    "GET /api/find",
    "GET /api/find/all",
    "GET /api/consents",
    "GET /api/calendar",
    "GET /api/halls",
    "POST /api/halls",
    "GET /api/windows/departments",
    "GET /api/collisions",
    "GET /api/items/own",
    "POST /api/items/own",
    "GET /api/items/own/departments",
    "POST /api/items/own/import",
    "GET /api/takeover",
    "GET /api/takeover/dropped",
    "GET /api/items",
    "GET /api/items/duties",
    "GET /api/items/quality",
    "GET /api/items/quality/figures",
    "GET /api/items/quality/workbook",
    "GET /api/adjustments/given-up",
    "GET /api/departments",
    "GET /api/departments/duties",
    "GET /api/departments/roster",
    "GET /api/departments/roster/figures",
    "GET /api/equipment",
    "GET /api/support/template",
    "PUT /api/support/template",
}
METHODS = {"get", "post", "put", "patch", "delete"}


def operations() -> dict[str, dict[str, Any]]:
    """Return every operation of the OpenAPI document."""
    app = documented_app()
    with app.app_context():
        paths = app.extensions["api"].spec.to_dict()["paths"]
    return {
        f"{method.upper()} {address}": {**operation, "shared": parts.get("parameters", [])}
        for address, parts in paths.items()
        for method, operation in parts.items()
        if method in METHODS
    }


OPERATIONS = operations()


def _body(method: str, parts: dict[str, Any]) -> dict[str, Any]:
    if "data" in parts:
        return {"data": parts["data"]}
    return {"json": parts.get("json", {} if method in ("POST", "PUT", "PATCH") else None)}


def send(browser: Any, operation: str, parts: dict[str, Any]) -> Any:
    """Send what an operation asks for."""
    method, address = operation.split(" ")
    return browser.send(
        method,
        address.format(**parts.get("path", {})),
        **_body(method, parts),
        headers=parts.get("headers", {}),
        query_string=parts.get("query"),
    )


def allowed(stage: Stage, case: Case, username: str, code: str) -> bool:
    """Say whether this is not a stranger to the thing of this center."""
    place = stage.places[username]
    match case.also:
        case "own" | "center":
            return place == code
        case "above":
            return stage.reads(username, code)
        case "below":
            return stage.above(code, place)
        case "decider":  # the standard is the province's: so is the decision
            return stage.paths[code][0] == stage.centers[place]
        case "around":
            return stage.reads(username, code) or stage.above(code, place)
        case "label":
            return stage.reads(username, code) and "label.write" in ROLES[stage.roles[username]]
        case _:  # the duty is everybody's in the province
            return stage.paths[place][0] == stage.paths[code][0]


def test_every_operation_of_the_document_is_tried():
    assert set(OPERATIONS) == set(CASES) | WITHOUT_NUMBERS | APART


def test_an_operation_without_numbers_takes_none():
    for operation in WITHOUT_NUMBERS:
        described = OPERATIONS[operation]
        names = {p["name"] for p in described.get("parameters", []) + described["shared"]}
        assert not [name for name in names if name.endswith(("id", "ids", "parent"))], operation
        assert "{" not in operation


TRIED = [
    pytest.param(operation, case, id=f"{operation} {number}" if number else operation)
    for operation, cases in CASES.items()
    for number, case in enumerate(cases)
]


@pytest.mark.parametrize(("operation", "case"), TRIED)
def test_the_numbers_of_others_find_and_change_nothing(stage, undo, operation, case):
    tried = 0
    for code in SEEN:
        if OWNERS.get(code, "province") != case.of:
            continue
        for username, browser in stage.people.items():
            if username == "fresh" or allowed(stage, case, username, code):
                continue
            answer = send(browser, operation, case.ask(stage.things[code]))
            where = (operation, username, code, answer.text[:300])
            if answer.status_code == 200 and case.empty:
                assert case.empty.items() <= answer.json.items(), where
            else:
                assert answer.status_code in (403, 404), where
            assert f"密-{code}" not in answer.text, where
            tried += 1
    assert tried > 5

    own = {"county": "511602", "city": "511600"}.get(case.of, "510000")
    with undo(stage.app):
        answer = send(stage.people[case.by], operation, case.ask(stage.things[own]))
    assert answer.status_code in (200, 201, 202, 204, 409), answer.text
    assert not case.empty or not case.empty.items() <= answer.json.items()
    assert stage.changed() == []


def test_the_list_of_centers_is_the_own_subtree_whatever_is_asked_for(stage):
    for username, browser in stage.people.items():
        if username == "fresh":
            continue
        below = {code for code in stage.centers if stage.above(stage.places[username], code)}
        rows = browser.get("/api/centers").json["rows"]
        assert {row["code"] for row in rows} == below
        for code, number in stage.centers.items():
            rows = browser.get(f"/api/centers?parent={number}").json["rows"]
            children = {low for low in below if stage.paths[low][-2:-1] == [number]}
            assert {row["code"] for row in rows} == children, (username, code)


def test_a_day_that_a_province_sets_is_its_own(stage, undo):
    def days(browser: Any) -> list[Any]:
        return [day for day in browser.get("/api/calendar?year=2026").json["days"] if day["own"]]

    here, there = stage.people["county"], stage.people["standards_officer-370000"]
    assert [day["day"] for day in days(here)] == [OWN_DAYS["510000"]]
    assert [day["day"] for day in days(there)] == [OWN_DAYS["370000"]]
    wish = {"working": False, "name": "x"}
    for username, browser in stage.people.items():
        if stage.paths[stage.places[username]][0] == stage.centers["510000"]:
            continue
        with undo(stage.app):
            day = OWN_DAYS["510000"]
            answer = browser.send("PUT", f"/api/calendar/days/{day}", json=wish)
            assert answer.status_code in (200, 403), (username, answer.text)
            assert [day["own"]["name"] for day in days(here)] == ["名-510000"]
    assert stage.changed() == []


def test_a_county_in_another_tree_cannot_be_pushed_to(stage):
    own = stage.things["510000"]["edition_id"]
    for operation in ("preview", "rollouts"):
        given: dict[str, Any] = {"centers": [stage.centers["511602"], stage.centers["370102"]]}
        given |= {"reason": "x"} if operation == "rollouts" else {}
        answer = stage.people["province"].post(f"/api/editions/{own}/{operation}", given)
        assert (answer.status_code, answer.json["errors"][0]["field"]) == (422, "centers")
    assert stage.changed() == []


def readable(answer: Any) -> str:
    """What an answer says, also where it is a workbook."""
    if answer.mimetype != TYPES["xlsx"]:
        return answer.text
    book = CalamineWorkbook.from_filelike(BytesIO(answer.data))
    return str([book.get_sheet_by_name(name).to_python() for name in book.sheet_names])


def test_no_list_shows_what_belongs_to_somebody_else(stage):
    lists = [one for one in OPERATIONS if one.startswith("GET /api/") and "{" not in one]
    assert len(lists) > 10
    seen: dict[str, set[str]] = {}
    for username, browser in stage.people.items():
        place = stage.places[username]
        for operation in lists:
            query = {"claim": "not_offered"} if "duties" in operation else None
            query = {"state": ""} if "conflicts" in operation else query
            query = {"permission": "item.write"} if "holders" in operation else query
            answer = send(browser, operation, {"query": query})
            shown = readable(answer)
            assert answer.status_code in (200, 403), (operation, shown)
            for code in stage.centers:
                where = (operation, username, code)
                if f"密-{code}" in shown:
                    told = operation in TOLD_BELOW and stage.above(code, place)
                    assert place == code or told, where
                    seen.setdefault(operation, set()).add(username)
                if f"名-{code}" in shown:
                    assert stage.above(code, place), where
    assert {"GET /api/departments", "GET /api/items/duties", "GET /api/rollouts"} <= set(seen)


def test_a_liaison_finds_nothing_of_another_department_of_the_own_center(stage, undo):
    own, liaison = stage.things["511602"], stage.people["liaison"]
    for operation, cases in CASES.items():
        case = cases[0]
        if case.of != "county" or case.also != "own" or "post" in operation:
            continue
        answer = send(liaison, operation, case.ask(own))
        where = (operation, answer.text[:300])
        if answer.status_code == 200 and case.empty:
            assert case.empty.items() <= answer.json.items(), where
        else:
            assert answer.status_code in (403, 404), where
    for kind, provision_id in (("items", "provision_id"), ("departments", "office_id")):
        assert liaison.get(f"/api/{kind}").json["total"] == 0
        assert liaison.get(f"/api/{kind}/duties?department=D01").json["total"] == 0
        given = {"provision_ids": [own[provision_id]], "claim": "offered"}
        answer = liaison.post(f"/api/{kind}/claims", given)
        assert answer.status_code == 403 or answer.json["claimed"] == 0
    assert liaison.get("/api/conflicts").json["total"] == 0
    assert stage.changed() == []


# Without a session, without the token, before the first password is changed

DUMMY = {"kind": "item", "code": "A1"}
PUBLIC = {"GET /health/live", "GET /health/ready", "POST /api/session"}
EARLY = {"DELETE /api/session", "DELETE /api/sessions", "GET /api/me", "PUT /api/me/password"}


def dummy(operation: str) -> tuple[str, str]:
    """Return method and address of an operation, with numbers of nothing."""
    method, address = operation.split(" ")
    numbers = {part[1:-1]: 1 for part in address.split("/") if part.startswith("{")}
    return method, address.format(**(numbers | {k: v for k, v in DUMMY.items() if k in numbers}))


def test_the_public_operations_are_those_that_say_so():
    anyone = {operation for operation, d in OPERATIONS.items() if d["x-permission"] == ANYONE}
    assert anyone == PUBLIC
    anyone = [route for route in ROUTES.values() if route.needs == ANYONE]
    assert len([route for route in anyone if not route.page]) == len(PUBLIC)


def test_a_page_for_everybody_reaches_nothing_but_what_is_public():
    pages = [route for route in ROUTES.values() if route.page]
    assert len(pages) == 12
    assert {(route.needs, route.reach) for route in pages} == {(ANYONE, Reach.PUBLIC)}
    public = {name for name, route in ROUTES.items() if route.reach is Reach.PUBLIC}
    assert public == {name for name, route in ROUTES.items() if route.page}


@pytest.mark.parametrize("operation", sorted(set(OPERATIONS) - PUBLIC))
def test_without_a_session_there_is_no_answer(stage, operation):
    method, address = dummy(operation)
    answer = stage.app.test_client().open(address, method=method, json={})
    assert (answer.status_code, answer.json["code"]) == (401, "not_signed_in")


CHANGING = sorted(one for one in set(OPERATIONS) - PUBLIC if not one.startswith("GET"))


@pytest.mark.parametrize("operation", CHANGING)
def test_without_the_token_nothing_is_changed(stage, operation):
    method, address = dummy(operation)
    client = stage.people["county"].client
    for headers in ({}, {"X-CSRF-Token": "made up"}, {"X-CSRF-Token": ""}):
        answer = client.open(address, method=method, json={}, headers=headers)
        assert (answer.status_code, answer.json["code"]) == (403, "csrf")
    assert stage.people["county"].get("/api/me").status_code == 200


@pytest.mark.parametrize("operation", sorted(set(OPERATIONS) - PUBLIC - EARLY))
def test_before_the_first_password_is_changed_nothing_else_is_open(stage, operation):
    method, address = dummy(operation)
    answer = stage.people["fresh"].send(method, address, json={})
    assert (answer.status_code, answer.json["code"]) == (403, "password_change_required")


def test_before_the_first_password_is_changed_the_early_ones_are_open(stage, undo):
    fresh = stage.people["fresh"]
    key = fresh.client.get_cookie("jinzhu_session").value
    for operation in sorted(EARLY):
        method, address = dummy(operation)
        fresh.client.set_cookie("jinzhu_session", key)
        with undo(stage.app):
            answer = fresh.send(method, address)
        assert answer.json is None or answer.json.get("code") != "password_change_required"
        assert answer.status_code != 401
