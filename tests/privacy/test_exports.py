"""Exports: alone up to a thousand rows a day, beyond that with a second person."""

from __future__ import annotations

import io
from datetime import timedelta

import pytest
import time_machine
from django.db import IntegrityError, connection, transaction
from openpyxl import load_workbook

from common import clock
from common.refusal import Refused
from notifications.models import OutboxMessage
from notifications.operations import deliver_next
from privacy.enums import ExportEvent, ExportStatus, FileFormat, Particular
from privacy.models import Export, ExportFile, ExportRecord, ExportSubject
from privacy.operations.exports import (
    approve_export,
    delete_files_with,
    fetch_file,
    refuse_export,
    request_export,
)
from privacy.tasks import end_exports
from registration.models import Registration
from registration.operations import leave
from registration.operations.export import REGISTRANTS, make_file
from tenants.context import municipality_context
from tests.factories.accounts import ResidentFactory
from tests.factories.privacy import a_wish, export, make_registrants
from tests.factories.registration import register_resident
from tests.factories.staff import make_member
from tests.privacy.test_spreadsheets import read_csv

pytestmark = pytest.mark.django_db


@pytest.fixture
def officer(kesennuma):
    return make_member(kesennuma, "registration_officer", name="登録 花子")


@pytest.fixture
def colleague(kesennuma):
    return make_member(kesennuma, "administrator", name="課長 太郎")


def ask_for(municipality, account, rows, **fields):
    """An export of so many rows; which ones does not matter to the limit."""
    with municipality_context(municipality):
        wish = a_wish(municipality, selection=list(range(1, rows + 1)), **fields)
        return request_export(municipality, account, wish)


def approved(municipality, export_id, account):
    with municipality_context(municipality):
        return approve_export(export_id, account)


def fetched(municipality, export_id, account):
    with municipality_context(municipality):
        return fetch_file(export_id, account)[1]


def work_off(kind=REGISTRANTS):
    """Have the worker deliver what waits; mails are left to their own tests."""
    OutboxMessage.objects.exclude(kind=kind).update(delivered_at=clock.now())
    while deliver_next():
        pass


def test_a_small_export_is_made_at_once_and_its_fetching_recorded(kesennuma, hida, officer):
    here = make_registrants(kesennuma, 2)
    make_registrants(hida, 1)
    made = export(kesennuma, officer)
    assert (made.status, made.row_count, made.made_count) == ("ready", 2, 2)
    assert not ExportRecord.objects.filter(event=ExportEvent.EXPORTED).exists()
    rows = read_csv(fetched(kesennuma, made.pk, officer))
    assert rows[0] == ["名前", "住所"]
    assert {row[0] for row in rows[1:]} == {registration.name for registration in here}
    fetched(kesennuma, made.pk, officer)
    records = ExportRecord.objects.filter(event=ExportEvent.EXPORTED)
    assert records.count() == 2, "each time is a line of its own"
    line = records.first()
    assert line.row_count == 2
    assert line.purpose == "notices"
    assert line.note == "秋の便りの宛名"
    assert line.particulars == ["name", "address"]
    assert line.actor_name == "登録 花子"
    assert line.offices == ["登録担当"]


def test_excel_holds_the_same(kesennuma, officer):
    (registration,) = make_registrants(kesennuma, 1)
    made = export(
        kesennuma,
        officer,
        file_format=FileFormat.XLSX,
        particulars=[Particular.NUMBER, Particular.BIRTH_DATE, Particular.PHONE],
    )
    sheet = load_workbook(io.BytesIO(fetched(kesennuma, made.pk, officer))).active
    rows = list(sheet.iter_rows(values_only=True))
    assert rows == [("登録番号", "生年月日", "電話番号"), (registration.number, "1988-04-02", None)]


