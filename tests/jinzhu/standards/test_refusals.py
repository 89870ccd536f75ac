"""Whatever a standard refuses is told with the bound, whose it is, which edition, whom to ask."""

import pytest
from sqlalchemy import select

from jinzhu.core.db import db
from jinzhu.core.problems import Invalid
from jinzhu.standards.editions import editions
from jinzhu.standards.models import Revision
from jinzhu.standards.receiving import exemptions
from jinzhu.standards.records import bulk, local_values
from tenants.item.models import Item

OFFICE, CITY_OFFICE = "四川省的标准管理员", "广安市的市中心管理员"


@pytest.fixture
def record(province, at):
    """The number of A1 as 广安区 offers it."""
    with at("广安区"):
        number = select(Revision.provision_id).where(Revision.code == "A1").limit(1)
        bulk.claim_many("item", [db.session.scalars(number).one()], claim="offered")
        return db.session.scalars(select(Item.id)).one()


@pytest.fixture
def refused(record, at):
    """Write a local value that is refused; return the fault as sent."""

    def tried(name, value, **fault):
        with at("广安区"), pytest.raises(Invalid) as error:
            local_values.change("item", record, {name: value}, version=lambda _: None)
        (told,) = (one.document() for one in error.value.errors)
        return told

    return tried


def asked(fault):
    """Return the message and what of its authority is always there."""
    by = fault["authority"]
    return fault["message"], (by["owner"], by["edition"], by["contact"], by["exemption"])


def test_a_value_beyond_the_bound_names_owner_edition_and_whom_to_ask(refused):
    fault = refused("committed_limit", 11)
    message, by = asked(fault)
    assert message == (
        "“承诺办结时限”不能超过四川省第 1 版规定的 10 个工作日。"
        "确有困难，可申请豁免，由四川省的标准管理员决定。"
    )
    assert by == ("四川省", 1, OFFICE, True)
    assert (fault["rule"], fault["authority"]["bound"]) == ("at_most", 10)


@pytest.mark.parametrize(
    ("name", "value", "rule", "exemption"),
    [
        ("name", "改名", "fixed", False),
        ("legal_basis", "另一部法", "fixed", False),
        ("materials", {"add": [{"code": "X", "name": "另加"}]}, "subset", True),
        ("materials", {"set": {"M1": {"name": "改名"}}}, "fixed", True),
    ],
)
def test_every_rule_says_whose_it_is(refused, name, value, rule, exemption):
    fault = refused(name, value)
    message, by = asked(fault)
    assert (fault["rule"], by) == (rule, ("四川省", 1, OFFICE, exemption))
    assert "第 1 版" in message
    assert OFFICE in message
    assert ("豁免" in message) == exemption


def test_what_the_city_amended_is_the_citys_to_explain(city, refused):
    city.rollout(city.amend(("A1", {"committed_limit": 6}, {})))
    message, by = asked(refused("committed_limit", 8))
    assert by == ("广安市", 1, CITY_OFFICE, True)
    assert message.startswith("“承诺办结时限”不能超过广安市第 1 版规定的 6 个工作日。")


def test_a_field_says_who_binds_it_in_which_edition_and_whom_to_ask(city, record, shown):
    city.rollout(city.amend(("A1", {"committed_limit": 6}, {})))
    fields = shown("广安区", "A1")
    assert fields["committed_limit"]["why"] == (
        "广安市第 1 版规定上限为 6 个工作日，本中心可以填更小的值，不能超过。"
        "有疑问请联系广安市的市中心管理员。"
    )
    assert fields["legal_basis"]["why"] == (
        "四川省第 1 版统一规定，全省一致，本中心不能修改。如确需调整，请联系四川省的标准管理员。"
    )


def test_a_city_speaks_for_the_city_a_bound_of_zero_for_itself_and_what_is_required_says_so(
    city, shown, province, an_item
):
    required = {"window": {"rule": "local", "required": True}}
    entry = an_item("A1", fee=0)
    province.push(province.publish((*entry[:3], {**entry[3], **required}, entry[4])))
    city.rollout(city.amend(("A1", {}, {"committed_limit": {"rule": "fixed"}})))
    fields = shown("广安区", "A1")
    assert "统一规定，全市一致" in fields["committed_limit"]["why"]
    assert "更小的值" not in fields["fee"]["why"]
    assert fields["window"]["why"].startswith("由本中心填写；四川省第 2 版要求必填。")


@pytest.mark.parametrize(
    ("code", "content", "rules", "applies", "place"),
    [
        ("A1", {"committed_limit": 11}, {}, {}, "A1.content.committed_limit"),
        ("A1", {"name": "改名"}, {}, {}, "A1.content.name"),
        ("A1", {}, {"fee": {"rule": "default"}}, {}, "A1.rules.fee"),
        ("A1", {"fee": 0}, {}, {"levels": ["city"]}, "A1.applies"),
        ("Z9", {"fee": 0}, {}, {}, "Z9.code"),
    ],
)
def test_a_city_is_told_as_much_when_it_amends(city, code, content, rules, applies, place):
    draft = city.begin()
    with city.at(), pytest.raises(Invalid) as error:
        editions.put_many(draft, [("item", code, content, rules, applies)])
    (fault,) = (one.document() for one in error.value.errors)
    message, by = asked(fault)
    assert fault["field"] == f"item.{place}"
    assert by == ("四川省", 1, OFFICE, False)
    assert "四川省" in message
    assert "第 1 版" in message
    assert message.endswith("如需调整，请联系四川省的标准管理员。")


def test_what_cannot_be_exempt_says_whom_to_ask_instead(record, at):
    wish = {
        "category": "waiver",
        "reason": "名称不符",
        "value": None,
        "wanted_until": exemptions.today().replace(year=exemptions.today().year + 1),
    }
    with at("广安区"), pytest.raises(Invalid) as error:
        exemptions.ask("item", record, "name", **wish)
    (fault,) = (one.document() for one in error.value.errors)
    message, by = asked(fault)
    assert by == ("四川省", 1, OFFICE, False)
    assert message.endswith("如需调整，请联系四川省的标准管理员。")


def test_it_is_sent_with_the_problem(record, sign_in):
    county = sign_in("county")
    path = f"/api/items/{record}"
    answer = county.send("PATCH", path, json={"local": {"committed_limit": 11}}, version=1)
    if answer.status_code == 412:
        version = answer.json["current"]["version"]
        given = {"local": {"committed_limit": 11}}
        answer = county.send("PATCH", path, json=given, version=version)
    assert answer.status_code == 422, answer.text
    (fault,) = answer.json["errors"]
    assert fault["authority"]["contact"] == OFFICE


def test_all_that_is_wrong_with_a_record_is_told_at_once(record, sign_in):
    clerk = sign_in("county")
    path = f"/api/items/{record}"
    version = clerk.get(path).json["version"]
    given = {"name": "改名", "committed_limit": 11, "nonsense": 1, "visit_count": "两次"}
    answer = clerk.send("PATCH", path, json={"local": given}, version=version)
    assert {one["field"] for one in answer.json["errors"]} == {f"local.{name}" for name in given}
