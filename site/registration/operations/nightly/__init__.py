from registration.operations.nightly.run import STEPS, nightly

__all__ = ["STEPS", "nightly"]
