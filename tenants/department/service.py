"""The roster 部门名册: every department that the standards name for a center, with how it stands.

A center has some dozens of departments, so all of them are read in a fixed number of statements;
lists, figures and the page of one are cut from the same rows and cannot disagree.
"""

from collections.abc import Mapping
from datetime import date
from typing import Any

from sqlalchemy import Text, and_, cast, func, select, text
from sqlalchemy.dialects.postgresql import distinct_on

from jinzhu.core.calendar import today
from jinzhu.core.db import comparing_by_hash, db
from jinzhu.core.language import say
from jinzhu.core.pages import Row
from jinzhu.core.tenancy import current
from jinzhu.standards.claims import STANDING, departments_of_post, effective, in_force, models
from jinzhu.standards.models import Claim, Revision
from jinzhu.standards.records import duties
from tenants.department.workflow import credit_fault
from tenants.document import service as documents
from tenants.document.models import POWER_OF_ATTORNEY, CaseDocument
from tenants.entry.models import NOT_ENTERED, STATES, Entry, EntryState
from tenants.hall import service as halls
from tenants.hall.models import Assigned, Assignment, Hall, HallKind, Window
from tenants.procedure.models import Case, CaseState
from tenants.support import service as support

#: Values of a department that hold, whoever set them.
SHOWN = ("presence_mode", "office_hours", "credit_code", "leader", "phone", "contacts", "superior")
#: Sent as they are, and with '' for what is not said.
SAME = (
    "provision_id", "record_id", "code", "name", "name_key", "name_initials", "entry_force",
    "since", "approved_on",
)  # fmt: skip
SAID = (
    "claim_reason", "entry_reason", "approval", "approval_number", "leader", "phone",
    "office_hours",
)  # fmt: skip
HELD = ("personnel_held", "funds_held", "business_held", "assessment_held")


def roster(center_id: int) -> list[Row]:
    """Return every department that a center within reach has to answer to, as the post sees it."""
    rows = [dict(row._mapping) for row in db.session.execute(_rows(center_id))]
    parts: dict[str, Mapping[Any, Any]] = {
        "windows": _windows(center_id),
        "items": _items(center_id),
        "power": _powers(center_id),
        "case": _cases(center_id),
        "hall": _halls(center_id),
        "services": support.summaries(center_id),
    }
    return [_shaped(row, parts) for row in rows]


def _rows(center_id: int) -> Any:
    model = models()["department"]
    statement = (
        duties.due("department", center_id)
        .outerjoin(
            Entry,
            and_(
                Entry.tenant_id == center_id,
                Entry.subject_id == Revision.provision_id,
                Entry.until.is_(None),
            ),
        )
        .with_only_columns(
            Revision.provision_id,
            model.id.label("record_id"),
            Revision.code,
            Revision.name,
            Revision.name_key,
            Revision.name_initials,
            Revision.content["department_class"].label("standard_class"),
            Revision.content["entry_force"].label("entry_force"),
            *(_value(model, name) for name in (*SHOWN, *HELD)),
            model.claim,
            model.reason.label("claim_reason"),
            *(
                getattr(Entry, name)
                for name in ("state", "mode", "since", "approval", "approval_number", "approved_on")
            ),
            Entry.reason.label("entry_reason"),
            Entry.department_class.label("adjusted_class"),
            Entry.superior.label("adjusted_superior"),
        )
        .order_by(Revision.name_key, Revision.provision_id)
    )
    own = departments_of_post()
    return statement if own is None else statement.where(own)


def _value(model: Any, name: str) -> Any:
    """Return a value that holds; of what is not answered yet, the standard's."""
    return func.coalesce(effective(model, name), Revision.content[name]).label(name)


def _windows(center_id: int) -> dict[str, Row]:
    """Return at how many windows each department is or comes to, and in which halls."""
    names = func.array_agg(Hall.name.distinct())
    found = db.session.execute(
        select(Assignment.code, func.count(Window.id.distinct()), names)
        .join(
            Window,
            and_(Window.tenant_id == Assignment.tenant_id, Window.id == Assignment.window_id),
        )
        .join(Hall, and_(Hall.tenant_id == Window.tenant_id, Hall.id == Window.hall_id))
        .where(
            Assignment.tenant_id == center_id,
            Assignment.object == Assigned.DEPARTMENT,
            Window.closed_on.is_(None),
            halls.lasting(),
        )
        .group_by(Assignment.code)
    )
    return {code: {"count": count, "halls": sorted(named)} for code, count, named in found}


