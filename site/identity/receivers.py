"""What identity does when two accounts of one person become one."""

from accounts.registry import merge_part
from identity.operations.merge import take_over

merge_part("identity")(take_over)
