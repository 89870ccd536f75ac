"""An installation that sends mail, to a server that is really there."""

from dataclasses import replace
from types import SimpleNamespace

import pytest
from sqlalchemy import select, text

from jinzhu.config import MailServer
from jinzhu.core import clock, jobs, mail
from jinzhu.core.calendar import today
from jinzhu.core.db import aside, db
from jinzhu.core.models import JobRow
from jinzhu.core.tenancy import Scope
from jinzhu.core.transaction import work
from jinzhu.workdays import service as workdays
from tests.mailbox import open_mailbox
from tests.tenants.conftest import an_item, office, province
from tests.tenants.procedure.test_cases import chain, county

__all__ = ["an_item", "chain", "county", "office", "province"]
ADDRESS = "https://zw.example.gov.cn"
MINE = "zhang.san@example.gov.cn"
DAILY = {"frequency": "daily", "hour": 0, "language": "zh-CN"}


@pytest.fixture
def box():
    """The mail server."""
    with open_mailbox() as found:
        yield found


@pytest.fixture
def posting(app, box, monkeypatch):
    """The application with the mail server in its settings."""
    given = {
        "JINZHU_MAIL": f"smtp://127.0.0.1:{box.port}",
        "JINZHU_MAIL_FROM": "进驻平台 <jinzhu@example.gov.cn>",
    }
    settings = app.config["SETTINGS"]
    server = MailServer.read(given, ADDRESS)
    monkeypatch.setitem(app.config, "SETTINGS", replace(settings, mail=server, address=ADDRESS))
    monkeypatch.setattr(mail, "_resting", {})
    return app


@pytest.fixture
def sql(app):
    """Run a statement beside the service, in the transaction of the test."""

    def run(statement, center="广安区", **values):
        with app.app_context(), aside() as connection:
            tenant = "SELECT set_config('app.tenant_id', id::text, true) FROM center"
            connection.execute(text(f"{tenant} WHERE name = :center"), {"center": center})
            return connection.execute(text(statement), values)

    return run


@pytest.fixture
def sending(posting, centers):
    """Carry out the sending that waits at a center, as a worker would; return how many jobs."""

    def sent(center="广安区"):
        with posting.app_context():
            with work(Scope(centers[center])):
                found = db.session.scalars(
                    select(JobRow.id).where(JobRow.name == "digest.send", JobRow.state == "queued")
                ).all()
            for number in found:
                jobs.run(centers[center], number)
        return len(found)

    return sent


@pytest.fixture
def ring(posting, sending):
    """Let the clock look on a day, and carry out what it asks for."""

    def rung(day=None, center="广安区"):
        with posting.app_context():
            clock.carry_out("app.due_digests", day=day or today())
        return sending(center)

    return rung


@pytest.fixture
def working_day(at):
    """Let today be a day on which people work, whatever it is."""
    with at("四川省", "standards_officer"):
        if not workdays.here().is_working(today()):
            workdays.set_day(today(), working=True, name="测试")


@pytest.fixture
def link(box):
    """Return the link of the newest letter that leads to an act."""

    def found(act):
        lines = box.text_of().splitlines()
        (one,) = [line for line in lines if f"/public/mail/{act}/" in line]
        return one[one.index(ADDRESS) :].removeprefix(ADDRESS)

    return found


@pytest.fixture
def wants(posting, sending, link, sql):
    """Let somebody give an address, confirm it and choose, on a day before today."""

    def wanted(browser, address=MINE, center="广安区", **choice):
        answer = browser.send("PUT", "/api/me/digest/address", json={"address": address})
        assert answer.status_code == 200, answer.text
        assert sending(center) == 1
        assert posting.test_client().post(link("confirmation")).status_code == 200
        answer = browser.send("PUT", "/api/me/digest", json={**DAILY, **choice})
        assert answer.status_code == 200, answer.text
        sql("UPDATE digest SET looked_on = NULL", center)
        return SimpleNamespace(**answer.json)

    return wanted
