"""The resident: the person behind the account, as far as the scheme needs to know them."""

from __future__ import annotations

import uuid
from datetime import date
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models.functions import Now, TruncDate
from django.utils.translation import gettext_lazy as _

from accounts.enums import Persona
from accounts.rules.ages import age_on
from accounts.rules.countries import JAPAN, country_name
from common import clock
from common.fields import EncryptedDateField, EncryptedTextField
from common.text import short_name
from tenants.models import LocalGovernment


def _today() -> TruncDate:
    """For rows that were there before anybody looked: as if all had been seen that day."""
    return TruncDate(Now(), tzinfo=clock.TOKYO)


# What is left of a profile once it is a pseudonym.
EMPTY_PROFILE: dict[str, Any] = {
    "family_name": "",
    "given_name": "",
    "family_kana": "",
    "given_kana": "",
    "birth_date": None,
    "postal_code": "",
    "residence": None,
    "address_line": "",
    "building": "",
    "phone": "",
    "languages": [],
    "interests": [],
    "persona": "",
}


class Resident(models.Model):
    """A person who registers with municipalities (ふるさと住民).

    Municipalities' schemas know a resident only by `id`, a random UUID. A profile is complete
    once the person has given name, furigana, birth date and address. Whoever lives abroad has no
    `residence` and the whole address in `address_line`.

    Once the account is closed the row is a pseudonym: the ledger goes on naming `id`, and nothing
    here says whose it was.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="resident"
    )
    family_name = models.CharField(_("family name"), max_length=40)
    given_name = models.CharField(_("given name"), max_length=40)
    family_kana = models.CharField(_("family name in katakana"), max_length=60)
    given_kana = models.CharField(_("given name in katakana"), max_length=60)
    birth_date = EncryptedDateField(_("date of birth"), blank=True)
    country = models.CharField(_("country"), max_length=2, default=JAPAN, db_default=JAPAN)
    postal_code = EncryptedTextField(_("postal code"), max_length=16, blank=True)
    residence = models.ForeignKey(
        LocalGovernment,
        verbose_name=_("municipality of residence"),
        on_delete=models.PROTECT,
        related_name="+",
        null=True,
        blank=True,
    )
    address_line = EncryptedTextField(_("town and number"), max_length=300)
    building = EncryptedTextField(_("building and room"), max_length=80, blank=True)
    phone = EncryptedTextField(_("telephone number"), max_length=20, blank=True)
    # Codes of `accounts.enums.SpokenLanguage` and `accounts.enums.Interest`.
    languages = models.JSONField(_("languages spoken"), default=list, db_default=[], blank=True)
    interests = models.JSONField(_("interests"), default=list, db_default=[], blank=True)
    persona = models.CharField(
        _("what brings you here"),
        max_length=16,
        choices=Persona.choices,
        blank=True,
        default="",
        db_default="",
    )
    language = models.CharField(_("language of mails"), max_length=10, default="ja")
    created_at = models.DateTimeField(_("since"), auto_now_add=True)
    updated_at = models.DateTimeField(_("changed at"), auto_now=True)
    # Any sign-in, and once a day whoever is signed in (accounts.operations.access).
    seen_on = models.DateField(_("last seen on"), default=clock.today, db_default=_today())
    closed_at = models.DateTimeField(_("closed at"), null=True, blank=True)
    # A second account of the same person (accounts.operations.merge) names the one that is used.
    merged_into = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="merged"
    )

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
    def lives_abroad(self) -> bool:
        return self.country != JAPAN

    @property
    def municipality_code(self) -> str:
        """Code of the municipality of residence; "" abroad."""
        return str(self.residence_id or "")

    @property
    def prefecture_code(self) -> str:
        """Code of the prefecture of residence; "" abroad."""
        if self.residence is None:
            return ""
        return str(self.residence.prefecture_id or self.residence_id)

    @property
    def address(self) -> str:
        """The address on one line: from the prefecture on, or abroad with the country's name."""
        start = self.residence.full_name if self.residence else ""
        end = country_name(self.country) if self.lives_abroad else ""
        parts = [f"{start}{self.address_line}", self.building, end]
        return " ".join(part for part in parts if part)

    def age_on(self, day: date) -> int:
        """Completed years on `day`, by the date of birth that stands here.

        Whether somebody is a minor is asked of `identity.queries`, which knows what is proved.
        """
        return age_on(self.birth_date, day)
