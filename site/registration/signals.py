"""Signals sent upwards: apps above `registration` listen without being known here."""

from django.dispatch import Signal

# Both are sent inside the transaction, in the shared schema, once for each registration that
# begins or ends (the co-registered prefecture's too): argument `registration`.
registered = Signal()
ended = Signal()
