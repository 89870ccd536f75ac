"""Labels 标签 that a superior puts on the centers below it: pilot, mountain county, …

A standard, a stage of a roll-out or a list may name a label instead of centers.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import ColumnElement, delete, func, or_, select, text
from sqlalchemy.dialects.postgresql import aggregate_order_by, insert
from sqlalchemy.orm import aliased

from jinzhu.core.db import Selection, db
from jinzhu.core.pages import Row, page_of
from jinzhu.core.problems import NotFound
from jinzhu.core.tenancy import current
from jinzhu.hierarchy.models import Center
from jinzhu.standards.models import CenterLabel

#: Each label with the number of its centers, and of the provisions in force narrowed by it.
_LABELS = text("""
    WITH newest AS (
        SELECT DISTINCT ON (standard_id) id FROM edition
        WHERE owner_id = :center AND state = 'published' ORDER BY standard_id, number DESC
    ), used AS (
        SELECT label, count(*) AS provisions
        FROM newest n JOIN edition_entry e ON e.edition_id = n.id
        JOIN revision r ON r.id = e.revision_id CROSS JOIN unnest(r.labels) AS label
        WHERE r.labels <> '{}' GROUP BY 1
    ), counted AS (
        SELECT label, count(*) AS centers, bool_or(owner_id = :center) AS own
        FROM center_label GROUP BY 1
    )
    SELECT label, coalesce(centers, 0) AS centers, coalesce(provisions, 0) AS provisions,
        coalesce(own, true) AS own
    FROM counted FULL JOIN used USING (label) ORDER BY label
""")


def labels() -> list[Row]:
    """Return the labels there are: own ones, and those of the centers above."""
    found = db.session.execute(_LABELS, {"center": current().tenant_id})
    return [dict(row._mapping) for row in found]


def _below() -> ColumnElement[bool]:
    return Center.path.contains([current().tenant_id])


def _own(query: Selection) -> Selection:
    return query.where(CenterLabel.owner_id == current().tenant_id)


def centers(query: Mapping[str, Any]) -> Row:
    """Return a page of the centers below with the labels that this center has put on them."""
    parent = aliased(Center)
    order = aggregate_order_by(CenterLabel.label, CenterLabel.label.asc())
    carried = _own(select(func.coalesce(func.array_agg(order), text("'{}'::text[]")))).where(
        CenterLabel.center_id == Center.id
    )
    statement = (
        select(
            Center.id,
            Center.code,
            Center.name,
            Center.level,
            parent.name.label("city_name"),
            carried.correlate(Center).scalar_subquery().label("labels"),
        )
        .outerjoin(parent, parent.id == Center.parent_id)
        .where(_below(), Center.id != current().tenant_id)
    )
    if query["label"]:
        labelled = _own(select(CenterLabel.id)).where(
            CenterLabel.center_id == Center.id, CenterLabel.label == query["label"]
        )
        statement = statement.where(labelled.correlate(Center).exists())
    if query["parent"]:
        statement = statement.where(Center.path.contains([query["parent"]]))
    if query["q"]:
        wanted = query["q"].strip()
        named = Center.name.icontains(wanted, autoescape=True)
        statement = statement.where(or_(named, Center.code.startswith(wanted, autoescape=True)))
    return page_of(
        statement,
        query,
        sortable={"code": Center.code, "name": Center.name_key},
        default="code",
        last=[Center.id.asc()],
    )


def put_on(center_id: int, wanted: Sequence[str]) -> list[str]:
    """Give a center below exactly these labels; return them."""
    if not db.session.scalar(select(Center.id).where(Center.id == center_id, _below())):
        raise NotFound(id=center_id)
    names = sorted({name.strip() for name in wanted})
    db.session.execute(
        delete(CenterLabel).where(
            CenterLabel.owner_id == current().tenant_id,
            CenterLabel.center_id == center_id,
            CenterLabel.label.not_in(names),
        )
    )
    _write([(center_id, name) for name in names])
    return names


def _write(pairs: list[tuple[int, str]]) -> None:
    if not pairs:
        return
    rows = [{"center_id": center_id, "label": name} for center_id, name in pairs]
    db.session.execute(insert(CenterLabel).on_conflict_do_nothing(), rows)


def put_many(name: str, *, chosen: Sequence[int], below: bool, on: bool) -> int:
    """Put a label on centers below, or take it off; return how many were touched.

    With `below` each chosen center stands for itself and everything under it.
    """
    name = name.strip()
    wanted = Center.path.overlap(list(chosen)) if below else Center.id.in_(chosen)
    found = list(
        db.session.scalars(
            select(Center.id).where(wanted, _below(), Center.id != current().tenant_id)
        )
    )
    if on:
        _write([(center_id, name) for center_id in found])
    elif found:
        db.session.execute(
            delete(CenterLabel).where(
                CenterLabel.owner_id == current().tenant_id,
                CenterLabel.label == name,
                CenterLabel.center_id.in_(found),
            )
        )
    return len(found)
