"""What identity does when two accounts of one person become one."""

from accounts.registry import merge_part
from identity.operations.taking_over import take_over

merge_part("identity")(take_over)
