"""What this app announces."""

from django.dispatch import Signal

# Argument `standing` (Standing): a municipality has given an organisation a new standing, perhaps
# from an earlier day on. Sent in the transaction that writes it.
standing_given = Signal()
