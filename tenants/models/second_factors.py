"""Second factors of staff and operators: what they hold besides the password."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from common import clock
from common.fields import EncryptedTextField
from tenants.enums import FactorEvent, FactorKind
from tenants.models.municipalities import Municipality


class SecondFactor(models.Model):
    """One factor of one account, good on one host: the admin host of `municipality`, or the
    operator's where there is none.

    The wall asks whose host a row is of: what opens one host can never count on another.
    """

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("account"),
        on_delete=models.CASCADE,
        related_name="second_factors",
    )
    municipality = models.ForeignKey(
        Municipality,
        verbose_name=_("municipality"),
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="+",
    )
    kind = models.CharField(_("kind"), max_length=8, choices=FactorKind.choices)
    label = models.CharField(_("name"), max_length=60, blank=True)
    created_at = models.DateTimeField(_("added at"), default=clock.now)
    last_used_at = models.DateTimeField(_("used last"), null=True, blank=True)
    # Of an authenticator app: the shared secret (base32), the time step of the newest code that was
    # taken, codes that were wrong since, and until when no code is looked at.
    secret = EncryptedTextField(blank=True)
    last_step = models.BigIntegerField(default=0)
    wrong_codes = models.PositiveIntegerField(default=0)
    wait_until = models.DateTimeField(null=True, blank=True)
    # Of a passkey: the host it was made for (WebAuthn's RP id), its id and public key (base64url),
    # and its count of signatures, 0 where it keeps none.
    rp_id = models.CharField(max_length=253, blank=True)
    credential_id = models.CharField(max_length=1400, blank=True)
    credential = models.TextField(blank=True)
    sign_count = models.BigIntegerField(default=0)
    # Its secret is in our repository: never counts in production.
    is_demonstration = models.BooleanField(_("demonstration"), default=False)

    class Meta:
        verbose_name = _("second factor")
        verbose_name_plural = _("second factors")
        ordering = ["created_at", "pk"]
        indexes = [models.Index(fields=["user", "municipality"], name="tenants_factor_of")]
        constraints = [
            models.UniqueConstraint(
                fields=["credential_id"],
                condition=~Q(credential_id=""),
                name="tenants_factor_credential_uniq",
            )
        ]

    def __str__(self) -> str:
        return self.label or self.get_kind_display()


class SecondFactorEvent(models.Model):
    """A line of history: whose factors were changed, how, by whom, on which host.

    Rows are added, never changed; the database refuses it.
    """

    municipality = models.ForeignKey(
        Municipality,
        verbose_name=_("municipality"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("whose"),
        on_delete=models.PROTECT,
        related_name="+",
    )
    event = models.CharField(_("what happened"), max_length=8, choices=FactorEvent.choices)
    kind = models.CharField(_("kind"), max_length=8, choices=FactorKind.choices, blank=True)
    happened_at = models.DateTimeField(_("when"), default=clock.now)
    # Empty where somebody did it at the command line.
    done_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("by whom"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )

    class Meta:
        verbose_name = _("change of second factors")
        verbose_name_plural = _("changes of second factors")
        ordering = ["-happened_at", "-pk"]
        indexes = [
            models.Index(fields=["municipality", "-happened_at"], name="tenants_factorevent_when"),
            models.Index(fields=["person", "event"], name="tenants_factorevent_who"),
        ]

    def __str__(self) -> str:
        return f"{self.person_id}: {self.event}"
