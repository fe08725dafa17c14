"""The Digital Agency's app, against a real OpenID provider."""

from __future__ import annotations

import base64
import hashlib
import json
from datetime import date, timedelta

import pytest
from django.urls import reverse
from joserfc import jwt

from accounts.models import Resident
from common import clock
from identity.enums import Assurance, Method
from identity.methods.proof import hash_of_subject
from identity.models import Attempt, Verification, WaitingProof
from identity.queries import birth_date_of, verification_of
from identity.views.verify import redirect_uri
from tests.factories.accounts import ResidentFactory, UserFactory, signed_in_client
from tests.identity.fixtures import PAGE, begin, come_back, go_through, nothing_is_kept
from tests.identity.running import CLIENT_ID

pytestmark = pytest.mark.django_db


@pytest.fixture
def resident():
    return ResidentFactory(
        family_name="佐藤", given_name="花子", address_line="南町1丁目2番3号", residence_id="042056"
    )


@pytest.fixture
def client(resident):
    return signed_in_client(resident.user)


def test_a_card_read_with_the_app_verifies(provider, client, resident):
    answer = go_through(client, provider, next_path="/register/042056/")
    assert answer["Location"] == f"{PAGE}?next=%2Fregister%2F042056%2F"
    made = Verification.objects.get()
    assert (made.resident_id, made.method, made.assurance) == (
        resident.pk,
        Method.DIGITAL_AUTH_APP,
        Assurance.LEVEL_3,
    )
    assert made.attributes == {
        "family_name": "佐藤",
        "given_name": "花子",
        "birth_date": "1988-04-02",
        "address": "宮城県気仙沼市南町一丁目2番3号",
    }
    assert made.verified_at <= clock.now() < made.valid_until
    assert verification_of(resident.pk) == made
    page = client.get(answer["Location"]).content.decode()
    assert "本人確認が済んでいます" in page
    assert 'href="/register/042056/"' in page


def test_what_the_provider_is_asked(provider, client):
    """State, nonce, PKCE S256, acr; private_key_jwt with the token end point as audience."""
    provider.misbehave("")
    go_through(client, provider)
    asked, handed_in, _answered = provider.seen()
    assert asked["response_type"] == "code"
    assert asked["scope"] == "openid name address birthdate"
    assert asked["acr_values"] == "aal3 crl"
    assert asked["code_challenge_method"] == "S256"
    assert len(asked["state"]) == len(asked["nonce"]) == len(handed_in["code_verifier"]) == 43
    digest = hashlib.sha256(handed_in["code_verifier"].encode()).digest()
    assert asked["code_challenge"] == base64.urlsafe_b64encode(digest).decode().rstrip("=")
    assert "client_secret" not in handed_in
    assert "authorization" not in handed_in["headers"]
    assertion = jwt.decode(handed_in["client_assertion"], provider.key, algorithms=["ES256"])
    assert assertion.claims["iss"] == assertion.claims["sub"] == CLIENT_ID
    assert assertion.claims["aud"] == f"{provider.issuer}/token"
    assert assertion.claims["exp"] - assertion.claims["iat"] == 60
    assert assertion.claims["jti"]


def test_the_subject_is_kept_as_a_keyed_hash(provider, client, settings):
    go_through(client, provider)
    answered = provider.seen()[-1]
    payload = answered["id_token"].split(".")[1]
    claims = json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))
    kept = Verification.objects.get().subject_hash
    assert kept == hash_of_subject(provider.issuer, claims["sub"])
    settings.IDENTITY_HASH_KEY = b"another key"
    assert kept != hash_of_subject(provider.issuer, claims["sub"])


def test_end_points_can_be_given_instead_of_discovered(provider, client, settings):
    settings.IDENTITY_AUTHORIZATION_ENDPOINT = f"{provider.issuer}/auth"
    settings.IDENTITY_TOKEN_ENDPOINT = f"{provider.issuer}/token"
    settings.IDENTITY_USERINFO_ENDPOINT = f"{provider.issuer}/me"
    settings.IDENTITY_JWKS_URI = f"{provider.issuer}/jwks"
    go_through(client, provider, "ichiro")
    made = Verification.objects.get()
    assert made.proved.birth_date == date(1975, 8, 11)
    assert made.proved.address == "東京都千代田区千代田1番1号"


def test_a_new_key_of_the_provider_is_fetched(provider, client):
    go_through(client, provider)  # the old key is remembered
    provider.misbehave("new_key")
    go_through(client, provider)
    assert Verification.objects.filter(ended_at=None).count() == 1
    assert Verification.objects.count() == 2


def test_clocks_may_differ_a_little(provider, client):
    provider.misbehave("within_leeway")
    go_through(client, provider)
    assert Verification.objects.exists()


def test_a_second_verification_replaces_the_first(provider, client, resident):
    go_through(client, provider)
    first = Verification.objects.get()
    go_through(client, provider)
    first.refresh_from_db()
    assert first.ended_at and first.end_reason == "replaced"
    assert verification_of(resident.pk).pk != first.pk


