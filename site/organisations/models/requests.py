"""An organisation asks a municipality for a standing there."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from organisations.enums import Pattern, RequestOutcome
from organisations.models.organisations import Organisation
from tenants.models import Municipality


class StandingRequest(models.Model):
    """One request and its answer (R17); a refusal keeps its reason. Rows are never deleted.

    `pattern` is what was given. One request waits at a time, however often the form is sent.
    """

    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="standing_requests"
    )
    municipality = models.ForeignKey(Municipality, on_delete=models.PROTECT, related_name="+")
    plan = models.TextField(_("what you would like to do there"), max_length=1000)
    requested_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    requested_at = models.DateTimeField(_("requested at"))
    outcome = models.CharField(
        _("outcome"), max_length=8, choices=RequestOutcome.choices, blank=True
    )
    pattern = models.PositiveSmallIntegerField(
        _("designation of its projects"), choices=Pattern.choices, null=True
    )
    reason = models.TextField(_("reason"), max_length=1000, blank=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    answered_at = models.DateTimeField(_("answered at"), null=True)

    class Meta:
        verbose_name = _("request for a standing")
        verbose_name_plural = _("requests for a standing")
        default_permissions = ()
        ordering = ["-requested_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "municipality"],
                condition=Q(outcome=""),
                name="organisations_one_request_waits",
            ),
            models.CheckConstraint(
                condition=~Q(outcome="refused") | ~Q(reason=""),
                name="organisations_refusal_says_why",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.organisation_id} {self.municipality_id} {self.outcome}"
