"""Signals sent upwards: apps above `registration` listen without being known here."""

from django.dispatch import Signal

# Both are sent inside the transaction, in the shared schema, once for each registration that
# begins or ends (the co-registered prefecture's too): argument `registration`.
registered = Signal()
ended = Signal()

# Some left a municipality long enough ago, and what they disclosed to it is no longer there.
# Sent inside the transaction and the municipality's schema: arguments `municipality` and
# `resident_ids` (UUIDs). Sent again for the same people where they come and leave again.
emptied = Signal()
