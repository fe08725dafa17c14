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

# As `ended`, and that a standing began, was renewed or lapsed, for very many at once: the night's
# work sends them once a batch, inside its transaction, in the shared schema, with the argument
# `registration_ids`. Whoever listens works set-based too.
ended_at_once = Signal()
standings_changed = Signal()

# Premium standing of a registration is another than before. Sent inside the transaction, in the
# shared schema and the resident's name: arguments `registration`, `standing` and `what`:
# "granted" (derived ones too), "renewed", "lapsed" (ended in any way, also with the registration),
# "over_limit", "within_limit" or "long_stay" (the mark came or went).
premium_changed = Signal()
