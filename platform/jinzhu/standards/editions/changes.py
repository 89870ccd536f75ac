"""What an edition in work changes: all of it, without the contents, or some of it as it stands."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, case

from jinzhu.core.db import db
from jinzhu.standards.editions import editions
from jinzhu.standards.models import DraftEntry, Edition


class Change(NamedTuple):
    """A provision that an edition in work adds, changes or removes, and what binds it to others."""

    kind: str
    code: str
    name: str
    removed: bool
    applies: Mapping[str, Any]
    checked: str
    department_code: str
    main_code: str
    main_item: str
    #: The name of its main item in the edition below, where that stands there without a code.
    main_item_below: str | None

    @property
    def place(self) -> str:
        """Return where a fault of it is told."""
        return f"{self.kind}.{self.code}"

    @property
    def key(self) -> str:
        """Return its name in the statements that take many."""
        return f"{self.kind} {self.code}"


def of(edition: Edition) -> list[Change]:
    """Return the real changes of an edition in work; no content is read."""
    changed, below = editions.drafted(edition)
    columns = [getattr(DraftEntry, name) for name in Change._fields[:-1]]
    columns.append(case((below.main_code == "", below.main_item)))
    return [Change(*row) for row in db.session.execute(changed.with_only_columns(*columns))]


def whole(edition: Edition, *conditions: ColumnElement[bool]) -> Sequence[DraftEntry]:
    """Return what it adds or changes as it stands, where that meets the conditions."""
    changed, _ = editions.drafted(edition)
    fresh = changed.with_only_columns(DraftEntry).where(~DraftEntry.removed, *conditions)
    return db.session.scalars(fresh.execution_options(populate_existing=True)).all()
