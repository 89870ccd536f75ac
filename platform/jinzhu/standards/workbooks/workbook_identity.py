"""What identifies a row stays: a code that was changed in a locked cell is no new row.

Every code is written under lock, yet a spreadsheet lifts a lock, or fills a column over it.  A row
with a code that the workbook was not made with, which says what another one said that is gone from
the file, is that other row.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from jinzhu.core.language import say
from jinzhu.standards.workbooks.workbook_cells import text
from jinzhu.standards.workbooks.workbook_draft import Standing
from jinzhu.standards.workbooks.workbook_form import filled
from jinzhu.standards.workbooks.workbook_layout import CODE, NAME, PART
from jinzhu.standards.workbooks.workbook_read import Sent, Typed
from jinzhu.standards.workbooks.workbook_stamp import Key, Stamp

#: The provision, the row, the key of the cell, the code that it had, and the one it has now.
Found = Iterator[tuple[Key, Typed, str, str, str]]


def changed(known: Mapping[Key, Standing], sent: Sent) -> dict[Key, tuple[Typed, str, str]]:
    """Return by provision a row whose code was changed, with the cell and what to say of it."""
    found: dict[Key, tuple[Typed, str, str]] = {}
    for key, typed, column, old, new in [
        *_provisions(known, sent.stamp, sent.rows),
        *_parts(known, sent.stamp, sent.rows),
    ]:
        label = next(cell.title for cell in typed.sheet.columns if cell.key == column)
        words = {"row": typed.row, "label": label, "old": old, "new": new}
        found.setdefault(key, (typed, column, say("workbook.code_changed", **words)))
    return found


def _key(typed: Typed) -> Key:
    return typed.sheet.kind.name, text(typed.cells.get(CODE))


def _provisions(known: Mapping[Key, Standing], stamp: Stamp, rows: Sequence[Typed]) -> Found:
    """Find the provisions that stand in the file under another code, or parts of another one."""
    own = [typed for typed in rows if typed.sheet.field is None]
    gone = {key: known[key] for key in stamp.rows.keys() - set(map(_key, own)) if key in known}
    for typed in own:
        key = _key(typed)
        if not key[1] or key in known:
            continue
        said: dict[str, Any] = {}
        filled(typed, said)
        for old, one in sorted(gone.items()):
            if old[0] == key[0] and _alike(said, one.content):
                yield key, typed, CODE, old[1], key[1]
    by_name = {(kind, one.content.get("name")): code for (kind, code), one in known.items()}
    for typed in rows:
        key, name = _key(typed), text(typed.cells.get(NAME))
        meant = by_name.get((key[0], name)) if typed.sheet.field is not None and name else None
        if meant and meant != key[1] and not _called(known.get(key), name):
            yield key, typed, CODE, meant, key[1]


def _called(one: Standing | None, name: str) -> bool:
    return one is not None and one.content.get("name") == name


def _alike(said: Mapping[str, Any], stood: Mapping[str, Any]) -> bool:
    """Say whether a row tells what another one told: its name, or all but its name."""
    if said.get("name") and said.get("name") == stood.get("name"):
        return True
    rest = {name: value for name, value in said.items() if name not in (CODE, "name")}
    return bool(rest) and all(stood.get(name) == value for name, value in rest.items())


def _parts(known: Mapping[Key, Standing], stamp: Stamp, rows: Sequence[Typed]) -> Found:
    """Find the parts of lists that stand in the file under another code."""
    listed: dict[tuple[Key, str], list[Typed]] = {}
    for typed in rows:
        if typed.sheet.field is not None and _key(typed) in known and _key(typed) in stamp.rows:
            listed.setdefault((_key(typed), typed.sheet.field.name), []).append(typed)
    for (key, field), some in listed.items():
        stood = {part[CODE]: part for part in known[key].content.get(field, [])}
        gone = stood.keys() - {text(typed.cells.get(PART)) for typed in some}
        for typed in some:
            new = text(typed.cells.get(PART))
            said: dict[str, Any] = {}
            filled(typed, said)
            old = next((code for code in sorted(gone) if _alike(said, stood[code])), None)
            if new and new not in stood and old:
                yield key, typed, PART, old, new
