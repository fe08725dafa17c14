"""How much leaves with one person alone."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from privacy.rules.exports import ROWS_ALONE, WINDOW, may_export_alone

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)


def test_a_thousand_rows_leave_alone_and_one_more_does_not():
    assert may_export_alone([], NOON, 1_000).allowed
    refused = may_export_alone([], NOON, 1_001)
    assert not refused.allowed
    assert refused.unmet[0].data == {"rows": 1001, "taken": 0, "limit": 1000}


def test_two_exports_of_nine_hundred_on_one_day_count_together():
    assert not may_export_alone([(NOON - timedelta(hours=23), 900)], NOON, 900).allowed
    assert may_export_alone([(NOON - timedelta(hours=24), 900)], NOON, 900).allowed


@given(st.lists(st.tuples(st.integers(0, 60 * 30), st.integers(1, 1_200)), min_size=1, max_size=40))
def test_however_it_is_cut_no_day_holds_more_than_the_limit(asked):
    """Minutes since the last question, and rows: in any 24 hours, what was let through alone."""
    now, let_through = NOON, []
    for minutes, rows in asked:
        now += timedelta(minutes=minutes)
        if may_export_alone(let_through, now, rows).allowed:
            let_through.append((now, rows))
        else:
            taken = sum(count for at, count in let_through if at > now - WINDOW)
            assert taken + rows > ROWS_ALONE, "nobody is sent to a second person for nothing"
    for end, _rows in let_through:
        within = [count for at, count in let_through if end - WINDOW < at <= end]
        assert sum(within) <= ROWS_ALONE
