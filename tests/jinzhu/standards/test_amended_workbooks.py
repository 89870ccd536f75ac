"""An amendment through Excel: what stands above is locked, what the city says comes back."""

from collections import defaultdict
from io import BytesIO
from xml.etree import ElementTree
from zipfile import ZipFile

import pytest

from jinzhu.core.problems import Invalid
from jinzhu.standards.editions import amendment_view, editions
from jinzhu.standards.workbooks import workbook, workbook_read, workbook_write
from jinzhu.standards.workbooks.workbook_amended import AmendmentForm
from jinzhu.standards.workbooks.workbook_write import Line

SHEETS = AmendmentForm.sheets
ITEM = "item:amended"
LIMIT, DROPPED = "content.committed_limit", "drop.materials"


@pytest.fixture
def opened(city):
    """A draft in which A1 is amended already, in a unit of work of the city."""
    draft = city.begin()
    with city.at():
        entry = ("item", "A1", {"committed_limit": 6}, {"visit_count": {"rule": "fixed"}}, {})
        editions.put_many(draft, [entry])
    with city.at():
        yield editions.find_draft(draft)


def rows(content: bytes) -> dict[str, dict]:
    """Return the rows of items by code."""
    sent = workbook_read.opened(content, SHEETS())
    return {one.cells["code"]: one.cells for one in sent.rows if one.sheet.key == ITEM}


def edited(content: bytes, changes: dict[str, dict]) -> bytes:
    """Return a workbook with cells of items changed, by code; what is not there is a new row."""
    sent = workbook_read.opened(content, SHEETS())
    pages = defaultdict(list)
    for typed in sent.rows:
        pages[typed.sheet.key].append(dict(typed.cells))
    known = {row["code"]: row for row in pages[ITEM]}
    for code, cells in changes.items():
        if code not in known:
            pages[ITEM].append({"code": code})
            known[code] = pages[ITEM][-1]
        known[code].update(cells)
    made = [(sheet, [Line(cells) for cells in pages[sheet.key]]) for sheet in SHEETS()]
    return workbook_write.written(sent.stamp, made)


def amended(edition, code: str) -> tuple[dict, dict]:
    """Return what the draft amends of an item, and the rules it tightens."""
    fields = amendment_view.provision(edition.id, "item", code)["fields"]
    values = {one["name"]: one["value"] for one in fields if one["value"] is not None}
    return values, {one["name"]: one["rule"] for one in fields if one["rule"]}


def test_each_provision_above_has_a_row_with_its_bound_beside_what_is_amended(opened):
    found = rows(workbook.made(opened))
    assert set(found) == {"A1", "A2", "A3", "A4", "B1"}
    assert (found["A1"]["above.committed_limit"], found["A1"][LIMIT]) == ("10 [只紧]", 6)
    assert (found["A2"]["above.committed_limit"], found["A2"][LIMIT]) == ("10 [只紧]", "")
    assert found["A1"]["above.materials"] == "M1 材料1、M2 材料2、M3 材料3 [只减]"
    assert "content.name" not in found["A1"]
    assert "content.statutory_limit" not in found["A1"]


def test_what_identifies_a_row_and_the_bound_are_locked_and_the_amended_cell_is_not(opened):
    space = {"m": "http://schemas.openxmlformats.org/spreadsheetml/2006/main"}
    with ZipFile(BytesIO(workbook.made(opened))) as archive:
        page = ElementTree.fromstring(archive.read("xl/worksheets/sheet1.xml"))
        styles = ElementTree.fromstring(archive.read("xl/styles.xml"))
    formats = styles.findall("m:cellXfs/m:xf", space)
    sheet = SHEETS()[0]
    keys = [cell.key for cell in sheet.columns]
    cells = page.findall("m:sheetData/m:row", space)[2].findall("m:c", space)

    def locked(key):
        chosen = formats[int(cells[keys.index(key)].get("s"))].find("m:protection", space)
        return chosen is None or chosen.get("locked") != "0"

    assert page.find("m:sheetProtection", space) is not None
    assert [locked(key) for key in ("code", "provision_name", "above.committed_limit")] == [
        True,
        True,
        True,
    ]
    assert not locked(LIMIT)
    assert locked("content.case_type")


def test_a_workbook_that_nobody_touched_changes_nothing(opened):
    document = workbook.looked_at(opened, workbook.made(opened))
    assert document["rows"] == []
    assert document["counts"]["unchanged"] == 7


