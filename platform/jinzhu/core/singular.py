"""English says one of something in the singular; Chinese has no such forms.

The sentences are told in the plural and put right once they are filled in, by the same words as in
the console (frontend/src/i18n/singular.ts).
"""

import re

IRREGULAR = {
    "cities": "city",
    "copies": "copy",
    "counties": "county",
    "duties": "duty",
    "entries": "entry",
    "people": "person",
}
# fmt: off
REGULAR = [
    "assignments", "attempts", "candidates", "cases", "centers", "changes", "characters",
    "checks", "codes", "collisions", "columns", "conflicts", "days", "departments", "drafts",
    "editions", "exemptions", "failures", "faults", "fields", "floors", "items", "letters",
    "lines", "materials", "months", "notices", "objections", "others", "pieces", "points",
    "postponements", "proposals", "provisions", "reminders", "rows", "stages", "standards",
    "steps", "things", "times", "values", "visits", "warnings", "ways", "windows", "years",
]
# fmt: on
#: `1 open conflicts are`: up to two words may stand between the number and what is counted.
_ONE = re.compile(
    rf"(?<![\d.,/])1 ((?:[a-z]+ ){{0,2}}?)({'|'.join([*REGULAR, *IRREGULAR])})\b( are| have| were)?"
)
_VERBS = {" are": " is", " have": " has", " were": " was"}


def in_singular(text: str) -> str:
    """Return a sentence in which one of something is told as one."""
    return _ONE.sub(_single, text)


def _single(found: re.Match[str]) -> str:
    between, word, verb = found.groups()
    noun = IRREGULAR.get(word, word[:-1])
    return f"1 {between}{noun}{_VERBS[verb] if verb else ''}"
