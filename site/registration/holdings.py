"""What registrations hold of a person."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from common.holdings import PLACE_NAMED, Field, Holding, Person
from registration.models import EndNotice, Registration, RegistrationEvent, ReleaseWarning


def _registrations(person: Person) -> list[Registration]:
    rows = Registration.objects.filter(resident_id__in=person.residents)
    return list(rows.select_related(PLACE_NAMED))


def _empty_registrations(person: Person) -> None:
    """Kind, number and days stay: of them the municipality's totals are made."""
    Registration.objects.filter(resident_id__in=person.residents).update(
        family_name="",
        given_name="",
        kana="",
        birth_date=None,
        postal_code="",
        address="",
        residence_name="",
        email="",
        phone="",
    )


def _events(person: Person) -> list[RegistrationEvent]:
    rows = RegistrationEvent.objects.filter(registration__resident_id__in=person.residents)
    return list(rows.select_related("registration"))


def _empty_events(person: Person) -> None:
    """What happened stays; why may say something about the person."""
    RegistrationEvent.objects.filter(registration__resident_id__in=person.residents).update(
        reason=""
    )


def _warnings(person: Person) -> list[ReleaseWarning]:
    return list(ReleaseWarning.objects.filter(resident_id__in=person.residents))


def _delete_warnings(person: Person) -> None:
    ReleaseWarning.objects.filter(resident_id__in=person.residents).delete()


def _notices(person: Person) -> list[EndNotice]:
    rows = EndNotice.objects.filter(standing__resident_id__in=person.residents)
    return list(rows.select_related("standing"))


def _delete_notices(person: Person) -> None:
    EndNotice.objects.filter(standing__resident_id__in=person.residents).delete()


HOLDINGS = [
    Holding(
        table="registration_registration",
        title=_("Your registrations"),
        why=_("So that the municipality knows who is registered with it. Your particulars are kept "
              "until you close your account; kind, number and days stay for its totals."),
        rows=_registrations,
        fields=(
            "municipality", "number", "kind", "origin", "status", "registered_at", "ended_at",
            "family_name", "given_name", "kana", "birth_date", "postal_code", "address",
            "residence_name", "email", "phone", "lives_here",
        ),
        erase=_empty_registrations,
    ),
    Holding(
        table="registration_registrationevent",
        title=_("What happened to your registrations"),
        why=_("To show when a registration began, changed and ended. The reason is kept until you "
              "close your account."),
        rows=_events,
        fields=(
            Field("number", _("registration number"), lambda row: row.registration.number),
            "kind", "at", "reason", "on_behalf",
        ),
        erase=_empty_events,
    ),
    Holding(
        table="registration_releasewarning",
        title=_("Warnings that your registrations will end"),
        why=_("So that each warning is sent once. Deleted when you close your account."),
        rows=_warnings,
        fields=("seen_on", "days", "told_on", "release_on"),
        erase=_delete_warnings,
    ),
    Holding(
        table="registration_endnotice",
        title=_("Reminders that a premium registration will end"),
        why=_("So that each reminder is sent once. Deleted when you close your account."),
        rows=_notices,
        fields=("ends_on", "days", "told_on"),
        erase=_delete_notices,
    ),
]  # fmt: skip
