"""The kinds of provision, each described by its fields.

A page, a schema, a check and an export are made from this description; a new kind is one entry
here.  Labels, units and choices are words in the locale files.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from jinzhu.core.language import knows, say


class Rule(StrEnum):
    """What a lower level may do with a field; only ever stricter on the way down."""

    FIXED = "fixed"
    AT_MOST = "at_most"
    SUBSET = "subset"
    DEFAULT = "default"
    LOCAL = "local"


class Type(StrEnum):
    """What a field holds."""

    TEXT = "text"
    LONG_TEXT = "long_text"
    CODE = "code"
    INTEGER = "integer"
    MONEY = "money"
    CHOICE = "choice"
    CHOICES = "choices"
    PHONE = "phone"
    MATERIALS = "materials"


NUMBERS = (Type.INTEGER, Type.MONEY)
LISTS = (Type.CHOICES, Type.MATERIALS)


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a field that holds a list of objects."""

    name: str
    type: Type
    choices: str = ""
    required: bool = False


@dataclass(frozen=True, slots=True)
class Field:
    """A field of a kind: what it holds, and which rules the owner of a standard may give it."""

    name: str
    type: Type
    rules: tuple[Rule, ...]
    #: The provision cannot be published without it.
    required: bool = False
    unit: str = ""
    choices: str = ""
    columns: tuple[Column, ...] = ()
    #: With the rule `local`: must every center fill it in?
    local_required: bool = False

    @property
    def default_rule(self) -> dict[str, Any]:
        """Return the rule the field has where the owner says nothing."""
        rule: dict[str, Any] = {"rule": self.rules[0].value}
        if self.rules[0] is Rule.LOCAL:
            rule["required"] = self.local_required
        return rule


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of provision."""

    name: str
    fields: tuple[Field, ...]

    def field(self, name: str) -> Field | None:
        """Return the field of this name."""
        return next((field for field in self.fields if field.name == name), None)

    def label(self, name: str) -> str:
        """Return the name of a field in the reader's language."""
        return say(f"field.{self.name}.{name}")

    def default_rules(self) -> dict[str, dict[str, Any]]:
        """Return the rule of each field where the owner says nothing."""
        return {field.name: field.default_rule for field in self.fields}


#: Codes of `enumerations.csv`; their words stand in the locale files as choice.<list>.<code>.
CHOICES: dict[str, tuple[str, ...]] = {
    "item_type": ("01", "02", "03", "04", "05", "06", "07", "08", "09", "10", "20"),
    "service_object": ("1", "2", "3", "4", "5", "6", "7"),
    "result_type": ("certificate", "approval", "other", "none"),
    "handle_form": ("window", "online", "courier"),
    "material_form": ("paper", "electronic", "either"),
    "material_need": ("required", "optional", "deferrable"),
    "material_source": ("applicant", "government", "other"),
    "department_class": (
        "government",
        "professional",
        "dual",
        "vertical",
        "utility",
        "other",
        "trading",
    ),
    "entry_force": ("shall", "may", "proposed"),
    "presence_mode": ("resident", "proxy", "branch", "standalone"),
}

_FIXED = (Rule.FIXED,)
_LOCAL = (Rule.LOCAL,)
_TIGHTER = (Rule.AT_MOST, Rule.FIXED, Rule.DEFAULT)
_FEWER = (Rule.SUBSET, Rule.FIXED, Rule.DEFAULT)
_SUGGESTED = (Rule.DEFAULT, Rule.FIXED, Rule.LOCAL)

MATERIAL = (
    Column("code", Type.CODE, required=True),
    Column("name", Type.TEXT, required=True),
    Column("form", Type.CHOICE, choices="material_form"),
    Column("need", Type.CHOICE, choices="material_need"),
    Column("copies", Type.INTEGER),
    Column("source", Type.CHOICE, choices="material_source"),
)

