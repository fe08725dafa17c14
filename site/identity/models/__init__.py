from identity.models.verifications import Verification

__all__ = ["Verification"]
