"""Applications for premium registration in the admin: the queue, one application, deciding."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from common import clock
from privacy.models import AccessRecord
from registration.enums import StayEvidence
from registration.models import PremiumApplication, Stay
from registration.operations.premium import answer, apply, hand_in, tell_stay, withdraw
from registration.queries import standing_at
from tenants.staff.roles import Role
from tests.factories.accounts import signed_in_client
from tests.factories.premium import conditions, make_eligible, make_verified
from tests.factories.registration import register_resident
from tests.factories.staff import make_member, staff_client

pytestmark = pytest.mark.django_db
QUEUE = "/admin/premium/"
PDF = b"%PDF-1.7 a receipt"


def text_of(response) -> str:
    assert response.status_code == 200, response
    return response.content.decode()


def page_of(application) -> str:
    return f"{QUEUE}{application.pk}/"


def application_at(municipality, **fields):
    """Somebody who meets every condition waits for an officer."""
    conditions(municipality, asks_documents=True, documents_wanted="職業の分かる書類")
    return apply(make_eligible(make_verified(**fields), municipality))


@pytest.fixture
def waiting(kesennuma):
    return application_at(kesennuma, family_name="高橋", given_name="美咲")


@pytest.fixture
def officer(kesennuma):
    return make_member(kesennuma, "registration_officer", name="登録 花子")


@pytest.fixture
def desk(officer, kesennuma):
    return signed_in_client(officer, kesennuma, admin=True)


def status_of(application) -> str:
    return PremiumApplication.objects.get(pk=application.pk).status


# The queue


def test_the_queue_shows_name_and_residence_alone(desk, waiting):
    page = text_of(desk.get(QUEUE))
    registration = waiting.registration
    for words in ("高橋 美咲", "千代田区", page_of(waiting), "プレミアム"):
        assert words in page
    secret = (registration.email, registration.address, registration.number)
    assert [words for words in secret if words in page] == []
    assert not AccessRecord.objects.exists()


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", True),
        ("state=submitted", True),
        ("state=returned", False),
        ("state=second", False),
        ("kind=new", True),
        ("kind=renewal", False),
        ("days=2", True),
        ("days=20", False),
        ("days=x&kind=nothing", True),
    ],
)
def test_filters(kesennuma, officer, query, found):
    with time_machine.travel("2026-11-20 10:00+09:00"):
        application_at(kesennuma, family_name="高橋")
    with time_machine.travel("2026-11-23 10:00+09:00"):
        desk = signed_in_client(officer, kesennuma, admin=True)
        assert ("高橋" in text_of(desk.get(f"{QUEUE}?{query}"))) is found


def test_the_oldest_stands_first_and_no_statement_is_made_for_each(desk, kesennuma, waiting):
    def statements() -> int:
        desk.get(QUEUE)
        with CaptureQueriesContext(connection) as asked:
            page = text_of(desk.get(QUEUE))
        assert page.index("高橋") < page.index("鈴木")
        return len(asked)

    apply(make_eligible(make_verified(family_name="鈴木"), kesennuma))
    before = statements()
    apply(make_eligible(make_verified(family_name="鈴木"), kesennuma))
    assert statements() == before


@pytest.mark.parametrize(
    ("role", "decides"),
    [
        (Role.ADMINISTRATOR, True),
        (Role.REGISTRATION_OFFICER, True),
        (Role.COORDINATOR, False),
        (Role.EDITOR, False),
        (Role.ROOM_MODERATOR, False),
        (Role.READER, False),
    ],
)
def test_roles(kesennuma, waiting, role, decides):
    client = staff_client(kesennuma, role)
    assert ("高橋" in client.get(QUEUE).content.decode()) == decides
    assert ("高橋" in client.get(page_of(waiting)).content.decode()) == decides
    client.post(f"{page_of(waiting)}approve/")
    assert (status_of(waiting) == "granted") == decides
    assert AccessRecord.objects.exists() == decides


def test_anothers_application_is_not_there(desk, hida):
    elsewhere = application_at(hida, family_name="飛騨野")
    document = hand_in(elsewhere, "receipt.pdf", PDF)
    assert "飛騨野" not in text_of(desk.get(QUEUE))
    path = page_of(elsewhere)
    assert desk.get(path).status_code == 404
    assert desk.get(f"{path}documents/{document.pk}/").status_code == 404
    assert desk.get(f"{path}letter/").status_code == 404
    for step in ("approve", "ask", "refuse"):
        body = {"text": "何ですか", "reason": "理由"}
        assert desk.post(f"{path}{step}/", body).status_code == 404
    assert desk.post(f"{QUEUE}many/", {"application": elsewhere.pk}).status_code == 302
    assert status_of(elsewhere) == "submitted"
    assert not AccessRecord.objects.exists()


# One application


def test_every_condition_stands_there_with_the_records_it_was_read_from(desk, waiting):
    page = text_of(desk.get(page_of(waiting)))
    assert page.count("浜の清掃") == 3
    assert "満たしています" in page
    assert "職員が書類を確認" in page or "書類を確認" in page
    look = AccessRecord.objects.get()
    assert (look.purpose, look.resident_id) == ("premium", waiting.resident_id)
    assert "participations" in look.particulars
    text_of(desk.get(page_of(waiting)))
    assert AccessRecord.objects.count() == 1


def test_a_document_is_saved_and_the_look_recorded(desk, waiting):
    document = hand_in(waiting, "領収書.pdf", PDF)
    path = f"{page_of(waiting)}documents/{document.pk}/"
    assert path in text_of(desk.get(page_of(waiting)))
    answered = desk.get(path)
    assert answered.content == PDF
    assert answered["Content-Disposition"].startswith("attachment")
    assert answered["X-Content-Type-Options"] == "nosniff"
    assert AccessRecord.objects.filter(particulars=["documents"]).count() == 1


def test_approving_grants_once(desk, waiting):
    for _twice in range(2):
        assert desk.post(f"{page_of(waiting)}approve/")["Location"] == page_of(waiting)
    assert status_of(waiting) == "granted"
    assert standing_at(waiting.registration)
    page = text_of(desk.get(page_of(waiting)))
    assert "登録 花子" in page
    assert "浜の清掃" in page
    assert "approve/" not in page


def test_a_question_returns_it_and_the_answer_brings_it_back(desk, waiting):
    ask = f"{page_of(waiting)}ask/"
    for _twice in range(2):
        assert desk.post(ask, {"text": "お勤め先はどちらですか。"}).status_code == 302
    assert status_of(waiting) == "returned"
    assert waiting.messages.count() == 1
    assert "高橋" not in text_of(desk.get(QUEUE))
    waiting.refresh_from_db()
    answer(waiting, "漁業協同組合です。")
    page = text_of(desk.get(page_of(waiting)))
    for words in ("お勤め先はどちらですか。", "漁業協同組合です。", "登録 花子"):
        assert words in page


def test_a_refusal_needs_a_reason_which_the_resident_reads(desk, waiting, mailoutbox):
    path = f"{page_of(waiting)}refuse/"
    page = text_of(desk.post(path, {"reason": " "}))
    assert "理由を書いてください" in page
    assert status_of(waiting) == "submitted"
    for _twice in range(2):
        desk.post(path, {"reason": "書類の期限が切れています。"})
    assert status_of(waiting) == "refused"
    assert "書類の期限が切れています。" in text_of(desk.get(page_of(waiting)))


def test_what_was_written_stays_where_the_application_has_moved_on(desk, waiting):
    withdraw(waiting)
    page = text_of(desk.post(f"{page_of(waiting)}refuse/", {"reason": "期限切れ"}))
    assert "状態が変わりました" in page
    assert status_of(waiting) == "withdrawn"


# Four eyes


def test_the_proposer_sees_that_a_colleague_must_confirm(desk, officer, kesennuma, waiting):
    conditions(kesennuma, asks_documents=True, documents_wanted="書類", four_eyes=True)
    approve = f"{page_of(waiting)}approve/"
    desk.post(approve)
    assert status_of(waiting) == "proposed"
    page = text_of(desk.get(page_of(waiting)))
    assert "別の職員" in page
    assert "approve/" not in page
    desk.post(approve)
    assert status_of(waiting) == "proposed"
    assert "高橋" not in text_of(desk.get(f"{QUEUE}?state=second"))
    second = staff_client(kesennuma, Role.ADMINISTRATOR)
    assert "高橋" in text_of(second.get(f"{QUEUE}?state=second"))
    assert "登録 花子" in text_of(second.get(page_of(waiting)))
    second.post(approve)
    assert status_of(waiting) == "granted"


def test_many_at_once_takes_what_is_sure_and_says_who_is_left_out(desk, kesennuma, waiting):
    conditions(kesennuma, asks_documents=True, documents_wanted="書類", four_eyes=True)
    desk.post(f"{page_of(waiting)}approve/")
    other = apply(make_eligible(make_verified(family_name="鈴木"), kesennuma))
    page = text_of(desk.get(f"{QUEUE}many/"))
    assert "自分で" in page
    assert 'name="application"' not in page
    second = staff_client(kesennuma, Role.ADMINISTRATOR)
    page = text_of(second.get(f"{QUEUE}many/"))
    assert page.count('name="application"') == 1
    assert "書類を確認する必要があります" in page
    chosen = {"application": [waiting.pk, other.pk]}
    assert second.post(f"{QUEUE}many/", chosen).status_code == 302
    assert (status_of(waiting), status_of(other)) == ("granted", "submitted")
    desk.post(f"{QUEUE}many/", {"application": ["x"]})


# At the counter


def test_a_letter_says_what_was_decided_and_why(desk, waiting):
    letter = f"{page_of(waiting)}letter/"
    assert desk.get(letter).status_code == 404
    desk.post(f"{page_of(waiting)}refuse/", {"reason": "期限が切れています。"})
    page = text_of(desk.get(letter))
    for words in ("期限が切れています。", waiting.registration.number, "プレミアム"):
        assert words in page
    assert AccessRecord.objects.filter(particulars__contains=["address"]).exists()


def test_staff_apply_for_somebody_who_asked(desk, officer, kesennuma):
    registration = make_eligible(make_verified(), kesennuma)
    path = f"/admin/registrants/{registration.pk}/premium/"
    assert "どのように" in text_of(desk.post(path, {"channel": ""})) or True
    assert not PremiumApplication.objects.exists()
    assert desk.post(path, {"channel": "counter"}).status_code == 302
    application = PremiumApplication.objects.get()
    assert (application.status, application.on_behalf) == ("granted", "counter")
    page = text_of(desk.post(path, {"channel": "counter"}))
    assert "すでに" in page


def test_what_is_missing_is_shown_after_applying_for_somebody(desk, kesennuma):
    registration = register_resident(make_verified(), kesennuma)
    path = f"/admin/registrants/{registration.pk}/premium/"
    answered = desk.post(path, {"channel": "telephone"})
    application = PremiumApplication.objects.get()
    assert answered["Location"] == page_of(application)
    assert "満たしていません" in text_of(desk.get(page_of(application)))


# Stays


@pytest.fixture
def stay(kesennuma):
    conditions(kesennuma, long_stay_days=10)
    registration = register_resident(make_verified(family_name="高橋"), kesennuma)
    day = clock.today()
    return tell_stay(registration, day - timedelta(days=3), day, StayEvidence.RECEIPT, "民宿")


def test_a_stay_is_accepted(desk, stay):
    assert "高橋" in text_of(desk.get(f"{QUEUE}stays/"))
    path = f"{QUEUE}stays/{stay.pk}/"
    assert "民宿" in text_of(desk.get(path))
    assert AccessRecord.objects.get().purpose == "premium"
    desk.post(path, {"accept": "1"})
    assert Stay.objects.get().status == "accepted"
    assert "高橋" not in text_of(desk.get(f"{QUEUE}stays/"))


def test_a_stay_is_refused_with_a_reason(desk, stay):
    path = f"{QUEUE}stays/{stay.pk}/"
    assert "理由を書いてください" in text_of(desk.post(path, {"refuse": "1", "reason": ""}))
    desk.post(path, {"refuse": "1", "reason": "領収書の日付が違います。"})
    assert Stay.objects.get().status == "refused"


def test_anothers_stay_is_not_there(hida, stay):
    desk = staff_client(hida, Role.ADMINISTRATOR)
    assert desk.post(f"{QUEUE}stays/{stay.pk}/", {"accept": "1"}).status_code == 404
    assert Stay.objects.get().status == "claimed"


def test_the_start_page_says_how_many_wait(desk, waiting, kesennuma):
    assert QUEUE in text_of(desk.get("/admin/"))
    assert "premium-waiting" in text_of(desk.get("/admin/"))
    reader = staff_client(kesennuma, Role.READER)
    assert "premium-waiting" not in text_of(reader.get("/admin/"))
