"""R5 and R6: in whatever order somebody registers and leaves, the prefecture follows."""

from hypothesis import given
from hypothesis import strategies as st

from registration.rules.coregistration import (
    CO_REGISTERED,
    DIRECT,
    Action,
    Change,
    changes_on_leaving,
    changes_on_registering,
)

PREFECTURE = "040002"
CITIES = ("042056", "041009")


def register(code: str, held: dict[str, str], takes_part: bool = True) -> list[Change]:
    prefecture = PREFECTURE if takes_part and code != PREFECTURE else None
    return changes_on_registering(code, prefecture, held)


def leave(code: str, held: dict[str, str]) -> list[Change]:
    cities = {city for city in CITIES if city in held and city != code}
    return changes_on_leaving(code, None if code == PREFECTURE else PREFECTURE, held, cities)


def applied(changes: list[Change], held: dict[str, str]) -> dict[str, str]:
    result = dict(held)
    for change in changes:
        if change.action is Action.END:
            del result[change.municipality]
        elif change.action in {Action.REGISTER, Action.MAKE_DIRECT}:
            result[change.municipality] = DIRECT
        else:
            result[change.municipality] = CO_REGISTERED
    return result


def test_a_city_brings_its_prefecture():
    assert register("042056", {}) == [
        Change("042056", Action.REGISTER),
        Change(PREFECTURE, Action.CO_REGISTER),
    ]


def test_without_its_prefecture_a_city_stands_alone():
    assert register("042056", {}, takes_part=False) == [Change("042056", Action.REGISTER)]


def test_a_prefecture_that_is_there_already_is_not_doubled():
    assert register("042056", {PREFECTURE: DIRECT}) == [Change("042056", Action.REGISTER)]
    assert register("042056", {PREFECTURE: CO_REGISTERED, "041009": DIRECT}) == [
        Change("042056", Action.REGISTER)
    ]


def test_sending_the_form_again_changes_nothing():
    assert register("042056", {"042056": DIRECT, PREFECTURE: CO_REGISTERED}) == []


def test_registering_again_makes_up_for_a_prefecture_that_joined_since():
    assert register("042056", {"042056": DIRECT}) == [Change(PREFECTURE, Action.CO_REGISTER)]


def test_a_co_registered_prefecture_becomes_direct():
    assert register(PREFECTURE, {"042056": DIRECT, PREFECTURE: CO_REGISTERED}) == [
        Change(PREFECTURE, Action.MAKE_DIRECT)
    ]


def test_the_last_city_takes_its_prefecture_along():
    assert leave("042056", {"042056": DIRECT, PREFECTURE: CO_REGISTERED}) == [
        Change("042056", Action.END),
        Change(PREFECTURE, Action.END),
    ]


def test_another_city_holds_the_prefecture():
    held = {"042056": DIRECT, "041009": DIRECT, PREFECTURE: CO_REGISTERED}
    assert leave("042056", held) == [Change("042056", Action.END)]


def test_a_direct_prefecture_stays():
    assert leave("042056", {"042056": DIRECT, PREFECTURE: DIRECT}) == [Change("042056", Action.END)]


def test_leaving_a_prefecture_that_a_city_holds_leaves_it_co_registered():
    assert leave(PREFECTURE, {"042056": DIRECT, PREFECTURE: DIRECT}) == [
        Change(PREFECTURE, Action.MAKE_CO_REGISTERED)
    ]


def test_a_co_registration_cannot_be_left_by_itself():
    assert leave(PREFECTURE, {"042056": DIRECT, PREFECTURE: CO_REGISTERED}) == []


def test_a_prefecture_no_city_holds_ends():
    assert leave(PREFECTURE, {PREFECTURE: DIRECT}) == [Change(PREFECTURE, Action.END)]


def test_leaving_where_one_is_not_registered_changes_nothing():
    assert leave("042056", {}) == []


@given(
    st.lists(
        st.tuples(st.sampled_from(["register", "leave"]), st.sampled_from([PREFECTURE, *CITIES]))
    )
)
def test_in_every_order_the_prefecture_is_held_by_wish_or_by_a_city(steps):
    held: dict[str, str] = {}
    wished: set[str] = set()
    for verb, code in steps:
        if verb == "register":
            held = applied(register(code, held), held)
            wished.add(code)
        else:
            held = applied(leave(code, held), held)
            wished.discard(code)
        expected = dict.fromkeys(wished, DIRECT)
        if wished & set(CITIES):
            expected.setdefault(PREFECTURE, CO_REGISTERED)
        assert held == expected
