"""The start is refused with a database role that could pass the boundary between centers."""

from sqlalchemy import Engine, text
from sqlalchemy.exc import OperationalError

OLDEST, NEWEST = 15, 18

_WHO = text("""
    SELECT current_setting('server_version_num')::int / 10000 AS server,
        r.rolname, r.rolsuper, r.rolbypassrls, r.rolcreaterole,
        EXISTS (SELECT FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
                WHERE c.relowner = r.oid AND n.nspname IN ('public', 'app')) AS owns,
        (SELECT array_agg(m.rolname ORDER BY m.rolname) FROM pg_roles m
          WHERE m.oid <> r.oid AND pg_has_role(r.oid, m.oid, 'USAGE')) AS inherits,
        (SELECT array_agg(m.rolname ORDER BY m.rolname) FROM pg_roles m
          WHERE m.oid <> r.oid AND pg_has_role(r.oid, m.oid, 'MEMBER')
            AND m.rolname NOT IN ('jinzhu_reader', 'jinzhu_push', 'jinzhu_public')) AS may_become
    FROM pg_roles r WHERE r.rolname = current_user
""")


class StartRefused(RuntimeError):
    """The service must not start like this; the text says why and what to do."""


def reasons(engine: Engine) -> list[str]:
    """Return why the role of this engine could pass the boundary; empty if it cannot."""
    with engine.connect() as connection:
        role = connection.execute(_WHO).one()
    found = {
        "is a superuser": role.rolsuper,
        "may bypass row security": role.rolbypassrls,
        "may create roles": role.rolcreaterole,
        "owns tables or functions of the product": role.owns,
        f"inherits the rights of {', '.join(role.inherits or [])}": role.inherits,
        f"may become {', '.join(role.may_become or [])}": role.may_become,
    }
    wrong = [f"the database role “{role.rolname}” {why}" for why, true in found.items() if true]
    if not OLDEST <= role.server <= NEWEST:
        wrong.append(f"PostgreSQL {role.server} is not one of {OLDEST} to {NEWEST}")
    return wrong


def refuse_roles_that_bypass(engine: Engine) -> None:
    """Refuse the start if the boundary would not hold.

    Raises:
        StartRefused: with every reason, in plain words.
    """
    try:
        wrong = reasons(engine)
    except OperationalError as error:
        raise StartRefused(f"the database cannot be reached: {error.orig}") from error
    if wrong:
        raise StartRefused(
            "the service does not start, because the boundary between centers would not hold: "
            + "; ".join(wrong)
            + ". Connect as jinzhu_web (jinzhu migrate creates it)."
        )
