"""What residents agree to: the rows, agreeing and taking back, and the page of it."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from django.db import DatabaseError, IntegrityError, connection, transaction

from accounts.models import User
from accounts.operations.acceptances import accept_terms
from accounts.operations.merge import merge
from accounts.queries import documents_in_force
from common import clock
from common.refusal import Refused
from identity.queries import may_be_told_to_organisations
from privacy.enums import ConsentEnd, ConsentPurpose
from privacy.models import Consent
from privacy.operations.consents import Given, end_all, give, keep, withdraw
from privacy.queries import has_consent, running_consents, texts_in_force, wants_mail_from
from registration.models import Registration
from registration.operations import leave, register
from tests.factories.accounts import PEOPLE, ResidentFactory, UserFactory, signed_in_client
from tests.factories.counter import make_entry
from tests.factories.guardians import make_consent, make_minor
from tests.factories.privacy import new_version
from tests.factories.registration import register_resident
from tests.factories.staff import make_member
from tests.factories.surveys import survey_data

pytestmark = pytest.mark.django_db
PAGE = "/my/consents/"
QUERIES = 8
MAILING, ORGANISATIONS = ConsentPurpose.MAILING, ConsentPurpose.ORGANISATIONS


def text_of(response) -> str:
    assert response.status_code == 200
    return response.content.decode()


def keys(user, **filters):
    return {consent.key for consent in running_consents(user).filter(**filters)}


@pytest.fixture
def resident(kesennuma):
    made = ResidentFactory(residence_id="131016")
    register(made, kesennuma, wants_mail=True)
    return made


@pytest.fixture
def client_of(resident):
    return signed_in_client(resident.user)


# Rows


def test_of_each_purpose_one_runs_and_where_there_is_no_municipality_too(resident, kesennuma):
    texts = texts_in_force(ConsentPurpose)
    for place, purpose in ((kesennuma, MAILING), (None, ConsentPurpose.TERMS)):
        with pytest.raises(IntegrityError), transaction.atomic():
            Consent.objects.create(
                user=resident.user, purpose=purpose, municipality=place, text=texts[purpose]
            )


@pytest.mark.parametrize(
    "wrong",
    [
        {"end_reason": "withdrawn"},
        {"ended_at": clock.now()},
        {"purpose": "mailing"},
        {"municipality_id": "042056"},
    ],
)
def test_a_row_that_says_half_is_refused(kesennuma, wrong):
    user, text = UserFactory(), texts_in_force([ORGANISATIONS])[ORGANISATIONS]
    values = {"user": user, "purpose": "organisations", "text": text}
    with pytest.raises(IntegrityError), transaction.atomic():
        Consent.objects.create(**{**values, **wrong})


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE privacy_consent SET given_at = now()",
        "UPDATE privacy_consent SET ended_at = now(), end_reason = 'left', text_id = text_id + 1",
        "UPDATE privacy_consent SET end_reason = end_reason",
        "DELETE FROM privacy_consent",
        "TRUNCATE privacy_consent",
    ],
)
def test_sql_changes_nothing_but_the_end(resident, statement):
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    before = list(Consent.objects.order_by("pk").values())
    with (
        pytest.raises(DatabaseError, match="added and ended"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement)
    assert list(Consent.objects.order_by("pk").values()) == before


def test_an_end_stays_as_it_is(resident):
    end_all(resident.user, ConsentEnd.CLOSED)
    with pytest.raises(DatabaseError, match="added and ended"), transaction.atomic():
        Consent.objects.filter(user=resident.user).update(end_reason="left")
    with pytest.raises(DatabaseError, match="added and ended"), transaction.atomic():
        Consent.objects.filter(user=resident.user).update(ended_at=None, end_reason="")


# Agreeing


def test_agreeing_again_writes_nothing(resident):
    before = list(Consent.objects.values())
    with time_machine.travel(clock.now() + timedelta(days=3)):
        accept_terms(resident.user, documents_in_force())
    assert list(Consent.objects.values()) == before


def test_another_version_ends_the_one_before(resident):
    new = new_version("privacy")
    accept_terms(resident.user, documents_in_force())
    old, running = Consent.objects.filter(user=resident.user, purpose="privacy_notice")
    assert (old.text.version, old.end_reason, old.ended_at is None) == ("1.0", "new_version", False)
    assert (running.text, running.ended_at) == (new, None)
    assert Consent.objects.filter(user=resident.user, purpose="terms").count() == 1


def test_registering_keeps_consent_for_the_city_its_prefecture_and_the_news(
    kesennuma, miyagi, hida
):
    resident, other = ResidentFactory(), ResidentFactory()
    register(resident, kesennuma, wants_mail=True)
    register(other, hida)
    assert keys(resident.user, municipality__isnull=False) == {
        ("disclosure", kesennuma.code), ("disclosure", miyagi.code), ("mailing", kesennuma.code),
    }  # fmt: skip
    assert wants_mail_from(resident.user, kesennuma)
    assert not wants_mail_from(resident.user, miyagi)
    assert not wants_mail_from(other.user, hida)
    before = list(Consent.objects.values())
    register(resident, kesennuma, wants_mail=True)
    assert list(Consent.objects.values()) == before, "the same form again"


def test_a_registration_that_fails_leaves_no_consent(kesennuma):
    class Fails:
        def save(self, registration):
            raise RuntimeError

    resident = ResidentFactory()
    with pytest.raises(RuntimeError):
        register(resident, kesennuma, [Fails()], wants_mail=True)
    assert keys(resident.user) == {("terms", ""), ("privacy_notice", "")}


def test_leaving_ends_what_was_agreed_to_there_alone(resident, kesennuma, hida, gifu):
    register(resident, hida, wants_mail=True)
    (registration,) = Registration.objects.filter(resident=resident, municipality=kesennuma)
    for _again in range(2):
        leave(registration)
    assert keys(resident.user) == {
        ("terms", ""), ("privacy_notice", ""),
        ("disclosure", hida.code), ("disclosure", gifu.code), ("mailing", hida.code),
    }  # fmt: skip
    ended = Consent.objects.of(resident.user_id).ended()
    assert len(ended) == 3
    assert {consent.end_reason for consent in ended} == {"left"}


def test_a_prefecture_that_stays_co_registered_goes_on_being_told(resident, kesennuma, miyagi):
    """Left by itself after it was registered directly: its city still holds it."""
    register(resident, miyagi)
    leave(Registration.objects.get(resident=resident, municipality=miyagi))
    assert has_consent(resident.user, ConsentPurpose.DISCLOSURE, miyagi)


def test_at_the_counter_the_paper_is_with_who_took_it(kesennuma):
    officer = make_member(kesennuma, "registration_officer")
    entry = make_entry(kesennuma, officer)
    rows = Consent.objects.running().filter(user=entry.resident.user)
    assert rows.count() == 4
    assert {row.on_paper_by for row in rows} == {officer}
    own = Consent.objects.exclude(user=entry.resident.user)
    assert not own.exclude(on_paper_by=None).exists()


def test_what_is_optional_is_given_and_withdrawn_as_often_as_wanted(resident, kesennuma, miyagi):
    for _time in range(2):
        assert withdraw(resident.user, MAILING, kesennuma)
        assert not withdraw(resident.user, MAILING, kesennuma)
        assert not wants_mail_from(resident.user, kesennuma)
        give(resident.user, MAILING, kesennuma)
        give(resident.user, MAILING, kesennuma)
        assert wants_mail_from(resident.user, kesennuma)
    rows = Consent.objects.filter(user=resident.user, purpose=MAILING)
    assert [row.end_reason for row in rows] == ["withdrawn", "withdrawn", ""]
    assert not wants_mail_from(resident.user, miyagi)


def test_other_purposes_keep_the_version_they_were_given_under(resident, kesennuma):
    new_version("mailing")
    give(resident.user, MAILING, kesennuma)
    assert running_consents(resident.user).get(purpose=MAILING).text.version == "1.0"
    withdraw(resident.user, MAILING, kesennuma)
    give(resident.user, MAILING, kesennuma)
    assert running_consents(resident.user).get(purpose=MAILING).text.version == "2.0"


def test_a_municipality_that_was_told_nothing_may_not_write(resident, hida):
    with pytest.raises(Refused, match="not_disclosed"):
        give(resident.user, MAILING, hida)


@pytest.mark.parametrize("purpose", ["terms", "privacy_notice", "disclosure"])
def test_what_is_not_optional_is_neither_given_nor_withdrawn_here(resident, kesennuma, purpose):
    for operation in (give, withdraw):
        with pytest.raises(Refused, match="not_optional"):
            operation(resident.user, ConsentPurpose(purpose), kesennuma)


def test_organisations_are_told_of_who_agreed_and_of_minors_with_their_guardian_alone(resident):
    assert not may_be_told_to_organisations(resident)
    give(resident.user, ORGANISATIONS)
    assert may_be_told_to_organisations(resident)
    child = make_minor()
    give(child.user, ORGANISATIONS)
    assert not may_be_told_to_organisations(child)
    make_consent(child)
    assert may_be_told_to_organisations(child)


def test_asking_costs_one_query(resident, kesennuma, django_assert_num_queries):
    with django_assert_num_queries(1):
        assert wants_mail_from(resident.user, kesennuma)
    with django_assert_num_queries(1):
        assert not may_be_told_to_organisations(resident)
    with django_assert_num_queries(1):
        assert len([one.text.version for one in running_consents(resident.user)]) == 5


# Accounts that end or become one


def test_when_an_account_is_closed_everything_ends_and_stays(resident):
    other = ResidentFactory()
    assert end_all(resident.user, ConsentEnd.CLOSED) == 5
    assert end_all(resident.user, ConsentEnd.CLOSED) == 0
    assert {row.end_reason for row in Consent.objects.of(resident.user_id)} == {"closed"}
    assert keys(other.user)


def test_a_merge_gives_the_kept_account_what_it_lacked(kesennuma, miyagi, hida):
    kept, other = (ResidentFactory(person=PEOPLE[0]) for _account in range(2))
    register(kept, kesennuma)
    with time_machine.travel(clock.now() - timedelta(days=30)):
        register(other, kesennuma, wants_mail=True)
        register(other, hida)
        give(other.user, ORGANISATIONS)
    own = {row.pk for row in running_consents(kept.user)}
    texts = {row.key: row.text for row in running_consents(other.user)}
    new_version("organisations")
    begin = clock.now()
    merge(kept, other)
    assert keys(other.user) == set()
    assert {row.end_reason for row in Consent.objects.of(other.user_id)} == {"merged"}
    running = {row.key: row for row in running_consents(kept.user)}
    assert own <= {row.pk for row in running.values()}, "what it had stands"
    assert running.keys() == texts.keys()
    for key in (("mailing", kesennuma.code), ("disclosure", hida.code), ("organisations", "")):
        assert running[key].text == texts[key], "the version that was agreed to"
        assert running[key].given_at >= begin
    before = list(Consent.objects.values())
    merge(kept, other)
    assert list(Consent.objects.values()) == before


# The page


def test_each_purpose_is_shown_with_its_state_since_when_and_its_text(client_of, resident):
    new_version("mailing")
    page = text_of(client_of.get(PAGE))
    for words in (
        "宮城県気仙沼市", "利用規約", "この自治体への情報提供", "自治体からのお知らせ",
        "関係団体への情報提供", "同意しています", "同意していません", "ご本人が同意",
        "/terms/mailing/1.0/", "/terms/organisations/1.0/", "/register/042056/leave/", "/my/close/",
    ):  # fmt: skip
        assert words in page, words
    assert "終わった同意" not in page
    assert PAGE in text_of(client_of.get("/my/"))


def test_a_toggle_asks_on_the_same_page_first_and_then_does_it(client_of, resident, kesennuma):
    page = text_of(client_of.get(f"{PAGE}?change=mailing-042056"))
    assert page.count("この同意を取りやめますか") == 1
    assert wants_mail_from(resident.user, kesennuma), "looking changes nothing"
    answer = {"change": "mailing-042056", "step": "withdraw"}
    for _again in range(2):
        page = text_of(client_of.post(PAGE, answer, follow=True))
        assert "取りやめました：宮城県気仙沼市 自治体からのお知らせ" in page
    assert not wants_mail_from(resident.user, kesennuma)
    assert "終わった同意" in page
    page = text_of(client_of.get(f"{PAGE}?change=organisations"))
    assert "この文書に同意しますか" in page
    client_of.post(PAGE, {"change": "organisations", "step": "give"})
    assert has_consent(resident.user, ORGANISATIONS)


@pytest.mark.parametrize(
    "sent",
    [
        {},
        {"change": "mailing-212172", "step": "give"},
        {"change": "mailing-042056", "step": "delete"},
        {"change": "terms", "step": "withdraw"},
        {"change": "disclosure-042056", "step": "withdraw"},
    ],
)
def test_what_cannot_be_changed_here_is_said(client_of, resident, hida, sent):
    before = list(Consent.objects.values())
    page = client_of.post(PAGE, sent, follow=True)
    assert 'class="message' in text_of(page) or "notice" in text_of(page)
    assert list(Consent.objects.values()) == before
    assert "取りやめますか" not in text_of(client_of.get(f"{PAGE}?change={sent.get('change')}x"))


def test_what_staff_took_on_paper_is_said_without_a_name(kesennuma):
    officer = make_member(kesennuma, "registration_officer", name="窓口 職員子")
    entry = make_entry(kesennuma, officer)
    User.objects.filter(pk=entry.resident.user_id).update(email="haru@example.jp")
    page = text_of(signed_in_client(entry.resident.user).get(PAGE))
    assert "自治体の窓口で、職員が書面を受け付け" in page
    assert "窓口 職員子" not in page


def test_the_page_costs_the_same_however_many_municipalities(
    resident, client_of, hida, gifu, django_assert_num_queries
):
    client_of.get(PAGE)
    with django_assert_num_queries(QUERIES):
        client_of.get(PAGE)
    register_resident(resident, hida)
    withdraw(resident.user, MAILING, Registration.objects.first().municipality)
    with django_assert_num_queries(QUERIES):
        client_of.get(PAGE)


def test_the_page_is_in_the_reader_s_language(client_of):
    page = text_of(client_of.get(f"/en{PAGE}"))
    assert "<h1>What I agreed to</h1>" in page
    assert "同意" not in page.split("<main")[1].split("</main")[0]


def test_the_version_agreed_to_can_be_read_after_a_new_one(client_of, kesennuma):
    new_version("resident")
    assert "第1.0版" in text_of(client_of.get("/terms/resident/1.0/"))
    assert "第2.0版" in text_of(client_of.get("/terms/resident/"))
    assert client_of.get("/terms/resident/3.0/").status_code == 404


def test_the_form_asks_for_the_news_and_nothing_is_ticked(kesennuma):
    resident = ResidentFactory(residence_id="131016")
    page = text_of(signed_in_client(resident.user).get("/register/042056/"))
    box = page[page.index('name="wants_mail"') :].split(">")[0]
    assert "checked" not in box
    assert "required" not in box
    assert "宮城県気仙沼市からのお知らせを受け取ります" in page
    assert "/terms/disclosure/" in page


@pytest.mark.parametrize("ticked", [True, False])
def test_the_form_keeps_the_answer(kesennuma, ticked):

    resident = ResidentFactory(residence_id="131016")
    data = survey_data() | ({"wants_mail": "on"} if ticked else {})
    client = signed_in_client(resident.user)
    for _again in range(2):
        client.post("/register/042056/", data)
    assert wants_mail_from(resident.user, kesennuma) is ticked
    assert has_consent(resident.user, ConsentPurpose.DISCLOSURE, kesennuma)


def test_two_kept_at_once_are_one(resident):
    """`keep` does not find what another has just written, and writes it: nothing happens."""
    text = texts_in_force([ORGANISATIONS])[ORGANISATIONS]
    keep(resident.user, [Given(text), Given(text)])
    Consent.objects.bulk_create(
        [Consent(user=resident.user, purpose=ORGANISATIONS, text=text)], ignore_conflicts=True
    )
    assert Consent.objects.filter(user=resident.user, purpose=ORGANISATIONS).count() == 1
