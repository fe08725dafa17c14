"""Who of the staff looked at whom."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models import Resident
from common import clock
from common.fields import EncryptedTextField
from privacy.enums import Particular, StaffPurpose
from privacy.models.appended import Appended
from tenants.models import Municipality

_GOVERNMENT = "municipality__local_government__prefecture"
GRANTED_FOR = timedelta(minutes=15)
"""How long particulars stay open to the one who said why."""


class AccessRecordQuerySet(models.QuerySet["AccessRecord"]):
    def of_resident(self, resident_id: UUID) -> AccessRecordQuerySet:
        """As the resident reads them: without the name of the person."""
        return self.filter(resident_id=resident_id).defer("actor_name").select_related(_GOVERNMENT)

    def at_municipality(self, municipality: Municipality) -> AccessRecordQuerySet:
        """For the municipality's own inspection, newest first."""
        return self.filter(municipality=municipality)

    def open_to(self, account: Any, municipality: Municipality) -> AccessRecordQuerySet:
        """What this member of staff has given a reason for a moment ago."""
        since = clock.now() - GRANTED_FOR
        return self.filter(actor_id=account.pk, municipality=municipality, at__gt=since)


class AccessRecord(Appended):
    """A member of a municipality's staff opened a resident's particulars.

    Written before they are shown, in a transaction of its own: whoever sees them has been
    recorded, even if the page then fails.
    """

    municipality = models.ForeignKey(
        Municipality, verbose_name=_("municipality"), on_delete=models.PROTECT, related_name="+"
    )
    resident = models.ForeignKey(Resident, on_delete=models.PROTECT, related_name="+")
    purpose = models.CharField(_("purpose"), max_length=12, choices=StaffPurpose.choices)
    note = EncryptedTextField(_("explanation"), max_length=200, blank=True)
    # Codes of `Particular`.
    particulars = models.JSONField(_("what was shown"))

    objects = AccessRecordQuerySet.as_manager()

    class Meta:
        verbose_name = _("record of a look at particulars")
        verbose_name_plural = _("records of looks at particulars")
        ordering = ["-at", "-pk"]
        indexes = [
            models.Index(fields=["resident", "-at"], name="privacy_access_of_resident"),
            models.Index(fields=["municipality", "-at"], name="privacy_access_at_place"),
        ]

    def __str__(self) -> str:
        return f"{self.municipality_id} {self.at:%Y-%m-%d %H:%M}"

    @property
    def shown(self) -> list[str]:
        """What was shown, in the reader's language."""
        return [str(Particular(code).label) for code in self.particulars]
