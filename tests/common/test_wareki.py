from datetime import UTC, date, datetime, time, timedelta

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from common import wareki
from common.clock import TOKYO
from common.templatetags import wareki as filters


@given(st.dates(min_value=date(1868, 1, 25), max_value=date(2200, 12, 31)))
def test_era_date_leads_back_to_the_same_day(day):
    assert wareki.from_era(*wareki.to_era(day)) == day


@pytest.mark.parametrize(
    ("day", "written"),
    [
        (date(1868, 1, 25), "明治元年1月25日"),
        (date(1912, 7, 29), "明治45年7月29日"),
        (date(1912, 7, 30), "大正元年7月30日"),
        (date(1926, 12, 24), "大正15年12月24日"),
        (date(1926, 12, 25), "昭和元年12月25日"),
        (date(1989, 1, 7), "昭和64年1月7日"),
        (date(1989, 1, 8), "平成元年1月8日"),
        (date(2019, 4, 30), "平成31年4月30日"),
        (date(2019, 5, 1), "令和元年5月1日"),
        (date(2020, 1, 1), "令和2年1月1日"),
        (date(1867, 12, 31), "1867年12月31日"),
    ],
)
def test_each_era_begins_on_its_day_and_its_first_year_is_gannen(day, written):
    assert wareki.jdate_short(day) == written


def test_the_two_days_of_two_eras_can_be_entered_either_way():
    assert wareki.from_era("明治", 45, 7, 30) == wareki.from_era("大正", 1, 7, 30)
    assert wareki.from_era("T", 15, 12, 25) == wareki.from_era("s", 1, 12, 25)


@pytest.mark.parametrize(
    "entered",
    [("平成", 32, 1, 1), ("昭和", 64, 1, 8), ("令和", 1, 4, 30), ("令和", 0, 5, 1),
     ("令和", 8, 2, 29), ("慶応", 1, 1, 1), ("", 1, 1, 1)],
)  # fmt: skip
def test_a_date_outside_its_era_is_refused(entered):
    with pytest.raises(ValueError):
        wareki.from_era(*entered)


def test_before_meiji_there_is_no_era():
    with pytest.raises(ValueError, match="before Meiji"):
        wareki.to_era(date(1868, 1, 24))


@given(st.dates(min_value=date(1868, 1, 25), max_value=date(2200, 1, 1)))
def test_weekday_follows_the_week(day):
    today, tomorrow = (wareki.jdate(d)[-2] for d in (day, day + timedelta(days=1)))
    assert (wareki.WEEKDAYS.index(today) + 1) % 7 == wareki.WEEKDAYS.index(tomorrow)


MORNING = datetime(2026, 11, 23, 9, 30, tzinfo=TOKYO)


def test_japanese_form_with_weekday_and_time():
    assert wareki.jdate(MORNING.date()) == "令和8年11月23日（月）"
    assert wareki.jdatetime(MORNING) == "令和8年11月23日（月）9時30分"
    assert wareki.jtime(MORNING.replace(minute=0)) == "9時"
    assert wareki.jtime(MORNING.replace(minute=5)) == "9時5分"


def test_a_moment_is_read_at_japans_clock():
    late = datetime(2026, 11, 22, 15, 30, tzinfo=UTC)
    assert wareki.jdatetime(late) == "令和8年11月23日（月）0時30分"
    assert wareki.to_era(datetime(2019, 4, 30, 15, 0, tzinfo=UTC)).era == "令和"
    with translation.override("en"):
        assert filters.jdatetime(late) == "Mon 23 November 2026, 0:30"


@pytest.mark.parametrize(
    ("language", "shown"),
    [
        (
            "ja",
            ["令和8年11月23日（月）", "令和8年11月23日", "9時30分", "令和8年11月23日（月）9時30分"],
        ),
        ("en", ["Mon 23 November 2026", "23 November 2026", "9:30", "Mon 23 November 2026, 9:30"]),
        ("ko", ["Mon 23 November 2026", "23 November 2026", "9:30", "Mon 23 November 2026, 9:30"]),
    ],
)
def test_filters_speak_the_readers_language(language, shown):
    with translation.override(language):
        assert [
            filters.jdate(MORNING), filters.jdate_short(MORNING),
            filters.jtime(MORNING), filters.jdatetime(MORNING),
        ] == shown  # fmt: skip


def test_an_end_on_another_day_says_its_day():
    with translation.override("ja"):
        assert filters.jtill(MORNING + timedelta(hours=2), MORNING) == "11時30分"
        tomorrow = MORNING + timedelta(days=1)
        assert filters.jtill(tomorrow, MORNING) == "令和8年11月24日（火）9時30分"
        assert filters.jtill(None, MORNING) == ""


def test_filters_show_nothing_for_nothing_and_read_a_time_of_day():
    for name in ("jdate", "jdate_short", "jtime", "jdatetime"):
        assert getattr(filters, name)(None) == getattr(filters, name)("") == ""
    with translation.override("ja"):
        assert filters.jtime(time(9, 30)) == "9時30分"
        assert filters.jdatetime(date(2026, 11, 23)) == "令和8年11月23日（月）"
