"""Under the run-time login: agreeing in every way there is, and what no SQL finds or changes."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

import psycopg
import pytest
from django.db import ProgrammingError, connection, transaction

from accounts.enums import Channel
from accounts.models import Resident, User
from accounts.operations.accounts import make_account
from accounts.operations.merge import merge
from accounts.queries import documents_in_force
from common import clock
from privacy.enums import ConsentPurpose
from privacy.models import Consent
from privacy.operations.consents import give, withdraw
from privacy.queries import running_consents, texts_in_force, to_agree_to, wants_mail_from
from privacy.receivers import AGREED_ON
from registration.models import Registration
from registration.operations import leave, register
from registration.operations.counter import Received, enter_person
from tenants.actors import (
    OWNER,
    RECEPTION,
    VISITOR,
    Actor,
    ActorKind,
    operator,
    signed_in,
    staff,
    worker,
)
from tenants.context import public_context
from tenants.models import Municipality
from tests.conftest import GIFU, HIDA, KESENNUMA, MIYAGI
from tests.factories.accounts import PEOPLE, ResidentFactory, signed_in_client
from tests.factories.counter import person
from tests.factories.privacy import new_version
from tests.factories.staff import make_member
from tests.factories.tenants import operator_client
from tests.isolation.logins import RUN, at_run_time, logged_in_as

MAILING = ConsentPurpose.MAILING


@dataclass
class Scene:
    here: Municipality
    there: Municipality
    mine: Resident  # registered here, wants news
    other: Resident  # registered there
    officer: User


@pytest.fixture
def scene(own_database: str) -> Scene:
    connection.set_schema_to_public()
    here, there = (Municipality.objects.get(pk=code) for code in (KESENNUMA, HIDA))
    mine, other = ResidentFactory(person=PEOPLE[0]), ResidentFactory(person=PEOPLE[0])
    register(mine, here, wants_mail=True)
    register(other, there, wants_mail=True)
    officer = make_member(here, "registration_officer")
    connection.set_schema_to_public()
    return Scene(here, there, mine, other, officer)


@contextmanager
def refused() -> Iterator[None]:
    with pytest.raises(ProgrammingError) as refusal, transaction.atomic():
        yield
    assert isinstance(refusal.value.__cause__, psycopg.errors.InsufficientPrivilege)


def of(resident: Resident) -> Actor:
    return signed_in(resident.user_id, resident.pk)


def keys(user_id: int) -> set[tuple[str, str]]:
    connection.set_schema_to_public()
    return {row.key for row in Consent.objects.of(user_id).running()}


TEXTS = {("terms", ""), ("privacy_notice", "")}


# Every way


def test_signing_up_keeps_both_texts(scene: Scene) -> None:
    with at_run_time(RECEPTION):
        user = make_account("new@example.jp", documents_in_force())
        make_account("new@example.jp", documents_in_force())
        assert not Consent.objects.exists(), "the reception itself reads none"
    assert keys(user.pk) == TEXTS
    assert Consent.objects.of(user.pk).count() == 2


def test_registering_and_leaving(scene: Scene) -> None:
    with at_run_time(of(scene.mine)):
        register(scene.mine, scene.there, wants_mail=True)
    there = {("disclosure", HIDA), ("disclosure", GIFU), ("mailing", HIDA)}
    assert there <= keys(scene.mine.user_id)
    with at_run_time(of(scene.mine)):
        leave(Registration.objects.get(municipality=scene.there))
    assert not there & keys(scene.mine.user_id)
    assert ("mailing", HIDA) in keys(scene.other.user_id)


def test_the_counter_keeps_the_paper_with_who_took_it(scene: Scene) -> None:
    data = person()
    received = Received(uuid4(), scene.officer, Channel.COUNTER, "綴り3の12")
    with at_run_time(staff(scene.officer.pk, KESENNUMA), scene.here):
        entry = enter_person(scene.here, data, received)
    connection.set_schema_to_public()
    rows = Consent.objects.of(Resident.objects.get(pk=entry.resident_id).user_id)
    assert {row.key for row in rows} == {
        *TEXTS, ("disclosure", KESENNUMA), ("disclosure", MIYAGI),
    }  # fmt: skip
    assert {row.on_paper_by_id for row in rows} == {scene.officer.pk}


def test_the_pages(scene: Scene) -> None:
    connection.set_schema_to_public()
    new = new_version("privacy")
    client = signed_in_client(scene.mine.user)
    site = signed_in_client(scene.mine.user, scene.here)
    for one in (client, site):
        session = one.session
        del session[AGREED_ON]
        session.save()
    sign_up = f"/sessions/{uuid4()}/sign-up/"
    with logged_in_as(RUN):
        assert client.get("/my/")["Location"].startswith("/my/agree/")
        assert client.get(f"/handoff/?to={KESENNUMA}")["Location"].startswith("/my/agree/")
        assert "/my/agree/" in site.get(sign_up)["Location"]
        assert client.post("/my/agree/", {f"text_{new.pk}": "on"})["Location"] == "/my/"
        assert client.get("/my/").status_code == 200
        assert client.get("/my/agree/")["Location"] == "/my/"
        assert "/my/agree/" not in site.get(sign_up).get("Location", "")
        toggle = {"change": "mailing-042056", "step": "withdraw"}
        assert client.post("/my/consents/", toggle)["Location"] == "/my/consents/"
        page = client.get("/my/consents/").content.decode()
    assert "新しい版に同意" in page
    assert keys(scene.mine.user_id) == {
        *TEXTS, ("disclosure", KESENNUMA), ("disclosure", MIYAGI),
    }  # fmt: skip


def test_two_accounts_become_one(scene: Scene) -> None:
    had = keys(scene.mine.user_id) | keys(scene.other.user_id)
    with at_run_time(of(scene.mine)):
        merge(scene.mine, scene.other)
        assert {row.user_id for row in Consent.objects.running()} == {scene.mine.user_id}
    assert keys(scene.mine.user_id) == had
    assert keys(scene.other.user_id) == set()


def test_whoever_sends_news_asks_as_the_municipality(scene: Scene) -> None:
    for place, resident in ((scene.here, scene.mine), (scene.there, scene.other)):
        with at_run_time(worker(place.code), place):
            assert wants_mail_from(resident.user, place)
        with at_run_time(worker(place.code)):
            assert wants_mail_from(resident.user, place)
    with at_run_time(worker(HIDA), scene.there):
        assert not wants_mail_from(scene.mine.user, scene.here)


# What SQL finds


def test_a_resident_finds_their_own_alone(scene: Scene) -> None:
    for resident in (scene.mine, scene.other):
        with at_run_time(of(resident)):
            assert {row.user_id for row in Consent.objects.all()} == {resident.user_id}
            assert len(running_consents(resident.user)) == 5
            assert to_agree_to(resident.user) == []


def test_staff_find_what_was_agreed_to_for_their_municipality(scene: Scene) -> None:
    with at_run_time(staff(scene.officer.pk, KESENNUMA), scene.here):
        rows = Consent.objects.all()
        assert {row.key for row in rows} == {("disclosure", KESENNUMA), ("mailing", KESENNUMA)}
        assert {row.user_id for row in rows} == {scene.mine.user_id}


@pytest.mark.parametrize("who", ["visitor", "reception", "worker", "operator"])
def test_nobody_else_finds_any(scene: Scene, who: str) -> None:
    actors = {"visitor": VISITOR, "reception": RECEPTION, "worker": worker()}
    if who == "operator":
        actors["operator"] = operator(operator_client().operator.pk)
    connection.set_schema_to_public()
    with at_run_time(actors[who]):
        assert not Consent.objects.exists()


def a_consent(scene: Scene, **fields: Any) -> Consent:
    text = texts_in_force([ConsentPurpose.ORGANISATIONS])[ConsentPurpose.ORGANISATIONS]
    return Consent(**{"user": scene.mine.user, "purpose": "organisations", "text": text} | fields)


def test_nobody_agrees_for_another(scene: Scene) -> None:
    actors = [
        (of(scene.other), None),
        (staff(scene.officer.pk, KESENNUMA), scene.here),
        (worker(KESENNUMA), scene.here),
        (RECEPTION, None),
        (VISITOR, None),
    ]
    for actor, place in actors:
        with at_run_time(actor, place):
            with refused():
                a_consent(scene).save()
            with refused():
                mailing = texts_in_force([MAILING])[MAILING]
                a_consent(scene, purpose="mailing", municipality=scene.here, text=mailing).save()
    with at_run_time(of(scene.mine)):
        with refused():
            a_consent(scene, ended_at=clock.now(), end_reason="left").save()
        a_consent(scene).save()


def test_nobody_ends_or_changes_what_another_agreed_to(scene: Scene) -> None:
    over = {"ended_at": clock.now(), "end_reason": "withdrawn"}
    for actor, place in (
        (of(scene.other), None),
        (staff(scene.officer.pk, KESENNUMA), scene.here),
        (worker(KESENNUMA), scene.here),
    ):
        with at_run_time(actor, place):
            theirs = Consent.objects.filter(user_id=scene.mine.user_id)
            assert theirs.update(**over) == 0
            with refused(), connection.cursor() as cursor:
                cursor.execute("DELETE FROM public.privacy_consent")
    with at_run_time(of(scene.mine)):
        mine = Consent.objects.filter(user_id=scene.mine.user_id)
        with refused():
            mine.update(given_at=clock.now())
        with refused():
            mine.update(on_paper_by=scene.officer)
        with refused():
            mine.delete()
        assert withdraw(scene.mine.user, MAILING, scene.here)
        give(scene.mine.user, MAILING, scene.here)


def test_the_owner_changes_no_row_either(scene: Scene) -> None:
    assert OWNER.kind == ActorKind.OWNER
    with public_context(), refused():
        Consent.objects.update(given_at=clock.now())
