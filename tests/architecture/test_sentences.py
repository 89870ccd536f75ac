"""Every sentence the server says exists in both languages, with the same blanks, and is used."""

import ast
import contextlib
import itertools
import re
import string
from pathlib import Path

import pytest
from marshmallow import Schema, ValidationError

from jinzhu.core.language import LANGUAGES, sentences
from jinzhu.core.problems import Problem, translate
from jinzhu.core.schema import Document, PageQuery

PLATFORM = Path(__file__).parents[2] / "platform"
#: What starts the embedded servers speaks to a terminal, before there is a reader's language.
SOURCES = [
    path
    for place in (PLATFORM, PLATFORM.parent / "tenants")
    for path in place.rglob("*.py")
    if "embedded" not in path.parts
]
TREES = [ast.parse(path.read_text(encoding="utf-8")) for path in SOURCES]
NODES = [node for tree in TREES for node in ast.walk(tree)]
#: Pages that are written on the server say sentences too.
TEMPLATES = [path.read_text(encoding="utf-8") for path in PLATFORM.rglob("templates/*.html")]
SAID = re.compile(r"""say\(["']([\w.]+)["'](\s*~)?""")
KEYS = set(sentences("zh-CN"))
#: Functions that say a sentence, and which of their arguments names it.
SPEAKERS = {"say": 0, "knows": 0, "invalid": 1, "forbids": 1, "_refusal": 1}
#: A key that is put together in code begins with one of these words.
WORDS = {key.split(".")[0] for key in KEYS}


def pattern(node: ast.JoinedStr) -> str:
    """Return what a key that is put together can look like."""
    return "".join(
        re.escape(str(part.value)) if isinstance(part, ast.Constant) else ".+"
        for part in node.values
    )


def named() -> set[str]:
    """Return the keys that code names outright."""
    found = set()
    for node in NODES:
        if isinstance(node, ast.Call):
            name = getattr(node.func, "id", getattr(node.func, "attr", ""))
            place = SPEAKERS.get(name)
            if place is not None and len(node.args) > place:
                found |= outright(node.args[place])
    return found | {key for key, joined in in_templates() if not joined}


def in_templates() -> set[tuple[str, str]]:
    """Return the keys that templates name, and what begins those that they put together."""
    return {found for text in TEMPLATES for found in SAID.findall(text)}


def outright(argument: ast.expr) -> set[str]:
    """Return the keys of an argument that is a text, or one text or another."""
    if isinstance(argument, ast.IfExp):
        return outright(argument.body) | outright(argument.orelse)
    if isinstance(argument, ast.Constant) and isinstance(argument.value, str):
        return {argument.value}
    return set()


def patterns() -> set[str]:
    """Return the patterns of the keys that code puts together."""
    return {
        pattern(node)
        for node in NODES
        if isinstance(node, ast.JoinedStr)
        and isinstance(node.values[0], ast.Constant)
        and str(node.values[0].value).split(".")[0] in WORDS
        and "." in str(node.values[0].value)
    } | {f"{re.escape(begin)}.+" for begin, joined in in_templates() if joined}


def codes(problem: type[Problem] = Problem) -> set[str]:
    """Return the code of every problem there is."""
    return {problem.code}.union(*(codes(below) for below in problem.__subclasses__()))


def rendered() -> set[str]:
    """Return the codes that are answered without a class of their own."""
    tree = ast.parse((PLATFORM / "jinzhu/core/problems.py").read_text(encoding="utf-8"))
    texts = {node.value for node in ast.walk(tree) if isinstance(node, ast.Constant)}
    return {text for text in texts if isinstance(text, str) and f"problem.{text}" in KEYS}


@pytest.mark.parametrize("language", LANGUAGES[1:])
def test_every_language_has_the_same_sentences(language):
    assert set(sentences(language)) == KEYS


def blanks(text: str) -> set[str]:
    """Return the names of the blanks in a sentence."""
    return {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}


@pytest.mark.parametrize("language", LANGUAGES[1:])
def test_a_sentence_has_the_same_blanks_in_every_language(language):
    other = sentences(language)
    differing = [
        key for key, text in sentences("zh-CN").items() if blanks(text) != blanks(other[key])
    ]
    assert differing == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_sentence_is_empty(language):
    assert [key for key, text in sentences(language).items() if not text.strip()] == []


def test_every_key_that_code_names_is_there():
    assert "rule.sort" in named()
    assert named() - KEYS == set()


def test_every_key_that_code_puts_together_can_be_there():
    found = patterns()
    assert "problem\\..+" in found
    lost = [one for one in found if not any(re.fullmatch(one, key) for key in KEYS)]
    assert lost == []


def test_every_problem_has_a_title(declared):
    assert {"not_found", "csrf", "no_post"} <= codes()
    assert {f"problem.{code}" for code in codes()} - KEYS == set()


def test_every_problem_in_the_files_can_happen(declared):
    known = codes() | rendered()
    told = {key.split(".")[1] for key in KEYS if key.startswith("problem.")}
    assert told - known == set()


def test_no_sentence_is_never_said(declared):
    used = named()
    put_together = [re.compile(one) for one in patterns() - {"problem\\..+"}]
    unused = [
        key
        for key in KEYS
        if not key.startswith("problem.")
        and key not in used
        and not any(one.fullmatch(key) for one in put_together)
    ]
    assert unused == []


def complaints(field) -> set[str]:
    """Return what a field of a schema can complain of."""
    found = {
        field.error_messages[name]
        for name in ("required", "null", "invalid")
        if name in field.error_messages
    }
    bad = ["", "\0", "\0" * 100_000, -(10**12), 10**12]
    for check, value in itertools.product(field.validators, bad):
        with contextlib.suppress(TypeError):
            try:
                check(value)
            except ValidationError as error:
                found |= set(error.messages)
    return {text for text in found if isinstance(text, str)}


def schemas(base: type[Schema]) -> set[type[Schema]]:
    """Return every schema built on this one."""
    return {base}.union(*(schemas(below) for below in base.__subclasses__()))


def test_whatever_the_validation_can_say_is_said_in_chinese(declared):
    fields = [
        field
        for schema in schemas(Document) | schemas(PageQuery)
        for field in schema().fields.values()
    ]
    said = set().union(*(complaints(field) for field in fields))
    assert len(said) > 10
    assert [text for text in said if translate(text).isascii()] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_chinese_is_chinese_and_english_is_english(language):
    for key, text in sentences(language).items():
        assert bool(re.search("[\u4e00-\u9fff]", text)) == (language == "zh-CN"), key
