"""What the database itself holds of signing in, under the logins the product runs with."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.contrib.sessions.models import Session
from django.db import DatabaseError, connection

from accounts.enums import SecurityEventKind
from accounts.models import AttemptCount, OpenSession, Passkey, RecoveryCode, SecurityEvent, User
from accounts.operations.recovery_codes import make_recovery_codes
from accounts.operations.security_events import record
from accounts.tasks import forget_old
from common import clock
from tenants.actors import OPERATOR_RECEPTION, RECEPTION, VISITOR, operator, signed_in, worker
from tests.factories.accounts import UserFactory
from tests.isolation.logins import at_run_time

pytestmark = pytest.mark.usefixtures("_unblocked")


@pytest.fixture(scope="module")
def people(module_database: str) -> tuple[User, User]:
    """Two residents, each with a passkey, a recovery code, an event and a session."""
    connection.set_schema_to_public()
    made = (UserFactory(), UserFactory())
    for user in made:
        key = f"{user.pk}".encode()
        Passkey.objects.create(
            user=user, user_handle=key, credential_id=key, credential=b"0", name="鍵"
        )
        RecoveryCode.objects.create(user=user, code_hash=f"{user.pk:064}")
        SecurityEvent.objects.create(kind="signed_in", account=user)
        OpenSession.objects.create(user=user, session_key=f"{user.pk}", chain="0" * 32)
    return made


@pytest.fixture
def _unblocked(django_db_blocker: object) -> Iterator[None]:
    with django_db_blocker.unblock():  # type: ignore[attr-defined]
        yield


def changed(statement: str, *parameters: object) -> int:
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        return int(cursor.rowcount)


@pytest.mark.parametrize("model", [Passkey, RecoveryCode])
def test_one_sees_ones_own_without_any_filter(people, model):
    mine, _theirs = people
    with at_run_time(signed_in(mine.pk)):
        assert [one.user_id for one in model.objects.all()] == [mine.pk]
    with at_run_time(VISITOR):
        assert not model.objects.exists()


def test_events_are_read_by_their_owner_and_the_operator(people):
    mine, theirs = people
    with at_run_time(signed_in(mine.pk)):
        assert {event.account_id for event in SecurityEvent.objects.all()} == {mine.pk}
    with at_run_time(VISITOR):
        assert not SecurityEvent.objects.exists()
    with at_run_time(RECEPTION):  # writes them, and need not read them
        assert not SecurityEvent.objects.exists()
    with at_run_time(operator(mine.pk)):
        seen = set(SecurityEvent.objects.values_list("account_id", flat=True))
        assert {mine.pk, theirs.pk} <= seen


@pytest.mark.parametrize("actor", ["owner", "reception", "operator", "worker"])
def test_nobody_changes_an_event_or_deletes_a_young_one(people, actor):
    mine, _theirs = people
    actors = {
        "owner": signed_in(mine.pk),
        "reception": RECEPTION,
        "operator": operator(mine.pk),
        "worker": worker(),
    }
    with at_run_time(actors[actor]):
        with pytest.raises(DatabaseError):
            changed("UPDATE accounts_securityevent SET kind = 'x'")
    with at_run_time(actors[actor]):
        try:
            assert changed("DELETE FROM accounts_securityevent") == 0
        except DatabaseError:
            assert actor == "operator"  # has no right to delete at all
    assert SecurityEvent.objects.filter(kind="signed_in").count() == 2


def test_a_session_key_is_read_at_the_reception_alone(people):
    mine, _theirs = people
    for actor in (signed_in(mine.pk), VISITOR, worker()):
        with at_run_time(actor):
            assert not OpenSession.objects.exists()
            assert not AttemptCount.objects.exists()
    with at_run_time(RECEPTION):
        assert OpenSession.objects.count() == 2


def test_codes_are_made_by_the_owner_and_for_the_owner_alone(people):
    mine, theirs = people
    with at_run_time(signed_in(mine.pk)):
        assert len(make_recovery_codes(mine)) == 10
    with at_run_time(signed_in(mine.pk)):
        with pytest.raises(DatabaseError):
            RecoveryCode.objects.create(user=theirs, code_hash="1" * 64)
    assert RecoveryCode.objects.filter(user=theirs).count() == 1


def test_events_are_written_by_whoever_acts(people):
    mine, _theirs = people
    for actor in (signed_in(mine.pk), RECEPTION, OPERATOR_RECEPTION):
        with at_run_time(actor):
            record(SecurityEventKind.PASSKEY_ADDED, mine, way="passkey")
    assert SecurityEvent.objects.filter(kind="passkey_added").count() == 3


def test_the_clock_deletes_under_its_own_login(people):
    mine, _theirs = people
    now = clock.now()
    SecurityEvent.objects.create(kind="signed_in", account=mine, at=now - timedelta(days=401))
    young = SecurityEvent.objects.filter(at__gt=now - timedelta(days=400)).count()
    past = now - timedelta(seconds=1)
    Session.objects.create(session_key="over", session_data="", expire_date=past)
    AttemptCount.objects.create(key="0" * 64, count=1, ends_at=past)
    with at_run_time(None):  # the task says itself for whom it works
        forget_old()
    assert SecurityEvent.objects.count() == young
    assert not Session.objects.filter(session_key="over").exists()
    assert not AttemptCount.objects.exists()
