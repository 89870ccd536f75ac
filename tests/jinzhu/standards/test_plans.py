"""What is in force is looked up by its key, however many editions there are.

The plans of PostgreSQL are checked, not times: under row security it knows nothing of what stands
in a column, and may look by a key only where the condition can tell nothing of hidden rows.
"""

import re

import pytest
from sqlalchemy import bindparam, event, select, text

from jinzhu.core.db import comparing_by_hash, db
from jinzhu.core.tenancy import Reach
from jinzhu.standards import claims, coverage
from jinzhu.standards.models import Revision
from jinzhu.standards.rollouts import preview
from jinzhu.standards.words import found
from tenants.item.models import Item

#: In the order in which it is written, and by key wherever that can be: then whatever cannot be
#: looked up by key shows, whatever PostgreSQL has come to know of the tables.
ONLY_BY_KEY = text(
    "SET LOCAL join_collapse_limit = 1; SET LOCAL enable_seqscan = off;"
    " SET LOCAL enable_hashjoin = off; SET LOCAL enable_mergejoin = off;"
    " SET LOCAL enable_bitmapscan = off; SET LOCAL enable_memoize = off"
)


def plan(statement, **values):
    """Return the plan of a statement in the present scope."""
    sql = statement.compile(db.engine, compile_kwargs={"render_postcompile": True})
    lines = db.session.connection().exec_driver_sql(f"EXPLAIN {sql}", {**sql.params, **values})
    return "\n".join(line for (line,) in lines)


def sent(act):
    """Return the statements, with their values, that an act sends."""
    found = []

    def note(_, __, sql, values, *___):
        found.append((sql, values))

    event.listen(db.engine, "before_cursor_execute", note)
    try:
        act()
    finally:
        event.remove(db.engine, "before_cursor_execute", note)
    return found


@pytest.fixture
def many(province, an_item):
    """An edition of many items, all of which the county's center has received."""
    province.rollout(province.publish(*(an_item(f"A{n}", name=f"许可{n}") for n in range(60))))


def test_the_revision_in_force_is_looked_up_by_its_key(many, at, centers):
    standing = claims.in_force(Item).where(Item.tenant_id == bindparam("center"))
    with at("广安区"):
        db.session.execute(ONLY_BY_KEY)
        shown = plan(standing.with_only_columns(Revision.name), center=centers["广安区"])
    assert re.search(r"on revision .*\n +Index Cond: \(id = CASE WHEN", shown), shown


def test_a_word_is_not_thought_to_find_next_to_nothing(many, at):
    with at("广安区"):
        db.session.execute(text("SET LOCAL enable_indexscan = off"))
        everything = rows_of(plan(select(Revision.id)))
        assert rows_of(plan(select(Revision.id).where(found("许可")))) >= everything / 4
        # The success beside the failure: this is what LIKE would make of it.
        like = select(Revision.id).where(Revision.name.icontains("许可"))
        assert rows_of(plan(like)) < everything / 4


def rows_of(shown):
    """Return how many rows the planner thinks a plan gives."""
    return int(re.findall(r"rows=(\d+)", shown)[0])


def test_no_statement_joins_a_revision_in_a_way_that_cannot_be_looked_up(app):
    wrong = re.compile(r"\.id = coalesce\([^)]*revision_id", re.IGNORECASE)
    functions = text(
        "SELECT p.proname, p.prosrc FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace"
        " WHERE n.nspname = 'app'"
    )
    with app.app_context():
        sources = {row.proname: row.prosrc for row in db.session.execute(functions)}
    assert "guard_local" in sources
    assert not [name for name, source in sources.items() if wrong.search(source)]
    assert not wrong.search(str(select(Item.id).where(Revision.id == claims.standing(Item))))


def test_coverage_reads_each_center_once_and_looks_no_record_up_alone(many, at, centers):
    with at("四川省", "supervisor", reach=Reach.SUBTREE):
        counted = sent(lambda: coverage.figures("item", parent=None))
        place = next(n for n, (sql, _) in enumerate(counted) if "FROM item t" in sql)
        assert counted[place - 1][0] == "SET LOCAL enable_nestloop = off"
        sql, values = counted[place]
        explained = f"EXPLAIN (ANALYZE, FORMAT JSON) {sql}"
        with comparing_by_hash():
            (whole,) = db.session.connection().exec_driver_sql(explained, values).scalar_one()
    (reading,) = [node for node in nodes(whole["Plan"]) if node.get("Relation Name") == "item"]
    assert reading["Actual Loops"] == len(centers)


def nodes(node):
    """Return a plan's node and all below it."""
    return [node, *(one for part in node.get("Plans", []) for one in nodes(part))]


def test_the_conflicts_of_a_preview_are_named_after_they_were_found(many, province, an_item, at):
    edition = province.publish(an_item("A1", committed_limit=1))
    with at("四川省", "standards_officer", reach=Reach.PUSH):
        asked = sent(lambda: preview.preview(edition, centers="all"))
    listed = [n for n, (sql, _) in enumerate(asked) if "shown AS MATERIALIZED" in sql]
    assert [asked[n - 1][0] for n in listed] == ["SET LOCAL enable_nestloop = off"]
