"""A word of thanks after an event (オカエシ): words, and nothing else."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class ThanksNote(models.Model):
    """One note of thanks for one session, for those whose participation is recorded."""

    session = models.OneToOneField(
        "activities.Session", on_delete=models.CASCADE, related_name="thanks"
    )
    text = models.TextField(
        _("words of thanks"),
        max_length=1000,
        help_text=_(
            "Those whose participation is recorded read it on their page and get it once by mail."
            " Words only: the scheme forbids gifts in return, so please announce none."
        ),
    )
    # Accounts live in the shared schema and are anonymised, never deleted.
    written_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.DO_NOTHING,
        db_constraint=False,
        null=True,
        related_name="+",
    )
    written_at = models.DateTimeField(_("written at"))

    class Meta:
        verbose_name = _("note of thanks")
        verbose_name_plural = _("notes of thanks")
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.session_id}"
