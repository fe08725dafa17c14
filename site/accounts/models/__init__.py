from accounts.models.counter import ClaimAttempt, ClaimCode, CounterEntry
from accounts.models.handoffs import Handoff
from accounts.models.imports import ImportedAccount
from accounts.models.residents import Resident, TermsAcceptance
from accounts.models.users import User

__all__ = [
    "ClaimAttempt",
    "ClaimCode",
    "CounterEntry",
    "Handoff",
    "ImportedAccount",
    "Resident",
    "TermsAcceptance",
    "User",
]
