"""Closing an account: what the page says, what ends at once, and who may not."""

from __future__ import annotations

import re
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import psycopg
import pytest
import time_machine
from allauth.account.models import EmailAddress
from django.contrib.auth.models import Group
from django.contrib.sessions.models import Session
from django.db import ProgrammingError, connection, transaction
from django.test import Client

from accounts.models import OpenSession, Passkey, RecoveryCode, Resident, SecurityEvent, User
from accounts.operations.merge import merge
from accounts.operations.profile import ProfileData, save_profile
from accounts.queries import documents_in_force
from attendance.models import SignUp
from attendance.operations.sign_ups import sign_up
from certificates.models import Certificate
from common import clock
from common.refusal import Refused
from common.wareki import jdate
from identity.enums import ConsentEnd
from identity.models import Verification, WaitingProof
from notifications.models import OutboxMessage
from privacy.models import AccountClosing, Consent
from privacy.operations.closing import close_account
from privacy.operations.consents import Given, keep
from privacy.registry import closing_parts
from privacy.tasks import erase_closed
from registration.models import Registration, RegistrationEvent
from registration.operations import register
from tenants.actors import OWNER, VISITOR, acting, operator, signed_in, staff, worker
from tenants.context import municipality_context
from tenants.models import Municipality
from tenants.operations.operators import make_operator
from tenants.staff.models import Membership
from tenants.staff.operations import remove_member
from tests.conftest import GIFU, HIDA, KESENNUMA
from tests.factories.accounts import (
    PASSWORD,
    PEOPLE,
    ResidentFactory,
    UserFactory,
    confirmed_client,
    signed_in_client,
)
from tests.factories.activities import make_activity, session_values
from tests.factories.guardians import make_consent, make_minor, verify
from tests.factories.registration import register_resident
from tests.factories.tenants import operator_client
from tests.isolation.logins import RUN, at_run_time, logged_in_as

PATH, TICKED = "/my/close/", {"understood": "on"}
_BY: dict[Any, str] = {Verification: "resident__user"}
CODE = re.compile(r"^\d{4}-\d{4}$", re.MULTILINE)


@dataclass
class Life:
    """What somebody has here who closes the account."""

    resident: Resident
    email: str
    coming: SignUp

    @property
    def own_page(self) -> str:
        """At the first municipality, for residents who are signed in."""
        return f"/sessions/{self.coming.session_uuid}/sign-up/"


def lead_a_life(*places: Municipality) -> Life:
    """Registered, verified, signed up, with a passkey and a recovery code."""
    resident: Resident = ResidentFactory(person=PEOPLE[0])
    for place in places:
        register_resident(resident, place)
    verify(resident)
    page = make_activity(places[0], sessions=[session_values(clock.today() + timedelta(days=30))])
    with municipality_context(places[0]):
        uuid = page.sessions.get().uuid
    coming = sign_up(resident, places[0], uuid)
    connection.set_schema_to_public()
    user = resident.user
    Passkey.objects.create(
        user=user, user_handle=b"0", credential_id=b"1", credential=b"0", name="鍵"
    )
    RecoveryCode.objects.create(user=user, code_hash="0" * 64)
    return Life(resident, str(user.email), coming)


@pytest.fixture
def life(kesennuma: Municipality, hida: Municipality) -> Life:
    return lead_a_life(kesennuma, hida)


def text_of(response: Any, status: int = 200) -> str:
    assert response.status_code == status, response
    return str(response.content.decode())


def everything_has_ended(life: Life) -> None:
    """As the owner of the database finds it."""
    connection.set_schema_to_public()
    resident = life.resident
    user = User.objects.get(pk=resident.user_id)
    assert (user.email, user.name, user.is_active) == (None, "", False)
    assert not user.has_usable_password()
    assert Resident.objects.get(pk=resident.pk).closed_at
    for model in (EmailAddress, Passkey, RecoveryCode, OpenSession):
        assert not model.objects.filter(user=user).exists(), model
    rows = Registration.objects.filter(resident=resident)
    assert {row.status for row in rows} == {"ended"}
    ends = RegistrationEvent.objects.filter(registration__in=rows, kind="ended")
    assert {(event.actor_id, event.reason) for event in ends} == {(user.pk, "")}
    assert ends.count() == rows.count() == 4, "two cities and their prefectures"
    certificates = Certificate.objects.filter(resident=resident)
    assert {row.status for row in certificates} == {"ended"}
    coming = SignUp.objects.get(pk=life.coming.pk)
    assert (coming.status, coming.phone) == ("withdrawn", "")
    proof = Verification.objects.get(resident=resident)
    assert proof.end_reason == "closed"
    assert proof.ended_at
    assert SecurityEvent.objects.filter(account=user, kind="account_closed").count() == 1
    closing = AccountClosing.objects.get(pk=resident.pk)
    assert closing.erased_at is None
    assert closing.backups_until == clock.today() + timedelta(days=35)


