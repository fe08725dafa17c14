"""From no account to a confirmed one; signing in; what a stranger can't learn."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
import time_machine
from allauth.account.models import EmailAddress
from django.test import Client
from django.utils import translation

from accounts.models import RecoveryCode, User
from common.clock import TOKYO
from privacy.models import Consent
from tests.factories.accounts import (
    PASSWORD,
    ResidentFactory,
    UserFactory,
    confirmed_client,
    signed_in_client,
    with_factor,
)
from tests.factories.staff import make_member

pytestmark = pytest.mark.django_db
SIGN_UP = {
    "email": "Hanako@Example.jp",
    "agrees_terms": "on",
    "agrees_privacy": "on",
}
CODE = re.compile(r"^\d{4}-\d{4}$", re.MULTILINE)
LATIN_WORD = re.compile(r"[A-Za-z]{4,}")


@pytest.fixture
def portal():
    return Client(HTTP_HOST="localhost")


@pytest.fixture
def code_in_mail(mailoutbox):
    """Reads the code out of the newest mail."""
    return lambda: CODE.search(mailoutbox[-1].body)[0]


def visible_text(response) -> str:
    html = re.sub(
        r"(?s)<(head|script|style|select|footer)\b.*?</\1>", " ", response.content.decode()
    )
    return re.sub(r"<[^>]+>|English", " ", html)


CODE_PAGE = "/account/login/code/"


def sign_up(portal, code_in_mail, path="/account/signup/", **changed):
    portal.post(path, {**SIGN_UP, **changed})
    return portal.post(CODE_PAGE, {"code": code_in_mail()})


def by_code(portal, code_in_mail, email, path="/account/login/"):
    portal.post(path, {"email": email})
    return portal.post(CODE_PAGE, {"code": code_in_mail()})


def is_signed_in(client) -> bool:
    return client.get("/my/profile/").status_code == 200


def test_a_resident_signs_up_with_the_code_from_the_mail_and_no_password(portal, code_in_mail):
    response = portal.post("/account/signup/?next=/c/ABC/", SIGN_UP)
    assert response["Location"] == CODE_PAGE
    assert not User.objects.filter(email="hanako@example.jp").exists()
    response = portal.post(CODE_PAGE, {"code": code_in_mail()})
    assert response["Location"] == "/c/ABC/"
    assert EmailAddress.objects.get(email="hanako@example.jp").verified
    assert not User.objects.get(email="hanako@example.jp").has_usable_password()
    assert is_signed_in(portal)


def test_the_code_is_as_good_in_full_width(portal, code_in_mail):
    portal.post("/account/signup/", SIGN_UP)
    typed = code_in_mail().translate(str.maketrans("0123456789-", "０１２３４５６７８９－"))
    portal.post(CODE_PAGE, {"code": f" {typed}　"})
    assert is_signed_in(portal)


def test_an_address_in_full_width_is_as_good(portal, mailoutbox):
    portal.post("/account/signup/", {**SIGN_UP, "email": "ｈａｎａｋｏ＠ｅｘａｍｐｌｅ．ｊｐ"})
    assert mailoutbox[-1].to == ["hanako@example.jp"]


def test_a_wrong_code_makes_no_account(portal, code_in_mail):
    portal.post("/account/signup/", SIGN_UP)
    wrong = "0000-0000" if code_in_mail() != "0000-0000" else "1111-1111"
    page = portal.post(CODE_PAGE, {"code": wrong})
    assert page.status_code == 200
    assert not User.objects.filter(email="hanako@example.jp").exists()


def test_three_wrong_codes_end_the_attempt(portal, code_in_mail):
    portal.post("/account/signup/", SIGN_UP)
    code = code_in_mail()
    for _time in range(3):
        portal.post(CODE_PAGE, {"code": "0000-0001"})
    portal.post(CODE_PAGE, {"code": code})
    assert not User.objects.filter(email="hanako@example.jp").exists()


def test_a_new_code_makes_the_one_before_void(portal, code_in_mail):
    portal.post("/account/signup/", SIGN_UP)
    first = code_in_mail()
    assert portal.post(CODE_PAGE, {"action": "resend"})["Location"] == CODE_PAGE
    assert portal.post(CODE_PAGE, {"code": first}).status_code == 200
    assert portal.post(CODE_PAGE, {"code": code_in_mail()}).status_code == 302


def test_three_mails_are_sent_for_one_attempt_and_no_more(portal, mailoutbox):
    portal.post("/account/signup/", SIGN_UP)
    for _time in range(4):
        portal.post(CODE_PAGE, {"action": "resend"})
    assert len(mailoutbox) == 3


@pytest.mark.parametrize(("minutes", "status"), [(29, 302), (31, 302)])
def test_a_code_is_good_for_half_an_hour(portal, code_in_mail, minutes, status):
    with time_machine.travel(datetime(2026, 11, 23, 9, 0, tzinfo=TOKYO), tick=False) as clock:
        portal.post("/account/signup/", SIGN_UP)
        clock.shift(timedelta(minutes=minutes))
        portal.post(CODE_PAGE, {"code": code_in_mail()})
        assert is_signed_in(portal) is (minutes < 30)


def test_a_code_works_in_the_browser_that_asked_for_it_and_once(portal, code_in_mail):
    portal.post("/account/signup/", SIGN_UP)
    other = Client(HTTP_HOST="localhost")
    assert other.post(CODE_PAGE, {"code": code_in_mail()})["Location"] == "/account/login/"
    portal.post(CODE_PAGE, {"code": code_in_mail()})
    portal.post("/account/logout/")
    assert portal.post(CODE_PAGE, {"code": code_in_mail()})["Location"] == "/account/login/"


def test_the_session_keeps_the_code_as_a_hash(portal, code_in_mail):
    portal.post("/account/signup/", SIGN_UP)
    kept = str(dict(portal.session.items()))
    assert code_in_mail() not in kept
    assert code_in_mail().replace("-", "") not in kept


def test_both_texts_are_agreed_to_and_the_versions_kept(portal, code_in_mail):
    sign_up(portal, code_in_mail)
    agreed = Consent.objects.running().filter(user__email="hanako@example.jp")
    assert {(one.purpose, one.text.kind, one.text.version) for one in agreed} == {
        ("terms", "resident", "1.0"),
        ("privacy_notice", "privacy", "1.0"),
    }
    assert all(one.given_at and one.on_paper_by is None for one in agreed)


def test_the_page_asks_in_order_and_for_no_password(portal):
    form = portal.get("/account/signup/").context["form"]
    assert [field.name for field in form.visible_fields()] == [
        "email",
        "agrees_terms",
        "agrees_privacy",
    ]


@pytest.mark.parametrize("missing", ["agrees_terms", "agrees_privacy", "email"])
def test_nobody_signs_up_with_something_left_out(portal, mailoutbox, missing):
    response = portal.post("/account/signup/", {k: v for k, v in SIGN_UP.items() if k != missing})
    assert list(response.context["form"].errors) == [missing]
    assert not mailoutbox


def test_signing_up_with_an_address_that_has_an_account_signs_in_to_it(portal, code_in_mail):
    known = UserFactory(email="known@example.jp")
    sign_up(portal, code_in_mail, email=known.email)
    assert portal.session["_auth_user_id"] == str(known.pk)
    assert User.objects.filter(email=known.email).count() == 1


def test_signing_in_with_an_address_without_an_account_offers_to_make_one(portal, code_in_mail):
    response = by_code(
        portal, code_in_mail, "new@example.jp", "/account/login/?next=/register/042056/"
    )
    assert response["Location"] == "/account/login/new/"
    assert not User.objects.filter(email="new@example.jp").exists()
    agreed = {"agrees_terms": "on", "agrees_privacy": "on"}
    assert portal.post("/account/login/new/", {}).status_code == 200
    response = portal.post("/account/login/new/", agreed)
    assert response["Location"] == "/register/042056/"
    assert is_signed_in(portal)
    assert Consent.objects.running().filter(user__email="new@example.jp").count() == 2


def test_an_account_is_not_made_for_an_address_that_is_not_proven(portal):
    portal.post("/account/login/", {"email": "new@example.jp"})
    agreed = {"agrees_terms": "on", "agrees_privacy": "on"}
    assert portal.post("/account/login/new/", agreed)["Location"] == "/account/login/"
    assert not User.objects.filter(email="new@example.jp").exists()


def test_a_password_set_before_the_address_was_proven_is_a_strangers(portal, code_in_mail):
    """Who makes an account with somebody else's address, and waits, waits in vain."""
    user = User.objects.create_user("victim@example.jp", PASSWORD)
    EmailAddress.objects.create(user=user, email=user.email, verified=False, primary=True)
    by_code(portal, code_in_mail, user.email)
    user.refresh_from_db()
    assert not user.has_usable_password()
    assert is_signed_in(portal)


