"""The demo's catalogue: the real departments and items, complete and always the same."""

import csv
import re
from collections import Counter
from importlib.resources import files

import pytest

from jinzhu.demo import catalogue, guide
from jinzhu.standards.kinds import CHOICES, KINDS, values

ITEMS = catalogue.items()
DEPARTMENTS = catalogue.departments()
CONTENTS = [content for _, _, content, _, _ in ITEMS]


def source(name: str) -> list[dict[str, str]]:
    with (files("jinzhu") / "data" / name).open(encoding="utf-8") as lines:
        return list(csv.DictReader(lines))


def by_name(name: str) -> dict:
    (found,) = [content for content in CONTENTS if content["name"] == name]
    return found


def test_every_real_item_is_there_with_its_name_type_and_main_item():
    real = source("items_guangan_sichuan.csv")
    assert len(ITEMS) == len(real) == 1135
    assert [(c["name"], c["item_type"], c["main_item"]) for c in CONTENTS] == [
        (line["item_name"], line["task_type_code"], line["main_item"]) for line in real
    ]


def test_every_real_department_is_there_once():
    real = {line["department"] for line in source("departments_guangan_sichuan.csv")}
    assert set(catalogue.sources()) == real
    assert len(DEPARTMENTS) == 34
    assert len({content["name"] for _, _, content, _, _ in DEPARTMENTS}) == 34


def test_departments_have_as_many_items_as_in_the_source():
    counts = Counter(content["department_code"] for content in CONTENTS)
    for line in source("departments_guangan_sichuan.csv"):
        code = catalogue.sources()[line["department"]].code
        assert counts[code] == int(line["item_count"])


def test_a_department_carries_no_name_of_a_county():
    for _, _, content, _, _ in DEPARTMENTS:
        assert not re.match("区|广安", content["name"])


def test_what_is_made_up_is_of_the_classes_that_no_real_department_has_and_says_so():
    real = {content["department_class"] for _, _, content, _, _ in DEPARTMENTS}
    for _, _, content, _, _ in catalogue.made_up():
        assert "演示" in content["name"]
        assert content["department_class"] not in real
    assert {c["department_class"]: c["entry_force"] for _, _, c, _, _ in catalogue.made_up()} == {
        "utility": "proposed",
        "professional": "shall",
    }


def test_entry_binds_as_the_class_of_the_department_says():
    forces = {c["department_class"]: c["entry_force"] for _, _, c, _, _ in DEPARTMENTS}
    assert forces == {
        "government": "shall",
        "dual": "may",
        "vertical": "may",
        "other": "may",
        "trading": "may",
    }


def test_codes_are_unique_and_those_without_one_are_numbered_by_their_place():
    codes = [code for _, code, _, _, _ in ITEMS]
    assert len(set(codes)) == 1135
    own = [code for code in codes if code.startswith("511602-LOC-")]
    without = [x["seq"] for x in source("items_guangan_sichuan.csv") if not x["catalog_part"]]
    assert own == [f"511602-LOC-{int(seq):04}" for seq in without]
    assert len(own) == 20


def test_every_provision_is_valid_as_a_standard_asks():
    for kind, code, content, rules, applies in [*DEPARTMENTS, *ITEMS]:
        clean, wrong = values.content(KINDS[kind], content)
        assert wrong == [], code
        assert clean == {name: value for name, value in content.items() if value not in ("", [])}
        assert clean["code"] == code
        assert rules == {}
        assert applies["levels"]


def test_every_item_names_a_department_of_the_catalogue():
    known = {code for _, code, _, _, _ in DEPARTMENTS}
    assert {content["department_code"] for content in CONTENTS} <= known


def test_a_committed_limit_is_never_longer_than_the_statutory_one():
    for content in CONTENTS:
        assert 0 <= content["committed_limit"] <= content["statutory_limit"] <= 60
        assert content["statutory_limit"] > 0


def test_there_are_items_done_at_once_and_items_with_every_number_of_visits():
    assert 100 < sum(content["committed_limit"] == 0 for content in CONTENTS) < 400
    assert {content["visit_count"] for content in CONTENTS} == {0, 1, 2}
    assert sum(content["fee"] == 0 for content in CONTENTS) > 1000


def test_a_mark_in_the_name_decides_between_at_once_and_by_promise():
    at_once = [c for c in CONTENTS if "即办件" in c["name"] and "承诺件" not in c["name"]]
    promised = [content for content in CONTENTS if "承诺件" in content["name"]]
    assert {content["committed_limit"] for content in at_once} == {0}
    assert promised
    assert min(content["committed_limit"] for content in promised) > 0


def test_every_item_asks_for_two_to_eight_materials_with_codes_of_their_own():
    for content in CONTENTS:
        materials = content["materials"]
        assert 2 <= len(materials) <= 8
        numbers = range(1, len(materials) + 1)
        assert [m["code"] for m in materials] == [f"M{number:02}" for number in numbers]
        assert len({m["name"] for m in materials}) == len(materials)
        for material in materials:
            assert material["form"] in CHOICES["material_form"]
            assert material["need"] in CHOICES["material_need"]
            assert material["source"] in CHOICES["material_source"]
            assert material["copies"] >= 1


def test_the_words_of_a_name_say_which_materials_are_asked_for():
    names = {m["name"] for m in by_name("食品(含保健食品)经营许可核发")["materials"]}
    assert {"申请表", "营业执照", "场所平面布局图", "从业人员健康证明"} <= names
    inquiry = {m["name"] for m in by_name("律师及律所信息查询")["materials"]}
    assert "申请表" not in inquiry


def test_no_article_of_a_law_is_made_up():
    assert {content["legal_basis"] for content in CONTENTS} == {catalogue.BASIS}
    assert "演示" in catalogue.BASIS


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("企业投资项目备案（技术改造）（市级/县级）", ["city", "county"]),
        ("入河排污口设置审批(市级)", ["city", "county"]),
        ("初步设计文件审批(据省政府令第349号,部分省级权限下放成都等８市)", ["city", "county"]),
        ("公共场所卫生许可延续（县级）", ["county"]),
        ("养蜂证申领", ["county"]),
        ("设区的市级公司（分公司）从事危险化学品经营", ["county"]),
    ],
)
def test_the_mark_in_a_name_says_which_levels_an_item_applies_to(name, expected):
    assert catalogue.levels(name) == expected


def test_a_guide_hangs_on_code_and_name_and_not_on_what_was_made_up_before():
    last = CONTENTS[-1]
    made = guide.of(last["code"], name=last["name"], item_type=last["item_type"])
    assert made == {name: last[name] for name in made}
    assert catalogue.items() == ITEMS
    assert catalogue.departments() == DEPARTMENTS


def test_the_made_up_numbers_are_the_same_on_every_machine():
    """One item read off by hand: whoever changes the seed changes the demo of everybody."""
    content = by_name("食品(含保健食品)经营许可核发")
    shown = (content["statutory_limit"], content["committed_limit"], content["visit_count"])
    assert shown == (10, 5, 1)
