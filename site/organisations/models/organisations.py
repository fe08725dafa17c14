"""Partner organisations: one row for the whole nation."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from organisations.enums import OrganisationKind
from tenants.models import Municipality


class Organisation(models.Model):
    """A body that runs activities (関係団体), in as many municipalities as trust it.

    Never deleted: activities in the municipalities' schemas name it without a constraint
    of the database, and past participations keep its name as their organiser.
    """

    name = models.CharField(pgettext_lazy("of an organisation", "name"), max_length=120)
    kana = models.CharField(_("furigana"), max_length=200, blank=True)
    kind = models.CharField(_("kind"), max_length=20, choices=OrganisationKind.choices)
    corporate_number = models.CharField(
        _("corporate number"),
        max_length=13,
        blank=True,
        help_text=_("Thirteen digits. Leave empty if there is none."),
    )
    contact_name = models.CharField(_("contact person"), max_length=60, blank=True)
    contact_phone = models.CharField(_("telephone number"), max_length=20, blank=True)
    contact_email = models.EmailField(_("e-mail address"), blank=True)
    website = models.URLField(_("website"), blank=True)
    municipalities = models.ManyToManyField(
        Municipality,
        through="organisations.Standing",
        related_name="organisations",
        verbose_name=_("municipalities"),
    )
    created_at = models.DateTimeField(_("entered at"), auto_now_add=True)
    # Whose staff sees it before it has a standing anywhere.
    entered_by = models.ForeignKey(
        Municipality, on_delete=models.PROTECT, null=True, editable=False, related_name="+"
    )

    # The resident who entered it; None where a municipality's staff did.
    signed_up_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        editable=False,
        related_name="+",
    )

    class Meta:
        verbose_name = _("partner organisation")
        verbose_name_plural = _("partner organisations")
        ordering = ["kana", "name"]

    def __str__(self) -> str:
        return self.name
