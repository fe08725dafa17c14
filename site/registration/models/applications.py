"""Applying for premium standing, or for its renewal, and what is said and handed in (A3.5)."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.enums import Channel
from accounts.models import Resident
from common import clock
from common.fields import EncryptedTextField
from registration.enums import (
    OPEN_APPLICATIONS,
    ApplicationKind,
    ApplicationStatus,
    StayEvidence,
    StayStatus,
)
from registration.models.decisions import PremiumDecision
from registration.models.registrations import Registration
from tenants.models import Municipality


class PremiumApplicationQuerySet(models.QuerySet["PremiumApplication"]):
    def at(self, municipality: Municipality) -> PremiumApplicationQuerySet:
        """Of one municipality, the oldest first, with the registration it is about."""
        rows = self.filter(municipality=municipality).select_related("registration")
        return rows.order_by("submitted_at", "pk")

    def waiting(self) -> PremiumApplicationQuerySet:
        """For an officer: those that wait for an answer of the resident's are left out."""
        return self.filter(status__in=(ApplicationStatus.SUBMITTED, ApplicationStatus.PROPOSED))

    def for_second(self, account: Any) -> PremiumApplicationQuerySet:
        """Proposed by a colleague of this member of staff, who may confirm."""
        return self.filter(status=ApplicationStatus.PROPOSED).exclude(first_by=account)

    def older_than(self, days: int) -> PremiumApplicationQuerySet:
        """Handed in at least so many days ago."""
        return self.filter(submitted_at__lte=clock.now() - timedelta(days=days))


class PremiumApplication(models.Model):
    """One application at one municipality. Where it asks for no documents the system decides at
    once, and the row is that decision's; otherwise it waits for an officer."""

    registration = models.ForeignKey(
        Registration, on_delete=models.PROTECT, related_name="applications"
    )
    resident = models.ForeignKey(Resident, on_delete=models.PROTECT, related_name="+")
    municipality = models.ForeignKey(Municipality, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(_("kind"), max_length=8, choices=ApplicationKind.choices)
    status = models.CharField(
        _("status"),
        max_length=12,
        choices=ApplicationStatus.choices,
        default=ApplicationStatus.SUBMITTED,
    )
    submitted_at = models.DateTimeField(_("applied at"), default=clock.now)
    # Entered by staff for the resident, and how they asked; "" by the resident.
    on_behalf = models.CharField(max_length=12, choices=Channel.choices, blank=True, default="")
    # Of two members of staff who decide, the first.
    first_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    decided_at = models.DateTimeField(_("decided at"), null=True)
    reason = EncryptedTextField(_("reason"), max_length=1000, blank=True)
    decision = models.ForeignKey(
        PremiumDecision, on_delete=models.PROTECT, null=True, related_name="+"
    )

    objects = PremiumApplicationQuerySet.as_manager()

    class Meta:
        verbose_name = _("application for a kind of registration")
        verbose_name_plural = _("applications for a kind of registration")
        default_permissions = ("view", "change")
        constraints = [
            # However often the form is sent: one.
            models.UniqueConstraint(
                fields=["registration"],
                condition=Q(status__in=OPEN_APPLICATIONS),
                name="registration_application_uniq",
            )
        ]
        indexes = [
            models.Index(
                fields=["municipality", "status", "submitted_at"],
                name="registration_applications",
            )
        ]

    def __str__(self) -> str:
        return f"{self.registration_id} {self.kind} {self.status}"

    @property
    def is_open(self) -> bool:
        """Whether it is still to be decided."""
        return self.status in OPEN_APPLICATIONS


class ApplicationMessage(models.Model):
    """A question of the officer's or an answer of the resident's. Rows are only added."""

    application = models.ForeignKey(
        PremiumApplication, on_delete=models.PROTECT, related_name="messages"
    )
    at = models.DateTimeField(default=clock.now)
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    by_staff = models.BooleanField()
    text = EncryptedTextField(_("text"), max_length=2000)

    class Meta:
        ordering = ["at", "pk"]
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.application_id} {self.at}"


class ApplicationDocument(models.Model):
    """A file handed in with an application; encrypted, and deleted when that is decided."""

    application = models.ForeignKey(
        PremiumApplication, on_delete=models.PROTECT, related_name="documents"
    )
    name = models.CharField(_("file name"), max_length=120)
    content_type = models.CharField(max_length=60)
    size = models.PositiveIntegerField(_("size in bytes"))
    digest = models.CharField(max_length=64)
    # Base64 of the bytes.
    content = EncryptedTextField()
    uploaded_at = models.DateTimeField(default=clock.now)

    class Meta:
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["application", "digest"], name="registration_document_uniq"
            )
        ]

    def __str__(self) -> str:
        return self.name


class Stay(models.Model):
    """Days somebody stayed in the municipality, with what shows it, checked by an officer (R12)."""

    registration = models.ForeignKey(Registration, on_delete=models.PROTECT, related_name="stays")
    resident = models.ForeignKey(Resident, on_delete=models.PROTECT, related_name="+")
    municipality = models.ForeignKey(Municipality, on_delete=models.PROTECT, related_name="+")
    first_day = models.DateField(_("from"))
    last_day = models.DateField(_("until"))
    evidence = models.CharField(_("evidence"), max_length=12, choices=StayEvidence.choices)
    note = EncryptedTextField(_("note"), max_length=400, blank=True)
    status = models.CharField(
        _("status"), max_length=10, choices=StayStatus.choices, default=StayStatus.CLAIMED
    )
    told_at = models.DateTimeField(default=clock.now)
    checked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    checked_at = models.DateTimeField(null=True)
    # Why it was not accepted, as the resident was told.
    reason = EncryptedTextField(_("reason"), max_length=1000, blank=True)

    class Meta:
        verbose_name = _("stay")
        verbose_name_plural = _("stays")
        default_permissions = ("view", "change")
        constraints = [
            models.CheckConstraint(
                condition=Q(last_day__gte=models.F("first_day")), name="registration_stay_days"
            ),
            models.UniqueConstraint(
                fields=["registration", "first_day", "last_day"],
                name="registration_stay_uniq",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.registration_id} {self.first_day} {self.last_day}"
