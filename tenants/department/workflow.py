"""What needs somebody's eye in a roster: marks that a department bears, read off its row."""

from collections.abc import Callable

from stdnum.cn import uscc
from stdnum.exceptions import InvalidChecksum, InvalidLength, ValidationError

from jinzhu.core.language import say
from jinzhu.core.pages import Row
from jinzhu.standards.models import Claim
from jinzhu.standards.records.duties import UNCLAIMED
from tenants.entry.models import NOT_ENTERED, EntryState, Mode

#: Not here: neither entered nor suspended, and nothing that says it need not be.
ABSENT = (NOT_ENTERED, EntryState.LEFT.value)
PRESENT = (EntryState.ENTERED.value, EntryState.SUSPENDED.value)
#: What has been answered with a reason is no longer awaited.
AWAITED = (UNCLAIMED, Claim.OFFERED.value)
#: How many days before a power of attorney ends it is marked; as its notice has it.
SOON = 30


def _absent(row: Row, force: str) -> bool:
    here = row["state"] not in ABSENT
    return row["entry_force"] == force and not here and row["claim"] in AWAITED


def _ending(row: Row) -> bool:
    power = row["power"]
    if power is None or power["state"] == "ended" or power["days_left"] is None:
        return False
    return bool(power["days_left"] <= SOON)


def _unapproved(row: Row) -> bool:
    stands = row["mode"] == Mode.STANDALONE.value and row["state"] in PRESENT
    return stands and not (row["approval_number"] and row["approved_on"])


#: By name.
MARKS: dict[str, Callable[[Row], bool]] = {
    #: Shall enter, has not, and no answer says with a reason that it need not.
    "missing": lambda row: _absent(row, "shall"),
    #: Proposed by the government, and it has neither come nor said no.
    "unanswered": lambda row: _absent(row, "proposed"),
    "standalone": lambda row: (
        row["state"] in PRESENT
        and (row["mode"] == Mode.STANDALONE.value or row["hall"] is not None)
    ),
    "unapproved": _unapproved,
    "power_ended": lambda row: row["power"] is not None and row["power"]["state"] == "ended",
    "power_ending": _ending,
    "credit_code": lambda row: bool(row["credit_fault"]),
    "services_open": lambda row: row["services"]["open"] > 0,
    "running": lambda row: row["case"] is not None,
}


def credit_fault(code: str) -> str:
    """Say what is wrong with a unified social credit code (GB 32100); '' if nothing is."""
    if not code.strip():
        return ""
    try:
        uscc.validate(code)
    except InvalidLength:
        return say("credit.length", n=len(uscc.compact(code)))
    except InvalidChecksum:
        return say("credit.checksum")
    except ValidationError:
        return say("credit.format")
    return ""
