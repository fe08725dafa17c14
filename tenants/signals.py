"""Signals sent upwards: apps above `tenants` listen without being known here."""

from django.dispatch import Signal

# Sent inside the template's schema (see `tenants.operations.template`): every app makes what
# all municipalities begin with (roles and what they may do, languages, first pages, first room).
template_built = Signal()

# Sent inside the new municipality's schema and inside the provisioning transaction:
# arguments `municipality` and `request` (the ParticipationRequest). Every app sets what differs
# from the template (names, texts, host names, the first invitation).
municipality_provisioned = Signal()

# Sent at the end of bringing a municipality back from an archive, in the shared schema and inside
# the transaction: argument `municipality`. Its rows are as old as the archive: what has been
# erased since stands there again.
municipality_restored = Signal()

# A municipality is shown to residents from now on: argument `municipality`. Sent in the shared
# schema, inside the transaction, by the operator or by the clock.
municipality_published = Signal()
