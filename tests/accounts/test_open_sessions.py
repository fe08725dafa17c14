"""Where a resident is signed in: seen on one page, and ended from there."""

from __future__ import annotations

import re
from datetime import datetime, timedelta

import pytest
import time_machine
from django.contrib.sessions.models import Session
from django.test import Client

from accounts.models import Handoff, OpenSession, SecurityEvent
from accounts.tasks import forget_old
from common.clock import TOKYO
from tenants.work import ActedTask
from tests.factories.accounts import UserFactory, confirmed_client, sign_in, signed_in_client

pytestmark = pytest.mark.django_db
PAGE = "/my/sign-in/"
CODE = re.compile(r"^\d{4}-\d{4}$", re.MULTILINE)
IPHONE = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like"
    " Gecko) Version/18.0 Mobile/15E148 Safari/604.1"
)


def by_code(client, user, mailoutbox, **headers):
    client.post("/account/login/", {"email": user.email}, headers=headers)
    code = CODE.search(mailoutbox[-1].body)[0]
    return client.post("/account/login/code/", {"code": code}, headers=headers)


def is_signed_in(client, path="/my/profile/") -> bool:
    return client.get(path).status_code == 200


def is_signed_in_there(client) -> bool:
    return client.get("/enter/?next=/arrived/")["Location"] == "/arrived/"


def end(client, session):
    return client.post(f"{PAGE}{session.pk}/end/")


def test_a_sign_in_is_listed_in_words_that_people_know_their_device_by(mailoutbox):
    user = UserFactory()
    phone = Client(HTTP_HOST="localhost")
    with time_machine.travel(datetime(2026, 11, 23, 9, 5, tzinfo=TOKYO), tick=False) as clock:
        by_code(phone, user, mailoutbox, user_agent=IPHONE)
        page = phone.get(PAGE, headers={"user-agent": IPHONE}).content.decode()
        assert "スマートフォン（iPhone、Safari）" in page
        assert "この端末" in page
        assert page.count("9時5分") >= 2
        assert "メールの確認コード" in page
        clock.shift(timedelta(hours=3))
        page = phone.get(PAGE, headers={"user-agent": IPHONE}).content.decode()
        assert "12時5分" not in page  # kept after the answer
        assert "12時5分" in phone.get(PAGE).content.decode()


def test_of_the_browser_three_words_are_kept(mailoutbox):
    user = UserFactory()
    by_code(Client(HTTP_HOST="localhost"), user, mailoutbox, user_agent=IPHONE)
    kept = OpenSession.objects.values().get(user=user)
    assert "Mozilla" not in str(kept)
    assert (kept["device"], kept["system"], kept["browser"]) == ("phone", "iphone", "safari")


def test_pages_within_an_hour_write_nothing(django_assert_max_num_queries):
    user = UserFactory()
    with time_machine.travel(datetime(2026, 11, 23, 9, 0, tzinfo=TOKYO), tick=False) as clock:
        client = signed_in_client(user)
        client.get("/my/profile/")
        before = OpenSession.objects.get(user=user).seen_at
        clock.shift(timedelta(minutes=59))
        client.get("/my/profile/")
        assert OpenSession.objects.get(user=user).seen_at == before
        clock.shift(timedelta(minutes=2))
        client.get("/my/profile/")
        assert OpenSession.objects.get(user=user).seen_at > before


def test_a_visitor_leaves_nothing(kesennuma):
    Client(HTTP_HOST="localhost").get("/")
    Client(HTTP_HOST="kesennuma.localhost").get("/")
    Client(HTTP_HOST="localhost").get("/account/login/")
    assert not OpenSession.objects.exists()


@pytest.mark.parametrize(
    ("path", "data"),
    [("/account/login/", {"email": "x@example.jp"}), ("/account/login/passkey/options/", {})],
)
def test_who_asks_and_does_not_sign_in_is_forgotten_within_the_hour(path, data):
    Client(HTTP_HOST="localhost").post(path, data)
    left = Session.objects.get().expire_date - datetime.now(TOKYO)
    assert left <= timedelta(hours=1)


