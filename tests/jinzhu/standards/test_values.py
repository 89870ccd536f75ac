"""Values of every type, in a standard and below it; no database is asked."""

import math

import pytest

from jinzhu.standards.kinds import KINDS, Column, Field, Kind, Rule, Type, values

COLUMNS = (
    Column("code", Type.CODE, required=True),
    Column("name", Type.TEXT, required=True),
    Column("copies", Type.INTEGER, local=Rule.AT_MOST),
    Column("need", Type.CHOICE, choices="material_need"),
    Column("note", Type.TEXT, local=Rule.LOCAL),
)


def field(type_: Type, *rules: Rule, choices: str = "") -> Field:
    columns = COLUMNS if type_ is Type.PARTS else ()
    return Field("f", type_, rules or (Rule.SUBSET,), choices=choices, columns=columns)


PARTS = field(Type.PARTS, Rule.SUBSET, Rule.FIXED)


def part(code: str, **cells) -> dict:
    return {"code": code, "name": f"材料{code}", **cells}


def cells(error: pytest.ExceptionInfo[values.Wrong]) -> list[tuple[str, str]]:
    return [(fault.field, fault.rule) for fault in error.value.cells]


@pytest.mark.parametrize(
    ("type_", "choices", "given", "clean"),
    [
        (Type.TEXT, "", "  二楼 ", "二楼"),
        (Type.LONG_TEXT, "", "第一条\n第二条", "第一条\n第二条"),
        (Type.CODE, "", "M-01.a_b", "M-01.a_b"),
        (Type.INTEGER, "", 5.0, 5),
        (Type.INTEGER, "", 0, 0),
        (Type.MONEY, "", 12.35, 12.35),
        (Type.PERCENT, "", 33.33, 33.33),
        (Type.PERCENT, "", 100, 100),
        (Type.GRADE, "education", 3, 3),
        (Type.BOOLEAN, "", False, False),
        (Type.BOOLEAN, "", True, True),
        (Type.CHOICE, "case_type", "instant", "instant"),
        (Type.CHOICES, "handle_form", ["online", "window", "online"], ["window", "online"]),
        (Type.CODES, "", ["S2", "S1", "S2"], ["S2", "S1"]),
        (Type.PHONE, "", "0826-2345678", "0826-2345678"),
        (Type.PARTS, "", [part("M1", copies=2)], [part("M1", copies=2)]),
    ],
)
def test_a_value_of_each_type_is_made_clean(type_, choices, given, clean):
    made = values.of_standard(field(type_, choices=choices), given)
    assert made == clean
    assert type(made) is type(clean)


@pytest.mark.parametrize(
    ("type_", "choices", "given"),
    [
        (Type.TEXT, "", 5),
        (Type.TEXT, "", "字" * 301),
        (Type.TEXT, "", "a\x07"),
        (Type.CODE, "", "有空 格"),
        (Type.INTEGER, "", 1.5),
        (Type.INTEGER, "", -1),
        (Type.INTEGER, "", True),
        (Type.INTEGER, "", math.nan),
        (Type.INTEGER, "", "5"),
        (Type.MONEY, "", 0.001),
        (Type.PERCENT, "", 100.01),
        (Type.PERCENT, "", 33.333),
        (Type.GRADE, "education", 6),
        (Type.GRADE, "education", "3"),
        (Type.GRADE, "education", True),
        (Type.BOOLEAN, "", 1),
        (Type.BOOLEAN, "", "是"),
        (Type.CHOICE, "case_type", "later"),
        (Type.CHOICE, "case_type", ["instant"]),
        (Type.CHOICES, "handle_form", "window"),
        (Type.CHOICES, "handle_form", ["pigeon"]),
        (Type.CODES, "", "S1"),
        (Type.CODES, "", ["S 1"]),
        (Type.CODES, "", [""]),
        (Type.PHONE, "", "打电话"),
        (Type.PARTS, "", {"code": "M1"}),
        (Type.PARTS, "", ["M1"]),
    ],
)
def test_what_a_type_does_not_allow_is_refused(type_, choices, given):
    with pytest.raises(values.Wrong) as refused:
        values.of_standard(field(type_, choices=choices), given)
    assert str(refused.value)


