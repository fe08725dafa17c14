"""What a reading comes to: the table, and what holds whatever the clocks say."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from attendance.enums import ScanClass
from attendance.rules.classification import Place, Reading, classify, corrected, gaps
from attendance.rules.entries import Damaged, Entry, parse_entry, shape_of
from attendance.rules.oddities import Oddity, Seen, Stay, oddities
from attendance.rules.window import Window

DAY = date(2026, 11, 23)
OPENS = datetime(2026, 11, 23, 8, tzinfo=UTC)
CLOSES = datetime(2026, 11, 23, 14, tzinfo=UTC)
NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
PLACE = Place(day=DAY, window=Window(OPENS, CLOSES), key_number=2)
REMOTE = Place(day=DAY, window=Window(OPENS, CLOSES), key_number=2, is_remote=True)
STRICT = Place(day=DAY, window=Window(OPENS, CLOSES), key_number=2, changing_code_only=True)
CLOSED = Place(day=DAY, window=Window(OPENS, CLOSES), key_number=2, closed_at=CLOSES)
HOUR, MINUTE, SECOND = timedelta(hours=1), timedelta(minutes=1), timedelta(seconds=1)
MOMENTS = st.datetimes(datetime(2026, 11, 1), datetime(2026, 12, 31), timezones=st.just(UTC))
SOURCE = UUID(int=7)


def reading(made_at=NOON, received_at=None, **says) -> Reading:
    return Reading(made_at=made_at, received_at=received_at or made_at, **says)


@pytest.mark.parametrize(
    ("said", "place", "outcome"),
    [
        (reading(key_number=2, day=DAY), PLACE, ("counted", "")),
        (reading(OPENS), PLACE, ("counted", "")),
        (reading(CLOSES), PLACE, ("counted", "")),
        (reading(OPENS - SECOND), PLACE, ("early", "too_early")),
        (reading(CLOSES + SECOND), PLACE, ("late", "too_late")),
        (reading(key_number=1, day=DAY), PLACE, ("key_revoked", "key_revoked")),
        (reading(key_number=3, day=DAY), PLACE, ("key_revoked", "key_revoked")),
        (reading(key_number=2, day=date(2026, 11, 24)), PLACE, ("wrong_session", "other_day")),
        # A poster's code has a day; six digits and what the organiser's screen shows have none.
        (reading(key_number=2, day=DAY), REMOTE, ("invalid", "no_venue")),
        (reading(shown_at=NOON), REMOTE, ("counted", "")),
        (reading(), REMOTE, ("counted", "")),
        # What lasts all day can be passed on; a changing code and a pass cannot.
        (reading(key_number=2, day=DAY), STRICT, ("invalid", "changing_code_only")),
        (reading(by_digits=True), STRICT, ("invalid", "changing_code_only")),
        (reading(by_digits=True), PLACE, ("counted", "")),
        (reading(shown_at=NOON), STRICT, ("counted", "")),
        (reading(valid_until=NOON), STRICT, ("counted", "")),
        # 90 seconds before the half minute and after it, and no more.
        (reading(shown_at=NOON - 120 * SECOND), PLACE, ("counted", "")),
        (reading(shown_at=NOON - 121 * SECOND), PLACE, ("invalid", "code_expired")),
        (reading(shown_at=NOON + 90 * SECOND), PLACE, ("counted", "")),
        (reading(shown_at=NOON + 91 * SECOND), PLACE, ("invalid", "code_ahead")),
        (reading(shown_at=NOON - 10 * MINUTE), PLACE, ("invalid", "code_expired")),
        (reading(valid_until=NOON), PLACE, ("counted", "")),
        (reading(valid_until=NOON - SECOND), PLACE, ("invalid", "pass_expired")),
        (reading(received_at=NOON - 2 * MINUTE), PLACE, ("review", "in_future")),
        (reading(received_at=NOON - 30 * SECOND), PLACE, ("counted", "")),
        (reading(enrolled_at=NOON + HOUR), PLACE, ("review", "before_enrolment")),
        (reading(received_at=CLOSES + HOUR), PLACE, ("counted", "")),
        (reading(received_at=CLOSES + HOUR), CLOSED, ("review", "list_closed")),
        (reading(CLOSES + SECOND, CLOSES + HOUR), CLOSED, ("late", "too_late")),
        (reading(received_at=CLOSES + 8 * 24 * HOUR), PLACE, ("counted", "")),
        (
            reading(received_at=CLOSES + 8 * 24 * HOUR, is_own=True),
            PLACE,
            ("review", "sent_too_late"),
        ),
    ],
)
def test_the_table(said: Reading, place: Place, outcome: tuple[str, str]) -> None:
    verdict = classify(said, place)
    assert (verdict.classification, verdict.reason) == outcome


@given(MOMENTS, MOMENTS, st.none() | st.integers(1, 3), st.none() | MOMENTS, st.none() | MOMENTS)
def test_only_what_was_made_within_the_window_counts(made, received, key, shown, closed) -> None:
    place = Place(day=DAY, window=Window(OPENS, CLOSES), key_number=2, closed_at=closed)
    verdict = classify(reading(made, received, key_number=key, shown_at=shown), place)
    assert verdict.classification in ScanClass.values
    if verdict.classification == "counted":
        assert OPENS <= made <= CLOSES
        assert made <= received + MINUTE
        assert key in {None, 2}
        assert closed is None or received <= closed
    else:
        assert verdict.reason


@given(
    MOMENTS, st.timedeltas(timedelta(0), timedelta(days=9)), st.timedeltas(-HOUR * 99, HOUR * 99)
)
def test_a_clock_s_error_changes_nothing_but_the_remark(made, waited, error) -> None:
    """Whatever the device's clock shows, the time is the same."""
    sent = made + waited
    times = corrected(made + error, sent + error, sent)
    assert times.made_at == made
    assert times.clock_off is (abs(error) > 5 * MINUTE)
    assert times.sent_late is (waited > 15 * MINUTE)


