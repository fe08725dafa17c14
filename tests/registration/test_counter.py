"""Entering people at the counter: as good as registering oneself, on record as done by staff."""

from __future__ import annotations

import io
from uuid import uuid4

import pytest
import time_machine
from django.contrib.auth.models import Permission
from django.db import connection
from pypdf import PdfReader

from accounts.models import ClaimCode, CounterEntry, Resident, User
from accounts.operations.claim_codes import SHOWN_FOR
from certificates.models import Certificate
from common import clock
from common.refusal import Refused
from privacy.models import Consent
from registration.models import Registration, RegistrationEvent
from surveys.enums import QuestionKind
from surveys.models import Answer
from tenants.context import municipality_context
from tenants.enums import MunicipalityStatus
from tenants.staff.roles import Role
from tests.accounts.test_profile import ENTERED
from tests.factories.accounts import PEOPLE, ResidentFactory, signed_in_client
from tests.factories.counter import code_of, make_entry
from tests.factories.registration import register_resident
from tests.factories.staff import make_member, staff_client
from tests.factories.surveys import make_item
from tests.factories.tenants import with_status

pytestmark = pytest.mark.django_db
PAGE = "/admin/counter/enter/"


@pytest.fixture
def officer(kesennuma):
    return make_member(kesennuma, Role.REGISTRATION_OFFICER, name="係員 一郎")


@pytest.fixture
def client(officer, kesennuma):
    return signed_in_client(officer, kesennuma, admin=True)


def filled(**changes):
    """The form of 小野寺 ハル, who has no e-mail."""
    return {
        **ENTERED,
        "survey-relation": ["hometown_tax"],
        "counter-key": str(uuid4()),
        "counter-channel": "telephone",
        "counter-agrees": "on",
        "counter-paper_kept_at": "綴り3の12",
        "counter-email": "",
        **changes,
    }


def test_one_form_makes_account_profile_registrations_and_a_code(
    client, officer, kesennuma, miyagi, mailoutbox
):
    item = make_item(kesennuma, kind=QuestionKind.SHORT_TEXT)
    sent = filled(**{f"survey-item_{item.pk}": "さんま"})
    answer = client.post(PAGE, sent)
    entry = CounterEntry.objects.get()
    assert answer["Location"] == f"/admin/counter/{entry.pk}/"
    resident = Resident.objects.get()
    assert (resident.name, resident.kana) == ("佐藤 花子", "サトウ ハナコ")
    assert resident.user.email is None
    assert not resident.user.has_usable_password()
    city, prefecture = Registration.objects.order_by("pk")
    assert (city.municipality, prefecture.municipality) == (kesennuma, miyagi)
    assert (city.email, city.lives_here) == ("", True)
    assert entry.registration_number == city.number
    assert (entry.entered_by, entry.channel) == (officer, "telephone")
    assert (entry.resident, entry.municipality) == (resident, kesennuma)
    assert entry.paper_kept_at == "綴り3の12"
    with municipality_context(kesennuma):
        answers = Answer.objects.filter(resident_id=resident.pk)
        assert answers.get(item=item).value == "さんま"
    agreed = Consent.objects.running().filter(user=resident.user)
    assert {consent.key for consent in agreed} == {
        ("terms", ""),
        ("privacy_notice", ""),
        ("disclosure", kesennuma.code),
        ("disclosure", miyagi.code),
    }
    assert {consent.on_paper_by for consent in agreed} == {officer}
    assert Certificate.objects.filter(resident=resident).count() == 2
    assert ClaimCode.objects.get(resident=resident).issued_by == officer
    assert [mail.to for mail in mailoutbox if mail.to != [""]] == []


def test_everything_is_on_record_as_done_by_staff(client, officer):
    client.post(PAGE, filled())
    events = RegistrationEvent.objects.all()
    assert {event.kind for event in events} == {"registered", "co_registered"}
    assert {event.actor_id for event in events} == {officer.pk}
    assert {event.on_behalf for event in events} == {"telephone"}


def test_a_resident_who_registers_is_the_one_who_acts(kesennuma):
    resident = ResidentFactory()
    register_resident(resident, kesennuma)
    events = RegistrationEvent.objects.all()
    assert {(event.actor_id, event.on_behalf) for event in events} == {(resident.user_id, "")}


