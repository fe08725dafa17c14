"""What this app announces."""

from django.dispatch import Signal

# record (its state as it is now), amendment. Sent in the transaction that amends, as the resident.
participation_amended = Signal()
