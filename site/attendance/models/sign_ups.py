"""Who intends to come."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.models import Resident
from attendance.enums import SignUpStatus
from common.fields import EncryptedTextField
from tenants.models import Municipality


class SignUp(models.Model):
    """A resident's place in one session of a municipality's activity.

    Sessions live in the municipality's schema, so this row names one by its UUID and keeps
    what the resident saw when signing up. Name and telephone number are what the resident
    discloses to the coordinator by signing up.
    """

    resident = models.ForeignKey(Resident, on_delete=models.PROTECT, related_name="sign_ups")
    municipality = models.ForeignKey(Municipality, on_delete=models.PROTECT, related_name="+")
    session_uuid = models.UUIDField(pgettext_lazy("activity", "session"), db_index=True)
    status = models.CharField(
        _("status"),
        max_length=12,
        choices=SignUpStatus.choices,
        default=SignUpStatus.SIGNED_UP,
    )
    activity_title = models.CharField(_("activity"), max_length=255)
    starts_at = models.DateTimeField(_("starts at"))
    ends_at = models.DateTimeField(_("ends at"))
    place = models.CharField(_("place"), max_length=200, blank=True)
    page_path = models.CharField(_("address of the activity"), max_length=500)
    name = models.CharField(_("name"), max_length=90)
    kana = models.CharField(_("furigana"), max_length=130)
    phone = EncryptedTextField(_("telephone number"), max_length=20, blank=True)
    created_at = models.DateTimeField(_("signed up at"), auto_now_add=True)
    updated_at = models.DateTimeField(_("changed at"), auto_now=True)

    class Meta:
        verbose_name = _("sign-up")
        verbose_name_plural = _("sign-ups")
        constraints = [
            models.UniqueConstraint(
                fields=["resident", "session_uuid"], name="attendance_sign_up_uniq"
            )
        ]

    def __str__(self) -> str:
        return f"{self.session_uuid} {self.status}"
