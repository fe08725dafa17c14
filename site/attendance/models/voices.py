"""A participant's word about an activity and its host (参加した人の声, A16.6), and the answer."""

from __future__ import annotations

from uuid import UUID

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.models import Resident, User
from attendance.enums import VoiceState
from attendance.rules.voices import ANSWER_LENGTH, MAX_LENGTH, NAME_LENGTH, REASON_LENGTH
from common.fields import EncryptedTextField
from organisations.models import Organisation
from tenants.models import Municipality


class _Read(models.Model):
    """What the municipality reads before everybody else does. Other words are another row: so
    nobody can publish what they have not read."""

    state = models.CharField(
        pgettext_lazy("words of a participant", "state"),
        max_length=9,
        choices=VoiceState.choices,
        default=VoiceState.WAITING,
    )
    written_at = models.DateTimeField(_("written at"))
    decided_by = models.ForeignKey(
        User, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    decided_at = models.DateTimeField(null=True, blank=True)
    reason = EncryptedTextField(_("reason"), max_length=REASON_LENGTH, blank=True, default="")

    class Meta:
        abstract = True

    @property
    def is_public(self) -> bool:
        return self.state == VoiceState.PUBLISHED


class VoiceQuerySet(models.QuerySet["Voice"]):
    def of_person(self, resident_id: UUID) -> VoiceQuerySet:
        """Of a resident, and of accounts of theirs that became part of it."""
        return self.filter(Q(resident=resident_id) | Q(resident__merged_into=resident_id))


class Voice(_Read):
    """What one participant says of one session; it is theirs, and goes with the account.

    `signed_as` is the name they want beside it, made up if they like; empty shows none. Title and
    date are the record's.
    """

    resident = models.ForeignKey(Resident, on_delete=models.PROTECT, related_name="+")
    municipality = models.ForeignKey(Municipality, on_delete=models.PROTECT, related_name="+")
    session_uuid = models.UUIDField(pgettext_lazy("activity", "session"))
    activity_title = models.CharField(_("activity"), max_length=255)
    session_date = models.DateField(_("date"))
    text = EncryptedTextField(_("your words"), max_length=MAX_LENGTH)
    signed_as = EncryptedTextField(
        _("name to be shown"), max_length=NAME_LENGTH, blank=True, default=""
    )

    objects = VoiceQuerySet.as_manager()

    class Meta:
        verbose_name = _("words of a participant")
        verbose_name_plural = _("words of participants")
        ordering = ["-written_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["resident", "session_uuid"], name="attendance_voice_uniq"
            )
        ]
        indexes = [
            models.Index(
                fields=["municipality", "session_uuid", "state"], name="attendance_voice_shown"
            )
        ]

    def __str__(self) -> str:
        return f"{self.session_uuid} {self.state}"  # no word of it

    @property
    def public_answer(self) -> VoiceAnswer | None:
        """The organisation's answer, once the municipality has published it."""
        answer: VoiceAnswer | None = getattr(self, "answer", None)
        return answer if answer is not None and answer.is_public else None


class VoiceAnswer(_Read):
    """What the organisation that ran the session says to it, in one short sentence."""

    voice = models.OneToOneField(Voice, on_delete=models.CASCADE, related_name="answer")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    # As it was called then: the author, on the portal, may not look it up.
    organiser = models.CharField(_("organiser"), max_length=120)
    # As in its voice: the wall reads whose session it is from the row itself.
    municipality = models.ForeignKey(Municipality, on_delete=models.PROTECT, related_name="+")
    session_uuid = models.UUIDField(pgettext_lazy("activity", "session"))
    text = EncryptedTextField(_("answer"), max_length=ANSWER_LENGTH)
    # Whoever wrote it for the organisation; None once that account is closed.
    written_by = models.ForeignKey(
        User, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        verbose_name = _("answer to words of a participant")
        verbose_name_plural = _("answers to words of participants")
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.voice_id} {self.state}"
