"""Requests as the office handles them: a municipality's staff, and the operator."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import uuid4

import pytest
import time_machine
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from common.refusal import Refused
from privacy.enums import CaseDecision, CaseEventKind
from privacy.models import Case, CaseEvent, CaseTerm
from privacy.operations.cases import check_identity, decide, extend, finish
from privacy.tasks import remind_of_cases
from tenants.context import municipality_context
from tests.factories.accounts import signed_in_client
from tests.factories.privacy import a_case, make_registrants
from tests.factories.staff import make_member, staff_client
from tests.factories.tenants import operator_client

pytestmark = pytest.mark.django_db
LIST = "/admin/cases/"


def text_of(response) -> str:
    assert response.status_code == 200
    return response.content.decode()


@pytest.fixture
def officer(kesennuma):
    return make_member(kesennuma, "registration_officer", name="担当 職員夫")


@pytest.fixture
def desk(officer, kesennuma):
    return signed_in_client(officer, kesennuma, admin=True)


@pytest.fixture
def case(kesennuma):
    (registration,) = make_registrants(kesennuma, 1)
    with time_machine.travel("2026-12-01 10:00+09:00"):
        return a_case(registration.resident, kesennuma, subject="活動の記録すべて")


def on_paper(**fields):
    return {
        "kind": "stopping",
        "channel": "letter",
        "received_on": "2026-11-20",
        "name": "山田　太郎",
        "contact": "気仙沼市八日町1丁目",
        "email": "",
        "subject": "お知らせの送付先",
        "wanted": "送付をやめる",
        "key": str(uuid4()),
        **fields,
    }


@pytest.mark.parametrize("role", ["editor", "coordinator", "room_moderator", "reader"])
def test_only_who_handles_requests_sees_them(kesennuma, case, role):
    client = staff_client(kesennuma, role)
    for path in (LIST, f"{LIST}{case.pk}/", f"{LIST}{case.pk}/identity/", f"{LIST}term/"):
        assert client.get(path)["Location"] == "/admin/"


def test_another_municipality_s_and_the_platform_s_are_not_there(desk, case, hida):
    (registration,) = make_registrants(hida, 1)
    theirs = a_case(registration.resident, hida)
    platform = a_case(registration.resident, None)
    page = text_of(desk.get(LIST))
    assert case.number in page
    for other in (theirs, platform):
        assert other.number not in page
        for path in (f"{LIST}{other.pk}/", f"{LIST}{other.pk}/identity/"):
            assert desk.get(path).status_code == 404
            assert desk.post(path, {"text": "x"}).status_code in {404, 405}


def test_step_by_step_to_the_end(desk, case):
    path = f"{LIST}{case.pk}/"
    steps = [
        ("identity", {"text": "窓口で運転免許証を確認"}, "identity_checked"),
        ("decide", {"decision": "refused", "text": "ほかの人の権利を守るため"}, "decided"),
        ("finish", {"text": "通知書を郵送"}, "done"),
    ]
    for step, answers, status in steps:
        assert f"{path}{step}/" in text_of(desk.get(path))
        assert text_of(desk.post(f"{path}{step}/", {})), "nothing is taken for granted"
        assert desk.post(f"{path}{step}/", answers)["Location"] == path
        case.refresh_from_db()
        assert case.status == status
        assert f"{path}{step}/" not in text_of(desk.get(path))
    page = text_of(desk.get(path))
    for words in (
        "窓口で運転免許証を確認",
        "ほかの人の権利を守るため",
        "通知書を郵送",
        "担当 職員夫",
    ):
        assert words in page
    kinds = case.events.order_by("pk").values_list("kind", flat=True)
    assert list(kinds) == ["received", "identity_checked", "note", "decided", "done"]


def test_a_refusal_needs_its_reason_and_keeps_what_was_typed(desk, case, officer, kesennuma):
    with municipality_context(kesennuma):
        check_identity(case.pk, officer, "免許証")
    page = text_of(desk.post(f"{LIST}{case.pk}/decide/", {"decision": "refused", "text": ""}))
    assert "理由を書いてください" in page
    assert "checked" in page
    with pytest.raises(IntegrityError), transaction.atomic():
        Case.objects.filter(pk=case.pk).update(status="decided")


def test_no_step_is_left_out(desk, case):
    answer = desk.post(f"{LIST}{case.pk}/finish/", {"text": "済み"}, follow=True)
    assert "「受付」のため" in text_of(answer)
    case.refresh_from_db()
    assert case.status == "received"


def test_steps_are_safe_to_repeat(case, officer, kesennuma, mailoutbox):
    with municipality_context(kesennuma):
        for _time in range(2):
            check_identity(case.pk, officer, "免許証")
        for _time in range(2):
            decide(case.pk, officer, CaseDecision.GRANTED, "")
        for _time in range(2):
            finish(case.pk, officer, "済み")
        with pytest.raises(Refused, match="step_not_open"):
            check_identity(case.pk, officer, "免許証")
    assert case.events.count() == 5
    assert len(mailoutbox) == 3


def test_extended_once_with_a_reason(desk, case, settings):
    # The desk was opened before the journey in time.
    settings.STAFF_IDLE_MINUTES = settings.STAFF_SESSION_HOURS = 60 * 24 * 365
    with time_machine.travel("2026-12-20 10:00+09:00"):
        path = f"{LIST}{case.pk}/extend/"
        assert "1から30まで" in text_of(desk.post(path, {"days": 31, "text": "多いため"}))
        assert "理由を書いてください" in text_of(desk.post(path, {"days": 30, "text": ""}))
        desk.post(path, {"days": 30, "text": "量が多いため"})
        case.refresh_from_db()
        assert (case.extended_from, case.deadline) == (date(2026, 12, 31), date(2027, 1, 30))
        page = text_of(desk.post(path, {"days": 1, "text": "もっと"}, follow=True))
        assert "1回だけ" in page
        case.refresh_from_db()
        assert case.deadline == date(2027, 1, 30)


def test_after_the_deadline_it_cannot_be_extended(case, officer, kesennuma):
    with (
        time_machine.travel("2027-01-01 10:00+09:00"),
        municipality_context(kesennuma),
        pytest.raises(Refused, match="cannot_extend"),
    ):
        extend(case.pk, officer, 10, "遅れたため")


def test_a_request_on_paper(desk, kesennuma, mailoutbox):
    with time_machine.travel("2026-11-24 10:00+09:00"):
        wrong = on_paper(received_on="2026-11-25", wanted="", name="")
        page = text_of(desk.post(f"{LIST}new/", wrong))
        assert "先の日付は入力できません。" in page
        assert "気仙沼市八日町1丁目" in page
        sent = on_paper()
        for _time in range(2):
            answer = desk.post(f"{LIST}new/", sent)
        case = Case.objects.get()
    assert answer["Location"] == f"{LIST}{case.pk}/"
    assert (case.applicant_name, case.channel, case.resident) == ("山田 太郎", "letter", None)
    assert case.deadline == date(2026, 12, 20)
    assert len(mailoutbox) == 0, "nobody to mail to"


def test_somebody_is_put_in_charge_who_handles_requests_here(desk, case, officer, kesennuma, hida):
    stranger = make_member(hida, "administrator", name="飛騨の人")
    path = f"{LIST}{case.pk}/assign/"
    assert "飛騨の人" not in text_of(desk.get(path))
    desk.post(path, {"to": stranger.pk})
    case.refresh_from_db()
    assert case.assigned_to is None
    for _time in range(2):
        desk.post(path, {"to": officer.pk})
    case.refresh_from_db()
    assert case.assigned_to == officer
    assert case.events.filter(kind=CaseEventKind.ASSIGNED).count() == 1
    assert "担当 職員夫" in text_of(desk.get(LIST))


def test_days_until_the_decision_are_set_here_alone(desk, kesennuma, hida):
    for wrong in ("0", "31", "x", ""):
        assert "1から30まで" in text_of(desk.post(f"{LIST}term/", {"days": wrong}))
    desk.post(f"{LIST}term/", {"days": 14})
    assert CaseTerm.objects.days_at(kesennuma) == 14
    assert CaseTerm.objects.days_at(hida) == 30


def test_overdue_is_a_word_and_red(case, officer, kesennuma):
    with time_machine.travel("2026-12-31 10:00+09:00"):
        page = text_of(signed_in_client(officer, kesennuma, admin=True).get(LIST))
        assert ">期限切れ</strong>" not in page
        assert "あと0日" in page
    with time_machine.travel("2027-01-01 10:00+09:00"):
        desk = signed_in_client(officer, kesennuma, admin=True)
        page = text_of(desk.get(LIST))
        assert 'w-text-critical-200">期限切れ</strong>' in page
        assert "うち期限切れ：1件" in page
        assert case.number in text_of(desk.get(f"{LIST}?state=overdue"))
        assert case.number not in text_of(desk.get(f"{LIST}?state=done"))


def test_what_is_due_first_stands_first_and_costs_the_same(
    desk, case, kesennuma, django_assert_num_queries
):
    with time_machine.travel("2026-11-20 10:00+09:00"):
        sooner = a_case(case.resident, kesennuma)
    page = text_of(desk.get(LIST))
    assert page.index(sooner.number) < page.index(case.number)
    with CaptureQueriesContext(connection) as few:
        desk.get(LIST)
    for _more in range(10):
        a_case(case.resident, kesennuma)
    with django_assert_num_queries(len(few)):
        desk.get(LIST)


# Reminders


def test_a_week_before_and_on_the_day_once_each_and_to_this_office_alone(
    case, officer, kesennuma, hida, mailoutbox
):
    administrator = make_member(kesennuma, "administrator")
    make_member(kesennuma, "reader")
    (other,) = make_registrants(hida, 1)
    theirs = make_member(hida, "registration_officer")
    with time_machine.travel("2026-12-05 10:00+09:00"):
        later = a_case(other.resident, hida)
    before, told = len(mailoutbox), []
    # From the 20th to the 10th of January, the clock running twice a day.
    for day in range(22):
        with time_machine.travel("2026-12-20 07:30+09:00") as traveller:
            traveller.shift(timedelta(days=day))
            remind_of_cases()
            remind_of_cases()
        mails = list(mailoutbox)[before:]
        told += [(day, mail.to[0]) for mail in mails]
        before += len(mails)
    assert sorted(told) == sorted(
        [(day, who.email) for day in (4, 11) for who in (officer, administrator)]
        + [(day, theirs.email) for day in (8, 15)]
    )
    assert later.deadline == date(2027, 1, 4)
    kinds = CaseEvent.objects.filter(case=case, about=case.deadline).values_list("kind", flat=True)
    assert list(kinds) == ["reminded_before", "reminded_on_the_day"]


def test_a_decided_one_reminds_nobody(case, officer, kesennuma):
    with municipality_context(kesennuma):
        check_identity(case.pk, officer, "免許証")
        decide(case.pk, officer, CaseDecision.GRANTED, "")
    with time_machine.travel("2026-12-31 07:30+09:00"):
        assert remind_of_cases() == 0


def test_an_extended_one_reminds_anew(case, officer, kesennuma):
    with time_machine.travel("2026-12-24 07:30+09:00"):
        assert remind_of_cases() == 1
        with municipality_context(kesennuma):
            extend(case.pk, officer, 30, "量が多いため")
        assert remind_of_cases() == 0
    with time_machine.travel("2027-01-23 07:30+09:00"):
        assert remind_of_cases() == 1


def test_one_office_that_fails_does_not_keep_the_others_waiting(case, hida, officer):
    (other,) = make_registrants(hida, 1)
    make_member(hida, "registration_officer")
    with time_machine.travel("2026-12-01 10:00+09:00"):
        a_case(other.resident, hida)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE privacy_case SET subject = '1:damaged' WHERE id = %s", [case.pk])
    with time_machine.travel("2026-12-31 07:30+09:00"):
        assert remind_of_cases() == 1


# The operator


def test_the_operator_handles_the_platform_s_own(case, settings, mailoutbox):
    settings.OPERATOR_EMAIL = "privacy@platform.example.go.jp"
    with time_machine.travel("2026-12-01 10:00+09:00"):
        own = a_case(case.resident, None, subject="アカウントの情報")
    client = operator_client()
    page = text_of(client.get("/cases/"))
    assert own.number in page
    assert case.number not in page
    assert client.get(f"/cases/{case.pk}/").status_code == 404
    assert "アカウントの情報" in text_of(client.get(f"/cases/{own.pk}/"))
    client.post(f"/cases/{own.pk}/identity/", {"text": "ログイン済みの本人"})
    client.post(f"/cases/{own.pk}/decide/", {"decision": "granted", "text": ""})
    own.refresh_from_db()
    assert own.status == "decided"
    assert client.get(f"/cases/{own.pk}/assign/").status_code == 404
    client.post("/cases/new/", on_paper(received_on="2026-11-24"))
    assert Case.objects.filter(municipality=None).count() == 2
    with time_machine.travel("2026-12-24 07:30+09:00"):
        remind_of_cases()
    assert mailoutbox[-1].to == ["privacy@platform.example.go.jp"]
