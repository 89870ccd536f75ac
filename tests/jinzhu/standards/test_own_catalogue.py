"""What a center offers that no standard knows, and lists that it already has."""

import base64

import pytest

from jinzhu.core.problems import Invalid, NotFound
from jinzhu.core.tenancy import Reach
from jinzhu.standards import coverage
from jinzhu.standards.own import own_catalogue, own_import, own_items
from jinzhu.standards.records import listing, records

QUERY = {"page": 1, "per_page": 50, "sort": "", "q": "", "item_type": "", "department": ""}
LIST = {**QUERY, "state": ""}


def content(**more):
    """Return a full own item as the form holds it."""
    return {
        "name": "本地小微企业会客厅预约",
        "item_type": "20",
        "department_code": "D01",
        "legal_basis": "县政府文件",
        "statutory_limit": 5,
        "committed_limit": 2,
        "visit_count": 1,
        "fee": 0,
        "address": "政务服务中心2楼",
        "consult_phone": "0826-5550001",
        "complaint_phone": "0826-5550002",
        **more,
    }


def test_an_own_item_is_a_record_like_every_other(at, centers, province):
    with at("武胜县"):
        made = own_items.create(content())
        assert made["code"] == "LOC-00001"
        assert made["content"]["address"] == "政务服务中心2楼"
        page = listing.page("item", LIST, center_id=centers["武胜县"])
        (row,) = [row for row in page["rows"] if row["code"] == "LOC-00001"]
        assert (row["missing"], row["department_name"]) == (0, "审批局")
        record = records.read("item", row["id"], center_id=centers["武胜县"])
        assert record["standard"]["nature"] == "own"
        assert record["standard"]["name"] == "武胜县本地事项目录"
    with at("广安区"):
        assert own_items.page(QUERY)["total"] == 0
        with pytest.raises(NotFound):
            own_items.read(made["provision_id"])


def test_each_change_is_an_edition_that_the_center_is_on_at_once(at, province):
    with at("武胜县"):
        made = own_items.create(content())
    with at("武胜县"):
        changed = own_items.change(
            made["provision_id"], {"committed_limit": 1, "window": "3号", "address": None}
        )
        assert changed["content"]["committed_limit"] == 1
        assert changed["content"]["window"] == "3号"
        assert "address" not in changed["content"]
        assert changed["version"] > made["version"]
        own_items.create(content(name="另一件"))
    with at("武胜县"):
        own_items.remove(made["provision_id"])
        (row,) = own_items.page(QUERY)["rows"]
        assert row["name"] == "另一件"
        # A code that was once given is never given again.
        assert own_catalogue.next_codes(1) == ["LOC-00003"]


def test_what_an_own_item_lacks_is_owed_not_refused(at, centers, province):
    with at("武胜县"):
        made = own_items.create({"name": "只有名字", "item_type": "20", "department_code": "D01"})
        (row,) = own_items.page(QUERY)["rows"]
        # Basis, two limits, visits, fee; address and two telephones.
        assert row["missing"] == 8
        record = records.read("item", made["record_id"], center_id=centers["武胜县"])
        limit = next(one for one in record["fields"] if one["name"] == "committed_limit")
        assert (limit["rule"], limit["missing"]) == ("local", True)
        own_items.change(made["provision_id"], {"committed_limit": 3})
        (row,) = own_items.page(QUERY)["rows"]
        assert row["missing"] == 7


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"name": ""}, "content.name"),
        ({"committed_limit": "三"}, "content.committed_limit"),
        ({"department_code": "D77"}, "content.department_code"),
        ({"consult_phone": "x"}, "content.consult_phone"),
        ({"code": "A1"}, "content.code"),  # the province's catalogue has it
        ({"colour": "red"}, "content.colour"),
    ],
)
def test_a_wrong_own_item_is_refused_at_its_field(at, province, given, field):
    with at("武胜县"), pytest.raises(Invalid) as refused:
        own_items.create(content(**given))
    assert field in [fault.field for fault in refused.value.errors]


