"""A center's findings as people read them: the list, and how many of each rule there are.

The figures are counted over the same records and by the same rules as the list.
"""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select, true

from jinzhu.core.db import Selection, db
from jinzhu.core.language import say
from jinzhu.core.pages import Row, page_of
from jinzhu.core.tenancy import current
from jinzhu.core.transaction import keeping_plans
from jinzhu.hierarchy.models import Center
from jinzhu.standards import coverage
from jinzhu.standards.claims import models
from jinzhu.standards.departments import departments_around
from jinzhu.standards.kinds import KINDS
from jinzhu.standards.quality import checks, counts
from jinzhu.standards.quality.rules import RULES

#: What is counted beside each rule.
SUMS = ("checked", "faulty", "warned", "faults", "warnings")


def _listed(kind: str, query: Mapping[str, Any], center_id: int) -> tuple[Selection, Any, Any]:
    """Select the findings of a center, with their record and their rule."""
    mine = checks.offered(kind, query).where(models()[kind].tenant_id == center_id)
    record, finding = checks.once(mine), checks.findings(kind)
    statement = (
        select(
            record.c.record_id,
            record.c.provision_id,
            record.c.code,
            record.c.name,
            record.c.item_type,
            record.c.department_code,
            finding.c.rule,
            finding.c.told,
        )
        .select_from(record.join(finding, true()))
        .where(finding.c.told.is_not(None))
    )
    for name in ("rule", "severity"):
        if query.get(name):
            statement = statement.where(finding.c[name] == query[name])
    return statement, record, finding


def page(kind: str, query: Mapping[str, Any], *, center_id: int) -> Row:
    """Return a page of the findings of a center: one row for each rule that a record breaks."""
    statement, record, finding = _listed(kind, query, center_id)
    # What a record shows is put together by functions, which would be planned anew for each.
    with keeping_plans():
        found = page_of(
            statement,
            query,
            sortable={
                "name": record.c.name_key,
                "code": record.c.code,
                "department": record.c.department_code,
                "rule": finding.c.rule,
                "severity": finding.c.severity,
            },
            default="severity,department,name",
            last=[record.c.record_id.asc(), finding.c.rule.asc()],
        )
    names = departments_around(center_id)
    found["rows"] = [_row(kind, row, names) for row in found["rows"]]
    return found


def _row(kind: str, row: Row, names: Mapping[str, str]) -> Row:
    told = checks.worded(kind, row.pop("rule"), row.pop("told"))
    return {**row, **told, "department_name": names.get(row["department_code"], "")}


def figures(kind: str, query: Mapping[str, Any], *, center_id: int) -> Row:
    """Return how many records of a center were checked, and how many break each rule."""
    return _told(kind, counts.of_center(kind, query, center_id=center_id))


def _told(kind: str, sums: Row) -> Row:
    """Return sums as sent: those of the rules in their order, with their words."""
    rules = [
        {
            "rule": rule.code,
            "label": say(f"quality.rule.{rule.code}"),
            "severity": rule.severity.value,
            "field": rule.field,
            "field_label": KINDS[kind].label(rule.field),
            "count": sums[rule.code],
        }
        for rule in RULES[kind]
    ]
    by = {
        severity: sum(rule["count"] for rule in rules if rule["severity"] == severity)
        for severity in ("fault", "warning")
    }
    plain = {name: sums[name] for name in ("checked", "faulty", "warned")}
    return {**plain, "faults": by["fault"], "warnings": by["warning"], "checks": rules}


def below(kind: str, query: Mapping[str, Any]) -> Row:
    """Return the sums of a center's subtree: in all, its own, and by center just below.

    Needs the reach SUBTREE.
    """
    center = coverage.below(query.get("parent") or current().tenant_id or 0)
    places = {
        place.id: place
        for place in db.session.scalars(
            select(Center).where(Center.path.contains([center.id])).order_by(Center.code)
        )
    }
    counted, pending = counts.of_centers(kind, query, list(places))
    depth = len(center.path)
    children = [place for place in places.values() if place.parent_id == center.id]
    branches: dict[int, list[Row]] = {place.id: [] for place in children}
    for number, row in counted.items():
        path = places[number].path
        if len(path) > depth:
            branches[path[depth]].append(row)
    own = [counted[center.id]] if center.id in counted else []
    parents = {place.parent_id for place in places.values()}
    return {
        "center": _place(center),
        "pending": pending,
        "total": _told(kind, counts.summed(kind, counted.values())),
        "own": _told(kind, counts.summed(kind, own)),
        "rows": [
            {
                "center": {**_place(place), "has_children": place.id in parents},
                **_told(kind, counts.summed(kind, branches[place.id])),
            }
            for place in children
        ],
    }


def _place(center: Center) -> Row:
    return {
        "id": center.id,
        "code": center.code,
        "name": center.name,
        "level": center.level.value,
    }


def every(kind: str, query: Mapping[str, Any], *, center_id: int) -> list[Row]:
    """Return all findings of a center that filters leave, in the order of the list."""
    statement, record, finding = _listed(kind, query, center_id)
    ordered = statement.order_by(
        finding.c.severity, record.c.department_code, record.c.name_key, finding.c.rule
    )
    names = departments_around(center_id)
    return [_row(kind, dict(row._mapping), names) for row in db.session.execute(ordered)]
