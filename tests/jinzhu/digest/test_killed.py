"""A worker killed while the mail server has a letter: it is not sent a second time."""

import os
import signal
from dataclasses import replace

import pytest
from sqlalchemy import text

from jinzhu.config import MailServer
from jinzhu.core.calendar import today
from jinzhu.digest import service as digests
from jinzhu.standards import notices
from jinzhu.workdays import service as workdays
from tests.jinzhu.core.test_jobs import app, boss, centers, place, service, state, workers
from tests.jinzhu.digest.conftest import ADDRESS, DAILY, MINE

__all__ = ["app", "boss", "centers", "place", "service", "state", "workers"]
FROM = "jinzhu@example.gov.cn"
TOLD = {"standard": "省标准", "number": 3, "reason": "依据已废止", "owner": "四川省"}


@pytest.fixture(autouse=True)
def mailing(box, place, service, monkeypatch):
    """Name the mail server to the service and to the workers that will be started."""
    given = {"JINZHU_MAIL": f"smtp://127.0.0.1:{box.port}", "JINZHU_MAIL_FROM": FROM}
    for name, value in {**given, "JINZHU_ADDRESS": ADDRESS}.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("JINZHU_KEY_FILE", place.key_file)
    settings = replace(place, mail=MailServer.read(given, ADDRESS), address=ADDRESS)
    monkeypatch.setitem(service.config, "SETTINGS", settings)


@pytest.fixture
def wanted(at, boss, centers):
    """Let the manager of a county want the digest, with a notice to tell of."""
    me = boss.scalar(text("SELECT id FROM account WHERE username = 'county'"))
    with at("四川省", "standards_officer"):
        if not workdays.here().is_working(today()):
            workdays.set_day(today(), working=True, name="测试")
    with at("广安区", actor_id=me):
        notices.tell([centers["广安区"]], "edition_withdrawn", values=TOLD, to="/x", needs="")
        digests.give(MINE, "zh-CN")
        digests.choose(**DAILY)
    boss.execute(text("DELETE FROM digest_letter"))
    boss.execute(
        text("""UPDATE digest SET state = 'confirmed', confirm_hash = '', confirm_until = NULL,
            looked_on = NULL""")
    )


def test_a_letter_that_a_killed_worker_had_handed_in_is_not_sent_again(
    wanted, box, workers, boss, until, state
):
    letter = text("SELECT state, attempts FROM digest_letter")
    box.waits = True
    first = workers()
    until(lambda: box.letters, seconds=60)
    os.kill(first.pid, signal.SIGKILL)
    first.wait(20)
    assert tuple(boss.execute(letter).one()) == ("sending", 1)
    box.waits = False
    box.go_on.set()

    workers()
    number = boss.scalar(text("SELECT id FROM job WHERE name = 'digest.send'"))
    until(lambda: state(number).state == "done", seconds=60)
    assert tuple(state(number)) == ("done", 1, 1, 2, None)
    assert tuple(boss.execute(letter).one()) == ("unclear", 1)
    assert len(box.letters) == 1
