from attendance.models.ledger import ParticipationRecord
from attendance.models.sign_ups import CalendarFeed, Draw, SignUp, SignUpEvent

__all__ = ["CalendarFeed", "Draw", "ParticipationRecord", "SignUp", "SignUpEvent"]
