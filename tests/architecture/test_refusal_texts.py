"""Every refusal of the standards engine says what it is about, whose it is, and whom to ask.

A new refusal is given its place here: either it has these blanks, or it is about the reader's own
work, which nobody else decides.
"""

import string

import pytest

from jinzhu.core.language import LANGUAGES, sentences
from jinzhu.core.problems import Problem

#: Somebody else's rule or act: what, whose, which edition, whom to ask.
TOLD = {
    "city_to_answer": {"standard", "number", "city", "ask"},
    "delivery_closed": {"standard", "number", "contact"},
    "edition_withdrawn": {"standard", "number", "owner", "contact"},
    "line_alone": set(),
    "not_adopted": {"standard", "owner", "contact"},
    "not_your_line": {"line"},
    "not_your_side": {"standards", "contact"},
    "not_your_standard": {"standard", "owner", "contact"},
    "rollout_over": {"standard", "number", "owner", "contact"},
    "rollout_paused": {"standard", "number", "owner", "contact"},
    "rollout_running": {"standard", "number", "contact"},
    "still_offered": {"standard", "owner", "contact"},
}
#: What a colleague did or has to do: what, and who.
COLLEAGUES = {
    "answered_meanwhile": {"by"},
    "draft_open": {"title", "by"},
    "not_approved": {"standard", "ask"},
    "not_submitter": {"by"},
    "own_lift": {"standard"},
    "own_submission": {"ask"},
    "review_underway": {"title", "by"},
    "under_review": {"by"},
}
#: The state of one's own work; the sentence says what to do next.
OWN = {
    "already_own": {"name"},
    "city_answered": set(),
    "code_taken": {"provision"},
    "exemption_asked_already": set(),
    "exemption_decided": set(),
    "never_reviewed": set(),
    "no_longer_asked": {"standard", "number"},
    "not_a_draft": {"standard", "number"},
    "not_as_approved": set(),
    "not_published": set(),
    "not_reviewed": {"standard"},
    "not_sealed": set(),
    "not_sealed_yet": set(),
    "not_under_review": set(),
    "nothing_of_its_own": set(),
    "proposal_decided": set(),
    "proposed_already": set(),
    "rollout_overtaken": set(),
    "rollout_scheduled": set(),
    "rollout_underway": {"rollout_id"},
    "taken_out": set(),
}
#: Told in words of its own, by what is refused.
IN_ITS_OWN_WORDS = {"not_amendable", "stage_not_waiting", "update_not_open"}
ALL = TOLD | COLLEAGUES | OWN


def refusals(problem=Problem):
    """Return the code of every refusal of the standards engine."""
    own = {problem.code} if problem.__module__.startswith("jinzhu.standards") else set()
    return own.union(*(refusals(below) for below in problem.__subclasses__()))


def blanks(text):
    return {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}


def test_every_refusal_has_its_place_here(declared):
    assert refusals() == set(ALL) | IN_ITS_OWN_WORDS


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("code", sorted(ALL))
def test_it_says_what_whose_and_whom_to_ask(code, language):
    said = sentences(language)
    assert said[f"problem.{code}"]
    assert blanks(said[f"problem.{code}.detail"]) >= ALL[code]
