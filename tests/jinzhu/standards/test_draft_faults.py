"""What is wrong with a draft is refused where it is written, or told before it is published."""

import pytest

from jinzhu.core.problems import Invalid
from jinzhu.standards.editions import draft_faults, editions, publication
from jinzhu.standards.kinds import KINDS, values


@pytest.fixture
def draft(province, at):
    with at("四川省", "standards_officer"):
        return editions.open_draft(province.standard_id, title="新版")


@pytest.fixture
def officer(sign_in):
    return sign_in("province")


def put(officer, draft, given, **more):
    """Write a new item of the draft."""
    kind, code, content, rules, applies = given
    body = {"content": content, "rules": rules, "applies": applies} | more
    path = f"/api/editions/{draft}/provisions/{kind}/{code}"
    return officer.send("PUT", path, json=body, headers={"If-None-Match": "*"})


def refused(answer):
    assert answer.status_code == 422, answer.text
    return [(one["field"], one["rule"]) for one in answer.json["errors"]]


def faults(officer, draft):
    """Return what the page lists."""
    rows = officer.get(f"/api/editions/{draft}/faults").json["rows"]
    return [(row["kind"], row["code"], row["label"], row["message"]) for row in rows]


def write(at, draft, *entries):
    with at("四川省", "standards_officer"):
        editions.put_many(draft, entries)


def test_a_provision_that_concerns_nobody_is_refused_at_once(officer, draft, an_item):
    answer = put(officer, draft, an_item("N1"), applies={"levels": []})
    assert refused(answer) == [("applies.levels", "levels")]


def test_another_code_in_the_content_is_refused_and_not_replaced(officer, draft, an_item):
    kind, code, content, *rest = an_item("N1")
    other = (kind, code, {**content, "code": "N2"}, *rest)
    assert refused(put(officer, draft, other)) == [("content.code", "code")]
    same = (kind, code, {**content, "code": "N1"}, *rest)
    assert put(officer, draft, same).status_code == 200


def test_what_belongs_to_another_line_is_refused_at_once(at, province, sign_in, an_item):
    line = {"role": "line_officer", "departments": ("D01",)}
    with at("四川省", **line):
        number = editions.create_standard(code="L", name="条线标准", nature="line", line="D01")
        edition = editions.open_draft(number, title="条线")
        with pytest.raises(Invalid) as wrong:
            editions.put_many(edition, [an_item("L1", department_code="D02")])
        assert [one.rule for one in wrong.value.errors] == ["line"]
        editions.put_many(edition, [an_item("L1", department_code="D01")])


@pytest.mark.parametrize(
    ("fee", "amounts", "wrong"),
    [
        (0, [], []),
        (0, [0], []),
        (0, [50], ["content.fee"]),
        (50, [50], []),
        (40, [50], ["content.fee"]),
        (60, [50], ["content.fee"]),
        (80, [50, 30], []),
        (50, [50, 30], []),
        (90, [50, 30], ["content.fee"]),
    ],
)
def test_the_charge_and_the_listed_fees_do_not_contradict(fee, amounts, wrong, an_item):
    rows = [
        {"code": f"F{n}", "name": f"费{n}", "amount": amount, "basis": "文件"}
        for n, amount in enumerate(amounts)
    ]
    _, _, content, *_ = an_item("N1", fee=fee, fees=rows)
    _, found = values.content(KINDS["item"], {**content, "code": "N1"})
    assert [fault.field for fault in found] == wrong


def test_a_department_may_come_later_and_is_told_until_it_does(officer, draft, an_item, at):
    assert put(officer, draft, an_item("N1", department_code="D09")).status_code == 200
    ((kind, code, label, message),) = faults(officer, draft)
    assert (kind, code, label) == ("item", "N1", "部门编码")
    assert "D09 不在本版次中" in message
    content = {"name": "新局", "department_class": "government", "entry_force": "shall"}
    write(at, draft, ("department", "D09", content, {}, {"levels": ["county"]}))
    assert faults(officer, draft) == []


def test_a_main_item_has_to_be_in_the_edition(officer, draft, an_item, at):
    write(at, draft, an_item("N1", main_code="M1"))
    ((_, code, label, message),) = faults(officer, draft)
    assert (code, label) == ("N1", "主项编码")
    assert "M1" in message
    with at("四川省", "standards_officer"), pytest.raises(Invalid):
        publication.publish(draft)
    write(at, draft, an_item("N1", main_code="A1"), an_item("N2", main_code="N1"))
    assert faults(officer, draft) == []
    with at("四川省", "standards_officer"):
        editions.remove(draft, "item", "A1")
    assert [code for _, code, *_ in faults(officer, draft)] == ["N1"]


def test_main_items_do_not_go_round_in_a_circle(officer, draft, an_item, at):
    assert refused(put(officer, draft, an_item("N1", main_code="N1"))) == [
        ("content.main_code", "circle")
    ]
    write(
        at,
        draft,
        an_item("A1", main_code="A2"),
        an_item("A2", main_code="N1"),
        an_item("N1", main_code="A1"),
    )
    found = faults(officer, draft)
    assert [code for _, code, *_ in found] == ["A1", "A2", "N1"]
    assert "A1 → A2 → N1 → A1" in found[0][-1]


