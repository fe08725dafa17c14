from identity.models.attempts import Attempt, WaitingProof
from identity.models.checks import CounterCheck
from identity.models.verifications import Verification

__all__ = ["Attempt", "CounterCheck", "Verification", "WaitingProof"]