def test_what_the_city_says_is_written_and_everything_else_stays(opened):
    file = edited(
        workbook.made(opened),
        {"A1": {LIMIT: 5}, "A2": {LIMIT: 7, DROPPED: "M3、M2"}, "B1": {"content.visit_count": 0}},
    )
    before = workbook.looked_at(opened, file)
    assert {row["code"]: row["state"] for row in before["rows"]} == {
        "A1": "changed",
        "A2": "changed",
        "B1": "changed",
    }
    workbook.applied(opened, file)
    assert amended(opened, "A1") == ({"committed_limit": 5}, {"visit_count": "fixed"})
    assert amended(opened, "A2")[0] == {"committed_limit": 7, "materials": {"drop": ["M2", "M3"]}}
    assert amended(opened, "B1")[0] == {"visit_count": 0}
    assert amended(opened, "A3") == ({}, {})


def test_what_is_changed_in_a_list_beside_what_is_dropped_stays(opened):
    change = {"set": {"M1": {"note": "可容缺"}}}
    editions.put_many(opened.id, [("item", "A3", {"materials": change}, {}, {})])
    file = edited(workbook.made(opened), {"A3": {DROPPED: "M2"}})
    workbook.applied(opened, file)
    assert amended(opened, "A3")[0]["materials"] == {"drop": ["M2"], **change}


def test_a_row_emptied_or_taken_back_stands_again_as_above(opened):
    editions.put_many(opened.id, [("item", "A2", {"committed_limit": 7}, {}, {})])
    file = edited(workbook.made(opened), {"A1": {"remove": "是"}, "A2": {LIMIT: ""}})
    document = workbook.applied(opened, file)
    assert document["counts"]["removed"] == 2
    assert amended(opened, "A1") == amended(opened, "A2") == ({}, {})


def test_a_looser_value_is_refused_in_its_cell_with_whose_bound_it_is_and_the_rest_counts(opened):
    file = edited(
        workbook.made(opened),
        {"A2": {LIMIT: 11}, "A3": {DROPPED: "M9"}, "A4": {LIMIT: 4}, "Z9": {LIMIT: 1}},
    )
    document = workbook.applied(opened, file)
    assert document["counts"]["changed"] >= 1
    found = {row["code"]: row for row in document["rows"]}
    (fault,) = found["A2"]["faults"]
    assert "四川省第 1 版规定的 10 个工作日" in fault["message"]
    assert fault["cell"][-1].isdigit()
    assert fault["cell"][0].isalpha()
    assert found["Z9"]["state"] == "refused"
    assert amended(opened, "A4")[0] == {"committed_limit": 4}
    again = rows(workbook.refusals(opened, file))
    assert {"A2", "Z9"} <= set(again)
    assert again["A2"][LIMIT] == 11
    assert "四川省" in again["A2"]["reason"]


def test_a_row_that_somebody_changed_meanwhile_is_not_written_over(opened):
    content = workbook.made(opened)
    editions.put_many(opened.id, [("item", "A1", {"committed_limit": 4}, {}, {})])
    document = workbook.applied(opened, edited(content, {"A1": {LIMIT: 5}}))
    assert [row["state"] for row in document["rows"]] == ["stale"]
    assert amended(opened, "A1")[0] == {"committed_limit": 4}


def test_the_workbook_of_another_draft_is_refused(city, province, at):
    with at("四川省", "standards_officer"):
        draft = editions.open_draft(province.standard_id, title="第二版")
        other = workbook.made(editions.find_draft(draft))
    mine = city.begin()
    with city.at(), pytest.raises(Invalid) as refused:
        workbook.looked_at(editions.find_draft(mine), other)
    assert refused.value.errors[0].field == "file"


def test_it_goes_out_and_comes_back_over_http(city, sign_in):
    draft = city.begin()
    browser = sign_in("city")
    answer = browser.get(f"/api/editions/{draft}/workbook")
    assert answer.status_code == 200
    file = edited(answer.data, {"A2": {LIMIT: 7}})
    for act in ("preview", "application"):
        sent = browser.client.post(
            f"/api/editions/{draft}/workbook/{act}",
            data={"file": (BytesIO(file), "amendment.xlsx")},
            headers={"X-CSRF-Token": browser.token},
        )
        assert sent.json["counts"]["changed"] == 1
    county = sign_in("stranger").get(f"/api/editions/{draft}/workbook")
    assert county.status_code == 404
