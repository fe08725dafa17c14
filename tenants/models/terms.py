"""Versions of the texts that municipalities and residents agree to (R28)."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import models
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from common import clock
from tenants.enums import TermsKind


class TermsQuerySet(models.QuerySet["Terms"]):
    def in_force(self, kind: str) -> Terms:
        """The newest version of `kind` that is in force today. Raises `Terms.DoesNotExist`."""
        return (
            self.filter(kind=kind, effective_from__lte=clock.today())
            .order_by("-effective_from", "-pk")[:1]
            .get()
        )

    def all_in_force(self, kinds: Iterable[str]) -> TermsQuerySet:
        """Of each kind the newest version that is in force today; one query."""
        return (
            self.filter(kind__in=kinds, effective_from__lte=clock.today())
            .order_by("kind", "-effective_from", "-pk")
            .distinct("kind")
        )


class Terms(models.Model):
    """One version of one text; never edited once somebody has agreed to it."""

    kind = models.CharField(_("kind"), max_length=16, choices=TermsKind.choices)
    version = models.CharField(_("version"), max_length=16)
    effective_from = models.DateField(_("in force from"))
    body_ja = models.TextField(_("text in Japanese"))
    body_en = models.TextField(_("text in English"))

    objects = TermsQuerySet.as_manager()

    class Meta:
        verbose_name = _("terms")
        verbose_name_plural = _("terms")
        constraints = [
            models.UniqueConstraint(fields=["kind", "version"], name="tenants_terms_version_uniq")
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.version}"

    @property
    def body(self) -> str:
        """The text in the reader's language; the Japanese text is the binding one."""
        return self.body_en if (get_language() or "ja").startswith("en") else self.body_ja
