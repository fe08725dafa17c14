from attendance.models.ledger import ParticipationRecord
from attendance.models.sign_ups import SignUp

__all__ = ["ParticipationRecord", "SignUp"]
