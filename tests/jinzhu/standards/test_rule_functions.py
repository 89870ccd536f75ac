"""The SQL of the rules says what the rules say, for any values: held against plain Python."""

from typing import Any

import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as some
from sqlalchemy import Engine, text

from tests.jinzhu.standards import naive

CODES = ("M1", "M2", "M3", "M4")
NUMBERS = some.one_of(some.integers(0, 6), some.sampled_from([0.5, 2.5, 99]))
COLUMNS = {"copies": "at_most", "score": "at_least", "note": "local"}


def subsets(codes: tuple[str, ...]) -> some.SearchStrategy[list[str]]:
    """Choose some of these."""
    return some.lists(some.sampled_from(codes), unique=True).map(sorted)


CELLS = some.fixed_dictionaries(
    {}, optional={"copies": NUMBERS, "score": NUMBERS, "note": some.sampled_from(["甲", "乙"])}
)
PART = some.builds(lambda code, cells: {"code": code, **cells}, some.sampled_from(CODES), CELLS)
PARTS = some.lists(PART, unique_by=lambda part: part["code"], max_size=4)


@some.composite
def changes(draw: some.DrawFn) -> dict[str, Any]:
    """Draw what a lower level changes of a list of parts."""
    cells = some.dictionaries(
        some.sampled_from(CODES), CELLS.filter(bool) | some.just({"name": "改名"}), max_size=2
    )
    given = {"drop": draw(subsets(CODES)), "add": draw(PARTS), "set": draw(cells)}
    kept = {name: value for name, value in given.items() if value and draw(some.booleans())}
    return kept or {"drop": ["M1"]}


def rule_of(*names: str, columns: bool = False) -> some.SearchStrategy[dict[str, Any]]:
    """Choose a rule for a field."""
    more = {"columns": COLUMNS} if columns else {}
    return some.sampled_from([{"rule": name, **more} for name in names])


RULES = some.fixed_dictionaries(
    {
        "limit": rule_of("fixed", "at_most", "default"),
        "months": rule_of("fixed", "at_least", "default"),
        "forms": rule_of("fixed", "subset", "superset", "default"),
        "materials": rule_of("fixed", "subset", "superset", "default", "local", columns=True),
        "phone": rule_of("local", "fixed"),
    }
)
CONTENT = some.fixed_dictionaries(
    {"name": some.just("事项")},
    optional={
        "limit": NUMBERS,
        "months": NUMBERS,
        "forms": subsets(CODES),
        "materials": PARTS,
        "phone": some.just("0826"),
    },
)
LOCAL = some.fixed_dictionaries(
    {},
    optional={
        "limit": NUMBERS | some.just("三天"),
        "months": NUMBERS,
        "forms": subsets(CODES),
        "materials": changes(),
        "phone": some.sampled_from(["1", "2"]),
        "name": some.just("别名"),
    },
)
AMENDING = some.fixed_dictionaries(
    {},
    optional={
        "limit": rule_of("at_most", "fixed", "default"),
        "months": rule_of("at_least", "fixed"),
        "materials": rule_of("subset", "superset", "fixed", columns=True),
        "phone": some.sampled_from([{"rule": "local", "required": True}, {"rule": "fixed"}]),
    },
)
COMPUTED = text("""
    SELECT app.broken(b, CAST(:local AS jsonb)) AS broken,
        app.effective(CAST(:content AS jsonb), b, CAST(:local AS jsonb)) AS effective
    FROM app.bounds(CAST(:content AS jsonb), CAST(:rules AS jsonb)) b
""")
MERGED = text("""
    SELECT app.effective(CAST(:content AS jsonb), b, CAST(:local AS jsonb)) AS content,
        app.merged_rules(CAST(:rules AS jsonb), b, CAST(:local AS jsonb), CAST(:lower AS jsonb))
            AS rules
    FROM app.bounds(CAST(:content AS jsonb), CAST(:rules AS jsonb)) b
""")


def json_of(**values: Any) -> dict[str, str]:
    """Return parameters as JSON."""
    return {name: orjson.dumps(value).decode() for name, value in values.items()}


@pytest.fixture(scope="module")
def ask(owner: Engine) -> Any:
    """Ask PostgreSQL."""
    with owner.connect() as connection:
        yield lambda statement, **values: connection.execute(statement, json_of(**values)).one()


