"""The check list of a department as people read it."""

from jinzhu.core.language import say
from jinzhu.core.pages import Row
from tenants.support import acts as acts  # what the list means for a case is said there
from tenants.support import service
from tenants.support.models import CATEGORIES, SupportLine

FIELDS = (
    "id",
    "category",
    "name",
    "required",
    "returnable",
    "agreed",
    "provided_on",
    "provided_by",
    "returned_on",
    "remark",
    "version",
)


def document(line: SupportLine) -> Row:
    """Return a line as sent."""
    return {
        **{name: getattr(line, name) for name in FIELDS},
        "category_label": say(f"support.category.{line.category}"),
        "state": state(line),
    }


def state(line: SupportLine) -> str:
    """Return how a line stands."""
    if line.returned_on is not None:
        return "returned"
    if line.provided_on is not None:
        return "provided"
    return "open" if line.agreed else "declined"


def checklist(provision_id: int, *, center_id: int) -> list[Row]:
    """Return the list of a department at a center within reach."""
    lines = service.lines_of(provision_id, center_id=center_id)
    return [document(line) for line in sorted(lines, key=_place)]


def _place(line: SupportLine) -> tuple[int, int]:
    return CATEGORIES.index(line.category), line.id


def template() -> Row:
    """Return the center's template, and the words for its categories."""
    return {
        **service.template(),
        "categories": [
            {"code": code, "label": say(f"support.category.{code}")} for code in CATEGORIES
        ],
    }
