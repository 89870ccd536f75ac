"""Looking ahead: a city answers early, going back is foreseen, a rule is lifted by two."""

import re

import pytest
from playwright.sync_api import expect

from tests.e2e.publishing import Standard, item, offer, value


@pytest.fixture
def city(client):
    """The city of the county, at the API."""
    return client("guangan-city")


def amend(city, standard, code, **values):
    """Write, publish and roll out the city's own layer on one item."""
    path = f"/api/standards/{standard.id}/amendment"
    draft = city.send("POST", path, {})["draft"]["id"]
    path = f"/api/editions/{draft}/provisions/item/{code}"
    city.send("PUT", path, {"content": values}, new=True)
    version = city.get(f"/api/editions/{draft}")["version"]
    city.send("POST", f"/api/editions/{draft}/publication", {}, version=version)
    wish = {"centers": "all", "reason": "本市收紧"}
    city.send("POST", f"/api/editions/{draft}/rollouts", wish)


def test_a_city_answers_before_the_edition_goes_down_and_thinks_again(window, client, city, hands):
    code, name, county = "E2E-AHEAD-1", "河道采砂核准（验收丁）", client("guangan")
    standard = Standard(client("province2"), "E2E-AHEAD", "提前答复验收标准", item(code, name))
    standard.push()
    offer(county, code)
    amend(city, standard, code, committed_limit=15)
    standard.publish("第二年", item(code, name, committed_limit=10))

    page = window("guangan-city")
    hand = hands(page)
    page.goto("/amendment_conflicts")
    row = hand.row(name)
    expect(row).to_contain_text("已发布，尚未下发")
    row.get_by_role("button", name="保留本市…").click()
    dialog = page.get_by_role("dialog", name=re.compile("^保留本市修订"))
    limit = dialog.get_by_role("textbox", name=re.compile("^承诺办结时限"))
    limit.fill("12")
    dialog.get_by_role("textbox", name="理由").fill("本市提速攻坚")
    dialog.get_by_role("button", name="保留此值").click()
    expect(dialog.get_by_role("alert").filter(has_text="10")).to_be_visible()
    expect(limit).to_have_value("12")
    limit.fill("8")
    dialog.get_by_role("button", name="保留此值").click()
    expect(row).to_have_count(0)

    page.get_by_role("link", name=re.compile("^已处理")).click()
    expect(hand.row(name)).to_contain_text("本市提速攻坚")
    hand.row(name).get_by_role("button", name="改值…").click()
    limit.fill("9")
    dialog.get_by_role("textbox", name="理由").fill("窗口先适应")
    dialog.get_by_role("button", name="保留此值").click()
    expect(hand.row(name)).to_contain_text("窗口先适应")

    standard.push()
    assert value(county, code, "committed_limit")["effective"] == 9


def test_what_going_back_would_bring_is_shown_field_by_field_first(window, client, hands):
    code, name, county = "E2E-FORESEE-1", "临时用地核准（验收戊）", client("guangan")
    first = item(code, name, legal_basis="第一年的依据")
    standard = Standard(client("province2"), "E2E-FORESEE", "回退预看验收标准", first)
    standard.push()
    offer(county, code)
    standard.publish("第二年", item(code, name, committed_limit=10, legal_basis="第二年的依据"))
    rollout = standard.push()

    page = window("province2")
    page.goto(f"/rollouts/{rollout}")
    page.get_by_role("button", name="回退", exact=True).click()
    dialog = page.get_by_role("dialog", name="回退")
    dialog.get_by_role("button", name="逐项查看会变回什么").click()
    returned = dialog.get_by_role("article").filter(has_text="广安区")
    expect(returned).to_contain_text(name, timeout=60_000)
    expect(returned).to_contain_text(re.compile(r"10.*20 个工作日", re.DOTALL))
    expect(returned).to_contain_text(re.compile("第二年的依据.*第一年的依据", re.DOTALL))
    dialog.get_by_role("button", name="取消").click()
    assert value(county, code, "committed_limit")["standard"] == 10


def test_a_rule_on_reviews_is_lifted_by_a_second_person_only(window, client, hands):
    standard = Standard(
        client("province2"), "E2E-LIFT", "审查规则验收标准", item("E2E-LIFT-1", "核准（验收己）")
    )
    page = window("province2")
    page.goto(f"/standards/{standard.id}")
    rule = page.get_by_role("region", name="施行前须审查")
    rule.get_by_role("button", name="开启").click()
    page.get_by_role("dialog").get_by_role("button", name="开启").click()
    rule.get_by_role("button", name="不再要求审查").click()
    dialog = page.get_by_role("dialog", name=re.compile("^不再要求"))
    ask = dialog.get_by_role("button", name="不再要求审查")
    expect(ask).to_be_disabled()
    dialog.get_by_role("textbox", name="取消原因（必填）").fill("单位仅余一人")
    ask.click()
    expect(rule.get_by_role("status")).to_contain_text("单位仅余一人")
    expect(rule.get_by_role("button", name="同意取消")).to_have_count(0)

    other = window("province")
    other.goto(f"/standards/{standard.id}")
    asked = other.get_by_role("region", name="施行前须审查")
    asked.get_by_role("button", name="同意取消").click()
    expect(asked.get_by_role("button", name="开启")).to_be_visible()
    page.reload()
    expect(rule.get_by_role("button", name="开启")).to_be_visible()