WRONG_TOKENS = [
    "wrong_nonce",
    "no_nonce",
    "wrong_issuer",
    "wrong_audience",
    "more_audiences",
    "wrong_azp",
    "expired",
    "stale",
    "from_the_future",
    "not_before",
    "wrong_at_hash",
    "low_acr",
    "no_acr",
    "alg_none",
    "hs256",
    "hs256_public_key",
    "rs256",
    "strange_key",
    "unknown_key",
    "other_person",
    "other_sub",
    "no_id_token",
    "no_birthdate",
    "drop_verifier",
]


@pytest.mark.parametrize("how", WRONG_TOKENS)
def test_a_wrong_token_verifies_nobody(provider, client, how, caplog):
    url = provider.hold_card(begin(client)) if how != "low_acr" else ""
    provider.misbehave(how)
    answer = come_back(client, url or provider.hold_card(begin(client)))
    assert answer.status_code == 403
    page = answer.content.decode()
    assert "本人確認ができませんでした" in page
    assert "ベーシック登録は、本人確認をしなくてもできます" in page
    assert nothing_is_kept()
    assert "VerificationRefusal reason=proof_refused" in caplog.text
    # And the same way with a provider that behaves is let through: it was the fault alone.
    provider.misbehave("")
    go_through(client, provider)
    assert Verification.objects.exists()


@pytest.mark.parametrize("how", ["down", "slow", "out_of_order", "no_json"])
def test_while_the_provider_is_away_a_page_says_so(provider, client, how, settings):
    settings.IDENTITY_TIMEOUT_SECONDS = 0.5
    url = provider.hold_card(begin(client, "/register/042056/"))
    provider.misbehave(how)
    answer = come_back(client, url)
    assert answer.status_code == 503
    assert answer["Retry-After"]
    page = answer.content.decode()
    assert "しばらくしてから" in page
    assert 'href="/register/042056/"' in page
    assert nothing_is_kept()


def test_a_provider_that_cannot_be_found_is_said_before_one_leaves(provider, client, settings):
    settings.IDENTITY_ISSUER = "http://localhost:1"
    answer = client.post(PAGE)
    assert answer.status_code == 503
    assert nothing_is_kept()


def test_a_discovery_document_of_another_issuer_is_not_believed(provider, client, settings):
    settings.IDENTITY_ISSUER = provider.issuer + "/"
    assert client.post(PAGE).status_code == 503
    assert nothing_is_kept()


def test_whoever_stops_at_the_provider_can_begin_again(provider, client):
    answer = go_through(client, provider, person="")
    assert "本人確認を中止しました" in answer.content.decode()
    assert nothing_is_kept()


# State: of the session, once, for ten minutes


def test_a_wrong_state_is_refused(provider, client):
    url = provider.hold_card(begin(client))
    state = url.partition("state=")[2].partition("&")[0]
    answer = come_back(client, url.replace(state, "x" * 43))
    assert answer.status_code == 403
    assert "もう一度最初から" in answer.content.decode()
    assert not Verification.objects.exists()
    assert come_back(client, url.replace(f"state={state}", "")).status_code == 403


def test_a_callback_works_once(provider, client):
    url = provider.hold_card(begin(client))
    assert come_back(client, url).status_code == 302
    assert come_back(client, url).status_code == 403
    assert Verification.objects.count() == 1


def test_a_code_works_once_at_the_provider_too(provider, client):
    """A code that was used already, brought in with a state that was not."""
    first = provider.hold_card(begin(client))
    used = first.partition("code=")[2].partition("&")[0]
    assert come_back(client, first).status_code == 302
    second = provider.hold_card(begin(client))
    fresh = second.partition("code=")[2].partition("&")[0]
    assert come_back(client, second.replace(fresh, used)).status_code == 403
    assert Verification.objects.count() == 1


def test_a_code_of_another_attempt_lacks_its_verifier(provider, client):
    mine, other = provider.hold_card(begin(client)), provider.hold_card(begin(client))
    codes = [url.partition("code=")[2].partition("&")[0] for url in (mine, other)]
    assert come_back(client, mine.replace(*codes)).status_code == 403
    assert not Verification.objects.exists()


def test_a_callback_belongs_to_the_session_it_was_begun_in(provider, client, resident):
    url = provider.hold_card(begin(client))
    # The same account in another browser, another account, and nobody.
    assert come_back(signed_in_client(resident.user), url).status_code == 403
    assert come_back(signed_in_client(ResidentFactory().user), url).status_code == 403
    client.cookies.clear()
    answer = come_back(client, url)
    assert answer.status_code == 403
    assert "Location" not in answer, "no code in an address that leads on"
    assert not Verification.objects.exists()


def test_an_attempt_lasts_ten_minutes(provider, client, time_machine):
    url = provider.hold_card(begin(client))
    time_machine.move_to(clock.now() + timedelta(minutes=10, seconds=1))
    client = signed_in_client(client_user(client))
    assert come_back(client, url).status_code == 403
    assert not Verification.objects.exists()


def client_user(client):
    return Resident.objects.get().user


