"""The round trip through Excel: nothing is lost, whoever else writes, whatever is wrong."""

import re
from collections import defaultdict
from io import BytesIO
from random import Random
from zipfile import ZipFile

import pytest

from jinzhu.core.problems import Invalid
from jinzhu.standards.editions import editions
from jinzhu.standards.workbooks import workbook, workbook_read, workbook_write
from jinzhu.standards.workbooks.workbook_layout import sheets
from jinzhu.standards.workbooks.workbook_stamp import Stamp
from jinzhu.standards.workbooks.workbook_write import Line

ITEM, MATERIALS = "item:", "item:materials"


@pytest.fixture
def draft(province, at, an_item):
    """A draft in which one item is changed already."""
    with at("四川省", "standards_officer"):
        number = editions.open_draft(province.standard_id, title="第二版")
        editions.put_many(number, [an_item("A1", committed_limit=8)])
    return number


@pytest.fixture
def opened(draft, at):
    """The draft, in a unit of work of the office."""
    with at("四川省", "standards_officer"):
        yield editions.find_draft(draft)


def edited(content: bytes, *changes, **stamped) -> bytes:
    """Return a workbook with cells changed: (sheet, code or (code, part), {key: value})."""
    sent = workbook_read.opened(content)
    pages = defaultdict(list)
    for typed in sent.rows:
        pages[typed.sheet.key].append(dict(typed.cells))
    for key, code, cells in changes:
        part = None
        if isinstance(code, tuple):
            code, part = code
        found = [
            row
            for row in pages[key]
            if row["code"] == code and (part is None or row["part.code"] == part)
        ]
        if not found:
            found = [{"code": code, **({"part.code": part} if part else {})}]
            pages[key].append(found[0])
        found[0].update(cells)
    stamp = Stamp(sent.stamp.edition_id, sent.stamp.version, stamped.get("rows", sent.stamp.rows))
    made = [(sheet, [Line(cells) for cells in pages[sheet.key]]) for sheet in sheets()]
    return workbook_write.written(stamp, made)


def told(document) -> dict[str, str]:
    """Return what becomes of each code."""
    return {row["code"]: row["state"] for row in document["rows"]}


def content(edition, code: str) -> dict:
    """Return what a draft says of an item."""
    entry = editions.draft_entry(edition, "item", code) or editions.base_of(edition, "item", code)
    return entry.content


NEW = {
    "content.name": "新事项",
    "content.item_type": "行政许可",
    "content.department_code": "D01",
    "content.legal_basis": "=HYPERLINK(1)",
    "content.statutory_limit": 20.0,
    "content.committed_limit": 9.0,
    "content.visit_count": 1.0,
    "content.fee": 0.0,
    "applies.levels": "县级",
}


def test_a_workbook_that_nobody_touched_changes_nothing(opened):
    document = workbook.looked_at(opened, workbook.made(opened))
    assert document["rows"] == []
    assert document["counts"]["unchanged"] == 7


def test_what_was_changed_is_written_and_everything_else_stays(opened):
    before = content(opened, "A1")
    file = edited(
        workbook.made(opened),
        (ITEM, "A1", {"content.committed_limit": 7.0}),
        (ITEM, "A9", NEW),
        (ITEM, "A4", {"remove": "是"}),
        (MATERIALS, ("A2", "M2"), {"part.name": "身份证复印件", "part.copies": 2.0}),
        (MATERIALS, ("A2", "M3"), {"remove": "是"}),
        (MATERIALS, ("A2", "M9"), {"part.name": "申请表", "part.form": "纸质"}),
    )
    document = workbook.looked_at(opened, file)
    assert told(document) == {"A1": "changed", "A2": "changed", "A4": "removed", "A9": "new"}
    assert workbook.applied(opened, file)["counts"] == document["counts"]
    assert content(opened, "A1") == {**before, "committed_limit": 7}
    assert [part["code"] for part in content(opened, "A2")["materials"]] == ["M1", "M2", "M9"]
    assert content(opened, "A2")["materials"][1] == {
        "code": "M2",
        "name": "身份证复印件",
        "copies": 2,
    }
    assert content(opened, "A9")["legal_basis"] == "=HYPERLINK(1)"
    assert editions.draft_entry(opened, "item", "A4").removed
    assert workbook.looked_at(opened, file)["rows"] == []


def test_a_new_row_that_concerns_no_level_is_refused(opened):
    file = edited(workbook.made(opened), (ITEM, "A9", {**NEW, "applies.levels": ""}))
    assert told(workbook.looked_at(opened, file)) == {"A9": "refused"}