def test_every_wrong_cell_is_named_by_row_and_column():
    given = [part("M1", copies=-1, need="x"), {"code": "M2"}, part("M1"), part("M4", colour="red")]
    with pytest.raises(values.Wrong) as refused:
        values.of_standard(PARTS, given)
    assert cells(refused) == [
        ("0.copies", "integer"),
        ("0.need", "choice"),
        ("1.name", "required"),
        ("2.code", "unique"),
        ("3.colour", "field"),
    ]


def test_faults_of_a_list_stand_at_their_cells_and_those_of_a_value_at_the_field():
    with pytest.raises(values.Wrong) as refused:
        values.of_standard(PARTS, [part("M1", copies="two")])
    (fault,) = values.faults("content.materials", PARTS, None, refused.value)
    assert (fault.field, fault.value) == ("content.materials.0.copies", "two")
    with pytest.raises(values.Wrong) as refused:
        values.of_standard(field(Type.INTEGER), "two")
    (fault,) = values.faults("local.limit", field(Type.INTEGER), "two", refused.value)
    assert (fault.field, fault.value, fault.rule) == ("local.limit", "two", "integer")


def test_a_list_has_its_limits():
    with pytest.raises(values.Wrong):
        values.of_standard(PARTS, [part(f"M{n}") for n in range(201)])
    assert len(values.of_standard(PARTS, [part(f"M{n}") for n in range(200)])) == 200


def test_a_local_change_of_parts_is_put_in_order():
    given = {
        "drop": ["M3", "M2", "M3"],
        "add": [part("L1", copies=1)],
        "set": {"M5": {"note": "复印件"}, "M4": {"copies": 1, "note": ""}},
    }
    assert values.of_local(PARTS, given, rule=Rule.SUBSET) == {
        "drop": ["M2", "M3"],
        "add": [part("L1", copies=1)],
        "set": {"M4": {"copies": 1}, "M5": {"note": "复印件"}},
    }


@pytest.mark.parametrize(
    "nothing",
    [None, {}, {"drop": []}, {"drop": [], "add": [], "set": {}}, {"set": {"M1": {"note": " "}}}],
)
def test_an_empty_change_is_no_local_value(nothing):
    assert values.of_local(PARTS, nothing) is None


@pytest.mark.parametrize(
    ("given", "wrong"),
    [
        ({"drop": ["M1"], "set": {"M1": {"note": "x"}}}, ("set.M1", "unique")),
        ({"drop": ["M1"], "add": [part("M1")]}, ("drop", "unique")),
        ({"set": {"M1": {"need": "optional"}}}, ("set.M1.need", "fixed")),
        ({"set": {"M1": {"code": "M9"}}}, ("set.M1.code", "fixed")),
        ({"set": {"M1": {"colour": "red"}}}, ("set.M1.colour", "field")),
        ({"set": {"M1": {"copies": -1}}}, ("set.M1.copies", "integer")),
        ({"add": [{"code": "L1"}]}, ("add.0.name", "required")),
        ({"add": [part("L1"), part("L1")]}, ("add.1.code", "unique")),
    ],
)
def test_a_wrong_change_is_named_by_its_place(given, wrong):
    with pytest.raises(values.Wrong) as refused:
        values.of_local(PARTS, given, rule=Rule.SUBSET)
    assert wrong in cells(refused)


@pytest.mark.parametrize(
    "given",
    [
        ["M1"],
        "M1",
        {"keep": ["M1"]},
        {"drop": "M1"},
        {"set": ["M1"]},
        {"set": {"M1": 2}},
        {"add": 1},
    ],
)
def test_a_change_has_one_form_only(given):
    with pytest.raises(values.Wrong):
        values.of_local(PARTS, given)


