"""An update field by field: what stood there, what comes, what is said here, and what holds then.

Only what concerns the center: the provisions that it offers and that the edition changes.
"""

from collections.abc import Sequence
from enum import StrEnum
from typing import Any

from sqlalchemy import (
    BigInteger,
    Boolean,
    Date,
    DateTime,
    Subquery,
    Text,
    and_,
    case,
    column,
    func,
    select,
    text,
    values,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import aliased

from jinzhu.core.db import Selection, db
from jinzhu.core.tenancy import current
from jinzhu.hierarchy.models import Center
from jinzhu.standards.claims import applies, departments_of_post, models, tables
from jinzhu.standards.models import Answer, EditionEntry, Revision
from jinzhu.standards.receiving.update_ways import Way, columns


class RowState(StrEnum):
    """What becomes of a field, in the order in which a center looks at them."""

    #: The local value is outside the new bound; the standard's holds until it is answered.
    CONFLICT = "conflict"
    #: The local value is inside the new bound, and goes on holding.
    STAYS_DIFFERENT = "stays_different"
    POSTPONED = "postponed"
    EXEMPT = "exempt"
    #: Nothing is said here: the standard's value comes through.
    COMES_THROUGH = "comes_through"
    #: Comes through, and could not be otherwise.
    FIXED = "fixed"
    ADDED = "added"
    REMOVED = "removed"


#: What holds of a field under a revision: the local value where it is allowed, else the standard's.
_HOLDS = """CASE WHEN NOT m.local ? f.field
        OR app.breaks({rev}.bounds -> f.field, m.local -> f.field)
    THEN {rev}.content -> f.field
    WHEN jsonb_typeof(m.local -> f.field) = 'object'
        THEN app.patched({rev}.content -> f.field, m.local -> f.field)
    ELSE m.local -> f.field END"""

_WAYS = """
    way AS (
        SELECT * FROM unnest(CAST(:rollouts AS bigint[]), CAST(:old AS bigint[]),
            CAST(:old_merged AS bigint[]), CAST(:new AS bigint[]), CAST(:new_merged AS bigint[]))
            AS w (rollout_id, old_id, old_merged_id, new_id, new_merged_id)
    ), pair AS MATERIALIZED (
        SELECT w.rollout_id, w.new_id AS edition_id, entry.provision_id,
            coalesce(om.revision_id, entry.old_id) AS old_id,
            coalesce(nm.revision_id, entry.new_id) AS new_id
        FROM way w
        CROSS JOIN LATERAL (
            SELECT provision_id, n.revision_id AS new_id, o.revision_id AS old_id
            FROM (SELECT provision_id, revision_id FROM edition_entry
                WHERE edition_id = w.new_id) n
            FULL JOIN (SELECT provision_id, revision_id FROM edition_entry
                WHERE edition_id = w.old_id) o USING (provision_id)
        ) entry
        LEFT JOIN merged_entry nm ON nm.merged_id = w.new_merged_id
            AND nm.provision_id = entry.provision_id AND entry.new_id IS NOT NULL
        LEFT JOIN merged_entry om ON om.merged_id = w.old_merged_id
            AND om.provision_id = entry.provision_id AND entry.old_id IS NOT NULL
        WHERE coalesce(nm.revision_id, entry.new_id)
            IS DISTINCT FROM coalesce(om.revision_id, entry.old_id)
    )"""

#: A field: '' where the whole provision came or went.
_OF_KIND = f"""
    SELECT p.rollout_id, '{{kind}}' AS kind, p.provision_id, m.id AS record_id,
        shown.code, shown.name, shown.name_key, f.field, p.old_id, p.new_id,
        was.content -> f.field AS old_value, now.content -> f.field AS new_value,
        CASE WHEN was.id IS NOT NULL
            THEN coalesce(was.rules -> f.field ->> 'rule', 'fixed') END AS old_rule,
        CASE WHEN now.id IS NOT NULL
            THEN coalesce(now.rules -> f.field ->> 'rule', 'fixed') END AS new_rule,
        m.local -> f.field AS local_value,
        {_HOLDS.format(rev="was")} AS before,
        CASE WHEN pin.id IS NULL THEN {_HOLDS.format(rev="now")}
            ELSE {_HOLDS.format(rev="held")} END AS after,
        pin.id AS pin_id, pin.field = '' AS pin_whole, pin.until, pin.exemption_id,
        CASE WHEN now.id IS NULL THEN 'removed' WHEN was.id IS NULL THEN 'added'
            WHEN pin.reason IS NOT NULL THEN pin.reason::text
            WHEN NOT m.local ? f.field THEN CASE coalesce(now.rules -> f.field ->> 'rule', 'fixed')
                WHEN 'fixed' THEN 'fixed' ELSE 'comes_through' END
            WHEN app.breaks(now.bounds -> f.field, m.local -> f.field) THEN 'conflict'
            ELSE 'stays_different' END AS state,
        u.answer, u.value AS answer_value, u.reason AS answer_reason, u.until AS answer_until,
        u.answered_by, u.answered_at,
        coalesce(now.rules -> f.field ->> 'rule' = 'local' AND was.id IS NOT NULL
            AND pin.id IS NULL AND coalesce(u.answer, 'later') = 'later'
            AND CASE WHEN m.local ? f.field
                THEN NOT app.breaks(now.bounds -> f.field, m.local -> f.field)
                ELSE was.rules -> f.field ->> 'rule' = 'local'
                    AND NOT f.field = ANY (now.required_fields)
                    AND was.content -> f.field IS NOT DISTINCT FROM now.content -> f.field
            END, false) AS quiet
    FROM pair p
    JOIN {{table}} m ON m.tenant_id = :center AND m.provision_id = p.provision_id
        AND m.claim = 'offered'
    LEFT JOIN revision was ON was.id = p.old_id
    LEFT JOIN revision now ON now.id = p.new_id
    LEFT JOIN revision held ON held.id = m.pinned_revision_id
    CROSS JOIN LATERAL (
        SELECT coalesce(now.code, was.code) AS code, coalesce(now.name, was.name) AS name,
            coalesce(now.name_key, was.name_key) AS name_key,
            CASE '{{kind}}' WHEN 'department' THEN coalesce(now.code, was.code)
                ELSE coalesce(now.department_code, was.department_code) END AS department
    ) shown
    CROSS JOIN LATERAL (
        SELECT '' AS field WHERE was.id IS NULL OR now.id IS NULL
        UNION ALL
        SELECT key FROM jsonb_object_keys(
            was.content || now.content || was.rules || now.rules) key
        WHERE (was.content -> key, was.rules -> key)
            IS DISTINCT FROM (now.content -> key, now.rules -> key)
    ) f
    LEFT JOIN pin ON pin.tenant_id = :center AND pin.provision_id = p.provision_id
        AND pin.ended_at IS NULL AND pin.field = (
            SELECT min(o.field) FROM pin o WHERE o.tenant_id = :center
                AND o.provision_id = p.provision_id AND o.ended_at IS NULL
                AND o.field IN ('', f.field))
    LEFT JOIN LATERAL (
        SELECT 1 AS turn, a.answer::text AS answer, a.value, a.reason, a.until, a.answered_by,
            a.created_at AS answered_at
        FROM update_answer a
        WHERE a.tenant_id = :center AND a.rollout_id = p.rollout_id
            AND a.provision_id = p.provision_id AND a.field = f.field
        UNION ALL
        -- A conflict that was answered on its own page, or with the record, is answered.
        (SELECT 2, CASE s.resolution WHEN 'keep' THEN 'keep' ELSE 'take' END,
            CASE s.resolution WHEN 'keep' THEN s.settled_value ELSE s.local_value END, s.reason,
            NULL, s.settled_by, s.created_at
        FROM settlement s
        WHERE s.tenant_id = :center AND s.provision_id = p.provision_id AND s.field = f.field
            AND s.edition_id = p.edition_id
        ORDER BY s.id DESC LIMIT 1)
        ORDER BY turn LIMIT 1
    ) u ON true
    WHERE CAST(:departments AS text[]) IS NULL
        OR shown.department = ANY (CAST(:departments AS text[]))
"""

_COLUMNS: dict[str, Any] = {
    "rollout_id": BigInteger,
    "kind": Text,
    "provision_id": BigInteger,
    "record_id": BigInteger,
    "code": Text,
    "name": Text,
    "name_key": Text,
    "field": Text,
    "old_id": BigInteger,
    "new_id": BigInteger,
    "old_value": JSONB,
    "new_value": JSONB,
    "old_rule": Text,
    "new_rule": Text,
    "local_value": JSONB,
    "before": JSONB,
    "after": JSONB,
    "pin_id": BigInteger,
    "pin_whole": Boolean,
    "until": Date,
    "exemption_id": BigInteger,
    "state": Text,
    "answer": Text,
    "answer_value": JSONB,
    "answer_reason": Text,
    "answer_until": Date,
    "answered_by": BigInteger,
    "answered_at": DateTime(timezone=True),
    #: Nothing comes from above, and nothing is missing here: there is nothing to look at.
    "quiet": Boolean,
}


def rows(ways: Sequence[Way]) -> Subquery:
    """Return the fields of the own center's records that these updates change, as the post sees.

    A field that the standard leaves to the center, and that needs nothing of it, is none of them.
    """
    every = _every(ways)
    return select(every).where(~every.c.quiet).subquery("row")


def _every(ways: Sequence[Way]) -> Subquery:
    """Return also the fields in which there is nothing to look at."""
    parts = [_OF_KIND.format(kind=kind, table=table) for kind, table in tables().items()]
    departments = current().departments
    statement = text(f"WITH {_WAYS} {' UNION ALL '.join(parts)}").bindparams(
        **columns(ways),
        center=current().tenant_id,
        departments=None if departments is None else list(departments),
    )
    return statement.columns(*(column(n, t) for n, t in _COLUMNS.items())).subquery("every_row")


def to_answer(row: Subquery) -> Any:
    """Return whether a field waits for the center: in conflict, or different and not looked at."""
    return case(
        (row.c.state == RowState.CONFLICT, True),
        (
            row.c.state == RowState.STAYS_DIFFERENT,
            func.coalesce(row.c.answer, Answer.LATER.value) == Answer.LATER.value,
        ),
        else_=False,
    ).cast(Boolean)


def counts(ways: Sequence[Way]) -> dict[int, dict[str, int]]:
    """Return for each update how many fields of the center's records become what."""
    if not ways:
        return {}
    row = rows(ways)
    changed = row.c.field != ""
    number = func.count()
    statement = select(
        row.c.rollout_id,
        func.count(row.c.provision_id.distinct()).filter(changed).label("provisions"),
        number.filter(changed).label("fields"),
        number.filter(to_answer(row)).label("to_answer"),
        number.filter(row.c.answer.is_not(None)).label("answered"),
        *(number.filter(row.c.state == state).label(state.value) for state in RowState),
    ).group_by(row.c.rollout_id)
    found = {one.rollout_id: dict(one._mapping) for one in db.session.execute(statement)}
    empty = dict.fromkeys((column.name for column in statement.selected_columns), 0)
    duties = _duties(ways)
    return {
        way.rollout: {
            **(found.get(way.rollout) or empty),
            "rollout_id": way.rollout,
            "new_duties": duties.get(way.rollout, 0),
        }
        for way in ways
    }


def _answered(model: Any) -> Any:
    """Return whether the own center has answered a provision of a kind already."""
    return (
        select(model.id)
        .where(
            model.tenant_id == current().tenant_id,
            model.provision_id == EditionEntry.provision_id,
        )
        .correlate(EditionEntry)
        .exists()
    )


def _duties(ways: Sequence[Way]) -> dict[int, int]:
    """Return for each update how many provisions it adds that the center has still to answer."""
    way = values(
        column("rollout_id", BigInteger),
        column("old_id", BigInteger),
        column("new_id", BigInteger),
        name="way",
    ).data([(way.rollout, way.old or 0, way.new) for way in ways])
    before = aliased(EditionEntry)
    statement = (
        select(way.c.rollout_id, func.count())
        .join(EditionEntry, EditionEntry.edition_id == way.c.new_id)
        .join(Revision, Revision.id == EditionEntry.revision_id)
        .join(Center, Center.id == current().tenant_id)
        .outerjoin(
            before,
            and_(
                before.edition_id == way.c.old_id,
                before.provision_id == EditionEntry.provision_id,
            ),
        )
        .where(Revision.kind.in_(models()), before.provision_id.is_(None), applies())
        .where(*(~_answered(model) for model in models().values()))
        .group_by(way.c.rollout_id)
    )
    own = departments_of_post()
    found = db.session.execute(statement if own is None else statement.where(own))
    return {rollout_id: count for rollout_id, count in found}  # noqa: C416  (rows)


def of_provisions(way: Way, provision_ids: Sequence[int]) -> Selection:
    """Select the fields of some records that an update changes, with what is quiet."""
    row = _every([way])
    return select(row).where(row.c.provision_id.in_(provision_ids))
