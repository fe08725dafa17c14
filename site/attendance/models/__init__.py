from attendance.models.amendments import Amendment
from attendance.models.ledger import ParticipationRecord
from attendance.models.objections import Objection
from attendance.models.seals import Seal, Unsealed
from attendance.models.sign_ups import SignUp

__all__ = ["Amendment", "Objection", "ParticipationRecord", "Seal", "SignUp", "Unsealed"]
