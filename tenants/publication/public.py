"""What anybody reads of publications, and how anybody objects.

Read with the reach PUBLIC, which sees the publications of one center and nothing of people, and of
all centers only how many publications and halls each has.  What is written goes through one
function of the database, which takes an objection and tells its number.
"""

from collections.abc import Iterator, Mapping
from typing import Any

import orjson
from marshmallow import fields, validate
from sqlalchemy import ColumnElement, and_, func, or_, select, text
from sqlalchemy.orm import aliased

from jinzhu.core.calendar import today
from jinzhu.core.db import Selection, db
from jinzhu.core.language import say
from jinzhu.core.pages import Row, page_of
from jinzhu.core.problems import NotFound
from jinzhu.core.schema import PageQuery
from jinzhu.core.tenancy import current
from jinzhu.hierarchy.models import Center
from jinzhu.portal import forms
from jinzhu.standards.kinds import KINDS
from jinzhu.workdays import service as workdays
from tenants.publication import service
from tenants.publication.models import Publication, PublicationState
from tenants.publication.service import LONGEST, SHORTEST

CURRENT, PAST = "current", "past"
#: What the public sees of a publication; the role of the public sees no other column either.
COLUMNS = (
    Publication.id, Publication.number, Publication.object, Publication.kind,
    Publication.subject_code, Publication.subject_name, Publication.department_code,
    Publication.department_name, Publication.content, Publication.from_on, Publication.until_on,
    Publication.state, Publication.ended_on, Publication.reason,
)  # fmt: skip
_OBJECTIONS = text("""
    SELECT number, received_on, state, answer, closed_on FROM objection
    WHERE tenant_id = app.tenant_id() AND publication_id = :publication ORDER BY id
""")
_OBJECT = text("SELECT * FROM app.object(:number, :day, CAST(:given AS jsonb))")
_ANSWER = text("SELECT * FROM app.objection(:number, :code)")


class PublicQuery(PageQuery):
    """Which publications of a center."""

    state = fields.String(load_default=CURRENT, validate=validate.OneOf([CURRENT, PAST]))


class CentersQuery(PageQuery):
    """Which centers: those with something public, or all whose name fits."""


# Reading


def centers(query: Mapping[str, Any]) -> Row:
    """Return a page of the centers that show something to anybody, those that publish now first.

    Of each only how much it is; who looks for one by name finds it also where there is nothing.
    """
    counts = func.app.publishing(today()).table_valued("center_id", "publications", "halls")
    above = aliased(Center)
    statement: Selection = (
        select(
            Center.code,
            Center.name,
            above.name.label("above"),
            func.coalesce(counts.c.publications, 0).label("publications"),
            func.coalesce(counts.c.halls, 0).label("halls"),
        )
        .outerjoin(above, and_(above.id == Center.parent_id, above.parent_id.is_not(None)))
        .outerjoin(counts, counts.c.center_id == Center.id)
        .where(_named(query["q"]) if query.get("q") else counts.c.center_id.is_not(None))
    )
    most = func.coalesce(counts.c.publications, 0)
    return _counted(
        page_of(
            statement,
            {**query, "sort": ""},
            sortable={"publications": most},
            default="-publications",
            last=[Center.code.asc(), Center.id.asc()],
        )
    )


def _named(typed: str) -> ColumnElement[bool]:
    """Return the condition for centers by name, by code, or by the letters of the name."""
    part = typed.strip()
    letters = part.lower() if part.isascii() and part.isalpha() else ""
    conditions = [
        Center.name.icontains(part, autoescape=True),
        Center.code.startswith(part, autoescape=True),
    ]
    if letters:
        conditions.append(func.replace(Center.name_key, " ", "").startswith(letters))
        conditions.append(Center.name_key.like(" ".join(f"{letter}%" for letter in letters)))
    return or_(*conditions)


