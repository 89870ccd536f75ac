"""Standards of a line 条线: the center owns them, the line writes them, its departments follow.

And the question that follows from there being several: which standards reach a center.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import text

from jinzhu.core.db import db
from jinzhu.core.language import say
from jinzhu.core.pages import Row
from jinzhu.core.problems import Fault, invalid
from jinzhu.core.tenancy import current
from jinzhu.standards.claims import STANDING
from jinzhu.standards.departments import departments_around
from jinzhu.standards.models import Nature, Standard
from jinzhu.standards.ownership import LineAlone, NotYourLine

_REACHING = text("""
    SELECT s.id, s.code, s.name, s.nature, s.line, a.edition_id, a.merged_id, a.since,
        e.number, e.title, e.effective_on, o.id AS owner_id, o.name AS owner_name,
        o.level AS owner_level, g.name AS amended_by, m.number AS amended_number
    FROM adoption a
    JOIN standard s ON s.id = a.standard_id AND s.nature <> 'amendment'
    JOIN edition e ON e.id = a.edition_id
    JOIN center o ON o.id = s.owner_id
    LEFT JOIN merged x ON x.id = a.merged_id
    LEFT JOIN edition m ON m.id = x.amendment_id
    LEFT JOIN center g ON g.id = m.owner_id
    WHERE a.tenant_id = :center
    ORDER BY s.nature, cardinality(o.path), s.id
""")
#: What of each edition a center gets: the departments it binds, what the city amended, what yields.
#: Whether there is anything to yield to is asked first, since what governs takes long to find.
_COUNTS = text(f"""
    SELECT a.standard_id, r.kind, count(*) AS provisions,
        count(m.revision_id) AS amended,
        count(CASE WHEN EXISTS (SELECT FROM collision y WHERE y.yielding_id = r.provision_id)
            THEN app.governing(r.provision_id, p.id) END) AS yielding
    FROM adoption a
    JOIN center p ON p.id = a.tenant_id
    JOIN edition_entry e ON e.edition_id = a.edition_id
    JOIN standard s ON s.id = a.standard_id
    JOIN center o ON o.id = s.owner_id
    LEFT JOIN merged_entry m ON m.merged_id = a.merged_id AND m.provision_id = e.provision_id
    JOIN revision r ON r.id = {STANDING}
    WHERE a.tenant_id = :center AND p.level = ANY (r.levels)
        AND (r.regions = '{{}}' OR r.regions && p.path)
        AND (r.labels = '{{}}' OR EXISTS (SELECT FROM center_label l WHERE l.center_id = p.id
            AND l.owner_id = ANY (o.path) AND l.label = ANY (r.labels)))
    GROUP BY 1, 2 ORDER BY 1, 2
""")
_DEPARTMENTS = text("""
    SELECT a.standard_id, count(DISTINCT CASE r.kind WHEN 'department' THEN r.code
        ELSE r.department_code END) AS departments
    FROM adoption a
    JOIN edition_entry e ON e.edition_id = a.edition_id
    JOIN revision r ON r.id = e.revision_id AND r.kind IN ('department', 'item')
    JOIN center p ON p.id = a.tenant_id AND p.level = ANY (r.levels)
    WHERE a.tenant_id = :center GROUP BY 1
""")


def check_new(nature: str, line: str) -> None:
    """Refuse a standard that the present post could not write, or a line that nobody knows.

    Raises:
        Invalid: naming the field.
        NotYourLine, LineAlone: where another post has to begin it.
    """
    own = current().departments
    if nature != Nature.LINE:
        if line:
            raise invalid("line", "line.only_of_line", value=line, rule="nature")
        if own is not None:
            raise LineAlone(standard="")
        return
    if not line:
        raise invalid("line", "line.needed", rule="required")
    center = current().tenant_id
    assert center is not None
    known = departments_around(center)
    if line not in known:
        raise invalid("line", "line.unknown", value=line, rule="department")
    if own is None or line not in own:
        raise NotYourLine(standard="", line=known[line])


def strangers(
    standard: Standard, entries: Iterable[tuple[str, str, Mapping[str, Any]]]
) -> dict[int, list[Fault]]:
    """Return what belongs to another line, by its place in a list of (kind, code, content)."""
    if standard.nature is not Nature.LINE:
        return {}
    names = departments_around(standard.owner_id)
    found = {}
    for place, (kind, own, content) in enumerate(entries):
        code = content.get("department_code", "") if kind == "item" else own
        if kind not in ("item", "department") or code == standard.line:
            continue
        told = say(
            "line.outside",
            line=names.get(standard.line, standard.line),
            department=names.get(code, code),
        )
        field = "department_code" if kind == "item" else "code"
        found[place] = [Fault(f"content.{field}", told, code, "line")]
    return found


def reaching(center_id: int) -> Row:
    """Return the standards that reach a center, the edition of each, and whom it binds there."""
    given = {"center": center_id}
    counts: dict[int, list[Row]] = {}
    for row in db.session.execute(_COUNTS, given):
        counts.setdefault(row.standard_id, []).append(dict(row._mapping))
    departments = {
        row.standard_id: row.departments for row in db.session.execute(_DEPARTMENTS, given)
    }
    names = departments_around(center_id)
    found = db.session.execute(_REACHING, given)
    rows = [_standard(row, counts.get(row.id, []), departments, names) for row in found]
    return {"rows": rows, "total": len(rows)}


def _standard(
    row: Any, counts: list[Row], departments: dict[int, int], names: dict[str, str]
) -> Row:
    return {
        "id": row.id,
        "code": row.code,
        "name": row.name,
        "nature": row.nature,
        "line": {"code": row.line, "name": names.get(row.line, row.line)} if row.line else None,
        "owner": {"id": row.owner_id, "name": row.owner_name, "level": row.owner_level},
        "edition": {
            "id": row.edition_id,
            "number": row.number,
            "title": row.title,
            "effective_on": row.effective_on,
        },
        "since": row.since,
        "departments": departments.get(row.id, 0),
        "provisions": [{"kind": one["kind"], "count": one["provisions"]} for one in counts],
        "amendment": (
            {
                "by": row.amended_by,
                "number": row.amended_number,
                "provisions": sum(one["amended"] for one in counts),
            }
            if row.amended_by
            else None
        ),
        "yielding": sum(one["yielding"] for one in counts),
    }
