"""Phones and tablets at a venue: made by a link, known by a cookie, ended by staff or by time."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from django.db import transaction

from accounts.models import User
from activities.queries import session_by_uuid
from activities.rules.snapshot import SessionSnapshot
from attendance.models import ScanDevice
from attendance.rules.window import check_in_window, device_ends_at
from common import clock
from common.refusal import Refused
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
    municipality: Municipality, session: SessionSnapshot, label: str, by: User | None
) -> NewDevice:
    """A link that makes one phone a scanning device of `session`, until a week after its window."""
    secret = secrets.token_urlsafe(_BYTES)
    device = ScanDevice.objects.create(
        municipality=municipality,
        session_uuid=session.session_uuid,
        label=label,
        link_hash=_hash(secret),
        created_by=by,
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
            ScanDevice.objects.select_for_update(of=("self",))
            .filter(municipality=municipality, link_hash=_hash(secret))
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
        device = ScanDevice.objects.filter(
            municipality=municipality, cookie_hash=_hash(cookie)
        ).first()
    return device if device is not None and _is_let_in(device) else None


def end_device(municipality: Municipality, session_uuid: UUID, device_id: UUID, by: User) -> None:
    """Let the device of this session in no more; what it has sent stays. Safe to repeat."""
    ScanDevice.objects.filter(
        municipality=municipality,
        session_uuid=session_uuid,
        pk=device_id,
        revoked_at__isnull=True,
    ).update(revoked_at=clock.now(), revoked_by=by)


def _is_let_in(device: ScanDevice) -> bool:
    """Until a week after the session's window as it was, or as it is where it was moved."""
    if device.revoked_at is not None:
        return False
    if device.ends_at >= clock.now():
        return True
    session = session_by_uuid(device.session_uuid)
    if session is None:
        return False
    return device_ends_at(check_in_window(session.starts_at, session.ends_at)) >= clock.now()


def _hash(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
