"""Tables of several kinds as apps list them, and rows in them."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import uuid4

from accounts.holdings import HOLDINGS
from accounts.models import Resident
from attendance.enums import CheckInMethod
from attendance.models import ParticipationRecord
from common import clock
from common.holdings import Field, Holding
from community.models import Post
from registration.models import Registration
from surveys.models import Answer
from surveys.queries import answers_of
from tenants.models import Municipality

KEPT = {"why": "試験のため。一年。", "kept": "試験のため。"}
SAMPLES = [
    *HOLDINGS,
    Holding(
        table="registration_registration",
        title="登録",
        rows=lambda person: Registration.objects.filter(resident__in=person.residents),
        fields=("number", "municipality", "status", "registered_at", "ended_at", "lives_here"),
        **KEPT,
    ),
    Holding(
        table="attendance_participationrecord",
        title="活動実績",
        rows=lambda person: ParticipationRecord.objects.filter(
            resident__in=person.residents
        ).select_related("municipality__local_government__prefecture"),
        fields=(
            Field("place", "自治体", lambda row: row.municipality.full_name),
            "activity_title", "session_date", "starts_at", "hours", "designated", "method",
        ),
        **KEPT,
    ),
    Holding(
        table="community_post",
        title="ルームへの投稿",
        rows=lambda person: Post.objects.filter(author_id__in=person.residents),
        fields=("room", "body", "created_at", "hidden_at"),
        municipal=True,
        **KEPT,
    ),
    Holding(
        table="surveys_answer",
        title="アンケートの回答",
        rows=lambda person: answers_of(person.residents),
        fields=("question_text", "value", "is_current", "answered_at"),
        municipal=True,
        **KEPT,
    ),
]  # fmt: skip


def took_part(resident: Resident, place: Municipality, **fields: Any) -> ParticipationRecord:
    """One row of the ledger, of an hour ago unless `at` says otherwise."""
    at: datetime = fields.pop("at", None) or clock.now() - timedelta(hours=1)
    values = {
        "session_uuid": uuid4(), "activity_title": "浜の清掃", "session_date": at.date(),
        "starts_at": at, "ends_at": at + timedelta(hours=2), "hours": Decimal("2.50"),
        "designated": True, "method": CheckInMethod.VENUE_CODE, "recorded_at": at,
    }  # fmt: skip
    return ParticipationRecord.objects.create(
        resident=resident, municipality=place, **values | fields
    )


def answer(resident: Resident, **fields: Any) -> Answer:
    """One answer, in the active schema."""
    values = {
        "survey": "registration", "question_text": "好きな魚は何ですか。", "kind": "short_text",
        "value": "さんま", "answered_at": clock.now(),
    }  # fmt: skip
    return Answer.objects.create(resident_id=resident.pk, **values | fields)
