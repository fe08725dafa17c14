"""What municipalities know about a resident follows the resident's profile."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db import transaction
from django.dispatch import receiver

from accounts.models import Resident
from accounts.registry import merge_part
from accounts.signals import address_changed, profile_changed
from activities.registry.desk import Origins, origins_provider
from activities.signals import urgent_activity_published
from attendance.enums import AmendmentKind
from attendance.models import Amendment, ParticipationRecord
from attendance.operations.earlier.matching import match_registered
from attendance.registry import first_day_provider, registrant_finder
from attendance.signals import participation_amended
from identity.signals import consent_withdrawn, proof_changed
from notifications.registry import handler
from privacy.registry import closing_part, holders_of_data, open_without_agreement
from registration import tasks
from registration.models import Registration
from registration.operations import follow_move, refresh_disclosure, urgent
from registration.operations.called import registrants_called
from registration.operations.closing import end_registrations
from registration.operations.coregister import JOINED_LATE, tell_joined
from registration.operations.export import REGISTRANTS, make_file
from registration.operations.merge import take_over
from registration.operations.nightly import lapses, letters, releases, renewals
from registration.operations.numbers import count_on
from registration.operations.permissions import make_permissions
from registration.operations.premium import reassess, tell_of_voided
from registration.queries import parameters_on
from registration.queries.origins import origins_of_participants
from registration.signals import registered
from tenants.models import Municipality
from tenants.signals import (
    municipality_published,
    municipality_restored,
    template_built,
)

merge_part("registration")(take_over)
# Nobody has to agree to anything new in order to leave.
open_without_agreement("registration:leave")
closing_part("registrations")(end_registrations)


@origins_provider
def origins(municipality: Municipality, first: date, last: date) -> Origins:
    """On the coordinator's desk: from within the prefecture, and from elsewhere (A16.11)."""
    return Origins(*origins_of_participants(municipality, first, last))


@receiver(profile_changed, dispatch_uid="registration.refresh_disclosure")
def tell_municipalities(sender: Any, resident: Resident, **kwargs: Any) -> None:
    """A new name or address reaches every municipality the resident is registered with."""
    refresh_disclosure(resident)


@receiver(address_changed, dispatch_uid="registration.follow_move")
def judge_again(sender: Any, resident: Resident, **kwargs: Any) -> None:
    """Who moved may live in a municipality now that they are registered with (R16)."""
    follow_move(resident)
    reassess(resident)


@receiver(consent_withdrawn, dispatch_uid="registration.reassess_child")
def judge_child(sender: Any, child: Resident, **kwargs: Any) -> None:
    """Without a guardian's consent there is no premium (R11)."""
    reassess(child)


@receiver(proof_changed, dispatch_uid="registration.reassess_proof")
def judge_proof(sender: Any, resident: Resident, **kwargs: Any) -> None:
    reassess(resident)


registrant_finder(registrants_called)


@first_day_provider
def first_countable_day() -> date:
    return parameters_on().countable_from


@receiver(registered, dispatch_uid="registration.match_earlier")
def find_earlier_participations(sender: Any, registration: Registration, **kwargs: Any) -> None:
    """What a list from before the platform says of this person is theirs from now on (R20)."""
    match_registered(
        registration.municipality, registration.resident_id, registration.name, registration.kana
    )


@receiver(participation_amended, dispatch_uid="registration.tell_of_voided")
def say_what_it_means(
    sender: Any,
    resident: Resident,
    record: ParticipationRecord,
    amendment: Amendment,
    **kwargs: Any,
) -> None:
    if amendment.kind == AmendmentKind.VOID:
        tell_of_voided(resident, record)


@receiver(municipality_published, dispatch_uid="registration.coregister_late")
def coregister_with_prefecture(sender: Any, municipality: Municipality, **kwargs: Any) -> None:
    """Whoever is registered with its cities already is registered with it from today (R5)."""
    if municipality.is_prefecture:
        transaction.on_commit(tasks.wake)


@handler(JOINED_LATE)
def deliver_joined(payload: dict[str, Any]) -> None:
    tell_joined(payload)


@receiver(template_built, dispatch_uid="registration.make_permissions")
def give_permissions(sender: Any, **kwargs: Any) -> None:
    make_permissions()


@receiver(municipality_restored, dispatch_uid="registration.count_on")
def give_no_number_twice(sender: Any, municipality: Municipality, **kwargs: Any) -> None:
    """The counter is the archive's; registrations younger than that may have stayed."""
    count_on(municipality)


@handler(REGISTRANTS)
def deliver_export(payload: dict[str, Any]) -> None:
    make_file(payload["export"])


# One for each kind of what the night's work tells people.
handler(releases.WARNING)(letters.warn_of_release)
handler(releases.RELEASED)(letters.tell_of_release)
handler(lapses.ENDS)(letters.tell_of_end)
handler(lapses.LAPSED)(letters.tell_of_lapse)
handler(lapses.OVER)(letters.tell_of_limit)
handler(renewals.RENEWED)(letters.tell_of_renewal)


handler(urgent.URGENT_CALL)(urgent.spread_call)
handler(urgent.URGENT_MAIL)(urgent.tell_of_call)


@receiver(urgent_activity_published, dispatch_uid="registration.call_for_help")
def tell_at_once(sender: Any, page: Any, **kwargs: Any) -> None:
    urgent.call_for_help(page)


@holders_of_data("registrations")
def where_registered(resident: Resident) -> list[Municipality]:
    """Whoever was registered there once may ask what is kept of it."""
    rows = Registration.objects.filter(resident=resident).select_related(
        "municipality__local_government__prefecture"
    )
    return [row.municipality for row in rows]
