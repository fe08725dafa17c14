from accounts.models.counter import ClaimAttempt, ClaimCode, CounterEntry
from accounts.models.handoffs import Handoff
from accounts.models.imports import ImportedAccount
from accounts.models.residents import Resident
from accounts.models.security_events import SecurityEvent
from accounts.models.sign_in import AttemptCount, OpenSession, Passkey, RecoveryCode
from accounts.models.users import User

__all__ = [
    "AttemptCount",
    "ClaimAttempt",
    "ClaimCode",
    "CounterEntry",
    "Handoff",
    "ImportedAccount",
    "OpenSession",
    "Passkey",
    "RecoveryCode",
    "Resident",
    "SecurityEvent",
    "User",
]