@settings(max_examples=150, deadline=None)
@given(content=CONTENT, rules=RULES, local=LOCAL)
def test_what_breaks_and_what_shows_is_as_defined(ask, content, rules, local):
    found = ask(COMPUTED, content=content, rules=rules, local=local)
    assert set(found.broken) == naive.broken((content, rules), local)
    assert found.effective == naive.effective((content, rules), local)


@settings(max_examples=150, deadline=None)
@given(content=CONTENT, rules=RULES, local=LOCAL)
def test_who_is_exempt_may_say_what_the_schema_allows(ask, content, rules, local):
    free = {field: value for field, value in local.items() if field in rules}
    exempt = {**rules, **{field: {**rules[field], "rule": "exempt"} for field in free}}
    found = ask(COMPUTED, content=content, rules=exempt, local=free)
    assert (found.broken, found.effective) == ([], naive.effective((content, exempt), free))


BEYOND = text("""
    SELECT app.breaks(jsonb_build_object('rule', 'exempt', 'granted', CAST(:granted AS jsonb),
        'standing', coalesce(app.bounds(CAST(:content AS jsonb), CAST(:rules AS jsonb))
            -> (CAST(:field AS jsonb) #>> '{}'), '{"rule": "fixed"}')),
        CAST(:value AS jsonb)) AS is_so
""")


@settings(max_examples=150, deadline=None)
@given(content=CONTENT, rules=RULES, granted=LOCAL, local=LOCAL)
def test_who_is_exempt_goes_as_far_as_was_granted(ask, content, rules, granted, local):
    for field in rules.keys() & granted.keys() & local.keys():
        leave, value = granted[field], local[field]
        if "三天" in (leave, value):
            continue
        said = {"rule": "exempt", "granted": leave, "above": (content, rules)}
        found = ask(
            BEYOND, content=content, rules=rules, granted=leave, value=value, field=field
        ).is_so
        assert found == naive.breaks((content, {field: said}), field, value)


@settings(max_examples=150, deadline=None)
@given(content=CONTENT, rules=RULES, local=LOCAL)
def test_no_bound_is_ever_broken_and_a_fixed_field_never_differs(ask, content, rules, local):
    shown = ask(COMPUTED, content=content, rules=rules, local=local).effective
    for field, rule in rules.items():
        above, value = content.get(field), shown.get(field)
        match rule["rule"]:
            case "fixed":
                assert value == above
            case "at_most" if above is not None:
                assert value <= above
            case "at_least" if above is not None:
                assert value >= above
            case "subset" if above is not None:
                assert codes(value) <= codes(above)
            case "superset" if above is not None:
                assert codes(value) >= codes(above)


def codes(listed: list[Any]) -> set[str]:
    """Return the codes of a list, of parts or of choices."""
    return {part["code"] if isinstance(part, dict) else part for part in listed}


@settings(max_examples=150, deadline=None)
@given(content=CONTENT, rules=RULES, amended=LOCAL, lower=AMENDING)
def test_an_amendment_on_top_is_as_defined_and_never_looser(ask, content, rules, amended, lower):
    found = ask(MERGED, content=content, rules=rules, local=amended, lower=lower)
    assert tuple(found) == naive.merged((content, rules), (amended, lower))
    for field, rule in rules.items():
        order = naive.STRICTNESS
        if rule["rule"] in order:
            assert order.index(found.rules[field]["rule"]) >= order.index(rule["rule"])


@settings(max_examples=150, deadline=None)
@given(content=CONTENT, rules=RULES, amended=LOCAL, lower=AMENDING, local=LOCAL)
def test_whatever_a_county_may_say_under_an_amendment_the_standard_allows_too(
    ask, content, rules, amended, lower, local
):
    """Stricter on the way down: a value inside the city's bound is inside the province's."""
    merged = ask(MERGED, content=content, rules=rules, local=amended, lower=lower)
    shown = ask(COMPUTED, content=merged.content, rules=merged.rules, local=local).effective
    for field in ("limit", "months", "forms"):
        if field in content and rules[field]["rule"] != "default":
            assert not naive.breaks((content, rules), field, shown[field]) or (
                rules[field]["rule"] == "fixed" and shown[field] == content[field]
            )
