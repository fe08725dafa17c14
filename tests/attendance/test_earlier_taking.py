"""A list is taken over once, its people are found, and all of it can be taken back (R20)."""

from __future__ import annotations

from datetime import date, time
from uuid import uuid4

import pytest
from django.db import connection
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from activities.models import Session
from attendance.enums import CheckInMethod, EarlierMatch, EarlierStatus
from attendance.models import (
    ColumnMemory,
    EarlierRecord,
    ImportBatch,
    ImportedActivity,
    ParticipationRecord,
)
from attendance.operations.earlier.deciding import drop, give_to, let_wait
from attendance.operations.earlier.designation import Answer, Statement
from attendance.operations.earlier.forgetting import forget_waiting
from attendance.operations.earlier.matching import candidates_of
from attendance.operations.earlier.undoing import undo_batch
from attendance.operations.earlier.window import bounds_for
from attendance.operations.ledger.amend import void
from common import clock
from common.refusal import Refused
from tenants.context import municipality_context
from tenants.staff.roles import Role
from tests.factories.activities import make_activity, session_values
from tests.factories.earlier import HEADINGS, STATEMENT, hanako, of_taro, row, take
from tests.factories.registration import register_resident
from tests.factories.staff import make_member
from tests.registration.test_progress import took_part

pytestmark = pytest.mark.django_db


@pytest.fixture
def officer(kesennuma):
    return make_member(kesennuma, Role.REGISTRATION_OFFICER)


def states():
    return list(EarlierRecord.objects.order_by("pk").values_list("status", flat=True))


def test_a_registrant_who_agrees_in_everything_is_recorded_at_once(kesennuma, hida, officer):
    resident = hanako()
    registration = register_resident(resident, kesennuma)
    taken = take(kesennuma, officer, [row(), of_taro()])
    assert (taken.recorded, taken.waiting, taken.doubtful, taken.known) == (1, 1, 0, 0)
    record = ParticipationRecord.objects.get()
    assert (record.resident, record.municipality) == (resident, kesennuma)
    assert record.method == CheckInMethod.IMPORTED
    assert record.get_method_display() != "imported"
    assert (record.activity_title, record.organiser) == ("内湾の清掃", "内湾まちづくり協議会")
    assert (record.session_date, record.hours) == (date(2026, 4, 12), 3)
    statement = ImportedActivity.objects.get()
    assert (record.designated, record.designation_basis) == (True, f"imported={statement.pk}")
    assert statement.stated_by == officer
    found, waiting = EarlierRecord.objects.all()
    assert (found.resident, found.record, found.made_record) == (resident, record, True)
    assert found.matched_by_way == EarlierMatch.LISTED
    assert (found.particulars, found.name_key, found.person_key) == (
        None,
        "",
        "",
    ) or not found.person
    assert waiting.person is not None and waiting.person.name == "山田 太郎"
    assert registration.municipality == kesennuma


def test_a_registrant_elsewhere_is_nobody_here(kesennuma, hida, officer):
    register_resident(hanako(), hida)
    assert take(kesennuma, officer, [row()]).waiting == 1


def test_the_same_file_twice_changes_nothing(kesennuma, officer):
    rows = [row(), row(活動日="R8.4.13"), of_taro()]
    first = take(kesennuma, officer, rows)
    again = take(kesennuma, officer, rows)
    assert first.batch is not None
    assert (again.batch, again.known) == (None, 3)
    assert EarlierRecord.objects.count() == 3
    assert ImportBatch.objects.count() == ImportedActivity.objects.count() == 1


def test_the_same_rows_in_another_file_and_order_neither_and_new_ones_come(kesennuma, officer):
    take(kesennuma, officer, [row(), row(活動日="R8.4.13")])
    headings = tuple(reversed(HEADINGS))
    rows = [
        row(活動日="2026/4/13", 生年月日="1963-04-02"),
        row(参加者氏名="藤原花子"),
        row(活動日="R8.4.14"),
    ]
    again = take(kesennuma, officer, [tuple(reversed(cells)) for cells in rows], headings=headings)
    assert (again.known, again.waiting) == (2, 1)
    assert EarlierRecord.objects.count() == 3


