"""What a city may amend: fields of the edition it is on, inside their bounds, and only tighter."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import orjson
from sqlalchemy import select, text, tuple_

from jinzhu.core.db import db
from jinzhu.core.language import say
from jinzhu.core.problems import Conflict, Fault
from jinzhu.core.tenancy import current
from jinzhu.hierarchy.models import Center
from jinzhu.standards.kinds import (
    KINDS,
    Kind,
    Rule,
    part_codes,
    refusals,
    step_limits,
    value_checks,
    values,
)
from jinzhu.standards.models import (
    Adoption,
    DraftEntry,
    Edition,
    EditionEntry,
    Nature,
    Revision,
    Standard,
)
from jinzhu.standards.ownership import whose

#: From the loosest rule to the strictest, as `app.stricter` has it.
STRICTNESS = (
    Rule.LOCAL,
    Rule.DEFAULT,
    Rule.AT_MOST,
    Rule.AT_LEAST,
    Rule.SUBSET,
    Rule.SUPERSET,
    Rule.FIXED,
)
#: Whom a provision concerns where nobody says anything of it.
UNSAID: tuple[Mapping[str, Any], ...] = ({}, {"levels": ["county"]})

_BROKEN = text("""
    SELECT g.n, app.broken(r.bounds, g.content) AS broken,
        app.effective(r.content, r.bounds, g.content) AS merged
    FROM jsonb_to_recordset(CAST(:rows AS jsonb)) AS g (n int, id bigint, content jsonb)
    JOIN revision r ON r.id = g.id
""")
_KEPT = text("""
    SELECT r.id, wrong.field, a.content -> wrong.field AS value
    FROM edition_entry lower
    JOIN edition_entry upper ON upper.edition_id = :upper
        AND upper.provision_id = lower.provision_id
    JOIN revision a ON a.id = lower.revision_id
    JOIN revision r ON r.id = upper.revision_id
    CROSS JOIN LATERAL unnest(app.broken(r.bounds, a.content)) wrong (field)
    WHERE lower.edition_id = :base AND a.kind || ' ' || a.code <> ALL (CAST(:touched AS text[]))
    ORDER BY r.kind, r.code, wrong.field
