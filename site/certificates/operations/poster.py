"""The sheet at the venue."""

from __future__ import annotations

from typing import Any

from django.utils import translation
from django.utils.translation import gettext as _

from attendance.codes import venue_url
from attendance.codes.day import day_codes
from attendance.queries import key_number_of
from attendance.rules.window import check_in_window
from certificates.rendering.documents import CheckInPoster, render_poster
from certificates.rendering.glyphs import with_geta
from common.wareki import in_japan, jdate, jtime
from tenants.context import current_municipality
from tenants.hosts import portal_url


def poster(session: Any) -> bytes:
    """The check-in poster of an activity's session (R19), in the active municipality."""
    municipality = current_municipality()
    snapshot = session.snapshot()
    number = key_number_of(municipality, snapshot.session_uuid)
    window = check_in_window(snapshot.starts_at, snapshot.ends_at)
    contact = " ".join(
        part for part in (session.page.contact_name, session.page.contact_phone) if part
    )
    with translation.override("ja"):  # the sheet is Japanese with English beneath
        return render_poster(
            CheckInPoster(
                municipality=municipality.full_name,
                activity_title=with_geta(snapshot.activity_title),
                session_date=jdate(in_japan(snapshot.starts_at)),
                session_time=_between(snapshot.starts_at, snapshot.ends_at),
                place=with_geta(snapshot.place),
                check_in_url=venue_url(
                    municipality.code, snapshot.session_uuid, session.day, number
                ),
                day_code=day_codes(snapshot.session_uuid, session.day, number)[0],
                day_code_url=portal_url("/c/"),
                contact=with_geta(contact),
                window=_between(window.opens_at, window.closes_at),
            )
        )


def _between(first: Any, last: Any) -> str:
    return _("%(first)s to %(last)s") % {"first": jtime(first), "last": jtime(last)}
