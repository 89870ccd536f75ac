"""What is taken out of a provision's content when it is written: to list, order, check and compare.

Computed once, with the draft, so that a publication copies rows.
"""

import hashlib
from collections.abc import Mapping
from typing import Any

import orjson

from jinzhu.core.pinyin import initials, sort_key
from jinzhu.standards.kinds import Rule

_TEXTS = ("item_type", "department_code", "main_code", "main_item")


def content_hash(part: Mapping[str, Any]) -> str:
    """Return a hash that two servers, or a printed copy, can compare."""
    said = [_canonical(part[name]) for name in ("content", "rules", "applies")]
    return hashlib.sha256(orjson.dumps(said, option=orjson.OPT_SORT_KEYS)).hexdigest()


def _canonical(value: Any) -> Any:
    """Return a value as the database gives it back: there 2.0 and 2 are the same number."""
    if isinstance(value, dict):
        return {key: _canonical(one) for key, one in value.items()}
    if isinstance(value, list):
        return [_canonical(one) for one in value]
    if isinstance(value, float) and value.is_integer():
        return int(value)
    return value


def columns(entry: Mapping[str, Any]) -> dict[str, Any]:
    """Return what is kept beside content, rules and `applies` of an entry."""
    content, rules, applies = entry["content"], entry["rules"], entry["applies"]
    name = str(content.get("name", entry["code"]))
    return {
        "content_hash": content_hash(entry),
        "name": name,
        "name_key": sort_key(name),
        "name_initials": initials(name),
        **{name: str(content.get(name) or "") for name in _TEXTS},
        "levels": applies.get("levels", []),
        # What names no place is a fault of the draft, and nothing to look for.
        "regions": [one for one in applies.get("regions", []) if type(one) is int],
        "labels": applies.get("labels", []),
        "required_fields": sorted(
            field
            for field, rule in rules.items()
            if rule["rule"] == Rule.LOCAL and rule.get("required")
        ),
    }


#: The names of these columns.
COLUMNS = tuple(columns({"code": "", "content": {}, "rules": {}, "applies": {}}))
