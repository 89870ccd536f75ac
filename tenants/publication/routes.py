"""Publications over HTTP: for the center as an API, for everybody else as pages."""

from typing import Any

from jinzhu.core.access import ANYONE
from jinzhu.core.http import Routes, check_version
from jinzhu.core.pages import Row
from jinzhu.core.schema import rows_of
from jinzhu.core.tenancy import Reach
from jinzhu.hierarchy.models import Center
from jinzhu.portal import forms, pages
from tenants.hall import public as halls
from tenants.publication import acts, public, reading, service
from tenants.publication.schemas import (
    DisclosedContactSchema,
    DisclosureInSchema,
    ObjectionAnswerInSchema,
    ObjectionInSchema,
    ObjectionReceiptSchema,
    PublicationInFullSchema,
    PublicationQuery,
    PublicationRowSchema,
)

routes = Routes("publications", __name__, prefix="")
ONE = "/api/publications/<int:publication_id>"
OBJECTION = f"{ONE}/objections/<int:objection_id>"
CENTER = "/public/<code>"
PUBLISHED = f"{CENTER}/publications/<number>"
#: So many items of a window are shown at once.
SHOWN = 20


@routes.on(
    "GET /api/publications",
    needs="procedure.read",
    query=PublicationQuery(),
    gives=rows_of(PublicationRowSchema()),
)
def list_publications(query: dict[str, Any]) -> Row:
    """List what this center publishes and has published."""
    return reading.page(query)


@routes.on(f"GET {ONE}", needs="procedure.read", gives=PublicationInFullSchema())
def read_publication(publication_id: int) -> Row:
    """Show a publication with the objections to it; who objects is masked."""
    return reading.document(service.find(publication_id))


@routes.on(
    f"POST {ONE}/objections",
    needs="procedure.decide",
    takes=ObjectionInSchema(),
    gives=ObjectionReceiptSchema(),
    status=201,
)
def record_objection(values: dict[str, Any], publication_id: int) -> Row:
    """Write down an objection that came by telephone, by letter or in person."""
    about = service.find(publication_id)
    receipt = acts.record(about, values)
    return {**receipt, "publication": reading.document(about)}


@routes.on(
    f"POST {OBJECTION}/answer",
    needs="procedure.decide",
    takes=ObjectionAnswerInSchema(),
    gives=PublicationInFullSchema(),
)
def answer_objection(values: dict[str, Any], publication_id: int, objection_id: int) -> Row:
    """Reject an objection, or accept it: then the case goes back or is refused."""
    about = service.find(publication_id)
    found = acts.held(about, objection_id)
    check_version(found.version, lambda: reading.document(about))
    acts.answer(about, found, values)
    return reading.document(about)


@routes.on(
    f"POST {OBJECTION}/contact",
    needs="objection.contact",
    takes=DisclosureInSchema(),
    gives=DisclosedContactSchema(),
)
def disclose_contact(values: dict[str, Any], publication_id: int, objection_id: int) -> Row:
    """Show who objects and how to reach them; who asked and why is kept."""
    found = service.objection(service.find(publication_id), objection_id)
    return acts.contact(found, reason=values["reason"])


# Pages


@routes.page("GET /public", needs=ANYONE, reach=Reach.PUBLIC)
def show_start() -> pages.Page:
    """Show which centers publish something now and have halls; find one by its name."""
    query = pages.asked(public.CentersQuery())
    found = public.centers(query)
    return pages.page("start.html", center=None, found=found, q=query["q"])


@routes.page(f"GET {CENTER}", needs=ANYONE, reach=Reach.PUBLIC)
@pages.of_center
def show_center(center: Center) -> pages.Page:
    """Show what a center publishes now and has published, and where its halls are."""
    query = pages.asked(public.PublicQuery())
    return pages.page(
        "center.html",
        center=center,
        here=f"/{center.code}",
        found=public.page(query),
        states=public.tabs(query["state"]),
        state=query["state"],
        q=query["q"],
        halls=halls.halls(),
    )


