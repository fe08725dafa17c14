"""What is left of a package, what may be changed in it, and how full a date is."""

from __future__ import annotations

import pytest

from activities.rules.availability import availability
from activities.rules.components import Component, below_booked, left_of

BED = Component("a", "lodging", "寝台", capacity=3)
CAR = Component("b", "car", "車")


def test_what_is_left_is_never_below_nothing():
    assert [one.left for one in left_of([BED, CAR], {"a": 2, "b": 9})] == [1, None]
    assert [one.left for one in left_of([BED], {"a": 5})] == [0]
    assert [one.left for one in left_of([BED], {})] == [3]


@pytest.mark.parametrize(
    ("after", "booked", "faults"),
    [
        ([BED, CAR], [{"a": 3}], []),
        ([CAR], [], []),
        ([CAR], [{"a": 0}], []),
        ([CAR], [{"a": 1}, {"a": 2}], [("a", None, 2)]),
        ([Component("a", "lodging", "寝台", capacity=1)], [{"a": 1}, {"a": 2}], [("a", 1, 2)]),
        ([Component("a", "lodging", "寝台", capacity=2)], [{"a": 2}], []),
        ([Component("a", "lodging", "寝台")], [{"a": 2}], []),
        # Too low before: nobody has to mend that to correct a word.
        ([Component("a", "lodging", "寝台です", capacity=3)], [{"a": 4}], []),
    ],
)
def test_nothing_booked_is_taken_away(after, booked, faults):
    found = below_booked([BED, CAR], after, booked)
    assert [
        (one.component.id, one.capacity, one.booked) for one in found if one.component.id == "a"
    ] == faults


@pytest.mark.parametrize(
    ("capacity", "taken", "mode", "is_open", "word"),
    [
        (None, 900, "first_come", True, "free"),
        (10, 0, "first_come", True, "free"),
        (10, 7, "first_come", True, "free"),
        (10, 8, "first_come", True, "few"),
        (3, 2, "first_come", True, "few"),
        (1, 0, "first_come", True, "few"),
        (10, 10, "first_come", True, "full"),
        (10, 12, "first_come", True, "full"),
        (10, 30, "lottery", True, "apply"),
        (10, 30, "approval", True, "apply"),
        (10, 0, "first_come", False, "closed"),
        (10, 0, "lottery", False, "closed"),
    ],
)
def test_how_full_a_date_is(capacity, taken, mode, is_open, word):
    assert availability(capacity, taken, mode=mode, is_open=is_open) == word


@pytest.mark.parametrize(
    ("mode", "is_open", "word"),
    [("first_come", True, "full"), ("lottery", True, "apply"), ("first_come", False, "closed")],
)
def test_a_date_without_what_everybody_books_is_full(mode, is_open, word):
    for capacity in (10, None):
        assert availability(capacity, 0, mode=mode, is_open=is_open, lacks_part=True) == word