def test_who_signs_in_stays_signed_in(mailoutbox, settings):
    by_code(Client(HTTP_HOST="localhost"), UserFactory(), mailoutbox)
    left = Session.objects.get().expire_date - datetime.now(TOKYO)
    assert left > timedelta(days=29)


def test_staff_on_their_admin_host_are_not_listed(kesennuma):
    user = UserFactory()
    signed_in_client(user, kesennuma, admin=True).get("/admin/")
    assert not OpenSession.objects.exists()


def test_one_is_ended_from_another_device_within_one_request():
    user = UserFactory()
    here, lost = signed_in_client(user), signed_in_client(user)
    session = OpenSession.objects.get(session_key=lost.session.session_key)
    assert is_signed_in(lost)
    assert end(here, session)["Location"] == PAGE
    assert not is_signed_in(lost)
    assert is_signed_in(here)
    assert not OpenSession.objects.filter(pk=session.pk).exists()
    assert SecurityEvent.objects.filter(kind="session_ended", account=user).exists()


def test_all_others_are_ended(residents_browser, resident):
    others = [signed_in_client(resident.user) for _number in range(3)]
    stranger = signed_in_client(UserFactory())
    here = residents_browser.on("localhost")
    page = here.post(f"{PAGE}others/end/", follow=True).content.decode()
    assert "3件" in page
    assert not any(is_signed_in(one) for one in others)
    assert is_signed_in(here)
    assert is_signed_in(stranger)


def test_nobody_ends_somebody_elses():
    mine, theirs = signed_in_client(UserFactory()), signed_in_client(UserFactory())
    session = OpenSession.objects.get(session_key=theirs.session.session_key)
    assert end(mine, session).status_code == 404
    assert is_signed_in(theirs)


def test_what_came_from_it_on_municipalities_hosts_stands_below_it_and_ends_with_it(
    residents_browser, resident, code_for, kesennuma, hida
):
    for municipality in (kesennuma, hida):
        residents_browser.get(code_for(municipality)[1])
        assert is_signed_in_there(residents_browser.on(f"{municipality.slug}.localhost"))
    other = signed_in_client(resident.user)
    shown = other.get(PAGE).context["signed_in"]
    assert [one.is_this_one for one in shown].count(True) == 1
    below = next(one for one in shown if not one.is_this_one)
    assert {one.municipality for one in below.at_municipalities} == {kesennuma, hida}
    end(other, below.session)
    assert not is_signed_in_there(residents_browser.on("kesennuma.localhost"))
    assert not is_signed_in_there(residents_browser.on("hida.localhost"))
    assert not is_signed_in(residents_browser.on("localhost"))


def test_one_on_a_municipalitys_host_is_ended_by_itself(
    residents_browser, code_for, kesennuma, hida
):
    for municipality in (kesennuma, hida):
        residents_browser.get(code_for(municipality)[1])
    portal = residents_browser.on("localhost")
    end(portal, OpenSession.objects.get(municipality=kesennuma))
    assert not is_signed_in_there(residents_browser.on("kesennuma.localhost"))
    assert is_signed_in_there(residents_browser.on("hida.localhost"))
    assert is_signed_in(portal)


def test_signing_out_takes_it_off_the_list(residents_browser, resident, code_for, kesennuma):
    residents_browser.get(code_for(kesennuma)[1])
    assert OpenSession.objects.filter(user=resident.user).count() == 2
    residents_browser.on("localhost").post("/account/logout/", {"next": "/terms/resident/"})
    assert not OpenSession.objects.filter(user=resident.user).exists()


