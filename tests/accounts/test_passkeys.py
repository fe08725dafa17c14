"""Passkeys: registering, signing in, and everything that must not work."""

from __future__ import annotations

import json
import re
from datetime import datetime, timedelta

import pytest
import time_machine
from django.test import Client

from accounts.models import Passkey, SecurityEvent, User
from common.clock import TOKYO
from tenants.hosts import portal_url
from tests.accounts.authenticator import (
    ORIGIN,
    PRESENT,
    VERIFIED,
    Authenticator,
    add_passkey,
    sign_in_with,
)
from tests.factories.accounts import UserFactory, confirmed_client, signed_in_client

pytestmark = pytest.mark.django_db


@pytest.fixture
def user():
    return UserFactory(password=None)


@pytest.fixture
def device(user):
    """A device with a passkey for `user`."""
    made = Authenticator()
    assert add_passkey(confirmed_client(user), made).status_code == 302
    return made


@pytest.fixture
def browser():
    return Client(HTTP_HOST="localhost")


def is_signed_in(client: Client) -> bool:
    return client.get("/my/profile/").status_code == 200


def test_a_resident_signs_in_with_a_passkey_and_types_nothing(user, device, browser):
    response = sign_in_with(browser, device, "/c/ABC/")
    assert response["Location"] == "/c/ABC/"
    assert browser.session["_auth_user_id"] == str(user.pk)
    assert SecurityEvent.objects.filter(
        account=user, kind="signed_in", detail__way="passkey"
    ).exists()


def test_signing_in_leads_to_no_other_host(device, browser):
    assert sign_in_with(browser, device, "//evil.example/")["Location"] == "/my/"


def test_the_portal_asks_for_its_own_domain_and_for_pin_finger_or_face(user, browser):
    made = confirmed_client(user).post("/my/sign-in/passkeys/options/").json()["publicKey"]
    assert made["rp"]["id"] == "localhost"
    assert made["authenticatorSelection"]["userVerification"] == "required"
    assert made["authenticatorSelection"]["residentKey"] == "required"
    asked = browser.post("/account/login/passkey/options/").json()["publicKey"]
    assert asked["rpId"] == "localhost"
    assert asked["userVerification"] == "required"
    assert not asked.get("allowCredentials")  # names no account


def test_the_device_learns_no_number_of_ours(user):
    made = confirmed_client(user).post("/my/sign-in/passkeys/options/").json()["publicKey"]
    assert len(made["user"]["id"]) > 40
    other = confirmed_client(user).post("/my/sign-in/passkeys/options/").json()["publicKey"]
    assert made["user"]["id"] != other["user"]["id"]


def test_a_second_passkey_goes_into_the_same_entry_and_the_first_is_excluded(user, device):
    made = confirmed_client(user).post("/my/sign-in/passkeys/options/").json()
    second = Authenticator()
    second.create(made)
    assert second.user_handle == device.user_handle
    assert len(made["publicKey"]["excludeCredentials"]) == 1


# Browsers let every host below the domain ask for the domain's passkeys.
ORIGINS = [
    "http://kesennuma.localhost:8000",
    "http://kesennuma.admin.localhost:8000",
    "http://localhost",
    "http://localhost:8001",
    "https://localhost:8000",
    "http://localhost:8000/",
    "http://localhost:8000.evil.example",
    "null",
    "",
]


@pytest.mark.parametrize("origin", ORIGINS)
def test_a_page_of_another_origin_signs_nobody_in(device, browser, origin):
    assert sign_in_with(browser, device, origin=origin).status_code == 403
    assert not is_signed_in(browser)


@pytest.mark.parametrize("origin", ORIGINS)
def test_a_page_of_another_origin_adds_no_passkey(user, origin):
    assert add_passkey(confirmed_client(user), Authenticator(), origin=origin).status_code == 403
    assert not Passkey.objects.exists()


def test_a_page_in_a_frame_of_another_site_is_refused(user, device, browser):
    assert sign_in_with(browser, device, crossOrigin=True).status_code == 403
    answer = add_passkey(confirmed_client(user), Authenticator(), crossOrigin=True)
    assert answer.status_code == 403
    assert Passkey.objects.count() == 1


def test_without_pin_finger_or_face_it_is_refused(user, device, browser):
    device.flags = PRESENT
    assert sign_in_with(browser, device).status_code == 403
    assert add_passkey(confirmed_client(user), Authenticator(flags=PRESENT)).status_code == 403


def test_untouched_it_is_refused(device, browser):
    device.flags = VERIFIED
    assert sign_in_with(browser, device).status_code == 403


def test_a_passkey_of_another_site_is_refused(device, browser):
    device.rp = "evil.example"
    assert sign_in_with(browser, device).status_code == 403


