"""What a digest tells: the desk of each post of a person at a center, and what is unread.

Read as the post itself reads it, with its permissions and for its departments; a letter leaves the
service, so it has numbers, titles and days, and nothing that people typed themselves.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import select, text

from jinzhu.core import calendar, language
from jinzhu.core.db import db
from jinzhu.core.language import say
from jinzhu.core.mail import whole_address
from jinzhu.core.pages import Row
from jinzhu.core.tenancy import Scope, current
from jinzhu.core.transaction import work
from jinzhu.hierarchy.models import Center
from jinzhu.standards import desk, notices

#: So many of each are told one by one.
MOST = 20
_POSTS = text("""
    SELECT p.id, p.role_code, p.departments, r.permissions
    FROM post p
    JOIN account a ON a.id = p.account_id AND a.active
    JOIN role r ON r.code = p.role_code
    WHERE p.account_id = :account AND p.center_id = app.tenant_id()
        AND p.starts_on <= :day AND coalesce(p.ends_on, 'infinity') >= :day
    ORDER BY p.id
""")


@dataclass(frozen=True, slots=True)
class Part:
    """What waits for one post."""

    role: str
    mine: Row
    late: Row
    others: list[Row]
    notices: Row

    @property
    def empty(self) -> bool:
        """Say whether nothing waits."""
        told = (self.mine, self.late, self.notices)
        return not self.others and not any(one["total"] for one in told)


def posts(account_id: int) -> Sequence[Any]:
    """Return the posts in force of an account at the own center."""
    return db.session.execute(_POSTS, {"account": account_id, "day": calendar.today()}).all()


def center_name() -> str:
    """Return the name of the own center."""
    found = select(Center.name).where(Center.id == current().tenant_id)
    return db.session.scalars(found).one()


def parts(account_id: int, held: Sequence[Any], *, center_id: int, spoken: str) -> list[Part]:
    """Read what waits for posts of an account, each in a unit of work of its own."""
    found = []
    for post in held:
        scope = Scope(
            center_id,
            actor_id=account_id,
            post_id=post.id,
            permissions=frozenset(post.permissions),
            departments=None if post.departments is None else tuple(post.departments),
            action="job.digest",
        )
        with language.spoken(spoken), work(scope):
            found.append(_part(post.role_code))
    return [one for one in found if not one.empty]


def _part(role: str) -> Part:
    covered = {code for listing in desk.LISTINGS["todo"] for code in listing.covers}
    rows, total = notices.unread_in_brief(MOST)
    return Part(
        role=say(f"role.{role}"),
        mine=_listed("todo"),
        late=_listed("awaited"),
        others=[
            {
                "label": say(f"digest.todo.{one['code']}"),
                "count": one["count"],
                "url": whole_address(one["to"]),
            }
            for one in desk.waiting()["todo"]
            if one["code"] not in covered
        ],
        notices={
            "rows": [{"text": row["text"], "url": whole_address(row["to"])} for row in rows],
            "total": total,
        },
    )


def _listed(section: desk.Section) -> Row:
    """Return what is told one by one, what is due first standing first."""
    found = [listing.body(MOST) for listing in desk.LISTINGS[section]]
    rows = [_row(row) for one in found for row in one.rows]
    rows.sort(key=lambda row: row["until"] or date.max)
    total = sum(one.total for one in found)
    return {
        "rows": rows[:MOST],
        "total": total,
        "late": sum(one.late for one in found),
        "more": total - len(rows[:MOST]),
    }


def _row(row: Row) -> Row:
    late = row["until"] is not None and row["until"] < calendar.today()
    return {**row, "late": late, "url": whole_address(row["to"])}
