from registration.operations.disclosure import refresh_disclosure
from registration.operations.leave import leave
from registration.operations.register import FilledStep, register

__all__ = ["FilledStep", "leave", "refresh_disclosure", "register"]
