from registration.operations.disclosure import refresh_disclosure
from registration.operations.leave import leave
from registration.operations.moves import follow_move
from registration.operations.register import FilledStep, register

__all__ = ["FilledStep", "follow_move", "leave", "refresh_disclosure", "register"]
