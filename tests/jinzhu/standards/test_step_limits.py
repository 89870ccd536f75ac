"""The steps of an item together are no longer than its committed limit, whoever sets which."""

import pytest

from jinzhu.core.problems import Invalid
from jinzhu.standards.amendments import amendment_settlements, amendment_tightening
from jinzhu.standards.editions import amendment_view, editions
from jinzhu.standards.receiving import update_answers
from jinzhu.standards.records import bulk, local_values, records
from tests.jinzhu.standards.asking import number_of, own, shown


def steps(*limits):
    """Return steps one after the other, of so many working days."""
    return [{"code": f"S{n}", "name": f"环节{n}", "limit": days} for n, days in enumerate(limits)]


SHORTER = {"set": {"S0": {"limit": 1}}}  # 6 working days instead of 9
CASES = [
    ({"committed_limit": 8}, "committed_limit", "at_least", 9, "四川省"),
    ({"committed_limit": 9}, None, None, None, ""),
    ({"committed_limit": 6, "steps": SHORTER}, None, None, None, ""),
    ({"committed_limit": 5, "steps": SHORTER}, "steps", "at_most", None, "本中心填写"),
    ({"steps": {"set": {"S0": {"limit": 6}}}}, "steps", "at_most", 10, "四川省"),
    ({"visit_count": 0}, None, None, None, ""),
]


@pytest.fixture
def stepped(province, at, an_item):
    """An item whose steps take 9 of its 10 working days, and may be set freely."""
    kind, code, content, _, applies = an_item("A1", steps=steps(4, 3, 2))
    rules = {"steps": {"rule": "default"}}
    province.push(province.publish((kind, code, content, rules, applies)))
    return content


@pytest.fixture
def offered(stepped, at, centers):
    """The county that offers it."""
    with at("广安区"):
        bulk.claim_many("item", [number_of("A1")], claim="offered")
    return centers["广安区"]


def change(**values):
    """Set own values of the item."""
    return local_values.change("item", own("A1").id, values, version=lambda _: None)


def found(record):
    """Return the rules of quality that a record breaks."""
    return {row["rule"] for row in record["findings"]}


@pytest.mark.parametrize(("given", "field", "rule", "bound", "whose"), CASES)
def test_a_county_sets_only_what_fits_the_other(offered, at, given, field, rule, bound, whose):
    with at("广安区"):
        if field is None:
            change(**given)
            return
        with pytest.raises(Invalid) as refused:
            change(**given)
    (fault,) = refused.value.errors
    assert (fault.field, fault.rule) == (f"local.{field}", rule)
    assert whose in fault.message
    if bound:
        told = fault.authority
        assert (told["owner"], told["bound"]) == (whose, bound)
        assert whose in told["contact"]
        assert str(bound) in fault.message


@pytest.mark.parametrize(("given", "field", "rule", "bound", "whose"), CASES)
def test_a_city_amends_only_what_fits_the_other(stepped, city, given, field, rule, bound, whose):
    draft = city.begin()
    entry = ("item", "A1", given, {}, {})
    with city.at():
        if field is None:
            editions.put_many(draft, [entry])
            return
        with pytest.raises(Invalid) as refused:
            editions.put_many(draft, [entry])
    (fault,) = refused.value.errors
    assert (fault.field, fault.rule) == (f"item.A1.content.{field}", rule)
    assert whose in fault.message
    if bound:
        assert (fault.authority["owner"], fault.authority["bound"]) == (whose, bound)


def test_what_stands_above_is_the_citys_where_the_city_has_set_it(offered, city, at):
    city.rollout(city.amend(("A1", {"committed_limit": 6, "steps": SHORTER}, {})))
    for given in ({"committed_limit": 5}, {"steps": {"set": {"S0": {"limit": 4}}}}):
        with at("广安区"), pytest.raises(Invalid) as refused:
            change(**given)
        (fault,) = refused.value.errors
        assert "广安市" in fault.message
        assert (fault.authority["owner"], fault.authority["bound"]) == ("广安市", 6)


def test_many_are_tightened_as_far_as_their_steps_go(stepped, city):
    draft = city.begin()
    wish = {"kind": "item", "field": "committed_limit", "percent": 50, "item_type": "",
            "department": "", "q": ""}  # fmt: skip
    with city.at():
        assert amendment_tightening.tighten(draft, wish) == 5
        limits = {}
        for code in ("A1", "A2"):
            fields = amendment_view.provision(draft, "item", code)["fields"]
            (limit,) = [one for one in fields if one["name"] == "committed_limit"]
            limits[code] = limit["value"]
    assert limits == {"A1": 9, "A2": 5}


def test_a_push_that_no_longer_fits_makes_a_fault_and_refuses_nothing(
    offered, province, at, an_item
):
    with at("广安区"):
        assert "steps_sum" not in found(change(committed_limit=9))
    longer = an_item("A1", steps=steps(4, 3, 3))
    province.push(province.publish(longer))
    with at("广安区"):
        record = records.read("item", own("A1").id, center_id=offered)
        assert "steps_sum" in found(record)
        assert shown("A1", "committed_limit", offered)["conflict"] is None
        assert "steps_sum" in found(change(address="某街 1 号"))
        with pytest.raises(Invalid):
            change(committed_limit=8)
        assert "steps_sum" not in found(change(committed_limit=None))


def answered(rollout, *, field="committed_limit", value=None, word="keep"):
    """Answer to a field of an update."""
    one = {"provision_id": number_of("A1"), "field": field, "answer": word, "value": value,
           "reason": "原有承诺", "until": None}  # fmt: skip
    return update_answers.answer(rollout, [one])


def test_an_answer_to_an_update_is_refused_with_the_steps_and_whose_they_are(
    offered, province, at, an_item
):
    with at("广安区"):
        change(committed_limit=9)
    edition = an_item("A1", committed_limit=11, steps=steps(4, 3, 3))
    number = province.rollout(province.publish(edition))
    with at("广安区"):
        (row,) = answered(number)["rows"]
        assert (row["at"], row["rule"], row["value"]) == ("value", "at_least", 9)
        assert (row["authority"]["owner"], row["authority"]["bound"]) == ("四川省", 10)
        assert answered(number, value=10)["refused"] == 0


def test_a_city_answers_with_what_fits_the_steps_of_the_new_edition(
    stepped, city, province, an_item
):
    city.rollout(city.amend(("A1", {"committed_limit": 9}, {})))
    kind, code, content, _, applies = an_item("A1", committed_limit=8, steps=steps(2, 2, 2))
    number = province.rollout(province.publish((kind, code, content, {}, applies)))
    with city.at():
        (open_one,) = amendment_settlements.page(
            {"state": "open", "rollout_id": number, "q": "", "sort": "", "page": 1, "per_page": 9}
        )["rows"]
    for value, owner, bound in ((9, "四川省", 8), (5, "四川省", 6)):
        answer = {"take": "keep", "value": value, "reason": "提速"}
        with city.at(), pytest.raises(Invalid) as refused:
            amendment_settlements.settle(open_one["id"], answer)
        (fault,) = refused.value.errors
        assert fault.field == "value"
        assert (fault.authority["owner"], fault.authority["bound"]) == (owner, bound)