@pytest.mark.parametrize("change", ["password", "address"])
def test_a_change_of_what_opens_the_account_ends_what_is_open(
    residents_browser, resident, code_for, kesennuma, mailoutbox, change
):
    """Also the sessions on municipalities' hosts that came from the one that changes it."""
    user = resident.user
    portal = residents_browser.on("localhost")
    by_code(Client(HTTP_HOST="localhost"), user, mailoutbox)
    portal.post("/account/logout/", {"next": "/terms/resident/"})
    by_code(portal, user, mailoutbox)
    residents_browser.get(code_for(kesennuma)[1])
    assert is_signed_in_there(residents_browser.on("kesennuma.localhost"))
    if change == "password":
        portal.post("/account/password/change/", {"password1": "a-new-one-for-the-sea"})
    else:
        portal.post("/account/email/", {"action_add": "1", "email": "new@example.jp"})
        code = CODE.search(mailoutbox[-1].body)[0]
        portal.post("/account/confirm-email/", {"code": code})
        user.refresh_from_db()
        assert user.email == "new@example.jp"
    assert is_signed_in(portal)
    assert not is_signed_in_there(residents_browser.on("kesennuma.localhost"))
    assert [one.municipality for one in OpenSession.objects.filter(user=user)] == [None]


def test_after_a_new_password_the_session_is_still_known(mailoutbox):
    """Its key changes with the password."""
    client = confirmed_client(UserFactory())
    client.post("/account/password/change/", {"password1": "a-new-one-for-the-sea"})
    assert client.get(PAGE).context["signed_in"][0].is_this_one


def test_a_session_that_is_over_is_not_shown():
    user = UserFactory()
    here, over = signed_in_client(user), signed_in_client(user)
    Session.objects.filter(session_key=over.session.session_key).update(
        expire_date=datetime(2020, 1, 1, tzinfo=TOKYO)
    )
    assert len(here.get(PAGE).context["signed_in"]) == 1


def test_the_latest_events_are_ones_own():
    mine, theirs = UserFactory(), UserFactory()
    SecurityEvent.objects.create(kind="passkey_added", account=theirs)
    SecurityEvent.objects.create(kind="recovery_codes_made", account=mine)
    page = signed_in_client(mine).get(PAGE).content.decode()
    assert "予備のコードを作りました" in page
    assert "パスキーを追加しました" not in page


def test_the_page_is_found_from_my_page_and_the_particulars(resident):
    client = sign_in(Client(), resident.user)
    for path in ("/my/", "/my/profile/"):
        assert f'href="{PAGE}"' in client.get(path).content.decode()


def test_the_clock_deletes_what_was_kept_long_enough(settings):
    user = UserFactory()
    now = datetime.now(TOKYO)
    for days in (399, 401):
        SecurityEvent.objects.create(
            kind="signed_in", account=user, at=now - timedelta(days=days), detail={"days": days}
        )
    client = signed_in_client(user)
    Session.objects.create(
        session_key="over", session_data="", expire_date=now - timedelta(seconds=1)
    )
    OpenSession.objects.create(
        user=user, session_key="over", chain="0" * 32, seen_at=now - timedelta(days=31)
    )
    assert isinstance(forget_old, ActedTask)
    forget_old()
    assert [event.detail["days"] for event in SecurityEvent.objects.all()] == [399]
    assert is_signed_in(client)
    assert not Session.objects.filter(session_key="over").exists()
    assert not OpenSession.objects.filter(session_key="over").exists()
    assert settings.CELERY_BEAT_SCHEDULE["forget-old-sign-ins"]["task"] == forget_old.name


def test_a_hand_off_is_kept_as_long_as_the_session_it_opened(
    residents_browser, code_for, kesennuma, hida
):
    """Signing out on the portal ends that session however often it was used in between."""
    for place in (kesennuma, hida):
        _code, arrival = code_for(place)
        residents_browser.get(arrival)
    Handoff.objects.update(created_at=datetime.now(TOKYO) - timedelta(days=31))
    gone = Handoff.objects.get(municipality=hida)
    Session.objects.filter(session_key=gone.session_key).delete()
    forget_old()
    assert [one.municipality_id for one in Handoff.objects.all()] == [kesennuma.code]
