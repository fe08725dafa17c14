"""From where staff may reach a municipality's admin (R2)."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from common import clock
from tenants.models.municipalities import Municipality


class NetworkRangeQuerySet(models.QuerySet["NetworkRange"]):
    def in_force(self) -> NetworkRangeQuerySet:
        """Those that have not been removed."""
        return self.filter(removed_at=None)


class NetworkRange(models.Model):
    """A range of addresses from which the admin of one municipality can be reached.

    Outside of all its ranges the admin host answers like an unknown one; without any range it
    is open to every address. `cidr` is written as `tenants.rules.networks` writes it. A range
    that is removed stays as a row: who opened or closed the door, and when.
    """

    municipality = models.ForeignKey(
        Municipality,
        verbose_name=_("municipality"),
        on_delete=models.CASCADE,
        related_name="network_ranges",
    )
    cidr = models.CharField(_("network range"), max_length=43)
    label = models.CharField(_("what it is"), max_length=60, blank=True)
    created_at = models.DateTimeField(_("added at"), default=clock.now)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("added by"),
        on_delete=models.PROTECT,
        related_name="+",
    )
    removed_at = models.DateTimeField(_("removed at"), null=True, blank=True)
    removed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("removed by"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )

    objects = NetworkRangeQuerySet.as_manager()

    class Meta:
        verbose_name = _("network range")
        verbose_name_plural = _("network ranges")
        ordering = ["created_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["municipality", "cidr"],
                condition=Q(removed_at=None),
                name="tenants_networkrange_uniq",
            )
        ]

    def __str__(self) -> str:
        return self.cidr
