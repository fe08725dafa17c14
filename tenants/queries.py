"""What can be asked about local governments and their requests."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import connection
from django.db.models import Count, QuerySet

from tenants.enums import FactorEvent, GovernmentKind, MunicipalityStatus, RequestStatus
from tenants.models import (
    LocalGovernment,
    Municipality,
    MunicipalityChange,
    NetworkRange,
    ParticipationRequest,
    RequestNote,
    SecondFactor,
    SecondFactorEvent,
)


def login_has_no_rights() -> bool:
    """Whether the database login of this process is one for run time: it may only become."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT NOT (rolsuper OR rolbypassrls OR rolcreaterole OR rolcreatedb OR rolinherit)"
            " FROM pg_roles WHERE rolname = session_user"
        )
        return bool(cursor.fetchone()[0])


def prefectures() -> QuerySet[LocalGovernment]:
    """All 47 prefectures, in the order of their codes."""
    return LocalGovernment.objects.filter(kind=GovernmentKind.PREFECTURE)


def governments_not_taking_part(prefecture_code: str) -> QuerySet[LocalGovernment]:
    """The prefecture itself and its cities, as far as they do not take part yet (R1)."""
    there = LocalGovernment.objects.filter(pk=prefecture_code) | LocalGovernment.objects.filter(
        prefecture=prefecture_code
    )
    return there.filter(municipality=None).select_related("prefecture")


def requests_with_status(status: str = "") -> QuerySet[ParticipationRequest]:
    """Requests, newest first; all of them without a status."""
    requests = ParticipationRequest.objects.select_related("local_government__prefecture")
    return requests.filter(status=status) if status else requests


def request_counts() -> dict[str, int]:
    """How many requests there are in each status, zeros included."""
    counted = dict(
        ParticipationRequest.objects.order_by().values_list("status").annotate(number=Count("pk"))
    )
    return {status: counted.get(status, 0) for status in RequestStatus.values}


def notes_on(request: ParticipationRequest) -> QuerySet[RequestNote]:
    """What was written down about a request, oldest first."""
    return RequestNote.objects.filter(request=request).select_related("written_by")


def municipalities_with_status(status: str = "") -> QuerySet[Municipality]:
    """Municipalities in the order of their codes; all of them without a status."""
    rows: QuerySet[Municipality] = Municipality.objects.order_by("local_government")
    return rows.filter(status=status) if status else rows


def municipality_counts() -> dict[str, int]:
    """How many municipalities there are in each status, zeros included."""
    counted = dict(
        Municipality.objects.order_by().values_list("status").annotate(number=Count("pk"))
    )
    return {status: counted.get(status, 0) for status in MunicipalityStatus.values}


def due_for_publication(moment: datetime) -> QuerySet[Municipality]:
    """Municipalities in preparation whose time to be published has come by `moment`."""
    rows: QuerySet[Municipality] = Municipality.objects.filter(
        status=MunicipalityStatus.PREPARING, publish_at__lte=moment
    )
    return rows


def history_of(municipality: Municipality) -> QuerySet[MunicipalityChange]:
    """The changes of a municipality's status, newest first."""
    return MunicipalityChange.objects.filter(municipality=municipality).select_related("changed_by")


def granted_request(municipality: Municipality) -> ParticipationRequest | None:
    """The request a municipality was set up from: which terms were agreed, and by whom (R28)."""
    return (
        ParticipationRequest.objects.filter(
            local_government=municipality.pk, status=RequestStatus.PROVISIONED
        )
        .select_related("terms")
        .first()
    )


def network_ranges_of(municipality: Municipality) -> QuerySet[NetworkRange]:
    """Ranges from which the municipality's admin can be reached; none means from anywhere."""
    return (
        NetworkRange.objects.in_force()
        .filter(municipality=municipality)
        .select_related("created_by")
    )


def admin_ranges(municipality: Municipality) -> list[str]:
    """As `network_ranges_of`, as texts alone: asked with every request to an admin host."""
    return list(
        NetworkRange.objects.in_force()
        .filter(municipality=municipality)
        .order_by()
        .values_list("cidr", flat=True)
    )


def second_factors_of(user: Any, municipality: Municipality | None) -> QuerySet[SecondFactor]:
    """What opens this host to `user`, oldest first: an admin host, or without a municipality the
    operator's. Those of demonstrations, whose secrets are public, never in production."""
    rows = SecondFactor.objects.filter(user_id=user.pk, municipality=municipality)
    return rows.exclude(is_demonstration=True) if settings.IS_PRODUCTION else rows


def factors_were_reset(user: Any, municipality: Municipality | None, since: datetime) -> bool:
    """Whether somebody has taken all of `user`'s factors for this host away since then."""
    return SecondFactorEvent.objects.filter(
        person_id=user.pk,
        municipality=municipality,
        event=FactorEvent.RESET,
        happened_at__gte=since,
    ).exists()


def second_factor_history(municipality: Municipality) -> QuerySet[SecondFactorEvent]:
    """Whose factors were changed, how and by whom; newest first."""
    return SecondFactorEvent.objects.filter(municipality=municipality).select_related(
        "person", "done_by"
    )