def test_the_form_sent_twice_makes_one_person(client):
    sent = filled()
    first, second = client.post(PAGE, sent), client.post(PAGE, sent)
    assert first["Location"] == second["Location"]
    assert Resident.objects.count() == CounterEntry.objects.count() == 1
    assert ClaimCode.objects.count() == 1


def test_somebody_alike_is_shown_first_and_registered_if_it_is_another(client, kesennuma):
    known = ResidentFactory(person=PEOPLE[0])  # 佐藤 花子, born on the same day
    register_resident(known, kesennuma)
    number = Registration.objects.get(municipality=kesennuma).number
    sent = filled()
    page = client.post(PAGE, sent).content.decode()
    assert number in page
    assert 'name="another_person"' in page
    assert 'value="南町１丁目２番３号"' in page, "nothing typed is lost"
    assert f'value="{sent["counter-key"]}"' in page
    assert Resident.objects.count() == 1
    assert client.post(PAGE, {**sent, "another_person": "1"}).status_code == 302
    assert Resident.objects.count() == 2


@pytest.mark.parametrize("changes", [{"birth_date_day": "3"}, {"given_kana": "はなえ"}])
def test_who_was_born_or_is_called_otherwise_is_not_alike(client, kesennuma, changes):
    register_resident(ResidentFactory(person=PEOPLE[0]), kesennuma)
    assert client.post(PAGE, filled(**changes)).status_code == 302


def test_who_is_registered_elsewhere_is_not_shown(client, hida):
    """What another municipality knows is not told here."""
    register_resident(ResidentFactory(person=PEOPLE[0]), hida)
    assert client.post(PAGE, filled()).status_code == 302


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"counter-agrees": ""}, "署名された同意がなければ登録できません"),
        ({"counter-paper_kept_at": ""}, "書面の保管場所"),
        ({"family_kana": "佐藤"}, "フリガナ"),
        ({"survey-relation": []}, "選んでください"),
        ({"counter-email": "x"}, "メールアドレス"),
        ({"counter-channel": "dream"}, "受付方法"),
        ({"counter-key": "x"}, "error"),
    ],
)
def test_what_is_missing_is_named_and_nobody_is_made(client, changes, sentence):
    page = client.post(PAGE, filled(**changes))
    assert page.status_code == 200
    assert sentence in page.content.decode()
    assert User.objects.filter(email=None).count() == 0


def test_asking_for_the_address_saves_nothing_and_blames_nobody(client):
    page = client.post(PAGE, {"postal_code": "9880017", "find_address": "1"}).content.decode()
    assert 'value="南町"' in page
    assert "help-critical" not in page
    assert "error-message" not in page
    assert User.objects.filter(email=None).count() == 0


def test_an_address_abroad_can_be_entered(client):
    page = client.post(PAGE, {"country": "BR", "show_fields": "1"}).content.decode()
    assert '<textarea name="address_line"' in page
    abroad = {
        "country": "BR",
        "shown_country": "BR",
        "postal_code": "",
        "address_line": "Rua Galvão Bueno 1, São Paulo",
    }
    assert client.post(PAGE, filled(**abroad)).status_code == 302
    assert Registration.objects.filter(residence_name="ブラジル").count() == 2


def test_a_municipality_that_is_not_open_registers_nobody(client, kesennuma, officer):
    with_status(kesennuma, MunicipalityStatus.PREPARING)
    assert 'name="family_name"' not in client.get(PAGE).content.decode()
    kesennuma.refresh_from_db()
    with pytest.raises(Refused) as refusal:
        make_entry(kesennuma, officer)
    assert refusal.value.code == "not_published"
    assert User.objects.filter(email=None).count() == 0


def test_an_e_mail_address_gets_one_mail_without_particulars_and_signs_nobody_in(
    client, mailoutbox
):
    client.post(PAGE, filled(**{"counter-email": "Haru@Example.jp"}))
    (mail,) = [mail for mail in mailoutbox if mail.to != [""]]
    assert mail.to == ["haru@example.jp"]
    assert "/claim/" in mail.body
    assert "佐藤" not in mail.body + mail.subject
    assert User.objects.with_email("haru@example.jp") is None
    assert Registration.objects.first().email == ""


# What is printed