def test_a_wrong_cell_is_named_and_the_other_rows_are_written(opened):
    file = edited(
        workbook.made(opened),
        (ITEM, "A1", {"content.committed_limit": "十天"}),
        (ITEM, "A2", {"content.committed_limit": 5.0, "content.item_type": "没有的类型"}),
        (ITEM, "A3", {"content.committed_limit": 6.0}),
        (MATERIALS, ("A4", "M1"), {"part.copies": -1.0}),
    )
    document = workbook.applied(opened, file)
    assert told(document) == {"A1": "refused", "A2": "refused", "A3": "changed", "A4": "refused"}
    faults = {row["code"]: row["faults"] for row in document["rows"]}
    (first,) = faults["A1"]
    assert (first["sheet"], first["value"], first["message"]) == ("事项", "十天", "须为 0 或正整数")
    assert first["cell"].endswith(str(first["row"]))
    assert faults["A4"][0]["sheet"].startswith("事项·")
    assert content(opened, "A3")["committed_limit"] == 6
    assert content(opened, "A1")["committed_limit"] == 8


def test_what_was_refused_comes_back_to_be_corrected_and_sent_again(opened):
    file = edited(workbook.made(opened), (ITEM, "A1", {"content.committed_limit": "十天"}))
    again = workbook.refusals(opened, file)
    (row,) = workbook_read.opened(again).rows
    assert (row.cells["code"], row.cells["reason"]) == ("A1", "须为 0 或正整数")
    corrected = edited(again, (ITEM, "A1", {"content.committed_limit": 6.0}))
    assert told(workbook.applied(opened, corrected)) == {"A1": "changed"}
    assert content(opened, "A1")["committed_limit"] == 6


def test_a_row_that_somebody_else_changed_since_is_refused_until_it_was_seen(opened, an_item):
    made = workbook.made(opened)
    editions.put_many(
        opened.id, [an_item("A1", committed_limit=6), an_item("A2", fee=0, name="改")]
    )
    file = edited(made, (ITEM, "A1", {"content.committed_limit": 5.0}))
    document = workbook.applied(opened, file)
    # A2 was changed by somebody else alone: nothing is said of it, and nothing happens to it.
    assert told(document) == {"A1": "stale"}
    assert "province" in document["rows"][0]["faults"][0]["message"]
    assert content(opened, "A1")["committed_limit"] == 6
    assert content(opened, "A2")["name"] == "改"
    assert told(workbook.applied(opened, workbook.refusals(opened, file))) == {"A1": "changed"}


def test_a_code_that_is_taken_is_not_written_over(opened, an_item):
    made = workbook.made(opened)
    editions.put_many(opened.id, [an_item("A9")])
    file = edited(made, (ITEM, "A9", NEW))
    for _ in range(2):
        assert told(workbook.applied(opened, file)) == {"A9": "refused"}
        file = workbook.refusals(opened, file)


def test_a_row_without_code_or_twice_the_same_is_refused(opened):
    made = edited(workbook.made(opened), (ITEM, "", {"content.name": "无编码"}))
    sent = workbook_read.opened(made)
    lines = [Line(dict(row.cells)) for row in sent.rows if row.sheet.key == ITEM]
    twice = workbook_write.written(sent.stamp, [(sheets()[0], [*lines, lines[0]])])
    assert told(workbook.looked_at(opened, twice)) == {"": "refused", "A1": "refused"}


def test_an_empty_cell_empties_the_field_and_a_missing_column_leaves_it(opened):
    made = workbook.made(opened)
    file = edited(made, (ITEM, "A1", {"content.committed_limit": ""}))
    (row,) = workbook.looked_at(opened, file)["rows"]
    assert row["state"] == "refused"
    sent = workbook_read.opened(made)
    sheet = sheets()[0]
    fewer = [cell for cell in sheet.columns if cell.key != "content.committed_limit"]
    part = type(sheet)(sheet.kind, None, tuple(fewer))
    lines = [Line({**row.cells, "content.fee": 0.0}) for row in sent.rows if row.sheet.key == ITEM]
    file = workbook_write.written(sent.stamp, [(part, lines)])
    assert workbook.looked_at(opened, file)["rows"] == []


