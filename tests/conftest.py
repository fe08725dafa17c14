"""One prepared database for the whole suite, cloned for each worker; two municipalities.

Schemas take seconds to migrate, so they are made once: the first worker builds a template
database with four municipalities (two cities and their prefectures), named after a hash of
everything it is made from, and every worker starts from a copy of it.
"""

from __future__ import annotations

import fcntl
import gc
import hashlib
import os
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from functools import partial
from pathlib import Path

import psycopg
import pytest
from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.core.cache import cache
from django.core.mail import EmailMessage
from django.core.management import call_command
from django.db import connection
from hypothesis import settings as hypothesis_settings
from psycopg import sql
from xdist.scheduler import LoadFileScheduling

from tenants.postgresql import claims

# Tests travel in time, the database does not: claims are signed by a clock time-machine leaves.
# Nothing is asserted about wall-clock time, by hypothesis neither.
hypothesis_settings.register_profile("unhurried", deadline=None)
hypothesis_settings.load_profile("unhurried")
_CLOCK_REALTIME_COARSE = 5  # Linux; Python has no name for it
claims.clock = partial(time.clock_gettime, _CLOCK_REALTIME_COARSE)
ROOT = Path(__file__).resolve().parent.parent
# What takes longest, before it what one worker can do without the database that another
# is preparing.
_FIRST = (
    "journeys/", "launcher/", "architecture/", "certificates/rendering/", "common/", "themes/",
    "faults/", "migrations/", "isolation/", "portal/",
)  # fmt: skip
_prepared: dict[str, str] = {}  # name of the template database, once it is known
# Looked through for what the prepared database is made from.
FOLDERS = ("tenants", "pages", "activities", "surveys", "community", "themes", "site", "tests")
KESENNUMA, MIYAGI, HIDA, GIFU = "042056", "040002", "212172", "210005"


def _admin_connection() -> psycopg.Connection:
    parameters = connection.get_connection_params()
    parameters = {k: parameters[k] for k in ("host", "port", "user", "password") if k in parameters}
    return psycopg.connect(**parameters, dbname="postgres", autocommit=True)


def _fingerprint() -> str:
    digest = hashlib.sha256()
    sources = [
        path
        for pattern in (
            "**/migrations/*.py",
            "**/receivers.py",
            "**/receivers/*.py",
            "**/operations/defaults*.py",
            "**/operations/provision*.py",
            "**/operations/template.py",
            "**/operations/wall.py",
            "**/walls.py",
            "postgresql/*.sql",
            "postgresql/*.py",
            "config/settings/apps.py",
            "data/*",
            "conftest.py",
            "**/permissions.py",
            "staff/*.py",  # the template schema is made anew when one of these changes
        )
        for folder in FOLDERS
        for path in (ROOT / folder).glob(pattern)
        if path.is_file()
    ]
    sources.append(ROOT / "uv.lock")
    for path in sorted(set(sources)):
        digest.update(str(path.relative_to(ROOT)).encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()[:12]


class _Together(LoadFileScheduling):
    """A worker takes a file at a time; the journeys as one, whose product starts but once, and
    whose browser no test that forks may share a process with."""

    def _split_scope(self, nodeid: str) -> str:
        file = super()._split_scope(nodeid)
        return "journeys" if file.startswith("tests/journeys/") else file


def pytest_xdist_make_scheduler(config: pytest.Config, log: object) -> LoadFileScheduling | None:
    return _Together(config, log) if config.getoption("dist") == "loadfile" else None


def pytest_collection_finish() -> None:
    """What is loaded by now stays: looking through it for garbage took a tenth of the time."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 50)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The long ones first, so that no worker is left with one when the others are done."""

    def place(item: pytest.Item) -> int:
        begins = (item.nodeid.startswith(f"tests/{name}") for name in _FIRST)
        return next((number for number, is_there in enumerate(begins) if is_there), len(_FIRST))

    items.sort(key=place)


@pytest.fixture(scope="session")
def django_db_setup(django_db_blocker: object, worker_id: str) -> Iterator[None]:
    """Clone the prepared template database; make it first if there is none."""
    template = f"furusato_template_{_fingerprint()}"
    name = f"furusato_test_{os.environ.get('TEST_DB_SUFFIX', '')}{worker_id}"
    lock = Path(tempfile.gettempdir()) / f"{template}.lock"
    _prepared["template"] = template
    with django_db_blocker.unblock():  # type: ignore[attr-defined]
        with lock.open("w") as handle, _admin_connection() as admin:
            fcntl.flock(handle, fcntl.LOCK_EX)
            exists = admin.execute(
                "SELECT 1 FROM pg_database WHERE datname = %s AND datistemplate", [template]
            ).fetchone()
            if not exists:
                _build_template(admin, template)
            _drop(admin, name)
            admin.execute(
                sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(
                    sql.Identifier(name), sql.Identifier(template)
                )
            )
        _use(name)
        _close_the_copy()
        yield
        connection.close()
        with _admin_connection() as admin:
            _drop(admin, name)


@pytest.fixture(scope="session")
def prepared_database(django_db_setup: None) -> str:
    """Name of the database that every worker's is a copy of; nobody is connected to it."""
    return _prepared["template"]


@pytest.fixture
def own_database(django_db_setup: None, django_db_blocker: object) -> Iterator[str]:
    """A copy of the prepared database for one test, in which transactions really commit.

    For tests of several connections (threads, processes that are killed). Not with `db` or
    the municipality fixtures; pytest-django's transactional_db would empty the shared tables.
    """
    with own_copy(django_db_blocker, "own") as name:
        yield name


@pytest.fixture(scope="module")
def module_database(django_db_setup: None, django_db_blocker: object) -> Iterator[str]:
    """As `own_database`, one for all tests of a module, which take back what they write."""
    with own_copy(django_db_blocker, "module") as name:
        yield name


@contextmanager
def own_copy(django_db_blocker: object, suffix: str, of: str = "") -> Iterator[str]:
    """A copy of the prepared database, or of another, that this process works on meanwhile."""
    usual = connection.settings_dict["NAME"]
    name = f"{usual}_{suffix}"
    with django_db_blocker.unblock():  # type: ignore[attr-defined]
        with _admin_connection() as admin:
            _drop(admin, name)
            admin.execute(
                sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(
                    sql.Identifier(name), sql.Identifier(of or _prepared["template"])
                )
            )
        _use(name)
        _close_the_copy()
        try:
            yield name
        finally:
            _use(usual)
            with _admin_connection() as admin:
                _drop(admin, name)


def _use(name: str) -> None:
    """Work on another database; what is remembered is of the one before."""
    ContentType.objects.clear_cache()
    cache.clear()
    connection.close()
    settings.DATABASES["default"]["NAME"] = name
    connection.settings_dict["NAME"] = name


def _drop(admin: psycopg.Connection, name: str) -> None:
    """Drop a database. The owner may end its own connections; others', which are ending, it waits
    for."""
    drop = sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name))
    for _attempt in range(100):
        try:
            admin.execute(drop)
            return
        except psycopg.errors.InsufficientPrivilege:
            time.sleep(0.1)
    admin.execute(drop)


