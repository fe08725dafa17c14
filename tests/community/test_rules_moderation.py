"""When a post may be hidden: the rule alone."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from common.plain_text import says_something, tidy
from community.rules.moderation import REASON_LENGTH, may_hide


def unmet(reason: str) -> list[str]:
    return [condition.code for condition in may_hide(reason).unmet]


@pytest.mark.parametrize(
    ("reason", "codes"),
    [
        ("個人の電話番号が書かれていたため", []),
        ("ア", []),
        ("理" * REASON_LENGTH, []),
        ("理" * (REASON_LENGTH + 1), ["reason_short"]),
        ("", ["reason_given"]),
        (" 　\n", ["reason_given"]),
        ("\u200b\u3164", ["reason_given"]),
        ("\u200b" * (REASON_LENGTH + 1), ["reason_given", "reason_short"]),
    ],
)
def test_only_with_a_reason_that_fits(reason: str, codes: list[str]) -> None:
    assert unmet(reason) == codes
    assert may_hide(reason).allowed is (not codes)


def test_the_length_comes_along_for_the_sentence() -> None:
    assert may_hide("理" * 201).unmet[0].data == {"length": 201, "limit": REASON_LENGTH}


@given(st.text(max_size=2 * REASON_LENGTH))
def test_allowed_means_that_the_room_has_something_to_show(reason: str) -> None:
    decision = may_hide(reason)
    assert decision.allowed is (says_something(reason) and len(reason) <= REASON_LENGTH)
    assert [one.code for one in decision.conditions] == ["reason_given", "reason_short"]


@given(st.text(max_size=REASON_LENGTH))
def test_tidying_a_reason_never_makes_it_refused(reason: str) -> None:
    if may_hide(reason).allowed:
        assert may_hide(tidy(reason)).allowed
