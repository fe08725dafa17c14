"""Signals sent upwards: apps above `activities` listen without being known here."""

from django.dispatch import Signal

# Argument `page`: the ActivityPage in the source language (Japanese). Sent in the
# municipality's schema whenever what the public sees of it has changed: published, moved,
# renamed, translated, designated. Listeners are called in the caller's transaction.
activity_published = Signal()

# Argument `page`, as above: it is no longer public (unpublished, or about to be deleted).
activity_unpublished = Signal()

# Arguments `session` (Session), `reason` (str, shown to visitors), `page` (ActivityPage in the
# source language): it does not take place. Sent once, in the transaction that writes it; what
# listeners do has to go with that (mail goes by the outbox).
session_cancelled = Signal()

# Arguments `session` (Session with its new times), `before` (SessionSnapshot as it was), `page`,
# as above: a published session has other times or another place.
session_moved = Signal()

# Argument `page`: an urgent activity is public for the first time. Sent once for each activity.
urgent_activity_published = Signal()

# Arguments `session` (Session), `text` (str), `page`, as above, and `organisation` (of a note that
# an organisation wrote, else None): a note of thanks stands for the first time. Sent once for each
# session, in the transaction that writes it.
thanks_written = Signal()

# Arguments `page` (ActivityPage in the source language), `designation` (Designation): the
# municipality's yes was recorded, from its day of effect on, which may be an earlier one. Sent in
# the transaction that writes it.
activity_designated = Signal()