@pytest.mark.parametrize("rule", [Rule.DEFAULT, Rule.LOCAL, Rule.EXEMPT])
def test_under_an_open_rule_every_column_but_the_code_may_be_set(rule):
    given = {"set": {"M1": {"need": "optional", "name": "别名"}}}
    assert values.of_local(PARTS, given, rule=rule) == given
    with pytest.raises(values.Wrong):
        values.of_local(PARTS, {"set": {"M1": {"code": "M9"}}}, rule=rule)


def test_without_a_rule_only_what_no_rule_would_allow_is_refused():
    given = {"set": {"M1": {"need": "optional"}}}
    assert values.of_local(field(Type.PARTS, Rule.SUBSET, Rule.DEFAULT), given) == given
    with pytest.raises(values.Wrong):
        values.of_local(PARTS, given)


def test_other_local_values_are_whole_values_and_blanks_are_none():
    assert values.of_local(field(Type.TEXT), "  ") is None
    assert values.of_local(field(Type.CHOICES, choices="handle_form"), ["window"]) == ["window"]
    assert values.of_local(field(Type.CHOICES, choices="handle_form"), []) == []
    assert values.of_local(field(Type.BOOLEAN), False) is False
    assert values.of_local(field(Type.INTEGER), 0) == 0


KIND = Kind(
    "item",
    (
        Field("name", Type.TEXT, (Rule.FIXED,), required=True),
        Field("fee", Type.MONEY, (Rule.AT_MOST, Rule.DEFAULT)),
        Field("materials", Type.PARTS, (Rule.SUBSET, Rule.DEFAULT), columns=COLUMNS),
        Field("window", Type.TEXT, (Rule.LOCAL,), local_required=True),
    ),
)
BOUND = {"copies": "at_most", "note": "local"}


def test_rules_are_filled_in_for_every_field():
    assert values.rules(KIND, {"materials": {"rule": "default"}}) == (
        {
            "name": {"rule": "fixed"},
            "fee": {"rule": "at_most"},
            "materials": {"rule": "default", "columns": BOUND},
            "window": {"rule": "local", "required": True},
        },
        [],
    )


def test_stored_rules_can_be_sent_back_as_they_are():
    stored, _ = values.rules(KIND, {"window": {"rule": "local", "required": False}})
    assert stored["window"] == {"rule": "local", "required": False}
    assert values.rules(KIND, stored) == (stored, [])


@pytest.mark.parametrize(
    "given",
    [
        {"name": {"rule": "default"}},
        {"fee": {"rule": "exempt"}},
        {"fee": {"rule": None}},
        {"fee": "at_most"},
        {"fee": {}},
        {"fee": {"rule": "at_most", "required": True}},
        {"fee": {"rule": "at_most", "bound": 5}},
        {"fee": {"rule": "at_most", "columns": BOUND}},
        {"window": {"rule": "local", "required": "yes"}},
        {"materials": {"rule": "subset", "columns": {"copies": "local"}}},
        {"materials": {"rule": "subset", "columns": {}}},
        {"colour": {"rule": "fixed"}},
    ],
)
def test_a_rule_that_an_owner_cannot_give_is_refused(given):
    (name,) = given
    _, (fault,) = values.rules(KIND, given)
    assert fault.field == f"rules.{name}"
    assert fault.message


def wrong(kind: str, **content) -> list[tuple[str, str]]:
    """Return (field, rule) of what contradicts itself; what is merely missing does not count."""
    _, faults = values.content(KINDS[kind], content)
    return [
        (fault.field.removeprefix("content."), fault.rule)
        for fault in faults
        if not (fault.rule == "required" and "." not in fault.field.removeprefix("content."))
        or fault.value
    ]


def test_a_committed_limit_stays_inside_the_statutory_one():
    assert wrong("item", committed_limit=11, statutory_limit=10) == [("committed_limit", "at_most")]
    assert wrong("item", committed_limit=10, statutory_limit=10) == []