# The page


@pytest.mark.django_db
def test_the_page_says_what_ends_what_stays_and_until_when(life: Life, settings: Any) -> None:
    settings.BACKUP_DAYS = 14
    page = text_of(confirmed_client(life.resident.user).get(PATH))
    for words in (
        "元に戻すことはできません", "登録証と活動証明書は無効", "お名前なしで残ります",
        "統計の数字は残ります", "同意の記録", "お答えできなくなります",
        "新しい方としての登録", 'href="/my/data/"', "14日間保管します",
        jdate(clock.today() + timedelta(days=14)), 'href="/my/"',
    ):  # fmt: skip
        assert words in page


@pytest.mark.django_db
def test_the_page_costs_the_same_for_everybody(life: Life, django_assert_num_queries: Any) -> None:
    client, newcomer = (
        confirmed_client(life.resident.user),
        confirmed_client(ResidentFactory().user),
    )
    with django_assert_num_queries(5):  # who acts (twice), the session, who it is, the banner
        client.get(PATH)
    with django_assert_num_queries(5):
        newcomer.get(PATH)


@pytest.mark.django_db
def test_whoever_has_not_shown_who_they_are_is_asked_first(life: Life) -> None:
    for answer in (
        signed_in_client(life.resident.user).get(PATH),
        Client(HTTP_HOST="localhost").get(PATH),
    ):
        assert answer.status_code == 302
    answer = signed_in_client(life.resident.user).post(PATH, TICKED)
    # And back to this page, not to another.
    assert answer["Location"] == "/account/reauthenticate/?next=%2Fmy%2Fclose%2F"
    assert not AccountClosing.objects.exists()


@pytest.mark.django_db
def test_nothing_happens_until_it_is_ticked(life: Life) -> None:
    page = text_of(confirmed_client(life.resident.user).post(PATH, {}))
    assert "チェックを入れてください" in page
    assert not AccountClosing.objects.exists()


@pytest.mark.django_db
def test_my_page_leads_here_and_leaving_one_municipality_says_what_it_forgets(life: Life) -> None:
    client = signed_in_client(life.resident.user)
    assert f'href="{PATH}"' in text_of(client.get("/my/"))
    assert "30日たつと" in text_of(client.get(f"/register/{KESENNUMA}/leave/"))


# Closing


@pytest.mark.django_db
def test_everything_ends_with_one_mail_to_the_old_address(life: Life, mailoutbox: Any) -> None:
    client = confirmed_client(life.resident.user)
    answer = client.post(PATH, TICKED)
    assert answer["Location"] == "/closed/"
    assert "アカウントを閉じました" in text_of(client.get("/closed/"))
    assert client.get("/my/").status_code == 302
    everything_has_ended(life)
    (mail,) = mailoutbox
    assert mail.to == [life.email]
    assert mail.subject == "アカウントを閉じました"
    assert jdate(clock.today() + timedelta(days=35)) in mail.body
    assert life.resident.name in mail.body


@pytest.mark.django_db
def test_sent_twice_it_is_answered_as_the_first_time(life: Life) -> None:
    """Without JavaScript a button can be pressed twice."""
    client = confirmed_client(life.resident.user)
    found = re.search(r'name="whose" value="([^"]+)"', text_of(client.get(PATH)))
    assert found
    sent = {**TICKED, "whose": found[1]}
    stranger = Client(HTTP_HOST="localhost")
    assert stranger.post(PATH, sent)["Location"].startswith("/account/login/"), "not closed yet"
    for sender in (client, client, stranger):
        assert sender.post(PATH, sent)["Location"] == "/closed/"
    assert stranger.post(PATH, {**sent, "whose": "1"})["Location"].startswith("/account/login/")
    assert AccountClosing.objects.count() == 1


@pytest.mark.django_db
def test_an_old_page_frightens_nobody_who_has_an_account(life: Life) -> None:
    assert signed_in_client(life.resident.user).get("/closed/")["Location"] == "/my/"


