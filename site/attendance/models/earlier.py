"""Participations from before the platform: lists that staff took over, and whose rows they are.

The ledger holds who took part; here stands what waits for a person, and how a row was given to
one. Of whom a row is stands encrypted and only as long as it waits; the keyed hashes beside it
find the row again when its person registers, and say nothing without the platform's key.
"""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.models import Resident
from activities.enums import Category
from attendance.enums import EarlierMatch, EarlierStatus
from attendance.models.ledger import ParticipationRecord
from attendance.rules.earlier_people import Person
from common.fields import EncryptedJSONField
from tenants.models import Municipality


class ImportBatch(models.Model):
    """One list, taken over at once: who did, and who took it back and why. The file is not kept."""

    municipality = models.ForeignKey(Municipality, on_delete=models.PROTECT, related_name="+")
    taken_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("taken over by"),
        on_delete=models.PROTECT,
        related_name="+",
    )
    taken_at = models.DateTimeField(_("taken over at"))
    file_name = models.CharField(_("file name"), max_length=255)
    digest = models.CharField(_("SHA-256 of the file"), max_length=64)
    row_count = models.PositiveIntegerField(_("rows in the file"))
    undone_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("taken back by"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    undone_at = models.DateTimeField(_("taken back at"), null=True, blank=True)
    undone_reason = models.CharField(_("reason"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("list of earlier participations")
        verbose_name_plural = _("lists of earlier participations")
        ordering = ["-taken_at", "-pk"]
        indexes = [
            models.Index(fields=["municipality", "-taken_at"], name="attendance_import_batches")
        ]

    def __str__(self) -> str:
        return f"{self.municipality_id} {self.file_name}"


class ImportedActivity(models.Model):
    """The municipality's word on an activity that stands on a list alone (R17, R18).

    Both questions with their reasons, and the date of effect. Rows are only added: the newest of
    an activity holds for lists that are taken over from then on.
    """

    municipality = models.ForeignKey(Municipality, on_delete=models.PROTECT, related_name="+")
    title = models.CharField(_("activity"), max_length=255)
    # What titles are compared by (`attendance.rules.earlier.activity_key`).
    key = models.CharField(max_length=255)
    lack_of_hands = models.BooleanField(_("answers a lack of hands"))
    lack_of_hands_reason = models.TextField(_("reason"))
    public_benefit = models.BooleanField(_("has enough public benefit"))
    public_benefit_reason = models.TextField(_("reason"))
    effective_from = models.DateField(_("counts from"))
    stated_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    stated_at = models.DateTimeField(_("decided at"))

    class Meta:
        verbose_name = _("activity of a list")
        verbose_name_plural = _("activities of lists")
        ordering = ["pk"]
        indexes = [models.Index(fields=["municipality", "key"], name="attendance_by_activity")]

    def __str__(self) -> str:
        return self.title

    @property
    def is_positive(self) -> bool:
        return self.lack_of_hands and self.public_benefit


class ColumnMemory(models.Model):
    """Which columns of a file with these headings are ours, as staff said it last."""

    municipality = models.ForeignKey(Municipality, on_delete=models.PROTECT, related_name="+")
    signature = models.CharField(max_length=64)
    places = models.JSONField(default=dict)
    chosen_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["municipality", "signature"], name="attendance_column_memory_uniq"
            )
        ]

    def __str__(self) -> str:
        return f"{self.municipality_id} {self.signature[:8]}"


class EarlierRecord(models.Model):
    """One row of a list: a participation that waits for its person, or has found them.

    `particulars` (`Person.to_json`) and the keys made from them are emptied once it is recorded,
    dropped or taken back. `row_key` stays, so that the same row is not taken over twice.
    """

    batch = models.ForeignKey(ImportBatch, on_delete=models.PROTECT, related_name="records")
    municipality = models.ForeignKey(Municipality, on_delete=models.PROTECT, related_name="+")
    row_number = models.PositiveIntegerField(_("row"))
    status = models.CharField(
        _("state"), max_length=12, choices=EarlierStatus.choices, default=EarlierStatus.WAITING
    )
    session_uuid = models.UUIDField(pgettext_lazy("activity", "session"))
    activity_title = models.CharField(_("activity"), max_length=255)
    organiser = models.CharField(_("organiser"), max_length=120, blank=True)
    place = models.CharField(_("place"), max_length=200, blank=True)
    starts_at = models.DateTimeField(_("starts at"))
    ends_at = models.DateTimeField(_("ends at"))
    hours = models.DecimalField(_("hours"), max_digits=5, decimal_places=2)
    category = models.CharField(
        _("category"), max_length=24, choices=Category.choices, blank=True, default=""
    )
    # As it was judged when the list was taken over (A11.5).
    designated = models.BooleanField(_("designated"))
    designation_basis = models.CharField(_("ground of designation"), max_length=200, blank=True)
    # What the list itself says of it.
    ground = models.CharField(_("ground on the list"), max_length=200, blank=True)

    particulars = EncryptedJSONField(_("participant"), blank=True, default="")
    row_key = models.CharField(max_length=64)
    name_key = models.CharField(max_length=64, blank=True)
    kana_key = models.CharField(max_length=64, blank=True)
    person_key = models.CharField(max_length=64, blank=True)

    resident = models.ForeignKey(
        Resident, on_delete=models.PROTECT, null=True, blank=True, related_name="earlier_records"
    )
    record = models.ForeignKey(
        ParticipationRecord, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    # Whether `record` came by this row; False where the person was in the ledger already.
    made_record = models.BooleanField(default=False)
    matched_by_way = models.CharField(
        _("person found"), max_length=12, choices=EarlierMatch.choices, blank=True, default=""
    )
    # The resident who claimed it, or the member of staff who decided; nobody's word where it
    # agreed in everything.
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("decided by"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    decided_at = models.DateTimeField(_("decided at"), null=True, blank=True)
    created_at = models.DateTimeField(_("taken over at"))

    class Meta:
        verbose_name = _("earlier participation")
        verbose_name_plural = _("earlier participations")
        # Not by the batch itself, which the person of a row may not read.
        ordering = ["batch_id", "row_number"]
        constraints = [
            # However often, in whatever file and order, a row is sent in.
            models.UniqueConstraint(
                fields=["municipality", "row_key"],
                condition=~Q(status=EarlierStatus.UNDONE),
                name="attendance_earlier_row_uniq",
            )
        ]
        indexes = [
            models.Index(fields=["municipality", "name_key"], name="attendance_earlier_name"),
            models.Index(fields=["municipality", "kana_key"], name="attendance_earlier_kana"),
            models.Index(fields=["municipality", "person_key"], name="attendance_earlier_person"),
            models.Index(fields=["status", "created_at"], name="attendance_earlier_state"),
        ]

    def __str__(self) -> str:
        return f"{self.batch_id}: {self.row_number}"

    @property
    def person(self) -> Person | None:
        """Who stands on the list, as long as that is not settled."""
        return Person.from_json(self.particulars) if self.particulars else None

    @property
    def is_open(self) -> bool:
        return self.status in OPEN


OPEN = (EarlierStatus.WAITING, EarlierStatus.DOUBTFUL)


class EarlierCode(models.Model):
    """A code on paper by which a person on a list takes their participations into an account.

    As with `accounts.ClaimCode` the code itself stands nowhere: a keyed hash of it, and a nonce it
    follows from for whoever issued it. It is for all rows of one person (`person_key`) that wait
    when it is used; used once.
    """

    municipality = models.ForeignKey(Municipality, on_delete=models.PROTECT, related_name="+")
    person_key = models.CharField(max_length=64)
    nonce = models.CharField(max_length=32)
    code_hash = models.CharField(max_length=64, unique=True)
    issued_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    issued_at = models.DateTimeField(_("issued at"))
    expires_at = models.DateTimeField(_("valid until"))
    used_at = models.DateTimeField(_("used at"), null=True, blank=True)
    ended_at = models.DateTimeField(_("ended at"), null=True, blank=True)

    class Meta:
        verbose_name = _("code for earlier participations")
        verbose_name_plural = _("codes for earlier participations")
        constraints = [
            models.UniqueConstraint(
                fields=["municipality", "person_key"],
                condition=Q(ended_at=None, used_at=None),
                name="attendance_one_earlier_code",
            )
        ]

    def __str__(self) -> str:
        return f"{self.municipality_id} {self.issued_at:%Y-%m-%d}"