def test_a_closed_account_is_not_opened(portal, code_in_mail):
    user = UserFactory(is_active=False)
    assert by_code(portal, code_in_mail, user.email)["Location"] == "/account/inactive/"
    assert not is_signed_in(portal)


def test_signing_in_with_the_password(portal):
    user = UserFactory()
    response = portal.post(
        "/account/login/password/?next=/c/ABC/", {"login": user.email.upper(), "password": PASSWORD}
    )
    assert response["Location"] == "/c/ABC/"


def test_signing_in_with_a_code(portal, code_in_mail):
    user = UserFactory()
    response = portal.post("/account/login/?next=/c/ABC/", {"email": user.email.upper()})
    assert urlsplit(response["Location"]).path == CODE_PAGE
    response = portal.post(response["Location"], {"code": code_in_mail()})
    assert response["Location"] == "/c/ABC/"


def test_the_code_is_offered_first_then_the_passkey_then_the_password(portal):
    page = portal.get("/account/login/").content.decode()
    places = [page.index(mark) for mark in ("id_email", "data-passkey=", "/login/password/")]
    assert places == sorted(places)


def test_a_second_factor_of_staff_is_not_asked_for_on_the_portal(portal, code_in_mail, kesennuma):
    user = make_member(kesennuma, "editor")
    for place in (kesennuma, None):
        with_factor(user, place)
    assert by_code(portal, code_in_mail, user.email)["Location"] == "/my/"
    portal.post("/account/logout/")
    response = portal.post("/account/login/password/", {"login": user.email, "password": PASSWORD})
    assert response["Location"] == "/my/"