def test_whom_it_concerns_travels_in_words(opened, centers):
    made = workbook.made(opened)
    file = edited(made, (ITEM, "A1", {"applies.levels": "市级、县级", "applies.regions": "广安市"}))
    assert told(workbook.applied(opened, file)) == {"A1": "changed"}
    entry = editions.draft_entry(opened, "item", "A1")
    assert entry.applies == {"levels": ["city", "county"], "regions": [centers["广安市"]]}
    assert workbook.looked_at(opened, workbook.made(opened))["rows"] == []
    wrong = edited(made, (ITEM, "A2", {"applies.regions": "无此县"}))
    (row,) = workbook.looked_at(opened, wrong)["rows"][:1]
    assert (row["code"], row["state"]) == ("A2", "refused")


@pytest.mark.parametrize(
    ("file", "word"),
    [
        (b"", "Excel"),
        (b"code,name\n1,2\n", "Excel"),
        (b"PK\x03\x04 broken", "Excel"),
    ],
)
def test_what_is_no_workbook_is_refused_in_plain_words(opened, file, word):
    with pytest.raises(Invalid) as refused:
        workbook.looked_at(opened, file)
    assert word in refused.value.errors[0].message


def repacked(content: bytes, name: str, change) -> bytes:
    """Return a workbook with one of its parts changed."""
    buffer = BytesIO()
    with ZipFile(BytesIO(content)) as old, ZipFile(buffer, "w") as new:
        for entry in old.namelist():
            data = old.read(entry)
            new.writestr(entry, change(data) if entry == name else data)
    return buffer.getvalue()


def test_a_stamp_that_was_changed_is_refused(opened):
    made = workbook.made(opened)
    with ZipFile(BytesIO(made)) as archive:
        stamp = max(
            (name for name in archive.namelist() if name.startswith("xl/worksheets/sheet")),
            key=lambda name: int("".join(filter(str.isdigit, name))),
        )
    number = re.compile(rb'(<c r="B1"[^>]*><v>)%d(</v>)' % opened.id)
    file = repacked(made, stamp, lambda data: number.sub(rb"\g<1>999\2", data))
    assert file != repacked(made, stamp, lambda data: data)
    with pytest.raises(Invalid) as refused:
        workbook.looked_at(opened, file)
    assert "版本标记" in refused.value.errors[0].message


def test_a_cell_far_out_is_refused_before_anything_is_read(opened):
    made = workbook.made(opened)
    far = b'</row><row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData>'
    file = repacked(
        made,
        "xl/worksheets/sheet1.xml",
        lambda data: data.replace(b"</row></sheetData>", far, 1),
    )
    assert file != made
    with pytest.raises(Invalid) as refused:
        workbook.looked_at(opened, file)
    assert "50000" in refused.value.errors[0].message


def test_the_workbook_of_another_draft_is_refused(opened, province):
    other = workbook.made(editions.find(opened.base_id))
    with pytest.raises(Invalid) as refused:
        workbook.looked_at(opened, other)
    assert "另一个版次" in refused.value.errors[0].message


def test_nothing_in_a_workbook_is_a_formula_or_a_link(opened, an_item):
    texts = {"name": '=cmd|"/c calc"!A1', "legal_basis": "http://example.org"}
    editions.put_many(opened.id, [an_item("A1", **texts)])
    with ZipFile(BytesIO(workbook.made(opened))) as archive:
        pages = b"".join(archive.read(name) for name in archive.namelist())
    assert b"<f>" not in pages
    assert b"<hyperlink" not in pages
    assert b'quotePrefix="1"' in pages


def test_what_identifies_a_row_is_locked_and_the_rest_is_not(opened):
    with ZipFile(BytesIO(workbook.made(opened))) as archive:
        page = archive.read("xl/worksheets/sheet1.xml")
        styles = archive.read("xl/styles.xml")
    assert b"<sheetProtection" in page
    assert b"<dataValidation " in page
    assert b'locked="0"' in styles


def test_the_round_trip_over_http(draft, sign_in):
    office = sign_in("province")
    path = f"/api/editions/{draft}/workbook"
    made = office.get(path)
    assert made.mimetype.endswith("spreadsheetml.sheet")
    file = edited(made.data, (ITEM, "A1", {"content.committed_limit": 7.0}))

    def send(what: str, data: bytes):
        return office.send("POST", f"{path}/{what}", data={"file": (BytesIO(data), "a.xlsx")})

    assert send("preview", file).json["counts"]["changed"] == 1
    assert send("application", file).json["counts"]["changed"] == 1
    assert send("application", file).json["counts"]["unchanged"] == 7
    assert send("refusals", file).mimetype == made.mimetype
    assert office.send("POST", f"{path}/preview").json["errors"][0]["field"] == "file"
    assert sign_in("county").get(path).status_code == 404


