"""Signals sent upwards: apps above `tenants` listen without being known here."""

from django.dispatch import Signal

# Sent inside the new municipality's schema and inside the provisioning transaction:
# arguments `municipality` and `request` (the ParticipationRequest). Every app that has
# defaults of its own (pages, survey, first room, permissions) makes them in a receiver.
municipality_provisioned = Signal()
