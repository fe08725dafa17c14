"""Which sessions an organisation runs: what the walls of sign-ups and of the ledger ask."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from organisations.models.organisations import Organisation
from tenants.models import Municipality


class RunSession(models.Model):
    """A published session of a municipality and the organisation that runs it.

    Sessions stand in the municipality's schema and who signed up for them in the shared one, so
    the database could not tell whose session a sign-up is of. Written when the activity is
    published, by the municipality or on its behalf: an organisation cannot claim a session.
    """

    session_uuid = models.UUIDField(primary_key=True)
    municipality = models.ForeignKey(Municipality, on_delete=models.PROTECT, related_name="+")
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="run_sessions"
    )
    published_at = models.DateTimeField(_("published at"), auto_now_add=True)

    class Meta:
        verbose_name = _("session an organisation runs")
        verbose_name_plural = _("sessions an organisation runs")
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.session_uuid} {self.organisation_id}"
