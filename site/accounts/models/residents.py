"""The resident: the person behind the account, as far as the scheme needs to know them."""

from __future__ import annotations

import uuid
from datetime import date

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from common.text import short_name
from tenants.models import LocalGovernment, Terms

ADULT_AGE = 18


class Resident(models.Model):
    """A person who registers with municipalities (ふるさと住民).

    Municipalities' schemas know a resident only by `id`, a random UUID. A profile is complete
    once the person has given name, furigana, birth date and address.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="resident"
    )
    family_name = models.CharField(_("family name"), max_length=40)
    given_name = models.CharField(_("given name"), max_length=40)
    family_kana = models.CharField(_("family name in katakana"), max_length=60)
    given_kana = models.CharField(_("given name in katakana"), max_length=60)
    birth_date = models.DateField(_("date of birth"))
    postal_code = models.CharField(_("postal code"), max_length=7)
    residence = models.ForeignKey(
        LocalGovernment,
        verbose_name=_("municipality of residence"),
        on_delete=models.PROTECT,
        related_name="+",
    )
    address_line = models.CharField(_("town and number"), max_length=120)
    building = models.CharField(_("building and room"), max_length=80, blank=True)
    phone = models.CharField(_("telephone number"), max_length=20, blank=True)
    language = models.CharField(_("language of mails"), max_length=10, default="ja")
    created_at = models.DateTimeField(_("since"), auto_now_add=True)
    updated_at = models.DateTimeField(_("changed at"), auto_now=True)

    class Meta:
        verbose_name = _("resident")
        verbose_name_plural = _("residents")

    def __str__(self) -> str:
        return str(self.id)

    @property
    def name(self) -> str:
        """Family name, space, given name: 佐藤 花子."""
        return f"{self.family_name} {self.given_name}"

    @property
    def kana(self) -> str:
        return f"{self.family_kana} {self.given_kana}"

    @property
    def short_name(self) -> str:
        return short_name(self.family_name, self.given_name)

    @property
    def municipality_code(self) -> str:
        """Code of the municipality of residence."""
        return str(self.residence_id)

    @property
    def prefecture_code(self) -> str:
        """Code of the prefecture of residence."""
        return str(self.residence.prefecture_id or self.residence_id)

    @property
    def address(self) -> str:
        """The address on one line, from the prefecture on."""
        parts = [f"{self.residence.full_name}{self.address_line}", self.building]
        return " ".join(part for part in parts if part)

    def age_on(self, day: date) -> int:
        """Completed years on `day`."""
        birthday_passed = (day.month, day.day) >= (self.birth_date.month, self.birth_date.day)
        return day.year - self.birth_date.year - (not birthday_passed)

    def is_minor_on(self, day: date) -> bool:
        """Under 18 (R11; Civil Code, article 4)."""
        return self.age_on(day) < ADULT_AGE


class TermsAcceptance(models.Model):
    """A resident agreed to one version of the terms or the privacy notice (R28)."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="acceptances"
    )
    terms = models.ForeignKey(Terms, on_delete=models.PROTECT, related_name="acceptances")
    accepted_at = models.DateTimeField(_("accepted at"), auto_now_add=True)

    class Meta:
        verbose_name = _("acceptance of terms")
        verbose_name_plural = _("acceptances of terms")
        constraints = [
            models.UniqueConstraint(fields=["user", "terms"], name="accounts_acceptance_uniq")
        ]

    def __str__(self) -> str:
        return f"{self.user_id} {self.terms_id}"
