"""Many requests that came as one spreadsheet."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Count, Q
from django.utils.translation import gettext_lazy as _

from tenants.enums import RequestStatus


class RequestBatchQuerySet(models.QuerySet["RequestBatch"]):
    def with_progress(self) -> RequestBatchQuerySet:
        """Adds how many requests there are: `total`, `submitted`, `waiting`, `failed`,
        `set_up`, `declined`. A failed one is approved and is tried again; it does not wait.
        """
        approved = Q(requests__status=RequestStatus.APPROVED)
        return self.annotate(
            total=Count("requests"),
            submitted=Count("requests", filter=Q(requests__status=RequestStatus.SUBMITTED)),
            waiting=Count("requests", filter=approved & Q(requests__error="")),
            failed=Count("requests", filter=approved & ~Q(requests__error="")),
            set_up=Count("requests", filter=Q(requests__status=RequestStatus.PROVISIONED)),
            declined=Count("requests", filter=Q(requests__status=RequestStatus.DECLINED)),
        )


class RequestBatch(models.Model):
    """A spreadsheet of participation requests: who sent it in, who approved it.

    The file itself is not kept. Its digest makes sending it twice harmless.
    """

    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("uploaded by"),
        on_delete=models.PROTECT,
        related_name="+",
    )
    uploaded_at = models.DateTimeField(_("uploaded at"), auto_now_add=True)
    file_name = models.CharField(_("file name"), max_length=255)
    digest = models.CharField(_("SHA-256 of the file"), max_length=64, unique=True)
    row_count = models.PositiveIntegerField(_("rows in the file"))
    approved_at = models.DateTimeField(_("approved at"), null=True, blank=True)
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("approved by"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )

    # Counts that `with_progress` adds.
    total: int
    submitted: int
    waiting: int
    failed: int
    set_up: int
    declined: int

    objects = RequestBatchQuerySet.as_manager()

    class Meta:
        verbose_name = _("uploaded spreadsheet")
        verbose_name_plural = _("uploaded spreadsheets")
        ordering = ["-uploaded_at"]

    def __str__(self) -> str:
        return self.file_name