@given(st.lists(st.integers(1, 60), max_size=40))
def test_gaps_are_what_is_missing(numbers: list[int]) -> None:
    missing = {n for first, last in gaps(numbers) for n in range(first, last + 1)}
    assert missing == set(range(1, max(numbers, default=0))) - set(numbers)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=30),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["uuid", "seq", "at", "code", "x"]), inner, max_size=5)
    ),
    max_leaves=8,
)


@given(JSON)
def test_whatever_is_sent_is_an_entry_or_damaged_and_always_the_same(raw) -> None:
    first = parse_entry(raw, SOURCE)
    assert first == parse_entry(raw, SOURCE)
    assert isinstance(first, Entry | Damaged)


@given(st.text())
def test_a_shape_keeps_no_digit_and_no_letter_but_ascii_placeholders(text: str) -> None:
    shape = shape_of(text)
    assert len(shape) <= 200
    assert shape.isascii()
    assert not set("123456789@") & set(shape)


def test_the_shape_of_a_name_and_a_number() -> None:
    assert shape_of('{"uuid": "Hanako 佐藤", "tel": "090-1111"}') == (
        '{"uuid": "xxxxxx ..", "xxx": "000-0000"}'
    )


def seen(number: int, at=NOON, browser=None, from_poster=True) -> Seen:
    return Seen(number, UUID(int=number), browser, at, from_poster)


def test_a_family_s_telephone_is_nothing_odd_and_a_village_s_is() -> None:
    browser = uuid4()
    spread = [seen(n, NOON + n * MINUTE, browser) for n in range(5)]
    assert oddities(spread[:4], SOURCE, []) == []
    assert oddities(spread, SOURCE, []) == [Oddity("many_from_one", (0, 1, 2, 3, 4))]


def test_a_crowd_within_seconds_is_reported_once_and_not_of_a_device() -> None:
    crowd = [seen(n, NOON + n * SECOND / 4) for n in range(12)]
    (oddity,) = oddities(crowd, SOURCE, [])
    assert (oddity.code, len(oddity.scans)) == ("many_at_once", 12)
    by_device = [seen(n, NOON + n * SECOND / 4, from_poster=False) for n in range(12)]
    assert oddities(by_device, SOURCE, []) == []
    slow = [seen(n, NOON + n * SECOND) for n in range(12)]
    assert oddities(slow, SOURCE, []) == []


def test_two_places_at_once_but_not_one_after_the_other() -> None:
    one, other = UUID(int=1), UUID(int=2)
    here = Stay(UUID(int=5), one, NOON, NOON + HOUR)
    for starts_at, odd in ((NOON + HOUR / 2, True), (NOON + HOUR, False)):
        there = Stay(UUID(int=5), other, starts_at, starts_at + HOUR)
        found = oddities([seen(5)], one, [here, there])
        assert [oddity.code for oddity in found] == (["two_places"] if odd else [])
