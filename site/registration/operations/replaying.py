"""The caretaker's work on replays that the operator asked for: in steps, each kept."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from django.db import transaction
from django.db.models import Count

from common import clock
from registration.enums import RegistrationStatus, ReplayKind
from registration.models import PremiumDecision, Registration, Replay
from registration.operations.replay import replayed
from registration.rules.engine import decide, from_json
from registration.rules.parameters import Parameters

STEP = 500
_EXAMPLES = 20


def replay_next() -> bool:
    """One step of the oldest replay that has not ended; whether there was any. As the owner.

    A worker that dies loses a step: the next goes on after the last one kept.
    """
    with transaction.atomic():
        run = (
            Replay.objects.select_for_update(of=("self",), skip_locked=True)
            .filter(finished_at=None)
            .order_by("asked_at", "pk")
            .first()
        )
        if run is None:
            return False
        rows = _next_of_all(run) if run.kind == ReplayKind.REPLAY else _next_newest(run)
        if run.kind == ReplayKind.REPLAY:
            _compare(run, rows)
        else:
            _try_out(run, rows, run.as_parameters().as_rules())
        run.looked_at += len(rows)
        if len(rows) < STEP:
            run.registrations = _registrations()
            run.finished_at = clock.now()
        run.save()
        return True


def _next_of_all(run: Replay) -> list[PremiumDecision]:
    rows = PremiumDecision.objects.order_by("pk")
    if run.after:
        rows = rows.filter(pk__gt=run.after)
    found = list(rows[:STEP])
    if found:
        run.after = str(found[-1].pk)
    return found


def _next_newest(run: Replay) -> list[PremiumDecision]:
    """The newest decision of each registration that holds."""
    rows = (
        PremiumDecision.objects.filter(
            registration__status=RegistrationStatus.ACTIVE, registration_id__gt=int(run.after or 0)
        )
        .order_by("registration_id", "-at")
        .distinct("registration_id")
    )
    found = list(rows[:STEP])
    if found:
        run.after = str(found[-1].registration_id)
    return found


def _compare(run: Replay, rows: Iterable[PremiumDecision]) -> None:
    keys = [row.pk for row in rows]
    for row, differences in replayed(PremiumDecision.objects.filter(pk__in=keys).order_by("pk")):
        if not differences:
            run.same += 1
            continue
        run.otherwise += 1
        if len(run.examples) < _EXAMPLES:
            run.examples.append([str(row.pk), differences])


def _try_out(run: Replay, rows: Iterable[PremiumDecision], parameters: Parameters) -> None:
    for row in rows:
        try:
            decision = decide(replace(from_json(row.facts), parameters=parameters))
        except (KeyError, TypeError, ValueError, ArithmeticError):
            run.otherwise += 1  # a replay names it
            continue
        if decision.allowed and not row.allowed:
            run.gained += 1
        elif row.allowed and not decision.allowed:
            run.lost += 1
        elif [one.code for one in decision.unmet] != [one.code for one in row.decision.unmet]:
            run.otherwise += 1
        else:
            run.same += 1


def _registrations() -> dict[str, int]:
    rows = Registration.objects.filter(status=RegistrationStatus.ACTIVE).order_by()
    return dict(rows.values_list("kind").annotate(Count("pk")))
