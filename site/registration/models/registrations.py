"""Who is registered with whom, since when, and what happened in between."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.enums import Channel
from accounts.models import Resident
from common.fields import EncryptedDateField, EncryptedTextField
from common.text import short_name
from registration.enums import EventKind, Origin, RegistrationKind, RegistrationStatus
from tenants.models import Municipality


class Registration(models.Model):
    """A resident is registered with a municipality (ベーシック登録, R3).

    One row for each time: who leaves and comes back gets a new row and number, and the old
    row stays as history. The fields from `family_name` on are what the resident discloses to
    this municipality; its staff read these and never `Resident`.
    """

    resident = models.ForeignKey(Resident, on_delete=models.PROTECT, related_name="registrations")
    municipality = models.ForeignKey(
        Municipality, verbose_name=_("municipality"), on_delete=models.PROTECT, related_name="+"
    )
    kind = models.CharField(
        _("kind"),
        max_length=12,
        choices=RegistrationKind.choices,
        default=RegistrationKind.BASIC,
    )
    origin = models.CharField(_("origin"), max_length=16, choices=Origin.choices)
    status = models.CharField(
        _("status"),
        max_length=12,
        choices=RegistrationStatus.choices,
        default=RegistrationStatus.ACTIVE,
    )
    number = models.CharField(_("registration number"), max_length=20, unique=True)
    registered_at = models.DateTimeField(_("registered at"))
    ended_at = models.DateTimeField(_("ended at"), null=True, blank=True)
    # Since when what was disclosed is no longer here (registration.operations.forgetting).
    emptied_at = models.DateTimeField(_("emptied at"), null=True, blank=True)

    family_name = models.CharField(_("family name"), max_length=40)
    given_name = models.CharField(_("given name"), max_length=40)
    kana = models.CharField(_("furigana"), max_length=130)
    birth_date = EncryptedDateField(_("date of birth"), blank=True)
    postal_code = EncryptedTextField(_("postal code"), max_length=16, blank=True)
    address = EncryptedTextField(_("address"), max_length=500)
    # Of the address what lists show: where the resident lives, 岐阜県飛騨市; abroad the country.
    residence_name = models.CharField(
        _("municipality of residence"), max_length=60, blank=True, default="", db_default=""
    )
    email = models.EmailField(_("e-mail address"), blank=True)
    phone = EncryptedTextField(_("telephone number"), max_length=20, blank=True)
    # Left out of the relation population (R16).
    lives_here = models.BooleanField(_("lives in this municipality"), default=False)

    class Meta:
        verbose_name = _("registration")
        verbose_name_plural = _("registrations")
        ordering = ["-registered_at"]
        constraints = [
            # However often the form is sent: one.
            models.UniqueConstraint(
                fields=["resident", "municipality"],
                condition=Q(status=RegistrationStatus.ACTIVE),
                name="registration_active_uniq",
            )
        ]
        indexes = [
            models.Index(
                fields=["municipality", "status", "-registered_at"],
                name="registration_by_municipality",
            ),
            models.Index(
                fields=["municipality", "ended_at"],
                condition=Q(status=RegistrationStatus.ENDED, emptied_at=None),
                name="registration_to_be_emptied",
            ),
        ]
        permissions = [
            ("view_registrants", "See the list of registrants"),
            ("open_registrant", "Open a registrant's particulars"),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def name(self) -> str:
        """Name as disclosed: 佐藤 花子; "" of somebody who has closed the account."""
        return f"{self.family_name} {self.given_name}".strip()

    @property
    def short_name(self) -> str:
        """For other registrants: 佐藤 ＊＊."""
        return short_name(self.family_name, self.given_name)

    @property
    def is_active(self) -> bool:
        return self.status == RegistrationStatus.ACTIVE

    @property
    def is_co_registered(self) -> bool:
        return self.origin == Origin.CO_REGISTERED


class RegistrationEvent(models.Model):
    """What happened to a registration: when, who did it and why. Rows are only added."""

    registration = models.ForeignKey(Registration, on_delete=models.PROTECT, related_name="events")
    kind = models.CharField(_("what happened"), max_length=20, choices=EventKind.choices)
    at = models.DateTimeField(_("when"))
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("by"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    reason = models.CharField(_("reason"), max_length=200, blank=True)
    # Done by staff in the resident's place, and how they were asked; "" by the resident.
    on_behalf = models.CharField(
        _("done on behalf"),
        max_length=12,
        choices=Channel.choices,
        blank=True,
        default="",
        db_default="",
    )
    # Of premium standing, the decision it rests on.
    decision = models.ForeignKey(
        "registration.PremiumDecision",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )

    class Meta:
        verbose_name = _("event of a registration")
        verbose_name_plural = _("events of registrations")
        ordering = ["at", "pk"]

    def __str__(self) -> str:
        return f"{self.registration_id} {self.kind}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Raises `TypeError` on change: history is added to, not edited."""
        if self.pk is not None:
            raise TypeError("events of registrations are never changed")
        super().save(*args, **kwargs)


class RegistrationCounter(models.Model):
    """The last number a municipality gave; its row is locked while the next is given."""

    municipality = models.OneToOneField(
        Municipality, on_delete=models.PROTECT, primary_key=True, related_name="+"
    )
    last = models.PositiveIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.municipality_id} {self.last}"
