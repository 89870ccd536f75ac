"""One provision across all centers below 同事不同标: what each really does, and how far apart.

Centers that say the same under the same revision are one case, weighed by their number.  So what
is worked out depends on how many ways there are of doing a thing, not on how many centers do it.
"""

from dataclasses import dataclass

from sqlalchemy import select, text

from jinzhu.core.db import db
from jinzhu.core.pages import Row
from jinzhu.core.problems import NotFound
from jinzhu.core.tenancy import current
from jinzhu.hierarchy.models import Center
from jinzhu.standards import coverage
from jinzhu.standards.across.across_spread import Case, key, spread
from jinzhu.standards.claims import departments_of_post, models, tables
from jinzhu.standards.departments import department_names
from jinzhu.standards.kinds import KINDS, NUMBERS, Field, Rule, Type
from jinzhu.standards.models import (
    Adoption,
    Edition,
    EditionEntry,
    Provision,
    Revision,
    Standard,
)

#: What can be compared whatever its rule is; of texts only what the standard recommends.
COMPARED = (*NUMBERS, Type.BOOLEAN, Type.CHOICE, Type.CHOICES, Type.PARTS)

#: `|| '{}'` unpacks what is stored once, instead of once for each field.
_CASES = """
    WITH place AS MATERIALIZED (
        SELECT a.tenant_id, a.edition_id, a.merged_id FROM center c
        JOIN adoption a ON a.tenant_id = c.id AND a.standard_id = :standard
        WHERE c.path @> ARRAY[CAST(:parent AS int)]
    ), held AS (
        SELECT p.edition_id,
            coalesce(t.pinned_revision_id, m.revision_id, e.revision_id) AS revision_id, (
                SELECT coalesce(jsonb_object_agg(mine.key, mine.value), '{{}}')
                FROM jsonb_each(t.local) mine
                WHERE mine.key = ANY (CAST(:fields AS text[]))) AS said
        FROM place p
        JOIN {table} t ON t.tenant_id = p.tenant_id AND t.provision_id = :provision
            AND t.claim = 'offered'
        JOIN edition_entry e ON e.edition_id = p.edition_id AND e.provision_id = t.provision_id
        LEFT JOIN merged_entry m ON m.merged_id = p.merged_id AND m.provision_id = t.provision_id
    ), alike AS (
        SELECT edition_id, revision_id, said, count(*) AS centers FROM held GROUP BY 1, 2, 3
    )
    SELECT a.centers, a.edition_id, a.said, app.effective((
        SELECT coalesce(jsonb_object_agg(f, whole.content -> f), '{{}}')
        FROM unnest(CAST(:fields AS text[])) f WHERE whole.content ? f), r.bounds, a.said) AS holds
    FROM alike a
    JOIN revision r ON r.id = a.revision_id
    CROSS JOIN LATERAL (SELECT r.content || '{{}}' AS content) whole
"""


@dataclass(frozen=True, slots=True)
class Reference:
    """What all are held against: the newest edition in force at any of them."""

    kind: str
    top: Center
    revision: Revision
    edition: Edition
    standard: Standard
    owner: Center

    def rule(self, field: Field) -> str:
        """Return the rule of a field."""
        return str(self.revision.rules.get(field.name, {}).get("rule", Rule.FIXED))

    def compared(self) -> list[Field]:
        """Return the fields in which centers can differ, and whose difference means something."""
        return [field for field in KINDS[self.kind].fields if self._differs(field)]

    def _differs(self, field: Field) -> bool:
        rule = self.rule(field)
        if rule == Rule.FIXED:
            return False
        if field.type is Type.PARTS and rule == Rule.LOCAL:
            return False
        return field.type in COMPARED or (field.type is Type.TEXT and rule == Rule.DEFAULT)