def _items(center_id: int) -> dict[str, Row]:
    """Return how the items that a center offers of each department stand."""
    item = models()["item"]
    state = func.coalesce(cast(Entry.state, Text), NOT_ENTERED)
    present = and_(
        Entry.tenant_id == item.tenant_id,
        Entry.subject_id == item.provision_id,
        Entry.until.is_(None),
    )
    counts = [func.count().filter(state == one).label(one) for one in STATES]
    found = db.session.execute(
        in_force(item)
        .outerjoin(Entry, present)
        .with_only_columns(
            Revision.department_code,
            func.count().label("offered"),
            *counts,
            maintain_column_froms=True,
        )
        .where(item.tenant_id == center_id, item.claim == Claim.OFFERED)
        .group_by(Revision.department_code)
    )
    return {row.department_code: _rated(dict(row._mapping)) for row in found}


def _rated(counts: Row) -> Row:
    """Add what is due of the items: what no approval lets stay outside."""
    counts.pop("department_code", None)
    return {**counts, "due": counts["offered"] - counts[EntryState.EXCLUDED.value]}


NO_ITEMS: Row = dict.fromkeys(("offered", "due", *STATES), 0)


def _powers(center_id: int) -> dict[str, Row]:
    """Return the power of attorney of each department that ends last, as it stands today."""
    found = db.session.execute(
        select(
            CaseDocument.department_code,
            CaseDocument.case_id,
            CaseDocument.number,
            CaseDocument.valid_from,
            CaseDocument.valid_until,
        )
        .ext(distinct_on(CaseDocument.department_code))
        .join(Case, and_(Case.tenant_id == CaseDocument.tenant_id, Case.id == CaseDocument.case_id))
        .where(
            CaseDocument.tenant_id == center_id,
            CaseDocument.name == POWER_OF_ATTORNEY,
            CaseDocument.withdrawn_at.is_(None),
            Case.state.in_([CaseState.RUNNING, CaseState.FINISHED]),
        )
        .order_by(
            CaseDocument.department_code,
            CaseDocument.valid_until.desc().nulls_last(),
            CaseDocument.id.desc(),
        )
    )
    day = today()
    return {row.department_code: _power(dict(row._mapping), day) for row in found}


def _power(row: Row, day: date) -> Row:
    until = row["valid_until"]
    state = documents.state(row["valid_from"], until, day)
    left = (until - day).days if until else None
    kept = {name: row[name] for name in ("case_id", "number", "valid_from", "valid_until")}
    return {**kept, "state": state, "days_left": left}


def _cases(center_id: int) -> dict[int, Row]:
    """Return the case that runs for each department, by provision."""
    found = db.session.execute(
        select(Case.subject_id, Case.id, Case.number, Case.kind).where(
            Case.tenant_id == center_id,
            Case.object == "department",
            Case.state == CaseState.RUNNING,
        )
    )
    return {
        row.subject_id: {
            "id": row.id,
            "number": row.number,
            "kind": row.kind,
            "kind_label": say(f"choice.procedure_kind.{row.kind}"),
        }
        for row in found
    }


def _halls(center_id: int) -> dict[str, Row]:
    """Return the hall of its own that a department has."""
    found = db.session.execute(
        select(Hall.department_code, Hall.id, Hall.name, Hall.address, Hall.phone)
        .where(
            Hall.tenant_id == center_id,
            Hall.kind == HallKind.STANDALONE,
            Hall.closed_on.is_(None),
        )
        .order_by(Hall.id)
    )
    return {
        row.department_code: {
            "id": row.id,
            "name": row.name,
            "address": row.address,
            "phone": row.phone,
        }
        for row in found
    }


