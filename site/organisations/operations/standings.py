"""Giving an organisation its standing at a municipality, and ending it (R17)."""

from __future__ import annotations

from datetime import date, timedelta

from django.db import transaction

from accounts.models import User
from common import clock
from common.refusal import Refused
from organisations.enums import Pattern
from organisations.models import Organisation, Standing
from organisations.operations.letters import tell_managers
from organisations.signals import standing_given
from tenants.models import Municipality


@transaction.atomic
def add_organisation(
    municipality: Municipality,
    *,
    name: str,
    pattern: Pattern,
    decided_by: User | None,
    **details: str,
) -> Organisation:
    """Enter an organisation and its standing here from today on.

    Safe to repeat: one of the same name and kind that already works with this municipality is
    taken. Another municipality's is not: names repeat over the country.
    """
    known = Organisation.objects.filter(
        name=name, kind=details["kind"], standings__municipality=municipality
    ).first()
    organisation = known or Organisation.objects.create(
        name=name, entered_by=municipality, **details
    )
    give_standing(
        organisation,
        municipality,
        pattern=pattern,
        valid_from=clock.today(),
        decided_by=decided_by,
    )
    return organisation


@transaction.atomic
def give_standing(
    organisation: Organisation,
    municipality: Municipality,
    *,
    pattern: Pattern,
    valid_from: date,
    decided_by: User | None,
) -> Standing:
    """Let `organisation` run activities here from `valid_from`; ends the standing before it.

    Safe to repeat: the same pattern already in force stays as it is.
    """
    # The organisation's row is the lock: two officers at once queue here.
    Organisation.objects.select_for_update().get(pk=organisation.pk)
    current = (
        Standing.objects.at(municipality).filter(organisation=organisation, valid_to=None).first()
    )
    if current is not None:
        if current.pattern == pattern and current.valid_from <= valid_from:
            return current
        if current.valid_from >= valid_from:
            raise Refused("standing_starts_later", valid_from=current.valid_from)
        current.valid_to = valid_from - timedelta(days=1)
        current.save(update_fields=["valid_to"])
    standing = Standing.objects.create(
        organisation=organisation,
        municipality=municipality,
        pattern=pattern,
        valid_from=valid_from,
        decided_by=decided_by,
        decided_at=clock.now(),
    )
    standing_given.send(sender=Standing, standing=standing)
    return standing


@transaction.atomic
def end_standing(
    organisation: Organisation,
    municipality: Municipality,
    last_day: date,
    *,
    ended_by: User | None = None,
    reason: str = "",
) -> None:
    """End the open standing on `last_day`, and tell the organisation; nothing happens where there
    is none. What was recorded up to that day stays as it was recorded (R17).

    Raises `Refused("standing_starts_later")` for a day before it began.
    """
    current = (
        Standing.objects.select_for_update()
        .filter(organisation=organisation, municipality=municipality, valid_to=None)
        .first()
    )
    if current is None:
        return
    if current.valid_from > last_day:
        raise Refused("standing_starts_later", valid_from=current.valid_from)
    current.valid_to = last_day
    current.ended_by, current.end_reason = ended_by, reason.strip()
    current.save(update_fields=["valid_to", "ended_by", "end_reason"])
    tell_managers(
        organisation,
        "standing_ended",
        municipality=municipality.full_name,
        last_day=last_day,
        reason=current.end_reason,
    )
