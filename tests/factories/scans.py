"""Devices at a venue and what they send."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID, uuid4

from django.test import Client

from activities.models import Session
from activities.rules.snapshot import SessionSnapshot
from attendance.codes.passes import make_pass
from attendance.models import ScanDevice
from attendance.operations.devices import enrol, make_device
from common.clock import TOKYO
from tenants.context import municipality_context
from tenants.hosts import municipality_host
from tenants.models import Municipality
from tests.factories.activities import make_activity, session_values

DAY = date(2026, 11, 23)
DURING = datetime(2026, 11, 23, 9, 40, tzinfo=TOKYO)


def a_session(municipality: Municipality, day: date = DAY, **fields: Any) -> SessionSnapshot:
    """A session from 9:00 to 12:00."""
    page = make_activity(
        municipality, sessions=[session_values(day, start=time(9), hours=3)], **fields
    )
    with municipality_context(municipality):
        return page.sessions.get().snapshot()


def move(municipality: Municipality, session: SessionSnapshot, by: timedelta) -> None:
    """The session begins and ends later."""
    with municipality_context(municipality):
        row = Session.objects.get(uuid=session.session_uuid)
        row.starts_at, row.ends_at = row.starts_at + by, row.ends_at + by
        row.save()


def a_device(
    municipality: Municipality, session: SessionSnapshot, label: str = "受付1"
) -> tuple[ScanDevice, str]:
    """A phone that is a device of the session, and its cookie."""
    with municipality_context(municipality):
        made = make_device(municipality, session, label, None)
        return enrol(municipality, made.url.rstrip("/").rsplit("/", 1)[1])


def desk_client(municipality: Municipality, cookie: str) -> Client:
    """The phone, on the municipality's host."""
    client = Client(HTTP_HOST=municipality_host(municipality))
    client.cookies["desk"] = cookie
    return client


def ms(moment: datetime) -> int:
    return int(moment.timestamp() * 1000)


def entry(code: str, at: datetime, seq: int | None = None, uuid: UUID | None = None) -> Any:
    """One reading as a device sends it."""
    return {"uuid": str(uuid or uuid4()), "seq": seq, "at": ms(at), "code": code}


def pass_of(resident: Any, at: datetime = DURING) -> str:
    return make_pass(resident.pk, at)[0]


def send(client: Client, path: str, scans: list[Any], now: datetime) -> Any:
    """A batch; `now` by the device's clock."""
    return client.post(path, {"now": ms(now), "scans": scans}, content_type="application/json")
