from identity.models.guardians import ComingOfAge, GuardianConsent, GuardianInvitation
from identity.models.verifications import Verification

__all__ = ["ComingOfAge", "GuardianConsent", "GuardianInvitation", "Verification"]
