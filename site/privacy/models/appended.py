"""Rows that are added and never changed."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from common.fields import EncryptedTextField
from tenants.staff.roles import Role


class Appended(models.Model):
    """A line of a record: when, and by whom.

    The database refuses UPDATE, DELETE and TRUNCATE (migration `…_append_only`) and takes a line
    only from the account it names. The name is kept for the municipality's own inspection: it
    stays readable when that person has left. Residents are shown the office, never the name.
    """

    at = models.DateTimeField(_("when"))
    # Empty where the clock did it.
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("by"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    actor_name = EncryptedTextField(_("name"), max_length=60, blank=True)
    # Roles held at that moment, with commas between.
    actor_roles = models.CharField(_("roles"), max_length=200, blank=True)

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Raises `TypeError` on change."""
        if not self._state.adding:
            raise TypeError(f"{self._meta.label} is added to, never changed")
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> Any:
        """Raises `TypeError`."""
        raise TypeError(f"{self._meta.label} is added to, never changed")

    @property
    def offices(self) -> list[str]:
        """The roles in the reader's language."""
        return [str(Role(role).label) for role in self.actor_roles.split(",") if role]
