"""Membership in a municipality: one table in every schema.

`accounts.User.groups` goes through `Membership` and `user_permissions` through
`DirectPermission`. Both tables live in each municipality's schema, so a group, and with it
every Wagtail permission, holds in one municipality only.
"""

from django.conf import settings
from django.contrib.auth.models import Group, Permission
from django.db import models
from django.utils.translation import gettext_lazy as _


class Membership(models.Model):
    """A user's role in the municipality whose schema this row is in."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="memberships"
    )
    group = models.ForeignKey(Group, verbose_name=_("role"), on_delete=models.CASCADE)
    joined_at = models.DateTimeField(_("since"), auto_now_add=True)

    class Meta:
        verbose_name = _("staff member")
        verbose_name_plural = _("staff members")
        constraints = [
            models.UniqueConstraint(fields=["user", "group"], name="staff_membership_uniq")
        ]

    def __str__(self) -> str:
        return f"{self.user_id} / {self.group_id}"


class DirectPermission(models.Model):
    """Never written. Django's own table would sit in public alone, and its permission ids
    would be read against the municipality's permissions."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    permission = models.ForeignKey(Permission, on_delete=models.CASCADE, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["user", "permission"], name="staff_directpermission_uniq"
            )
        ]

    def __str__(self) -> str:
        return f"{self.user_id} / {self.permission_id}"


class Invitation(models.Model):
    """An invitation by mail to work for this municipality; only the token's hash is kept."""

    email = models.EmailField(_("e-mail address"))
    group = models.ForeignKey(Group, verbose_name=_("role"), on_delete=models.CASCADE)
    token_hash = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField(_("invited at"), auto_now_add=True)
    expires_at = models.DateTimeField(_("valid until"))
    accepted_at = models.DateTimeField(_("accepted at"), null=True, blank=True)

    class Meta:
        verbose_name = _("invitation")
        verbose_name_plural = _("invitations")

    def __str__(self) -> str:
        return self.email
