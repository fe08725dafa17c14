"""Leading a municipality through its life: publish, schedule, suspend, resume, close (R1).

Every step locks the municipality, asks the rules, writes and adds a line to the history. Where
it is already what the step leads to, nothing happens: a button pressed twice is one step.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction

from common import clock
from common.decision import Decision
from common.refusal import Refused
from tenants.context import public_context
from tenants.models import Municipality, MunicipalityChange
from tenants.queries import due_for_publication
from tenants.rules.life import TARGET, Step, may_schedule, may_take
from tenants.signals import municipality_published


def publish(code: str, operator: Any, reason: str = "") -> Municipality:
    """Show a municipality to residents; only one in preparation.

    Raises what every step raises: `Refused("status_allows", step, status, allowed_from)` and
    `Municipality.DoesNotExist`.
    """
    return _take(Step.PUBLISH, code, operator, reason)


def suspend(code: str, operator: Any, reason: str) -> Municipality:
    """Hide a published municipality for a time; its staff can still enter."""
    return _take(Step.SUSPEND, code, operator, reason)


def resume(code: str, operator: Any, reason: str = "") -> Municipality:
    """Show a suspended municipality again."""
    return _take(Step.RESUME, code, operator, reason)


def close(code: str, operator: Any, reason: str) -> Municipality:
    """End a municipality's part for good: no site, no admin; registrations stay as history."""
    return _take(Step.CLOSE, code, operator, reason)


def schedule_publication(code: str, operator: Any, publish_at: datetime) -> Municipality:
    """Have the clock publish a municipality in preparation at `publish_at` (aware).

    A second time replaces the first. Raises as `publish`, and `Refused("time_lies_ahead",
    publish_at)` for a time that is not in the future.
    """
    with public_context(), transaction.atomic():
        municipality = _locked(code)
        _require(may_schedule(municipality.status, publish_at, clock.now()))
        return _set_publication(municipality, operator, publish_at)


def cancel_publication(code: str, operator: Any) -> Municipality:
    """Take back the time set for publication; nothing happens where none is set."""
    with public_context(), transaction.atomic():
        municipality = _locked(code)
        if municipality.publish_at is None:
            return municipality
        return _set_publication(municipality, operator, None)


def publish_due() -> list[Municipality]:
    """Publish everybody whose time has come; returns them.

    Each in a transaction of its own, and one that the operator has in hand is left for the
    next time: two workers publish nobody twice.
    """
    published = []
    with public_context():
        for code in due_for_publication(clock.now()).values_list("pk", flat=True):
            with transaction.atomic():
                municipality = (
                    due_for_publication(clock.now())
                    .select_for_update(skip_locked=True, of=("self",))
                    .filter(pk=code)
                    .first()
                )
                if municipality is not None:
                    _change(municipality, Step.PUBLISH, None, "")
                    published.append(municipality)
    return published


def _take(step: Step, code: str, operator: Any, reason: str) -> Municipality:
    with public_context(), transaction.atomic():
        municipality = _locked(code)
        if municipality.status != TARGET[step]:
            _require(may_take(step, municipality.status))
            _change(municipality, step, operator, reason)
        return municipality


def _require(decision: Decision) -> None:
    if not decision.allowed:
        condition = decision.unmet[0]
        raise Refused(condition.code, **condition.data)


def _change(municipality: Municipality, step: Step, actor: Any, reason: str) -> None:
    before, municipality.status = municipality.status, TARGET[step]
    municipality.publish_at = None
    municipality.save(update_fields=["status", "publish_at"])
    MunicipalityChange.objects.create(
        municipality=municipality,
        changed_by=actor,
        from_status=before,
        to_status=municipality.status,
        reason=reason,
    )
    if step is Step.PUBLISH:
        municipality_published.send(sender=Municipality, municipality=municipality)


def _set_publication(
    municipality: Municipality, actor: Any, publish_at: datetime | None
) -> Municipality:
    municipality.publish_at = publish_at
    municipality.save(update_fields=["publish_at"])
    MunicipalityChange.objects.create(
        municipality=municipality,
        changed_by=actor,
        from_status=municipality.status,
        to_status=municipality.status,
        publish_at=publish_at,
    )
    return municipality


def _locked(code: str) -> Municipality:
    return Municipality.objects.select_for_update(of=("self",)).get(pk=code)
