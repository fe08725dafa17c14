"""A municipality asks to take part (R1)."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from common import clock
from tenants.enums import NoteKind, RequestStatus
from tenants.models.batches import RequestBatch
from tenants.models.governments import LocalGovernment
from tenants.models.terms import Terms


class ParticipationRequest(models.Model):
    """A request to take part: who asks, which terms were agreed, what became of it."""

    local_government = models.ForeignKey(
        LocalGovernment, verbose_name=_("local government"), on_delete=models.PROTECT
    )
    department = models.CharField(_("department"), max_length=80)
    contact_name = models.CharField(_("name of the person in charge"), max_length=60)
    contact_email = models.EmailField(
        _("e-mail address of the person in charge"),
        help_text=_("The invitation to the admin site is sent to this address."),
    )
    contact_phone = models.CharField(_("telephone number"), max_length=20)
    terms = models.ForeignKey(Terms, verbose_name=_("terms agreed"), on_delete=models.PROTECT)
    agreed_at = models.DateTimeField(_("agreed at"))
    status = models.CharField(
        _("status"),
        max_length=16,
        choices=RequestStatus.choices,
        default=RequestStatus.SUBMITTED,
    )
    submitted_at = models.DateTimeField(_("submitted at"), auto_now_add=True)
    decided_at = models.DateTimeField(_("decided at"), null=True, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("decided by"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    decline_reason = models.TextField(_("reason for declining"), blank=True)
    provisioned_at = models.DateTimeField(_("set up at"), null=True, blank=True)
    error = models.TextField(_("what went wrong"), blank=True)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    # After a failure the next attempt waits longer each time; empty means at once.
    retry_at = models.DateTimeField(_("next attempt at"), null=True, blank=True)
    batch = models.ForeignKey(
        RequestBatch,
        verbose_name=_("uploaded spreadsheet"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="requests",
    )

    class Meta:
        verbose_name = _("participation request")
        verbose_name_plural = _("participation requests")
        ordering = ["-submitted_at"]
        permissions = [("review_participationrequest", _("Can review participation requests"))]
        constraints = [
            # The same form sent twice, or by two officers at once, is one request.
            models.UniqueConstraint(
                fields=["local_government"],
                condition=~Q(status=RequestStatus.DECLINED),
                name="tenants_request_one_open",
            )
        ]

    def __str__(self) -> str:
        return f"{self.local_government} ({self.get_status_display()})"


class RequestNote(models.Model):
    """What the operator wrote down about a request; never shown outside of the operator's host.

    A question is also sent to the applicant; the answer comes by mail or telephone and is
    written down as a note. Rows are added, never changed; the database refuses it.
    """

    request = models.ForeignKey(
        ParticipationRequest,
        verbose_name=_("participation request"),
        on_delete=models.PROTECT,
        related_name="notes",
    )
    kind = models.CharField(_("kind"), max_length=12, choices=NoteKind.choices)
    text = models.TextField(_("text"))
    written_at = models.DateTimeField(_("written at"), default=clock.now)
    written_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("written by"),
        on_delete=models.PROTECT,
        related_name="+",
    )

    class Meta:
        verbose_name = _("note on a request")
        verbose_name_plural = _("notes on requests")
        ordering = ["written_at", "pk"]

    def __str__(self) -> str:
        return f"{self.request_id}: {self.get_kind_display()}"