""")

NO_WORDS: Mapping[str, str] = {}
Given = tuple[str, str, Mapping[str, Any], Mapping[str, Any], Mapping[str, Any]]
Checked = tuple[dict[str, Any], list[Fault]]


class NotAdopted(Conflict):
    """A standard is amended on top of an edition that has arrived, not before."""

    code = "not_adopted"


@dataclass(frozen=True, slots=True)
class Ground:
    """The edition from above that is amended, and whose it is."""

    id: int
    number: int
    owner: str
    level: str

    @property
    def authority(self) -> refusals.Authority:
        """Return whom to ask about what it says."""
        return refusals.Authority(self.owner, self.level, self.number)

    def outside(self, place: str, upper: Revision, value: Any) -> Fault:
        """Return the fault of a value that breaks the rule from above."""
        return refusals.outside(place, KINDS[upper.kind], upper, value, by=self.authority)

    def forbids(
        self,
        place: str,
        key: str,
        *,
        value: Any = None,
        rule: str,
        words: Mapping[str, str] = NO_WORDS,
    ) -> Fault:
        """Return the fault of something else that it does not allow."""
        told = say(key, owner=self.owner, edition=self.number, **words)
        return refusals.refused(place, told, by=self.authority, value=value, rule=rule)


def amended(edition: Edition) -> Standard | None:
    """Return the standard of an edition if that is an amendment."""
    standard = db.session.get_one(Standard, edition.standard_id)
    return standard if standard.nature is Nature.AMENDMENT else None


def ground_at(edition_id: int) -> Ground:
    """Return an edition from above to check against."""
    return Ground(*db.session.execute(_editions().where(Edition.id == edition_id)).one())


def ground_of(standard_id: int) -> Ground:
    """Return the edition of a standard from above that the own center is on.

    Raises:
        NotAdopted: if none has arrived.
    """
    found = db.session.execute(
        _editions()
        .join(Adoption, Adoption.edition_id == Edition.id)
        .where(Adoption.standard_id == standard_id, Adoption.tenant_id == current().tenant_id)
    ).one_or_none()
    if found is None:
        raise NotAdopted(**whose(db.session.get_one(Standard, standard_id), None))
    return Ground(*found)


def _editions() -> Any:
    return select(Edition.id, Edition.number, Center.name, Center.level).join(
        Center, Center.id == Edition.owner_id
    )


def uppers(ground: Ground, keys: Iterable[tuple[str, str]]) -> dict[tuple[str, str], Revision]:
    """Return provisions as they stand above, by kind and code."""
    found = db.session.scalars(
        select(Revision)
        .join(EditionEntry, EditionEntry.revision_id == Revision.id)
        .where(
            EditionEntry.edition_id == ground.id,
            tuple_(Revision.kind, Revision.code).in_(sorted(set(keys))),
        )
    )
    return {(revision.kind, revision.code): revision for revision in found}


def checked(edition: Edition, ground: Ground, entries: Iterable[Given]) -> list[Checked]:
    """Return the entries of an amendment's draft made clean, each with what is wrong with it.

    An entry says only what it amends: values as a center sets them, and rules.
    """
    given = list(entries)
    above = uppers(ground, [(kind, code) for kind, code, *_ in given])
    made = [_entry(ground, above.get((one[0], one[1])), one) for one in given]
    _check_parts(edition, ground, made, above)
    for number, broken, merged in _judged(made, above):
        row, wrong = made[number]
        upper = above[row["kind"], row["code"]]
        for name in broken:
            wrong.append(ground.outside(f"content.{name}", upper, row["content"][name]))
        wrong += _contradictions(ground, upper, row, merged, known={*broken})
    return made


def _entry(ground: Ground, upper: Revision | None, given: Given) -> Checked:
    kind_name, code, content, rules, applies = given
    row: dict[str, Any] = {"kind": kind_name, "code": code, "applies": {}}
    if upper is None:
        fault = ground.forbids("code", "amendment.no_provision", value=code, rule="provision")
        return {**row, "content": {}, "rules": {}}, [fault]
    kind = KINDS[kind_name]
    row["rules"], wrong = tightened(kind, upper, rules, ground)
    row["content"], wrong_values = _cleaned(kind, upper, content, row["rules"])
    wrong += wrong_values
    if applies not in (*UNSAID, upper.applies):
        wrong.append(ground.forbids("applies", "amendment.applies", rule="fixed"))
    if not wrong and not row["content"] and not row["rules"]:
        wrong.append(Fault("content", say("amendment.nothing"), rule="required"))
    return row, wrong


def _check_parts(
    edition: Edition,
    ground: Ground,
    made: Sequence[Checked],
    above: Mapping[tuple[str, str], Revision],
) -> None:
    """Note the changes to lists that name parts which do not stand above."""
    lost = _unknown(made, above, {})
    if lost:
        lost = _unknown(made, above, _said_before(edition, [key for key, *_ in lost]))
    for (kind, code), name, codes in lost:
        wrong = next(wrong for row, wrong in made if (row["kind"], row["code"]) == (kind, code))
        place, by = f"content.{name}", ground.authority
        wrong.append(part_codes.fault(place, KINDS[kind], name, codes, by=by))


def _unknown(
    made: Iterable[Checked],
    above: Mapping[tuple[str, str], Revision],
    before: Mapping[tuple[str, str], list[Any]],
) -> list[tuple[tuple[str, str], str, list[str]]]:
    """Return provision, field and codes of what is changed and does not stand above."""
    found = []
    for row, _ in made:
        key = (row["kind"], row["code"])
        for name, value in row["content"].items():
            stored = [content.get(name) for content in before.get(key, ())]
            if codes := part_codes.unknown(value, above[key].content.get(name), stored):
                found.append((key, name, codes))
    return found


def _said_before(
    edition: Edition, keys: list[tuple[str, str]]
) -> Mapping[tuple[str, str], list[Any]]:
    """Return what an amendment says of provisions: in this draft, and in the edition before."""
    drafted = select(DraftEntry.kind, DraftEntry.code, DraftEntry.content).where(
        DraftEntry.edition_id == edition.id, tuple_(DraftEntry.kind, DraftEntry.code).in_(keys)
    )
    published = (
        select(Revision.kind, Revision.code, Revision.content)
        .join(EditionEntry, EditionEntry.revision_id == Revision.id)
        .where(
            EditionEntry.edition_id == edition.base_id,
            tuple_(Revision.kind, Revision.code).in_(keys),
        )
    )
    said: dict[tuple[str, str], list[Any]] = defaultdict(list)
    for kind, code, content in [*db.session.execute(drafted), *db.session.execute(published)]:
        said[kind, code].append(content or {})
    return said


def _cleaned(
    kind: Kind, upper: Revision, content: Mapping[str, Any], rules: Mapping[str, Any]
) -> tuple[dict[str, Any], list[Fault]]:
    """Return the amended values made clean, and what their types refuse."""
    clean: dict[str, Any] = {}
    wrong = []
    for name, value in content.items():
        field = kind.field(name)
        if field is None:
            wrong.append(Fault(f"content.{name}", say("value.unknown_field"), rule="field"))
            continue
        above = Rule(upper.rules.get(name, {}).get("rule", Rule.FIXED))
        try:
            made = values.of_local(field, value, rule=above)
        except values.Wrong as error:
            # A fixed field is refused with its owner's name, whatever was written into it.
            made = value if above is Rule.FIXED else None
            if made is None:
                wrong += values.faults(f"content.{name}", field, value, error)
        if made is None:
            continue
        clean[name] = made
        if above is Rule.LOCAL and name not in rules:
            text = say("amendment.local", label=kind.label(name))
            wrong.append(Fault(f"content.{name}", text, value, above.value))
    return clean, wrong


def tightened(
    kind: Kind, upper: Revision, given: Mapping[str, Any], ground: Ground
) -> tuple[dict[str, Any], list[Fault]]:
    """Return the rules that are stricter than those above, and those that are not allowed."""
    full, wrong = values.rules(kind, dict(given))
    faulty = {fault.field.removeprefix("rules.") for fault in wrong}
    clean: dict[str, Any] = {}
    for name in given:
        if name in faulty:
            continue
        above = upper.rules.get(name, {"rule": Rule.FIXED.value})
        rule = full[name]
        if looser(above, rule):
            fault = ground.forbids(
                f"rules.{name}",
                "amendment.looser",
                value=rule["rule"],
                rule=above["rule"],
                words={"label": kind.label(name), "bound": say(f"rule.{above['rule']}")},
            )
            wrong.append(fault)
        elif rule != above:
            clean[name] = rule
    return clean, wrong


def looser(above: Mapping[str, Any], rule: Mapping[str, Any]) -> bool:
    """Say whether a rule leaves more to the centers than the one above."""
    higher, lower = STRICTNESS.index(above["rule"]), STRICTNESS.index(rule["rule"])
    if higher != lower:
        return lower < higher
    return bool(above.get("required")) and not rule.get("required")


def _judged(made: list[Checked], above: Mapping[tuple[str, str], Revision]) -> Iterable[Any]:
    """Return for each entry what of it breaks a rule, and what comes of it."""
    rows = [
        {"n": n, "id": above[row["kind"], row["code"]].id, "content": row["content"]}
        for n, (row, _) in enumerate(made)
        if row["content"]
    ]
    return db.session.execute(_BROKEN, {"rows": orjson.dumps(rows).decode()}) if rows else ()


def _contradictions(
    ground: Ground,
    upper: Revision,
    row: Mapping[str, Any],
    merged: Mapping[str, Any],
    *,
    known: Collection[str],
) -> list[Fault]:
    """Return where an amended field contradicts another one of what then holds."""
    content = row["content"]
    if crossed := crossing(ground, upper, content, merged):
        return crossed
    found = value_checks.together(KINDS[row["kind"]], merged)
    named = [(fault, fault.field.split(".")[1]) for fault in found]
    return [fault for fault, name in named if name in content and name not in known]


def crossing(
    ground: Ground, upper: Revision, content: Mapping[str, Any], merged: Mapping[str, Any]
) -> list[Fault]:
    """Return the fault of amended steps, or of an amended limit, that the other does not allow."""
    given = [name for name in step_limits.PAIR if name in content]
    if not given or step_limits.excess(merged) <= step_limits.excess(upper.content):
        return []
    mine = given[0]
    by = None if step_limits.other(mine) in content else ground.authority
    return [step_limits.crossed(f"content.{mine}", mine, merged, value=content[mine], by=by)]


def kept(ground: Ground, base_id: int | None, touched: list[str]) -> list[Fault]:
    """Name what an amendment keeps from its edition before and the standard no longer allows."""
    values_of = {"upper": ground.id, "base": base_id or 0, "touched": touched}
    wrong = []
    for row in db.session.execute(_KEPT, values_of):
        upper = db.session.get_one(Revision, row.id)
        place = f"{upper.kind}.{upper.code}.content.{row.field}"
        wrong.append(ground.outside(place, upper, row.value))
    return wrong