# fmt: off
ITEM = Kind("item", (
    Field("code", Type.CODE, _FIXED, required=True),
    Field("name", Type.TEXT, _FIXED, required=True),
    Field("item_type", Type.CHOICE, _FIXED, required=True, choices="item_type"),
    Field("main_item", Type.TEXT, _FIXED),
    Field("department_code", Type.CODE, _FIXED, required=True),
    Field("legal_basis", Type.LONG_TEXT, _FIXED, required=True),
    Field("service_object", Type.CHOICES, _FIXED, choices="service_object"),
    Field("statutory_limit", Type.INTEGER, _FIXED, required=True, unit="workday"),
    Field("committed_limit", Type.INTEGER, _TIGHTER, required=True, unit="workday"),
    Field("visit_count", Type.INTEGER, _TIGHTER, required=True, unit="visit"),
    Field("fee", Type.MONEY, _TIGHTER, required=True, unit="yuan"),
    Field("materials", Type.MATERIALS, _FEWER, columns=MATERIAL),
    Field("result_type", Type.CHOICE, _FIXED, choices="result_type"),
    Field("handle_form", Type.CHOICES, _SUGGESTED, choices="handle_form"),
    Field("office_hours", Type.TEXT, _SUGGESTED),
    Field("window", Type.TEXT, _LOCAL),
    Field("address", Type.TEXT, _LOCAL, local_required=True),
    Field("consult_phone", Type.PHONE, _LOCAL, local_required=True),
    Field("complaint_phone", Type.PHONE, _LOCAL, local_required=True),
))
DEPARTMENT = Kind("department", (
    Field("code", Type.CODE, _FIXED, required=True),
    Field("name", Type.TEXT, _FIXED, required=True),
    Field("department_class", Type.CHOICE, _FIXED, required=True, choices="department_class"),
    Field("entry_force", Type.CHOICE, _FIXED, required=True, choices="entry_force"),
    Field("presence_mode", Type.CHOICE, _SUGGESTED, choices="presence_mode"),
    Field("office_hours", Type.TEXT, _SUGGESTED),
    Field("credit_code", Type.CODE, _LOCAL),
    Field("leader", Type.TEXT, _LOCAL, local_required=True),
    Field("phone", Type.PHONE, _LOCAL, local_required=True),
    Field("window_zone", Type.TEXT, _LOCAL),
))
# fmt: on
KINDS = {kind.name: kind for kind in (ITEM, DEPARTMENT)}


def choices(name: str) -> list[dict[str, str]] | None:
    """Return a list of choices with their words."""
    if not name:
        return None
    return [{"code": code, "label": say(f"choice.{name}.{code}")} for code in CHOICES[name]]


def _column(kind: Kind, field: Field, column: Column) -> dict[str, Any]:
    return {
        "name": column.name,
        "label": say(f"field.{kind.name}.{field.name}.{column.name}"),
        "type": column.type.value,
        "choices": choices(column.choices),
        "required": column.required,
    }


def describe_field(kind: Kind, field: Field) -> dict[str, Any]:
    """Return what a page needs to show and edit a field."""
    hint = f"help.{kind.name}.{field.name}"
    return {
        "name": field.name,
        "label": kind.label(field.name),
        "type": field.type.value,
        "unit": say(f"unit.{field.unit}") if field.unit else "",
        "help": say(hint) if knows(hint) else "",
        "choices": choices(field.choices),
        "columns": [_column(kind, field, column) for column in field.columns] or None,
    }


def describe(kind: Kind) -> dict[str, Any]:
    """Return a kind with its fields and the rules each may be given."""
    return {
        "kind": kind.name,
        "name": say(f"kind.{kind.name}"),
        "fields": [
            {
                **describe_field(kind, field),
                "rules": [rule.value for rule in field.rules],
                "default_rule": field.default_rule,
                "required": field.required,
            }
            for field in kind.fields
        ],
    }
