"""Recovery codes: shown once, each good once, counted, and the owner is told."""

from __future__ import annotations

import re

import pytest
from django.db import connection
from django.test import Client

from accounts.models import RecoveryCode, SecurityEvent
from tests.factories.accounts import UserFactory, confirmed_client, signed_in_client

pytestmark = pytest.mark.django_db
CODE = re.compile(r"<code>(\d{4}-\d{4}-\d{4}-\d{4})</code>")
PAGE = "/my/sign-in/codes/"


@pytest.fixture
def user():
    return UserFactory(password=None)


@pytest.fixture
def codes(user):
    found = CODE.findall(confirmed_client(user).post(PAGE).content.decode())
    assert len(set(found)) == 10
    return found


def use(email, code, client=None, **more):
    client = client or Client(HTTP_HOST="localhost")
    return client.post("/account/login/recovery/", {"email": email, "code": code, **more})


def test_a_code_signs_in_with_the_address(user, codes):
    client = Client(HTTP_HOST="localhost")
    response = use(user.email.upper(), codes[3], client)
    assert response["Location"] == "/my/sign-in/"
    page = client.get("/my/sign-in/").content.decode()
    assert "残りのコードは9個です。" in page
    # Mailbox lost: the address can be changed at once.
    assert client.get("/account/email/").status_code == 200


def test_a_code_is_good_once(user, codes):
    assert use(user.email, codes[0]).status_code == 302
    assert use(user.email, codes[0]).status_code == 200
    assert use(user.email, codes[1]).status_code == 302


def test_it_can_be_typed_as_people_type(user, codes):
    code = codes[0].translate(str.maketrans("0123456789-", "０１２３４５６７８９ー"))
    assert use(user.email, code).status_code == 302
    assert use(user.email, codes[1].replace("-", " ")).status_code == 302
    assert use(user.email, codes[2].replace("-", "")).status_code == 302


def test_a_code_of_one_account_opens_no_other(codes):
    other = UserFactory()
    assert use(other.email, codes[0]).status_code == 200


def test_new_codes_make_the_old_ones_void(user, codes):
    confirmed_client(user).post(PAGE)
    assert use(user.email, codes[0]).status_code == 200
    assert RecoveryCode.objects.filter(user=user).count() == 10


def test_they_are_shown_once(user, codes):
    page = confirmed_client(user).get(PAGE).content.decode()
    assert not CODE.findall(page)
    assert "10個" in page


def test_the_database_keeps_none_of_them(codes):
    with connection.cursor() as cursor:
        cursor.execute("SELECT t::text FROM accounts_recoverycode t")
        rows = " ".join(row for (row,) in cursor.fetchall())
    for code in codes:
        assert code not in rows
        assert code.replace("-", "") not in rows


def test_the_owner_is_told_by_mail_and_it_is_recorded(user, codes, mailoutbox):
    use(user.email, codes[0])
    assert mailoutbox[-1].to == [user.email]
    assert "9個" in mailoutbox[-1].body
    event = SecurityEvent.objects.get(kind="recovery_code_used")
    assert event.account == user
    assert event.detail == {"left": 9}
    assert SecurityEvent.objects.filter(kind="recovery_codes_made", account=user).exists()


def test_they_can_be_saved_as_text(user, codes):
    client = signed_in_client(user)
    answer = client.post(f"{PAGE}text/", {"code": codes})
    assert answer["Content-Disposition"].startswith("attachment")
    assert answer["Content-Type"].startswith("text/plain")
    assert "no-store" in answer["Cache-Control"]
    text = answer.content.decode()
    assert all(code in text for code in codes)


@pytest.mark.parametrize("text", ["<script>", "1234", "=cmd()", "1" * 16 + "x"])
def test_nothing_but_codes_goes_into_the_file(user, text):
    answer = signed_in_client(user).post(f"{PAGE}text/", {"code": [text]})
    assert answer.status_code == 404


def test_a_closed_account_is_not_opened(user, codes):
    user.is_active = False
    user.save()
    assert use(user.email, codes[0])["Location"] == "/account/inactive/"


def test_it_leads_to_no_other_host(user, codes):
    response = use(user.email, codes[0], next="//evil.example")
    assert response["Location"] == "/my/sign-in/"
