"""What is read out of a list of participations, and what is refused (R20)."""

from __future__ import annotations

from datetime import date, time, timedelta
from decimal import Decimal
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from attendance.rules import earlier_cells as cells
from attendance.rules.earlier import Bounds, judge
from attendance.rules.earlier_columns import (
    COLUMNS,
    FORMULA,
    Table,
    faults_of_places,
    find_headings,
    guess,
)
from attendance.rules.earlier_people import (
    Known,
    Likeness,
    Person,
    decide,
    kana_key,
    likeness,
    may_claim,
    name_key,
)
from common.wareki import jdate, jdate_short, to_era

BOUNDS = Bounds(date(2026, 4, 1), date(2026, 11, 20))
PLACES = {"activity": 0, "held_on": 1, "hours": 2, "name": 3, "birth_date": 4, "phone": 5}
GOOD = ("清掃", "2026-04-12", "3", "藤原 花子", "1963-04-02", "09012345678")
FULL_WIDTH = str.maketrans("0123456789/-.:", "０１２３４５６７８９／－．：")
ANY_DAY = st.dates(date(1873, 1, 1), date(2100, 12, 31))


def judged(*rows, places=PLACES, bounds=BOUNDS):
    table = Table(tuple(places), tuple(enumerate(rows, start=2)))
    return judge(table, places, bounds)


def faults(*row, **kwargs):
    (one,) = judged(row, **kwargs)
    assert (one.entry is None) is bool(one.faults)
    return [(fault.column, fault.code) for fault in one.faults]


@given(ANY_DAY, st.booleans())
def test_a_day_reads_the_same_however_it_is_written(day, full_width):
    era = to_era(day)
    letter = {"令和": "R", "平成": "H", "昭和": "S", "大正": "T", "明治": "M"}[era.era]
    for text in (
        day.isoformat(),
        f"{day.year}/{day.month}/{day.day}",
        f"{day.year}年{day.month}月{day.day}日",
        f"{day:%Y%m%d}",
        jdate(day),
        jdate_short(day),
        f"{era.era[0]}{era.year}.{era.month}.{era.day}",
        f" {letter}{era.year}/{era.month:02}/{era.day:02} ",
        f"{day.isoformat()} 00:00:00",
    ):
        assert cells.read_day(text.translate(FULL_WIDTH) if full_width else text) == day


@pytest.mark.parametrize(
    "text",
    ["", "昨日", "2026-02-30", "令和8年13月1日", "平成32年1月1日", "26/4/1", "4月1日", "R0.1.1"],
)
def test_what_is_no_day_is_refused(text):
    with pytest.raises(ValueError):
        cells.read_day(text)


@given(st.text(max_size=60))
def test_whatever_stands_in_a_cell_it_is_read_or_refused(text):
    for reader in (
        cells.read_day, cells.read_time, cells.read_hours, cells.read_phone, cells.read_email,
    ):  # fmt: skip
        try:
            reader(text)
        except ValueError:
            pass


@given(st.lists(st.text(max_size=30), min_size=6, max_size=6))
def test_a_row_of_anything_is_judged_and_never_breaks(row):
    (one,) = judged(tuple(row))
    assert (one.entry is None) is bool(one.faults)


@given(st.times())
def test_a_time_reads_the_same_however_it_is_written(moment):
    wanted = moment.replace(second=0, microsecond=0)
    half = "午前" if wanted.hour < 12 else "午後"
    for text in (
        f"{wanted:%H:%M}",
        f"{wanted.hour}時{wanted.minute}分",
        f"{half}{wanted.hour % 12}時{wanted.minute}分",
        f"{wanted:%H:%M}".translate(FULL_WIDTH),
    ):
        assert cells.read_time(text) == wanted


@pytest.mark.parametrize(
    ("text", "hours"),
    [("3", "3"), ("３．５", "3.5"), ("3時間30分", "3.5"), ("90分", "1.5"), ("1:15", "1.25"),
     ("約2時間", "2"), ("0.25h", "0.25"), ("24", "24")],
)  # fmt: skip
def test_hours(text, hours):
    assert cells.read_hours(text) == Decimal(hours)


@pytest.mark.parametrize(
    "text", ["0", "-1", "25", "半日", "1e3", "NaN", "3時間ぐらい", "999999999"]
)
def test_what_is_no_number_of_hours_is_refused(text):
    with pytest.raises(ValueError):
        cells.read_hours(text)