@hypothesis_settings(max_examples=8, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(st.sampled_from(["R8.4.1", "R8.4.2", "R8.4.3", "R8.4.4"]), min_size=1, max_size=8),
    st.randoms(use_true_random=False),
)
def test_however_often_and_in_whatever_order_each_row_is_there_once(kesennuma, officer, days, dice):
    before = set(EarlierRecord.objects.values_list("starts_at", flat=True))
    rows = [row(活動日=day) for day in days]
    take(kesennuma, officer, rows)
    dice.shuffle(rows)
    assert take(kesennuma, officer, rows).batch is None
    after = list(EarlierRecord.objects.values_list("starts_at", flat=True))
    assert len(after) == len(set(after)) >= len(before)


def test_two_municipalities_know_nothing_of_each_other(kesennuma, hida, officer):
    take(kesennuma, officer, [row()])
    taken = take(hida, make_member(hida, Role.REGISTRATION_OFFICER), [row()])
    assert (taken.known, taken.waiting) == (0, 1)
    here, there = EarlierRecord.objects.all()
    assert here.session_uuid != there.session_uuid
    assert {here.row_key, here.name_key, here.person_key}.isdisjoint(
        {there.row_key, there.name_key, there.person_key}
    )


def test_the_columns_are_remembered_for_a_file_with_these_headings(kesennuma, officer):
    take(kesennuma, officer, [row()])
    assert ColumnMemory.objects.get().places["name"] == 5


def test_a_list_without_a_row_is_refused(kesennuma, officer):
    with pytest.raises(Refused, match="no_rows"):
        take(kesennuma, officer, [row(活動日="2026-03-31")])


def test_who_registers_later_finds_their_participations(kesennuma, hida, officer):
    take(kesennuma, officer, [row(), row(活動日="R8.4.13"), of_taro()])
    resident = hanako()
    register_resident(resident, hida)
    assert ParticipationRecord.objects.count() == 0
    register_resident(resident, kesennuma)
    assert ParticipationRecord.objects.filter(resident=resident).count() == 2
    assert states() == ["recorded", "recorded", "waiting"]
    ways = set(
        EarlierRecord.objects.filter(resident=resident).values_list("matched_by_way", flat=True)
    )
    assert ways == {EarlierMatch.REGISTERED}


def test_a_participation_that_is_there_already_counts_once(kesennuma, officer):
    """The same person and session by another row: one record, and it is not the second's."""
    resident = hanako()
    register_resident(resident, kesennuma)
    first = take(kesennuma, officer, [row()])
    second = take(
        kesennuma, officer, [row(生年月日="1963/4/2", 参加者氏名="藤原 花子", 電話番号="")]
    )
    assert (first.recorded, second.doubtful) == (1, 1)
    doubtful = EarlierRecord.objects.get(status=EarlierStatus.DOUBTFUL)
    give_to(kesennuma, doubtful.pk, resident.pk, officer)
    doubtful.refresh_from_db()
    assert (ParticipationRecord.objects.count(), doubtful.made_record) == (1, False)


@pytest.mark.parametrize(
    "changes",
    [{"family_name": "藤源"}, {"birth_date": date(1963, 4, 3)}, {"phone": "0226226600"}],
)
def test_who_agrees_in_part_is_for_the_staff(kesennuma, officer, changes):
    resident = hanako(**changes)
    register_resident(resident, kesennuma)
    assert take(kesennuma, officer, [row()]).doubtful == 1
    one = EarlierRecord.objects.get()
    (candidate,) = candidates_of(one)
    assert candidate.resident == resident.pk
    for _twice in range(2):
        give_to(kesennuma, one.pk, resident.pk, officer)
    one.refresh_from_db()
    assert (one.status, one.decided_by) == (EarlierStatus.RECORDED, officer)
    assert one.matched_by_way == EarlierMatch.STAFF
    assert ParticipationRecord.objects.get().resident == resident


def test_who_only_has_the_name_is_nobody(kesennuma, officer):
    register_resident(hanako(birth_date=date(1990, 1, 1), phone="0226226600"), kesennuma)
    assert take(kesennuma, officer, [row()]).waiting == 1


