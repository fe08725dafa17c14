"""Phones and tablets at a venue: made by a link, known by a cookie, ended by staff or by time."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet

from accounts.models import User
from activities.queries import is_run_by_another, session_by_uuid
from activities.rules.snapshot import SessionSnapshot
from attendance.models import ScanDevice
from attendance.rules.window import check_in_window, device_ends_at, devices_from
from common import clock
from common.refusal import Refused
from organisations.models import Organisation, OrganisationMember, Standing
from tenants.actors import at_reception
from tenants.hosts import municipality_url
from tenants.models import Municipality

# A phone whose answer was lost on the way opens the link once more; later the link is used up.
_AGAIN = timedelta(minutes=10)
_BYTES = 24


@dataclass(frozen=True)
class NewDevice:
    """The device and its link, which is shown once: only a hash of its secret is kept."""

    device: ScanDevice
    url: str


def make_device(
    municipality: Municipality,
    session: SessionSnapshot,
    label: str,
    by: User | None,
    organisation: Organisation | None = None,
) -> NewDevice:
    """A link that makes one phone a scanning device of `session`, until a week after its window.

    Of an `organisation` where its member `by` makes it in the workspace: then it is let in while
    they are its member, it is recognised here and the session is its own. Raises `Refused` with
    `device_too_early`, from when on, for an organisation only.
    """
    if organisation is not None and clock.now() < devices_from(session.starts_at):
        raise Refused("device_too_early", from_at=devices_from(session.starts_at))
    secret = secrets.token_urlsafe(_BYTES)
    device = ScanDevice.objects.create(
        municipality=municipality,
        session_uuid=session.session_uuid,
        label=label,
        link_hash=_hash(secret),
        created_by=by,
        organisation=organisation,
        created_at=clock.now(),
        ends_at=device_ends_at(check_in_window(session.starts_at, session.ends_at)),
    )
    return NewDevice(device, municipality_url(municipality, f"/desk/{secret}/"))


@transaction.atomic
def enrol(municipality: Municipality, secret: str) -> tuple[ScanDevice, str]:
    """Make the phone that opened the link the device; returns it and the value of its cookie.

    A link holds for one phone, so that a photograph of it opens nothing afterwards. Raises
    `Refused` with `link_unknown`, `link_used` or `device_ended`.
    """
    with at_reception():
        device = (
            _devices(municipality)
            .select_for_update(of=("self",))
            .filter(link_hash=_hash(secret))
            .first()
        )
        if device is None:
            raise Refused("link_unknown")
        now = clock.now()
        if not _is_let_in(device):
            raise Refused("device_ended")
        if device.enrolled_at is not None and now - device.enrolled_at > _AGAIN:
            raise Refused("link_used")
        cookie = secrets.token_urlsafe(_BYTES)
        device.cookie_hash = _hash(cookie)
        device.enrolled_at = device.enrolled_at or now
        device.save(update_fields=["cookie_hash", "enrolled_at"])
    return device, cookie


def device_with(municipality: Municipality, cookie: str) -> ScanDevice | None:
    """The device of this municipality that holds `cookie`, while it is let in."""
    if not cookie:
        return None
    with at_reception():
        device = _devices(municipality).filter(cookie_hash=_hash(cookie)).first()
        return device if device is not None and _is_let_in(device) else None


def end_device(municipality: Municipality, session_uuid: UUID, device_id: UUID, by: User) -> None:
    """Let the device of this session in no more; what it has sent stays. Safe to repeat."""
    ScanDevice.objects.filter(
        municipality=municipality,
        session_uuid=session_uuid,
        pk=device_id,
        revoked_at__isnull=True,
    ).update(revoked_at=clock.now(), revoked_by=by)


def _devices(municipality: Municipality) -> QuerySet[ScanDevice]:
    """Each with whether whoever made it still may: looked up with the device, in one query."""
    members = OrganisationMember.objects.filter(
        account=OuterRef("created_by"), organisation=OuterRef("organisation"), ended_at=None
    )
    standings = Standing.objects.at(municipality).on(clock.today())
    return ScanDevice.objects.filter(municipality=municipality).annotate(
        maker_may=Q(organisation=None)
        | (Exists(members) & Exists(standings.filter(organisation=OuterRef("organisation"))))
    )


def _is_let_in(device: Any) -> bool:
    """Until a week after the session's window as it was, or as it is where it was moved; and what
    an organisation made, while it runs the session and its member acts for it."""
    if device.revoked_at is not None or not device.maker_may:
        return False
    if device.organisation_id is not None and is_run_by_another(
        device.session_uuid, device.organisation_id
    ):
        return False
    if device.ends_at >= clock.now():
        return True
    session = session_by_uuid(device.session_uuid)
    if session is None:
        return False
    return device_ends_at(check_in_window(session.starts_at, session.ends_at)) >= clock.now()


def _hash(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
