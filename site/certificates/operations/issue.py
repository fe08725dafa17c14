"""Issuing certificates."""

from __future__ import annotations

from typing import Any

from django.db import transaction

from accounts.models import Resident
from attendance.models import ParticipationRecord
from attendance.queries import participations_of
from certificates.enums import CertificateKind, CertificateStatus
from certificates.models import Certificate
from common import clock
from common.refusal import Refused
from registration.enums import RegistrationKind
from registration.models import Registration
from registration.queries import standing_at
from tenants.models import Municipality


@transaction.atomic
def issue_registration_certificate(registration: Registration) -> Certificate:
    """The valid certificate of a registration (登録証); a new one only if it says something new.

    Raises `Refused("registration_ended")`.
    """
    registration = (
        Registration.objects.select_for_update(of=("self",))
        .select_related("municipality__local_government__prefecture")
        .get(pk=registration.pk)
    )
    if not registration.is_active:
        raise Refused("registration_ended")
    payload = _what_it_says(registration)
    current = Certificate.objects.filter(
        registration=registration, status=CertificateStatus.ISSUED
    ).first()
    if current and current.payload == payload:
        return current
    if current:
        current.status = CertificateStatus.REPLACED
        current.ended_at = clock.now()
        current.save(update_fields=["status", "ended_at"])
    return Certificate.objects.create(
        kind=CertificateKind.REGISTRATION,
        resident_id=registration.resident_id,
        municipality=registration.municipality,
        registration=registration,
        payload=payload,
        issued_at=clock.now(),
    )


@transaction.atomic
def issue_activity_certificate(
    resident: Resident, municipality: Municipality | None = None
) -> Certificate:
    """A certificate of all participations, with one municipality or with all (活動証明書).

    Asking again without a new participation gives the same certificate. Raises
    `Refused("nothing_to_certify")`.
    """
    Resident.objects.select_for_update().get(pk=resident.pk)  # two requests, one certificate
    records = participations_of(resident).order_by("starts_at", "pk")
    if municipality:
        records = records.filter(municipality=municipality)
    rows = [_row(record) for record in records]
    if not rows:
        raise Refused("nothing_to_certify")
    payload = {"name": resident.name, "kana": resident.kana, "rows": rows}
    newest = Certificate.objects.filter(
        resident=resident,
        kind=CertificateKind.ACTIVITY,
        municipality=municipality,
        status=CertificateStatus.ISSUED,
    ).first()
    if newest and newest.payload == payload:
        return newest
    return Certificate.objects.create(
        kind=CertificateKind.ACTIVITY,
        resident=resident,
        municipality=municipality,
        payload=payload,
        issued_at=clock.now(),
    )


@transaction.atomic
def end_certificates(registration: Registration) -> None:
    """A registration that ended takes its certificate with it."""
    Certificate.objects.filter(registration=registration, status=CertificateStatus.ISSUED).update(
        status=CertificateStatus.ENDED, ended_at=clock.now()
    )


def end_all_certificates(resident: Resident) -> None:
    """Of somebody who closes the account: those of activities too. Safe to repeat."""
    Certificate.objects.filter(resident=resident, status=CertificateStatus.ISSUED).update(
        status=CertificateStatus.ENDED, ended_at=clock.now()
    )


def _what_it_says(registration: Registration) -> dict[str, Any]:
    government = registration.municipality.local_government
    is_premium = registration.kind == RegistrationKind.PREMIUM
    standing = standing_at(registration) if is_premium else None
    premium = (
        {"premium_until": standing.ends_on.isoformat(), "long_stay": standing.long_stay}
        if standing
        else {}
    )
    return {
        "number": registration.number,
        "name": registration.name,
        "kana": registration.kana,
        "municipality": government.full_name,
        "prefecture": (government.prefecture or government).name,
        "kind": registration.kind,
        "registered_on": registration.registered_at.astimezone(clock.TOKYO).date().isoformat(),
        **premium,
    }


def _row(record: ParticipationRecord) -> dict[str, Any]:
    return {
        "session": str(record.session_uuid),
        "municipality": record.municipality.full_name,
        "title": record.activity_title,
        "date": record.session_date.isoformat(),
        "hours": str(record.counted_hours.normalize()),
        "place": record.place,
        "organiser": record.organiser,
        "designated": record.counted_designated,
        "method": record.method,
    }
