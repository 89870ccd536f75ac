"""Whom to ask: who may do what the present post may not.

At the own center by name, as far as one sees the colleagues: a post for some departments sees
those for the whole center and those of its departments.  Above it only the offices are named.
"""

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from sqlalchemy import text

from jinzhu.core import language, tenancy
from jinzhu.core.db import db
from jinzhu.core.language import say
from jinzhu.core.problems import Forbidden, NotFound
from jinzhu.core.tenancy import Reach, Scope
from jinzhu.core.transaction import work
from jinzhu.identity.roles import ROLES

_HOLDERS = text("""
    SELECT h.*, c.name AS center_name, c.id = app.tenant_id() AS here
    FROM app.holders(:permission) h JOIN center c ON c.id = h.center_id
    ORDER BY cardinality(c.path) DESC, h.role_code, h.name, h.account_id
""")
#: More names are no help.
MOST_NAMED = 5


def explain(refused: Forbidden, scope: Scope) -> None:
    """Say in a refusal which permission is missing and whom to ask.

    The unit of work that was refused is over; this is one of its own.
    """
    with work(replace(scope, reach=Reach.OWN)):
        found = of(refused.members["permission"])
    refused.detail = found["text"]
    refused.members |= {name: found[name] for name in ("name", "here", "above")}


def of(permission: str) -> dict[str, Any]:
    """Return who holds a permission, at the own center and above, and that in a sentence."""
    if not any(permission in held for held in ROLES.values()):
        raise NotFound(permission=permission)
    rows = db.session.execute(_HOLDERS, {"permission": permission}).all()
    here, above = _here(rows), _above(rows)
    name = say(f"choice.permission.{permission}")
    return {
        "permission": permission,
        "name": name,
        "held": permission in tenancy.current().permissions,
        "here": here,
        "above": above,
        "text": _sentence(name, here, above),
    }


def who(permission: str, *, department: str = "") -> str:
    """Return in words who else at the own center holds a permission: for all of it, or its line."""
    found = _here(_others(permission, department))
    return _listed(map(_named, found)) if found else say("forbidden.no_one")


def others_with(permission: str, *, department: str = "") -> bool:
    """Say whether anybody else at the own center holds a permission: for all of it, or its line."""
    return bool(_others(permission, department))


def _others(permission: str, department: str) -> list[Any]:
    rows = db.session.execute(_HOLDERS, {"permission": permission}).all()
    me = tenancy.current().actor_id
    return [
        row
        for row in rows
        if row.here and row.account_id != me and _covers(row.departments, department)
    ]


def _covers(departments: list[str] | None, department: str) -> bool:
    return department in departments if department and departments else departments is None


def _here(rows: Any) -> list[dict[str, Any]]:
    found: dict[str, list[str]] = {}
    for row in rows:
        if row.here:
            people = found.setdefault(row.role_code, [])
            if _is_colleague(row.departments) and row.name not in people:
                people.append(row.name)
    return [{**_role(code), "people": people[:MOST_NAMED]} for code, people in found.items()]


def _is_colleague(departments: list[str] | None) -> bool:
    own = tenancy.current().departments
    return own is None or departments is None or bool(set(own) & set(departments))


def _above(rows: Any) -> list[dict[str, Any]]:
    """Return the offices above, the nearest center first."""
    found = {(row.center_name, row.role_code): None for row in rows if not row.here}
    return [{"center": center, **_role(code)} for center, code in found]


def _role(code: str) -> dict[str, Any]:
    return {"role": code, "role_name": say(f"role.{code}")}


def _sentence(name: str, here: list[dict[str, Any]], above: list[dict[str, Any]]) -> str:
    if here:
        return say("forbidden.here", permission=name, ask=_listed(map(_named, here)))
    if above:
        offices = [
            say("refusal.contact", owner=one["center"], role=one["role_name"]) for one in above
        ]
        return say("forbidden.above", permission=name, ask=_listed(offices))
    return say("forbidden.nobody", permission=name)


def _named(one: dict[str, Any]) -> str:
    if not one["people"]:
        return str(one["role_name"])
    return say("forbidden.role", role=one["role_name"], people=_listed(one["people"]))


def _listed(words: Iterable[str]) -> str:
    """Return words as one says them: this, this and that."""
    *first, last = words
    if not first:
        return last
    comma = ", " if language.current() == "en" else "、"
    return say("forbidden.both", first=comma.join(first), second=last)
