"""Notices 消息: what somebody at a center should know, with the page where it is dealt with.

A notice goes to a center, and there to those who may act on it; nobody else can see it.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import orjson
from sqlalchemy import ColumnElement, func, or_, select, text
from sqlalchemy.dialects.postgresql import insert

from jinzhu.core.db import Selection, db
from jinzhu.core.language import say
from jinzhu.core.pages import Row, page_of
from jinzhu.core.tenancy import current
from jinzhu.standards.kinds import KINDS
from jinzhu.standards.models import Notice, NoticeRead

#: Beyond this the bell only says "more than".
MOST_COUNTED = 100
#: What somebody typed; where a notice leaves the service, it is left out.
TYPED = frozenset({"reason", "opinion", "told"})
LEFT_OUT = "……"
#: Which posts of a center something is for, where it is not for each that acts on its department:
#: those bound to the department alone, or those for the whole center.
OF_LINE, OF_OFFICE = "line", "office"

_TELL = text("""
    INSERT INTO notice (tenant_id, code, "values", "to", needs, department_code,
        for_account_id, but_account_id, posts)
    SELECT center.id, :code, CAST(:values AS jsonb), :to, :needs, :department, :account, :but,
        :posts
    FROM unnest(CAST(:centers AS int[])) AS center (id)
""")


_TELL_EACH = text("""
    INSERT INTO notice (tenant_id, code, "values", "to", needs, department_code, for_account_id)
    SELECT :center, :code, CAST(:values AS jsonb), :to, '', '', account.id
    FROM unnest(CAST(:accounts AS bigint[])) AS account (id)
""")


_TELL_ALL = text("""
    INSERT INTO notice (tenant_id, code, "values", "to", needs, department_code)
    SELECT told.center, :code, told."values", told."to", :needs, told.department
    FROM jsonb_to_recordset(CAST(:told AS jsonb))
        AS told (center int, "values" jsonb, "to" text, department text)
""")


def tell_all(code: str, told: Sequence[Row], *, needs: str) -> None:
    """Tell the same sort of thing many times, as `tell` does once.

    Each has its `center`, `values`, `to` and `department`.

    Raises:
        KeyError: as in `tell`.
    """
    for one in told:
        written(code, one["values"])
    if told:
        document = orjson.dumps(list(told), default=str).decode()
        db.session.execute(_TELL_ALL, {"code": code, "needs": needs, "told": document})


def tell_each(accounts: Sequence[int], code: str, *, values: Mapping[str, Any], to: str) -> None:
    """Tell people of the own center something, each once.

    Raises:
        KeyError: as in `tell`.
    """
    written(code, values)
    if accounts:
        document = orjson.dumps(dict(values), default=str).decode()
        given = {"center": current().tenant_id, "code": code, "to": to, "values": document}
        db.session.execute(_TELL_EACH, {**given, "accounts": list(accounts)})


def tell(
    centers: Sequence[int],
    code: str,
    *,
    values: Mapping[str, Any],
    to: str,
    needs: str,
    department: str = "",
    account: int | None = None,
    but: int | None = None,
    posts: str = "",
) -> None:
    """Tell centers something: the own one, those above it, or with the reach PUSH those below.

    The text is the sentence `notice.<code>` with these values; `to` is the page that deals with
    it, `needs` the permission of those it concerns, `department` the code of the one it is about;
    `account` narrows it to one person, `but` leaves one out, `posts` to those of a line, or to
    those of the office.

    Raises:
        KeyError: if there is no such sentence, or a value for it is missing.
    """
    written(code, values)
    if not centers:
        return
    given: Row = {"code": code, "to": to, "needs": needs, "department": department}
    given |= {"account": account, "but": but, "posts": posts}
    document = orjson.dumps(dict(values), default=str).decode()
    db.session.execute(_TELL, {**given, "values": document, "centers": list(centers)})


def written(code: str, values: Mapping[str, Any]) -> str:
    """Return the text of a notice in the reader's language.

    A field is kept by its kind and name, '' for the whole provision, and called here by its label.
    """
    label = {}
    if "field" in values:
        field = str(values["field"])
        label["label"] = KINDS[values["kind"]].label(field) if field else say("pin.whole")
    return say(f"notice.{code}", **{**values, **label})


def _mine() -> list[ColumnElement[bool]]:
    """Return the conditions for the notices that the present post acts on."""
    scope = current()
    conditions = [
        Notice.tenant_id == scope.tenant_id,
        Notice.needs.in_(["", *scope.permissions]),
        or_(Notice.for_account_id.is_(None), Notice.for_account_id == scope.actor_id),
        Notice.but_account_id.is_distinct_from(scope.actor_id),
        Notice.posts.in_(["", OF_OFFICE if scope.departments is None else OF_LINE]),
    ]
    if scope.departments is not None:
        own = Notice.department_code.in_(scope.departments)
        conditions.append(or_(Notice.department_code == "", own))
    return conditions


def _read_upto() -> ColumnElement[int]:
    """Return the last notice that the account has read at this center."""
    scope = current()
    return func.coalesce(
        select(NoticeRead.upto_id)
        .where(NoticeRead.tenant_id == scope.tenant_id, NoticeRead.account_id == scope.actor_id)
        .scalar_subquery(),
        0,
    )


def _notices() -> Selection:
    return select(
        Notice.id,
        Notice.code,
        Notice.values,
        Notice.to,
        Notice.created_at,
        (Notice.id > _read_upto()).label("unread"),
    ).where(*_mine())


def page(query: Mapping[str, Any]) -> Row:
    """Return a page of the notices for the present post: what is unread, then the newest."""
    statement = _notices()
    if query["unread"]:
        statement = statement.where(Notice.id > _read_upto())
    return page_of(statement, query, sortable={"id": Notice.id}, default="-id", shape=_notice)


def _notice(row: Row) -> Row:
    return {
        "id": row["id"],
        "text": written(row["code"], row["values"]),
        "to": row["to"],
        "at": row["created_at"],
        "unread": row["unread"],
    }


def unread_in_brief(most: int) -> tuple[list[Row], int]:
    """Return the newest unread notices without what people typed, and how many there are."""
    found = page_of(
        _notices().where(Notice.id > _read_upto()),
        {"page": 1, "per_page": most, "sort": ""},
        sortable={"id": Notice.id},
        default="-id",
        shape=lambda row: _notice({**row, "values": _in_brief(row["values"])}),
    )
    return found["rows"], found["total"]


def _in_brief(values: Mapping[str, Any]) -> Row:
    return {name: LEFT_OUT if name in TYPED else value for name, value in values.items()}


def unread() -> int:
    """Return how many notices are unread; not more than `MOST_COUNTED`."""
    found = select(Notice.id).where(*_mine(), Notice.id > _read_upto()).limit(MOST_COUNTED)
    return db.session.scalar(select(func.count()).select_from(found.subquery())) or 0


def read(upto: int) -> None:
    """Note that the account has read everything up to this notice; reading never goes back."""
    statement = insert(NoticeRead).values(upto_id=upto)
    db.session.execute(
        statement.on_conflict_do_update(
            index_elements=["tenant_id", "account_id"],
            set_={"upto_id": func.greatest(NoticeRead.upto_id, statement.excluded.upto_id)},
        )
    )