@pytest.mark.parametrize(
    "evil",
    [
        "//evil.example/",
        "https://evil.example/",
        "/\\evil.example",
        "http://kesennuma.localhost/",
        "/\t/evil.example",
    ],
)
def test_signing_in_leads_to_no_other_host(portal, evil):
    user = UserFactory()
    response = portal.post(
        "/account/login/password/", {"login": user.email, "password": PASSWORD, "next": evil}
    )
    target = urlsplit(response["Location"])
    assert not target.netloc
    assert target.path == "/my/"


def test_the_way_back_is_kept_between_sign_in_and_sign_up(portal):
    handoff = "/handoff/?to=042056&browser=ab&next=/rooms/"
    for path in ("/account/login/", "/account/signup/"):
        page = portal.get(path, {"next": handoff}).content.decode()
        links = re.findall(r'href="(/account/(?:login|signup)/\?next=[^"]+)"', page)
        assert links
        for link in links:
            assert parse_qs(urlsplit(link).query)["next"] == [handoff]


def test_the_session_key_changes_on_signing_in(portal):
    portal.get("/account/login/")
    portal.cookies["session"] = planted = "planted0planted0planted0planted0"
    user = UserFactory()
    portal.post("/account/login/password/", {"login": user.email, "password": PASSWORD})
    assert portal.cookies["session"].value != planted


def test_signing_in_by_code_leads_to_no_other_host(portal, code_in_mail):
    user = UserFactory()
    portal.post("/account/login/", {"email": user.email, "next": "//evil.example/"})
    assert portal.post(CODE_PAGE, {"code": code_in_mail()})["Location"] == "/my/"


def test_a_forgotten_password_is_set_anew_with_a_code(portal, code_in_mail, mailoutbox):
    user = UserFactory()
    response = by_code(portal, code_in_mail, user.email, "/account/password/reset/")
    assert response["Location"] == "/account/password/change/"
    new = "a-new-one-for-the-sea"
    response = portal.post(response["Location"], {"password1": new})
    assert response["Location"] == "/my/sign-in/"
    user.refresh_from_db()
    assert user.check_password(new)
    assert is_signed_in(portal)
    assert len(mailoutbox) == 2  # the code, and word that it happened


@pytest.mark.parametrize("password", ["short-one", "password1234", "0192837465"[:9]])
def test_a_weak_password_is_refused(portal, code_in_mail, password):
    sign_up(portal, code_in_mail)
    page = portal.post("/account/password/change/", {"password1": password})
    assert "password1" in page.context["form"].errors


def test_a_password_can_be_set_later(portal, code_in_mail):
    sign_up(portal, code_in_mail)
    portal.post("/account/password/change/", {"password1": "a-new-one-for-the-sea"})
    assert is_signed_in(portal)
    again = Client(HTTP_HOST="localhost")
    again.post(
        "/account/login/password/",
        {"login": "hanako@example.jp", "password": "a-new-one-for-the-sea"},
    )
    assert is_signed_in(again)


