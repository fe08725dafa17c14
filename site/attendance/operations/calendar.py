"""What a resident has signed up for, for their own calendar."""

from __future__ import annotations

from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext, override

from accounts.models import Resident
from attendance.codes.feed import read_feed_token
from attendance.models import CalendarFeed, SignUp
from attendance.queries import all_sign_ups_of
from attendance.rendering import Entry, calendar_of
from common import clock
from common.tokens import BadToken
from tenants.actors import at_reception, standing_in
from tenants.hosts import municipality_url

_KEPT_FOR = timedelta(days=31)
_SURE = {"signed_up"}
_NOT_YET = {"applied", "waiting", "offered"}


@transaction.atomic
def renew_feed(resident: Resident) -> CalendarFeed:
    """Make the resident's address for calendars; an earlier one is dead from now on."""
    end_feed(resident)
    return CalendarFeed.objects.create(resident=resident, created_at=clock.now())


def end_feed(resident: Resident) -> None:
    """Revoke the address; nothing happens where there is none."""
    CalendarFeed.objects.filter(resident=resident).delete()


def read_feed(token: str) -> bytes | None:
    """The calendar behind an address; None for one that was revoked or is none of ours.

    Whoever has the address reads titles, times and places, and nothing of the resident.
    """
    try:
        secret = read_feed_token(token)
    except BadToken:
        return None
    with at_reception():
        feed = CalendarFeed.objects.filter(secret=secret).select_related("resident__user").first()
    if feed is None:
        return None
    resident = feed.resident
    with standing_in(resident.user_id, resident.pk), override(resident.language):
        return calendar_file(all_sign_ups_of(resident, clock.now() - _KEPT_FOR))


def calendar_file(sign_ups: object, *, with_booked: bool = False) -> bytes:
    """These sign-ups as a file. `with_booked`: also what is booked along, for the resident's own
    eyes; the address may be passed on, and childcare says something of a family."""
    return calendar_of(
        (_entry(row, with_booked) for row in sign_ups),  # type: ignore[attr-defined]
        settings.BASE_DOMAIN,
        gettext("Activities I have signed up for"),
    )


def _entry(row: SignUp, with_booked: bool) -> Entry:
    held = row.booked if with_booked and row.holds_place else []
    return Entry(
        session_uuid=row.session_uuid,
        title=row.activity_title,
        organiser=row.municipality.full_name,
        starts_at=row.starts_at,
        ends_at=row.ends_at,
        place=row.place,
        url=municipality_url(row.municipality, row.page_path),
        is_sure=row.status in _SURE,
        is_over=row.status not in _SURE | _NOT_YET,
        sequence=row.sequence,
        changed_at=row.updated_at,
        booked="\n".join(f"{one['name']} × {one['number']}" for one in held if not one["missed"]),
    )
