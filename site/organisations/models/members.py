"""Who acts for an organisation, and who has been asked to."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from common.fields import EncryptedTextField
from organisations.enums import MemberRole
from organisations.models.organisations import Organisation
from tenants.models import Municipality


class MemberInvitation(models.Model):
    """An invitation by mail to act for an organisation; the link in it works once.

    Of the link's secret only the hash is kept, and the address only while the invitation is open.
    `municipality` is whose staff sent it; None of a manager's.
    """

    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="invitations"
    )
    role = models.CharField(_("role"), max_length=8, choices=MemberRole.choices)
    email = EncryptedTextField(_("e-mail address"), max_length=254, blank=True)
    token_hash = models.CharField(max_length=64, unique=True)
    municipality = models.ForeignKey(
        Municipality, on_delete=models.PROTECT, null=True, related_name="+"
    )
    invited_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    created_at = models.DateTimeField(_("invited at"))
    expires_at = models.DateTimeField(_("valid until"))
    closed_at = models.DateTimeField(_("taken up or taken back at"), null=True)
    accepted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )

    class Meta:
        verbose_name = _("invitation to an organisation")
        verbose_name_plural = _("invitations to organisations")
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.organisation_id} {self.role}"


class OrganisationMember(models.Model):
    """An account that acts for an organisation, from `since` until `ended_at`.

    Rows are added and ended, never deleted: what was done for an organisation stays somebody's.
    `name` is what the other members and the municipality see; it is empty once the account is
    closed. Whoever entered the organisation came without an invitation, everybody else with one.
    """

    account = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="organisation_members"
    )
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="members")
    role = models.CharField(_("role"), max_length=8, choices=MemberRole.choices)
    name = EncryptedTextField(pgettext_lazy("of a person", "name"), max_length=90, blank=True)
    invitation = models.OneToOneField(
        MemberInvitation, on_delete=models.PROTECT, null=True, related_name="member"
    )
    since = models.DateTimeField(_("since"))
    ended_at = models.DateTimeField(_("ended at"), null=True)

    class Meta:
        verbose_name = _("member of an organisation")
        verbose_name_plural = _("members of organisations")
        default_permissions = ()
        ordering = ["since", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["account", "organisation"],
                condition=Q(ended_at=None),
                name="organisations_member_once",
            ),
            # Once out, nobody comes back in without being asked.
            models.UniqueConstraint(
                fields=["organisation"],
                condition=Q(invitation=None),
                name="organisations_one_founder",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.organisation_id} {self.account_id} {self.role}"

    @property
    def is_manager(self) -> bool:
        return self.role == MemberRole.MANAGER
