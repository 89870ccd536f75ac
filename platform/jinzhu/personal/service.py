"""Showing personal data in full: not without a reason, and not without a trace."""

from collections.abc import Sequence

from jinzhu.core.db import add
from jinzhu.core.problems import invalid
from jinzhu.personal.models import Disclosure

#: Shorter than this no reason says anything.
LEAST = 4


def disclose(record: str, record_id: int, *, fields: Sequence[str], reason: str) -> None:
    """Note that personal data of a record is shown in full, before it is.

    Whoever calls has checked that the post may see it.

    Raises:
        Invalid: if the reason says nothing.
    """
    reason = reason.strip()
    if len(reason) < LEAST:
        raise invalid("reason", "personal.reason_needed", value=reason, rule="required", n=LEAST)
    add(Disclosure(record=record, record_id=record_id, fields=list(fields), reason=reason))