def _shaped(row: Row, parts: Mapping[str, Mapping[Any, Any]]) -> Row:
    """Return a department with all that hangs on it, its choices in words."""
    given = row["credit_code"] or ""
    return {
        **{name: row[name] for name in SAME},
        **{name: row[name] or "" for name in SAID},
        "contacts": row["contacts"] or [],
        "superior": row["adjusted_superior"] or row["superior"] or "",
        "claim": row["claim"].value if row["claim"] else duties.UNCLAIMED,
        **_standing(row),
        **{f"{name}_label": _worded("holder", row[name]) for name in HELD},
        "credit_code": given,
        "credit_fault": credit_fault(given),
        **_hanging(row["code"], row["provision_id"], parts),
    }


def _standing(row: Row) -> Row:
    """Return class, force, state and presence of a department, each with its name."""
    state = row["state"].value if row["state"] else NOT_ENTERED
    class_ = row["adjusted_class"] or row["standard_class"]
    mode = row["mode"].value if row["mode"] else row["presence_mode"]
    return {
        "department_class": class_,
        "class_label": _worded("department_class", class_),
        "class_adjusted": bool(row["adjusted_class"]),
        "force_label": _worded("entry_force", row["entry_force"]),
        "state": state,
        "state_label": _state_label(state, row),
        "mode": mode,
        "mode_label": _worded("presence_mode", mode),
    }


def _hanging(code: str, number: int, parts: Mapping[str, Mapping[Any, Any]]) -> Row:
    """Return what hangs on a department, from what was read of all of them."""
    summary = parts["services"].get(number, support.Summary())
    return {
        "windows": parts["windows"].get(code, {"count": 0, "halls": []}),
        "items": parts["items"].get(code, NO_ITEMS),
        "power": parts["power"].get(code),
        "case": parts["case"].get(number),
        "hall": parts["hall"].get(code),
        "services": {name: getattr(summary, name) for name in ("lines", "provided", "open", "out")},
    }


def _worded(choices: str, value: Any) -> str:
    return say(f"choice.{choices}.{value}") if value else ""


def _state_label(state: str, row: Row) -> str:
    """Name a state; who need not enter is not called due."""
    if state == NOT_ENTERED and row["entry_force"] != "shall":
        return say("roster.not_entered")
    return say(f"entry_state.{state}")


# Over all centers below

