"""What others may want to know."""

from django.dispatch import Signal

# A guardian's consent no longer holds because somebody ended it. Sent within the transaction,
# with `child` (Resident), under the child's own claims.
consent_withdrawn = Signal()

# A resident's proof of identity is another than before: a new one holds. Sent within the
# transaction, with `resident`, under the resident's own claims.
proof_changed = Signal()
