"""Two who give equipment the same number at once: each in a transaction of its own."""

import threading
from datetime import date

import pytest
from sqlalchemy import text

from tenants.equipment import service
from tenants.support.service import department
from tests.jinzhu.conftest import Province

SAID = {
    "kind": "printing",
    "name": "证书打印机",
    "quantity": 1,
    "owner": "department",
    "serial": "BDC-11",
    "place": "制证间",
    "since": date(2026, 1, 5),
    "remark": "",
    **dict.fromkeys(("item_id", "hall_id", "window_id")),
}
WAITING = text(
    "SELECT count(*) FROM pg_locks"
    f" WHERE locktype = 'advisory' AND classid = {service.LOCKS} AND NOT granted"
)


@pytest.fixture(scope="module")
def alone(new_province):
    """A database of its own, in which what is committed stays."""
    return new_province("at_once")


def test_the_second_is_told_whose_number_it_is(
    alone, app_on, at_on, browser_of, centers, superuser, until
):
    with app_on(alone) as app:
        at = at_on(app, centers)
        Province(app, at, centers).begin()
        county = browser_of(app, "county")
        rows = county.get("/api/departments/duties").json["rows"]
        subject = next(row["provision_id"] for row in rows if row["code"] == "D02")
        county.post("/api/departments/claims", {"provision_ids": [subject], "claim": "offered"})
        path, answers = f"/api/equipment/{subject}", []
        said = {**SAID, "since": "2026-01-05", "name": "另一台打印机"}
        second = threading.Thread(target=lambda: answers.append(county.post(path, said)))
        with at("广安区"):
            service.bring(department(subject), SAID)
            second.start()
            with superuser.connect() as watching:
                until(lambda: watching.scalar(WAITING), seconds=20)
        second.join(20)
        (refused,) = answers
        assert refused.status_code == 422, refused.json
        (fault,) = refused.json["errors"]
        assert (fault["field"], fault["rule"], fault["value"]) == ("serial", "unique", "BDC-11")
        assert "证书打印机" in fault["message"]
        assert county.get("/api/equipment").json["total"] == 1