@routes.page(f"GET {PUBLISHED}", needs=ANYONE, reach=Reach.PUBLIC)
@pages.of_center
def show_publication(center: Center, number: str) -> pages.Page:
    """Show a publication: what is planned, until when, where to object, what was objected."""
    found = public.document(number)
    return pages.page(
        "publication.html",
        center=center,
        here=f"/{center.code}",
        found={**found, "windows": halls.windows_of(found["object"], found["subject_code"])},
        contact=halls.contact(),
    )


@routes.page(f"GET {PUBLISHED}/objection", needs=ANYONE, reach=Reach.PUBLIC)
@pages.of_center
def begin_objection(center: Center, number: str) -> pages.Page:
    """Show the form by which anybody objects."""
    found = public.find(number)
    return _form(center, found) if found["open"] else _over(center, found)


@routes.page(f"POST {PUBLISHED}/objection", needs=ANYONE, reach=Reach.PUBLIC)
@pages.of_center
def send_objection(center: Center, number: str) -> pages.Page:
    """Take an objection; what was typed is shown again where something is wrong with it."""
    found, given = public.find(number), forms.sent()
    if wrong := public.faults(given):
        return _form(center, found, given=given, errors=wrong, status=422)
    taken = public.send(found, given)
    if taken["refused"] == "over":
        return _over(center, found)
    if taken["refused"]:
        status = 429 if taken["refused"] == "too_many" else 422
        errors = {"form": public.refusal(taken["refused"])}
        return _form(center, found, given=given, errors=errors, status=status)
    return pages.form(
        "receipt.html",
        status=201,
        center=center,
        here=f"/{center.code}",
        found=found,
        number=taken["number"],
        code=taken["code"],
    )


def _form(
    center: Center,
    found: Row,
    *,
    given: Any = None,
    errors: dict[str, str] | None = None,
    status: int = 200,
) -> pages.Page:
    """Show the form with what was typed; a number that is still good is kept."""
    typed = {name: (given or {}).get(name, "") for name in (*service.LONGEST, forms.TRAP)}
    kept, purpose = (given or {}).get("token", ""), public.purpose(found["number"])
    good = forms.number_of(kept, purpose=purpose) is not None
    return pages.form(
        "object.html",
        status=status,
        center=center,
        here=f"/{center.code}",
        found=found,
        given=typed,
        errors=errors or {},
        token=kept if good else forms.token(purpose),
    )


def _over(center: Center, found: Row) -> pages.Page:
    """Say that the time to object is over."""
    return pages.form("problem.html", status=409, center=center, problem=public.too_late(found))


@routes.page(f"GET {CENTER}/objection", needs=ANYONE, reach=Reach.PUBLIC)
@pages.of_center
def begin_look_up(center: Center) -> pages.Page:
    """Show where the answer to an objection is read."""
    return _looked_up(center, {})


@routes.page(f"POST {CENTER}/objection", needs=ANYONE, reach=Reach.PUBLIC)
@pages.of_center
def look_up_objection(center: Center) -> pages.Page:
    """Show what became of an objection to who has its number and its code."""
    given = forms.sent()
    found = public.answer(given)
    if found is None:
        return _looked_up(center, given, error=public.unknown(), status=404)
    return _looked_up(center, given, answer=found)


def _looked_up(
    center: Center, given: Any, *, error: str = "", answer: Row | None = None, status: int = 200
) -> pages.Page:
    return pages.form(
        "answer.html",
        status=status,
        center=center,
        here=f"/{center.code}",
        given={"number": given.get("number", "")},
        error=error,
        answer=answer,
    )


@routes.page(f"GET {CENTER}/windows/<int:window_id>", needs=ANYONE, reach=Reach.PUBLIC)
@pages.of_center
def show_window(center: Center, window_id: int) -> pages.Page:
    """Show a window to who has scanned its sign: who and what is there, when, and where."""
    return pages.page(
        "window.html",
        center=center,
        here=f"/{center.code}",
        window=halls.window(window_id),
        shown=SHOWN,
    )
