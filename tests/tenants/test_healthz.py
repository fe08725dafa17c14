"""`GET /healthz`."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client

from common import clock
from notifications.models import OutboxMessage
from tests.brokers import no_broker

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def empty_outbox(db):
    OutboxMessage.objects.all().delete()


def _healthz(host="localhost", path="/healthz"):
    return Client(HTTP_HOST=host).get(path)


def test_all_well():
    answer = _healthz()
    assert answer.status_code == 200
    assert answer.json() == {
        "healthy": True,
        "database": True,
        "broker": True,
        "migrations": True,
        "outbox_age_seconds": 0.0,
        "walled": False,
    }


def test_production_is_not_healthy_with_the_owners_login(settings):
    settings.IS_PRODUCTION = True
    answer = _healthz()
    assert answer.status_code == 503
    assert answer.json()["walled"] is False


def test_it_leaves_no_cookie_and_no_session(django_assert_max_num_queries):
    with django_assert_max_num_queries(9) as captured:
        answer = _healthz()
    assert not answer.cookies
    assert not any("django_session" in query["sql"] for query in captured.captured_queries)


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1:8000", "furusato.example.jp"])
def test_the_machine_answers_whatever_the_public_domain_is(settings, host):
    settings.BASE_DOMAIN = "furusato.example.jp"
    assert _healthz(host).status_code == 200


def test_a_municipality_has_none(kesennuma):
    answer = Client(HTTP_HOST="kesennuma.localhost").get("/healthz", follow=True)
    assert answer.status_code == 404
    assert Client(HTTP_HOST="localhost").post("/healthz").status_code == 405


@pytest.mark.parametrize(("minutes", "status"), [(4, 200), (6, 503)])
def test_a_late_outbox_means_that_no_worker_is_at_work(minutes, status):
    OutboxMessage.objects.create(
        kind="mail", payload={}, due_at=clock.now() - timedelta(minutes=minutes)
    )
    answer = _healthz()
    assert answer.status_code == status
    assert answer.json()["outbox_age_seconds"] == pytest.approx(minutes * 60, abs=5)


def test_what_is_delivered_or_not_yet_due_is_not_late():
    long_ago = clock.now() - timedelta(days=1)
    OutboxMessage.objects.create(kind="mail", payload={}, due_at=long_ago, delivered_at=long_ago)
    OutboxMessage.objects.create(kind="mail", payload={}, due_at=clock.now() + timedelta(hours=1))
    assert _healthz().json()["outbox_age_seconds"] == 0.0


def test_a_missing_migration_is_seen():
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM django_migrations WHERE app = 'notifications'")
    answer = _healthz()
    assert answer.status_code == 503
    assert answer.json()["migrations"] is False


def test_a_broker_that_does_not_answer_is_seen():
    with no_broker():
        answer = _healthz()
    assert answer.status_code == 503
    assert answer.json()["broker"] is False
    assert answer.json()["database"] is True
