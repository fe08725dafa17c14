"""The outbox: every effect outside the transaction is a row written inside it."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class OutboxMessage(models.Model):
    """One thing still to be done in the world outside (send a mail, render a PDF…).

    Written in the transaction that decided it; a worker takes it with SKIP LOCKED, delivers
    it at least once, marks it and forgets its content. Who delivers must be idempotent.
    `dedupe_key` spares a second row while the first one waits.
    """

    kind = models.CharField(_("kind"), max_length=40)
    payload = models.JSONField(_("content"))
    municipality_code = models.CharField(_("municipality"), max_length=6, blank=True)
    dedupe_key = models.CharField(max_length=120, blank=True)
    created_at = models.DateTimeField(_("created at"), auto_now_add=True)
    due_at = models.DateTimeField(_("due at"))
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    delivered_at = models.DateTimeField(_("delivered at"), null=True, blank=True)
    last_error = models.TextField(_("last error"), blank=True)

    class Meta:
        verbose_name = _("outbox message")
        verbose_name_plural = _("outbox messages")
        indexes = [
            models.Index(
                fields=["due_at"], condition=Q(delivered_at=None), name="notifications_waiting"
            ),
            models.Index(
                fields=["kind", "dedupe_key"],
                condition=Q(delivered_at=None) & ~Q(dedupe_key=""),
                name="notifications_dedupe_key",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"
