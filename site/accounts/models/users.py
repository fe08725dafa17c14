"""The account: how somebody signs in, whether resident, staff or operator."""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib.auth.models import (
    AbstractBaseUser,
    BaseUserManager,
    Group,
    Permission,
    PermissionsMixin,
)
from django.db import models
from django.utils.translation import gettext_lazy as _


class UserManager(BaseUserManager["User"]):
    def create_user(self, email: str | None, password: str | None = None, **fields: Any) -> User:
        """Make an account; the address is kept in lower case, so it is unique as people type it."""
        user = self.model(email=email.strip().lower() if email else None, **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def with_email(self, email: str) -> User | None:
        """The account of this address, however it is typed. By equality: anything else would
        leave the index behind the table's row security unused."""
        return self.filter(email=email.strip().lower()).first()

    def get_by_natural_key(self, username: str | None) -> User:
        return self.get(email=(username or "").strip().lower())


class User(AbstractBaseUser, PermissionsMixin):
    """An account, in the shared schema.

    Its groups and permissions are those of the schema that is active (see
    `tenants.staff.models`), so a `User` read in one schema is never used in another.
    `is_superuser` is global and therefore never set.
    """

    # None: a person whom staff entered at the counter, or whose account is closed.
    email = models.EmailField(_("e-mail address"), unique=True, null=True, blank=True)
    name = models.CharField(_("name"), max_length=60, blank=True)
    is_active = models.BooleanField(_("active"), default=True)
    date_joined = models.DateTimeField(_("since"), auto_now_add=True)
    # A passkey is offered once; afterwards it is found under "Sign-in and devices".
    passkey_offered_at = models.DateTimeField(null=True, editable=False)
    groups = models.ManyToManyField(  # type: ignore[assignment]
        Group,
        through="staff.Membership",
        blank=True,
        related_name="user_set",
        related_query_name="user",
        verbose_name=_("roles"),
    )
    user_permissions = models.ManyToManyField(  # type: ignore[assignment]
        Permission,
        through="staff.DirectPermission",
        blank=True,
        related_name="user_set",
        related_query_name="user",
    )

    objects = UserManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    class Meta:
        verbose_name = _("account")
        verbose_name_plural = _("accounts")

    def __str__(self) -> str:
        return self.email or f"{self.pk}"

    def get_full_name(self) -> str:
        """What Wagtail shows as the author."""
        return self.name or str(self)

    def get_short_name(self) -> str:
        return self.get_full_name()

    # Wagtail reads these two where it names a user.
    @property
    def first_name(self) -> str:
        return self.name

    @property
    def last_name(self) -> str:
        return ""