@pytest.mark.django_db
def test_signed_out_everywhere(life: Life, kesennuma: Municipality, settings: Any) -> None:
    user = life.resident.user
    others = [signed_in_client(user), signed_in_client(user, kesennuma)]
    assert others[1].get(life.own_page).status_code == 200
    bystander = signed_in_client(ResidentFactory().user)
    confirmed_client(user).post(PATH, TICKED)
    for client in others:
        key = client.cookies[settings.SESSION_COOKIE_NAME].value
        assert not Session.objects.filter(session_key=key).exists()
    assert others[0].get("/my/")["Location"].startswith("/account/login/")
    assert others[1].get(life.own_page).status_code == 302
    assert bystander.get("/my/").status_code == 200


@pytest.mark.django_db
def test_closing_twice_is_closing_once(life: Life, mailoutbox: Any) -> None:
    first = close_account(life.resident)
    assert close_account(life.resident).closed_at == first.closed_at
    assert len(mailoutbox) == 1
    everything_has_ended(life)


@pytest.mark.django_db
def test_the_address_is_free_for_a_new_person_at_once(life: Life, mailoutbox: Any) -> None:
    close_account(life.resident)
    client = Client(HTTP_HOST="localhost")
    client.post("/account/login/", {"email": life.email})
    code = CODE.search(mailoutbox[-1].body)
    assert code, "strangers learn nothing from the first step"
    answer = client.post("/account/login/code/", {"code": code[0]})
    assert answer["Location"].startswith("/account/login/new/"), "nobody is known by it any more"
    client = Client(HTTP_HOST="localhost")
    client.post(
        "/account/signup/",
        {"email": life.email, "agrees_terms": "on", "agrees_privacy": "on"},
    )
    code = CODE.search(mailoutbox[-1].body)
    assert code
    client.post("/account/login/code/", {"code": code[0]})
    assert client.get("/my/profile/").status_code == 200
    assert User.objects.get(email=life.email).pk != life.resident.user_id


@pytest.mark.django_db
def test_a_registration_that_comes_too_late_is_none(life: Life, kesennuma: Municipality) -> None:
    close_account(life.resident)
    with pytest.raises(Refused, match="account_closed"):
        register(life.resident, kesennuma)


@pytest.mark.django_db
def test_an_account_that_is_part_of_another_is_closed_with_it(
    life: Life, kesennuma: Municipality
) -> None:
    second = ResidentFactory(person=PEOPLE[0])
    register_resident(second, kesennuma)
    merge(life.resident, second)
    with pytest.raises(Refused, match="account_closed"):
        close_account(second)
    close_account(life.resident)
    assert not Registration.objects.filter(status="active").exists()


@pytest.mark.django_db
def test_children_are_told_that_their_guardian_has_left(life: Life, mailoutbox: Any) -> None:
    consent = make_consent(make_minor(), life.resident)
    close_account(life.resident)
    consent.refresh_from_db()
    assert (consent.end_reason, consent.guardian_name) == (ConsentEnd.GUARDIAN_LEFT, "")
    assert [mail.to for mail in mailoutbox] == [[life.email], [consent.resident.user.email]]


@pytest.mark.django_db
def test_it_is_all_or_nothing(life: Life, mailoutbox: Any, monkeypatch: Any) -> None:
    def fail(resident: Resident) -> None:
        raise RuntimeError("the last part")

    parts = [*closing_parts(), fail]
    monkeypatch.setattr("privacy.operations.closing.closing_parts", lambda: parts)
    with pytest.raises(RuntimeError):
        close_account(life.resident)
    assert len(mailoutbox) == 0
    assert not AccountClosing.objects.exists()
    assert Registration.objects.filter(resident=life.resident, status="active").count() == 4
    assert User.objects.get(pk=life.resident.user_id).is_active


# At once


def at_once(*actions: Callable[[], Any]) -> list[Any]:
    """Each in a thread and with a connection of its own; what it returned or raised."""
    barrier, results = threading.Barrier(len(actions)), []

    def run(action: Callable[[], Any]) -> None:
        try:
            barrier.wait()
            results.append(action())
        except Exception as error:
            results.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(action,)) for action in actions]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


