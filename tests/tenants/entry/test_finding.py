"""One search: every kind by name, code and pinyin, and nothing that a post does not see."""

import pytest

from tests.tenants.entry.test_entries import CHAINS, begin
from tests.tenants.hall.conftest import county, hall, opened

__all__ = ["county", "hall", "opened"]


@pytest.fixture
def county_at_work(province, county, an_item, hall):
    """A county with items by their real names, a hall with a window, and a case."""
    province.push(
        province.publish(
            *CHAINS,
            an_item("A1", name="食品经营许可"),
            an_item("B1", name="失业保险金申领", department_code="D02", item_type="20"),
        )
    )
    hall.window("A08", name="综合受理")
    county.subjects = {"B1": ("item", county.provisions["B1"])}
    assert begin(county, "B1", "entry").status_code == 201
    return county


def found(browser, typed):
    """Return what is found of each kind: the first names, and how many there are."""
    answer = browser.get("/api/find", query_string={"q": typed})
    assert answer.status_code == 200, answer.json
    return {
        group["kind"]: ([row["name"] for row in group["rows"]], group["total"])
        for group in answer.json["groups"]
    }


@pytest.mark.parametrize("typed", ["食品", "经营 食品", "a1", "spjy", "shipin"])
def test_an_item_is_found_by_two_characters_code_initials_and_pinyin(county_at_work, typed):
    assert found(county_at_work, typed)["item"] == (["食品经营许可"], 1)


@pytest.mark.parametrize("typed", ["失业", "B1", "sybx", "shiye"])
def test_a_case_is_found_by_what_it_is_about(county_at_work, typed):
    assert found(county_at_work, typed)["case"] == (["失业保险金申领"], 1)


@pytest.mark.parametrize("typed", ["A08", "综合", "zhsl", "zonghe"])
def test_a_window_is_found_by_number_name_and_pinyin(county_at_work, typed):
    assert found(county_at_work, typed)["window"] == (["综合受理"], 1)


@pytest.mark.parametrize("typed", ["服务大厅", "金安", "zwfw", "dating"])
def test_a_hall_is_found_by_name_address_and_pinyin(county_at_work, typed):
    assert found(county_at_work, typed)["hall"] == (["政务服务大厅"], 1)


def test_what_was_found_leads_to_its_page(county_at_work):
    groups = county_at_work.get("/api/find?q=失业").json["groups"]
    pages = {group["kind"]: group["rows"][0]["to"] for group in groups}
    assert pages.keys() == {"item", "case"}
    assert county_at_work.get(f"/api{pages['item']}").json["name"] == "失业保险金申领"
    assert county_at_work.get(f"/api{pages['case']}").json["number"].endswith("-0001")


def test_the_code_that_was_typed_stands_before_names_that_hold_it(county_at_work):
    names = [row["code"] for row in county_at_work.get("/api/find/all?q=A3").json["rows"]]
    assert names[0] == "A3"


def test_a_liaison_finds_what_is_of_the_own_department(county_at_work, sign_in):
    liaison = sign_in("liaison")
    assert "item" not in found(liaison, "食品")
    assert found(liaison, "失业").keys() == {"item", "case"}
    assert found(liaison, "人社")["department"] == (["人社局"], 1)
    assert "department" not in found(liaison, "审批")


def test_nobody_finds_what_another_center_has_or_the_post_may_not_see(county_at_work, sign_in):
    for somebody in ("neighbour", "stranger", "province", "watch"):
        assert found(sign_in(somebody), "食品") == {}
        rows = sign_in(somebody).get("/api/find/all?kind=case&q=失业").json
        assert (rows["rows"], rows["total"]) == ([], 0)


def test_nothing_typed_finds_nothing_and_nonsense_is_no_error(county_at_work):
    for typed in ("", "  ", "%", "_", "\\", "'", "没有这样的"):
        assert found(county_at_work, typed) == {}
    assert county_at_work.get("/api/find?q=" + "长" * 101).status_code == 422
    assert county_at_work.get("/api/find/all?kind=person&q=x").status_code == 422


def test_all_of_a_kind_come_in_pages_with_their_true_number(county_at_work):
    first = county_at_work.get("/api/find/all?q=事项&per_page=1").json
    second = county_at_work.get("/api/find/all?q=事项&per_page=1&page=2").json
    assert first["total"] == second["total"] == 2
    assert first["rows"][0]["code"] != second["rows"][0]["code"]
