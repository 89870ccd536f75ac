"""Counting ahead: figures of a center that are kept, and counted again where something changed.

Whatever could change the figures of a center writes a note in the same transaction, by a trigger
and without a lock.  The clock counts a center that is noted anew, some seconds later.
"""

from collections.abc import Callable
from typing import Any

from sqlalchemy import delete, text

from jinzhu.core.db import db
from jinzhu.core.tenancy import current

_ALONE = text("SELECT pg_advisory_xact_lock(:locks, app.tenant_id())")


def anew(figures: Any, notes: Any, count: Callable[[int], None], *, locks: int) -> None:
    """Count the own center anew: its notes and its figures go, and `count` writes new figures.

    What is noted is taken first and counted in a later statement: whoever commits in between is
    counted as well, or stays noted.  `locks` is the advisory-lock class under which a center is
    counted by one worker at a time.
    """
    own = current().tenant_id
    assert own is not None
    db.session.execute(_ALONE, {"locks": locks})
    for kept in (notes, figures):
        db.session.execute(delete(kept).where(kept.tenant_id == own))
    count(own)