def reference(kind: str, provision_id: int, *, parent: int | None = None) -> Reference:
    """Return what the centers below are held against.  Needs the reach SUBTREE.

    Raises:
        NotFound: if no center below stands under the provision.
    """
    if kind not in models():
        raise NotFound(kind=kind)
    top = coverage.below(parent or current().tenant_id or 0)
    adopted = (
        select(Adoption.edition_id)
        .join(Center, Center.id == Adoption.tenant_id)
        .where(Center.path.contains([top.id]), Adoption.standard_id == Provision.standard_id)
        .correlate(Provision)
    )
    statement = (
        select(Revision, Edition, Standard, Center)
        .join(EditionEntry, EditionEntry.revision_id == Revision.id)
        .join(Edition, Edition.id == EditionEntry.edition_id)
        .join(Provision, Provision.id == EditionEntry.provision_id)
        .join(Standard, Standard.id == Provision.standard_id)
        .join(Center, Center.id == Standard.owner_id)
        .where(Provision.id == provision_id, Provision.kind == kind, Edition.id.in_(adopted))
        .order_by(Edition.number.desc())
        .limit(1)
    )
    own = departments_of_post()
    found = db.session.execute(statement if own is None else statement.where(own)).one_or_none()
    if found is None:
        raise NotFound(id=provision_id)
    return Reference(kind, top, *found)


def cases(found: Reference, fields: list[Field]) -> list[Case]:
    """Return the ways of doing it that there are, each with the number of its centers."""
    statement = text(_CASES.format(table=tables()[found.kind]))
    values = {
        "standard": found.standard.id,
        "parent": found.top.id,
        "provision": found.revision.provision_id,
        "fields": [field.name for field in fields],
    }
    return [
        Case(row.centers, row.edition_id, row.said, row.holds)
        for row in db.session.execute(statement, values)
    ]


def read(kind: str, provision_id: int, *, parent: int | None) -> Row:
    """Return how far apart the centers below are on one provision, field by field."""
    found = reference(kind, provision_id, parent=parent)
    fields = found.compared()
    ways = cases(found, fields)
    revision, owner = found.revision, found.owner
    return {
        "provision_id": provision_id,
        "kind": kind,
        "code": revision.code,
        "name": revision.name,
        "department_name": department_names(found.edition.id).get(revision.department_code, ""),
        "center": {"id": found.top.id, "name": found.top.name},
        "standard": {
            "id": found.standard.id,
            "name": found.standard.name,
            "nature": found.standard.nature.value,
            "owner": {"id": owner.id, "name": owner.name, "level": owner.level.value},
            "own": owner.id == current().tenant_id,
        },
        "edition": {
            "id": found.edition.id,
            "number": found.edition.number,
            "title": found.edition.title,
        },
        "offered": sum(way.centers for way in ways),
        "differing": sum(way.centers for way in ways if _departs(found, fields, way)),
        "variants": len({_way(found, fields, way) for way in ways}),
        "behind": sum(way.centers for way in ways if way.edition_id != found.edition.id),
        "fields": [_spread(found, field, ways) for field in fields],
    }


def _settled(found: Reference, fields: list[Field]) -> list[Field]:
    """Return the fields of which the standard says something; the rest each answers for itself."""
    return [field for field in fields if found.rule(field) != Rule.LOCAL]


def _departs(found: Reference, fields: list[Field], way: Case) -> bool:
    """Say whether something that holds here is not what the newest edition says."""
    return any(
        key(way.holds[field.name]) != key(found.revision.content.get(field.name))
        for field in _settled(found, fields)
        if way.holds.get(field.name) is not None
    )


def _way(found: Reference, fields: list[Field], way: Case) -> str:
    """Return what two centers have in common that do it in the same way."""
    return key({field.name: way.holds.get(field.name) for field in _settled(found, fields)})


def _spread(found: Reference, field: Field, ways: list[Case]) -> Row:
    """Return how far apart the centers are in a field; what each answers for itself differs not."""
    rule, standard = found.rule(field), found.revision.content.get(field.name)
    told = spread(KINDS[found.kind], field, standard, ways)
    return {**told, "rule": rule, "differing": 0 if rule == Rule.LOCAL else told["differing"]}
