"""A guardian signs on paper at the counter, or says there that it is over."""

from __future__ import annotations

import pytest

from identity.enums import ConsentEnd, ConsentMethod
from identity.models import GuardianConsent
from identity.queries import standing_of
from tenants.staff.roles import Role
from tests.factories.accounts import ResidentFactory, signed_in_client
from tests.factories.guardians import make_consent, make_minor
from tests.factories.registration import register_resident
from tests.factories.staff import make_member, staff_client

pytestmark = pytest.mark.django_db
PAPER = {
    "guardian_name": "高橋　恵",
    "relation": "parent",
    "kept_at": "企画課 書庫2 青いファイル",
    "seen": "on",
}


@pytest.fixture
def child(kesennuma):
    made = make_minor()
    made.number = register_resident(made, kesennuma).number
    return made


@pytest.fixture
def officer(kesennuma):
    return make_member(kesennuma, Role.REGISTRATION_OFFICER)


@pytest.fixture
def counter(kesennuma, officer):
    return signed_in_client(officer, kesennuma, admin=True)


def at(child) -> str:
    return f"/admin/guardians/{child.pk}/"


def test_the_child_is_found_by_the_number_on_the_certificate(counter, child):
    found = counter.get("/admin/guardians/", {"number": f" {child.number}　"})
    assert found["Location"] == at(child)
    assert child.name in counter.get(at(child)).content.decode()
    nobody = counter.get("/admin/guardians/", {"number": "042056-999999"})
    assert "登録されていません" in nobody.content.decode()


def test_a_paper_is_kept_with_who_took_it_and_where_it_lies(
    counter, officer, child, kesennuma, mailoutbox
):
    assert standing_of(child).lacks_consent
    assert counter.post(at(child), PAPER).status_code == 302
    consent = GuardianConsent.objects.get()
    assert (consent.method, consent.guardian, consent.guardian_name) == (
        ConsentMethod.COUNTER,
        None,
        "高橋 恵",
    )
    assert (consent.municipality, consent.recorded_by) == (kesennuma, officer)
    assert (consent.kept_at, consent.terms.kind) == ("企画課 書庫2 青いファイル", "guardian")
    assert standing_of(child).consent_holds
    assert mailoutbox[-1].to == [child.user.email]
    page = counter.get(at(child)).content.decode()
    assert "同意があります" in page and "青いファイル" in page
    assert "書面による同意の記録" not in page


@pytest.mark.parametrize("lacking", PAPER)
def test_what_is_missing_is_named_and_what_was_typed_is_kept(counter, child, lacking):
    sent = {name: value for name, value in PAPER.items() if name != lacking}
    answer = counter.post(at(child), sent)
    assert answer.status_code == 400
    assert lacking in answer.context["form"].errors
    if lacking != "kept_at":
        assert "青いファイル" in answer.content.decode()
    assert GuardianConsent.objects.count() == 0


def test_sent_twice_it_is_one_consent(counter, child):
    counter.post(at(child), PAPER)
    again = counter.post(at(child), PAPER)
    assert again.status_code == 400
    assert "すでに保護者の方の同意があります" in str(again.context["form"].errors)
    assert GuardianConsent.objects.count() == 1


def test_for_an_adult_there_is_nothing_to_record(counter, kesennuma):
    adult = ResidentFactory()
    register_resident(adult, kesennuma)
    assert "同意は不要です" in counter.get(at(adult)).content.decode()
    assert counter.post(at(adult), PAPER).status_code == 400
    assert GuardianConsent.objects.count() == 0


@pytest.mark.parametrize("how", ["on paper", "with an account"])
def test_at_the_counter_any_consent_ends_at_once(counter, officer, child, how, mailoutbox):
    if how == "on paper":
        counter.post(at(child), PAPER)
    else:
        make_consent(child)
    assert standing_of(child).consent_holds
    for _ in range(2):
        assert counter.post(f"{at(child)}withdraw/").status_code == 302
    assert standing_of(child).lacks_consent
    consent = GuardianConsent.objects.get()
    assert consent.end_reason == ConsentEnd.WITHDRAWN_AT_COUNTER
    assert (consent.ended_by, consent.ended_in) == (officer, "042056")
    assert mailoutbox[-1].to == [child.user.email]
    counter.post(at(child), PAPER)
    assert standing_of(child).consent_holds


def test_who_is_registered_elsewhere_is_not_found(counter, kesennuma, hida):
    elsewhere = make_minor()
    number = register_resident(elsewhere, hida).number
    assert counter.get(at(elsewhere)).status_code == 404
    assert counter.post(at(elsewhere), PAPER).status_code == 404
    assert counter.post(f"{at(elsewhere)}withdraw/").status_code == 404
    assert (
        "登録されていません"
        in counter.get("/admin/guardians/", {"number": number}).content.decode()
    )


@pytest.mark.parametrize(
    ("role", "may"),
    [
        (Role.ADMINISTRATOR, True),
        (Role.REGISTRATION_OFFICER, True),
        (Role.EDITOR, False),
        (Role.COORDINATOR, False),
        (Role.ROOM_MODERATOR, False),
        (Role.READER, False),
    ],
)
def test_registration_officers_take_papers_and_others_don_t(kesennuma, child, role, may):
    client = staff_client(kesennuma, role)
    assert (client.get(at(child)).status_code == 200) is may
    assert ("/admin/guardians/" in client.get("/admin/").content.decode()) is may
    client.post(at(child), PAPER)
    assert GuardianConsent.objects.exists() is may
