"""How cases are found: by their number, or by what they are about."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import ColumnElement, or_, select

from jinzhu.core.language import say
from jinzhu.core.pages import Row, page_of
from jinzhu.core.tenancy import current
from jinzhu.standards import words
from jinzhu.standards.claims import in_force, models
from jinzhu.standards.finding import found_by, hit
from jinzhu.standards.models import Revision
from jinzhu.standards.rollouts import preview_touched
from tenants.procedure.models import Case, CaseState
from tenants.procedure.reading import seen


@found_by("case", needs="procedure.read")
def cases(query: Mapping[str, Any]) -> Row:
    """Find cases of the own center, those in course first."""
    statement = select(
        Case.id, Case.number, Case.kind, Case.subject_name, Case.subject_code, Case.state
    )
    return page_of(
        statement.where(*seen(), _meant(query["q"])),
        query,
        sortable={"over": Case.state != CaseState.RUNNING, "number": Case.number},
        default="over,-number",
        last=[Case.id.asc()],
        shape=_shape,
    )


def _meant(typed: str) -> ColumnElement[bool]:
    """Return the condition for a number, a name or a code; or for the pinyin of a name."""
    told = words.named(typed, names=[Case.subject_name], codes=[Case.number, Case.subject_code])
    if not all(words.is_pinyin(word) for word in words.words(typed)):
        return told
    subjects = [
        in_force(model)
        .with_only_columns(Revision.provision_id)
        .where(model.tenant_id == current().tenant_id, words.found(typed))
        for model in models().values()
    ]
    return or_(told, *(Case.subject_id.in_(one) for one in subjects))


def _shape(row: Row) -> Row:
    return hit(
        row["id"],
        row["subject_name"],
        code=row["number"],
        detail=say(f"choice.procedure_kind.{row['kind']}"),
        state=say(f"case_state.{row['state']}"),
        to=f"/cases/{row['id']}",
    )


#: A preview counts the cases in course about something that changes; they end as they began.
preview_touched.BESIDES["cases_touched"] = """
    SELECT x.id FROM hit
    JOIN procedure_case x ON x.tenant_id = hit.tenant_id AND x.subject_id = hit.provision_id
        AND x.state = 'running'
"""
