"""The accounts of the demo: one for each kind of work, all with the same, published password.

They belong in a demonstration only.  Until the demo is complete their password hash is empty, which
no password matches: nobody can sign in half-way, and an interrupted start can tell.
"""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, text

from jinzhu.core.calendar import today
from jinzhu.identity import passwords

PASSWORD = "Jinzhu-2026-demo"


@dataclass(frozen=True, slots=True)
class Seat:
    """A post: a role at a center, perhaps for some departments only."""

    role: str
    center: str
    departments: tuple[str, ...] | None = None
    #: It ended yesterday, and had begun long before.
    ended: bool = False


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who may sign in; the names are those of roles, not of people."""

    username: str
    name: str
    seats: tuple[Seat, ...]
    must_change_password: bool = False


#: Who has left the complete county's center, with a step still in hand there.
GONE = "transferred"
SOCIAL_SECURITY, PUBLIC_SECURITY, TAX = "BM09", "BM05", "BM27"
# fmt: off
PEOPLE = (
    Person("province", "省标准处（演示）", (Seat("standards_officer", "510000"),)),
    Person("province2", "省标准处复核岗（演示）", (Seat("standards_officer", "510000"),)),
    Person("tax-line", "税务条线标准岗（演示）", (Seat("line_officer", "510000", (TAX,)),)),
    Person("province-watch", "省督查处（演示）", (Seat("supervisor", "510000"),)),
    Person("guangan-city", "广安市中心管理岗（演示）", (Seat("city_manager", "511600"),)),
    Person("chengdu-city", "成都市中心管理岗（演示）", (Seat("city_manager", "510100"),)),
    Person("guangan", "广安区中心管理岗（演示）", (Seat("center_manager", "511602"),)),
    Person("guangan-social", "广安区人社局联络员（演示）",
           (Seat("department_liaison", "511602", (SOCIAL_SECURITY,)),)),
    Person("guangan-police", "广安区公安局联络员（演示）",
           (Seat("department_liaison", "511602", (PUBLIC_SECURITY,)),)),
    Person("clerk", "广安区导办岗（演示）", (Seat("clerk", "511602"),)),
    Person("wusheng", "武胜县中心管理岗（演示）", (Seat("center_manager", "511622"),)),
    Person("yuechi", "岳池县中心管理岗（演示）", (Seat("center_manager", "511621"),)),
    Person("linshui", "邻水县中心管理岗（演示）", (Seat("center_manager", "511623"),)),
    Person("qianfeng", "前锋区中心管理岗（演示）", (Seat("center_manager", "511603"),)),
    Person("jinjiang", "锦江区中心管理岗（演示）", (Seat("center_manager", "510104"),)),
    Person("shuangliu", "双流区中心管理岗（演示）", (Seat("center_manager", "510116"),)),
    Person("fucheng", "涪城区中心管理岗（演示）", (Seat("center_manager", "510703"),)),
    Person("two-posts", "两地任职（演示）",
           (Seat("center_manager", "511681"), Seat("clerk", "511600"))),
    Person(GONE, "原广安区审核岗，已调武胜县（演示）",
           (Seat("clerk", "511622"), Seat("center_manager", "511602", ended=True))),
    Person("newcomer", "新入职窗口岗（演示）", (Seat("clerk", "511622"),),
           must_change_password=True),
)
# fmt: on

_ACCOUNTS = text("""
    INSERT INTO account (username, name, password_hash, must_change_password)
    VALUES (:username, :name, '', :must_change_password)
""")
_POSTS = text("""
    INSERT INTO post (account_id, center_id, role_code, departments, starts_on, ends_on)
    SELECT account.id, center.id, :role, cast(:departments AS text[]),
        :today - CASE WHEN :ended THEN 365 ELSE 0 END, CASE WHEN :ended THEN :today - 1 END
    FROM account, center
    WHERE account.username = :username AND center.code = :center
""")
_OPEN = text("""
    UPDATE account SET password_hash = :hash WHERE password_hash = '' AND username = ANY (:names)
""")
_CLOSED = text("""
    SELECT count(*) > 0 FROM account WHERE password_hash = '' AND username = ANY (:names)
""")
_NUMBERS = text("SELECT username, id FROM account WHERE username = ANY (:names)")
_LISTING = text("""
    SELECT account.username, account.name, account.must_change_password,
        account.password_changed_at IS NULL AND account.password_hash <> '' AS as_published,
        center.code, center.name AS center_name, center.level, post.role_code, post.departments
    FROM account
    JOIN post ON post.account_id = account.id
    JOIN center ON center.id = post.center_id
    WHERE account.username = ANY (:names) AND coalesce(post.ends_on, 'infinity') >= :today
    ORDER BY post.id
""")
_NAMES = [person.username for person in PEOPLE]


def store(connection: Connection) -> None:
    """Write the accounts and their posts; nobody can sign in yet."""
    connection.execute(_ACCOUNTS, [_columns(person) for person in PEOPLE])
    connection.execute(_POSTS, [_post(person, s) for person in PEOPLE for s in person.seats])


def _columns(person: Person) -> dict[str, Any]:
    return {
        "username": person.username,
        "name": person.name,
        "must_change_password": person.must_change_password,
    }


def _post(person: Person, seat: Seat) -> dict[str, Any]:
    return {
        "username": person.username,
        "role": seat.role,
        "center": seat.center,
        "departments": list(seat.departments) if seat.departments else None,
        "ended": seat.ended,
        "today": today(),
    }


def waiting(connection: Connection) -> bool:
    """Say whether the accounts are there and still wait for the demo to be complete."""
    return bool(connection.scalar(_CLOSED, {"names": _NAMES}))


def open_all(connection: Connection) -> None:
    """Let everybody sign in; one hash serves all, because hashing takes its time on purpose."""
    connection.execute(_OPEN, {"hash": passwords.protect(PASSWORD), "names": _NAMES})


def numbers(connection: Connection) -> dict[str, int]:
    """Return the number of each account by its user name."""
    return {row.username: row.id for row in connection.execute(_NUMBERS, {"names": _NAMES})}


def listing(connection: Connection) -> list[dict[str, Any]]:
    """Return who can sign in and how; the password is empty once its owner has changed it."""
    found: dict[str, dict[str, Any]] = {}
    for row in connection.execute(_LISTING, {"names": _NAMES, "today": today()}):
        entry = found.setdefault(row.username, _described(row))
        entry["posts"].append(
            {
                "role": row.role_code,
                "center_code": row.code,
                "departments": row.departments,
            }
        )
    return [found[name] for name in _NAMES if name in found]


def _described(row: Any) -> dict[str, Any]:
    return {
        "username": row.username,
        "password": PASSWORD if row.as_published else "",
        "name": row.name,
        "center": {"code": row.code, "name": row.center_name, "level": row.level},
        "posts": [],
        "must_change_password": row.must_change_password,
    }
