from attendance.models.amendments import Amendment
from attendance.models.devices import ScanDevice
from attendance.models.earlier import (
    ColumnMemory,
    EarlierCode,
    EarlierRecord,
    ImportBatch,
    ImportedActivity,
)
from attendance.models.keys import SessionClosing, SessionKey
from attendance.models.ledger import ParticipationRecord
from attendance.models.objections import Objection
from attendance.models.outcomes import Outcome, ParticipationReport
from attendance.models.scans import Scan, ScanReview
from attendance.models.seals import Seal, Unsealed
from attendance.models.sign_ups import CalendarFeed, Draw, SignUp, SignUpEvent
from attendance.models.voices import Voice, VoiceAnswer

__all__ = [
    "Amendment",
    "CalendarFeed",
    "ColumnMemory",
    "Draw",
    "EarlierCode",
    "EarlierRecord",
    "ImportBatch",
    "ImportedActivity",
    "Objection",
    "Outcome",
    "ParticipationRecord",
    "ParticipationReport",
    "Scan",
    "ScanDevice",
    "ScanReview",
    "Seal",
    "SessionClosing",
    "SessionKey",
    "SignUp",
    "SignUpEvent",
    "Unsealed",
    "Voice",
    "VoiceAnswer",
]
