"""The review of editions over HTTP."""

from typing import Any

from jinzhu.core.http import Routes, expected_version
from jinzhu.core.pages import Row
from jinzhu.standards.editions import catalogue, review_rules, reviews
from jinzhu.standards.editions import review_schemas as schemas
from jinzhu.standards.schemas import EditionSchema

EDITION = "/editions/<int:edition_id>"
RULE = "/standards/<int:standard_id>/review"


def add_review_routes(routes: Routes) -> None:
    """Add: the rule of a standard, the steps of an edition, and what was done."""
    _add_rule(routes)
    _add_handing_in(routes)
    _add_deciding(routes)


def _add_rule(routes: Routes) -> None:
    @routes.on(f"GET {RULE}", needs="standard.read", gives=schemas.ReviewRuleSchema())
    def read_review_rule(standard_id: int) -> Row:
        """Show whether a standard is reviewed, and who said so when."""
        return review_rules.of_standard(standard_id)

    @routes.on(
        f"PUT {RULE}",
        needs="standard.publish",
        takes=schemas.ReviewRuleInSchema(),
        gives=schemas.ReviewRuleSchema(),
    )
    def change_review_rule(values: dict[str, Any], standard_id: int) -> Row:
        """Say whether editions of a standard need somebody else's approval."""
        review_rules.require(standard_id, **values, version=expected_version())
        return review_rules.of_standard(standard_id)

    @routes.on(f"GET {EDITION}/steps", needs="standard.read", gives=schemas.EditionStepsSchema())
    def list_steps(edition_id: int) -> Row:
        """Show who did what with an edition of the own center, and what was said to it."""
        return review_rules.of_edition(edition_id)


def _add_handing_in(routes: Routes) -> None:
    @routes.on(
        f"POST {EDITION}/submission",
        needs="standard.write",
        takes=schemas.ReviewNoteSchema(),
        gives=EditionSchema(),
    )
    def submit_edition(values: dict[str, Any], edition_id: int) -> Row:
        """Hand a draft in for review: from here on nobody writes in it."""
        reviews.submit(edition_id, version=expected_version(), **values)
        return catalogue.edition(edition_id)

    @routes.on(f"DELETE {EDITION}/submission", needs="standard.write", gives=EditionSchema())
    def take_back_edition(edition_id: int) -> Row:
        """Take back what one has handed in, to go on writing."""
        reviews.take_back(edition_id, version=expected_version())
        return catalogue.edition(edition_id)


def _add_deciding(routes: Routes) -> None:
    @routes.on(
        f"POST {EDITION}/approval",
        needs="edition.review",
        takes=schemas.ReviewNoteSchema(),
        gives=EditionSchema(),
    )
    def approve_edition(values: dict[str, Any], edition_id: int) -> Row:
        """Approve what somebody else has handed in."""
        reviews.approve(edition_id, version=expected_version(), **values)
        return catalogue.edition(edition_id)

    @routes.on(
        f"POST {EDITION}/return",
        needs="edition.review",
        takes=schemas.ReviewReasonSchema(),
        gives=EditionSchema(),
    )
    def return_edition(values: dict[str, Any], edition_id: int) -> Row:
        """Send an edition back to be written in, with a reason."""
        reviews.send_back(edition_id, version=expected_version(), **values)
        return catalogue.edition(edition_id)
