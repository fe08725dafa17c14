"""Notes on a request, and questions to the applicant (R1)."""

import pytest
from django.db import DatabaseError, connection, transaction

from common import clock
from tenants.enums import RequestStatus, TermsKind
from tenants.models import ParticipationRequest, RequestNote, Terms
from tests.factories.tenants import operator_client

pytestmark = pytest.mark.django_db


@pytest.fixture
def host():
    return operator_client()


def _asked(code="044016", **fields):
    return ParticipationRequest.objects.create(
        local_government_id=code,
        department="企画調整課",
        contact_name="髙橋 一郎",
        contact_email=f"kikaku-{code}@example.lg.jp",
        contact_phone="0223545701",
        terms=Terms.objects.in_force(TermsKind.MUNICIPALITY),
        agreed_at=clock.now(),
        **fields,
    )


def test_a_note_is_kept_with_its_request_and_sent_to_nobody(host, mailoutbox):
    asked, other = _asked(), _asked("044041")
    url = f"/requests/{asked.pk}/note/"
    assert host.get(url).status_code == 200
    answer = host.post(url, {"kind": "note", "text": "電話で確認済み。"})
    assert answer["Location"] == f"/requests/{asked.pk}/"
    page = host.get(f"/requests/{asked.pk}/").content.decode()
    assert "電話で確認済み。" in page
    assert "総務 太郎" in page
    assert "電話で確認済み。" not in host.get(f"/requests/{other.pk}/").content.decode()
    assert len(mailoutbox) == 0


def test_a_question_reaches_the_applicant_and_the_answer_the_operator(host, mailoutbox):
    asked, _other = _asked(), _asked("044041")
    text = "担当課の名称は「企画調整課」で<正しい>ですか。"
    host.post(f"/requests/{asked.pk}/note/", {"kind": "question", "text": text})
    (mail,) = mailoutbox
    assert mail.to == ["kikaku-044016@example.lg.jp"]
    assert mail.reply_to == [host.operator.email]
    assert text in mail.body
    assert "松島町" in mail.body
    (note,) = RequestNote.objects.all()
    assert (note.request, note.kind, note.written_by) == (asked, "question", host.operator)


@pytest.mark.parametrize("status", [s for s in RequestStatus if s != RequestStatus.SUBMITTED])
def test_a_decided_request_takes_notes_but_no_questions(host, mailoutbox, status):
    asked = _asked(status=status)
    url = f"/requests/{asked.pk}/note/"
    assert "question" not in host.get(url).content.decode()
    refused = host.post(url, {"kind": "question", "text": "x"})
    assert refused.context["form"].errors
    host.post(url, {"kind": "note", "text": "後日の連絡"})
    assert [note.kind for note in RequestNote.objects.all()] == ["note"]
    assert len(mailoutbox) == 0


def test_an_empty_note_is_asked_for_again(host):
    asked = _asked()
    answer = host.post(f"/requests/{asked.pk}/note/", {"kind": "note", "text": " "})
    assert list(answer.context["form"].errors) == ["text"]
    assert host.get("/requests/999999/note/").status_code == 404


def test_without_signing_in_nothing_is_written(client):
    asked = _asked()
    answer = client.post(
        f"/requests/{asked.pk}/note/",
        {"kind": "note", "text": "x"},
        headers={"host": "operator.localhost"},
    )
    assert answer.status_code == 302
    assert not RequestNote.objects.exists()


@pytest.mark.parametrize("change", ["UPDATE {} SET text = 'x'", "DELETE FROM {}", "TRUNCATE {}"])
def test_the_database_refuses_to_change_a_note(host, change):
    asked = _asked()
    host.post(f"/requests/{asked.pk}/note/", {"kind": "note", "text": "電話で確認済み。"})
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            cursor.execute(change.format("tenants_requestnote"))
    assert RequestNote.objects.get().text == "電話で確認済み。"
