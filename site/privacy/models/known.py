"""Which municipalities hold something of a resident who need not be registered with them."""

from __future__ import annotations

from django.db import models

from accounts.models import Resident
from tenants.models import Municipality


class KnownTo(models.Model):
    """A resident has left something in a municipality's schema, which nobody outside can see.

    Without this row a copy of one's data, a merging and an erasure would pass that schema by.
    Rows are added and stay: what comes back from a backup has to be erased there again.
    """

    resident = models.ForeignKey(Resident, on_delete=models.PROTECT, related_name="+")
    municipality = models.ForeignKey(Municipality, on_delete=models.PROTECT, related_name="+")

    class Meta:
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["resident", "municipality"], name="privacy_known_to_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.resident_id}: {self.municipality_id}"
