"""An edition is published, or withdrawn, over HTTP: with what either asks of the cities that amend.

The two stand here and not beside the other routes of editions because cities are told.
"""

from datetime import date
from typing import Any

from jinzhu.core.http import Routes, check_version
from jinzhu.core.pages import Row
from jinzhu.core.problems import NotFound
from jinzhu.core.tenancy import Reach, current
from jinzhu.standards.editions import catalogue, edition_schemas, editions, publication, sealed
from jinzhu.standards.rollouts import amendment_ahead
from jinzhu.standards.schemas import EditionSchema, PublicationSchema

EDITION = "/editions/<int:edition_id>"


def add_publication_routes(routes: Routes) -> None:
    """Add: to publish an edition, and to take it back."""

    @routes.on(
        f"POST {EDITION}/publication",
        needs="standard.publish",
        takes=PublicationSchema(),
        gives=EditionSchema(),
    )
    def publish(values: dict[str, date | None], edition_id: int) -> Row:
        """Publish a draft, or what was approved: from here on nobody can change it."""
        edition = editions.find_in_work(edition_id)
        check_version(edition.version, lambda: catalogue.edition(edition_id))
        amendment_ahead.look(publication.publish(edition_id, **values))
        return catalogue.edition(edition_id)

    @routes.on(
        f"POST {EDITION}/withdrawal",
        needs="standard.publish",
        takes=edition_schemas.WithdrawalSchema(),
        status=204,
        reach=Reach.PUSH,
    )
    def withdraw_edition(values: dict[str, Any], edition_id: int) -> None:
        """Take a published edition back: it is rolled out no more."""
        edition = editions.find(edition_id, lock=True)
        if edition.owner_id != current().tenant_id:
            raise NotFound(id=edition_id)
        check_version(edition.version, lambda: {"version": edition.version})
        sealed.withdraw(edition, **values)
        amendment_ahead.forget(edition)
