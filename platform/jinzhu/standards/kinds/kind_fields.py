"""What a kind of provision is made of: fields, their types, the rules they may be given.

The kinds themselves stand in `kinds`; labels, units and choices are words in the locale files.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from jinzhu.core.language import say


class Rule(StrEnum):
    """What a lower level may do with a field; only ever stricter on the way down."""

    FIXED = "fixed"
    AT_MOST = "at_most"
    AT_LEAST = "at_least"
    SUBSET = "subset"
    SUPERSET = "superset"
    DEFAULT = "default"
    LOCAL = "local"
    #: One center is let off; only an exemption sets it, no owner of a standard.
    EXEMPT = "exempt"


class Type(StrEnum):
    """What a field holds."""

    TEXT = "text"
    LONG_TEXT = "long_text"
    CODE = "code"
    INTEGER = "integer"
    MONEY = "money"
    PERCENT = "percent"
    #: A place in an order of choices, kept as its number so that a bound can be compared.
    GRADE = "grade"
    BOOLEAN = "boolean"
    CHOICE = "choice"
    CHOICES = "choices"
    #: Codes of the parts of a field of the same provision.
    CODES = "codes"
    PHONE = "phone"
    #: A list of objects, each known by its code.
    PARTS = "parts"


NUMBERS = (Type.INTEGER, Type.MONEY, Type.PERCENT, Type.GRADE)


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a field that holds parts."""

    name: str
    type: Type
    choices: str = ""
    required: bool = False
    unit: str = ""
    #: What a lower level may do with this column of a part that the standard has; None: nothing,
    #: unless the rule of the whole field is `default` or `local`.
    local: Rule | None = None
    #: For codes: the field whose parts they name.
    of: str = ""


@dataclass(frozen=True, slots=True)
class Field:
    """A field of a kind: what it holds, and which rules the owner of a standard may give it."""

    name: str
    type: Type
    rules: tuple[Rule, ...]
    #: The section of the form, and of the guide, in which the field stands.
    group: str = "basic"
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
        return self.rule(self.rules[0], required=self.local_required)

    @property
    def column_rules(self) -> dict[str, str]:
        """Return what a lower level may do with each column of a part of the standard."""
        return {column.name: column.local.value for column in self.columns if column.local}

    def rule(self, rule: Rule, *, required: bool = False) -> dict[str, Any]:
        """Return a rule as it is stored with a revision."""
        stored: dict[str, Any] = {"rule": rule.value}
        if rule is Rule.LOCAL:
            stored["required"] = required
        if self.type is Type.PARTS:
            stored["columns"] = self.column_rules
        return stored

    def column(self, name: str) -> Column | None:
        """Return the column of this name."""
        return next((column for column in self.columns if column.name == name), None)


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of provision."""

    name: str
    fields: tuple[Field, ...]
    #: Each center answers to it and keeps a row of its own; the other kinds bind without one.
    claimed: bool = False

    def field(self, name: str) -> Field | None:
        """Return the field of this name."""
        return next((field for field in self.fields if field.name == name), None)

    def label(self, name: str) -> str:
        """Return the name of a field in the reader's language."""
        return say(f"field.{self.name}.{name}")

    def default_rules(self) -> dict[str, dict[str, Any]]:
        """Return the rule of each field where the owner says nothing."""
        return {field.name: field.default_rule for field in self.fields}


FIXED = (Rule.FIXED,)
LOCAL = (Rule.LOCAL,)
#: A lower level may only set less: days, visits, money.
LESS = (Rule.AT_MOST, Rule.FIXED, Rule.DEFAULT)
#: A lower level may only ask for more: education, months, reserve staff.
MORE = (Rule.AT_LEAST, Rule.FIXED, Rule.DEFAULT)
FEWER = (Rule.SUBSET, Rule.FIXED, Rule.DEFAULT)
FURTHER = (Rule.SUPERSET, Rule.FIXED, Rule.DEFAULT)
SUGGESTED = (Rule.DEFAULT, Rule.FIXED, Rule.LOCAL)
#: Said by each center, unless the owner wants to suggest or to settle it.
ANSWERED = (Rule.LOCAL, Rule.DEFAULT, Rule.FIXED)
#: The same everywhere, unless the owner leaves it open.
SETTLED = (Rule.FIXED, Rule.DEFAULT)
SETTLED_OR_LESS = (*SETTLED, Rule.AT_MOST)
SETTLED_OR_FEWER = (*SETTLED, Rule.SUBSET)
SETTLED_OR_FURTHER = (*SETTLED, Rule.SUPERSET)

CODE = Column("code", Type.CODE, required=True)
NAME = Column("name", Type.TEXT, required=True)
NOTE = Column("note", Type.TEXT, local=Rule.LOCAL)
