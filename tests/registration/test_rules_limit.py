"""What counts towards the limit of premium municipalities (R7)."""

from __future__ import annotations

import pytest

from registration.rules.limit import counted, counts, is_within, needs_slot
from tests.factories.facts import (
    GIFU,
    HIDA,
    HOKUEI,
    KESENNUMA,
    MIYAGI,
    NISEKO,
    SENDAI,
    holding,
)


@pytest.mark.parametrize(
    ("held", "codes"),
    [
        ((), set()),
        (holding(KESENNUMA), {KESENNUMA.code}),
        (holding(MIYAGI), {MIYAGI.code}),
        (holding(KESENNUMA, SENDAI), {KESENNUMA.code, SENDAI.code}),
        # A direct one of a prefecture with a premium city inside.
        (holding(MIYAGI, KESENNUMA), {KESENNUMA.code}),
        (holding(MIYAGI, HIDA), {MIYAGI.code, HIDA.code}),
        # A derived one, with and without the city it follows.
        (holding(KESENNUMA) + holding(MIYAGI, derived=True), {KESENNUMA.code}),
        (holding(MIYAGI, derived=True), set()),
        (holding(MIYAGI, over_limit=True), {MIYAGI.code}),
    ],
)
def test_premium_cities_and_prefectures_without_one_inside(held, codes):
    assert counted(held) == codes
    assert counted(reversed(held)) == codes


def test_one_that_would_begin_is_counted_as_if_it_had():
    assert counted(holding(MIYAGI), (KESENNUMA,)) == {KESENNUMA.code}
    assert counted(holding(KESENNUMA), (MIYAGI,)) == {KESENNUMA.code}
    assert counted((), (KESENNUMA, HIDA)) == {KESENNUMA.code, HIDA.code}


@pytest.mark.parametrize("question", [counts, needs_slot])
@pytest.mark.parametrize(
    ("place", "held", "answer"),
    [
        (KESENNUMA, (), True),
        (KESENNUMA, holding(MIYAGI), True),
        (MIYAGI, (), True),
        (MIYAGI, holding(MIYAGI), True),
        (MIYAGI, holding(KESENNUMA), False),
        (MIYAGI, holding(HIDA, GIFU), True),
        (MIYAGI, holding(MIYAGI, derived=True) + holding(KESENNUMA), False),
    ],
)
def test_what_takes_a_slot(question, place, held, answer):
    assert question(place, held) is answer


@pytest.mark.parametrize(
    ("place", "held", "answer"),
    [
        (KESENNUMA, holding(HIDA, NISEKO), True),
        (KESENNUMA, holding(HIDA, NISEKO, HOKUEI), False),
        # The prefecture's place is the city's from then on.
        (KESENNUMA, holding(HIDA, NISEKO, MIYAGI), True),
        (MIYAGI, holding(HIDA, NISEKO, KESENNUMA), True),
        (SENDAI, holding(HIDA, NISEKO, KESENNUMA), False),
        # Over the limit: nothing begins, not even what would not count.
        (GIFU, holding(HIDA, NISEKO, HOKUEI) + holding(MIYAGI, over_limit=True), False),
        (GIFU, holding(HIDA) + holding(MIYAGI, over_limit=True), False),
        # Its own renewal, and that of another: the resident chooses first.
        (MIYAGI, holding(HIDA, NISEKO, HOKUEI), False),
        (HIDA, holding(NISEKO, HOKUEI) + holding(MIYAGI, over_limit=True), False),
        (HIDA, holding(NISEKO, HOKUEI), True),
    ],
)
def test_what_may_begin_or_go_on(place, held, answer):
    assert is_within(place, held, 3) is answer
    assert is_within(place, iter(held), 3) is answer
