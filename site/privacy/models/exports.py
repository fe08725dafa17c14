"""Exports: who asked for what, who agreed, and every time a file left."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.models import Resident
from common import clock
from common.fields import EncryptedTextField
from privacy.enums import ExportEvent, ExportStatus, FileFormat, Particular, StaffPurpose
from privacy.models.appended import Appended
from tenants.models import Municipality

_GOVERNMENT = "municipality__local_government__prefecture"


class ExportQuerySet(models.QuerySet["Export"]):
    def at_municipality(self, municipality: Municipality) -> ExportQuerySet:
        return self.filter(municipality=municipality)

    def made_alone_by(self, account: Any) -> ExportQuerySet:
        """Exports of this person that no second person looked at."""
        return self.filter(requested_by_id=account.pk, alone=True)


class Export(models.Model):
    """One export from the question to the deletion of its file.

    `selection` are the numbers of the rows that were chosen, so that a file made days later
    holds those people and nobody who came in between; whoever has left by then is left out.
    """

    municipality = models.ForeignKey(
        Municipality, verbose_name=_("municipality"), on_delete=models.PROTECT, related_name="+"
    )
    # Made by the form: however often it is sent, one export.
    key = models.UUIDField(default=uuid4, unique=True)
    # What is exported: the kind of outbox message that has the file made.
    kind = models.CharField(_("kind"), max_length=40)
    requested_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("asked for by"),
        on_delete=models.PROTECT,
        related_name="+",
    )
    # Names are kept: whoever has left is no colleague any more, and no account to be read.
    requester_name = EncryptedTextField(max_length=60)
    requested_at = models.DateTimeField(_("asked for at"))
    purpose = models.CharField(_("purpose"), max_length=12, choices=StaffPurpose.choices)
    note = EncryptedTextField(_("explanation"), max_length=200)
    # Codes of `Particular`, in the order of the columns.
    particulars = models.JSONField(_("columns"))
    file_format = models.CharField(_("format"), max_length=4, choices=FileFormat.choices)
    selection = models.JSONField()
    # What was chosen, in words: the approver reads it.
    selected_by = models.CharField(_("chosen by"), max_length=400, blank=True)
    row_count = models.PositiveIntegerField(_("people"))
    alone = models.BooleanField(_("without a second person"), default=False)
    status = models.CharField(_("status"), max_length=12, choices=ExportStatus.choices)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("second person"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    decider_name = EncryptedTextField(max_length=60, blank=True)
    decided_at = models.DateTimeField(_("decided at"), null=True, blank=True)
    decision_reason = models.CharField(_("reason"), max_length=200, blank=True)
    # How many are in the file, and until when it is kept.
    made_count = models.PositiveIntegerField(pgettext_lazy("export", "in the file"), default=0)
    kept_until = models.DateTimeField(_("kept until"), null=True, blank=True)

    objects = ExportQuerySet.as_manager()

    class Meta:
        verbose_name = _("export")
        verbose_name_plural = _("exports")
        ordering = ["-requested_at", "-pk"]
        indexes = [
            models.Index(fields=["municipality", "-requested_at"], name="privacy_export_at_place"),
            models.Index(fields=["requested_by", "-requested_at"], name="privacy_export_by_person"),
        ]
        constraints = [
            # Two pairs of eyes, whatever the code says.
            models.CheckConstraint(
                condition=Q(decided_by=None) | ~Q(decided_by=models.F("requested_by")),
                name="privacy_export_four_eyes",
            ),
            models.CheckConstraint(
                condition=Q(alone=True)
                | Q(status__in=[ExportStatus.WAITING, ExportStatus.LAPSED])
                | Q(decided_by__isnull=False),
                name="privacy_export_decided",
            ),
        ]
        # The names by which roles are given them (privacy.operations.permissions).
        permissions = [
            ("export_registrants", "Export registrants"),
            ("approve_export", "Approve an export of a colleague"),
        ]

    def __str__(self) -> str:
        return f"{self.municipality_id} {self.pk}"

    @property
    def columns(self) -> list[str]:
        """The headings in the reader's language."""
        return [str(Particular(code).label) for code in self.particulars]

    @property
    def is_waiting(self) -> bool:
        return self.status == ExportStatus.WAITING

    @property
    def can_be_fetched(self) -> bool:
        return bool(
            self.status == ExportStatus.READY
            and self.kept_until is not None
            and self.kept_until > clock.now()
        )


class ExportFile(models.Model):
    """The file, encrypted, for at most a day. The database shows it to who asked and to no one
    else, and to the worker that makes and deletes it."""

    export = models.OneToOneField(Export, on_delete=models.PROTECT, related_name="file")
    municipality = models.ForeignKey(Municipality, on_delete=models.PROTECT, related_name="+")
    requester = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    # Base64 of the bytes.
    content = EncryptedTextField()

    def __str__(self) -> str:
        return str(self.export_id)


class ExportRecordQuerySet(models.QuerySet["ExportRecord"]):
    def of_resident(self, resident_id: UUID) -> ExportRecordQuerySet:
        """Every time a file with this resident in it was fetched; without the name of who did."""
        return (
            self.filter(
                event=ExportEvent.EXPORTED,
                export__in=ExportSubject.objects.filter(resident_id=resident_id).values("export"),
            )
            .defer("actor_name")
            .select_related(_GOVERNMENT)
        )

    def at_municipality(self, municipality: Municipality) -> ExportRecordQuerySet:
        return self.filter(municipality=municipality).select_related("export")


class ExportRecord(Appended):
    """What happened to an export, with what was exported and why: complete by itself."""

    export = models.ForeignKey(Export, on_delete=models.PROTECT, related_name="records")
    municipality = models.ForeignKey(
        Municipality, verbose_name=_("municipality"), on_delete=models.PROTECT, related_name="+"
    )
    event = models.CharField(_("what happened"), max_length=12, choices=ExportEvent.choices)
    row_count = models.PositiveIntegerField(_("people"))
    purpose = models.CharField(_("purpose"), max_length=12, choices=StaffPurpose.choices)
    note = EncryptedTextField(_("explanation"), max_length=200)
    particulars = models.JSONField(_("columns"))
    file_format = models.CharField(_("format"), max_length=4, choices=FileFormat.choices)

    objects = ExportRecordQuerySet.as_manager()

    class Meta:
        verbose_name = _("record of an export")
        verbose_name_plural = _("records of exports")
        ordering = ["-at", "-pk"]
        indexes = [models.Index(fields=["municipality", "-at"], name="privacy_exported_at_place")]

    def __str__(self) -> str:
        return f"{self.export_id} {self.event}"

    @property
    def shown(self) -> list[str]:
        """What the file held, in the reader's language."""
        return [str(Particular(code).label) for code in self.particulars]


class ExportSubject(models.Model):
    """That a resident is in an export's file: so each learns of it. Rows are only added."""

    export = models.ForeignKey(Export, on_delete=models.PROTECT, related_name="subjects")
    municipality = models.ForeignKey(Municipality, on_delete=models.PROTECT, related_name="+")
    resident = models.ForeignKey(Resident, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["export", "resident"], name="privacy_subject_uniq")
        ]

    def __str__(self) -> str:
        return str(self.export_id)
