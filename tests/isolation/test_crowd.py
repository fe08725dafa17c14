"""Many at once on few connections: nobody ever reads a row of a municipality that is not theirs.

Each municipality has a marker in its own schema and one in a shared table. Whatever happened to a
connection before, and whoever had it, a request reads its own two markers and no other.
"""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from random import Random

import pytest
from celery import shared_task
from django.db import ProgrammingError, transaction

from community.models import Room
from launcher.postgres import ROLE as OWNER
from tenants.actors import ActorMissing, acting, staff, worker
from tenants.context import current_municipality, municipality_context
from tenants.models import LocalGovernment, Municipality, MunicipalityChange
from tenants.operations.provision import provision
from tenants.postgresql.connection import connection
from tenants.work import MUNICIPALITY
from tests.factories.tenants import approved_request
from tests.isolation.logins import RUN, connect_as, logged_in_as

MUNICIPALITIES, THREADS, REQUESTS, TASKS = 20, 200, 10_000, 1_000
CONNECTIONS = 4
MARKER = "marker-"


@pytest.fixture(scope="module")
def nation(module_database: str) -> list[Municipality]:
    """Twenty municipalities, each with its two markers."""
    connection.set_schema_to_public()
    known = list(Municipality.objects.values_list("pk", flat=True))
    others = LocalGovernment.objects.exclude(pk__in=known).order_by("pk")
    for government in others[: MUNICIPALITIES - len(known)]:
        provision(approved_request(government.code))
    connection.set_schema_to_public()
    municipalities = list(Municipality.objects.order_by("pk"))
    for municipality in municipalities:
        marker = f"{MARKER}{municipality.code}"
        with municipality_context(municipality):
            Room.objects.create(name=marker, slug=marker)
        MunicipalityChange.objects.create(
            municipality=municipality, from_status="preparing", to_status="preparing", reason=marker
        )
    return municipalities


@pytest.fixture
def pool(nation: list[Municipality]) -> Iterator[None]:
    """All threads share four connections of the run-time login, as in the product."""
    options = connection.settings_dict["OPTIONS"]
    with logged_in_as(RUN):
        options["pool"] = {"min_size": CONNECTIONS, "max_size": CONNECTIONS, "timeout": 60}
        try:
            yield
        finally:
            connection.close()
            connection.pool.wait()
            connection.close_pool()
            del options["pool"]


def markers() -> set[str]:
    """The markers that can be read here: of the schema, and of the shared table."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT 'room ' || name FROM community_room WHERE name LIKE 'marker-%' UNION ALL"
            " SELECT 'change ' || reason FROM tenants_municipalitychange"
        )
        return {marker for (marker,) in cursor.fetchall()}


def own_markers(municipality: Municipality) -> set[str]:
    marker = f"{MARKER}{municipality.code}"
    return {f"room {marker}", f"change {marker}"}


class Gone(Exception):
    """A request that ends in the middle."""


def request(municipality: Municipality, other: Municipality, chance: Random) -> set[str]:
    """What one request reads last, after something went wrong in four of ten."""
    with acting(staff(0, municipality.code)), municipality_context(municipality):
        match chance.randrange(10):
            case 0:
                with suppress(Gone), transaction.atomic():
                    Room.objects.update(description="never kept")
                    raise Gone
            case 1:
                with suppress(ProgrammingError), connection.cursor() as cursor:
                    cursor.execute(f"SELECT * FROM {other.schema_name}.wagtailcore_page")
            case 2:
                with transaction.atomic():
                    with suppress(Gone), transaction.atomic(), municipality_context(other):
                        with acting(staff(0, other.code)):
                            assert markers() == own_markers(other)
                        raise Gone
                    return markers()
            case 3:
                # Ends in the middle: the connection goes back as it is, and another is taken.
                connection.ensure_connection()
                connection.connection.execute("BEGIN; RESET ROLE")
                connection.close()
        return markers()


def test_ten_thousand_requests_read_their_own_markers(
    nation: list[Municipality], pool: None
) -> None:
    def visitor(number: int) -> list[tuple[Municipality, set[str]]]:
        chance, answers = Random(number), []
        for _request in range(REQUESTS // THREADS):
            municipality, other = chance.sample(nation, 2)
            try:
                answers.append((municipality, request(municipality, other, chance)))
            finally:
                connection.close()
        return answers

    with ThreadPoolExecutor(THREADS) as threads:
        answers = [one for many in threads.map(visitor, range(THREADS)) for one in many]
    assert len(answers) == REQUESTS
    wrong = [(asked.code, found) for asked, found in answers if found != own_markers(asked)]
    assert wrong == []


# Background work


@shared_task(name="tests.read_markers")
def read_markers() -> tuple[str, list[str]]:
    return current_municipality().code, sorted(markers())


@shared_task(name="tests.write_nowhere")
def write_nowhere() -> None:
    MunicipalityChange.objects.create(
        municipality_id="042056", from_status="preparing", to_status="closed", reason="written"
    )


@shared_task(name="tests.read_as_worker", acts_as=worker())
def read_as_worker() -> list[str]:
    return sorted(row.reason for row in MunicipalityChange.objects.all())


def written() -> int:
    """Rows of `write_nowhere`, as the owner counts them."""
    with connect_as(OWNER) as owner:
        found = owner.execute(
            "SELECT count(*) FROM public.tenants_municipalitychange WHERE reason = 'written'"
        ).fetchone()
    return found[0] if found else 0


def run(municipality: Municipality) -> bool:
    """Whether a task for the municipality reads its markers and no other's."""
    found = read_markers.apply(headers={MUNICIPALITY: municipality.code}, throw=True).get()
    connection.close()
    return found == (municipality.code, sorted(own_markers(municipality)))


def mixed(nation: list[Municipality]) -> list[Municipality]:
    chance = Random(1)
    return [chance.choice(nation[:2]) for _task in range(TASKS // 2)]


def test_tasks_of_two_municipalities_read_their_own_one_after_the_other(
    nation: list[Municipality], pool: None
) -> None:
    assert all(run(municipality) for municipality in mixed(nation))


def test_tasks_of_two_municipalities_read_their_own_side_by_side(
    nation: list[Municipality], pool: None
) -> None:
    with ThreadPoolExecutor(8) as threads:
        assert all(threads.map(run, mixed(nation)))


def test_a_task_without_an_actor_does_not_begin(nation: list[Municipality], pool: None) -> None:
    run(nation[0])
    with pytest.raises(ActorMissing):
        write_nowhere.apply(throw=True)
    assert written() == 0


def test_a_task_for_nobody_in_particular_reads_no_municipality_s_rows(
    nation: list[Municipality], pool: None
) -> None:
    run(nation[0])
    assert read_as_worker.apply(throw=True).get() == []


def test_a_task_for_a_municipality_writes_for_no_other(
    nation: list[Municipality], pool: None
) -> None:
    assert nation[0].code != "042056"
    with pytest.raises(ProgrammingError, match="permission denied|row-level security"):
        write_nowhere.apply(headers={MUNICIPALITY: nation[0].code}, throw=True)
    connection.close()
    assert written() == 0
