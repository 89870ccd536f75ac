"""Effective records held against the rules: one record, a center's list, or the sums of many.

All of it is made from `rules.RULES`, so that a page, a figure and a refusal never disagree.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import (
    CTE,
    Boolean,
    ColumnElement,
    FromClause,
    Text,
    cast,
    column,
    func,
    literal,
    literal_column,
    select,
    true,
    values,
)
from sqlalchemy.dialects.postgresql import JSONB

from jinzhu.core.db import Selection, db
from jinzhu.core.language import say
from jinzhu.core.pages import Row
from jinzhu.core.problems import Fault
from jinzhu.standards.claims import in_force, models, narrowed
from jinzhu.standards.kinds import KINDS
from jinzhu.standards.models import Claim, Revision
from jinzhu.standards.quality.rules import RULES, QualityRule, Severity


def offered(kind: str, query: Mapping[str, Any]) -> Selection:
    """Select what centers offer of a kind, as filters narrow it, each with what it shows: `v`."""
    model = models()[kind]
    statement = (
        in_force(model)
        .with_only_columns(
            model.tenant_id,
            model.id.label("record_id"),
            model.provision_id,
            Revision.code,
            Revision.name,
            Revision.name_key,
            Revision.item_type,
            Revision.department_code,
            func.app.effective(Revision.content, Revision.bounds, model.local, type_=JSONB).label(
                "v"
            ),
        )
        .where(model.claim == Claim.OFFERED)
    )
    return narrowed(statement, dict(query))


def once(statement: Selection) -> CTE:
    """Return rows under the name that the rules know; what each shows is put together once."""
    return statement.cte("record").prefix_with("MATERIALIZED")


def findings(kind: str) -> FromClause:
    """Return the rules for each record, with the values that their text names, or null."""
    return (
        values(
            column("rule", Text), column("severity", Text), column("told", JSONB), name="finding"
        )
        .data([(literal(one.code), literal(one.severity.value), _told(one)) for one in RULES[kind]])
        .lateral()
    )


def _told(rule: QualityRule) -> ColumnElement[Any]:
    told = ", ".join(f"'{name}', {sql}" for name, sql in rule.told.items())
    return literal_column(
        f"CASE WHEN {rule.broken} THEN jsonb_build_object({told}) END", type_=JSONB
    )


def broken(rule: QualityRule) -> ColumnElement[bool]:
    """Return whether a record breaks a rule."""
    return literal_column(f"coalesce({rule.broken}, false)", type_=Boolean).label(rule.code)


def of(kind: str, effective: Mapping[str, Any]) -> list[Row]:
    """Return what is wrong with one effective record, faults first."""
    return of_many(kind, [effective])[0]


def of_many(kind: str, some: Sequence[Mapping[str, Any]]) -> list[list[Row]]:
    """Return what is wrong with each of some effective records, in one statement."""
    wrong: list[list[Row]] = [[] for _ in some]
    if kind not in RULES or not some:
        return wrong
    given = cast(literal([dict(one) for one in some], JSONB), JSONB)
    elements = func.jsonb_array_elements(given)
    shown = elements.table_valued(
        column("v", JSONB), with_ordinality="place", name="shown"
    ).render_derived()
    record, found = once(select(shown.c.v, shown.c.place)), findings(kind)
    statement = (
        select(record.c.place, found.c.rule, found.c.told)
        .select_from(record.join(found, true()))
        .where(found.c.told.is_not(None))
    )
    for row in db.session.execute(statement):
        wrong[row.place - 1].append(worded(kind, row.rule, row.told))
    return [sorted(rows, key=lambda row: row["severity"]) for rows in wrong]


def faults(kind: str, effective: Mapping[str, Any]) -> list[Fault]:
    """Return what is so wrong with an effective record that it cannot be proposed for entry."""
    return faults_of_many(kind, [effective])[0]


def faults_of_many(kind: str, some: Sequence[Mapping[str, Any]]) -> list[list[Fault]]:
    """Return what is so wrong with each of some records, in one statement."""
    return [
        [
            Fault(row["field"], row["text"], effective.get(row["field"]), row["rule"])
            for row in rows
            if row["severity"] == Severity.FAULT
        ]
        for effective, rows in zip(some, of_many(kind, some), strict=True)
    ]


def worded(kind: str, code: str, told: Mapping[str, Any]) -> Row:
    """Return a finding in the reader's words."""
    rule = next(one for one in RULES[kind] if one.code == code)
    return {
        "rule": code,
        "rule_label": say(f"quality.rule.{code}"),
        "severity": rule.severity.value,
        "field": rule.field,
        "field_label": KINDS[kind].label(rule.field),
        "text": say(f"quality.text.{code}", **{name: _plain(one) for name, one in told.items()}),
    }


def _plain(told: Any) -> Any:
    """Return a number without the zeros behind its point."""
    return int(told) if isinstance(told, float) and told.is_integer() else told
