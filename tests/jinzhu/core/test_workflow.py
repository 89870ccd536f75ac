"""A course through a procedure: joins, conditions, going back, and what can be wrong with one."""

import pytest
from hypothesis import given
from hypothesis import strategies as some

from jinzhu.core.workflow import (
    Course,
    End,
    Fault,
    Procedure,
    Step,
    approved,
    begun,
    ended,
    returned,
)


def always(condition):
    return True


def never(condition):
    return False


def chain(*codes, **rest):
    return Procedure(tuple(Step(code, code, "center", **rest.get(code, {})) for code in codes))


BOTH_LINES = chain(
    "S1", "S2", "S3", "S4", S1={"next": ("S2", "S3")}, S2={"next": ("S4",)}, S3={"next": ("S4",)}
)


def through(procedure, *codes, holds=always):
    course = begun(procedure, holds)
    for code in codes:
        course = approved(procedure, course, code, holds)
    return course


def test_without_arrows_one_step_follows_the_other():
    course = through(chain("S1", "S2"), "S1")
    assert course == Course(frozenset({"S2"}), frozenset({"S1"}))
    assert through(chain("S1", "S2"), "S1", "S2").end is End.FINISHED


@pytest.mark.parametrize("order", [("S2", "S3"), ("S3", "S2")])
def test_both_lines_sign_in_either_order_before_it_goes_on(order):
    assert through(BOTH_LINES, "S1").open == {"S2", "S3"}
    assert through(BOTH_LINES, "S1", order[0]).open == {order[1]}
    assert through(BOTH_LINES, "S1", *order).open == {"S4"}


def test_a_step_whose_condition_is_not_met_is_passed_over():
    only_lines = chain("S1", "S2", "S3", S2={"condition": "two_lines"})
    course = through(only_lines, "S1", holds=never)
    assert course.open == {"S3"}
    assert course.skipped == {"S2"}
    assert through(only_lines, "S1").open == {"S2"}


def test_going_back_undoes_what_came_after_and_nothing_else():
    course = through(BOTH_LINES, "S1", "S2", "S3")
    back = returned(BOTH_LINES, course, "S4", "S2")
    assert back.open == {"S2"}
    assert back.done == {"S1", "S3"}
    assert approved(BOTH_LINES, back, "S2", always).open == {"S4"}


def test_going_back_leaves_the_other_line_at_its_work():
    course = through(BOTH_LINES, "S1")
    assert returned(BOTH_LINES, course, "S3", "S1").open == {"S1"}
    assert returned(BOTH_LINES, course, "S3", "S1").done == frozenset()


def test_only_an_open_step_is_acted_in_and_only_a_done_one_gone_back_to():
    course = through(BOTH_LINES, "S1")
    with pytest.raises(KeyError):
        approved(BOTH_LINES, course, "S4", always)
    with pytest.raises(KeyError):
        returned(BOTH_LINES, course, "S2", "S3")


def test_broken_off_nothing_is_open():
    over = ended(through(BOTH_LINES, "S1"), End.REFUSED)
    assert (over.open, over.end) == (frozenset(), End.REFUSED)


@pytest.mark.parametrize(
    ("procedure", "found"),
    [
        (chain("S1", "S1"), (1, Fault.TWICE)),
        (chain("S1", S1={"next": ("S9",)}), (0, Fault.UNKNOWN_NEXT)),
        (chain("S1", "S2", "S3", S1={"next": ("S2",)}), (2, Fault.UNREACHED)),
        (chain("S1", "S2", S1={"next": ("S2",)}, S2={"next": ("S1",)}), (0, Fault.CIRCLE)),
        (chain("S1", S1={"waits": True}), (0, Fault.WAITS_WITHOUT_LIMIT)),
    ],
)
def test_what_is_wrong_is_named_with_its_step(procedure, found):
    assert found in list(procedure.faults())


def test_a_sound_procedure_has_no_faults():
    assert list(BOTH_LINES.faults()) == []


@some.composite
def nets(draw):
    """Draw a sound procedure: each step but the first comes after some of those before it."""
    size = draw(some.integers(1, 7))
    before = [set()] + [
        draw(some.sets(some.integers(0, number - 1), min_size=1)) for number in range(1, size)
    ]
    return Procedure(
        tuple(
            Step(
                f"S{number}",
                "",
                "center",
                next=tuple(f"S{one}" for one in range(size) if number in before[one]),
                condition=draw(some.sampled_from(["", "met", "unmet"])),
            )
            for number in range(size)
        )
    )


@given(nets(), some.data())
def test_any_order_of_acts_ends_and_no_step_opens_before_its_time(procedure, data):
    course = begun(procedure, lambda name: name == "met")
    for _ in range(30):
        for code in course.open:
            assert procedure.before[code] <= course.done | course.skipped
        assert not course.open & (course.done | course.skipped)
        if course.end:
            break
        code = data.draw(some.sampled_from(sorted(course.open)))
        earlier = sorted(procedure.upstream(code) & course.done)
        if earlier and data.draw(some.integers(0, 4)) == 0:
            course = returned(procedure, course, code, data.draw(some.sampled_from(earlier)))
        else:
            course = approved(procedure, course, code, lambda name: name == "met")
    while not course.end:
        course = approved(procedure, course, sorted(course.open)[0], lambda name: name == "met")
    assert course.done | course.skipped == set(procedure.by_code)
    assert {procedure.by_code[code].condition for code in course.skipped} <= {"unmet"}
