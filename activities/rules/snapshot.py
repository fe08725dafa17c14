"""A session as other apps see it: plain values, safe to use outside of its schema."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from uuid import UUID


@dataclass(frozen=True)
class SessionSnapshot:
    """What holds of a session at this moment.

    `hours` is what a participation counts for; `capacity` None means no limit; `page_path`
    is the path on the municipality's public host, `page_url` the whole address.
    `is_designated` is judged on the session's date in Japan (R17); `designation_basis` says
    from which records, e.g. `pattern=1;designation=12`. `category` is a code of `enums.Category`,
    `mode` of `enums.SignUpMode`; `apply_until` None means until the start.
    """

    session_uuid: UUID
    municipality_code: str
    activity_title: str
    starts_at: datetime
    ends_at: datetime
    place: str
    hours: Decimal
    capacity: int | None
    minimum_age: int | None
    is_remote: bool
    is_paid: bool
    is_designated: bool
    designation_basis: str
    organiser: str
    page_path: str
    page_url: str
    category: str
    is_cancelled: bool = False
    maximum_age: int | None = None
    is_urgent: bool = False
    changing_code_only: bool = False
    mode: str = "first_come"
    apply_until: datetime | None = None
    answer_hours: int = 48
    meeting_point: str = ""
