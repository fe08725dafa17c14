"""Where those live who took part, as far as the municipality knows by their registration."""

from __future__ import annotations

from datetime import date

from django.db.models import Count, Exists, OuterRef, Q

from attendance.models import ParticipationRecord
from registration.enums import RegistrationStatus
from registration.models import Registration
from tenants.models import Municipality


def origins_of_participants(
    municipality: Municipality, first: date, last: date
) -> tuple[int, int, int]:
    """People who took part from `first` to `last`: of the own prefecture, from elsewhere, and
    those who are not registered here, of whom nobody here knows where they live. Voided records
    are left out. Two queries."""
    records = (
        ParticipationRecord.objects.filter(
            municipality=municipality, session_date__range=(first, last)
        )
        .counted()
        .order_by()
    )
    registered = Registration.objects.filter(
        Exists(records.filter(resident=OuterRef("resident"))),
        municipality=municipality,
        status=RegistrationStatus.ACTIVE,
    ).exclude(residence_name="")
    government = municipality.local_government
    name = government.prefecture.name if government.prefecture else government.name
    found = registered.order_by().aggregate(
        here=Count("pk", filter=Q(residence_name__startswith=name)), known=Count("pk")
    )
    people = records.aggregate(people=Count("resident", distinct=True))["people"]
    return found["here"], found["known"] - found["here"], people - found["known"]
