"""What somebody agreed to: for which purpose, in which version, and until when (R28)."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from common import clock
from privacy.enums import ConsentEnd, ConsentPurpose
from tenants.enums import TermsKind
from tenants.models import Municipality, Terms

_GOVERNMENT = "municipality__local_government__prefecture"
# Which text is agreed to for which purpose.
TEXTS = {
    ConsentPurpose.TERMS: TermsKind.RESIDENT,
    ConsentPurpose.PRIVACY_NOTICE: TermsKind.PRIVACY,
    ConsentPurpose.DISCLOSURE: TermsKind.DISCLOSURE,
    ConsentPurpose.MAILING: TermsKind.MAILING,
    ConsentPurpose.ORGANISATIONS: TermsKind.ORGANISATIONS,
}
# Each municipality is agreed to by itself.
PER_MUNICIPALITY = (ConsentPurpose.DISCLOSURE, ConsentPurpose.MAILING)
_RUNNING = Q(ended_at=None)


class ConsentQuerySet(models.QuerySet["Consent"]):
    def of(self, account: int) -> ConsentQuerySet:
        return self.filter(user_id=account)

    def running(self) -> ConsentQuerySet:
        return self.filter(_RUNNING)

    def ended(self) -> ConsentQuerySet:
        """Latest end first."""
        return self.exclude(_RUNNING).order_by("-ended_at", "-pk")

    def locked(self) -> ConsentQuerySet:
        return self.select_for_update(of=("self",))

    def in_words(self) -> ConsentQuerySet:
        """With what a page needs to name text and municipality; the texts themselves are left."""
        return self.select_related("text", _GOVERNMENT).defer("text__body_ja", "text__body_en")

    def end(self, reason: ConsentEnd) -> int:
        """End those that run; how many did."""
        return self.running().update(ended_at=clock.now(), end_reason=reason)


class Consent(models.Model):
    """One consent of one account to one version of a text; it runs until `ended_at`.

    `municipality` is set for purposes that are agreed to municipality by municipality.
    `on_paper_by` is the member of staff who holds the signed paper, None for whoever agreed here
    themselves. Rows are added and, once, ended; the database refuses every other change (see the
    migration). They stay as evidence when the account is closed.
    """

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="consents"
    )
    purpose = models.CharField(_("purpose"), max_length=16, choices=ConsentPurpose.choices)
    municipality = models.ForeignKey(
        Municipality,
        verbose_name=_("municipality"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    text = models.ForeignKey(
        Terms, verbose_name=_("text agreed to"), on_delete=models.PROTECT, related_name="+"
    )
    given_at = models.DateTimeField(_("agreed at"), default=clock.now)
    on_paper_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("on paper, taken by"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    ended_at = models.DateTimeField(_("ended at"), null=True, blank=True)
    end_reason = models.CharField(
        _("reason"), max_length=12, choices=ConsentEnd.choices, blank=True
    )

    objects = ConsentQuerySet.as_manager()

    class Meta:
        verbose_name = pgettext_lazy("of a resident", "consent")
        verbose_name_plural = pgettext_lazy("of a resident", "consents")
        default_permissions = ()
        ordering = ["given_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["user", "purpose", "municipality"],
                condition=_RUNNING,
                nulls_distinct=False,
                name="privacy_one_running_consent",
            ),
            models.CheckConstraint(
                condition=Q(ended_at=None, end_reason="")
                | (Q(ended_at__isnull=False) & ~Q(end_reason="")),
                name="privacy_consent_ends_for_a_reason",
            ),
            models.CheckConstraint(
                condition=Q(purpose__in=PER_MUNICIPALITY, municipality__isnull=False)
                | (~Q(purpose__in=PER_MUNICIPALITY) & Q(municipality=None)),
                name="privacy_consent_where_it_belongs",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} {self.purpose} {self.municipality_id or ''}"

    @property
    def key(self) -> tuple[str, str]:
        """Purpose and code of the municipality, "" without one: of each at most one runs."""
        return self.purpose, str(self.municipality_id or "")


def purpose_of(text: Terms) -> ConsentPurpose:
    """What agreeing to `text` is for. Raises `KeyError` for texts residents do not agree to."""
    return _PURPOSES[TermsKind(text.kind)]


_PURPOSES = {kind: purpose for purpose, kind in TEXTS.items()}