def test_a_liaison_keeps_own_items_of_the_own_department_alone(at, province):
    with at("武胜县"):
        own_items.create(content())
    with at("武胜县", "department_liaison", departments=("D02",)):
        assert own_items.page(QUERY)["total"] == 0
        assert own_items.create(content(name="社保一件", department_code="D02"))["code"]
        with pytest.raises(Invalid):
            own_items.create(content(name="越权"))


def test_what_a_center_offers_of_its_own_is_no_duty(at, centers, province):
    with at("武胜县"):
        own_items.create(content())
    with at("广安市", "city_manager", reach=Reach.SUBTREE):
        figures = coverage.figures("item", parent=None)
    owed = {row["center"]["name"]: row["duties"] for row in figures["rows"]}
    assert owed["武胜县"] == 5


def test_over_http_with_a_version(sign_in, province):
    county = sign_in("neighbour")
    made = county.post("/api/items/own", {"content": content()})
    assert made.status_code == 201, made.text
    path = f"/api/items/own/{made.json['provision_id']}"
    assert county.send("PATCH", path, json={"content": {"fee": 0}}).status_code == 428
    answer = county.send(
        "PATCH", path, json={"content": {"visit_count": 0}}, version=made.json["version"]
    )
    assert answer.json["content"]["visit_count"] == 0
    old = county.send("DELETE", path, version=made.json["version"])
    assert old.status_code == 412
    assert county.send("DELETE", path, version=answer.json["version"]).status_code == 204
    assert county.get(path).status_code == 404
    assert county.get("/api/items/own/departments").json["rows"][0]["name"] == "审批局"


CSV = """武胜县政务服务事项清单,,,,
序号,子项名称,事项类型,实施主体,承诺时限,事项编码
1,企业投资项目备案,行政许可,县审批局,5个工作日,A-1
2,社保卡补换,20,武胜县人社局,1,A 1
3,社保卡（补换）,20,人社局,,
4,没有部门的,20,不存在的局,,
5,怪类型,什么,审批局,,
6,,20,审批局,,
"""


def test_a_list_is_shown_row_by_row_before_it_is_taken(at, province):
    with at("武胜县"):
        shown = own_import.read(CSV.encode("gb18030"), apply=False)
        assert own_items.page(QUERY)["total"] == 0
    assert shown["counts"] == {"new": 2, "changed": 0, "same": 0, "refused": 4}
    told = {row["row"]: row for row in shown["rows"]}
    assert told[3]["code"] == "A-1"
    assert told[4]["code"] == "LOC-00001"  # “A 1” is no code
    assert "A 1" in told[4]["messages"][0]["message"]
    assert "4" in told[5]["messages"][0]["message"]  # the same as row 4
    assert told[6]["messages"][0]["field"] == "department_code"
    assert "行政许可" in told[7]["messages"][0]["message"]
    assert told[8]["messages"][0]["field"] == "name"


def test_a_list_is_taken_and_taken_again_changes_nothing(at, province):
    with at("武胜县"):
        own_import.read(CSV.encode(), apply=True)
    with at("武胜县"):
        rows = own_items.page(QUERY)["rows"]
        assert {row["name"] for row in rows} == {"企业投资项目备案", "社保卡补换"}
        again = own_import.read(CSV.encode(), apply=True)
        assert again["counts"] == {"new": 0, "changed": 0, "same": 2, "refused": 4}
        changed = own_import.read(CSV.replace("5个工作日", "4").encode(), apply=True)
        assert changed["counts"]["changed"] == 1
    with at("武胜县"):
        number = next(row["provision_id"] for row in rows if row["code"] == "A-1")
        assert own_items.read(number)["content"]["committed_limit"] == 4


@pytest.mark.parametrize(
    "given", [b"", b"PK\x03\x04broken", b"\x00\x01\x02", "甲,乙\n1,2".encode()]
)
def test_a_file_that_is_no_list_is_refused(sign_in, province, given):
    file = base64.b64encode(given).decode() or "A"
    answer = sign_in("county").post("/api/items/own/import", {"file": file})
    assert answer.status_code == 422
    assert answer.json["errors"][0]["field"] == "file"
