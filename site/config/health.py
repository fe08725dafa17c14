"""`GET /healthz`: whether the platform can do its work."""

from __future__ import annotations

import logging

from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, JsonResponse
from django.views.decorators.http import require_GET

from config.celery import app as celery_app
from notifications.queries import oldest_waiting_seconds

logger = logging.getLogger(__name__)
# Mail that has waited this long means that no worker is at work.
LATE_SECONDS = 300


@require_GET
def healthz(request: HttpRequest) -> JsonResponse:
    """200 when all is well, 503 otherwise; each part by name, ages in seconds."""
    answer: dict[str, object] = {"database": False, "broker": _broker_answers()}
    try:
        executor = MigrationExecutor(connection)
        plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
        age = oldest_waiting_seconds()
        answer |= {"database": True, "migrations": not plan, "outbox_age_seconds": age}
        healthy = answer["broker"] and not plan and age < LATE_SECONDS
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
