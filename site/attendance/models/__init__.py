from attendance.models.earlier import (
    ColumnMemory,
    EarlierCode,
    EarlierRecord,
    ImportBatch,
    ImportedActivity,
)
from attendance.models.ledger import ParticipationRecord
from attendance.models.sign_ups import SignUp

__all__ = [
    "ColumnMemory",
    "EarlierCode",
    "EarlierRecord",
    "ImportBatch",
    "ImportedActivity",
    "ParticipationRecord",
    "SignUp",
]
