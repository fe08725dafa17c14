"""What a choice out of a package comes to, without a database."""

from __future__ import annotations

import pytest

from activities.rules.components import Component
from attendance.rules.components import chosen, count, given, held_of, require_left, sums
from common.refusal import Refused

BED = Component("a", "lodging", "寝台", capacity=3)
MEAL = Component("b", "meals", "昼食", is_required=True)
PACKAGE = [BED, MEAL]


def booking(**numbers: int):
    return chosen(PACKAGE, {"b": 1} | numbers)


def test_a_booking_keeps_the_packages_order_and_its_words():
    assert booking(a=2) == [
        {"id": "a", "kind": "lodging", "name": "寝台", "number": 2, "missed": False},
        {"id": "b", "kind": "meals", "name": "昼食", "number": 1, "missed": False},
    ]
    assert chosen([BED], {}) == chosen([BED], {"a": 0}) == chosen([], {"gone": 0}) == []


@pytest.mark.parametrize(
    ("numbers", "code"),
    [
        ({"a": 1}, "component_required"),
        ({"b": 7}, "component_many"),
        ({"b": 1, "a": -1}, "component_many"),
        ({"b": 1, "a": 4}, "component_fits"),
        ({"b": 1, "c": 1}, "component_gone"),
    ],
)
def test_what_makes_no_sense(numbers, code):
    with pytest.raises(Refused) as refused:
        chosen(PACKAGE, numbers)
    assert refused.value.code == code


def test_what_is_not_left_is_refused_or_missed():
    require_left(booking(a=2), PACKAGE, {"a": 1})
    with pytest.raises(Refused) as refused:
        require_left(booking(a=2), PACKAGE, {"a": 2})
    assert refused.value.data == {"id": "a", "name": "寝台", "left": 1}
    row = given(booking(a=2), PACKAGE, {"a": 2})
    assert [one["missed"] for one in row] == [True, False]
    # Once more, with more left than then.
    assert [one["missed"] for one in given(row, PACKAGE, {})] == [False, False]
    assert [one["missed"] for one in given(row, [MEAL], {})] == [True, False]


def test_what_everybody_books_is_gone_for_who_comes_late():
    meal = Component("b", "meals", "昼食", capacity=2, is_required=True)
    wish = chosen([meal], {"b": 2})
    for taken, code in ((1, "component_left"), (2, "component_none_left")):
        with pytest.raises(Refused) as refused:
            require_left(wish, [meal], {"b": taken})
        assert refused.value.code == code


def test_sums_are_of_what_is_held():
    missed = given(booking(a=2), PACKAGE, {"a": 2})
    rows = [booking(a=1), missed]
    assert count(rows) == {"a": 1, "b": 2}
    assert [(one.name, one.booked, one.capacity) for one in sums([BED], rows)] == [
        ("寝台", 1, 3),
        ("昼食", 2, None),
    ]
    assert held_of(missed, sums(PACKAGE, rows)) == [0, 1]
    assert sums([], []) == []