def test_a_changed_password_ends_the_other_sessions(portal, code_in_mail):
    user = UserFactory()
    elsewhere = signed_in_client(user)
    by_code(portal, code_in_mail, user.email)
    portal.post("/account/password/change/", {"password1": "a-new-one-for-the-sea"})
    assert is_signed_in(portal)
    assert not is_signed_in(elsewhere)


def test_the_address_changes_once_the_new_one_is_confirmed(portal, code_in_mail, mailoutbox):
    user = UserFactory(email="old@example.jp")
    elsewhere = signed_in_client(user)
    by_code(portal, code_in_mail, user.email)
    asked = portal.post("/account/email/", {"action_add": "1", "email": "new@example.jp"})
    assert asked["Location"] == "/account/confirm-email/"
    user.refresh_from_db()
    assert user.email == "old@example.jp"
    portal.post("/account/confirm-email/", {"code": code_in_mail()})
    user.refresh_from_db()
    assert user.email == "new@example.jp"
    assert mailoutbox[-1].to == ["old@example.jp"]
    assert is_signed_in(portal)
    assert not is_signed_in(elsewhere)  # who reads the old mailbox may have signed in with it


def test_an_address_that_somebody_else_signs_in_with_is_not_taken(code_in_mail):
    other, user = UserFactory(email="taken@example.jp"), UserFactory()
    client = confirmed_client(user)
    asked = client.post("/account/email/", {"action_add": "1", "email": other.email})
    assert asked["Location"] == "/account/confirm-email/"  # as for any other address
    answer = client.post(asked["Location"], {"code": code_in_mail()})
    assert answer.status_code in {200, 302}
    assert User.objects.get(email=other.email) == other
    user.refresh_from_db()
    assert user.email != other.email


CHANGES = [
    ("/account/email/", {"action_add": "1", "email": "new@example.jp"}),
    ("/account/password/change/", {"password1": "a-new-one-for-the-sea"}),
    ("/my/sign-in/passkeys/add/", {"name": "x", "credential": "{}"}),
    ("/my/sign-in/passkeys/options/", {}),
    ("/my/sign-in/codes/", {}),
]


@pytest.mark.parametrize(("path", "data"), CHANGES)
def test_an_old_session_shows_that_it_is_the_owner_before_it_changes_what_opens_the_account(
    mailoutbox, path, data
):
    user = UserFactory()
    response = signed_in_client(user).post(path, data)
    assert urlsplit(response["Location"]).path == "/account/reauthenticate/"
    assert not mailoutbox
    assert not RecoveryCode.objects.exists()
    user.refresh_from_db()
    assert user.check_password(PASSWORD)


def test_a_code_by_mail_shows_it(code_in_mail):
    client = signed_in_client(UserFactory(password=None))
    response = client.get("/my/sign-in/codes/")
    response = client.post(response["Location"], {})
    assert response["Location"] == CODE_PAGE
    response = client.post(CODE_PAGE, {"code": code_in_mail()})
    assert response["Location"] == "/my/sign-in/codes/"
    assert client.get("/my/sign-in/codes/").status_code == 200


def test_the_password_shows_it_and_a_wrong_one_does_not():
    client = signed_in_client(UserFactory())
    page = client.post("/account/reauthenticate/", {"password": "wrong-wrong-wrong"})
    assert page.context["form"].errors
    assert client.get("/account/password/change/").status_code == 302
    client.post("/account/reauthenticate/", {"password": PASSWORD})
    assert client.get("/account/password/change/").status_code == 200


def test_it_holds_for_a_quarter_of_an_hour():
    with time_machine.travel(datetime(2026, 11, 23, 9, 0, tzinfo=TOKYO), tick=False) as clock:
        client = signed_in_client(UserFactory())
        client.post("/account/reauthenticate/", {"password": PASSWORD})
        clock.shift(timedelta(minutes=14))
        assert client.get("/account/password/change/").status_code == 200
        clock.shift(timedelta(minutes=2))
        assert client.get("/account/password/change/").status_code == 302


PAGES = [
    "/account/login/",
    "/account/signup/",
    "/account/login/password/",
    "/account/login/recovery/",
    "/account/password/reset/",
    "/account/inactive/",
]
PAGES_SIGNED_IN = [
    "/account/logout/",
    "/account/email/",
    "/account/password/change/",
    "/account/reauthenticate/",
    "/my/profile/",
    "/my/sign-in/",
    "/my/sign-in/codes/",
    "/my/sign-in/passkey/",
    "/my/sign-in/passkeys/add/",
]


