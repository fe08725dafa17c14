from identity.models.attempts import Attempt, WaitingProof
from identity.models.checks import CounterCheck
from identity.models.guardians import ComingOfAge, GuardianConsent, GuardianInvitation
from identity.models.verifications import Verification

__all__ = [
    "Attempt",
    "ComingOfAge",
    "CounterCheck",
    "GuardianConsent",
    "GuardianInvitation",
    "Verification",
    "WaitingProof",
]
