"""The province that is measured: real centers, the real catalogue made longer, claimed everywhere.

The standard is published and pushed by the product.  The centers' rows are written by one set-based
statement, with every trigger and check at work, so that what is stored is what the product stores.
"""

from collections.abc import Iterable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from random import Random

import psycopg

from bench.site import Site
from bench.sizes import Size
from jinzhu.core.tenancy import Reach, Scope
from jinzhu.core.transaction import work
from jinzhu.demo import catalogue
from jinzhu.demo.catalogue import Entry
from jinzhu.hierarchy import provinces
from jinzhu.identity.roles import ROLES
from jinzhu.migrate import owner_engine
from jinzhu.standards.editions import editions, publication
from jinzhu.standards.rollouts import rollouts

SEED = "jinzhu-bench-1"
DIVISION = "51"
LEVELS = {"levels": ["province", "city", "county"]}

_PEOPLE = """
    WITH place AS (SELECT id, row_number() OVER (ORDER BY id) - 1 AS place, count(*) OVER () AS all
        FROM center),
    person AS (
        INSERT INTO account (username, name, password_hash, must_change_password)
        SELECT 'staff' || n, '工作人员' || n, '', false FROM generate_series(0, %(staff)s - 1) n
        RETURNING id, username)
    INSERT INTO post (account_id, center_id, role_code)
    SELECT person.id, place.id, 'center_manager'
    FROM person JOIN place ON place.place = substr(person.username, 6)::int %% place.all
"""
#: One session for each center; its key is `bench-` and the number of the center.
_SESSIONS = """
    INSERT INTO sign_in (token_hash, account_id, post_id, csrf_token)
    SELECT DISTINCT ON (center_id) sha256(convert_to('bench-' || center_id, 'UTF8')),
        account_id, id, 'bench'
    FROM post ORDER BY center_id, id
"""
#: One person at the topmost center supervises all below.
_SUPERVISOR = """
    WITH person AS (
        INSERT INTO account (username, name, password_hash, must_change_password)
        VALUES ('supervisor', '监督人员', '', false) RETURNING id),
    place AS (
        INSERT INTO post (account_id, center_id, role_code)
        SELECT person.id, center.id, 'supervisor' FROM person, center
        WHERE center.parent_id IS NULL RETURNING account_id, id)
    INSERT INTO sign_in (token_hash, account_id, post_id, csrf_token)
    SELECT sha256(convert_to(%(key)s, 'UTF8')), account_id, id, 'bench' FROM place
"""
SUPERVISOR = "bench-supervisor"
#: 60 of 100 rows say a limit of their own, from half the standard's to all of it; all say where
#: the window is.  What a row says follows from the codes of center and item, not from chance.
LOCAL_ITEMS = """
    INSERT INTO item (tenant_id, standard_id, provision_id, claim, local, set_under)
    SELECT a.tenant_id, a.standard_id, r.provision_id, 'offered', mine.local, (
        SELECT jsonb_object_agg(name, jsonb_build_object(
            'edition', a.edition_id, 'at', '2026-01-05T09:00:00+00:00'))
        FROM jsonb_object_keys(mine.local) name)
    FROM adoption a
    JOIN center c ON c.id = a.tenant_id
    JOIN edition_entry e ON e.edition_id = a.edition_id
    JOIN revision r ON r.id = e.revision_id AND r.kind = 'item'
    CROSS JOIN LATERAL (SELECT
        (hashtextextended(c.code || r.code, 1) & 1023) / 1024.0 AS first,
        (hashtextextended(c.code || r.code, 2) & 1023) / 1024.0 AS second) dice
    CROSS JOIN LATERAL (SELECT jsonb_build_object(
            'window', (1 + (dice.second * 30)::int) || '号窗口',
            'address', c.name || '政务服务中心（测试地址）',
            'consult_phone', '000-5550' || lpad((dice.second * 999)::int::text, 3, '0'),
            'complaint_phone', '000-5550900')
        || CASE WHEN dice.first >= 0.6 THEN '{}' ELSE jsonb_build_object('committed_limit',
            ceil((r.content ->> 'committed_limit')::int * (0.5 + dice.second / 2)))
        END AS local) mine
    WHERE a.tenant_id = ANY (%(centers)s)
    ORDER BY a.tenant_id, r.code
"""


