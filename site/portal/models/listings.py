"""The portal's own index of sessions over all municipalities."""

from __future__ import annotations

from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from tenants.models import Municipality


class ActivityListing(models.Model):
    """One published session of one municipality, as the portal lists it.

    A copy made by the worker from the municipality's schema; never edited, always
    replaced. `page_id` is the activity page's id in that schema.
    """

    municipality = models.ForeignKey(Municipality, on_delete=models.CASCADE, related_name="+")
    prefecture_code = models.CharField(_("prefecture"), max_length=6)
    page_id = models.PositiveBigIntegerField()
    session_uuid = models.UUIDField(unique=True)
    title = models.CharField(pgettext_lazy("listing", "title"), max_length=255)
    summary = models.TextField(_("summary"), blank=True)
    category = models.CharField(_("category"), max_length=60, blank=True)
    place = models.CharField(_("place"), max_length=200, blank=True)
    is_remote = models.BooleanField(_("online"), default=False)
    is_paid = models.BooleanField(_("paid"), default=False)
    designated = models.BooleanField(_("counts as a hands-on activity"), default=False)
    starts_at = models.DateTimeField(_("starts at"))
    ends_at = models.DateTimeField(_("ends at"))
    is_urgent = models.BooleanField(_("urgent"), default=False)
    # Of `organisations.JointProgramme`; dates of one programme find each other by it.
    joint_programme = models.UUIDField(null=True)
    page_path = models.CharField(max_length=500)
    words = SearchVectorField()

    class Meta:
        verbose_name = _("listed activity")
        verbose_name_plural = _("listed activities")
        ordering = ["starts_at", "pk"]
        indexes = [
            models.Index(fields=["prefecture_code", "starts_at"], name="portal_by_prefecture"),
            models.Index(fields=["ends_at"], name="portal_by_end"),
            models.Index(fields=["municipality", "page_id"], name="portal_by_page"),
            models.Index(
                fields=["prefecture_code"], condition=Q(is_urgent=True), name="portal_urgent"
            ),
            models.Index(
                fields=["joint_programme"],
                condition=Q(joint_programme__isnull=False),
                name="portal_joint",
            ),
            GinIndex(fields=["words"], name="portal_words"),
        ]

    def __str__(self) -> str:
        return f"{self.title} {self.starts_at:%Y-%m-%d}"
