"""Who may write what in a room: the rules alone, without a database."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from common.plain_text import says_something, tidy
from community.rules.posting import (
    MAX_LENGTH,
    MAX_POSTS,
    WINDOW_MINUTES,
    PostInput,
    may_post,
    may_read,
)

FINE = PostInput(body="海がきれいでした。", room_open=True)
# What spoils a post, in the order the reasons are told.
OBSTACLES = {
    "registered": {"registered": False},
    "guardian_consent": {"lacks_consent": True},
    "room_open": {"room_open": False},
    "post_answerable": {"answers": False},
    "not_empty": {"body": ""},
    "not_too_long": {"body": "海" * (MAX_LENGTH + 1)},
    "not_too_fast": {"recent_posts": MAX_POSTS},
}
UNSEEN = st.text("  　\t\n\u200b\u200d\u2060\ufeff\u00ad\u202e\u2066\x00\u0085\u2028\u3164\ufe0f")
ANYTHING = st.text(st.characters() | st.sampled_from("\r\n\t\x00\u0085\u202e\u2066\u200b\u3164　"))
FACTS = st.builds(
    PostInput,
    body=st.sampled_from(["", "　", "海", "海" * MAX_LENGTH, "海" * (MAX_LENGTH + 1)]),
    room_open=st.booleans(),
    registered=st.booleans(),
    lacks_consent=st.booleans(),
    recent_posts=st.integers(0, 2 * MAX_POSTS),
    answers=st.sampled_from([None, True, False]),
)


def unmet(facts: PostInput) -> list[str]:
    return [condition.code for condition in may_post(facts).unmet]


def test_reading_is_for_the_registered() -> None:
    assert may_read(registered=True).allowed
    assert [one.code for one in may_read(registered=False).unmet] == ["registered"]


def test_a_registered_adult_writes_and_answers_in_an_open_room() -> None:
    assert may_post(FINE).allowed
    assert may_post(replace(FINE, answers=True)).allowed


@pytest.mark.parametrize("code", OBSTACLES)
def test_each_obstacle_alone_is_told_alone(code: str) -> None:
    assert unmet(replace(FINE, **OBSTACLES[code])) == [code]


def test_every_reason_is_told_the_weightiest_first() -> None:
    everything = replace(
        FINE,
        registered=False,
        lacks_consent=True,
        room_open=False,
        answers=False,
        body="\u200b" * (MAX_LENGTH + 1),
        recent_posts=MAX_POSTS,
    )
    assert unmet(everything) == list(OBSTACLES)


@pytest.mark.parametrize(
    ("length", "codes"),
    [(1, []), (MAX_LENGTH, []), (MAX_LENGTH + 1, ["not_too_long"])],
)
def test_the_limit_itself_is_allowed(length: int, codes: list[str]) -> None:
    assert unmet(replace(FINE, body="𠮷" * length)) == codes


@pytest.mark.parametrize(
    ("recent", "codes"),
    [(MAX_POSTS - 1, []), (MAX_POSTS, ["not_too_fast"]), (MAX_POSTS + 1, ["not_too_fast"])],
)
def test_the_tenth_post_goes_through_and_the_eleventh_waits(recent: int, codes: list[str]) -> None:
    assert unmet(replace(FINE, recent_posts=recent)) == codes


def test_figures_for_the_sentences_come_along() -> None:
    long = may_post(replace(FINE, body="海" * 2001)).unmet[0]
    fast = may_post(replace(FINE, recent_posts=10)).unmet[0]
    assert long.data == {"length": 2001, "limit": MAX_LENGTH}
    assert fast.data == {"limit": MAX_POSTS, "minutes": WINDOW_MINUTES}


def expected(facts: PostInput) -> set[str]:
    """The same question asked another way."""
    reasons = set()
    if not facts.registered:
        reasons.add("registered")
    if facts.lacks_consent:
        reasons.add("guardian_consent")
    if not facts.room_open:
        reasons.add("room_open")
    if facts.answers is False:
        reasons.add("post_answerable")
    if not facts.body.strip():
        reasons.add("not_empty")
    if len(facts.body) > MAX_LENGTH:
        reasons.add("not_too_long")
    if facts.recent_posts >= MAX_POSTS:
        reasons.add("not_too_fast")
    return reasons


@given(FACTS)
def test_reasons_neither_hide_nor_add_to_one_another(facts: PostInput) -> None:
    decision = may_post(facts)
    codes = unmet(facts)
    assert set(codes) == expected(facts)
    assert codes == [code for code in OBSTACLES if code in codes]
    assert decision.allowed is (not codes)
    assert [condition.code for condition in decision.conditions] == list(OBSTACLES)


@given(FACTS, st.sampled_from(list(OBSTACLES)))
def test_no_obstacle_ever_opens_a_door(facts: PostInput, code: str) -> None:
    worse = replace(facts, **OBSTACLES[code])
    assert code in unmet(worse)
    # The body is one field: being too long takes the place of being empty.
    told_before = set(unmet(facts)) - {"not_empty", "not_too_long"}
    assert told_before <= set(unmet(worse))


@given(ANYTHING)
@example("\r\r\n\n")
@example(" \x00 海")
def test_tidying_twice_changes_nothing_more(text: str) -> None:
    assert tidy(tidy(text)) == tidy(text)


@given(ANYTHING)
def test_what_is_tidy_has_one_kind_of_line_break_and_nothing_that_turns_text(text: str) -> None:
    kept = tidy(text)
    assert kept == kept.strip()
    assert not set(kept) & set("\r\x00\x1b\u0085\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2069")
    assert len(kept) <= len(text)


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("一行目\r\n二行目\r三行目\n", "一行目\n二行目\n三行目"),
        ("　海\t山　", "海\t山"),
        ("1 < 2 & <b>海</b>", "1 < 2 & <b>海</b>"),
        ("海\x00\x1b\u202e山\u2069", "海山"),
        ("𠮷髙﨑葛\U000e0100飾神\ufe00", "𠮷髙﨑葛\U000e0100飾神\ufe00"),
        ("👩\u200d🌾 ❤\ufe0f", "👩\u200d🌾 ❤\ufe0f"),  # joined pictures stay one
        ("\u200f\u0645\u0631\u062d\u0628\u0627", "\u200f\u0645\u0631\u062d\u0628\u0627"),
        ("", ""),
    ],
)
def test_tidying_takes_only_what_disturbs(typed: str, kept: str) -> None:
    assert tidy(typed) == kept


@given(UNSEEN)
def test_signs_nobody_sees_say_nothing(text: str) -> None:
    assert not says_something(text)
    assert "not_empty" in unmet(replace(FINE, body=tidy(text)))


@given(ANYTHING)
def test_tidying_never_makes_or_takes_something_to_read(text: str) -> None:
    assert says_something(tidy(text)) is says_something(text)


@given(UNSEEN, st.sampled_from("海aあ。!1𠮷🐟"), UNSEEN)
def test_one_visible_sign_says_something(before: str, sign: str, after: str) -> None:
    assert says_something(before + sign + after)


@pytest.mark.parametrize("blank", ["\u3164", "\u115f\u1160", "\u2800", "\uffa0"])
def test_letters_that_show_as_nothing_say_nothing(blank: str) -> None:
    assert not says_something(blank)
