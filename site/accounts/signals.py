"""Signals sent upwards: apps above `accounts` listen without being known here.

All are sent inside the transaction that made the change, in the shared schema.
"""

from django.dispatch import Signal

# Something of a profile, or the account's e-mail address, is another: argument `resident`, as it
# is now. Not sent for a new profile, which nothing depends on yet, nor where nothing changed.
profile_changed = Signal()

# The municipality of residence is another (R16): arguments `resident`, `before` and `after`, the
# codes, "" for abroad. Sent after `profile_changed`.
address_changed = Signal()
