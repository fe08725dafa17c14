"""That a minor's guardian agrees (R11)."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.models import Resident
from common.fields import EncryptedTextField
from identity.enums import ConsentEnd, ConsentMethod, InvitationOutcome, Relation
from tenants.models import Municipality, Terms


class GuardianInvitation(models.Model):
    """A minor asks a guardian by mail; the link in it works once.

    Of the link's secret only the hash is kept. `email`, of somebody who may want nothing of this,
    stands here only while the invitation is open. `guardian` is who agreed.
    """

    resident = models.ForeignKey(
        Resident, on_delete=models.PROTECT, related_name="guardian_invitations"
    )
    email = EncryptedTextField(_("guardian's e-mail address"), max_length=254, blank=True)
    token_hash = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField(_("invited at"))
    expires_at = models.DateTimeField(_("valid until"))
    outcome = models.CharField(
        _("outcome"), max_length=12, choices=InvitationOutcome.choices, blank=True
    )
    guardian = models.ForeignKey(
        Resident, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta:
        verbose_name = _("invitation of a guardian")
        verbose_name_plural = _("invitations of guardians")
        constraints = [
            models.UniqueConstraint(
                fields=["resident"], condition=Q(outcome=""), name="identity_one_open_invitation"
            )
        ]

    def __str__(self) -> str:
        return f"{self.pk} {self.outcome}"


class GuardianConsent(models.Model):
    """One consent: who agreed for which minor, what they are to each other, to which text, how.

    It holds while `end_reason` is empty and the resident is a minor. Rows are added and, once,
    ended; the database refuses every other change (see the migration). Only `guardian_name` can
    be blanked, when that person's account is closed.

    `guardian` is None where somebody signed on paper. `guardian_verified_at` says which proof of
    the guardian's identity it was given under. `ended_at` stays empty for who came of age: the
    day would be the date of birth, which stands nowhere in clear.
    """

    resident = models.ForeignKey(
        Resident, on_delete=models.PROTECT, related_name="guardian_consents"
    )
    guardian = models.ForeignKey(
        Resident,
        verbose_name=_("guardian's account"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="consents_given",
    )
    guardian_name = EncryptedTextField(_("guardian's name"), max_length=90, blank=True)
    relation = models.CharField(_("relation to the child"), max_length=16, choices=Relation.choices)
    terms = models.ForeignKey(
        Terms, verbose_name=_("text agreed to"), on_delete=models.PROTECT, related_name="+"
    )
    method = models.CharField(
        pgettext_lazy("consent", "how"), max_length=12, choices=ConsentMethod.choices
    )
    given_at = models.DateTimeField(_("agreed at"))
    # With the guardian's own account.
    invitation = models.OneToOneField(
        GuardianInvitation, on_delete=models.PROTECT, null=True, blank=True, related_name="consent"
    )
    guardian_verified_at = models.DateTimeField(
        _("guardian's identity verified at"), null=True, blank=True
    )
    # On paper: where, who took it, and where the paper lies.
    municipality = models.ForeignKey(
        Municipality, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    kept_at = models.CharField(_("where the paper is kept"), max_length=200, blank=True)

    ended_at = models.DateTimeField(_("ended at"), null=True, blank=True)
    end_reason = models.CharField(
        _("reason"), max_length=20, choices=ConsentEnd.choices, blank=True
    )
    # At the counter: who took the withdrawal, and the code of their municipality.
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    ended_in = models.CharField(max_length=6, blank=True)

    class Meta:
        verbose_name = _("guardian's consent")
        verbose_name_plural = _("guardians' consents")
        default_permissions = ("view", "add")
        constraints = [
            models.UniqueConstraint(
                fields=["resident"], condition=Q(end_reason=""), name="identity_one_consent"
            ),
            models.UniqueConstraint(
                fields=["resident", "given_at"], name="identity_consent_at_a_moment"
            ),
            models.CheckConstraint(
                condition=Q(
                    method=ConsentMethod.INVITATION,
                    guardian__isnull=False,
                    invitation__isnull=False,
                    guardian_verified_at__isnull=False,
                    municipality=None,
                    recorded_by=None,
                )
                | Q(
                    method=ConsentMethod.COUNTER,
                    guardian=None,
                    invitation=None,
                    municipality__isnull=False,
                    recorded_by__isnull=False,
                ),
                name="identity_consent_says_how",
            ),
            models.CheckConstraint(
                condition=Q(guardian=None) | ~Q(guardian=models.F("resident")),
                name="identity_nobody_s_own_guardian",
            ),
        ]
        indexes = [
            # Asked by `guard.children()`.
            models.Index(fields=["guardian"], condition=Q(end_reason=""), name="identity_children")
        ]

    def __str__(self) -> str:
        return f"{self.method} {self.given_at:%Y-%m-%d}"

    @property
    def is_over(self) -> bool:
        return bool(self.end_reason)


class ComingOfAge(models.Model):
    """Somebody whose guardian had consented is of age, was told so, and is asked themselves.

    One row a person, so nobody is told twice. It does not say when it was made: that day would
    be the birthday.
    """

    resident = models.OneToOneField(
        Resident, on_delete=models.PROTECT, primary_key=True, related_name="coming_of_age"
    )
    confirmed_at = models.DateTimeField(_("confirmed at"), null=True, blank=True)

    class Meta:
        verbose_name = _("coming of age")
        verbose_name_plural = _("comings of age")
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.resident_id}"
