"""Sentences: one of something is told as one, by the server as by the console."""

import re
from pathlib import Path

import pytest

from jinzhu.core.language import say, spoken
from jinzhu.core.singular import IRREGULAR, REGULAR, in_singular

CONSOLE = Path(__file__).parents[3] / "frontend" / "src" / "i18n" / "singular.ts"


@pytest.mark.parametrize(
    ("told", "single"),
    [
        ("1 fields", "1 field"),
        ("1 working days", "1 working day"),
        ("1 local values are kept, 1 conflicts", "1 local value is kept, 1 conflict"),
        ("1 duties, 1 people", "1 duty, 1 person"),
        ("21 centers, 1.1 points, 2 / 1 rows", "21 centers, 1.1 points, 2 / 1 row"),
        ("2 fields", "2 fields"),
    ],
)
def test_one_of_something_is_said_in_the_singular_and_only_one(told, single):
    assert in_singular(told) == single


def test_a_sentence_is_put_right_once_it_is_filled_in():
    for days, told in ((1, "1 working day"), (2, "2 working days")):
        with spoken("en"):
            assert told in say("value.over_statutory", bound=days)
        assert f"{days} 个工作日" in say("value.over_statutory", bound=days)


def test_the_server_and_the_console_know_the_same_words():
    text = CONSOLE.read_text(encoding="utf-8")
    listed = text[text.index("const REGULAR") : text.index("const WORDS")]
    regular = "".join(re.findall(r"'([a-z|]+)'", listed))
    assert regular.split("|") == REGULAR
    assert dict(re.findall(r"(\w+): '(\w+)',", text)) == IRREGULAR
