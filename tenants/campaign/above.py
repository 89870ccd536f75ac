"""One signature of a superior department in many cases of the centers below, each with its result.

Whatever keeps a single case from being signed keeps it here too, in the same words, and no other.
"""

from collections import defaultdict
from collections.abc import Mapping
from typing import Any

from jinzhu.core.ahead import reading_ahead
from jinzhu.core.pages import Row
from jinzhu.core.problems import ChangedMeanwhile, NotFound, Problem, told
from jinzhu.core.transaction import on_behalf_of
from jinzhu.core.workflow import Action
from jinzhu.files import service as files
from tenants.document import acts as documents
from tenants.document.models import CaseDocument
from tenants.procedure import acts
from tenants.procedure import service as cases
from tenants.procedure.models import Case

#: A case by its center and its number.
Key = tuple[int, int]
Refused = dict[Case, Problem]


def sign(wish: Mapping[str, Any], file: tuple[bytes, str] | None) -> Row:
    """Approve what waits for the superior department in many cases.  Needs the reach PUSH.

    Return what came of each, in the order in which they were named.
    """
    seen: dict[Key, int] = {(center, number): version for center, number, version in wish["cases"]}
    found = {(case.tenant_id, case.id): case for case in cases.many_below(seen.keys())}
    refused: Refused = {}
    with reading_ahead():
        cases.expect(list(found.values()))
        waiting = _waiting(found, seen, refused)
        papers = _laid(waiting, wish, file, refused) if file else {}
        steps = _signable(waiting, wish, refused)
        _keep({case: papers[case] for case in steps if case in papers})
        _sign(steps, wish)
    rows = [_row(key, found.get(key), refused) for key in seen]
    return {"rows": rows, "done": sum(row["done"] for row in rows)}


def _waiting(
    found: Mapping[Key, Case], seen: Mapping[Key, int], refused: Refused
) -> dict[Case, str]:
    """Return the step that waits in each case, where one does and the case is as it was seen."""
    steps: dict[Case, str] = {}
    for key, case in found.items():
        try:
            if case.version != seen[key]:
                raise ChangedMeanwhile
            steps[case] = acts.waiting_above(case)
        except Problem as problem:
            refused[case] = problem
    return steps


def _laid(
    waiting: Mapping[Case, str],
    wish: Mapping[str, Any],
    file: tuple[bytes, str],
    refused: Refused,
) -> dict[Case, CaseDocument]:
    """Lay the common document before the cases; each center keeps its own copy of the file."""
    content, name = file
    alike: dict[tuple[int, str], list[Case]] = defaultdict(list)
    for case, code in waiting.items():
        alike[case.tenant_id, code].append(case)
    papers: dict[Case, CaseDocument] = {}
    for (center, code), some in alike.items():
        with on_behalf_of(center):
            file_id = files.store(content, name=name).id
        laid = documents.lay_before(some, {**wish, "step": code}, file_id, name)
        papers |= {case: one for case, one in laid.items() if isinstance(one, CaseDocument)}
        refused |= {case: one for case, one in laid.items() if isinstance(one, Problem)}
    return papers


def _signable(
    waiting: Mapping[Case, str], wish: Mapping[str, Any], refused: Refused
) -> dict[Case, str]:
    steps: dict[Case, str] = {}
    for case, code in waiting.items():
        try:
            if case not in refused:
                acts.signable(case, code, wish)
                steps[case] = code
        except Problem as problem:
            refused[case] = problem
    return steps


def _keep(papers: Mapping[Case, CaseDocument]) -> None:
    """Store the common document in the cases that are signed."""
    alike: dict[int, dict[Case, CaseDocument]] = defaultdict(dict)
    for case, paper in papers.items():
        alike[case.tenant_id][case] = paper
    for center, some in alike.items():
        with on_behalf_of(center):
            documents.keep(some)


def _sign(steps: Mapping[Case, str], wish: Mapping[str, Any]) -> None:
    said = {name: wish[name].strip() for name in ("opinion", "on_behalf")}
    alike: dict[str, list[Case]] = defaultdict(list)
    for case, code in steps.items():
        alike[code].append(case)
    for code, some in alike.items():
        cases.approve_many(some, code, on_behalf=said["on_behalf"])
        by = {"actor_name": acts.signature(), **said}
        cases.trace_many(some, Action.APPROVE.value, code=code, **by)
    acts.tell_signed(list(steps.items()), Action.APPROVE)


def _row(key: Key, case: Case | None, refused: Refused) -> Row:
    """Return what came of a case; of one in which the post does not sign, nothing is told."""
    problem = NotFound() if case is None else refused.get(case)
    return {
        "center_id": key[0],
        "id": key[1],
        "number": case.number if case else "",
        "subject_name": case.subject_name if case else "",
        "done": problem is None,
        "message": told(problem) if problem else "",
    }