@pytest.mark.parametrize(
    ("text", "phone"),
    [("090-1234-5678", "09012345678"), ("９０１２３４５６７８", "09012345678"),
     ("(0226) 22-6600", "0226226600"), ("226226600", "0226226600"),
     ("+81 90 1234 5678", "09012345678"), ("+1 808 555 0123", "+18085550123")],
)  # fmt: skip
def test_a_telephone_number_gets_back_the_zero_a_spreadsheet_took(text, phone):
    assert cells.read_phone(text) == phone


def test_headings_are_found_in_any_order_with_remarks_and_other_words():
    headings = [
        "No",
        "氏名（必須）",
        "ﾌﾘｶﾞﾅ",
        "※任意",
        "ＴＥＬ",
        "実施年月日",
        "活動の名称",
        "活動開始時刻",
    ]
    found = guess(headings)
    assert found == {
        "name": 1, "kana": 2, "phone": 4, "held_on": 5, "activity": 6, "starts": 7,
    }  # fmt: skip


@given(st.permutations([column.heading for column in COLUMNS]))
def test_the_sample_form_is_recognised_in_every_order(headings):
    found = guess(headings)
    assert {name: headings[at] for name, at in found.items()} == {
        column.name: column.heading for column in COLUMNS
    }
    assert faults_of_places(found) == {}


@pytest.mark.parametrize(
    ("heading", "name"),
    [("行事名", "activity"), ("行事", "activity"), ("催し名", "activity"), ("取組名", "activity"),
     ("行事名（必須）", "activity"), ("月日", "held_on"), ("日程", "held_on")],
)  # fmt: skip
def test_other_usual_headings_are_known(heading, name):
    assert guess([heading, "会場"]) == {name: 0, "place": 1}
    assert guess(["行事名", "行事の会場"]) == {"activity": 0, "place": 1}


def test_titles_may_stand_above_the_headings():
    rows = [
        ("令和8年度 実績報告", "", ""),
        ("", "", ""),
        ("活動名", "活動日", "氏名"),
        ("清掃", "R8.4.1", "山"),
    ]
    assert find_headings(rows) == 2


def test_what_is_missing_or_chosen_twice_is_said():
    assert faults_of_places({"activity": 0, "held_on": 0, "hours": 2}) == {
        "name": "missing",
        "activity": "chosen_twice",
        "held_on": "chosen_twice",
        "birth_date": "one_of_two",
    }


def test_a_row_without_faults():
    (one,) = judged(GOOD)
    entry = one.entry
    assert entry is not None
    assert (entry.row, entry.activity, entry.held_on) == (2, "清掃", date(2026, 4, 12))
    assert (entry.starts, entry.hours) == (None, Decimal(3))
    assert entry.ends_at - entry.starts_at == timedelta(hours=3)
    assert entry.person == Person("藤原 花子", "", date(1963, 4, 2), "09012345678")


@pytest.mark.parametrize(
    ("day", "code"),
    [("2026-03-31", "before_first_day"), ("2026-04-01", None), ("2026-11-20", None),
     ("2026-11-21", "in_future"), ("", "missing"), ("いつか", "not_a_day")],
)  # fmt: skip
def test_first_and_last_day(day, code):
    assert faults(GOOD[0], day, *GOOD[2:]) == ([("held_on", code)] if code else [])


def test_after_check_in_by_code_began_the_list_is_over():
    bounds = Bounds(BOUNDS.first, date(2026, 9, 1), by_code=True)
    late = (GOOD[0], "2026-09-02", *GOOD[2:])
    assert faults(*late, bounds=bounds) == [("held_on", "after_code_began")]
    assert faults(GOOD[0], "2026-09-01", *GOOD[2:], bounds=bounds) == []


@pytest.mark.parametrize(
    ("at", "text", "fault"),
    [
        (0, "", ("activity", "missing")),
        (0, "清" * 256, ("activity", "too_long")),
        (2, "", ("hours", "no_hours")),
        (2, "30", ("hours", "not_hours")),
        (3, "", ("name", "missing")),
        (3, "123456789018", ("name", "my_number")),
        (4, "1963-13-01", ("birth_date", "not_a_day")),
        (4, "2026-04-13", ("birth_date", "born_later")),
        (5, "電話なし", ("phone", "not_a_phone")),
        (3, FORMULA + "=A1", ("name", "formula")),
    ],
)
def test_each_fault_is_told_with_its_cell(at, text, fault):
    row = [*GOOD]
    row[at] = text
    assert faults(*row) == [fault]


