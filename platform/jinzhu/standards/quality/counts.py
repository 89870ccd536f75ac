"""How many records break each rule: counted ahead, for whoever looks at many and often.

Putting together what a thousand records show takes a second, and a province looks at a hundred
thousand.  The own figures of a center that is noted are taken from its rows, so that they are never
behind; those above are told how many are being counted.
"""

from collections.abc import Iterable, Mapping
from datetime import date
from functools import cache
from hashlib import sha256
from typing import Any

from sqlalchemy import (
    Boolean,
    ColumnElement,
    bindparam,
    func,
    insert,
    literal_column,
    or_,
    select,
)

from jinzhu.core import clock, counting
from jinzhu.core.db import Selection, comparing_by_hash, db
from jinzhu.core.pages import Row
from jinzhu.core.transaction import keeping_plans
from jinzhu.standards.claims import filters, models
from jinzhu.standards.models import QualityCount, QualityTouched
from jinzhu.standards.quality import checks
from jinzhu.standards.quality.rules import RULES, Severity

#: The advisory-lock class under which a center is counted by one worker at a time.
LOCKS = 7206


def fingerprint() -> str:
    """Return what changes when a rule does: then everything has to be counted anew."""
    said = repr([(kind, r.code, r.severity.value, r.broken) for kind in RULES for r in RULES[kind]])
    return sha256(said.encode()).hexdigest()[:16]


def _counts(kind: str) -> list[ColumnElement[Any]]:
    """Return the sums over records whose broken rules stand in columns."""
    rules = RULES[kind]
    one = {rule.code: _column(rule.code) for rule in rules}
    split = {
        severity: [one[rule.code] for rule in rules if rule.severity is severity]
        for severity in Severity
    }
    faulty, warned = or_(*split[Severity.FAULT]), or_(*split[Severity.WARNING])
    return [
        func.count().label("checked"),
        func.count().filter(faulty).label("faulty"),
        func.count().filter(warned, ~faulty).label("warned"),
        *(func.count().filter(found).label(code) for code, found in one.items()),
    ]


def _column(code: str) -> ColumnElement[bool]:
    return literal_column(f"broken.{code}", type_=Boolean)


def counted(kind: str, statement: Selection) -> Selection:
    """Select the sums of records by center."""
    record = checks.once(statement)
    rules = [checks.broken(rule) for rule in RULES[kind]]
    # OFFSET 0: each rule is asked once for a record, however often its answer is counted.
    broken = select(record.c.tenant_id, *rules).offset(0).subquery("broken")
    return (
        select(broken.c.tenant_id, *_counts(kind)).select_from(broken).group_by(broken.c.tenant_id)
    )


def names(kind: str) -> tuple[str, ...]:
    """Return what is counted."""
    return ("checked", "faulty", "warned", *(rule.code for rule in RULES[kind]))


def summed(kind: str, rows: Iterable[Mapping[str, int]]) -> Row:
    """Return the sums of several centers."""
    kept = list(rows)
    return {name: sum(row.get(name, 0) for row in kept) for name in names(kind)}


def of_center(kind: str, query: Mapping[str, Any], *, center_id: int) -> Row:
    """Return the sums of a center: as counted ahead while that holds, else from its rows."""
    ahead = None if filters(dict(query)) else _ahead(kind, center_id)
    return _from_rows(kind, query, center_id) if ahead is None else ahead


def _ahead(kind: str, center_id: int) -> Row | None:
    touched = select(QualityTouched.id).where(QualityTouched.tenant_id == center_id)
    found = db.session.scalar(
        select(QualityCount.sums).where(
            QualityCount.tenant_id == center_id, QualityCount.kind == kind, ~touched.exists()
        )
    )
    return found if found is not None and set(found) == set(names(kind)) else None


def _from_rows(kind: str, query: Mapping[str, Any], center_id: int) -> Row:
    statement = _of_one(kind, query) if filters(dict(query)) else _of_all(kind)
    with keeping_plans():
        row = db.session.execute(statement, {"center": center_id}).one_or_none()
    return summed(kind, [_plain(row)] if row else [])


def _of_one(kind: str, query: Mapping[str, Any]) -> Selection:
    mine = checks.offered(kind, query).where(models()[kind].tenant_id == bindparam("center"))
    return counted(kind, mine)


@cache
def _of_all(kind: str) -> Selection:
    """Return the statement that narrows nothing, built once: that takes longer than running it."""
    return _of_one(kind, {})


def of_centers(
    kind: str, query: Mapping[str, Any], centers: list[int]
) -> tuple[dict[int, Row], int]:
    """Return the sums of each center that has any, and how many of them are being counted anew.

    Narrowed to departments or types they are taken from the rows, and none is behind.
    """
    if not filters(dict(query)):
        return _all_ahead(kind, centers)
    statement = checks.offered(kind, query).where(models()[kind].tenant_id.in_(centers))
    with comparing_by_hash(), keeping_plans():
        rows = db.session.execute(counted(kind, statement)).all()
    return {row.tenant_id: _plain(row) for row in rows}, 0


def _all_ahead(kind: str, centers: list[int]) -> tuple[dict[int, Row], int]:
    found = db.session.execute(
        select(QualityCount.tenant_id, QualityCount.sums).where(
            QualityCount.tenant_id.in_(centers), QualityCount.kind == kind
        )
    )
    touched = select(func.count(QualityTouched.tenant_id.distinct()))
    pending = db.session.scalar(touched.where(QualityTouched.tenant_id.in_(centers)))
    return {row.tenant_id: row.sums for row in found}, pending or 0


def _plain(row: Any) -> Row:
    return {name: n for name, n in row._mapping.items() if name != "tenant_id"}


@clock.due("app.due_quality_counts")
def recount(*, day: date) -> None:  # every duty is told the day
    """Check the records of the own center anew, and keep the sums."""
    counting.anew(QualityCount, QualityTouched, _count, locks=LOCKS)


def _count(center_id: int) -> None:
    for kind in RULES:
        sums = _from_rows(kind, {}, center_id)
        db.session.execute(insert(QualityCount).values(tenant_id=center_id, kind=kind, sums=sums))
