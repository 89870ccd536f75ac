"""The three editions of the demo's catalogue."""

from jinzhu.demo import catalogue, changes

FIRST, SECOND, DRAFT = changes.editions()


def items(edition: changes.Changes) -> dict[str, dict]:
    return {code: content for kind, code, content, _, _ in edition.put if kind == "item"}


def after(number: int) -> dict[str, dict]:
    """Return the items that stand once so many editions have been published."""
    standing: dict[str, dict] = {}
    for edition in (FIRST, SECOND, DRAFT)[:number]:
        standing |= items(edition)
        for code in edition.remove:
            del standing[code]
    return standing


def test_the_second_edition_holds_exactly_the_real_items():
    real = {code: content["name"] for _, code, content, _, _ in catalogue.items()}
    assert {code: content["name"] for code, content in after(2).items()} == real
    assert len(after(1)) == 1135


def test_the_second_edition_only_tightens():
    before, now = after(1), after(2)
    both = before.keys() & now.keys()
    tighter = [c for c in both if now[c]["committed_limit"] < before[c]["committed_limit"]]
    assert len(tighter) == changes.TIGHTENED
    for code in both:
        assert now[code]["committed_limit"] <= before[code]["committed_limit"]
        old = {material["code"] for material in before[code]["materials"]}
        assert {material["code"] for material in now[code]["materials"]} <= old


def test_the_second_edition_drops_materials_and_lets_others_come_later():
    before, now = after(1), after(2)
    changed = [c for c in SECOND.put if c[1] in before]
    dropped = [
        c for _, c, _, _, _ in changed if len(now[c]["materials"]) < len(before[c]["materials"])
    ]
    assert len(changed) == changes.TIGHTENED + changes.THINNED
    assert len(dropped) == changes.THINNED // 2


def test_the_second_edition_adds_and_gives_up_two_items_each():
    before, now = after(1), after(2)
    assert {now[code]["name"] for code in now.keys() - before.keys()} == set(changes.NEWCOMERS)
    assert before.keys() - now.keys() == {"DEMO-OLD-0001", "DEMO-OLD-0002"}


def test_the_draft_holds_a_handful_of_changes_and_real_ones():
    before, planned = after(2), after(3)
    changed = [c for c in before.keys() & planned.keys() if before[c] != planned[c]]
    assert len(changed) == changes.PLANNED + 1
    assert len(planned.keys() - before.keys()) == len(before.keys() - planned.keys()) == 1


def test_a_changed_item_still_keeps_its_committed_limit_inside_the_statutory_one():
    for content in after(3).values():
        assert content["committed_limit"] <= content["statutory_limit"]
    assert min(c[2]["committed_limit"] for c in SECOND.put if c[1] in after(1)) >= 0


def test_what_is_made_up_says_so_in_its_name():
    made_up = [c for c in items(FIRST) | items(DRAFT) if c.startswith("DEMO-")]
    assert len(made_up) == 3
    for code in made_up:
        assert "演示" in (items(FIRST) | items(DRAFT))[code]["name"]


def test_the_editions_are_always_the_same():
    assert changes.editions() == [FIRST, SECOND, DRAFT]
