"""Where hands are needed: what residents and organisations tell the municipality (A10.1)."""

from __future__ import annotations

import uuid
from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from activities.enums import NeedOrigin, NeedState
from activities.rules.needs import WAITING, may_withdraw
from common.fields import EncryptedTextField
from organisations.models import Organisation


class NeedQuerySet(models.QuerySet["Need"]):
    def waiting(self) -> NeedQuerySet:
        """Those a coordinator has to do something about, the oldest first."""
        return self.filter(state__in=WAITING).order_by("created_at", "pk")

    def withdrawn_since(self, moment: datetime) -> NeedQuerySet:
        """Those that whoever told them has taken back after `moment`."""
        return self.filter(state=NeedState.WITHDRAWN, decided_at__gt=moment)

    def told_by(self, resident_id: UUID) -> NeedQuerySet:
        """A resident's own, newest first, with their activities; none told for an organisation."""
        rows = self.filter(resident_id=resident_id, organisation=None)
        return rows.select_related("activity").order_by("-created_at", "-pk")

    def of_organisation(self, organisation_id: int) -> NeedQuerySet:
        """What an organisation's members told in its workspace, newest first, with activities."""
        rows = self.filter(organisation=organisation_id).select_related("activity")
        return rows.order_by("-created_at", "-pk")


class Need(models.Model):
    """A need for hands (担い手ニーズ, 困りごと), from being told to what became of it.

    Told by a resident on the web (`resident_id`, an opaque id), for themself or in the workspace
    of an `organisation`, whose need it then is; or entered by staff for somebody who telephoned
    (`entered_by`). Moves between states are `rules.needs`'. Once it
    became an activity, `activity` is its page; None again if that page was deleted. All words
    are encrypted: people write of themselves and of their neighbours.
    `client_key` is made with the form: the same form sent twice is one need.
    """

    title = EncryptedTextField(
        _("what is it about?"),
        max_length=100,
        help_text=_("In a few words, such as “Mowing the path to the shrine”."),
    )
    wanted = EncryptedTextField(
        _("what help is needed?"),
        max_length=1000,
        help_text=_("What is to be done, and why it can't be done alone."),
    )
    place = EncryptedTextField(_("where?"), max_length=200)
    when_about = EncryptedTextField(
        _("when, roughly?"),
        max_length=100,
        blank=True,
        help_text=_("Such as “a weekend in October”. Leave empty if any time will do."),
    )
    people = models.PositiveSmallIntegerField(
        _("how many people would help?"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1), MaxValueValidator(9_999)],
    )
    origin = models.CharField(
        pgettext_lazy("of a need", "told by"),
        max_length=12,
        choices=NeedOrigin.choices,
        default=NeedOrigin.RESIDENT,
    )
    organisation_name = EncryptedTextField(
        _("name of the organisation"),
        max_length=120,
        blank=True,
        help_text=_("Only if you write for one."),
    )
    contact_name = EncryptedTextField(pgettext_lazy("of a need", "name to ask for"), max_length=90)
    contact_phone = EncryptedTextField(_("telephone number"), max_length=20, blank=True)
    contact_email = EncryptedTextField(_("e-mail address"), max_length=254, blank=True)
    may_be_named = models.BooleanField(
        _("The name may stand on the activity's page"),
        default=False,
        help_text=_(
            "The page then says whose voice the activity came from: the organisation's name, or"
            " else the name to ask for. Without it no name is shown."
        ),
    )
    # Organisations live in the shared schema and are never deleted; as on the activity's page.
    organisation = models.ForeignKey(
        Organisation,
        on_delete=models.DO_NOTHING,
        db_constraint=False,
        null=True,
        editable=False,
        related_name="+",
    )
    resident_id = models.UUIDField(_("resident"), null=True, db_index=True, editable=False)
    # Accounts live in the shared schema and are anonymised, never deleted.
    entered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.DO_NOTHING,
        db_constraint=False,
        null=True,
        editable=False,
        related_name="+",
    )
    client_key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    language = models.CharField(max_length=10, default="ja", editable=False)
    created_at = models.DateTimeField(_("told at"), editable=False)
    state = models.CharField(
        _("status"), max_length=12, choices=NeedState.choices, default=NeedState.NEW, editable=False
    )
    answer = EncryptedTextField(
        pgettext_lazy("of a need", "answer"), max_length=500, blank=True, editable=False
    )
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.DO_NOTHING,
        db_constraint=False,
        null=True,
        editable=False,
        related_name="+",
    )
    decided_at = models.DateTimeField(null=True, editable=False)
    activity = models.ForeignKey(
        "activities.ActivityPage",
        verbose_name=_("activity"),
        on_delete=models.SET_NULL,
        null=True,
        editable=False,
        related_name="needs",
    )
    # Whoever told it has been told that the activity is public: once.
    published_told_at = models.DateTimeField(null=True, editable=False)

    objects = NeedQuerySet.as_manager()

    class Meta:
        verbose_name = _("need")
        verbose_name_plural = _("needs")
        default_permissions = ()
        ordering = ["-created_at", "-pk"]

    def __str__(self) -> str:
        return f"{self.pk}"  # stands in the history of the site: no word of the need itself

    @property
    def can_be_withdrawn(self) -> bool:
        """By whoever told it."""
        return may_withdraw(self.state)

    @property
    def credit(self) -> str:
        """The name that may be shown to everybody; empty where none may."""
        return (self.organisation_name or self.contact_name) if self.may_be_named else ""
