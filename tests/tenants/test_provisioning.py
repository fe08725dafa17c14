"""From an approved request to a municipality, and nothing in between (R1)."""

import threading

import pytest
from django.db import connection
from django.test import Client

from common import clock
from tenants import tasks
from tenants.enums import RequestStatus
from tenants.models import Domain, Municipality
from tenants.operations import provision
from tenants.operations.migrate import municipalities_behind
from tenants.operations.provision import provision_next
from tenants.operations.requests import retry_request
from tenants.signals import municipality_provisioned
from tests.factories.tenants import approved_request

MATSUSHIMA = "044016"


def _schemas():
    with connection.cursor() as cursor:
        cursor.execute("SELECT nspname FROM pg_namespace WHERE nspname ~ '^m[0-9]{6}$'")
        return {name for (name,) in cursor.fetchall()}


def _raising(**kwargs):
    raise ValueError("例外")


def _half(template, schema):
    with connection.cursor() as cursor:
        cursor.execute(f'CREATE SCHEMA "{schema}"')
    raise ValueError("例外")


@pytest.mark.django_db
def test_a_failure_leaves_nothing_and_the_retry_makes_it_whole(kesennuma, mailoutbox, monkeypatch):
    request = approved_request(MATSUSHIMA)
    before = _schemas()

    # Early, just after the schema was made.
    with monkeypatch.context() as patch:
        patch.setattr(provision, "replay", _half)
        provision_next()
    _assert_nothing_of(request, before)
    assert request.attempts == 1

    assert provision_next() is None, "a failed set-up waits before it is tried again"

    # Late, after every other app has made its defaults.
    retry_request(request.pk)
    municipality_provisioned.connect(_raising)
    try:
        provision_next()
    finally:
        municipality_provisioned.disconnect(_raising)
    _assert_nothing_of(request, before)
    assert request.attempts == 2
    assert len(mailoutbox) == 0

    retry_request(request.pk)
    seen = []

    def inside(municipality, **kwargs):
        seen.append((connection.schema_name, municipality.code))

    municipality_provisioned.connect(inside)
    try:
        tasks.provision_approved()
    finally:
        municipality_provisioned.disconnect(inside)
    request.refresh_from_db()
    assert (request.status, request.error) == (RequestStatus.PROVISIONED, "")
    assert seen == [(f"m{MATSUSHIMA}", MATSUSHIMA)]
    assert _schemas() - before == {f"m{MATSUSHIMA}"}
    (invitation,) = mailoutbox
    assert invitation.to == ["kikaku@example.lg.jp"]
    assert "松島町" in invitation.subject
    assert municipalities_behind() == []
    visit = Client(HTTP_HOST="matsushima.localhost").get("/")
    assert visit.status_code == 200
    assert "準備中" in visit.content.decode(), "its staff prepare it before anybody sees it"


def _assert_nothing_of(request, schemas_before):
    request.refresh_from_db()
    assert request.status == RequestStatus.APPROVED
    assert request.error == "ValueError: 例外"
    assert request.retry_at > clock.now()
    assert not Municipality.objects.filter(pk=MATSUSHIMA).exists()
    assert not Domain.objects.filter(tenant_id=MATSUSHIMA).exists()
    assert _schemas() == schemas_before


def test_two_workers_make_one_municipality(own_database):
    approved_request(MATSUSHIMA)
    made = []
    at_work = threading.Event()
    go_on = threading.Event()

    def slow(municipality, **kwargs):
        at_work.set()
        assert go_on.wait(60)

    def first():
        try:
            made.append(provision_next())
        finally:
            connection.close()

    municipality_provisioned.connect(slow)
    worker = threading.Thread(target=first)
    worker.start()
    try:
        assert at_work.wait(120)
        assert provision_next() is None, "the second worker must not wait, nor begin"
    finally:
        go_on.set()
        worker.join()
        municipality_provisioned.disconnect(slow)
    assert [request.local_government_id for request in made] == [MATSUSHIMA]
    assert provision_next() is None
    assert Municipality.objects.filter(pk=MATSUSHIMA).count() == 1


@pytest.mark.django_db
def test_a_municipality_that_lacks_a_migration_is_found(kesennuma, hida):
    assert municipalities_behind() == []
    with connection.cursor() as cursor:
        cursor.execute(
            f'UPDATE "{hida.schema_name}".django_migrations SET name = name || %s'
            " WHERE app = 'pages' AND name = '0001_initial'",
            ["_renamed"],
        )
    (behind,) = municipalities_behind()
    assert behind.municipality == hida
    assert behind.missing == (("pages", "0001_initial"),)