#: Figures of a center, in the order in which they are shown.
FIGURES = (
    "departments",
    "shall",
    "entered",
    "missing",
    "unanswered",
    "standalone",
    "power_ended",
)
#: Departments are read once for each edition, never once for each center, and whatever a center has
#: of one is looked up by its key; a `way` is an edition with a city's amendment on top, or none.
_COUNT = text(f"""
    WITH place AS MATERIALIZED (
        SELECT id, level, path FROM center
        WHERE path @> ARRAY[CAST(:parent AS int)] AND id <> :parent
    ), stands AS MATERIALIZED (
        SELECT p.id AS tenant_id, p.level, p.path, a.standard_id, a.edition_id, a.merged_id,
            dense_rank() OVER (ORDER BY a.edition_id, a.merged_id) AS way,
            row_number() OVER (PARTITION BY a.edition_id, a.merged_id) AS place
        FROM place p CROSS JOIN LATERAL (
            SELECT a.standard_id, a.edition_id, a.merged_id FROM adoption a
            WHERE a.tenant_id = p.id
                AND a.standard_id NOT IN (SELECT id FROM standard WHERE nature = 'own')
            OFFSET 0) a
    ), named AS MATERIALIZED (
        SELECT w.way, w.above, e.provision_id, r.code, r.content->>'entry_force' AS force,
            r.content->>'presence_mode' AS mode, r.bounds->'presence_mode' AS bound, r.levels,
            r.regions, r.labels,
            EXISTS (SELECT FROM collision c WHERE c.yielding_id = e.provision_id) AS yields
        FROM (SELECT p.way, p.edition_id, p.merged_id, o.path AS above FROM stands p
            JOIN standard s ON s.id = p.standard_id JOIN center o ON o.id = s.owner_id
            WHERE p.place = 1) w
        CROSS JOIN LATERAL (
            SELECT e.provision_id, {STANDING} AS revision_id FROM edition_entry e
            JOIN provision v ON v.id = e.provision_id AND v.kind = 'department'
            LEFT JOIN merged_entry m
                ON m.merged_id = w.merged_id AND m.provision_id = e.provision_id
            WHERE e.edition_id = w.edition_id OFFSET 0) e
        CROSS JOIN LATERAL (SELECT * FROM revision r WHERE r.id = e.revision_id OFFSET 0) r
        WHERE CAST(:own AS text[]) IS NULL OR r.code = ANY (CAST(:own AS text[]))
    ), due AS MATERIALIZED (
        SELECT p.tenant_id, n.* FROM named n
        JOIN stands p ON p.way = n.way AND p.level = ANY (n.levels)
        WHERE (NOT n.yields OR app.governing(n.provision_id, p.tenant_id) IS NULL)
            AND (n.regions = '{{}}' OR n.regions && p.path)
            AND (n.labels = '{{}}' OR EXISTS (SELECT FROM center_label l
                WHERE l.center_id = p.tenant_id AND l.owner_id = ANY (n.above)
                    AND l.label = ANY (n.labels)))
    ), power AS MATERIALIZED (
        SELECT p.id AS tenant_id, d.department_code, d.until FROM place p CROSS JOIN LATERAL (
            SELECT d.department_code, max(d.valid_until) AS until FROM case_document d
            JOIN procedure_case c ON c.tenant_id = d.tenant_id AND c.id = d.case_id
            WHERE d.tenant_id = p.id AND d.name = :power AND d.withdrawn_at IS NULL
                AND c.state IN ('running', 'finished')
            GROUP BY 1 OFFSET 0) d
    ), own_hall AS MATERIALIZED (
        SELECT p.id AS tenant_id, h.department_code FROM place p CROSS JOIN LATERAL (
            SELECT DISTINCT h.department_code FROM hall h
            WHERE h.tenant_id = p.id AND h.kind = 'standalone' AND h.closed_on IS NULL
            OFFSET 0) h
    ), stood AS (
        SELECT d.tenant_id, coalesce(x.content->>'entry_force', d.force) AS force, e.state,
            coalesce(t.claim, 'offered') = 'offered' AND coalesce(e.state, 'left') = 'left'
                AS awaited,
            coalesce(e.mode, CASE WHEN NOT app.breaks(d.bound, t.local->'presence_mode')
                THEN t.local->>'presence_mode' END, d.mode) AS mode,
            h.department_code IS NOT NULL AS housed, w.until < :day AS ended
        FROM due d
        LEFT JOIN LATERAL (SELECT t.claim, t.local, t.pinned_revision_id FROM department t
            WHERE t.tenant_id = d.tenant_id AND t.provision_id = d.provision_id OFFSET 0) t ON true
        LEFT JOIN LATERAL (SELECT x.content FROM revision x
            WHERE x.id = t.pinned_revision_id OFFSET 0) x ON true
        LEFT JOIN LATERAL (SELECT e.state, e.mode FROM entry e
            WHERE e.tenant_id = d.tenant_id AND e.subject_id = d.provision_id
                AND e.until IS NULL OFFSET 0) e ON true
        LEFT JOIN own_hall h ON h.tenant_id = d.tenant_id AND h.department_code = d.code
        LEFT JOIN power w ON w.tenant_id = d.tenant_id AND w.department_code = d.code
    )
    SELECT tenant_id, count(*) AS departments,
        count(*) FILTER (WHERE force = 'shall') AS shall,
        count(*) FILTER (WHERE state = 'entered') AS entered,
        count(*) FILTER (WHERE force = 'shall' AND awaited) AS missing,
        count(*) FILTER (WHERE force = 'proposed' AND awaited) AS unanswered,
        count(*) FILTER (WHERE (mode = 'standalone' OR housed)
            AND state IN ('entered', 'suspended')) AS standalone,
        count(*) FILTER (WHERE ended) AS power_ended
    FROM stood GROUP BY 1
""")


def counted(center_id: int) -> dict[int, Row]:
    """Return the figures of each center below one, by its number.  Needs the reach SUBTREE."""
    own = current().departments
    values = {
        "parent": center_id,
        "own": None if own is None else list(own),
        "power": POWER_OF_ATTORNEY,
        "day": today(),
    }
    with comparing_by_hash():
        found = db.session.execute(_COUNT, values).all()
    return {row.tenant_id: {name: getattr(row, name) for name in FIGURES} for row in found}
