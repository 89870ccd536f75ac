"""What a row of a list says of its field, so that a page can show the value without the kind."""

from jinzhu.core.language import say
from jinzhu.core.pages import Row
from jinzhu.standards.kinds import Kind, describe_field

DESCRIBED = ("label", "type", "unit", "columns", "choices")


def described(kind: Kind, name: str) -> Row:
    """Describe a field; '' stands for the whole provision, and one that is gone for itself."""
    field = kind.field(name)
    if field is not None:
        found = describe_field(kind, field)
        return {part: found[part] for part in DESCRIBED}
    label = name or say("pin.whole")
    return {"label": label, "type": "text", "unit": "", "columns": None, "choices": None}
