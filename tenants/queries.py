"""What can be asked about local governments and their requests."""

from __future__ import annotations

from django.db.models import Count, QuerySet

from tenants.enums import GovernmentKind, RequestStatus
from tenants.models import LocalGovernment, ParticipationRequest


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
