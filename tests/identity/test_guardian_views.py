"""The pages of child and guardian on the portal, without JavaScript."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from common.clock import today
from identity.models import GuardianConsent
from identity.operations.guardians import ask_guardian, withdraw
from identity.queries import consent_of
from tests.factories.accounts import ResidentFactory, UserFactory, signed_in_client
from tests.factories.community import first_room, make_post
from tests.factories.guardians import make_consent, make_guardian, make_minor, token_in, verify
from tests.factories.registration import register_resident

pytestmark = pytest.mark.django_db
AGREED = {"relation": "parent", "agree": "on"}


@pytest.fixture
def child():
    return make_minor(family_name="高橋", given_name="美咲")


def page(answer, status: int = 200) -> str:
    assert answer.status_code == status
    return answer.content.decode()


def link(child, mailoutbox) -> str:
    ask_guardian(child, "haha@example.jp")
    return f"/guardian/{token_in(mailoutbox)}/"


def test_a_minor_asks_sees_that_it_waits_and_takes_it_back(child, mailoutbox):
    client = signed_in_client(child.user)
    assert "保護者に同意をお願いする" in page(client.get("/my/"))
    assert "保護者の方のメールアドレス" in page(client.get("/my/guardian/"))
    assert client.post("/my/guardian/", {"email": "haha@example.jp"}).status_code == 302
    assert mailoutbox[-1].to == ["haha@example.jp"]
    shown = page(client.get("/my/guardian/"))
    assert "haha@example.jpにメールを送りました" in shown
    client.post("/my/guardian/cancel/")
    assert "haha@example.jpに" not in page(client.get("/my/guardian/"))
    token = token_in(mailoutbox)
    assert "このリンクは使えません" in page(client.get(f"/guardian/{token}/"), 404)


@pytest.mark.parametrize(
    ("email", "sentence"),
    [("", "入力してください"), ("haha@", "メールアドレス"), ("own", "あなた自身のメールアドレス")],
)
def test_a_wrong_address_is_named_and_kept(child, email, sentence):
    email = child.user.email if email == "own" else email
    shown = page(signed_in_client(child.user).post("/my/guardian/", {"email": email}), 400)
    assert sentence in shown
    assert f'value="{email}"' in shown or not email


def test_whoever_opens_the_link_without_signing_in_learns_no_name(child, mailoutbox, client):
    where = link(child, mailoutbox)
    shown = page(client.get(where, headers={"host": "localhost"}))
    assert "お子さまから同意のお願いが届いています" in shown
    assert "高橋" not in shown and "美咲" not in shown
    assert f"next={where.replace('/', '%2F')}" in shown
    newcomer = signed_in_client(UserFactory())
    assert newcomer.get(where)["Location"].startswith("/my/profile/?next=")


def test_an_account_that_is_not_verified_is_sent_to_be_verified_and_may_decline(child, mailoutbox):
    where = link(child, mailoutbox)
    client = signed_in_client(ResidentFactory().user)
    shown = page(client.get(where), 403)
    assert "マイナンバーカードによる本人確認が必要です" in shown
    assert "窓口で、書面により" in shown
    assert page(client.post(where, AGREED), 403)
    assert GuardianConsent.objects.count() == 0
    assert client.post(where, {"decline": "1"}).status_code == 302
    assert "保護者の方は同意しませんでした" in page(
        signed_in_client(child.user).get("/my/guardian/")
    )


def test_the_child_s_own_account_is_told_to_sign_out(child, mailoutbox):
    shown = page(signed_in_client(child.user).get(link(child, mailoutbox)), 403)
    assert "お子さま本人のアカウント" in shown and "ログアウト" in shown


def test_a_guardian_reads_chooses_ticks_and_agrees(child, mailoutbox):
    where, guardian = link(child, mailoutbox), make_guardian()
    client = signed_in_client(guardian.user)
    shown = page(client.get(where))
    assert "保護者の同意について（第1.0版）" in shown and "高橋 美咲" in shown
    assert "お子さまが登録した自治体と登録した日" in shown
    lacking = page(client.post(where, {"relation": "parent"}), 400)
    assert "チェックを入れてください" in lacking and "checked" in lacking
    assert "関係を選んでください" in page(client.post(where, {"agree": "on"}), 400)
    assert GuardianConsent.objects.count() == 0
    assert client.post(where, AGREED)["Location"] == "/my/children/"
    assert consent_of(child.pk).guardian == guardian
    assert "このリンクは使えません" in page(client.post(where, AGREED), 404)
    seen_by_child = page(signed_in_client(child.user).get("/my/guardian/"))
    assert guardian.name in seen_by_child and "保護者の方に見えるもの" in seen_by_child


def test_a_guardian_sees_what_the_child_has_joined_and_nothing_else(child, kesennuma, hida):
    register_resident(child, kesennuma)
    register_resident(make_minor(), hida)
    make_post(kesennuma, child, "ひみつの書き込み", room=first_room(kesennuma))
    consent = make_consent(child)
    client = signed_in_client(consent.guardian.user)
    shown = page(client.get("/my/children/"))
    assert "高橋 美咲" in shown
    assert "宮城県気仙沼市" in shown and "宮城県" in shown and "飛騨市" not in shown
    for hidden in ("ひみつの書き込み", child.address_line, child.user.email, str(child.pk)):
        assert hidden not in shown
    assert str(child.birth_date.year) not in shown or child.birth_date.year == today().year
    assert "お子さま" in page(client.get("/my/"))


def test_the_guardian_withdraws_asked_once(child, mailoutbox):
    consent = make_consent(child)
    client = signed_in_client(consent.guardian.user)
    where = f"/my/children/{consent.pk}/withdraw/"
    assert "すぐに効力が生じます" in page(client.get(where))
    assert consent_of(child.pk) == consent
    assert client.post(where)["Location"] == "/my/children/"
    assert consent_of(child.pk) is None
    assert "同意しているお子さまはいません" in page(client.get("/my/children/"))
    assert client.get(where).status_code == 404
    assert client.post(where).status_code == 302  # sent twice
    other = signed_in_client(make_guardian().user)
    assert other.post(where).status_code == 404


def test_the_page_costs_as_many_queries_for_much_as_for_little(
    child, kesennuma, hida, django_assert_num_queries
):
    consent = make_consent(child)
    register_resident(child, kesennuma)
    client = signed_in_client(consent.guardian.user)
    client.get("/my/children/")
    with CaptureQueriesContext(connection) as one:
        client.get("/my/children/")
    register_resident(child, hida)
    with django_assert_num_queries(len(one)):
        client.get("/my/children/")


def test_the_same_session_is_refused_at_its_next_request(child, kesennuma):
    register_resident(child, kesennuma)
    consent = make_consent(child)
    client, path = signed_in_client(child.user, kesennuma), "/rooms/hiroba/"
    assert "投稿するには保護者の方の同意が必要です" not in page(client.get(path))
    withdraw(consent.pk, consent.guardian)
    assert "投稿するには保護者の方の同意が必要です" in page(client.get(path))
    verify(child)
    assert "投稿するには保護者の方の同意が必要です" in page(client.get(path))
