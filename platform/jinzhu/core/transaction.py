"""The unit of work: one center, one transaction, then what waited for the commit."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace

from flask import g

from jinzhu.core import tenancy
from jinzhu.core.db import db
from jinzhu.core.problems import Problem


@contextmanager
def work(scope: tenancy.Scope) -> Iterator[None]:
    """Act for one center and commit all of it, or nothing.

    The scope lives exactly as long as the transaction, so that no statement can run for a
    center other than the one PostgreSQL was told about.  A unit inside a unit would keep the
    center of the outer one, so it is refused.
    """
    if "after_commit" in g or db.session().in_transaction():
        raise RuntimeError("units of work do not nest")
    g.after_commit = []
    try:
        with tenancy.entered(scope):
            try:
                yield
            except Problem as problem:
                if not problem.commits:
                    raise
                db.session.commit()
                raise
            db.session.commit()
    except BaseException:
        db.session.rollback()
        g.after_commit.clear()
        raise
    finally:
        waiting: list[Callable[[], object]] = g.pop("after_commit")
        db.session.expunge_all()
    for action in waiting:
        action()


@contextmanager
def reaching(reach: tenancy.Reach) -> Iterator[None]:
    """Act for the same center with another reach, inside the present unit of work.

    For what a center does as one: its own row as itself, its own pointer as a push.  What fails
    inside fails the whole unit, so that nothing has to be put back then.
    """
    with _within(replace(tenancy.current(), reach=reach)):
        yield


@contextmanager
def on_behalf_of(center_id: int, *, actor_id: int | None = None) -> Iterator[None]:
    """Do for a center below what follows from its own words, inside the present unit of work.

    Needs the reach PUSH, which it keeps.  The caller has checked that the center lies below; who
    acts stays who it is, unless it is named who spoke for the center.
    """
    before = tenancy.current()
    assert before.reach is tenancy.Reach.PUSH
    with _within(replace(before, tenant_id=center_id, actor_id=actor_id or before.actor_id)):
        yield


@contextmanager
def acting_for(center_id: int) -> Iterator[None]:
    """Do something for a center: the own one, or on behalf of one below."""
    if center_id == tenancy.current().tenant_id:
        yield
    else:
        with on_behalf_of(center_id):
            yield


@contextmanager
def visiting(center_id: int) -> Iterator[None]:
    """Look at what a center has made public, inside the present unit of work.

    Needs the reach PUBLIC, which it keeps: which center it is makes nobody one of its people.
    """
    before = tenancy.current()
    assert before.reach is tenancy.Reach.PUBLIC
    with _within(replace(before, tenant_id=center_id)):
        yield


@contextmanager
def _within(scope: tenancy.Scope) -> Iterator[None]:
    before = tenancy.current()
    with tenancy.entered(scope):
        _tell(scope)
        yield
        db.session.flush()
    _tell(before)


def _tell(scope: tenancy.Scope) -> None:
    """Bind a scope to the transaction under way; what was written before belongs to the old one."""
    db.session.flush()
    db.session.connection().exec_driver_sql(tenancy.statements(scope))


@contextmanager
def keeping_plans() -> Iterator[None]:
    """Let PostgreSQL keep the plans of what runs inside, as it does with the reach OWN.

    For writing many rows with a wider reach: each of them has its keys checked, and a check that
    is planned anew takes six times as long as one that is not.
    """
    _plan(tenancy.Reach.OWN)
    yield
    _plan(tenancy.current().reach)


def _plan(reach: tenancy.Reach) -> None:
    mode = f"SET LOCAL plan_cache_mode = {tenancy.PLANS[reach]}"
    db.session.connection().exec_driver_sql(mode)


def after_commit(action: Callable[[], object]) -> None:
    """Run the action once the current unit of work has been committed."""
    g.after_commit.append(action)
