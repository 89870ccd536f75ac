"""Beginning a case: which department or item, and what it is to bring about."""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from jinzhu.core.db import db
from jinzhu.core.language import say
from jinzhu.core.problems import Fault, Invalid, NotFound, invalid
from jinzhu.core.tenancy import current
from jinzhu.standards.claims import departments_of_post, in_force, models
from jinzhu.standards.kinds import CHOICES
from jinzhu.standards.models import Claim, Revision
from tenants.procedure import service
from tenants.procedure.models import Case

#: Kinds of case that say why.
REASONED = ("adjustment", "suspension", "exit", "negative_list")


def begin(wish: Mapping[str, Any]) -> Case:
    """Begin a case as a post asks for it.

    Raises:
        NotFound: if the center does not offer what it is about, or the post does not see it.
        Invalid: if a reason is needed, or a fact means nothing.
    """
    subject = _subject(wish["object"], wish["subject_id"])
    if wish["kind"] in REASONED and not wish["reason"].strip():
        raise invalid("reason", "case.reason_needed", rule="required")
    if wrong := list(_meaningless(wish["facts"])):
        raise Invalid(errors=wrong)
    return service.begin(
        subject,
        wish["kind"],
        facts=wish["facts"],
        reason=wish["reason"],
        code=wish["procedure"],
    )


def _meaningless(facts: Mapping[str, Any]) -> Iterator[Fault]:
    """Yield the facts that the steps of a procedure could not read."""
    mode, day = facts.get("mode"), facts.get("effective_on")
    if mode is not None and mode not in CHOICES["presence_mode"]:
        choices = "、".join(say(f"choice.presence_mode.{one}") for one in CHOICES["presence_mode"])
        yield Fault("facts.mode", say("case.mode", choices=choices), mode, "choice")
    if day is not None and not _is_day(day):
        yield Fault("facts.effective_on", say("validation.Not a valid date."), day, "date")


def _is_day(value: Any) -> bool:
    try:
        date.fromisoformat(value)
    except (TypeError, ValueError):
        return False
    return True


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
