"""Who may write a standard: the office of its owner, or for a line standard the line itself.

A line standard belongs to the center like the others, and is written by the posts of its line
alone; what is not of a line is written by those whose post is for the whole center.
"""

from typing import Any

from sqlalchemy import ColumnElement, and_, or_, select

from jinzhu.core.db import db
from jinzhu.core.problems import Forbidden, NotFound
from jinzhu.core.tenancy import current
from jinzhu.hierarchy.models import Center
from jinzhu.standards import notices
from jinzhu.standards.departments import departments_around
from jinzhu.standards.kinds.refusals import Authority
from jinzhu.standards.models import Edition, Nature, Standard


class NotYourLine(Forbidden):
    """A line standard is written by its line, every other one by the office."""

    code = "not_your_line"


class LineAlone(Forbidden):
    """A post for some departments writes the standards of these lines, and no other."""

    code = "line_alone"


def may_write_standard(standard: Standard) -> bool:
    """Say whether the present post may write a standard, its editions and its roll-outs."""
    scope = current()
    if standard.owner_id != scope.tenant_id:
        return False
    if standard.nature is Nature.LINE:
        return scope.departments is not None and standard.line in scope.departments
    return standard.nature is Nature.OWN or scope.departments is None


def writes() -> ColumnElement[bool]:
    """Return whether the present post may write a standard of the own center; see above."""
    own = current().departments
    if own is None:
        return Standard.nature != Nature.LINE
    of_line = and_(Standard.nature == Nature.LINE, Standard.line.in_(own))
    return or_(of_line, Standard.nature == Nature.OWN)


def lets_off(decider_id: Any) -> ColumnElement[bool]:
    """Return whether the present post may let off from what the decider says in a standard.

    From what a line says, the line alone; from everything else whoever decides on exemptions.
    """
    of_line = Standard.line.in_(current().departments or ())
    return or_(Standard.nature != Nature.LINE, decider_id != Standard.owner_id, of_line)


def check_lets_off(standard: Standard, decider_id: int) -> None:
    """Refuse whoever may not let off from what a line says.

    Raises:
        NotYourLine: where only the line may.
    """
    if standard.nature is Nature.LINE and decider_id == standard.owner_id:
        check_may_write(standard)


def writers(standard: Standard, decider_id: int, *, department: str) -> dict[str, Any]:
    """Return whom a notice is for that goes to the decider of something in a standard."""
    if standard.nature is Nature.LINE and decider_id == standard.owner_id:
        return {"department": standard.line, "posts": notices.OF_LINE}
    return {"department": department}


def check_may_write(standard: Standard) -> None:
    """Refuse whoever may not write a standard.

    Raises:
        NotFound: where it belongs to another center.
        NotYourLine: where only its line may.
        LineAlone: where only the office may.
    """
    if may_write_standard(standard):
        return
    if standard.owner_id != current().tenant_id:
        raise NotFound(id=standard.id)
    if standard.nature is Nature.LINE:
        line = departments_around(standard.owner_id).get(standard.line, standard.line)
        raise NotYourLine(standard=standard.name, line=line)
    raise LineAlone(standard=standard.name)


def authority(standard: Standard, number: int | None) -> Authority:
    """Return whose a standard is, and so whom to ask about one of its editions."""
    owner = db.session.get_one(Center, standard.owner_id)
    line = standard.line and departments_around(owner.id).get(standard.line, standard.line)
    return Authority(owner.name, owner.level.value, number or 0, line)


def authority_of(edition_id: int) -> Authority:
    """Return whose an edition is, and so whom to ask about it."""
    edition = db.session.get_one(Edition, edition_id)
    return authority(db.session.get_one(Standard, edition.standard_id), edition.number)


def whose(standard: Standard, number: int | None) -> dict[str, Any]:
    """Return what a refusal says of an edition of a standard: whose it is, and whom to ask."""
    by = authority(standard, number)
    named = {"standard": standard.name, "number": number}
    return {**named, "owner": by.owner, "contact": by.contact}


def writable_standard(standard_id: int) -> Standard:
    """Return a standard of the own center that the present post may write."""
    standard = db.session.scalar(select(Standard).where(Standard.id == standard_id))
    if standard is None:
        raise NotFound(id=standard_id)
    check_may_write(standard)
    return standard
