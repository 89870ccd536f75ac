"""A publication that is thrown away again: what an edition in work would be, by the same code."""

from collections.abc import Iterator
from contextlib import contextmanager

from jinzhu.core.db import db
from jinzhu.core.tenancy import Reach
from jinzhu.core.transaction import reaching
from jinzhu.standards.editions import publication
from jinzhu.standards.models import Edition


@contextmanager
def published(edition: Edition) -> Iterator[None]:
    """Let an edition in work be published as long as the block lasts; then nothing has happened.

    Raises:
        Invalid: naming each provision that cannot be published, and why.
    """
    edition_id = edition.id
    db.session.flush()
    savepoint = db.session.begin_nested()
    try:
        with reaching(Reach.OWN):
            publication.carry_out(edition)
        yield
    finally:
        savepoint.rollback()
        db.session.refresh(db.session.get_one(Edition, edition_id))


def content_hash(edition: Edition) -> str:
    """Return the hash that an edition in work would have if it were published as it is."""
    with published(edition):
        found = edition.content_hash
    assert found
    return found