def test_a_case_is_instant_exactly_if_it_is_done_at_once():
    assert wrong("item", case_type="instant", committed_limit=0) == []
    assert wrong("item", case_type="committed", committed_limit=3) == []
    assert wrong("item", case_type="instant", committed_limit=3) == [("case_type", "case_type")]
    assert wrong("item", case_type="committed", committed_limit=0) == [("case_type", "case_type")]


def test_the_steps_together_stay_inside_the_committed_limit():
    steps = [{"code": f"S{n}", "name": "环节", "limit": n} for n in (1, 2, 3)]
    assert wrong("item", steps=steps, committed_limit=6) == []
    assert wrong("item", steps=steps, committed_limit=5) == [("steps", "at_most")]


def test_a_fee_says_what_for_how_much_and_on_what_basis():
    assert wrong("item", fee=0) == []
    assert wrong("item", fee=20) == [("fees", "required")]
    fees = [{"code": "F1", "name": "工本费", "amount": 20}]
    assert wrong("item", fee=20, fees=fees) == [("fees.0.basis", "required")]
    assert wrong("item", fee=20, fees=[fees[0] | {"basis": "省物价局文件"}]) == []


def test_a_scenario_names_materials_that_the_item_has():
    scenario = {"code": "Q1", "name": "委托他人", "materials": ["M1", "M9"]}
    content = {"materials": [{"code": "M1", "name": "委托书"}], "scenarios": [scenario]}
    assert wrong("item", **content) == [("scenarios.0.materials", "reference")]
    scenario["materials"] = ["M1"]
    assert wrong("item", **content) == []


def test_the_stay_at_a_window_has_a_length():
    assert wrong("post", min_stay_months=12, max_stay_months=24) == []
    assert wrong("post", min_stay_months=25, max_stay_months=24) == [
        ("max_stay_months", "at_least")
    ]
    assert wrong("post", rotation_month=13) == [("rotation_month", "range")]


def step(code: str, *following: str) -> dict:
    return {"code": code, "name": f"步骤{code}", "actor": "center", "next": list(following)}


def test_every_step_of_a_procedure_can_be_reached():
    assert wrong("procedure", steps=[step("S1"), step("S2")]) == []
    assert wrong("procedure", steps=[step("S1", "S2"), step("S2")]) == []
    lost = [step("S1", "S2"), step("S2"), step("S3", "S2")]
    assert wrong("procedure", steps=lost) == [("steps.2.code", "reachable")]
    assert wrong("procedure", steps=[step("S1", "S7")]) == [("steps.0.next", "reference")]


def test_a_procedure_does_not_lead_back_to_itself_and_what_waits_says_how_long():
    circle = [step("S1", "S2"), step("S2", "S1")]
    assert wrong("procedure", steps=circle) == [
        ("steps.0.next", "circle"),
        ("steps.1.next", "circle"),
    ]
    waiting = [step("S1"), step("S2") | {"waits": True}]
    assert wrong("procedure", steps=waiting) == [("steps.1.limit", "required")]
    assert wrong("procedure", steps=[waiting[0], waiting[1] | {"limit": 3}]) == []


@pytest.mark.parametrize("name", ["indicators", "shares"])
def test_weights_add_up_to_the_whole(name):
    def weighted(*weights: float) -> dict:
        parts = [{"code": f"A{n}", "name": "指标", "weight": w} for n, w in enumerate(weights)]
        return {name: parts}

    assert wrong("assessment", **weighted(33.33, 33.33, 33.34)) == []
    assert wrong("assessment", **weighted(30, 30, 30)) == [(name, "sum")]
    assert wrong("assessment", **weighted(50, 50.01)) == [(name, "sum")]
    assert wrong("assessment", **weighted()) == []


def test_the_highest_score_is_not_below_the_base():
    assert wrong("assessment", base_score=100, max_score=110) == []
    assert wrong("assessment", base_score=100, max_score=90) == [("max_score", "at_least")]