def test_an_answer_is_good_once(device, browser):
    options = browser.post("/account/login/passkey/options/").json()
    answer = {"credential": device.get(options)}
    assert browser.post("/account/login/passkey/", answer).status_code == 302
    again = Client(HTTP_HOST="localhost")
    assert again.post("/account/login/passkey/", answer).status_code == 403
    again.post("/account/login/passkey/options/")
    assert again.post("/account/login/passkey/", answer).status_code == 403
    assert not is_signed_in(again)


def test_a_challenge_is_good_for_one_answer_even_if_that_is_wrong(device, browser):
    options = browser.post("/account/login/passkey/options/").json()
    browser.post("/account/login/passkey/", {"credential": "{}"})
    answer = {"credential": device.get(options)}
    assert browser.post("/account/login/passkey/", answer).status_code == 403


@pytest.mark.parametrize(("minutes", "status"), [(4, 302), (6, 403)])
def test_a_challenge_is_good_for_five_minutes(device, browser, minutes, status):
    with time_machine.travel(datetime(2026, 11, 23, 9, 0, tzinfo=TOKYO), tick=False) as clock:
        options = browser.post("/account/login/passkey/options/").json()
        clock.shift(timedelta(minutes=minutes))
        answer = {"credential": device.get(options)}
        assert browser.post("/account/login/passkey/", answer).status_code == status


def test_a_key_that_is_not_the_one_is_refused(device, browser):
    device.key = Authenticator().key
    assert sign_in_with(browser, device).status_code == 403
    assert not is_signed_in(browser)


def test_a_handle_of_somebody_else_is_refused(device, browser):
    device.user_handle = b"somebody else"
    assert sign_in_with(browser, device).status_code == 403


def test_a_copied_key_is_noticed(user, browser):
    device = Authenticator(counter=7)
    add_passkey(confirmed_client(user), device)
    assert sign_in_with(browser, device).status_code == 403  # must have gone on
    device.counter = 8
    assert sign_in_with(browser, device).status_code == 302
    again = Client(HTTP_HOST="localhost")
    assert sign_in_with(again, device).status_code == 403


def test_a_passkey_is_one_accounts(device):
    other = confirmed_client(UserFactory())
    response = add_passkey(other, Authenticator(credential_id=device.credential_id))
    assert response.status_code == 403
    assert Passkey.objects.count() == 1


def test_a_registration_begun_by_one_account_is_not_finished_by_another(user):
    client = confirmed_client(user)
    options = client.post("/my/sign-in/passkeys/options/").json()
    state = client.session["_passkey"]
    other = confirmed_client(UserFactory())
    session = other.session
    session["_passkey"] = state
    session.save()
    answer = {"name": "x", "credential": Authenticator().create(options)}
    assert other.post("/my/sign-in/passkeys/add/", answer).status_code == 403


DAMAGED = ["", "null", "[]", "{}", "7", "{", '{"id": "a", "rawId": "b", "response": {}}']


@pytest.mark.parametrize("text", DAMAGED)
def test_what_is_no_answer_breaks_nothing(user, browser, text):
    browser.post("/account/login/passkey/options/")
    answer = browser.post("/account/login/passkey/", {"credential": text})
    assert answer.status_code == 403
    client = confirmed_client(user)
    client.post("/my/sign-in/passkeys/options/")
    answer = client.post("/my/sign-in/passkeys/add/", {"name": "x", "credential": text})
    assert answer.status_code == 403


@pytest.mark.parametrize("name", ["clientDataJSON", "authenticatorData", "signature", "userHandle"])
@pytest.mark.parametrize("value", ["", "AA", "!!!", None, 7])
def test_a_damaged_part_breaks_nothing(device, browser, name, value):
    options = browser.post("/account/login/passkey/options/").json()
    answer = json.loads(device.get(options))
    answer["response"][name] = value
    response = browser.post("/account/login/passkey/", {"credential": json.dumps(answer)})
    assert response.status_code == 403
    assert not is_signed_in(browser)


def test_a_refused_passkey_is_recorded(device, browser):
    sign_in_with(browser, device, origin="http://kesennuma.localhost:8000")
    event = SecurityEvent.objects.get(kind="sign_in_refused")
    assert event.detail["way"] == "passkey"


def test_a_closed_account_is_not_opened(user, device, browser):
    User.objects.filter(pk=user.pk).update(is_active=False)
    assert sign_in_with(browser, device)["Location"] == "/account/inactive/"
    assert not is_signed_in(browser)


