"""Who intends to come."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.models import Resident
from attendance.enums import AgeGroup, SignUpStatus
from attendance.rules.components import Booking
from attendance.rules.lottery import new_ticket
from common.fields import EncryptedJSONField, EncryptedTextField
from tenants.models import Municipality


class SignUp(models.Model):
    """A resident's way to a place in one session of a municipality's activity.

    Sessions live in the municipality's schema, so this row names one by its UUID and keeps
    what the resident saw when signing up. Name, telephone number, age group and whoever comes
    along are what the resident discloses to the coordinator by signing up.
    """

    resident = models.ForeignKey(Resident, on_delete=models.PROTECT, related_name="sign_ups")
    municipality = models.ForeignKey(Municipality, on_delete=models.PROTECT, related_name="+")
    session_uuid = models.UUIDField(pgettext_lazy("activity", "session"), db_index=True)
    status = models.CharField(
        _("status"),
        max_length=12,
        choices=SignUpStatus.choices,
        default=SignUpStatus.SIGNED_UP,
    )
    # Public in a draw's result, and says nothing of anybody. Kept when somebody withdraws and
    # signs up again: nobody draws twice.
    ticket = models.CharField(_("ticket number"), max_length=9, default=new_ticket, editable=False)
    party = models.PositiveSmallIntegerField(_("number of places"), default=1, db_default=1)
    # `[{"name": …, "age_group": …}]`, without the resident.
    companions = EncryptedJSONField(_("who comes along"), blank=True, default=list, db_default="")
    # What is booked along with the place (`rules.components`), None where nothing is: childcare
    # says something of a family. Read as `booked`.
    components = EncryptedJSONField(_("booked along"), blank=True, default=None, db_default="")
    age_group = EncryptedTextField(
        _("age group"), choices=AgeGroup.choices, blank=True, default="", db_default=""
    )
    guardian_name = EncryptedTextField(
        _("guardian's name"), max_length=90, blank=True, default="", db_default=""
    )
    guardian_phone = EncryptedTextField(
        _("guardian's telephone number"), max_length=20, blank=True, default="", db_default=""
    )
    # Where somebody stands on the waiting list: smaller is nearer. Numbers shown are counted.
    line = models.PositiveIntegerField(_("order on the waiting list"), null=True, blank=True)
    answer_by = models.DateTimeField(_("to be answered by"), null=True, blank=True)
    # The last move (`rules.moves`), when and by whom: the database keeps every one of them.
    move = models.CharField(_("last change"), max_length=12, default="", db_default="")
    moved_at = models.DateTimeField(_("time of the last change"), null=True)
    moved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    reason = EncryptedTextField(_("reason"), max_length=300, blank=True, default="", db_default="")
    # Of the entry in calendars: higher with every change that one must hear of.
    sequence = models.PositiveIntegerField(_("version"), default=0, db_default=0)
    reminded_at = models.DateTimeField(_("reminded at"), null=True)
    activity_title = models.CharField(_("activity"), max_length=255)
    starts_at = models.DateTimeField(_("starts at"))
    ends_at = models.DateTimeField(_("ends at"))
    place = models.CharField(_("place"), max_length=200, blank=True)
    page_path = models.CharField(_("address of the activity"), max_length=500)
    name = models.CharField(_("name"), max_length=90)
    kana = models.CharField(_("furigana"), max_length=130)
    phone = EncryptedTextField(_("telephone number"), max_length=20, blank=True)
    created_at = models.DateTimeField(_("signed up at"), auto_now_add=True)
    updated_at = models.DateTimeField(_("changed at"), auto_now=True)

    class Meta:
        verbose_name = _("sign-up")
        verbose_name_plural = _("sign-ups")
        indexes = [
            models.Index(
                fields=["answer_by"],
                condition=models.Q(status=SignUpStatus.OFFERED),
                name="attendance_offers",
            ),
            models.Index(
                fields=["starts_at"],
                condition=models.Q(status=SignUpStatus.SIGNED_UP, reminded_at=None),
                name="attendance_to_remind",
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["resident", "session_uuid"], name="attendance_sign_up_uniq"
            ),
            models.UniqueConstraint(fields=["session_uuid", "ticket"], name="attendance_ticket"),
        ]

    def __str__(self) -> str:
        return f"{self.session_uuid} {self.status}"

    @property
    def extra(self) -> int:
        """How many come along."""
        return self.party - 1

    @property
    def booked(self) -> Booking:
        """What is booked along; empty where nothing is."""
        return self.components or []

    @property
    def misses_some(self) -> bool:
        """Whether something wished was not left when the place was given."""
        return any(one["missed"] for one in self.booked)

    @property
    def holds_place(self) -> bool:
        """Whether a place is theirs or kept for them, and with it what they book along."""
        return self.status in {SignUpStatus.SIGNED_UP, SignUpStatus.OFFERED}

    @property
    def is_open(self) -> bool:
        return self.status in {
            SignUpStatus.APPLIED,
            SignUpStatus.SIGNED_UP,
            SignUpStatus.WAITING,
            SignUpStatus.OFFERED,
        }


class SignUpEvent(models.Model):
    """One move of a sign-up. The database writes it, whatever changes the status, and lets
    nobody change it. Words about a person stand on the sign-up, where they can be erased."""

    sign_up = models.ForeignKey(
        SignUp, on_delete=models.DO_NOTHING, db_constraint=False, related_name="events"
    )
    from_status = models.CharField(
        _("status before"), max_length=12, choices=SignUpStatus.choices, blank=True
    )
    to_status = models.CharField(_("status"), max_length=12, choices=SignUpStatus.choices)
    move = models.CharField(_("change"), max_length=12, blank=True)
    party = models.PositiveSmallIntegerField(_("number of places"))
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.DO_NOTHING, db_constraint=False,
        related_name="+",
    )  # fmt: skip
    at = models.DateTimeField(_("time"))

    class Meta:
        verbose_name = _("change of a sign-up")
        verbose_name_plural = _("changes of sign-ups")
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.sign_up_id}: {self.from_status} {self.to_status}"


class Draw(models.Model):
    """The draw of one session: the seed's hash is published with the page, seed and result with
    the result, after which the database lets nobody change them."""

    municipality = models.ForeignKey(Municipality, on_delete=models.PROTECT, related_name="+")
    session_uuid = models.UUIDField(pgettext_lazy("activity", "session"), unique=True)
    seed = EncryptedTextField(_("seed"), max_length=64)
    seed_hash = models.CharField(_("hash of the seed"), max_length=64)
    committed_at = models.DateTimeField(_("seed made at"))
    # When the clock draws; None where the session has no draw any more.
    due_at = models.DateTimeField(_("to be drawn at"), null=True)
    drawn_at = models.DateTimeField(_("drawn at"), null=True)
    drawn_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    places = models.PositiveIntegerField(_("places drawn for"), null=True)
    # `rules.lottery.Drawn.as_json`.
    result = models.JSONField(_("result"), default=list)

    class Meta:
        verbose_name = _("draw")
        verbose_name_plural = _("draws")
        indexes = [
            models.Index(
                fields=["due_at"], condition=models.Q(drawn_at=None), name="attendance_draws_due"
            )
        ]

    def __str__(self) -> str:
        return str(self.session_uuid)


class CalendarFeed(models.Model):
    """The address under which a resident's calendar reads what they have signed up for. The
    address is made of `secret` and a MAC: who reads the database cannot make one."""

    resident = models.OneToOneField(Resident, on_delete=models.PROTECT, related_name="+")
    secret = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    created_at = models.DateTimeField(_("made at"))

    class Meta:
        verbose_name = _("calendar address")
        verbose_name_plural = _("calendar addresses")

    def __str__(self) -> str:
        return str(self.pk)
