"""Beginning a case: which department or item, and what it is to bring about."""

from collections.abc import Mapping
from typing import Any

from jinzhu.core.db import db
from jinzhu.core.problems import NotFound, invalid
from jinzhu.core.tenancy import current
from jinzhu.standards.claims import departments_of_post, in_force, models
from jinzhu.standards.models import Claim, Revision
from tenants.procedure import service
from tenants.procedure.models import Case

#: Kinds of case that say why.
REASONED = ("adjustment", "suspension", "exit", "negative_list")


def begin(wish: Mapping[str, Any]) -> Case:
    """Begin a case as a post asks for it.

    Raises:
        NotFound: if the center does not offer what it is about, or the post does not see it.
        Invalid: if a reason is needed.
    """
    subject = _subject(wish["object"], wish["subject_id"])
    if wish["kind"] in REASONED and not wish["reason"].strip():
        raise invalid("reason", "case.reason_needed", rule="required")
    return service.begin(
        subject,
        wish["kind"],
        facts=wish["facts"],
        reason=wish["reason"],
        code=wish["procedure"],
    )


def _subject(kind: str, provision_id: int) -> Revision:
    model = models()[kind]
    statement = (
        in_force(model)
        .with_only_columns(Revision)
        .where(
            model.tenant_id == current().tenant_id,
            model.provision_id == provision_id,
            model.claim == Claim.OFFERED,
        )
    )
    own = departments_of_post()
    found = db.session.scalar(statement if own is None else statement.where(own))
    if found is None:
        raise NotFound(id=provision_id)
    return found