def test_closed_in_two_windows_while_a_third_registers_and_a_fourth_saves(two: Any) -> None:
    life, _here, _there = two
    place = Municipality.objects.get(pk=GIFU)
    resident = life.resident
    data: Any = {name: getattr(resident, name) for name in ProfileData.__annotations__}
    results = at_once(
        lambda: close_account(resident),
        lambda: close_account(resident),
        lambda: register(resident, place),
        lambda: save_profile(resident.user, {**data, "phone": "0226000000"}),
    )
    wrong = [one for one in results if isinstance(one, Exception)]
    assert [(type(one), getattr(one, "code", one)) for one in wrong] in (
        [], [(Refused, "account_closed")],
    )  # fmt: skip
    connection.set_schema_to_public()
    assert not Registration.objects.filter(resident=resident, status="active").exists()
    told = OutboxMessage.objects.filter(kind="mail", payload__to=[life.email])
    assert told.filter(payload__subject="アカウントを閉じました").count() == 1
    with acting(OWNER):
        assert erase_closed() == 1
    assert Resident.objects.get(pk=resident.pk).phone == ""


def test_what_was_being_written_is_erased_too(two: Any) -> None:
    """A sign-up that began before the closing and ends after it."""
    life, _here, there = two
    page = make_activity(there, sessions=[session_values(clock.today() + timedelta(days=9))])
    with municipality_context(there):
        uuid = page.sessions.get().uuid
    connection.set_schema_to_public()
    written, erased = threading.Event(), threading.Event()

    def sign_up_slowly() -> None:
        with transaction.atomic():
            sign_up(life.resident, there, uuid)
            written.set()
            erased.wait(30)

    def close_meanwhile() -> None:
        written.wait(30)
        close_account(life.resident)
        with acting(OWNER):
            erase_closed()
        erased.set()

    assert at_once(sign_up_slowly, close_meanwhile) == [None, None]
    connection.set_schema_to_public()
    assert SignUp.objects.get(session_uuid=uuid).status == "signed_up"
    with acting(OWNER):
        assert erase_closed() == 0
        with time_machine.travel(clock.now() + timedelta(minutes=11)):
            assert erase_closed() == 1
            assert erase_closed() == 0
    assert SignUp.objects.get(session_uuid=uuid).status == "withdrawn"


@pytest.mark.django_db
def test_a_consent_that_was_being_given_ends_with_the_erasure(life: Life) -> None:
    close_account(life.resident)
    assert not Consent.objects.of(life.resident.user_id).running().exists()
    keep(life.resident.user, [Given(text) for text in documents_in_force()])
    with acting(OWNER):
        erase_closed()
    rows = Consent.objects.of(life.resident.user_id)
    assert not rows.running().exists()
    assert {row.end_reason for row in rows.order_by("-pk")[:2]} == {"closed"}


# Staff


@contextmanager
def as_themselves(resident: Resident) -> Iterator[None]:
    with acting(signed_in(resident.user_id, resident.pk)):
        yield


def employ(resident: Resident, place: Municipality) -> Membership:
    with municipality_context(place):
        return Membership.objects.create(user=resident.user, group=Group.objects.get(name="reader"))


@pytest.mark.django_db
def test_whoever_works_for_a_municipality_is_told_whom_to_ask(
    life: Life, hida: Municipality
) -> None:
    membership = employ(life.resident, hida)
    client = confirmed_client(life.resident.user)
    page = text_of(client.post(PATH, TICKED), 409)
    assert "岐阜県飛騨市の職員として" in page
    assert not AccountClosing.objects.exists()
    with municipality_context(hida):
        remove_member(membership.pk)
    assert client.post(PATH, TICKED)["Location"] == "/closed/"


@pytest.mark.django_db
def test_the_operator_cannot_close_the_account(life: Life) -> None:
    make_operator(life.email, "総務 太郎", PASSWORD)
    life.resident.refresh_from_db()
    page = text_of(confirmed_client(User.objects.get(email=life.email)).post(PATH, TICKED), 409)
    assert "別の運営者に" in page


@pytest.mark.django_db
def test_staff_without_a_profile_are_left_as_they_were(hida: Municipality) -> None:
    user = UserFactory()
    with municipality_context(hida):
        Membership.objects.create(user=user, group=Group.objects.get(name="reader"))
    text_of(confirmed_client(user).post(PATH, TICKED), 409)
    assert not Resident.objects.filter(user=user).exists()
    assert User.objects.get(pk=user.pk).is_active


@pytest.mark.django_db
def test_others_who_work_there_keep_nobody_here(life: Life, hida: Municipality) -> None:
    employ(ResidentFactory(), hida)
    with as_themselves(life.resident):
        close_account(life.resident)
    everything_has_ended(life)


# Under the run-time login


@pytest.fixture
def two(own_database: str) -> tuple[Life, Municipality, Municipality]:
    connection.set_schema_to_public()
    here, there = (Municipality.objects.get(pk=code) for code in (KESENNUMA, HIDA))
    return lead_a_life(here, there), here, there


