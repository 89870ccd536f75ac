"""A campaign whose worker is killed, or one of whose rows fails: the rest is there, once."""

import os
import signal

import pytest
from sqlalchemy import text

from jinzhu.standards.models import Claim
from tenants.campaign import beginning, jobs
from tests.jinzhu.core.test_jobs import app, boss, centers, place, service, state, workers
from tests.tenants.campaign.conftest import permits
from tests.tenants.entry.test_entries import CHAINS

__all__ = ["app", "boss", "centers", "place", "service", "state", "workers"]
ITEMS = 65
WISH = {"name": "集中进驻", "object": "item", "kind": "entry", "procedure": "", "reason": ""}
WHICH = {"state": "", "departments": [], "item_type": "", "q": "", "codes": [], "without": []}


@pytest.fixture
def offered(province, an_item, at, boss):
    """A county that offers more items than a chunk holds."""
    more = [an_item(f"M{n:03}") for n in range(1, ITEMS - 4)]
    province.push(province.publish(*CHAINS, permits(), *more))
    boss.execute(
        text("""INSERT INTO item (tenant_id, standard_id, provision_id, claim)
            SELECT a.tenant_id, a.standard_id, r.provision_id, :offered FROM adoption a
            JOIN center c ON c.id = a.tenant_id AND c.name = '广安区'
            JOIN edition_entry e ON e.edition_id = a.edition_id
            JOIN revision r ON r.id = e.revision_id AND r.kind = 'item'"""),
        {"offered": Claim.OFFERED.value},
    )


def test_a_worker_killed_in_a_campaign_loses_and_doubles_nothing(
    offered, at, workers, boss, state, until
):
    with at("广安区"):
        job_id = beginning.start({**WISH, **WHICH, "facts": {}}).job_id
    # One chunk stands, the second waits for the row that we hold.
    boss.exec_driver_sql("BEGIN")
    boss.exec_driver_sql("SELECT 1 FROM campaign_item ORDER BY id DESC LIMIT 1 FOR UPDATE")
    first = workers()
    until(lambda: state(job_id).done == jobs.CHUNK, seconds=240)
    os.kill(first.pid, signal.SIGKILL)
    first.wait(20)
    assert state(job_id).state == "running"
    boss.exec_driver_sql("ROLLBACK")

    workers()
    until(lambda: state(job_id).state == "done", seconds=240)
    assert tuple(state(job_id)) == ("done", ITEMS, ITEMS, 2, None)
    cases = boss.execute(
        text("SELECT count(*), count(DISTINCT subject_id), max(number) FROM procedure_case")
    ).one()
    assert tuple(cases)[:2] == (ITEMS, ITEMS)
    assert cases.max.endswith(f"-{ITEMS:04}")
    for table in ("case_step", "case_act"):
        assert boss.scalar(text(f"SELECT count(*) FROM {table}")) == ITEMS
    begun = "SELECT count(*) FROM campaign_item WHERE state = 'begun' AND case_id IS NOT NULL"
    assert boss.scalar(text(begun)) == ITEMS
    told = "SELECT max(n) FROM (SELECT count(*) n FROM notice GROUP BY for_account_id) each"
    assert boss.scalar(text(told)) == 1


def test_a_row_that_fails_is_set_aside_and_the_others_of_its_chunk_begin(
    offered, at, workers, boss, state, until
):
    boss.exec_driver_sql("""
        CREATE FUNCTION app.broken() RETURNS trigger LANGUAGE plpgsql AS
            $$ BEGIN RAISE EXCEPTION 'no room for this one'; END $$""")
    boss.exec_driver_sql("""
        CREATE TRIGGER broken BEFORE INSERT ON procedure_case FOR EACH ROW
            WHEN (NEW.subject_code = 'M007') EXECUTE FUNCTION app.broken()""")
    with at("广安区"):
        job_id = beginning.start({**WISH, **WHICH, "facts": {}}).job_id
    workers()
    until(lambda: state(job_id).state == "done", seconds=240)
    rows = boss.execute(text("SELECT code, state, why, case_id FROM campaign_item")).all()
    aside = [tuple(row) for row in rows if row.state != "begun"]
    assert aside == [("M007", "refused", "failed", None)]
    assert len({row.case_id for row in rows if row.case_id}) == ITEMS - 1
    assert boss.scalar(text("SELECT count(*) FROM procedure_case")) == ITEMS - 1
