"""What holds of a session's codes, and whether its list is closed. Rows are only added."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from tenants.models import Municipality


class SessionKey(models.Model):
    """A session's code was withdrawn, for instance because its photograph is on the net: from
    now on its codes carry `number`. A session without a row is at number 1."""

    municipality = models.ForeignKey(Municipality, on_delete=models.PROTECT, related_name="+")
    session_uuid = models.UUIDField(pgettext_lazy("activity", "session"))
    number = models.PositiveSmallIntegerField(_("number"))
    reason = models.CharField(_("reason"), max_length=200)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    made_at = models.DateTimeField(_("time"))

    class Meta:
        verbose_name = _("withdrawn code")
        verbose_name_plural = _("withdrawn codes")
        constraints = [
            models.UniqueConstraint(
                fields=["session_uuid", "number"], name="attendance_session_key_uniq"
            )
        ]

    def __str__(self) -> str:
        return f"{self.session_uuid} {self.number}"


class SessionClosing(models.Model):
    """The organiser confirmed who took part in a session: what is read after it goes to review."""

    municipality = models.ForeignKey(Municipality, on_delete=models.PROTECT, related_name="+")
    session_uuid = models.UUIDField(pgettext_lazy("activity", "session"), unique=True)
    attended = models.PositiveIntegerField(_("took part"))
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    closed_at = models.DateTimeField(_("confirmed at"))

    class Meta:
        verbose_name = _("confirmed list")
        verbose_name_plural = _("confirmed lists")

    def __str__(self) -> str:
        return f"{self.session_uuid} {self.closed_at}"
