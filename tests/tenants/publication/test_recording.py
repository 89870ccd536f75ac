"""An objection by telephone, letter or in person: written down by the center, answered as any."""

from datetime import date

import pytest
from sqlalchemy import text

from jinzhu.core.db import db
from tests.tenants.publication.conftest import SAID, act, answered, case_of, publication, receipt

LOOK_UP = "/public/511602/objection"
CALL = {
    **SAID,
    "channel": "phone",
    "received_on": "2026-11-23",
    "received_by": "值班员小王",
    "submission": "11111111-2222-3333",
}


def record(browser, **more):
    path = f"/api/publications/{publication(browser)['id']}/objections"
    return browser.post(path, {**CALL, **more})


def faults(answer):
    assert answer.status_code == 422, answer.json
    return {one["field"] for one in answer.json["errors"]}


@pytest.mark.parametrize("channel", ["phone", "letter", "visit"])
def test_it_stops_the_case_and_is_answered_as_one_of_the_public_page(published, public, channel):
    told = record(published, channel=channel)
    assert told.status_code == 201, told.json
    assert told.json["number"] == "G2026-0001-01"
    (one,) = told.json["publication"]["objections"]
    assert (one["channel"], one["received_by"], one["recorded_by"]) == (
        channel, "值班员小王", "county",
    )  # fmt: skip
    assert (one["said"], one["name"], one["contact"]) == (SAID["said"], "欧***", "138****5678")
    published.tick("2026-11-27")
    assert act(published, case_of(published), "S2").status_code == 422
    assert answered(published, "reject", "核实后，有文件为依据。").status_code == 200
    asked = {name: told.json[name] for name in ("number", "code")}
    assert "核实后，有文件为依据。" in public.client.post(LOOK_UP, data=asked).text
    published.tick("2026-11-28")
    assert publication(published)["state"] == "over"


def test_it_is_counted_with_those_of_the_public_page(published, public):
    receipt(public.object(published.form))
    assert record(published).json["number"] == "G2026-0001-02"
    assert receipt(public.object(published.form))[0] == "G2026-0001-03"


def test_sent_twice_it_is_there_once_with_the_same_code(published):
    first, again = record(published), record(published)
    assert [one.json["code"] for one in (first, again)] == [first.json["code"]] * 2
    assert len(publication(published)["objections"]) == 1
    other = record(published, submission="another-number-of-a-form")
    assert other.json["number"] == "G2026-0001-02"
    assert other.json["code"] != first.json["code"]


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({"said": "不行"}, "said"),
        ({"name": " 欧 "}, "name"),
        ({"contact": "1"}, "contact"),
        ({"received_by": " "}, "received_by"),
        ({"received_on": "2026-11-22"}, "received_on"),
        ({"received_on": "2026-11-25"}, "received_on"),
        ({"channel": "page"}, "channel"),
        ({"submission": "short"}, "submission"),
        ({"said": "长" * 2001}, "said"),
    ],
)
def test_what_cannot_be_so_is_said_at_its_field(published, said, field):
    published.tick("2026-11-24")
    assert faults(record(published, **said)) == {field}
    assert publication(published)["objections"] == []
    assert record(published).status_code == 201


def test_what_came_in_time_is_written_down_while_the_case_still_waits(
    published, public, time_machine
):
    receipt(public.object(published.form))
    time_machine.move_to("2026-11-30 09:00+08:00")
    assert faults(record(published, received_on="2026-11-27")) == {"received_on"}
    assert record(published, received_on="2026-11-26").status_code == 201


def test_what_is_over_or_withdrawn_takes_none_any_more(published):
    published.tick("2026-11-27")
    late = record(published)
    assert (late.status_code, late.json["code"]) == (409, "publication_over")
    assert publication(published)["recordable"] is False


def test_only_who_decides_writes_it_down_and_only_here(published, sign_in):
    shown = publication(published)
    assert shown["recordable"] is True
    path = f"/api/publications/{shown['id']}/objections"
    assert sign_in("clerk").get(f"/api/publications/{shown['id']}").json["recordable"] is False
    assert sign_in("clerk").post(path, CALL).status_code == 403
    assert sign_in("neighbour").post(path, CALL).status_code == 404
    assert publication(published)["objections"] == []


def test_who_objects_is_sealed_and_nowhere_in_the_change_log(published, at):
    assert record(published).status_code == 201
    with at("广安区"):
        stored = db.session.execute(text("SELECT name, contact, received_on FROM objection")).one()
        log = str(db.session.execute(text("SELECT before, after FROM change")).all())
    assert stored.received_on == date(2026, 11, 23)
    for secret in (SAID["name"], SAID["contact"], SAID["said"], stored.name, stored.contact):
        assert secret not in log
    assert SAID["name"] not in stored.name


def test_the_department_is_told_of_it_as_of_any(published):
    record(published)
    published.tick("2026-11-23", hour=10)
    told = [row["text"] for row in published.get("/api/notices").json["rows"]]
    assert sum("G2026-0001-01" in text for text in told) == 1
