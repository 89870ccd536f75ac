"""What the sequences are made of: revisions, amendments and local values, drawn and written."""

from typing import Any

import orjson
from hypothesis import strategies as some
from sqlalchemy import text

from jinzhu.core.db import db

MATERIALS = ("M1", "M2", "M3")

limits = some.integers(1, 6)
parts = some.lists(some.sampled_from(MATERIALS), unique=True, min_size=1).map(
    lambda codes: [{"code": code, "name": code, "copies": 3} for code in sorted(codes)]
)
changed_parts = some.one_of(
    some.builds(lambda code: {"drop": [code]}, some.sampled_from(MATERIALS)),
    some.builds(
        lambda code, copies: {"set": {code: {"copies": copies}}},
        some.sampled_from(MATERIALS),
        some.integers(1, 5),
    ),
    some.just({"add": [{"code": "M9", "name": "另加"}]}),
)
revisions = some.fixed_dictionaries(
    {
        "committed_limit": limits,
        "statutory_limit": some.integers(3, 8),
        "committed_rule": some.sampled_from(["at_most", "fixed", "default"]),
        "materials": parts,
        "materials_rule": some.sampled_from(["subset", "fixed", "default"]),
        "office_hours": some.sampled_from(["工作日", "全周"]),
        "hours_rule": some.sampled_from(["default", "fixed", "local"]),
        "name": some.sampled_from(["事项", "事项改名"]),
    }
)
amendments = some.fixed_dictionaries(
    {},
    optional={
        "committed_limit": limits,
        "materials": changed_parts,
        "office_hours": some.just("全市统一"),
    },
).filter(bool)
tighter = some.sampled_from(["committed_limit", "materials", "office_hours", ""])
local_fields = some.one_of(
    some.tuples(some.just("committed_limit"), limits | some.none()),
    some.tuples(some.just("materials"), changed_parts | some.none()),
    some.tuples(some.just("office_hours"), some.sampled_from(["自定", None])),
    some.tuples(some.just("name"), some.sampled_from(["别名", None])),
)
#: Put off or let off: one of these fields, or all of it.
pinned_fields = some.sampled_from(["committed_limit", "materials", "office_hours", "name", ""])


def provision(drawn: dict[str, Any]) -> tuple[Any, ...]:
    """Return an item as an editor would write it: no limit is longer than the law allows."""
    content = {
        "name": drawn.get("name", "事项"),
        "item_type": "01",
        "department_code": "D01",
        "legal_basis": "依据",
        "statutory_limit": max(drawn["statutory_limit"], drawn["committed_limit"]),
        "visit_count": 1,
        "fee": 0,
        **{name: drawn[name] for name in ("committed_limit", "materials", "office_hours")},
    }
    rules = {
        "committed_limit": {"rule": drawn["committed_rule"]},
        "materials": {"rule": drawn["materials_rule"]},
        "office_hours": {"rule": drawn["hours_rule"]},
    }
    return "item", "A1", content, rules, {"levels": ["county"]}


def department() -> tuple[Any, ...]:
    """Return the department that the item belongs to."""
    content = {"name": "审批局", "department_class": "government", "entry_force": "shall"}
    return "department", "D01", content, {}, {"levels": ["county"]}


_AMENDMENT = text("""
    WITH new AS (
        INSERT INTO edition (standard_id, title) VALUES (:layer, '修订') RETURNING id
    ), said AS (
        INSERT INTO revision (provision_id, content, rules, applies, content_hash, kind,
            code, name, name_key, name_initials, levels)
        VALUES (:provision, CAST(:content AS jsonb), CAST(:rules AS jsonb), '{}', '',
            'item', 'A1', '事项', '', '', '{}') RETURNING id
    ), entered AS (
        INSERT INTO edition_entry (edition_id, provision_id, revision_id)
        SELECT new.id, :provision, said.id FROM new, said RETURNING edition_id
    )
    SELECT edition_id FROM entered
""")
_SEAL = text("""
    UPDATE edition SET state = 'published', published_at = now(), number = (
        SELECT count(*) FROM edition o WHERE o.standard_id = edition.standard_id)
    WHERE id = :id
""")


def write_amendment(layer: int, provision_id: int, content: dict[str, Any], rules: Any) -> int:
    """Store a published edition of an amendment, as the city; return its number."""
    values = {
        "layer": layer,
        "provision": provision_id,
        "content": orjson.dumps(content).decode(),
        "rules": orjson.dumps(rules).decode(),
    }
    number = db.session.scalar(_AMENDMENT, values)
    db.session.execute(_SEAL, {"id": number})
    return int(number)