def _close_the_copy() -> None:
    """As the product does at each start: a copy begins open to everybody, and its template may
    have been made by a run with another key."""
    from tenants.operations.wall import close_the_database, keep_key

    connection.set_schema_to_public()
    close_the_database()
    keep_key()


def _build_template(admin: psycopg.Connection, template: str) -> None:
    _drop(admin, template)
    admin.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(template)))
    _use(template)
    gc.disable()  # migrations make garbage that is looked through a third of their time
    call_command("prepare")
    gc.enable()
    for code in (MIYAGI, GIFU, KESENNUMA, HIDA):
        _provision(code)
    connection.close()
    admin.execute(sql.SQL("ALTER DATABASE {} IS_TEMPLATE true").format(sql.Identifier(template)))


def _provision(code: str) -> None:
    from common import clock
    from tenants.enums import MunicipalityStatus, RequestStatus, TermsKind
    from tenants.models import LocalGovernment, Municipality, ParticipationRequest, Terms
    from tenants.operations.provision import provision

    connection.set_schema_to_public()
    request = ParticipationRequest.objects.create(
        local_government=LocalGovernment.objects.get(pk=code),
        department="企画課",
        contact_name="担当者",
        contact_email=f"staff-{code}@example.jp",
        contact_phone="0226-00-0000",
        terms=Terms.objects.in_force(TermsKind.MUNICIPALITY),
        agreed_at=clock.now(),
        status=RequestStatus.APPROVED,
    )
    municipality = provision(request)
    connection.set_schema_to_public()
    # The tests' municipalities are open to the public; what is not is tested by itself.
    Municipality.objects.filter(pk=municipality.pk).update(status=MunicipalityStatus.PUBLISHED)


@pytest.fixture(scope="session", autouse=True)
def _mail_goes_to_the_outbox(django_test_environment: None) -> None:
    """Django's test environment keeps mail in memory; ours is a row, as in the product."""
    settings.EMAIL_BACKEND = "notifications.mail_backend.OutboxEmailBackend"


class SentMails(Sequence):
    """The mails written to the outbox since the test began, as `EmailMessage`s."""

    def __init__(self) -> None:
        from notifications.models import OutboxMessage

        newest = OutboxMessage.objects.order_by("-pk").first()
        self._after = newest.pk if newest else 0

    def _mails(self) -> list[EmailMessage]:
        from notifications.models import OutboxMessage

        rows = OutboxMessage.objects.filter(kind="mail", pk__gt=self._after).order_by("pk")
        return [EmailMessage(**row.payload) for row in rows]

    def __len__(self) -> int:
        return len(self._mails())

    def __getitem__(self, index):
        return self._mails()[index]


@pytest.fixture
def mailoutbox(db: None) -> SentMails:
    """In place of pytest-django's: the product's own outbox."""
    return SentMails()


@pytest.fixture(autouse=True)
def _public_schema() -> Iterator[None]:
    """Every test starts and ends outside of any municipality."""
    yield
    if connection.connection is not None or connection.schema_name != "public":
        connection.set_schema_to_public()


def _municipality(code: str):
    from tenants.models import Municipality

    connection.set_schema_to_public()
    return Municipality.objects.get(pk=code)


@pytest.fixture
def kesennuma(db: None):
    """宮城県気仙沼市, whose prefecture takes part."""
    return _municipality(KESENNUMA)


@pytest.fixture
def hida(db: None):
    """岐阜県飛騨市, the other municipality of every integration test."""
    return _municipality(HIDA)


@pytest.fixture
def miyagi(db: None):
    """宮城県, the prefecture of 気仙沼市."""
    return _municipality(MIYAGI)


@pytest.fixture
def gifu(db: None):
    """岐阜県, the prefecture of 飛騨市."""
    return _municipality(GIFU)


@pytest.fixture
def a_birth_date() -> date:
    """Of an adult."""
    return date(1988, 4, 2)
