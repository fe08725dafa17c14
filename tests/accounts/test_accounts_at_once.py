"""Two accounts become one while either is closed, and the other way round.

Each side has a connection of its own, so rows are really committed. Whoever comes first wins;
nobody waits for somebody who waits for them.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import date, timedelta
from functools import partial
from typing import Any

import pytest
from django.db import connection

from accounts.models import Resident
from accounts.operations.claim import join_account, take_account
from accounts.operations.claim_codes import open_code_of
from accounts.operations.merge import merge
from common import clock
from common.refusal import Refused
from identity.enums import Assurance, Method, Waiting
from identity.methods import Proof
from identity.models import Verification, WaitingProof
from identity.operations.merge import merge_accounts
from identity.rules.claims import Attributes
from privacy.models import AccountClosing
from privacy.operations.closing import close_account
from registration.models import Registration
from tenants.models import Municipality
from tests.conftest import HIDA, KESENNUMA
from tests.factories.accounts import ResidentFactory, UserFactory
from tests.factories.counter import BORN, make_entry
from tests.factories.identity import SEEN, make_verification
from tests.factories.registration import register_resident
from tests.factories.staff import make_member

ROUNDS = 12
ANOTHER = date(1950, 5, 5)


@pytest.fixture
def places(own_database: str) -> list[Municipality]:
    connection.set_schema_to_public()
    return [Municipality.objects.get(pk=code) for code in (KESENNUMA, HIDA)]


def at_once(*actions: Callable[[], Any]) -> list[Any]:
    """Each in a thread of its own, begun together; what it returned or was refused with.

    Anything else, a deadlock above all, is raised here.
    """
    barrier = threading.Barrier(len(actions))
    results: list[Any] = [None] * len(actions)

    def run(number: int, action: Callable[[], Any]) -> None:
        try:
            barrier.wait(timeout=20)
            results[number] = action()
        except Exception as error:
            results[number] = error
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(actions)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    for result in results:
        if isinstance(result, Exception) and not isinstance(result, Refused):
            raise result
    return results


def two_accounts(places: list[Municipality]) -> tuple[Resident, Resident]:
    kept, other = ResidentFactory(), ResidentFactory()
    for resident, place in zip((kept, other), places, strict=True):
        register_resident(resident, place)
    return kept, other


def check(kept: Resident, other: Resident, closed: Resident, results: list[Any]) -> None:
    """Either the two are one, or `closed` is closed and the other account is as it was. Where
    the kept one is closed, both may have happened: first one, then closed together."""
    merged, ended = (not isinstance(result, Refused) for result in results)
    was_closed = AccountClosing.objects.filter(pk=closed.pk).exists()
    kept.refresh_from_db()
    other.refresh_from_db()
    assert [result.code for result in results if isinstance(result, Refused)] in (
        [], ["account_closed"], ["claim_wrong"], ["nothing_to_merge"],
    )  # fmt: skip
    assert (other.merged_into_id == kept.pk) == merged
    assert was_closed == ended
    assert merged or ended
    if closed.pk == other.pk:
        assert merged != ended
    gone = ({other.pk} if merged else set()) | ({closed.pk} if ended else set())
    assert not Registration.objects.filter(resident__in=gone, status="active").exists()


@pytest.mark.parametrize("which", ["kept", "other"])
def test_a_merge_and_a_closing(places, which):
    for _round in range(ROUNDS):
        kept, other = two_accounts(places)
        closed = kept if which == "kept" else other
        results = at_once(partial(merge, kept, other), partial(close_account, closed))
        check(kept, other, closed, results)


def test_two_merges_the_two_ways_round(places):
    for _round in range(ROUNDS // 2):
        one, other = two_accounts(places)
        results = at_once(partial(merge, one, other), partial(merge, other, one))
        one.refresh_from_db()
        other.refresh_from_db()
        assert [result.code for result in results if isinstance(result, Refused)] == [
            "account_closed"
        ]
        assert {one.merged_into_id, other.merged_into_id} in ({one.pk, None}, {other.pk, None})


@pytest.mark.parametrize("which", ["kept", "other"])
def test_a_merge_by_the_card_and_a_closing(places, which):
    now = clock.now()
    for number in range(ROUNDS):
        kept, other = two_accounts(places)
        make_verification(other, subject_hash=f"{number:064}")
        proof = Proof(
            method=Method.DIGITAL_AUTH_APP,
            assurance=Assurance.LEVEL_3,
            attributes=Attributes.of_json(SEEN),
            proved_at=now,
            valid_until=now + timedelta(days=1800),
            subject_hash=f"{number:064}",
        )
        WaitingProof.objects.create(
            user=kept.user,
            waits_for=Waiting.MERGE,
            proof=proof.as_json(),
            expires_at=now + timedelta(hours=1),
        )
        closed = kept if which == "kept" else other
        results = at_once(partial(merge_accounts, kept), partial(close_account, closed))
        check(kept, other, closed, results)
        holds = Verification.objects.filter(resident=kept, ended_at=None)
        assert holds.exists() == (closed is other and not isinstance(results[0], Refused))


def test_a_code_on_paper_brought_into_an_account_and_a_closing(places):
    staff = make_member(places[0], "registration_officer")
    for _round in range(ROUNDS):
        entry = make_entry(places[0], staff)
        other = Resident.objects.select_related("user").get(pk=entry.resident_id)
        kept = ResidentFactory(birth_date=BORN)
        code = open_code_of(entry)
        results = at_once(partial(join_account, code.pk, kept.user), partial(close_account, other))
        check(kept, other, other, results)


def test_two_people_s_codes_brought_into_one_account_without_a_profile(places):
    """One becomes it. The other is another person, who must not overwrite the profile."""
    staff = make_member(places[0], "registration_officer")
    for _round in range(ROUNDS):
        entries = [make_entry(places[0], staff), make_entry(places[0], staff, birth_date=ANOTHER)]
        user = UserFactory()
        results = at_once(*(partial(join_account, open_code_of(one).pk, user) for one in entries))
        (refused,) = (result for result in results if isinstance(result, Refused))
        # The second read the account before, or after, the first had made its profile.
        assert refused.code in ("claim_wrong", "another_person")
        born = {one.resident_id: day for one, day in zip(entries, (BORN, ANOTHER), strict=True)}
        (merged,) = Resident.objects.filter(pk__in=born).exclude(merged_into=None)
        kept = Resident.objects.get(user=user)
        assert (merged.merged_into_id, kept.birth_date) == (kept.pk, born[merged.pk])


def test_a_code_on_paper_taken_and_a_closing(places):
    staff = make_member(places[0], "registration_officer")
    for number in range(ROUNDS):
        entry = make_entry(places[0], staff)
        other = Resident.objects.select_related("user").get(pk=entry.resident_id)
        code = open_code_of(entry)
        taken, closed = at_once(
            partial(take_account, code.pk, f"haru{number}@example.jp"),
            partial(close_account, other),
        )
        other.user.refresh_from_db()
        assert isinstance(closed, AccountClosing)
        assert (other.user.email, other.user.is_active) == (None, False)
        assert not isinstance(taken, Refused) or taken.code == "claim_wrong"
