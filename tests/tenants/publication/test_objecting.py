"""Anybody objects: nothing typed is lost, nothing is taken twice, nothing of anybody is told."""

import logging

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from jinzhu.core.db import db
from jinzhu.core.tenancy import Reach, Scope
from jinzhu.core.transaction import work
from tests.tenants.publication.conftest import SAID, answered, publication, receipt

LOOK_UP = "/public/511602/objection"


def test_an_objection_is_taken_and_its_answer_read_with_number_and_code(published, public):
    number, code = receipt(public.object(published.form))
    shown = publication(published)["objections"]
    assert [(one["number"], one["said"], one["state"]) for one in shown] == [
        (number, SAID["said"], "open")
    ]
    asked = {"number": number.lower(), "code": code.replace("-", " ").lower()}
    assert "正在核实" in public.client.post(LOOK_UP, data=asked).text
    assert answered(published, "reject", "核实后，有文件为依据。").status_code == 200
    page = public.client.post(LOOK_UP, data=asked)
    assert page.status_code == 200
    assert "核实后，有文件为依据。" in page.text
    assert "no-store" in page.headers["Cache-Control"]


@pytest.mark.parametrize(
    "asked", [{}, {"number": "G2026-0001-01", "code": "AAAA-BBBB"}, {"number": "x", "code": "\0"}]
)
def test_without_the_code_nothing_is_told(published, public, asked):
    receipt(public.object(published.form))
    answer = public.client.post(LOOK_UP, data=asked)
    assert answer.status_code in (404, 422)
    assert "正在核实" not in answer.text
    assert SAID["said"] not in answer.text


def test_what_is_missing_is_said_at_its_field_and_nothing_typed_is_lost(published, public):
    answer = public.object(published.form, name="", contact="1", said="我要说的话都在这里")
    assert answer.status_code == 422
    assert 'id="name-fault"' in answer.text
    assert 'id="contact-fault"' in answer.text
    assert 'id="said-fault"' not in answer.text
    assert "我要说的话都在这里" in answer.text
    assert publication(published)["objections"] == []
    long = public.object(published.form, said="长" * 2001)
    assert (long.status_code, "最多 2000 个字" in long.text) == (422, True)


def test_sent_twice_it_is_there_once_with_the_same_number_and_code(published, public):
    token = public.form(published.form)
    first = receipt(public.object(published.form, token=token))
    again = receipt(public.object(published.form, token=token))
    assert first == again
    other = receipt(public.object(published.form))
    assert other[0] == "G2026-0001-02"
    assert other[1] != first[1]
    assert len(publication(published)["objections"]) == 2


@pytest.mark.parametrize("token", ["", "x", "1.2.3", "99999999999.abc.0000", "é.é.é"])
def test_a_form_that_is_not_ours_is_not_taken(published, public, token):
    given = {**SAID, "website": "", "token": token}
    answer = public.client.post(published.form, data=given)
    assert answer.status_code == 422
    assert SAID["said"] in answer.text
    assert publication(published)["objections"] == []


def test_a_form_of_another_publication_is_not_taken(published, public):
    other = published.begin("A2")["publication"]["page"]
    token = public.form(f"{other}/objection")
    assert public.object(published.form, token=token).status_code == 422
    assert public.object(f"{other}/objection", token=token).status_code == 201


def test_a_form_that_was_open_too_long_is_sent_again_with_all_that_was_typed(
    published, public, time_machine
):
    token = public.form(published.form)
    time_machine.move_to("2026-11-24 12:00+08:00")
    late = public.object(published.form, token=token)
    assert (late.status_code, SAID["said"] in late.text) == (422, True)
    assert token not in late.text
    assert public.object(published.form).status_code == 201


def test_another_site_sends_nothing(published, public):
    given = {**SAID, "website": "", "token": public.form(published.form)}
    headers = {"Sec-Fetch-Site": "cross-site"}
    answer = public.client.post(published.form, data=given, headers=headers)
    assert (answer.status_code, answer.mimetype) == (403, "text/html")
    assert publication(published)["objections"] == []


def test_a_program_that_fills_in_everything_is_told_and_not_taken(published, public):
    answer = public.object(published.form, website="https://example.com")
    assert (answer.status_code, 'id="website"' in answer.text) == (422, True)
    assert publication(published)["objections"] == []


def test_more_than_anybody_writes_is_refused(published, public):
    answer = public.object(published.form, said="长" * 40_000)
    assert (answer.status_code, answer.mimetype) == (413, "text/html")


def test_from_one_address_come_so_many_in_an_hour(published, public):
    for _ in range(5):
        receipt(public.object(published.form))
    refused = public.object(published.form)
    assert (refused.status_code, SAID["said"] in refused.text) == (429, True)
    public.client.environ_base["REMOTE_ADDR"] = "192.0.2.7"
    assert public.object(published.form).status_code == 201


@pytest.mark.parametrize("day", ["2026-11-27", "2026-12-01"])
def test_after_the_period_nothing_is_taken_any_more(published, public, time_machine, day):
    token = public.form(published.form)
    assert public.object(published.form, token=token).status_code == 201
    time_machine.move_to(f"{day} 08:00+08:00")
    assert public.get(published.form).status_code == 409
    given = {**SAID, "website": "", "token": token}
    assert public.client.post(published.form, data=given).status_code in (409, 422)
    assert len(publication(published)["objections"]) == 1


def test_until_the_end_of_the_last_day_it_is_taken(published, public, time_machine):
    time_machine.move_to("2026-11-26 23:59+08:00")
    assert public.object(published.form).status_code == 201


def test_nothing_of_who_objects_is_public_or_in_a_log(published, public, caplog, superuser, app):
    caplog.set_level(logging.DEBUG)
    receipt(public.object(published.form))
    answered(published, "reject", "核实后，有文件为依据。")
    pages = [published.page, published.form, "/public/511602", LOOK_UP]
    told = [public.get(page).text for page in pages] + [caplog.text]
    secrets = [SAID["name"], SAID["contact"], SAID["said"], "138****5678", "欧***"]
    for secret in secrets:
        assert not [text for text in told if secret in text], secret
    assert "核实后，有文件为依据。" in told[0]


def test_an_error_of_the_database_does_not_say_what_was_typed(app):
    with app.app_context(), pytest.raises(DBAPIError) as raised, work(Scope(reach=Reach.PUBLIC)):
        db.session.execute(text("SELECT 1 / 0, CAST(:given AS text)"), {"given": SAID["contact"]})
    assert SAID["contact"] not in str(raised.value)
