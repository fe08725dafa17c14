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

# Somebody agreed to texts (R28): arguments `user`, `documents` (a list of `tenants.models.Terms`)
# and `on_paper_by`, the account of the member of staff who holds the signed paper, or None. Sent
# again for what was agreed to before, which is nothing new then.
terms_accepted = Signal()
