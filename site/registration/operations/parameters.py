"""National parameters: a version is drafted, tried on the decisions there are, and put in force
from a day on (R29). Versions are added and never changed."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db import IntegrityError, transaction

from accounts.models import User
from common import clock
from common.refusal import Refused
from registration.enums import ReplayKind
from registration.models import NationalParameters, Replay
from registration.rules.parameters import LEAST_PARTICIPATIONS
from registration.tasks import wake_replays


def draft_parameters(operator: User, values: dict[str, Any]) -> Replay:
    """Keep a draft, and have the caretaker try it on the newest decision of each registration.

    The same draft sent again by the same person, while it is not in force, is one. Raises
    `Refused`: "too_few" (least), "effective_in_past".
    """
    _check(values)
    draft = {
        name: value.isoformat() if isinstance(value, date) else value
        for name, value in values.items()
    }
    found = Replay.objects.filter(asked_by=operator, draft=draft, made=None).first()
    if found is None:
        found = Replay.objects.create(kind=ReplayKind.PREVIEW, draft=draft, asked_by=operator)
    transaction.on_commit(wake_replays)
    return found


@transaction.atomic
def put_in_force(preview: Replay, operator: User) -> NationalParameters:
    """Make the draft the next version. Twice is once.

    Raises `Refused`: "preview_running", "too_few", "effective_in_past" (the day has passed since
    the draft), "parameters_changed" where another version was made at this moment.
    """
    row = Replay.objects.select_for_update(of=("self",)).get(pk=preview.pk)
    if row.made is not None:
        return row.made
    if row.finished_at is None:
        raise Refused("preview_running")
    version = row.as_parameters()
    _check({name: getattr(version, name) for name in row.draft or {}})
    version.version, version.set_by = _next_version(), operator
    try:
        with transaction.atomic():
            version.save()
    except IntegrityError:
        raise Refused("parameters_changed") from None
    row.made = version
    row.save(update_fields=["made"])
    return version


def ask_for_replay(operator: User) -> Replay:
    """Have every stored decision made again; one that has not ended is enough."""
    found = Replay.objects.filter(kind=ReplayKind.REPLAY, finished_at=None).first()
    if found is None:
        found = Replay.objects.create(kind=ReplayKind.REPLAY, asked_by=operator)
    transaction.on_commit(wake_replays)
    return found


def _check(values: dict[str, Any]) -> None:
    if values["needed_participations"] < LEAST_PARTICIPATIONS:
        raise Refused("too_few", least=LEAST_PARTICIPATIONS)
    if values["effective_from"] < clock.today():
        raise Refused("effective_in_past")


def _next_version() -> str:
    numbers = NationalParameters.objects.values_list("version", flat=True)
    return str(max((int(text) for text in numbers if text.isdecimal()), default=0) + 1)
