"""The code on paper: how it is written, read, and how often it may be tried. No database."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accounts.forms.claim import ClaimCodeField
from accounts.rules.attempts import BUSY, MANY, OWN_LIMIT, PACE, TOO_MANY, Attempts, problem_with
from accounts.rules.claim_codes import ALPHABET, LENGTH, NUMBERS, grouped, read, write

numbers = st.integers(min_value=0, max_value=NUMBERS - 1)


@given(numbers)
def test_what_is_written_is_read_however_it_is_typed(number):
    code = write(number)
    assert len(code) == LENGTH
    assert not set(code) & set("ILOU")
    field = ClaimCodeField()
    for typed in (
        code,
        grouped(code),
        grouped(code).lower(),
        grouped(code).replace("-", " "),
        f"　{grouped(code)} ",
        code.replace("0", "O").replace("1", "l"),
        code.translate({ord(c): ord(c) + 0xFEE0 for c in ALPHABET}),  # full-width
    ):
        assert field.clean(typed) == code


@given(numbers, st.integers(min_value=0, max_value=LENGTH - 1), st.sampled_from(ALPHABET))
def test_one_wrong_character_is_told(number, place, character):
    code = write(number)
    mistyped = code[:place] + character + code[place + 1 :]
    assert read(mistyped) == (code if mistyped == code else None)


@given(numbers, st.integers(min_value=0, max_value=LENGTH - 2))
def test_two_that_are_exchanged_are_told(number, place):
    """All but the one pair that Luhn's method cannot tell: 0 and Z."""
    code = write(number)
    one, two = code[place], code[place + 1]
    exchanged = code[:place] + two + one + code[place + 2 :]
    if one != two and {one, two} != {"0", "Z"}:
        assert read(exchanged) is None


@pytest.mark.parametrize("typed", ["", "0" * 11, "0" * 13, "U" * 12, "あ" * 12, "00000000000*"])
def test_what_is_no_code_is_none(typed):
    assert read(typed) is None


def test_different_numbers_have_different_codes():
    assert len({write(number) for number in range(1000)}) == 1000
    assert grouped(write(NUMBERS - 1)).count("-") == 2


LATE, SOON = PACE, PACE - timedelta(milliseconds=1)


@pytest.mark.parametrize(
    ("own", "everybodys", "since_last", "expected"),
    [
        (0, 0, None, None),
        (OWN_LIMIT - 1, OWN_LIMIT - 1, SOON, None),
        (OWN_LIMIT, OWN_LIMIT, LATE, TOO_MANY),
        (0, MANY - 1, SOON, None),
        (0, MANY, SOON, BUSY),
        (0, MANY, LATE, None),
        (OWN_LIMIT, MANY, SOON, TOO_MANY),
    ],
)
def test_attempts_wait_when_there_are_many(own, everybodys, since_last, expected):
    assert problem_with(Attempts(own, everybodys, since_last)) == expected