def test_everything_ends_at_run_time_too(two: Any) -> None:
    life, here, _there = two
    consent = make_consent(make_minor(), life.resident)
    connection.set_schema_to_public()
    client = confirmed_client(life.resident.user)
    away = signed_in_client(life.resident.user, here)
    with logged_in_as(RUN):
        assert text_of(client.get(PATH))
        assert client.post(PATH, TICKED)["Location"] == "/closed/"
        assert text_of(client.get("/closed/"))
        assert away.get(life.own_page).status_code == 302
    everything_has_ended(life)
    consent.refresh_from_db()
    assert consent.end_reason == ConsentEnd.GUARDIAN_LEFT
    told = OutboxMessage.objects.filter(kind="mail", payload__to=[life.email])
    assert told.filter(payload__subject="アカウントを閉じました").count() == 1


def test_nobody_has_to_tell_their_name_in_order_to_leave(two: Any) -> None:
    """Signed up, and no more: the address alone is held, and a proof that waits for a profile."""
    user: User = UserFactory()
    email = str(user.email)
    WaitingProof.objects.create(
        user=user,
        waits_for="profile",
        proof={
            "attributes": {
                "family_name": "佐藤",
                "given_name": "花子",
                "birth_date": "1988-04-02",
                "address": "宮城県気仙沼市南町1丁目",
            }
        },
        expires_at=clock.now() + timedelta(hours=1),
    )
    client = confirmed_client(user)
    with logged_in_as(RUN):
        assert 'href="/my/close/"' in text_of(client.get("/my/profile/"))
        assert text_of(client.get(PATH))
        assert client.post(f"/en{PATH}", TICKED)["Location"] == "/en/closed/"
    with acting(OWNER):
        assert erase_closed() == 1
    connection.set_schema_to_public()
    user.refresh_from_db()
    assert (user.email, user.is_active) == (None, False)
    for model in (EmailAddress, WaitingProof, Verification):
        assert not model.objects.filter(**{_BY.get(model, "user"): user}).exists(), model
    told = OutboxMessage.objects.get(payload__to=[email])
    assert told.payload["subject"] == "Your account is closed", "as they read"
    assert "Dear" not in told.payload["body"]


def test_staff_are_refused_at_run_time_and_learn_of_nobody_else(two: Any) -> None:
    life, here, there = two
    employ(life.resident, here)
    other: Resident = ResidentFactory()
    employ(other, there)
    connection.set_schema_to_public()
    with at_run_time(signed_in(life.resident.user_id, life.resident.pk)):
        with connection.cursor() as cursor:
            cursor.execute("SELECT guard.workplaces()")
            assert cursor.fetchall() == [(KESENNUMA,)]
        with pytest.raises(Refused, match="is_staff"):
            close_account(life.resident)
    for actor, place in (
        (VISITOR, here), (staff(other.user_id, HIDA), there), (worker(HIDA), there),
    ):  # fmt: skip
        with at_run_time(actor, place), connection.cursor() as cursor:
            cursor.execute("SELECT guard.workplaces()")
            assert cursor.fetchall() == []


@contextmanager
def refused() -> Iterator[None]:
    with pytest.raises(ProgrammingError) as raised, transaction.atomic():
        yield
    assert isinstance(raised.value.__cause__, psycopg.errors.InsufficientPrivilege), raised.value


def test_a_closing_is_ones_own_and_written_once(two: Any) -> None:
    life, here, _there = two
    other: Resident = ResidentFactory()
    close_account(other)
    account = operator_client().operator.pk  # type: ignore[attr-defined]
    connection.set_schema_to_public()
    fields = {"closed_at": clock.now(), "backups_until": clock.today()}
    with at_run_time(signed_in(life.resident.user_id, life.resident.pk)):
        assert not AccountClosing.objects.exists()
        with refused():
            AccountClosing.objects.create(resident=other, **fields)
        with refused():
            AccountClosing.objects.create(resident=life.resident, erased_at=clock.now(), **fields)
        close_account(life.resident)
        assert AccountClosing.objects.count() == 1
        with refused():
            AccountClosing.objects.update(erased_at=clock.now())
        with refused():
            AccountClosing.objects.all()._raw_delete("default")
    with at_run_time(operator(account)):
        assert AccountClosing.objects.filter(erased_at=None).count() == 2
        with refused():
            AccountClosing.objects.update(erased_at=clock.now())
    for actor, place in ((VISITOR, here), (worker(KESENNUMA), here)):
        with at_run_time(actor, place):
            assert not AccountClosing.objects.exists()
