"""From the code on paper to an account of one's own."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
import time_machine
from allauth.account.models import EmailAddress
from django.test import Client
from django.utils import translation

from accounts.models import ClaimAttempt, ClaimCode, Resident, User
from accounts.operations.claim import check_code
from accounts.operations.claim_codes import issue_claim_code
from accounts.rules.attempts import MANY, OWN_LIMIT
from accounts.rules.claim_codes import read, write
from common import clock
from common.refusal import Refused
from registration.models import Registration, RegistrationEvent
from tests.factories.accounts import PEOPLE, ResidentFactory, UserFactory, signed_in_client
from tests.factories.counter import BORN, code_of, make_entry
from tests.factories.registration import register_resident
from tests.factories.staff import make_member

pytestmark = pytest.mark.django_db
BORN_ON = {
    "birth_date_era": "S",
    "birth_date_year": "2",
    "birth_date_month": "1",
    "birth_date_day": "7",
}
EMAIL = "haru@example.jp"


@pytest.fixture
def officer(kesennuma):
    return make_member(kesennuma, "registration_officer")


@pytest.fixture
def entry(kesennuma, officer):
    return make_entry(kesennuma, officer)


@pytest.fixture
def browser():
    return Client(HTTP_HOST="localhost")


def begin(browser, code, **changes):
    return browser.post("/claim/", {"code": code, **BORN_ON, **changes})


def mailed(mailoutbox, to=EMAIL):
    (*_earlier, mail) = [mail for mail in mailoutbox if mail.to == [to]]
    found = re.search(r"\d{4}-\d{4}", mail.body)
    return found.group() if found else None


def claim_all(browser, entry, mailoutbox, email=EMAIL):
    begin(browser, code_of(entry))
    browser.post("/claim/address/", {"email": email})
    return browser.post("/claim/confirm/", {"code": mailed(mailoutbox)})


def test_code_birth_date_and_a_confirmed_address_make_the_account_one_s_own(
    browser, entry, mailoutbox
):
    assert begin(browser, code_of(entry).lower())["Location"] == "/claim/address/"
    assert browser.post("/claim/address/", {"email": "Haru@Example.jp"}).status_code == 302
    done = browser.post("/claim/confirm/", {"code": mailed(mailoutbox).replace("-", "")})
    assert done["Location"] == "/my/"
    user = User.objects.with_email(EMAIL)
    assert user.resident == entry.resident
    address = EmailAddress.objects.get(user=user)
    assert (address.email, address.verified, address.primary) == (EMAIL, True, True)
    page = browser.get("/my/").content.decode()
    assert entry.registration_number in page
    assert set(Registration.objects.values_list("email", flat=True)) == {EMAIL}
    assert "staff" not in {e.on_behalf for e in RegistrationEvent.objects.all()}


def test_the_code_works_once(browser, entry, mailoutbox):
    code = code_of(entry)
    claim_all(browser, entry, mailoutbox)
    again = begin(Client(HTTP_HOST="localhost"), code)
    assert again.status_code == 200
    assert "一致しない" in again.content.decode()


def test_nobody_issues_another_code_for_an_account_that_is_somebody_s(
    browser, entry, officer, mailoutbox
):
    claim_all(browser, entry, mailoutbox)
    with pytest.raises(Refused) as refusal:
        issue_claim_code(entry, officer)
    assert refusal.value.code == "claimed_already"


def _answer(entry, code, **changes):
    page = begin(Client(HTTP_HOST="localhost"), code, **changes).content.decode()
    ClaimAttempt.objects.all().delete()
    return re.sub(r'value="[^"]*"|nonce="[^"]*"| selected', "", page)


def test_an_unknown_code_and_a_wrong_birth_date_get_the_same_answer(entry, officer):
    """Nobody learns that a code exists, or was used, replaced or is too old."""
    code = code_of(entry)
    unknown = _answer(entry, write(12345))
    assert "一致しない" in unknown
    assert _answer(entry, code, birth_date_day="8") == unknown
    with time_machine.travel(clock.now() + timedelta(days=366)):
        assert _answer(entry, code) == unknown
    issue_claim_code(entry, officer)
    assert _answer(entry, code) == unknown


def test_a_code_is_good_for_as_long_as_the_setting_says(
    browser, entry, kesennuma, officer, settings
):
    code = code_of(entry)
    with time_machine.travel(clock.now() + timedelta(days=364)):
        assert begin(browser, code)["Location"] == "/claim/address/"
    settings.CLAIM_CODE_DAYS = 10
    code = code_of(make_entry(kesennuma, officer))
    with time_machine.travel(clock.now() + timedelta(days=11)):
        assert begin(browser, code).status_code == 200


def test_a_key_that_was_replaced_still_knows_its_codes(browser, entry, settings):
    code = code_of(entry)
    settings.TOKEN_KEYS = [(9, b"n" * 32), *settings.TOKEN_KEYS]
    assert code_of(entry) == code
    assert begin(browser, code).status_code == 302
    settings.TOKEN_KEYS = [(9, b"n" * 32)]
    assert begin(browser, code).status_code == 200


def test_a_slip_is_told_and_costs_no_attempt(browser, entry):
    code = code_of(entry)
    slip = ("2" if code[0] != "2" else "3") + code[1:]
    for _time in range(OWN_LIMIT + 1):
        page = begin(browser, slip)
        assert "見比べてください" in page.content.decode()
    assert ClaimAttempt.objects.count() == 0
    assert begin(browser, code).status_code == 302


# Guessing


def guess(number, client="192.0.2.1"):
    with pytest.raises(Refused) as refusal:
        check_code(write(number), BORN, client)
    return refusal.value.code


def test_five_wrong_codes_an_hour_from_one_address_and_others_go_on(entry):
    code = read(code_of(entry).replace("-", ""))
    now = clock.now()
    with time_machine.travel(now, tick=False):
        assert [guess(n) for n in range(7)] == ["claim_wrong"] * 5 + ["too_many_attempts"] * 2
        with pytest.raises(Refused):
            check_code(code, BORN, "192.0.2.1")  # even the right one
        assert guess(9, "198.51.100.1") == "claim_wrong"
        assert check_code(code, BORN, "198.51.100.1").resident_id == entry.resident_id
    with time_machine.travel(now + timedelta(minutes=61), tick=False):
        assert check_code(code, BORN, "192.0.2.1").resident_id == entry.resident_id


def test_one_household_is_one_address_in_ipv6(entry):
    for number in range(OWN_LIMIT):
        assert guess(number, f"2001:db8::{number}") == "claim_wrong"
    assert guess(6, "2001:db8::ffff") == "too_many_attempts"
    assert guess(7, "2001:db8:0:1::1") == "claim_wrong"


def test_a_right_code_costs_no_attempt(entry):
    code = read(code_of(entry).replace("-", ""))
    for _time in range(OWN_LIMIT + 1):
        check_code(code, BORN, "192.0.2.1")
    assert ClaimAttempt.objects.count() == 0


def test_guessing_from_everywhere_slows_everybody_and_locks_out_nobody(entry):
    code = read(code_of(entry).replace("-", ""))
    now = clock.now()
    with time_machine.travel(now, tick=False):
        ClaimAttempt.objects.bulk_create(
            ClaimAttempt(client=str(n), at=now - timedelta(seconds=1)) for n in range(MANY)
        )
        with pytest.raises(Refused) as refusal:
            check_code(code, BORN, "192.0.2.1")
        assert refusal.value.code == "busy"
    with time_machine.travel(now + timedelta(seconds=2), tick=False):
        assert check_code(code, BORN, "192.0.2.1").resident_id == entry.resident_id


def test_attempts_are_forgotten_after_a_day_and_name_no_address(entry):
    guess(1, "192.0.2.77")
    assert "192.0.2" not in ClaimAttempt.objects.get().client
    with time_machine.travel(clock.now() + timedelta(hours=25)):
        guess(2)
        assert ClaimAttempt.objects.count() == 1


def test_the_page_answers_429_and_keeps_what_was_typed(browser, entry):
    for number in range(OWN_LIMIT):
        begin(browser, write(number))
    page = begin(browser, code_of(entry))
    assert page.status_code == 429
    assert code_of(entry).replace("-", "") in page.content.decode().replace("-", "")


# The address


def test_a_known_address_gets_another_mail_and_the_page_says_the_same(browser, entry, mailoutbox):
    UserFactory(email="taken@example.jp")
    pages = []
    for email in ("taken@example.jp", EMAIL):
        begin(browser, code_of(entry))
        browser.post("/claim/address/", {"email": email})
        pages.append(browser.get("/claim/confirm/").content.decode().replace(email, ""))
    strip = [re.sub(r'(nonce|value)="[^"]*"', "", page) for page in pages]
    assert strip[0] == strip[1]
    assert mailed(mailoutbox, "taken@example.jp") is None
    assert "/claim/" in [m for m in mailoutbox if m.to == ["taken@example.jp"]][0].body
    assert mailed(mailoutbox)


def test_three_wrong_mail_codes_end_that_code_and_three_mails_the_attempt(
    browser, entry, mailoutbox
):
    begin(browser, code_of(entry))
    browser.post("/claim/address/", {"email": EMAIL})
    right = mailed(mailoutbox)
    for _time in range(3):
        assert browser.post("/claim/confirm/", {"code": "0000-0000"}).status_code == 200
    page = browser.post("/claim/confirm/", {"code": right})
    assert page.status_code == 200, "three were wrong: the right one comes too late"
    browser.post("/claim/confirm/", {"action": "resend"})
    browser.post("/claim/confirm/", {"action": "resend"})
    browser.post("/claim/confirm/", {"action": "resend"})
    assert len([m for m in mailoutbox if m.to == [EMAIL]]) == 3
    assert browser.post("/claim/confirm/", {"code": mailed(mailoutbox)}).status_code == 302


def test_the_code_of_an_earlier_mail_is_no_longer_good(browser, entry, mailoutbox):
    begin(browser, code_of(entry))
    browser.post("/claim/address/", {"email": EMAIL})
    first = mailed(mailoutbox)
    browser.post("/claim/confirm/", {"action": "resend"})
    assert browser.post("/claim/confirm/", {"code": first}).status_code == 200
    assert User.objects.with_email(EMAIL) is None


def test_half_an_hour_later_one_begins_anew(browser, entry, mailoutbox):
    begin(browser, code_of(entry))
    browser.post("/claim/address/", {"email": EMAIL})
    code = mailed(mailoutbox)
    with time_machine.travel(clock.now() + timedelta(minutes=31)):
        for path in ("/claim/address/", "/claim/confirm/", "/claim/join/"):
            assert browser.get(path)["Location"] == "/claim/"
        assert browser.post("/claim/confirm/", {"code": code})["Location"] == "/claim/"


def test_who_has_not_shown_the_code_goes_nowhere(browser, entry):
    for path in ("/claim/address/", "/claim/confirm/", "/claim/join/"):
        assert browser.get(path)["Location"] == "/claim/"
        assert browser.post(path, {"email": EMAIL, "code": "1"})["Location"] == "/claim/"


def test_a_code_replaced_on_the_way_is_spent_no_more(browser, entry, officer, mailoutbox):
    begin(browser, code_of(entry))
    browser.post("/claim/address/", {"email": EMAIL})
    issue_claim_code(entry, officer)
    page = browser.post("/claim/confirm/", {"code": mailed(mailoutbox)})
    assert "一致しない" in page.content.decode()
    assert User.objects.with_email(EMAIL) is None


# Signed in already


def test_signed_in_the_registrations_come_into_one_s_own_account(entry, hida):
    own = ResidentFactory(person=PEOPLE[0], birth_date=BORN)
    register_resident(own, hida)
    client = signed_in_client(own.user)
    assert begin(client, code_of(entry))["Location"] == "/claim/join/"
    page = client.get("/claim/join/").content.decode()
    assert own.user.email in page
    assert "宮城県気仙沼市" in page
    assert client.post("/claim/join/")["Location"] == "/my/"
    moved = Registration.objects.get(number=entry.registration_number)
    assert moved.resident == own
    assert moved.name == own.name, "what is disclosed is what stands in the own profile"
    assert moved.email == own.user.email
    paper = Resident.objects.get(pk=entry.resident_id)
    assert paper.merged_into == own
    assert not paper.user.is_active
    assert ClaimCode.objects.get().used_at


def test_signed_in_as_somebody_of_another_birth_date_says_what_to_do(entry):
    other = ResidentFactory(person=PEOPLE[0])
    client = signed_in_client(other.user)
    begin(client, code_of(entry))
    answer = client.post("/claim/join/")
    assert answer.status_code == 409
    assert "生年月日" in answer.content.decode()
    assert Registration.objects.get(number=entry.registration_number).resident == entry.resident
    assert ClaimCode.objects.get().used_at is None, "the code is not lost"


def test_signed_in_without_a_profile_the_one_on_paper_becomes_it(entry):
    user = UserFactory()
    client = signed_in_client(user)
    begin(client, code_of(entry))
    assert client.post("/claim/join/")["Location"] == "/my/"
    resident = Resident.objects.get(user=user)
    assert (resident.name, resident.birth_date) == ("小野寺 ハル", BORN)
    assert Registration.objects.filter(resident=resident, status="active").count() == 2


def test_the_pages_say_who_should_sign_in_first(browser):
    page = browser.get("/claim/").content.decode()
    assert "/account/login/?next=/claim/" in page
    with translation.override("en"):
        assert browser.get("/en/claim/").status_code == 200