def test_a_name_that_is_a_formula_is_no_formula_in_the_file(kesennuma, officer):
    make_registrants(kesennuma, 1, family_name='=HYPERLINK("http://x.example")', given_name="@花")
    made = export(kesennuma, officer, particulars=[Particular.NAME])
    assert read_csv(fetched(kesennuma, made.pk, officer))[1][0].startswith("'=HYPERLINK")


def test_no_name_stands_in_the_database_in_clear(kesennuma, officer):
    (registration,) = make_registrants(kesennuma, 1)
    export(kesennuma, officer, particulars=[Particular.NAME, Particular.ADDRESS])
    with connection.cursor() as cursor:
        cursor.execute("SELECT content FROM privacy_exportfile")
        (content,) = cursor.fetchone()
    assert registration.family_name not in content
    assert content.split(":")[0].isdigit(), "under a key of its own"


def test_beyond_a_thousand_rows_nothing_is_made_alone(kesennuma, officer, colleague, mailoutbox):
    waiting = ask_for(kesennuma, officer, 1_001)
    assert waiting.status == ExportStatus.WAITING
    with municipality_context(kesennuma):
        make_file(waiting.pk)
    work_off()
    assert not ExportFile.objects.exists()
    assert [mail.to for mail in mailoutbox] == [[colleague.email]], "not the one who asked"
    with pytest.raises(Refused, match="no_file"):
        fetched(kesennuma, waiting.pk, officer)


def test_cut_into_two_it_waits_all_the_same(kesennuma, officer, colleague):
    with time_machine.travel("2026-12-01 09:00+09:00", tick=False) as traveller:
        assert ask_for(kesennuma, officer, 900).status == ExportStatus.APPROVED
        assert ask_for(kesennuma, officer, 900).status == ExportStatus.WAITING
        assert ask_for(kesennuma, officer, 100).status == ExportStatus.APPROVED
        assert ask_for(kesennuma, officer, 1).status == ExportStatus.WAITING
        assert ask_for(kesennuma, colleague, 900).status == ExportStatus.APPROVED
        traveller.shift(timedelta(hours=24))
        assert ask_for(kesennuma, officer, 900).status == ExportStatus.APPROVED


def test_nobody_approves_their_own(kesennuma, officer):
    waiting = ask_for(kesennuma, officer, 2_000)
    with pytest.raises(Refused, match="own_export"):
        approved(kesennuma, waiting.pk, officer)
    with pytest.raises(Refused, match="own_export"), municipality_context(kesennuma):
        refuse_export(waiting.pk, officer, "")
    with pytest.raises(IntegrityError), transaction.atomic():
        Export.objects.filter(pk=waiting.pk).update(status="approved", decided_by=officer)
    with pytest.raises(IntegrityError), transaction.atomic():
        Export.objects.filter(pk=waiting.pk).update(status="ready")


def test_approved_twice_there_is_one_file_of_exactly_those_people(kesennuma, officer, colleague):
    gone, *stayed = make_registrants(kesennuma, 3)
    ask_for(kesennuma, officer, 1_000)  # today's share is used up
    waiting = export(kesennuma, officer)
    assert waiting.status == ExportStatus.WAITING
    assert set(waiting.selection) == {row.pk for row in [gone, *stayed]}
    leave(gone)
    register_resident(ResidentFactory(), kesennuma)
    for _time in range(2):
        approved(kesennuma, waiting.pk, colleague)
    assert OutboxMessage.objects.filter(kind=REGISTRANTS, delivered_at=None).count() == 1
    work_off()
    with municipality_context(kesennuma):
        make_file(waiting.pk)  # the worker was killed after committing and begins again
    assert ExportFile.objects.count() == 1
    waiting.refresh_from_db()
    assert (waiting.status, waiting.row_count, waiting.made_count) == ("ready", 3, 2)
    assert waiting.decider_name == "課長 太郎"
    inside = ExportSubject.objects.filter(export=waiting).values_list("resident_id", flat=True)
    assert set(inside) == {row.resident_id for row in stayed}
    rows = read_csv(fetched(kesennuma, waiting.pk, officer))
    assert len(rows) == 3
    events = waiting.records.order_by("pk").values_list("event", flat=True)
    assert list(events) == ["requested", "approved", "made", "exported"]