def test_a_passkey_shows_who_it_is_before_a_change(user, device):
    client = signed_in_client(user)
    options = client.post("/account/login/passkey/options/").json()
    answer = {"credential": device.get(options), "next": "/my/sign-in/codes/"}
    assert client.post("/account/reauthenticate/", answer)["Location"] == "/my/sign-in/codes/"
    assert client.get("/my/sign-in/codes/").status_code == 200


def test_somebody_elses_passkey_shows_nothing(device):
    client = signed_in_client(UserFactory())
    options = client.post("/account/login/passkey/options/").json()
    answer = {"credential": device.get(options)}
    assert client.post("/account/reauthenticate/", answer).status_code == 403
    assert client.get("/my/sign-in/codes/").status_code == 302


def test_a_passkey_is_listed_renamed_and_removed(user, device, browser, mailoutbox):
    client = confirmed_client(user)
    passkey = Passkey.objects.get()
    page = f"/my/sign-in/passkeys/{passkey.pk}/"
    assert "電話" in client.get("/my/sign-in/").content.decode()
    client.post(page, {"name": "新しい電話"})
    assert "新しい電話" in client.get("/my/sign-in/").content.decode()
    client.post(f"{page}remove/")
    assert "新しい電話" in mailoutbox[-1].body
    assert sign_in_with(browser, device).status_code == 403
    kinds = SecurityEvent.objects.filter(account=user).values_list("kind", flat=True)
    assert {"passkey_added", "passkey_removed"} <= set(kinds)


def test_the_owner_is_told_of_a_new_passkey(user, device, mailoutbox):
    add_passkey(confirmed_client(user), Authenticator(), name="もう一つ")
    assert mailoutbox[-1].to == [user.email]
    assert "もう一つ" in mailoutbox[-1].body


@pytest.mark.parametrize("what", ["", "remove/"])
def test_nobody_touches_another_persons_passkey(device, what):
    passkey = Passkey.objects.get()
    client = confirmed_client(UserFactory())
    answer = client.post(f"/my/sign-in/passkeys/{passkey.pk}/{what}", {"name": "x"})
    assert answer.status_code == 404
    assert Passkey.objects.get().name == "電話"


CODE = re.compile(r"^\d{4}-\d{4}$", re.MULTILINE)


def by_code(client, user, mailoutbox, **more):
    client.post("/account/login/", {"email": user.email, **more})
    return client.post("/account/login/code/", {"code": CODE.search(mailoutbox[-1].body)[0]})


def test_a_passkey_is_offered_after_the_first_sign_in_and_not_again(user, browser, mailoutbox):
    response = by_code(browser, user, mailoutbox, can_passkey="on")
    assert response["Location"] == "/my/sign-in/passkey/"
    assert "パスキーを追加する" in browser.get(response["Location"]).content.decode()
    assert browser.post(response["Location"])["Location"] == "/my/"
    again = Client(HTTP_HOST="localhost")
    assert by_code(again, user, mailoutbox, can_passkey="on")["Location"] == "/my/"


def test_it_is_not_offered_to_a_browser_that_cannot(user, browser, mailoutbox):
    assert by_code(browser, user, mailoutbox)["Location"] == "/my/"
    user.refresh_from_db()
    assert user.passkey_offered_at is None


def test_it_is_not_offered_to_somebody_on_their_way(user, browser, mailoutbox):
    """To a registration, or before a poster with others waiting behind."""
    response = by_code(browser, user, mailoutbox, can_passkey="on", next="/c/ABC/")
    assert response["Location"] == "/c/ABC/"


def test_it_is_not_offered_to_who_has_one(user, device, browser, mailoutbox):
    assert by_code(browser, user, mailoutbox, can_passkey="on")["Location"] == "/my/"


def test_without_scripts_the_button_is_hidden_and_the_page_says_why(user, browser):
    page = browser.get("/account/login/").content.decode()
    assert re.search(r"<section[^>]*data-passkeys hidden>", page)
    page = confirmed_client(user).get("/my/sign-in/passkeys/add/").content.decode()
    assert re.search(r"<div data-passkeys hidden>", page)
    assert re.search(r"<div class=\"notice[^>]*data-no-passkeys>", page)


def test_no_page_has_a_script_in_it(user, browser):
    pages = [browser.get("/account/login/")]
    client = confirmed_client(user)
    for path in ("/my/sign-in/passkeys/add/", "/my/sign-in/", "/account/reauthenticate/"):
        pages.append(client.get(path))
    for page in pages:
        scripts = re.findall(r"<script([^>]*)>(.*?)</script>", page.content.decode())
        assert scripts
        assert all("src=" in attributes and not body for attributes, body in scripts)
        assert "unsafe-inline" not in page["Content-Security-Policy"]


def test_the_origin_is_the_portals_own():
    assert portal_url("") == ORIGIN
