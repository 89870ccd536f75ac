"""Many answers and many local values at once, set-based: what a batch or an import writes."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import BigInteger, ColumnElement, ScalarSelect, cast, column, func, select, update
from sqlalchemy.dialects.postgresql import JSONB

from jinzhu.core.db import db
from jinzhu.core.problems import Invalid
from jinzhu.core.tenancy import current
from jinzhu.standards.claims import models
from jinzhu.standards.kinds import KINDS
from jinzhu.standards.models import Adoption
from jinzhu.standards.records import duties, local_values


def claim_many(
    kind: str,
    provision_ids: list[int],
    *,
    claim: str,
    reason: str = "",
    covered_by_id: int | None = None,
) -> int:
    """Answer to many duties; return how many answers are new or different."""
    if not provision_ids:
        return 0
    answer = {
        "provision_ids": provision_ids,
        "claim": claim,
        "reason": reason,
        "covered_by_id": covered_by_id,
    }
    return int(duties.claim(kind, answer)["claimed"])


def set_local_many(kind: str, given: Mapping[int, Mapping[str, Any]]) -> int:
    """Add local values to many records, by provision; return how many rows were written.

    The database refuses the whole batch if one value is outside its bound.

    Raises:
        Invalid: naming the provision and field whose type is wrong; then none is written.
    """
    model, rows = models()[kind], _cleaned(kind, given)
    local_values.take_turn()
    if not rows:
        return 0
    new = (
        func.jsonb_to_recordset(cast(rows, JSONB))
        .table_valued(column("number", BigInteger), column("values", JSONB))
        .render_derived(with_types=True)
    )
    statement = (
        update(model)
        .values(
            local=model.local.concat(new.c["values"]),
            set_under=model.set_under.concat(_marks(new.c["values"])),
            version=model.version + 1,
            updated_at=func.now(),
            updated_by=func.app.actor_id(),
        )
        .where(
            model.tenant_id == current().tenant_id,
            model.provision_id == new.c.number,
            Adoption.tenant_id == model.tenant_id,
            Adoption.standard_id == model.standard_id,
        )
        .execution_options(synchronize_session=False)
    )
    return int(db.session.execute(statement).rowcount)  # type: ignore[attr-defined]  # of an UPDATE


def _marks(values: ColumnElement[Any]) -> ScalarSelect[Any]:
    """Return under which edition, and when, each of the values was set."""
    now = datetime.now(UTC).isoformat(timespec="seconds")
    under = func.jsonb_build_object("edition", Adoption.edition_id, "at", now)
    marks = func.jsonb_object_agg(column("key"), under)
    return (
        select(func.coalesce(marks, func.jsonb_build_object()))
        .select_from(func.jsonb_object_keys(values).alias("key"))
        .scalar_subquery()
    )


def _cleaned(kind: str, given: Mapping[int, Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Return the local values by provision, made clean, or refuse them all."""
    wrong, rows = [], []
    for provision_id, local in given.items():
        clean, faults = local_values.cleaned(KINDS[kind], local)
        wrong += faults
        values = {name: value for name, value in clean.items() if value is not None}
        rows.append({"number": provision_id, "values": values})
    if wrong:
        raise Invalid(errors=wrong)
    return rows