def test_an_answer_of_another_provider_is_refused(provider, client):
    url = provider.hold_card(begin(client))
    issuer = url.partition("iss=")[2]
    assert (
        come_back(client, url.replace(issuer, "http%3A%2F%2Felsewhere.example")).status_code == 403
    )
    assert nothing_is_kept()


def test_state_nonce_and_verifier_stay_on_the_server(provider, client):
    begin(client)
    attempt = Attempt.objects.get()
    assert set(attempt.secrets) == {"nonce", "verifier"}
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT to_jsonb(a)::text FROM identity_attempt a")
        row = cursor.fetchone()[0]
    assert attempt.secrets["nonce"] not in row
    assert attempt.secrets["verifier"] not in row


def test_the_page_lets_the_form_lead_to_the_provider_and_nowhere_else(provider, client):
    policy = client.get(PAGE)["Content-Security-Policy"]
    (form,) = [rule for rule in policy.split("; ") if rule.startswith("form-action")]
    assert provider.issuer in form
    elsewhere = client.get("/my/")["Content-Security-Policy"]
    assert provider.issuer not in elsewhere


# Before there is a profile


def test_the_card_fills_the_profile_of_whoever_has_none(provider, db):
    client = signed_in_client(UserFactory())
    answer = go_through(client, provider, next_path="/register/042056/")
    assert answer["Location"] == "/my/profile/?next=%2Fregister%2F042056%2F"
    assert not Verification.objects.exists()
    page = client.get(answer["Location"]).content.decode()
    for value in ("佐藤", "花子", "南町一丁目2番3号"):
        assert f'value="{value}"' in page
    saved = client.post(answer["Location"], PROFILE)
    assert saved["Location"] == "/register/042056/"
    made = Verification.objects.get()
    assert made.resident == Resident.objects.get()
    assert made.method == Method.DIGITAL_AUTH_APP
    assert not WaitingProof.objects.exists()


PROFILE = {
    "family_name": "佐藤",
    "given_name": "花子",
    "family_kana": "さとう",
    "given_kana": "はなこ",
    "birth_date_era": "western",
    "birth_date_year": "1988",
    "birth_date_month": "4",
    "birth_date_day": "2",
    "postal_code": "988-0017",
    "residence": "042056",
    "address_line": "南町1丁目2番3号",
    "language": "ja",
}


def test_a_proof_that_waits_is_gone_after_an_hour(provider, db, time_machine):
    user = UserFactory()
    go_through(signed_in_client(user), provider)
    assert WaitingProof.objects.exists()
    time_machine.move_to(clock.now() + timedelta(hours=1, minutes=1))
    client = signed_in_client(user)
    assert "佐藤" not in client.get(reverse("accounts:profile")).content.decode()
    client.post("/my/profile/", PROFILE)
    assert Resident.objects.exists()
    assert not Verification.objects.exists()


# Beside the profile


def test_own_edits_never_change_what_was_proved(provider, client, resident):
    go_through(client, provider)
    client.post("/my/profile/", {**PROFILE, "family_name": "齋藤", "birth_date_year": "1990"})
    resident.refresh_from_db()
    made = verification_of(resident.pk)
    assert resident.family_name == "齋藤"
    assert made.proved.family_name == "佐藤"
    page = client.get("/my/profile/").content.decode()
    assert "佐藤 花子" in page and "齋藤 花子" in page
    assert "確認済み" in page and "未確認" in page
    assert 'value="齋藤"' in page, "the form keeps what the resident wrote"
    filled = client.get("/my/profile/?proved=1").content.decode()
    assert 'value="佐藤"' in filled and 'value="齋藤"' not in filled
    assert birth_date_of(resident) == date(1988, 4, 2)


def test_where_both_are_the_same_nothing_is_said_of_a_difference(provider, client):
    client.post("/my/profile/", PROFILE)
    go_through(client, provider)
    page = client.get("/my/profile/").content.decode()
    assert "確認済み" in page
    assert "未確認" not in page


# What one is told beforehand


def test_before_one_starts_it_is_said_what_one_needs_and_what_is_possible_without(provider, client):
    page = client.get(PAGE).content.decode()
    for words in (
        "マイナンバーカード",
        "4桁の暗証番号",
        "12桁の番号（マイナンバー）をお尋ねすることはありません",
        "カードをお持ちでない方、海外にお住まいの方",
        "プレミアム登録は",
        "ベーシック登録",
    ):
        assert words in page, words


def test_without_settings_the_app_is_not_offered(client):
    page = client.get(PAGE).content.decode()
    assert "アプリで本人確認をする" not in page
    assert "窓口" in page
    assert client.post(PAGE).status_code == 409
    assert nothing_is_kept()


def test_the_address_that_the_provider_knows_is_one_for_all_languages(provider, client, settings):
    answer = client.post("/en/my/identity/", headers={"accept-language": "en"})
    assert "%2Fen%2F" not in answer["Location"]
    back = come_back(client, provider.hold_card(answer["Location"]))
    assert back["Location"] == "/en/my/identity/"
    assert redirect_uri().endswith("/my/identity/callback/")
