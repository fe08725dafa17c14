"""An organisation's project on its way to the municipality's word, and back (R17, R18)."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from activities.enums import ReviewOutcome


class ProjectReview(models.Model):
    """One handing-in of a project (pattern 1) and what the municipality said to it.

    Rows are added and, once, answered. Both answers of R18 with their reasons stand in the
    `Designation` that the answer made; `comment` is what the organisation was told beside it.
    """

    page = models.ForeignKey(
        "activities.ActivityPage", on_delete=models.CASCADE, related_name="reviews"
    )
    # Accounts live in the shared schema; empty once the person has closed theirs.
    submitted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("handed in by"),
        on_delete=models.DO_NOTHING,
        db_constraint=False,
        null=True,
        related_name="+",
    )
    submitted_at = models.DateTimeField(_("handed in at"))
    outcome = models.CharField(
        _("outcome"), max_length=10, choices=ReviewOutcome.choices, blank=True
    )
    comment = models.TextField(_("comment to the organisation"), max_length=1000, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("decided by"),
        on_delete=models.DO_NOTHING,
        db_constraint=False,
        null=True,
        related_name="+",
    )
    decided_at = models.DateTimeField(_("decided at"), null=True)

    class Meta:
        verbose_name = _("review of a project")
        verbose_name_plural = _("reviews of projects")
        default_permissions = ()
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["page"], condition=Q(outcome=""), name="activities_one_review_waits"
            )
        ]

    def __str__(self) -> str:
        return f"{self.page_id} {self.outcome}"


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
