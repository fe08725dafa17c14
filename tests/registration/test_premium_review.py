"""Applications with documents: handed in, asked about, approved, refused."""

from __future__ import annotations

import pytest

from common.refusal import Refused
from registration.models import (
    ApplicationDocument,
    ApplicationMessage,
    PremiumApplication,
    PremiumDecision,
    RegistrationEvent,
)
from registration.operations.premium import (
    answer,
    apply,
    approve,
    approve_sure,
    ask,
    hand_in,
    refuse,
    withdraw,
)
from registration.operations.premium.documents import MOST_BYTES, MOST_DOCUMENTS, bytes_of
from registration.queries import applications_waiting, standing_at
from registration.rules.moves import IllegalMove
from tests.factories.premium import conditions, make_eligible, make_verified
from tests.factories.staff import make_member

pytestmark = pytest.mark.django_db
PDF = b"%PDF-1.7 "


@pytest.fixture
def officer(kesennuma):
    return make_member(kesennuma, "registration_officer")


@pytest.fixture
def second(kesennuma):
    return make_member(kesennuma, "administrator")


@pytest.fixture
def waiting(kesennuma):
    conditions(kesennuma, asks_documents=True)
    return apply(make_eligible(make_verified(), kesennuma))


def status(application):
    return PremiumApplication.objects.get(pk=application.pk).status


def test_an_officer_looks_at_the_documents_and_approves(waiting, officer, hida, mailoutbox):
    document = hand_in(waiting, "住民票.pdf", PDF)
    assert bytes_of(document) == PDF
    assert list(applications_waiting(waiting.municipality)) == [waiting]
    assert not applications_waiting(hida)
    for _twice in range(2):
        done = approve(waiting, officer)
    assert (done.status, done.decided_by) == ("granted", officer)
    standing = standing_at(waiting.registration)
    assert standing.decision == done.decision
    assert RegistrationEvent.objects.get(kind="premium_granted").actor == officer
    assert not ApplicationDocument.objects.exists(), "deleted once decided"


def test_applying_again_while_it_waits_is_the_same(waiting):
    assert apply(waiting.registration) == waiting


def test_with_documents_asked_for_the_rest_is_judged_at_once(kesennuma):
    conditions(kesennuma, asks_documents=True, needed_participations=4)
    with pytest.raises(Refused, match="conditions_unmet") as raised:
        apply(make_eligible(make_verified(), kesennuma))
    assert [one.code for one in raised.value.data["decision"].unmet] == ["enough_participations"]


def test_two_members_of_staff_decide(kesennuma, waiting, officer, second):
    conditions(kesennuma, asks_documents=True, four_eyes=True)
    assert approve(waiting, officer).status == "proposed"
    assert standing_at(waiting.registration) is None
    with pytest.raises(Refused, match="own_proposal"):
        approve(waiting, officer)
    done = approve(waiting, second)
    assert (done.status, done.first_by, done.decided_by) == ("granted", officer, second)


def test_a_question_is_answered_and_the_history_kept(waiting, officer, mailoutbox):
    for _twice in range(2):
        ask(waiting, officer, "領収書はありますか。")
    assert status(waiting) == "returned"
    with pytest.raises(IllegalMove):
        approve(waiting, officer)
    for _twice in range(2):
        answer(waiting, "あります。")
    assert status(waiting) == "submitted"
    rows = ApplicationMessage.objects.values_list("by_staff", "text")
    assert [(by_staff, text) for by_staff, text in rows] == [
        (True, "領収書はありますか。"), (False, "あります。"),
    ]  # fmt: skip
    with pytest.raises(IllegalMove):
        answer(waiting, "もう一つ")
    assert approve(waiting, officer).status == "granted"


def test_a_refusal_has_a_reason_and_keeps_the_decision(waiting, officer, mailoutbox):
    hand_in(waiting, "a.png", b"\x89PNG\r\n\x1a\n")
    with pytest.raises(Refused, match="reason_missing"):
        refuse(waiting, officer, " ")
    for _twice in range(2):
        done = refuse(waiting, officer, "書類が足りません。")
    assert (done.status, done.reason) == ("refused", "書類が足りません。")
    assert not done.decision.allowed
    assert [one.code for one in done.decision.decision.unmet] == ["documents_checked"]
    assert not ApplicationDocument.objects.exists()
    assert standing_at(waiting.registration) is None
    for move in (lambda: approve(waiting, officer), lambda: withdraw(waiting)):
        with pytest.raises(IllegalMove):
            move()


def test_what_changed_while_it_waited_counts(waiting, officer):
    waiting.resident.verifications.update(ended_at=waiting.submitted_at)
    with pytest.raises(Refused, match="conditions_unmet"):
        approve(waiting, officer)
    assert status(waiting) == "submitted"
    assert not PremiumDecision.objects.exists()


def test_taking_an_application_back(waiting, officer):
    hand_in(waiting, "a.pdf", PDF)
    for _twice in range(2):
        assert withdraw(waiting).status == "withdrawn"
    assert not ApplicationDocument.objects.exists()
    with pytest.raises(IllegalMove):
        approve(waiting, officer)
    with pytest.raises(Refused, match="application_decided"):
        hand_in(waiting, "a.pdf", PDF)


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("a.pdf", b"MZ", "document_type"),
        ("a.svg", b"<svg onload=x>", "document_type"),
        ("a.pdf", b"", "document_size"),
        ("a.pdf", PDF + b"0" * MOST_BYTES, "document_size"),
        ("123456789018.pdf", PDF, "my_number"),
    ],
)
def test_what_is_not_taken(waiting, name, content, code):
    with pytest.raises(Refused, match=code):
        hand_in(waiting, name, content)


def test_the_same_file_twice_is_one_and_ten_are_enough(waiting):
    heic = b"\0\0\0\x18ftypheic"
    assert hand_in(waiting, "C:\\a\\b.heic", heic) == hand_in(waiting, "c.heic", heic)
    kept = ApplicationDocument.objects.get()
    assert (kept.name, kept.content_type) == ("b.heic", "image/heic")
    for number in range(MOST_DOCUMENTS - 1):
        hand_in(waiting, "a.jpg", b"\xff\xd8\xff" + bytes([number]))
    with pytest.raises(Refused, match="too_many_documents"):
        hand_in(waiting, "a.jpg", b"\xff\xd8\xff more")


def test_all_that_are_sure_are_approved_at_once(kesennuma, hida, officer, second):
    conditions(kesennuma, asks_documents=True)
    conditions(hida, asks_documents=True)
    made = [apply(make_eligible(make_verified(), kesennuma)) for _one in range(3)]
    there = apply(make_eligible(make_verified(), hida))
    with_paper, unproved, sure = made
    assert approve_sure(kesennuma, officer) == 0, "documents are still asked for"
    conditions(kesennuma)
    hand_in(with_paper, "a.pdf", PDF)
    unproved.resident.verifications.update(ended_at=unproved.submitted_at)
    assert approve_sure(kesennuma, officer) == 1
    assert [status(one) for one in (*made, there)] == [
        "submitted", "submitted", "granted", "submitted",
    ]  # fmt: skip
    conditions(kesennuma, four_eyes=True)
    approve(with_paper, officer)
    assert approve_sure(kesennuma, officer) == 0
    assert approve_sure(kesennuma, second) == 1