def test_a_draft_without_changes_has_no_faults_yet(officer, draft):
    assert faults(officer, draft) == []


def test_a_choice_that_is_none_names_those_there_are(officer, draft, an_item):
    answer = put(officer, draft, an_item("N1", case_type="slow"))
    (fault,) = answer.json["errors"]
    assert "即办件" in fault["message"]
    answer = put(officer, draft, an_item("N1"), applies={"levels": ["town"]})
    assert "县级（county）" in answer.json["errors"][0]["message"]


def test_an_empty_reason_is_one_fault(officer, draft):
    answer = officer.send("PATCH", f"/api/editions/{draft}", json={"title": ""}, version=1)
    assert len(answer.json["errors"]) == 1
    answer = officer.send("PATCH", f"/api/editions/{draft}", json={"title": "长" * 201}, version=1)
    assert len(answer.json["errors"]) == 1


def test_a_draft_says_who_wrote_in_it_last(officer, draft, an_item, at, sign_in):
    assert officer.get(f"/api/editions/{draft}").json["changed"] is None
    write(at, draft, an_item("N1"))
    changed = officer.get(f"/api/editions/{draft}").json["changed"]
    assert (changed["by"], changed["mine"]) == ("province", True)
    assert sign_in("reviewer").get(f"/api/editions/{draft}").json["changed"]["mine"] is False
    edition = officer.get(f"/api/editions/{draft}").json
    officer.send(
        "PATCH", f"/api/editions/{draft}", json={"title": "改"}, version=edition["version"]
    )
    assert officer.get(f"/api/editions/{draft}").json["changed"] is None


def test_what_is_missing_around_a_provision_is_told_at_the_provision(officer, draft, an_item, at):
    answer = put(officer, draft, an_item("N1", department_code="D09", main_code="M1"))
    expected = [("content.department_code", "reference"), ("content.main_code", "reference")]
    assert [(one["field"], one["rule"]) for one in answer.json["faults"]] == expected
    path = f"/api/editions/{draft}/provisions/item/"
    assert officer.get(path + "N1").json["faults"] == answer.json["faults"]
    assert officer.get(path + "A1").json["faults"] == []
    with at("四川省", "standards_officer"):
        editions.remove(draft, "department", "D01")
    assert [one["value"] for one in officer.get(path + "A1").json["faults"]] == ["D01"]


def test_the_name_of_a_main_item_follows_from_its_code(officer, draft, an_item, at):
    given = put(officer, draft, an_item("N1", main_item="随手写的主项"))
    assert [one["field"] for one in given.json["faults"]] == ["content.main_item"]
    assert [label for *_, label, _ in faults(officer, draft)] == ["主项名称"]
    with at("四川省", "standards_officer"), pytest.raises(Invalid):
        publication.publish(draft)
    write(at, draft, an_item("N1", main_item="事项", main_code="A1"))
    assert faults(officer, draft) == []


def test_the_name_of_a_main_item_that_was_imported_stays_as_it_is(province, at, sign_in, an_item):
    with at("四川省", "standards_officer"):
        number = editions.create_standard(code="I", name="导入的标准")
        first = editions.open_draft(number, title="首版")
        department = {"name": "局", "department_class": "government", "entry_force": "shall"}
        editions.put_many(first, [("department", "D01", department, {}, {"levels": ["county"]})])
        editions.put_many(first, [an_item("I1", main_item="原主项")])
        publication.publish(first)
        draft = editions.open_draft(number, title="二版")
    write(at, draft, an_item("I1", main_item="原主项", committed_limit=6))
    write(at, draft, an_item("I2", main_item="原主项"))
    officer = sign_in("province")
    assert faults(officer, draft) == []
    write(at, draft, an_item("I1", main_item="改写的主项"))
    assert [label for *_, label, _ in faults(officer, draft)] == ["主项名称"]


def test_of_many_faults_as_many_are_listed_as_were_asked_for(officer, draft, an_item, at):
    write(at, draft, *(an_item(f"N{n}", department_code="D09") for n in range(5)))
    found = officer.get(f"/api/editions/{draft}/faults?per_page=2&page=2").json
    assert ([row["code"] for row in found["rows"]], found["total"]) == (["N2", "N3"], 5)


def test_a_fault_of_an_amendment_names_the_provision_and_not_its_code(city, province, an_item):
    city.rollout(city.amend(("A1", {"committed_limit": 8}, {})))
    draft = city.begin()
    with city.at():
        editions.put_many(draft, [("item", "A2", {"committed_limit": 8}, {}, {})])
    province.push(province.publish(an_item("A1", committed_limit=5)))
    with city.at():
        (row,) = draft_faults.listed(draft, {"page": 1, "per_page": 50})["rows"]
    assert (row["kind"], row["code"], row["name"]) == ("item", "A1", "事项A1")