@dataclass(frozen=True, slots=True)
class Province:
    """What stands in the database."""

    id: int
    author_id: int
    standard_id: int
    #: The centers that have adopted the standard.
    centers: list[int]
    #: The provisions of kind item, as first published.
    items: list[Entry]

    def at_work(self, reach: Reach = Reach.OWN) -> AbstractContextManager[None]:
        """Open a unit of work of the provincial office."""
        return _at_work(self.id, self.author_id, reach)


def session_key(center_id: int) -> str:
    """Return the key in the cookie of somebody who is signed in at a center."""
    return f"bench-{center_id}"


def plant(site: Site, size: Size) -> Province:
    """Fill the database; return what stands in it."""
    engine = owner_engine(site.settings)
    with engine.begin() as owner:
        province_id = provinces.create(owner, DIVISION)
    engine.dispose()
    with site.bypassing() as connection:
        put_people(connection, size.staff)
        author = connection.execute("SELECT min(account_id) FROM post").fetchone()
        chosen = _chosen(connection, size)
    assert author is not None
    items = longer(catalogue.items(), size.items)
    standard_id = put_standard(site, province_id, author[0], items, chosen)
    with site.bypassing() as connection:
        connection.execute(LOCAL_ITEMS, {"centers": chosen})
        connection.execute("VACUUM ANALYZE")
        connection.execute("CHECKPOINT")
    return Province(province_id, author[0], standard_id, chosen, items)


def put_people(connection: psycopg.Connection, staff: int) -> None:
    """Give every center its people, and one session each."""
    connection.execute(_PEOPLE, {"staff": staff})
    connection.execute(_SESSIONS)
    connection.execute(_SUPERVISOR, {"key": SUPERVISOR})


def _chosen(connection: psycopg.Connection, size: Size) -> list[int]:
    """Return the centers that get the standard: all, or the first counties."""
    found = connection.execute("SELECT id FROM center ORDER BY level = 'county' DESC, id")
    return [row[0] for row in found][: size.centers]


def longer(items: list[Entry], count: int) -> list[Entry]:
    """Return so many items that apply everywhere: the real ones, then copies of some of them."""
    dice = Random(SEED)
    copies = [_copied(entry) for entry in dice.sample(items, max(0, count - len(items)))]
    chosen = items + copies if copies else dice.sample(items, count)
    return [_everywhere(entry) for entry in chosen]


def _copied(entry: Entry) -> Entry:
    """Return a copy under a code and a name of its own."""
    kind, code, content, rules, applies = entry
    code = f"{code}-B"
    own = {"name": f"{content['name']}（分项）"} | ({"code": code} if "code" in content else {})
    return kind, code, {**content, **own}, rules, applies


def _everywhere(entry: Entry) -> Entry:
    return (*entry[:4], LEVELS)


def _at_work(
    province_id: int, author_id: int, reach: Reach = Reach.OWN
) -> AbstractContextManager[None]:
    permissions = frozenset(ROLES["standards_officer"])
    return work(
        Scope(
            province_id,
            actor_id=author_id,
            permissions=permissions,
            reach=reach,
            action="bench",
        )
    )


def put_standard(
    site: Site, province_id: int, author_id: int, items: Iterable[Entry], centers: list[int]
) -> int:
    """Publish the catalogue and put the centers on it, as the provincial office does."""
    departments = [_everywhere(entry) for entry in catalogue.departments()]
    with site.app.app_context():
        with _at_work(province_id, author_id):
            standard_id = editions.create_standard(code="BENCH", name="测试目录")
            edition_id = editions.open_draft(standard_id, title="第一版")
            editions.put_many(edition_id, [*departments, *items])
            publication.publish(edition_id)
            rollout_id = rollouts.start(edition_id, centers=centers)
        rollouts.run_now(rollout_id, tenant_id=province_id)
    return standard_id
