"""`GET /healthz`: whether the platform can do its work."""

from __future__ import annotations

import logging
from collections.abc import Callable

from django.conf import settings
from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.http import require_GET

from config.celery import app as celery_app
from notifications.queries import oldest_waiting_seconds
from tenants.actors import acting, worker
from tenants.operations.migrate import shared_is_behind
from tenants.queries import login_has_no_rights

logger = logging.getLogger(__name__)
# Mail that has waited this long means that no worker is at work.
LATE_SECONDS = 300


class HealthMiddleware:
    """Answers `/healthz` before hosts, sessions and languages are looked at.

    Who probes names the machine, not the public host; and a probe every few seconds must
    leave no session behind.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.path == "/healthz" and _names_the_machine(request):
            return healthz(request)
        return self.get_response(request)


def _names_the_machine(request: HttpRequest) -> bool:
    host = request.META.get("HTTP_HOST", "").rsplit(":", 1)[0].lower()
    return host in {settings.BASE_DOMAIN, "localhost", "127.0.0.1"}


@require_GET
def healthz(request: HttpRequest) -> JsonResponse:
    """200 when all is well, 503 otherwise; each part by name, ages in seconds."""
    answer: dict[str, object] = {"database": False, "broker": _broker_answers()}
    try:
        with acting(worker()):
            behind = shared_is_behind()
            answer |= {"database": True, "migrations": not behind}
            age = oldest_waiting_seconds()
        # Tests, benchmarks and management sign in as the owner; who answers visitors must not.
        walled = login_has_no_rights()
        answer |= {"outbox_age_seconds": age, "walled": walled}
        healthy = answer["broker"] and not behind and age < LATE_SECONDS
        healthy = healthy and (walled or not settings.IS_PRODUCTION)
    except DatabaseError:
        logger.exception("healthz: the database does not answer")
        healthy = False
    return JsonResponse({"healthy": bool(healthy), **answer}, status=200 if healthy else 503)


def _broker_answers() -> bool:
    try:
        with celery_app.connection_for_write(connect_timeout=2) as broker:
            broker.ensure_connection(max_retries=1, timeout=2)
    except Exception:
        logger.exception("healthz: the broker does not answer")
        return False
    return True
