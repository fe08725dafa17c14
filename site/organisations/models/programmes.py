"""One programme of an organisation in several municipalities (A16.5)."""

from __future__ import annotations

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from organisations.models.organisations import Organisation
from tenants.models import Municipality


class JointProgramme(models.Model):
    """A name that activities of one organisation in several municipalities share.

    It joins their pages and nothing else: each municipality designates its own sessions, and
    its own residents' participations count there. Never deleted, as the organisation.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="joint_programmes"
    )
    name = models.CharField(pgettext_lazy("of a joint programme", "name"), max_length=120)
    entered_by = models.ForeignKey(
        Municipality, on_delete=models.PROTECT, editable=False, related_name="+"
    )
    created_at = models.DateTimeField(_("entered at"), auto_now_add=True)

    class Meta:
        verbose_name = _("joint programme")
        verbose_name_plural = _("joint programmes")
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "name"], name="organisations_programme_name"
            )
        ]

    def __str__(self) -> str:
        return self.name