def test_staff_give_a_row_to_a_candidate_and_to_nobody_else(kesennuma, hida, officer):
    near, other = hanako(phone="0226226600"), hanako()
    register_resident(near, kesennuma)
    register_resident(other, hida)
    take(kesennuma, officer, [row()])
    one = EarlierRecord.objects.get()
    with pytest.raises(Refused, match="no_candidate"):
        give_to(kesennuma, one.pk, other.pk, officer)
    with pytest.raises(EarlierRecord.DoesNotExist):
        give_to(hida, one.pk, near.pk, officer)
    let_wait(kesennuma, one.pk, officer)
    assert states() == ["waiting"]
    drop(kesennuma, one.pk, officer)
    drop(kesennuma, one.pk, officer)
    one.refresh_from_db()
    assert (one.status, one.person) == (EarlierStatus.DROPPED, None)
    with pytest.raises(Refused, match="settled"):
        give_to(kesennuma, one.pk, near.pk, officer)
    assert take(kesennuma, officer, [row()]).known == 1, "dropped stays dropped"


def test_what_waits_can_be_taken_back_and_taken_over_again(kesennuma, hida, officer):
    batch = take(kesennuma, officer, [row(), row(活動日="R8.4.13")]).batch
    with pytest.raises(Refused, match="reason_missing"):
        undo_batch(kesennuma, batch.pk, officer, " ")
    with pytest.raises(ImportBatch.DoesNotExist):
        undo_batch(hida, batch.pk, officer, "別の自治体")
    colleague = make_member(kesennuma, Role.ADMINISTRATOR)
    undo_batch(kesennuma, batch.pk, officer, "別の年度の名簿でした")
    undo_batch(kesennuma, batch.pk, colleague, "もう一度")
    batch.refresh_from_db()
    assert (batch.undone_by, batch.undone_reason) == (officer, "別の年度の名簿でした")
    assert states() == ["undone", "undone"]
    assert all(one.person is None and not one.name_key for one in EarlierRecord.objects.all())
    register_resident(hanako(), kesennuma)
    assert ParticipationRecord.objects.count() == 0
    assert take(kesennuma, officer, [row(), row(活動日="R8.4.13")]).recorded == 2


def test_what_reached_the_ledger_is_voided_and_comes_back_with_the_list(kesennuma, officer):
    from attendance.queries import records_of_person

    resident = hanako()
    register_resident(resident, kesennuma)
    batch = take(kesennuma, officer, [row()]).batch
    assert records_of_person(resident.pk).count() == 1
    undo_batch(kesennuma, batch.pk, officer, "別の年度の名簿でした")
    undo_batch(kesennuma, batch.pk, officer, "もう一度")
    assert records_of_person(resident.pk).count() == 0
    assert ParticipationRecord.objects.count() == 1, "rows of the ledger stay"
    assert take(kesennuma, officer, [row()]).recorded == 1
    assert records_of_person(resident.pk).count() == 1


def test_a_list_that_was_taken_back_comes_again_with_its_designation(kesennuma, officer):
    """The same rows, said to be designated the second time: the ledger's row has it beside it."""
    resident = hanako()
    register_resident(resident, kesennuma)
    batch = take(kesennuma, officer, [row()], answer=Answer(statement=None)).batch
    undo_batch(kesennuma, batch.pk, officer, "指定を書き忘れました")
    for _twice in range(2):
        take(kesennuma, officer, [row()])
    (record,) = ParticipationRecord.objects.counted()
    assert (record.designated, record.counted_designated) == (False, True)
    kinds = record.amendments.order_by("number").values_list("kind", flat=True)
    assert list(kinds) == ["void", "restore", "designate"]
    assert record.amendments.get(kind="designate").counts_from == record.session_date


