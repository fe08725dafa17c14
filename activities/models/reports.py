"""What comes of organisations' projects, and how a municipality follows them (R17)."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class ActivityReport(models.Model):
    """What came of one session, handed in by whoever ran it. Once handed in it stays.

    What was entered in the ledger is not changed by it: `people` is what the organiser counted.
    """

    session = models.OneToOneField(
        "activities.Session", on_delete=models.CASCADE, related_name="report"
    )
    people = models.PositiveIntegerField(_("number of people who came"))
    done = models.TextField(_("what was done"), max_length=2000)
    hours = models.DecimalField(_("hours of activity"), max_digits=5, decimal_places=2)
    problems = models.TextField(_("problems, injuries"), max_length=2000, blank=True)
    handed_in_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("handed in by"),
        on_delete=models.DO_NOTHING,
        db_constraint=False,
        null=True,
        related_name="+",
    )
    handed_in_at = models.DateTimeField(_("handed in at"))

    class Meta:
        verbose_name = _("report on a session")
        verbose_name_plural = _("reports on sessions")
        default_permissions = ()
        ordering = ["-handed_in_at"]

    def __str__(self) -> str:
        return f"{self.session_id} {self.people}"


class ProjectSettings(models.Model):
    """How a municipality follows the projects of organisations. One row; defaults without it."""

    report_days = models.PositiveSmallIntegerField(
        _("days until a report is overdue"),
        default=14,
        help_text=_("Counted from the day of the activity."),
    )
    tells_coordinators = models.BooleanField(
        _("mail to coordinators"),
        default=True,
        help_text=_(
            "When an organisation's activity is handed in, published, changed or closed, and when"
            " a report arrives."
        ),
    )

    class Meta:
        verbose_name = _("settings for projects of organisations")
        verbose_name_plural = _("settings for projects of organisations")
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.report_days}"

    @classmethod
    def current(cls) -> ProjectSettings:
        return cls.objects.first() or cls()