def test_the_file_is_the_requester_s_alone(kesennuma, officer, colleague):
    make_registrants(kesennuma, 1)
    made = export(kesennuma, officer)
    with pytest.raises(Refused, match="not_yours"):
        fetched(kesennuma, made.pk, colleague)


def test_refused_with_a_reason_it_stays_refused(kesennuma, officer, colleague, mailoutbox):
    waiting = ask_for(kesennuma, officer, 2_000)
    with municipality_context(kesennuma):
        refuse_export(waiting.pk, colleague, "住所は要りません。")
        refuse_export(waiting.pk, colleague, "もう一度")
    assert mailoutbox[-1].to == [officer.email]
    assert "住所は要りません。" in mailoutbox[-1].body
    assert len(mailoutbox) == 2
    with pytest.raises(Refused, match="export_refused"):
        approved(kesennuma, waiting.pk, colleague)


def test_after_seven_days_nobody_can_approve(kesennuma, officer, colleague):
    with time_machine.travel("2026-12-01 09:00+09:00", tick=False) as traveller:
        waiting = ask_for(kesennuma, officer, 2_000)
        traveller.shift(timedelta(days=7, seconds=-1))
        assert end_exports() == 0
        traveller.shift(timedelta(seconds=1))
        with pytest.raises(Refused, match="export_lapsed"):
            approved(kesennuma, waiting.pk, colleague)
        assert end_exports() == 1
        assert end_exports() == 0
        waiting.refresh_from_db()
        assert waiting.status == ExportStatus.LAPSED
        with pytest.raises(Refused, match="export_lapsed"):
            approved(kesennuma, waiting.pk, colleague)


def test_after_a_day_the_file_is_gone_here_and_there(kesennuma, hida, officer):
    make_registrants(kesennuma, 1)
    make_registrants(hida, 1)
    other = make_member(hida, "registration_officer")
    with time_machine.travel("2026-12-01 09:00+09:00", tick=False) as traveller:
        made, theirs = export(kesennuma, officer), export(hida, other)
        traveller.shift(timedelta(hours=23, minutes=59))
        assert end_exports() == 0
        assert fetched(kesennuma, made.pk, officer)
        traveller.shift(timedelta(minutes=1))
        with pytest.raises(Refused, match="no_file"):
            fetched(kesennuma, made.pk, officer)
        assert end_exports() == 2
    assert not ExportFile.objects.exists()
    for one in (made, theirs):
        one.refresh_from_db()
        assert one.status == ExportStatus.GONE
        assert one.records.filter(event=ExportEvent.DELETED).count() == 1


def test_the_same_form_sent_twice_is_one_export(kesennuma, officer):
    make_registrants(kesennuma, 1)
    with municipality_context(kesennuma):
        wish = a_wish(kesennuma)
        first = request_export(kesennuma, officer, wish)
        assert request_export(kesennuma, officer, wish).pk == first.pk
    assert Export.objects.count() == 1


def test_of_nobody_there_is_no_export(kesennuma, officer):
    assert not Registration.objects.exists()
    with pytest.raises(Refused, match="nothing_to_export"):
        export(kesennuma, officer)


def test_who_closes_the_account_is_in_no_file_any_more(kesennuma, officer):
    leaver, other = make_registrants(kesennuma, 2)
    with_both = export(kesennuma, officer)
    without = export(kesennuma, officer, selection=[other.pk])
    for _twice in range(2):
        delete_files_with([leaver.resident_id])
    with_both.refresh_from_db()
    without.refresh_from_db()
    assert (with_both.status, without.status) == ("gone", "ready")
    assert ExportFile.objects.get().export == without
    assert with_both.records.filter(event="deleted", actor=None).count() == 1
    with municipality_context(kesennuma), pytest.raises(Refused, match="no_file"):
        fetch_file(with_both.pk, officer)