def flipped(content: bytes, seed: int) -> bytes:
    """Return a file in which some bytes are others, or the end is missing."""
    dice, damaged = Random(seed), bytearray(content)
    if seed % 3 == 0:
        return content[: dice.randrange(len(content))]
    for _ in range(dice.choice((1, 4, 20))):
        damaged[dice.randrange(len(content))] ^= dice.randrange(1, 256)
    return bytes(damaged)


@pytest.mark.parametrize("seed", range(40))
def test_a_broken_file_is_refused_in_words_whatever_is_broken(opened, seed):
    content = workbook.made(opened)
    try:
        sent = workbook_read.opened(flipped(content, seed))
    except Invalid as refused:
        (fault,) = refused.errors
        assert (fault.field, fault.rule) == ("file", "workbook")
    else:  # what was hit says nothing
        assert sent.stamp == workbook_read.opened(content).stamp


def test_a_sheet_whose_packing_is_broken_is_refused(opened):
    content = bytearray(workbook.made(opened))
    with ZipFile(BytesIO(bytes(content))) as archive:
        entry = archive.getinfo("xl/worksheets/sheet1.xml")
        start = entry.header_offset + 30 + len(entry.filename)
    content[start : start + 40] = b"\xff" * 40
    with pytest.raises(Invalid) as refused:
        workbook_read.opened(bytes(content))
    assert refused.value.errors[0].field == "file"


def recoded(content: bytes, key: str, cell: str, old: str, new: str, **more) -> bytes:
    """Return a workbook in which a locked code was written over."""
    sent = workbook_read.opened(content)
    pages = defaultdict(list)
    for typed in sent.rows:
        cells = dict(typed.cells)
        if typed.sheet.key == key and cells[cell] == old:
            cells |= {cell: new, **more}
        pages[typed.sheet.key].append(cells)
    made = [(sheet, [Line(cells) for cells in pages[sheet.key]]) for sheet in sheets()]
    return workbook_write.written(sent.stamp, made)


@pytest.mark.parametrize(
    ("sheet", "cell", "old", "new", "more", "code"),
    [
        (ITEM, "code", "A2", "A2X", {}, "A2X"),
        (ITEM, "code", "A2", "A2X", {"content.committed_limit": 7.0}, "A2X"),
        (ITEM, "code", "A2", "A2X", {"content.name": "改名"}, "A2X"),
        (MATERIALS, "part.code", "M2", "M2X", {}, "A2"),
        (MATERIALS, "code", "A2", "A3", {}, "A3"),
    ],
)
def test_a_locked_code_that_was_changed_is_no_new_row(opened, sheet, cell, old, new, more, code):
    file = recoded(workbook.made(opened), sheet, cell, old, new, **more)
    document = workbook.looked_at(opened, file)
    assert told(document)[code] == "refused"
    row = next(one for one in document["rows"] if one["code"] == code)
    fault = row["faults"][0]
    assert fault["value"] == new
    for said in (f"第 {fault['row']} 行", f"“{old}”", f"“{new}”", "编码"):
        assert said in fault["message"]
    assert fault["cell"][0].isalpha()
    workbook.applied(opened, file)
    assert editions.draft_entry(opened, "item", "A2X") is None
    assert [part["code"] for part in content(opened, "A3")["materials"]] == ["M1", "M2", "M3"]


def test_a_provision_that_is_removed_may_come_back_under_another_code(opened):
    file = edited(
        workbook.made(opened),
        (ITEM, "A2", {"remove": "是"}),
        (ITEM, "A9", {**NEW, "content.name": "事项A2"}),
    )
    assert told(workbook.looked_at(opened, file)) == {"A2": "removed", "A9": "new"}


def test_what_is_wrong_with_a_whole_list_stands_in_a_cell_of_it(opened):
    steps = {"part.name": "审查", "part.limit": 12.0}
    file = edited(workbook.made(opened), ("item:steps", ("A2", "S1"), steps))
    (row,) = workbook.looked_at(opened, file)["rows"]
    (fault,) = row["faults"]
    (typed,) = [one for one in workbook_read.opened(file).rows if one.sheet.key == "item:steps"]
    assert fault["cell"] == workbook_write.place(typed.row, typed.columns["part.limit"])