def test_all_faults_of_a_row_are_told_at_once():
    found = faults("", "2026-03-31", "x", "", "", "")
    assert found == [
        ("activity", "missing"),
        ("held_on", "before_first_day"),
        ("hours", "not_hours"),
        ("birth_date", "needs_birth_date_or_phone"),
        ("name", "missing"),
    ]


def test_times_and_a_range_in_one_cell():
    places = {"activity": 0, "held_on": 1, "starts": 2, "ends": 3, "name": 4, "phone": 5}
    both, (one,) = (
        judged(
            ("清掃", "2026-04-12", "9時～11時30分", "", "藤原 花子", "09012345678"), places=places
        )[0],
        judged(("清掃", "2026-04-12", "9:00", "11:30", "藤原 花子", "09012345678"), places=places),
    )
    assert both.entry == one.entry
    assert one.entry is not None
    assert (one.entry.starts, one.entry.ends) == (time(9), time(11, 30))
    assert one.entry.hours == Decimal("2.5")
    late = ("清掃", "2026-04-12", "13:00", "9:00", "藤原 花子", "09012345678")
    assert faults(*late, places=places) == [("ends", "end_before_start")]


def test_of_rows_that_say_the_same_the_first_is_taken():
    same = (GOOD[0], "R8.4.12", "3", "藤原花子", "S38/4/2", "090-1234-5678")
    first, second, other = judged(GOOD, same, (GOOD[0], "2026-04-13", *GOOD[2:]))
    assert first.entry and other.entry
    assert [(f.code, f.data["row"]) for f in second.faults] == [("repeated", 2)]


def test_a_session_has_one_name_at_one_municipality():
    (one,) = judged(GOOD)
    (other,) = judged(("清　掃", *GOOD[1:3], "山田 太郎", "", "0226226600"))
    assert one.entry and other.entry
    assert one.entry.session_uuid("042056") == other.entry.session_uuid("042056")
    assert one.entry.session_uuid("042056") != one.entry.session_uuid("212172")


PERSON = Person("藤原 花子", "フジワラ ハナコ", date(1963, 4, 2), "09012345678")


def known(name="藤原 花子", kana="フジワラ ハナコ", born=date(1963, 4, 2), phone="09012345678"):
    return Known(uuid4(), name, kana, born, phone)


@pytest.mark.parametrize(
    ("other", "how"),
    [
        (known(), Likeness.SAME),
        (known(name="藤原花子", phone="090-1234-5678"), Likeness.SAME),
        (known(kana=""), Likeness.SAME),
        (known(name="藤原 華子"), Likeness.NEAR),
        (known(born=date(1963, 4, 3)), Likeness.NEAR),
        (known(phone="0226226600"), Likeness.NEAR),
        (known(phone=""), Likeness.NEAR),
        (known(born=date(1990, 1, 1), phone="0226226600"), Likeness.OTHER),
        (known(name="山田 太郎", kana="ヤマダ タロウ"), Likeness.OTHER),
    ],
)
def test_what_agrees_is_one_person_and_in_part_is_for_staff(other, how):
    assert likeness(PERSON, other) is how


def test_two_that_agree_in_everything_are_for_staff():
    twins = (known(), known())
    assert decide(PERSON, twins).owner is None
    assert decide(PERSON, twins).candidates == twins
    one, near = known(), known(name="藤原 華子")
    assert decide(PERSON, (near, one)).owner == one
    assert decide(PERSON, ()).candidates == ()


@given(st.builds(Person, st.text(min_size=1), st.text(), st.none() | ANY_DAY, st.text()))
def test_a_person_is_the_same_after_being_stored(person):
    assert Person.from_json(person.to_json()) == person


@given(st.text(max_size=30))
def test_keys_of_keys_are_the_same(text):
    assert name_key(name_key(text)) == name_key(text)
    assert kana_key(kana_key(text)) == kana_key(text)


def test_a_claim_needs_all_three():
    assert may_claim(PERSON, "藤原花子", date(1963, 4, 2), "090-1234-5678")
    assert not may_claim(PERSON, "藤原花子", date(1963, 4, 2), "")
    assert not may_claim(PERSON, "藤原花", date(1963, 4, 2), "09012345678")
    nobody = Person("藤原 花子", phone="09012345678")
    assert not may_claim(nobody, "藤原花子", date(1963, 4, 2), "09012345678")
