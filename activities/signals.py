"""Signals sent upwards: apps above `activities` listen without being known here."""

from django.dispatch import Signal

# Argument `page`: the ActivityPage in the source language (Japanese). Sent in the
# municipality's schema whenever what the public sees of it has changed: published, moved,
# renamed, translated, designated. Listeners are called in the caller's transaction.
activity_published = Signal()

# Argument `page`, as above: it is no longer public (unpublished, or about to be deleted).
activity_unpublished = Signal()

# Arguments `session`, `reason` (what people are told), `page`, in the municipality's schema.
session_cancelled = Signal()

# Arguments `session`, `before` (its `SessionSnapshot` until now), `page`, as above.
session_moved = Signal()