@pytest.mark.parametrize("path", [*PAGES, *PAGES_SIGNED_IN])
def test_japanese_pages_have_no_english(portal, path):
    client = confirmed_client(ResidentFactory().user) if path in PAGES_SIGNED_IN else portal
    page = client.get(path)
    assert page.status_code == 200
    text = re.sub(r"\S+@example\.jp|English", "", visible_text(page))
    assert not LATIN_WORD.findall(text), path


@pytest.mark.parametrize("path", [*PAGES, *PAGES_SIGNED_IN])
def test_english_pages_are_english(portal, path):
    client = confirmed_client(ResidentFactory().user) if path in PAGES_SIGNED_IN else portal
    page = client.get(f"/en{path}")
    assert page.status_code == 200
    title = re.search(r"<h1>(.*?)</h1>", page.content.decode())[1]
    assert title.isascii()


def test_errors_are_told_in_japanese(portal):
    wrong = [
        ("/account/login/", {"email": "not an address"}),
        ("/account/login/password/", {"login": "x@example.jp", "password": "wrong"}),
        ("/account/login/password/", {"login": "not an address", "password": ""}),
        ("/account/login/recovery/", {"email": "x@example.jp", "code": "1234"}),
        ("/account/signup/", {"email": "not an address"}),
        ("/account/password/reset/", {"email": ""}),
    ]
    for path, data in wrong:
        page = portal.post(path, data)
        assert page.context["form"].errors
        assert not LATIN_WORD.findall(visible_text(page)), path


def test_code_pages_have_no_english(portal, code_in_mail):
    user = UserFactory()
    for path, data in [
        ("/account/signup/", SIGN_UP),
        ("/account/login/", {"email": user.email}),
        ("/account/password/reset/", {"email": user.email}),
    ]:
        client = Client(HTTP_HOST="localhost")
        client.post(path, data)
        for page in (client.get(CODE_PAGE), client.post(CODE_PAGE, {"code": "1"})):
            assert page.status_code == 200
            text = re.sub(r"\S+@[Ee]xample\.jp", "", visible_text(page))
            assert not LATIN_WORD.findall(text), path
    by_code(portal, code_in_mail, "new@example.jp")
    text = re.sub(r"\S+@[Ee]xample\.jp", "", visible_text(portal.get("/account/login/new/")))
    assert not LATIN_WORD.findall(text)


def test_mails_are_in_the_language_of_the_page(portal, mailoutbox):
    portal.post("/account/signup/", SIGN_UP)
    japanese = mailoutbox[-1]
    assert not LATIN_WORD.findall(re.sub(r"https?://\S+", "", japanese.subject + japanese.body))
    assert "&" not in japanese.body
    Client(HTTP_HOST="localhost").post(
        "/en/account/signup/", {**SIGN_UP, "email": "other@example.jp"}
    )
    assert "Please enter this code" in mailoutbox[-1].body


def test_mails_are_in_the_language_the_resident_chose(portal, mailoutbox):
    resident = ResidentFactory(language="en")
    client = confirmed_client(resident.user)
    client.post("/account/password/change/", {"password1": "a-new-one-for-the-sea"})
    assert mailoutbox[-1].subject == "Your password was changed"


def test_a_mail_about_a_change_leads_to_the_page_that_helps(mailoutbox):
    client = confirmed_client(UserFactory())
    client.post("/account/password/change/", {"password1": "a-new-one-for-the-sea"})
    body = mailoutbox[-1].body
    assert re.search(r"http://localhost(:\d+)?/my/sign-in/", body)
    assert not LATIN_WORD.findall(re.sub(r"https?://\S+", "", body))


@pytest.mark.parametrize("kind", ["resident", "privacy", "municipality"])
def test_the_texts_can_be_read_by_everybody(portal, kind):
    page = portal.get(f"/terms/{kind}/")
    assert page.status_code == 200
    assert "令和8年4月1日" in page.content.decode()
    assert portal.get(f"/en/terms/{kind}/").status_code == 200


def test_a_text_there_is_not(portal):
    assert portal.get("/terms/cookies/").status_code == 404


def test_the_catalogue_is_complete():
    from common.catalogues import untranslated

    assert [line for line in untranslated() if line.startswith("site/accounts/")] == []
    with translation.override("ja"):
        assert translation.gettext("Fill in the address") != "Fill in the address"