@pytest.mark.parametrize(
    ("statement", "day", "counts"),
    [
        (STATEMENT, "R8.4.1", True),
        (Statement(True, "理由", True, "理由", date(2026, 4, 2)), "R8.4.1", False),
        (Statement(True, "理由", True, "理由", date(2026, 4, 2)), "R8.4.2", True),
        (Statement(False, "理由", True, "理由", date(2026, 4, 1)), "R8.4.2", False),
        (None, "R8.4.2", False),
    ],
)
def test_it_counts_only_if_a_designation_covers_its_day(kesennuma, officer, statement, day, counts):
    register_resident(hanako(), kesennuma)
    take(kesennuma, officer, [row(活動日=day)], answer=Answer(statement=statement))
    record = ParticipationRecord.objects.get()
    assert (record.designated, bool(record.designation_basis)) == (counts, counts)


def test_a_page_lends_its_designation_its_kind_and_its_session(kesennuma, officer):
    day = date(2026, 4, 12)
    page = make_activity(
        kesennuma, sessions=[session_values(day, start=time(9))], designated_from=date(2026, 4, 10)
    )
    register_resident(hanako(), kesennuma)
    take(
        kesennuma, officer, [row(), row(活動日="R8.4.9"), row(活動日="R8.4.10")],
        answer=Answer(page=page.pk),
    )  # fmt: skip
    with municipality_context(kesennuma):
        session = Session.objects.get()
    before, on_the_first, on_its_day = ParticipationRecord.objects.order_by("session_date")
    assert [row.designated for row in (before, on_the_first, on_its_day)] == [False, True, True]
    assert on_its_day.session_uuid == session.uuid
    assert on_its_day.designation_basis.startswith("pattern=1;designation=")
    assert on_its_day.category == page.category


def test_after_the_first_check_in_by_code_nothing_may_be_entered(kesennuma, hida):
    assert not bounds_for(kesennuma).by_code
    took_part(hanako(), kesennuma, date(2026, 5, 1))
    bounds = bounds_for(kesennuma)
    assert (bounds.first, bounds.last, bounds.by_code) == (
        date(2026, 4, 1), date(2026, 5, 1), True,
    )  # fmt: skip
    assert bounds_for(hida).last == clock.today()


def test_a_voided_reading_of_a_code_shuts_nobody_out(kesennuma, officer):
    trial = took_part(hanako(), kesennuma, date(2026, 5, 1))
    void(trial, officer, "試し読み")
    assert not bounds_for(kesennuma).by_code
    took_part(hanako(), kesennuma, date(2026, 6, 1))
    assert bounds_for(kesennuma).last == date(2026, 6, 1)


def test_who_never_comes_is_forgotten(kesennuma, officer, settings):
    register_resident(hanako(), kesennuma)
    take(kesennuma, officer, [row(), of_taro()])
    assert forget_waiting() == 0
    settings.EARLIER_RECORD_DAYS = -1
    assert forget_waiting() == 1
    assert states() == ["recorded"]


def test_a_registration_of_somebody_nobody_waits_for_costs_one_query(
    kesennuma, django_assert_num_queries
):
    from attendance.operations.earlier.matching import match_registered

    with django_assert_num_queries(1):
        assert match_registered(kesennuma, uuid4(), "山田 太郎", "ヤマダ タロウ") == 0


def test_taking_over_does_not_ask_once_a_row(kesennuma, officer, django_assert_max_num_queries):
    rows = [of_taro(n, 活動日=f"R8.4.{1 + n % 28}") for n in range(400)]
    with django_assert_max_num_queries(30):
        assert take(kesennuma, officer, rows).waiting == 400


def test_nothing_of_who_waits_can_be_read_in_the_database(kesennuma, officer):
    """Not by whoever has a copy of it: neither names nor numbers, in any table of lists."""
    take(kesennuma, officer, [row(), of_taro()])
    with connection.cursor() as cursor:
        for table in ("earlierrecord", "importbatch", "importedactivity", "columnmemory"):
            cursor.execute(f"SELECT string_agg(t::text, ' ') FROM attendance_{table} t")
            (text,) = cursor.fetchone()
            for clear in (
                "藤原",
                "花子",
                "ハナコ",
                "1963",
                "S38",
                "09012345678",
                "山田",
                "0226226600",
            ):
                assert clear not in text, table
