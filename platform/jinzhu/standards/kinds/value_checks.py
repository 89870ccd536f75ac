"""What concerns several fields of a provision at once, kind by kind.

Only contradictions are refused here; what is merely unusual is a warning elsewhere.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from jinzhu.core import workflow
from jinzhu.core.language import say
from jinzhu.core.problems import Fault
from jinzhu.standards.kinds import step_limits
from jinzhu.standards.kinds.kind_fields import Kind, Type
from jinzhu.standards.kinds.value_parts import unknown_codes

Content = Mapping[str, Any]
WHOLE = 100


def together(kind: Kind, content: Content) -> list[Fault]:
    """Return what contradicts itself in the content of a provision that is otherwise clean."""
    wrong = [
        fault
        for field in kind.fields
        if field.type is Type.PARTS
        for fault in unknown_codes(field, content)
    ]
    return wrong + list(_CHECKS.get(kind.name, _nothing)(content))


def whole(kind: Kind, content: Content) -> list[Fault]:
    """Return what contradicts itself as a standard says it: there all of it is in one hand.

    What one center is let off is judged without these: it asks for one field at a time.
    """
    return list(_of_item(content)) if kind.name == "item" else []


def _of_item(content: Content) -> Iterator[Fault]:
    code = content.get("code")
    if code and content.get("main_code") == code:
        yield Fault("content.main_code", say("value.own_main_item"), code, "circle")
    yield from _sum_of_fees(content)


def _sum_of_fees(content: Content) -> Iterator[Fault]:
    """The charge is one of the listed ones, or several together: never less than each of them."""
    fee, amounts = content.get("fee"), [part.get("amount") for part in content.get("fees", [])]
    told = [amount for amount in amounts if amount is not None]
    if fee is None or not told or len(told) < len(amounts):
        return
    if not max(told) <= fee <= round(sum(told), 2):
        text = say("value.fee_sum", most=max(told), total=round(sum(told), 2))
        yield Fault("content.fee", text, fee, "sum")


def _nothing(_: Content) -> Iterator[Fault]:
    return iter(())


def _item(content: Content) -> Iterator[Fault]:
    committed, statutory = content.get("committed_limit"), content.get("statutory_limit")
    if committed is not None and statutory is not None and committed > statutory:
        text = say("value.over_statutory", bound=statutory)
        yield Fault("content.committed_limit", text, committed, "at_most")
    case_type = content.get("case_type")
    if committed is not None and case_type and (case_type == "instant") != (committed == 0):
        yield Fault("content.case_type", say("value.case_type"), case_type, "case_type")
    yield from _steps_of_item(content, committed)
    yield from _fees(content)


def _steps_of_item(content: Content, committed: int | None) -> Iterator[Fault]:
    """The steps happen one after the other, so their limits may not exceed the promise."""
    if step_limits.excess(content):
        total = step_limits.total(content)
        text = say("value.steps_over", total=total, bound=committed)
        yield Fault("content.steps", text, total, "at_most")


def _fees(content: Content) -> Iterator[Fault]:
    """Who asks for money says what for, how much, and on what basis."""
    fee, fees = content.get("fee"), content.get("fees", [])
    if not fee:
        return
    if not fees:
        yield Fault("content.fees", say("value.fee_untold"), fee, "required")
    for number, part in enumerate(fees):
        for name in ("amount", "basis"):
            if name not in part:
                text = say("value.fee_basis")
                yield Fault(f"content.fees.{number}.{name}", text, rule="required")


def _post(content: Content) -> Iterator[Fault]:
    least, most = content.get("min_stay_months"), content.get("max_stay_months")
    if least is not None and most is not None and least > most:
        yield Fault("content.max_stay_months", say("value.stay", bound=least), most, "at_least")
    month = content.get("rotation_month")
    if month is not None and not 1 <= month <= 12:
        yield Fault("content.rotation_month", say("value.month"), month, "range")


def _procedure(content: Content) -> Iterator[Fault]:
    """Every step can be reached, none leads back to itself, and what waits says how long."""
    steps = content.get("steps", [])
    for number, fault in course(steps).faults():
        if fault not in _STEP_FAULTS:
            continue
        column, rule, key = _STEP_FAULTS[fault]
        step = steps[number]
        text = say(key, name=step["name"])
        yield Fault(f"content.steps.{number}.{column}", text, step.get(column), rule)
    yield from _steps_above(steps)


def _steps_above(steps: Sequence[Mapping[str, Any]]) -> Iterator[Fault]:
    """Whoever signs from above says yes or no; what it brings about is up to the center."""
    for number, step in enumerate(steps):
        for column in ("guards", "effects", "waits"):
            if step.get("actor") == "superior" and step.get(column):
                text = say("value.step_above", name=step["name"])
                yield Fault(f"content.steps.{number}.{column}", text, step[column], "actor")


def course(steps: Sequence[Mapping[str, Any]]) -> workflow.Procedure:
    """Return the steps of a provision as what a case runs through."""
    return workflow.Procedure(
        tuple(
            workflow.Step(
                code=step["code"],
                name=step["name"],
                actor=step["actor"],
                next=tuple(step.get("next", ())),
                actions=frozenset(map(workflow.Action, step.get("actions", ()))),
                limit=step.get("limit"),
                warn=step.get("warn"),
                escalate_after=step.get("escalate_after"),
                escalate_to=step.get("escalate_to", ""),
                document=step.get("document", ""),
                condition=step.get("condition", ""),
                guards=tuple(step.get("guards", ())),
                effects=tuple(step.get("effects", ())),
                waits=step.get("waits", False),
            )
            for step in steps
        )
    )


def _assessment(content: Content) -> Iterator[Fault]:
    for name in ("indicators", "shares"):
        parts = content.get(name, [])
        total = round(sum(part["weight"] for part in parts), 2)
        if parts and total != WHOLE:
            yield Fault(f"content.{name}", say("value.weights", total=total), total, "sum")
    base, most = content.get("base_score"), content.get("max_score")
    if base is not None and most is not None and base > most:
        yield Fault("content.max_score", say("value.base_score", bound=base), most, "at_least")


#: The column, the rule and the sentence of what can be wrong with a step; codes that stand twice
#: or are not there are found where parts are read.
_STEP_FAULTS = {
    workflow.Fault.UNREACHED: ("code", "reachable", "value.unreached"),
    workflow.Fault.CIRCLE: ("next", "circle", "value.step_circle"),
    workflow.Fault.WAITS_WITHOUT_LIMIT: ("limit", "required", "value.step_waits"),
    workflow.Fault.ESCALATES_WITHOUT_LIMIT: ("limit", "required", "value.step_escalates"),
    workflow.Fault.ESCALATES_AT_ONCE: ("escalate_after", "at_least", "value.escalates_at_once"),
    workflow.Fault.RECEIVER_WITHOUT_DAYS: ("escalate_after", "required", "value.receiver"),
}
_CHECKS: dict[str, Callable[[Content], Iterator[Fault]]] = {
    "item": _item,
    "post": _post,
    "procedure": _procedure,
    "assessment": _assessment,
}
