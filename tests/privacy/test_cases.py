"""A resident's requests on the portal."""

from __future__ import annotations

from datetime import date
from uuid import uuid4

import pytest
import time_machine

from common import clock
from notifications.models import OutboxMessage
from notifications.operations import deliver_next
from privacy import registry
from privacy.enums import CaseDecision, CaseStatus
from privacy.models import Case
from privacy.operations.cases import check_identity, decide, extend, finish, set_term, write_note
from registration.operations import leave
from tenants.context import municipality_context
from tests.factories.accounts import signed_in_client
from tests.factories.privacy import a_case, make_registrants
from tests.factories.staff import make_member

pytestmark = pytest.mark.django_db
NEW = "/my/requests/new/correction/"


def text_of(response) -> str:
    assert response.status_code == 200
    return response.content.decode()


@pytest.fixture
def registration(kesennuma):
    (made,) = make_registrants(kesennuma, 1)
    return made


@pytest.fixture
def client_of(registration):
    return signed_in_client(registration.resident.user)


@pytest.fixture
def officer(kesennuma):
    return make_member(kesennuma, "registration_officer", name="担当 職員夫")


def filled(**fields):
    return {
        "place": "042056",
        "subject": "住所",
        "wanted": "南町2丁目",
        "key": str(uuid4()),
        **fields,
    }


def test_one_asks_whoever_holds_something_or_did_and_the_platform(
    client_of, registration, kesennuma, hida
):
    leave(registration)
    page = text_of(client_of.get(NEW))
    for words in ("宮城県気仙沼市", "このシステムの運営者"):
        assert words in page
    assert "飛騨市" not in page
    assert "place" in client_of.post(NEW, filled(place="212172")).context["form"].errors
    assert not Case.objects.exists()


def test_a_request_is_received_with_deadline_and_mails(
    client_of, registration, kesennuma, officer, mailoutbox
):
    with time_machine.travel("2026-12-01 10:00+09:00"):
        sent = filled()
        answers = [client_of.post(NEW, sent) for _time in range(2)]
        case = Case.objects.get()
        assert {answer["Location"] for answer in answers} == {f"/my/requests/{case.pk}/"}
        assert (case.deadline, case.received_on) == (date(2026, 12, 31), date(2026, 12, 1))
        assert case.applicant_name == registration.resident.name
        while deliver_next_not_mail():
            pass
        mine, office = mailoutbox
    assert mine.to == [registration.resident.user.email]
    assert case.number in mine.subject
    assert f"/my/requests/{case.pk}/" in mine.body
    assert office.to == [officer.email]
    for mail in (mine, office):
        assert "住所" not in mail.body, "no mail says what it is about"
    page = text_of(client_of.get(f"/my/requests/{case.pk}/"))
    for words in ("受付", "令和8年12月31日（木）までに決定します。", "住所", "南町2丁目"):
        assert words in page


def deliver_next_not_mail() -> bool:
    """What the worker does, but the mail server is not asked."""
    OutboxMessage.objects.filter(kind="mail").update(delivered_at=clock.now())
    return deliver_next()


def test_what_was_typed_is_kept_where_something_lacks(client_of):
    page = text_of(
        client_of.post(NEW, filled(place="", wanted=" ", subject="髙い壁の\n住所 <b>３番</b>"))
    )
    assert "髙い壁の\n住所 &lt;b&gt;３番&lt;/b&gt;" in page
    assert "正しい内容を書いてください。" in page
    assert "請求先を選んでください。" in page
    assert not Case.objects.exists()


@pytest.mark.parametrize(
    ("kind", "asks"), [("disclosure", False), ("correction", True), ("stopping", True)]
)
def test_each_kind_asks_what_it_needs(client_of, kesennuma, kind, asks):
    path = f"/my/requests/new/{kind}/"
    assert ('name="wanted"' in text_of(client_of.get(path))) is asks
    client_of.post(path, filled())
    case = Case.objects.get()
    assert (case.kind, bool(case.wanted)) == (kind, asks)
    assert case.municipality == kesennuma


def test_the_platform_itself_can_be_asked(client_of):
    client_of.post("/my/requests/new/disclosure/", filled(place="platform"))
    assert Case.objects.get().municipality is None


def test_others_do_not_find_it(client_of, registration, kesennuma):
    case = a_case(registration.resident, kesennuma)
    (other,) = make_registrants(kesennuma, 1)
    assert signed_in_client(other.resident.user).get(f"/my/requests/{case.pk}/").status_code == 404


def test_the_municipality_s_days_count(registration, kesennuma, hida):
    set_term(kesennuma, 14)
    with time_machine.travel("2026-12-01 10:00+09:00"):
        assert a_case(registration.resident, kesennuma).deadline == date(2026, 12, 15)
        assert a_case(registration.resident, hida).deadline == date(2026, 12, 31)
        assert a_case(registration.resident, None).deadline == date(2026, 12, 31)


def test_state_answer_and_a_mail_at_each_step(
    client_of, registration, kesennuma, officer, mailoutbox
):
    case = a_case(registration.resident, kesennuma)
    path = f"/my/requests/{case.pk}/"
    with municipality_context(kesennuma):
        write_note(case.pk, officer, "内輪の話")
        check_identity(case.pk, officer, "運転免許証を確認")
        assert "本人確認済み" in text_of(client_of.get(path))
        extend(case.pk, officer, 10, "書庫を調べるため")
        assert "書庫を調べるため" in text_of(client_of.get(path))
        decide(case.pk, officer, CaseDecision.PARTLY, "ほかの人の情報を除きます。")
        decide(case.pk, officer, CaseDecision.PARTLY, "もう一度")
        finish(case.pk, officer, "写しを郵送しました。")
    page = text_of(client_of.get(path))
    for words in ("完了：一部応じます", "ほかの人の情報を除きます。", "写しを郵送しました。"):
        assert words in page
    for words in ("内輪の話", "運転免許証", "担当 職員夫", "もう一度"):
        assert words not in page
    own = [mail for mail in mailoutbox if mail.to == [registration.resident.user.email]]
    assert len(own) == 5, "received, identity, extended, decided, done: one each"
    case.refresh_from_db()
    assert case.status == CaseStatus.DONE


def test_a_granted_disclosure_leads_to_the_data_once_there_is_such_a_page(
    client_of, registration, kesennuma, officer, monkeypatch
):
    case = a_case(registration.resident, kesennuma)
    path = f"/my/requests/{case.pk}/"
    monkeypatch.setattr(registry, "_data_links", [lambda asked: f"/my/data/{asked.kind}/"])
    assert "/my/data/disclosure/" not in text_of(client_of.get(path))
    with municipality_context(kesennuma):
        check_identity(case.pk, officer, "免許証")
        decide(case.pk, officer, CaseDecision.GRANTED, "")
    assert 'href="/my/data/disclosure/"' in text_of(client_of.get(path))
    monkeypatch.setattr(registry, "_data_links", [])
    assert "データを見る" not in text_of(client_of.get(path))


def test_my_requests_are_listed_and_my_page_leads_there(client_of, registration, kesennuma, hida):
    (other,) = make_registrants(hida, 1)
    case = a_case(registration.resident, kesennuma)
    theirs = a_case(other.resident, hida)
    page = text_of(client_of.get("/my/requests/"))
    assert f"/my/requests/{case.pk}/" in page
    assert f"/my/requests/{theirs.pk}/" not in page
    my_page = text_of(client_of.get("/my/"))
    assert 'href="/my/requests/"' in my_page
    assert 'href="/my/access/"' in my_page
