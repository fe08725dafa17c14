"""What the night's work keeps: who was told of what, and how many people there were."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.models import Resident
from registration.enums import CountScope
from registration.models.premium import PremiumStanding


class ReleaseWarning(models.Model):
    """Somebody who was last seen on `seen_on` was told, `days` before, that everything ends on
    `release_on` (R15). Of another `seen_on` it says nothing: who comes back starts anew."""

    resident = models.ForeignKey(Resident, on_delete=models.PROTECT, related_name="+")
    seen_on = models.DateField(_("last seen on"))
    days = models.PositiveSmallIntegerField(_("days before"))
    told_on = models.DateField(_("told on"))
    release_on = models.DateField(_("registrations end on"))

    class Meta:
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["resident", "seen_on", "days"], name="registration_warning_uniq"
            )
        ]

    def __str__(self) -> str:
        return f"{self.resident_id} {self.seen_on} {self.days}"


class EndNotice(models.Model):
    """The holder of a premium standing was told, `days` before, that it runs until `ends_on`
    (R14). A renewal moves that day, and they are told again in a year."""

    standing = models.ForeignKey(PremiumStanding, on_delete=models.PROTECT, related_name="+")
    resident = models.ForeignKey(Resident, on_delete=models.PROTECT, related_name="+")
    ends_on = models.DateField(_("last day of the term"))
    days = models.PositiveSmallIntegerField(_("days before"))
    told_on = models.DateField(_("told on"))

    class Meta:
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["standing", "ends_on", "days"], name="registration_notice_uniq"
            )
        ]

    def __str__(self) -> str:
        return f"{self.standing_id} {self.ends_on} {self.days}"


class PopulationCount(models.Model):
    """The relation population of one day (R16, R25), without anybody who lives there.

    `code` is a city's, a prefecture's (then of the prefecture and all its cities) or "" (of the
    nation). `heads` are people (実人数), `registrations` what they have (延べ), without those
    that only come with a city's. Of the heads, `verified` live in Japan and have a valid proof of
    identity, `declared` say where they live, `unknown` have no municipality of residence;
    `premium` have premium standing. `residents_left_out` are registered, and live there.
    """

    day = models.DateField(_("day"))
    scope = models.CharField(
        pgettext_lazy("count", "of"), max_length=12, choices=CountScope.choices
    )
    code = models.CharField(_("local-government code"), max_length=6, blank=True)
    heads = models.PositiveIntegerField(pgettext_lazy("count", "people"))
    registrations = models.PositiveIntegerField(pgettext_lazy("count", "registrations"))
    residents_left_out = models.PositiveIntegerField(_("people who live there, left out"))
    verified = models.PositiveIntegerField(_("with a verified address"))
    declared = models.PositiveIntegerField(_("with a declared address"))
    unknown = models.PositiveIntegerField(_("without an address in Japan"))
    premium = models.PositiveIntegerField(_("registered with conditions"))

    class Meta:
        verbose_name = _("relation population")
        verbose_name_plural = _("relation population")
        default_permissions = ("view",)
        ordering = ["-day", "scope", "code"]
        constraints = [
            models.UniqueConstraint(fields=["scope", "code", "day"], name="registration_count_uniq")
        ]

    def __str__(self) -> str:
        return f"{self.day} {self.scope} {self.code}"