def test_the_code_is_shown_to_whoever_issued_it_for_an_hour(client, kesennuma, officer, settings):
    settings.STAFF_IDLE_MINUTES = 120
    entry = make_entry(kesennuma, officer)
    path, code = f"/admin/counter/{entry.pk}/", code_of(entry)
    page = client.get(path).content.decode()
    for shown in (
        code,
        entry.registration_number,
        "小野寺 ハル",
        "昭和2年1月7日",
        "綴り3の12",
        "係員 一郎",
    ):
        assert shown in page
    other = staff_client(kesennuma, Role.ADMINISTRATOR)
    text = other.get(path).content.decode()
    assert "小野寺 ハル" in text
    assert code not in text
    assert other.get(f"{path}sheet/")["Location"] == path
    with time_machine.travel(clock.now() + SHOWN_FOR * 1.01):
        assert code not in client.get(path).content.decode()
        assert client.get(f"{path}sheet/")["Location"] == path


def test_the_code_stands_nowhere_in_the_database(client, kesennuma, officer):
    entry = make_entry(kesennuma, officer)
    client.get(f"/admin/counter/{entry.pk}/")
    code = code_of(entry)
    with connection.cursor() as cursor:
        for table in ("accounts_claimcode", "accounts_counterentry", "django_session",
                      "notifications_outboxmessage"):  # fmt: skip
            cursor.execute(f"SELECT t::text FROM public.{table} t")
            rows = " ".join(row for (row,) in cursor.fetchall())
            assert rows
            assert code not in rows
            assert code.replace("-", "") not in rows


def test_the_sheet_is_one_page_with_number_code_and_address(client, kesennuma, officer):
    entry = make_entry(kesennuma, officer)
    answer = client.get(f"/admin/counter/{entry.pk}/sheet/")
    assert answer["Content-Type"] == "application/pdf"
    assert "no-store" in answer["Cache-Control"]
    (page,) = PdfReader(io.BytesIO(answer.content)).pages
    text = "".join(page.extract_text().split())
    address = "〒100-0001東京都千代田区千代田1番1号"
    claim = "http://localhost:8000/claim/"
    for printed in (code_of(entry), entry.registration_number, "小野寺ハル", address, claim):
        assert printed in text, printed


def test_a_name_our_fonts_lack_is_printed_from_the_page(client, kesennuma, officer):
    entry = make_entry(kesennuma, officer, family_name="\U0001f363田")
    answer = client.get(f"/admin/counter/{entry.pk}/sheet/", follow=True)
    assert answer.redirect_chain
    assert "\U0001f363" in answer.content.decode()


def test_a_new_code_ends_the_old_one(client, kesennuma, officer):
    entry = make_entry(kesennuma, officer)
    old = code_of(entry)
    client.post(f"/admin/counter/{entry.pk}/code/")
    assert code_of(entry) != old
    open_ones = ClaimCode.objects.filter(used_at=None, ended_at=None)
    assert open_ones.count() == 1
    assert ClaimCode.objects.count() == 2


# Who may


@pytest.mark.parametrize("role", Role)
def test_registration_officers_and_administrators_may_nobody_else(kesennuma, officer, role):
    client = staff_client(kesennuma, role)
    entry = make_entry(kesennuma, officer)
    may = role in {Role.REGISTRATION_OFFICER, Role.ADMINISTRATOR}
    for path in ("/admin/counter/", PAGE, f"/admin/counter/{entry.pk}/"):
        assert client.get(path).status_code == (200 if may else 302), path
    client.post(PAGE, filled())
    assert CounterEntry.objects.count() == (2 if may else 1)
    assert ("/admin/counter/" in client.get("/admin/").content.decode()) == may


def test_the_list_names_who_was_entered_here_with_few_queries(
    client, kesennuma, hida, officer, django_assert_max_num_queries
):
    elsewhere = make_entry(hida, make_member(hida, Role.ADMINISTRATOR), family_name="飛騨")
    for number in range(3):
        make_entry(kesennuma, officer, given_name=f"ハル{number}")
    with django_assert_max_num_queries(20):
        page = client.get("/admin/counter/").content.decode()
    assert page.count("小野寺") == 3
    assert "飛騨" not in page
    assert client.get(f"/admin/counter/{elsewhere.pk}/").status_code == 404
    assert client.post(f"/admin/counter/{elsewhere.pk}/code/").status_code == 404


def test_the_permissions_exist_in_every_municipality(kesennuma, hida):
    for municipality in (kesennuma, hida):
        with municipality_context(municipality):
            assert Permission.objects.filter(codename="add_counterentry").exists()