def _counted(found: Row) -> Row:
    return {**found, "pages": -(-found["total"] // found["per_page"])}


def page(query: Mapping[str, Any]) -> Row:
    """Return a page of the publications of the center that is looked at, the newest first."""
    statement: Selection = select(*COLUMNS).where(
        Publication.tenant_id == current().tenant_id, _standing(query["state"])
    )
    if query.get("q"):
        statement = statement.where(_found(query["q"]))
    found = page_of(
        statement,
        {**query, "sort": ""},
        sortable={"from": Publication.from_on},
        default="-from",
        last=[Publication.id.desc()],
    )
    return {**_counted(found), "rows": [_row(row) for row in found["rows"]]}


def _standing(name: str) -> ColumnElement[bool]:
    """Return the condition for what can be objected to, or for all that is past."""
    open_ = and_(Publication.state == PublicationState.RUNNING, Publication.until_on >= today())
    return open_ if name == CURRENT else ~open_


def _found(typed: str) -> ColumnElement[bool]:
    part = typed.strip()
    return or_(
        Publication.subject_name.icontains(part, autoescape=True),
        Publication.department_name.icontains(part, autoescape=True),
        Publication.subject_code.istartswith(part, autoescape=True),
        Publication.number.istartswith(part, autoescape=True),
    )


def _row(row: Row) -> Row:
    state = row["state"]
    running = state is PublicationState.RUNNING
    open_ = running and row["until_on"] >= today()
    named = "ended" if running and not open_ else state.value
    return {
        **row,
        "state": state.value,
        "open": open_,
        "state_label": say(f"publication_state.{named}"),
        "kind_label": kind_label(row["object"], row["kind"]),
    }


def kind_label(object_: str, kind: str) -> str:
    """Return what is planned in a word or two: the entry of an item, the exit of a department."""
    return say(
        "publication.kind",
        object=say(f"choice.procedure_object.{object_}"),
        kind=say(f"choice.procedure_kind.{kind}"),
    )


def find(number: str) -> Row:
    """Return a publication of the center that is looked at, by its number.

    Raises:
        NotFound: if there is none of this number here.
    """
    row = db.session.execute(
        select(*COLUMNS).where(
            Publication.tenant_id == current().tenant_id, Publication.number == number
        )
    ).one_or_none()
    if row is None:
        raise NotFound
    return _row(dict(row._mapping))


def document(number: str) -> Row:
    """Return a publication as its page shows it."""
    found = find(number)
    return {
        **found,
        "days_left": workdays.here().between(today(), found["until_on"]),
        "lines": list(_lines(found)),
        "objections": [_objection(dict(row._mapping)) for row in _objections(found["id"])],
    }


def _objections(publication_id: int) -> Any:
    return db.session.execute(_OBJECTIONS, {"publication": publication_id})


def _objection(row: Mapping[str, Any]) -> Row:
    return {**row, "state_label": say(f"objection_state.{row['state']}")}


def _lines(found: Row) -> Iterator[Row]:
    """Yield what is planned, line by line: label and text."""
    yield {"label": say("portal.subject"), "text": found["subject_name"]}
    yield {"label": say("portal.subject_code"), "text": found["subject_code"]}
    yield {"label": say("portal.department"), "text": found["department_name"]}
    facts = found["content"].get("facts", {})
    if facts.get("mode"):
        mode = say(f"choice.presence_mode.{facts['mode']}")
        yield {"label": say("portal.mode"), "text": mode}
    if facts.get("effective_on"):
        yield {"label": say("portal.effective_on"), "text": facts["effective_on"]}
    fields = found["content"]["fields"]
    for name in (one for one in service.FIELDS[found["object"]] if one in fields):
        value = fields[name]
        yield {
            "label": KINDS[found["object"]].label(name),
            "text": told(found["object"], name, value),
        }


def told(kind: str, name: str, value: Any) -> str:
    """Return the value of a field in words."""
    field = KINDS[kind].field(name)
    if field is not None and field.choices:
        codes = value if isinstance(value, list) else [value]
        return "、".join(say(f"choice.{field.choices}.{code}") for code in codes)
    return f"{value} {say(f'unit.{field.unit}')}" if field and field.unit else str(value)


# Objecting


def faults(given: Mapping[str, str]) -> dict[str, str]:
    """Return what is wrong with an objection, field by field."""
    wrong = {}
    for name, most in LONGEST.items():
        typed = given.get(name, "").strip()
        if len(typed) < SHORTEST[name]:
            wrong[name] = say(f"portal.fault.{name}")
        elif len(typed) > most:
            wrong[name] = say("portal.fault.long", n=most, is_now=len(typed))
    if given.get(forms.TRAP):
        wrong[forms.TRAP] = say("portal.fault.website")
    return wrong


def purpose(number: str) -> str:
    """Return what a form to object is signed for: this publication of this center."""
    return f"objection:{current().tenant_id}:{number}"


def send(found: Row, given: Mapping[str, str]) -> Row:
    """Take an objection; return its number and the code by which its answer is read, or why not.

    Sent a second time, the same form gets the same number and code.
    """
    number, center = found["number"], current().tenant_id or 0
    submission = forms.number_of(given.get("token", ""), purpose=purpose(number))
    if submission is None:
        return {"refused": "expired"}
    code = service.code_of(center, submission)
    told = {
        **service.sealed(center, submission, given),
        "said": given["said"].strip(),
        "code": service.known_by(code),
        "origin": forms.origin(),
        "submission": submission,
    }
    values = {"number": number, "day": today(), "given": orjson.dumps(told).decode()}
    row = db.session.execute(_OBJECT, values).one()
    return {"refused": row.refused, "number": row.number, "code": code}


def answer(given: Mapping[str, str]) -> Row | None:
    """Return what became of an objection for who has its number and its code; else None."""
    number, code = given.get("number", "").strip(), given.get("code", "").strip()
    spelled = "".join(sign for sign in code.upper() if sign.isalnum())
    spelled = "-".join(spelled[place : place + 4] for place in range(0, len(spelled), 4))
    row = db.session.execute(
        _ANSWER, {"number": number.upper(), "code": service.known_by(spelled)}
    ).one_or_none()
    if row is None:
        return None
    words = row.answer or say(f"objection.{row.state}")
    return {**_objection(dict(row._mapping)), "words": words}


def tabs(chosen: str) -> list[Row]:
    """Return the two parts of a center's list, and which of them is shown."""
    return [
        {"key": key, "label": say(f"portal.tab.{key}"), "current": key == chosen}
        for key in (CURRENT, PAST)
    ]


def refusal(reason: str) -> str:
    """Return why an objection was not taken though nothing in it is wrong."""
    return say(f"portal.refused.{reason}")


def too_late(found: Row) -> Row:
    """Return what is said where one can no longer object."""
    detail = say("portal.too_late_about", name=found["subject_name"], day=found["until_on"])
    return {"title": say("portal.too_late"), "detail": detail, "status": 409}


def unknown() -> str:
    """Return what is said where number and code do not belong together, or to nothing."""
    return say("portal.unknown_objection")
