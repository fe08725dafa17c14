from accounts.models.handoffs import Handoff
from accounts.models.residents import Resident, TermsAcceptance
from accounts.models.users import User

__all__ = ["Handoff", "Resident", "TermsAcceptance", "User"]
