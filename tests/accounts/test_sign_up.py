"""From no account to a confirmed one; signing in; what a stranger can't learn."""

from __future__ import annotations

import re
from urllib.parse import parse_qs, urlsplit

import pytest
from allauth.account.models import EmailAddress
from django.test import Client
from django.utils import translation

from accounts.models import TermsAcceptance, User
from tests.factories.accounts import PASSWORD, ResidentFactory, UserFactory, signed_in_client

pytestmark = pytest.mark.django_db
SIGN_UP = {
    "email": "Hanako@Example.jp",
    "password1": PASSWORD,
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


def test_a_resident_signs_up_with_the_code_from_the_mail(portal, code_in_mail):
    response = portal.post("/account/signup/?next=/c/ABC/", SIGN_UP)
    assert response["Location"] == "/account/confirm-email/"
    assert not EmailAddress.objects.get(email="hanako@example.jp").verified
    response = portal.post("/account/confirm-email/", {"code": code_in_mail()})
    assert response["Location"] == "/c/ABC/"
    assert EmailAddress.objects.get(email="hanako@example.jp").verified
    assert portal.get("/my/profile/").status_code == 200


def test_the_code_is_as_good_in_full_width(portal, code_in_mail):
    portal.post("/account/signup/", SIGN_UP)
    typed = code_in_mail().translate(str.maketrans("0123456789-", "０１２３４５６７８９－"))
    portal.post("/account/confirm-email/", {"code": f" {typed}　"})
    assert EmailAddress.objects.get(email="hanako@example.jp").verified


def test_a_wrong_code_confirms_nothing(portal, code_in_mail):
    portal.post("/account/signup/", SIGN_UP)
    wrong = "0000-0000" if code_in_mail() != "0000-0000" else "1111-1111"
    page = portal.post("/account/confirm-email/", {"code": wrong})
    assert page.status_code == 200
    assert not EmailAddress.objects.get(email="hanako@example.jp").verified


def test_three_wrong_codes_end_the_attempt(portal, code_in_mail):
    portal.post("/account/signup/", SIGN_UP)
    code = code_in_mail()
    for _time in range(3):
        portal.post("/account/confirm-email/", {"code": "0000-0001"})
    portal.post("/account/confirm-email/", {"code": code})
    assert not EmailAddress.objects.get(email="hanako@example.jp").verified


def test_both_texts_are_agreed_to_and_the_versions_kept(portal):
    portal.post("/account/signup/", SIGN_UP)
    agreed = TermsAcceptance.objects.filter(user__email="hanako@example.jp")
    assert {(one.terms.kind, one.terms.version) for one in agreed} == {
        ("resident", "1.0"),
        ("privacy", "1.0"),
    }
    assert all(one.accepted_at for one in agreed)


def test_the_page_asks_in_order(portal):
    form = portal.get("/account/signup/").context["form"]
    assert list(form.fields) == ["email", "password1", "agrees_terms", "agrees_privacy"]


@pytest.mark.parametrize("missing", ["agrees_terms", "agrees_privacy", "email", "password1"])
def test_nobody_signs_up_with_something_left_out(portal, missing):
    response = portal.post("/account/signup/", {k: v for k, v in SIGN_UP.items() if k != missing})
    assert list(response.context["form"].errors) == [missing]
    assert not User.objects.filter(email="hanako@example.jp").exists()


@pytest.mark.parametrize("password", ["short-one", "password1234", "0192837465"[:9]])
def test_a_weak_password_is_refused(portal, password):
    response = portal.post("/account/signup/", {**SIGN_UP, "password1": password})
    assert "password1" in response.context["form"].errors


def test_a_known_address_gets_the_same_answer(portal, mailoutbox):
    known = UserFactory(email="known@example.jp")
    answers = []
    for email in (known.email, "unknown@example.jp"):
        browser = Client(HTTP_HOST="localhost")
        first = browser.post("/account/signup/", {**SIGN_UP, "email": email})
        second = browser.get(first["Location"])
        page = re.sub(r"csrf\w+\" value=\"\w+", "", second.content.decode())
        page = re.sub(r'nonce="[^"]+', "", page)
        answers.append((first.status_code, first["Location"], page.replace(email, "x")))
    assert answers[0] == answers[1]
    assert User.objects.filter(email=known.email).count() == 1
    to_known = next(one for one in mailoutbox if one.to == [known.email])
    assert not CODE.search(to_known.body)


def test_a_known_address_gives_no_session(portal):
    known = UserFactory(email="known@example.jp")
    portal.post("/account/signup/", {**SIGN_UP, "email": known.email})
    portal.post("/account/confirm-email/", {"code": ""})
    assert portal.get("/my/profile/").status_code == 302


def test_asking_for_a_code_or_a_password_tells_no_address_apart():
    UserFactory(email="known@example.jp")
    for path in ("/account/login/code/", "/account/password/reset/"):
        answers = []
        for email in ("known@example.jp", "unknown@example.jp"):
            response = Client(HTTP_HOST="localhost").post(path, {"email": email})
            answers.append((response.status_code, response["Location"]))
        assert answers[0] == answers[1]


def test_signing_in_with_the_password(portal):
    user = UserFactory()
    response = portal.post(
        "/account/login/?next=/c/ABC/", {"login": user.email.upper(), "password": PASSWORD}
    )
    assert response["Location"] == "/c/ABC/"


def test_signing_in_with_a_code(portal, code_in_mail):
    user = UserFactory()
    response = portal.post("/account/login/code/?next=/c/ABC/", {"email": user.email})
    assert urlsplit(response["Location"]).path == "/account/login/code/confirm/"
    response = portal.post(response["Location"], {"code": code_in_mail()})
    assert response["Location"] == "/c/ABC/"


def test_a_wrong_password_and_an_unknown_address_are_told_alike(portal):
    user = UserFactory()
    errors = [
        portal.post("/account/login/", {"login": email, "password": "wrong-wrong-wrong"})
        .context["form"]
        .errors["__all__"]
        for email in (user.email, "unknown@example.jp")
    ]
    assert list(errors[0]) == list(errors[1]) != []


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
        "/account/login/", {"login": user.email, "password": PASSWORD, "next": evil}
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
    portal.post("/account/login/", {"login": user.email, "password": PASSWORD})
    assert portal.cookies["session"].value != planted


def test_a_forgotten_password_is_set_anew_with_a_code(portal, code_in_mail, mailoutbox):
    user = UserFactory()
    response = portal.post("/account/password/reset/", {"email": user.email})
    response = portal.post(response["Location"], {"code": code_in_mail()})
    new = "a-new-one-for-the-sea"
    response = portal.post(response["Location"], {"password1": new})
    assert response.status_code == 302
    user.refresh_from_db()
    assert user.check_password(new)
    assert len(mailoutbox) == 2  # the code, and word that it happened


def test_a_changed_password_ends_the_other_sessions():
    user = UserFactory()
    here, elsewhere = signed_in_client(user), signed_in_client(user)
    here.post(
        "/account/password/change/",
        {"oldpassword": PASSWORD, "password1": "a-new-one-for-the-sea"},
    )
    assert here.get("/my/profile/").status_code == 200
    assert elsewhere.get("/my/profile/").status_code == 302


def test_the_address_changes_once_the_new_one_is_confirmed(portal, code_in_mail, mailoutbox):
    user = UserFactory(email="old@example.jp")
    portal.post("/account/login/", {"login": user.email, "password": PASSWORD})
    asked = portal.post("/account/email/", {"action_add": "1", "email": "new@example.jp"})
    response = portal.post(asked["Location"], {"password": PASSWORD})
    assert response["Location"] == "/account/confirm-email/"
    user.refresh_from_db()
    assert user.email == "old@example.jp"
    portal.post("/account/confirm-email/", {"code": code_in_mail()})
    user.refresh_from_db()
    assert user.email == "new@example.jp"
    assert mailoutbox[-1].to == ["old@example.jp"]


def test_an_old_session_gives_the_password_again_before_the_address_changes(mailoutbox):
    client = signed_in_client(UserFactory())
    response = client.post("/account/email/", {"action_add": "1", "email": "new@example.jp"})
    assert urlsplit(response["Location"]).path == "/account/reauthenticate/"
    assert not mailoutbox


PAGES = [
    "/account/login/",
    "/account/signup/",
    "/account/login/code/",
    "/account/password/reset/",
    "/account/inactive/",
]
PAGES_SIGNED_IN = [
    "/account/logout/",
    "/account/email/",
    "/account/password/change/",
    "/account/reauthenticate/",
    "/my/profile/",
]


@pytest.mark.parametrize("path", [*PAGES, *PAGES_SIGNED_IN])
def test_japanese_pages_have_no_english(portal, path):
    client = signed_in_client(ResidentFactory().user) if path in PAGES_SIGNED_IN else portal
    page = client.get(path)
    assert page.status_code == 200
    text = re.sub(r"\S+@example\.jp|English", "", visible_text(page))
    assert not LATIN_WORD.findall(text), path


@pytest.mark.parametrize("path", [*PAGES, *PAGES_SIGNED_IN])
def test_english_pages_are_english(portal, path):
    client = signed_in_client(ResidentFactory().user) if path in PAGES_SIGNED_IN else portal
    page = client.get(f"/en{path}")
    assert page.status_code == 200
    title = re.search(r"<h1>(.*?)</h1>", page.content.decode())[1]
    assert title.isascii()


def test_errors_are_told_in_japanese(portal):
    wrong = [
        ("/account/login/", {"login": "x@example.jp", "password": "wrong"}),
        ("/account/login/", {"login": "not an address", "password": ""}),
        ("/account/signup/", {"email": "not an address", "password1": "short"}),
        ("/account/signup/", {**SIGN_UP, "password1": "password1234"}),
        ("/account/login/code/", {"email": ""}),
        ("/account/password/reset/", {"email": "not an address"}),
    ]
    for path, data in wrong:
        page = portal.post(path, data)
        assert page.context["form"].errors
        assert not LATIN_WORD.findall(visible_text(page)), path


def test_code_pages_have_no_english(portal):
    user = UserFactory()
    for path, data in [
        ("/account/signup/", SIGN_UP),
        ("/account/login/code/", {"email": user.email}),
        ("/account/password/reset/", {"email": user.email}),
    ]:
        client = Client(HTTP_HOST="localhost")
        sent = client.post(path, data)
        for page in (client.get(sent["Location"]), client.post(sent["Location"], {"code": "1"})):
            assert page.status_code == 200
            text = re.sub(r"\S+@[Ee]xample\.jp", "", visible_text(page))
            assert not LATIN_WORD.findall(text), path


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
    client = signed_in_client(resident.user)
    client.post(
        "/account/password/change/",
        {"oldpassword": PASSWORD, "password1": "a-new-one-for-the-sea"},
    )
    assert mailoutbox[-1].subject == "Your password was changed"


@pytest.mark.parametrize("prefix", ["account_already_exists", "unknown_account"])
def test_mails_lead_to_the_portal(portal, prefix, mailoutbox):
    UserFactory(email="known@example.jp")
    if prefix == "unknown_account":
        portal.post("/account/login/code/", {"email": "unknown@example.jp"})
    else:
        portal.post("/account/signup/", {**SIGN_UP, "email": "known@example.jp"})
    body = mailoutbox[-1].body
    assert re.search(r"http://localhost(:\d+)?/account/(login|signup)/", body)
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
