"""Requests for disclosure, correction and stop of use."""

from __future__ import annotations

from uuid import UUID, uuid4

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.models import Resident
from common import clock
from common.fields import EncryptedTextField
from privacy.enums import CaseChannel, CaseDecision, CaseEventKind, CaseKind, CaseStatus
from privacy.models.appended import Appended
from privacy.rules.cases import DAYS_BY_LAW, UNDECIDED, is_overdue
from tenants.models import Municipality

_GOVERNMENT = "municipality__local_government__prefecture"


class CaseQuerySet(models.QuerySet["Case"]):
    def at(self, municipality: Municipality | None) -> CaseQuerySet:
        """Of a municipality, or with None of the platform itself; what is due first comes first."""
        return self.filter(municipality=municipality).select_related("assigned_to")

    def of_resident(self, resident_id: UUID) -> CaseQuerySet:
        return self.filter(resident_id=resident_id).select_related(_GOVERNMENT)

    def undecided(self) -> CaseQuerySet:
        return self.filter(status__in=UNDECIDED)

    def overdue(self) -> CaseQuerySet:
        return self.undecided().filter(deadline__lt=clock.today())


class Case(models.Model):
    """A person asks a municipality, or the platform itself, about data held on them.

    Name and address for the answer are those given with the request: staff read no profile. On
    paper there is no `resident`.
    """

    municipality = models.ForeignKey(
        Municipality,
        verbose_name=_("municipality"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    # Made by the form: however often it is sent, one request.
    key = models.UUIDField(default=uuid4, unique=True)
    kind = models.CharField(_("kind"), max_length=12, choices=CaseKind.choices)
    channel = models.CharField(_("how it arrived"), max_length=8, choices=CaseChannel.choices)
    resident = models.ForeignKey(
        Resident, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    applicant_name = EncryptedTextField(_("name"), max_length=90)
    # E-mail address, or on paper whatever the answer is sent to.
    contact_email = EncryptedTextField(_("e-mail address"), max_length=254, blank=True)
    contact = EncryptedTextField(_("address for the answer"), max_length=400, blank=True)
    language = models.CharField(_("language of mails"), max_length=10, default="ja")
    # Which data, and what is to become of it.
    subject = EncryptedTextField(_("which particulars"), max_length=2000)
    wanted = EncryptedTextField(_("what is asked"), max_length=2000, blank=True)

    received_on = models.DateField(_("received on"))
    created_at = models.DateTimeField(_("entered at"))
    deadline = models.DateField(_("deadline"))
    extended_from = models.DateField(_("first deadline"), null=True, blank=True)
    extension_reason = EncryptedTextField(_("reason of the extension"), max_length=1000, blank=True)

    status = models.CharField(
        _("status"), max_length=20, choices=CaseStatus.choices, default=CaseStatus.RECEIVED
    )
    assigned_to = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("in charge"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    decision = models.CharField(
        _("decision"), max_length=8, choices=CaseDecision.choices, blank=True
    )
    # What the person reads of the decision, and of how it was carried out.
    decision_reason = EncryptedTextField(_("reason of the decision"), max_length=2000, blank=True)
    outcome = EncryptedTextField(_("what was done"), max_length=2000, blank=True)
    decided_at = models.DateTimeField(_("decided at"), null=True, blank=True)
    done_at = models.DateTimeField(pgettext_lazy("request", "done at"), null=True, blank=True)

    objects = CaseQuerySet.as_manager()

    class Meta:
        verbose_name = _("request about personal data")
        verbose_name_plural = _("requests about personal data")
        ordering = ["deadline", "pk"]
        indexes = [
            models.Index(
                fields=["municipality", "status", "deadline"], name="privacy_case_at_place"
            ),
            models.Index(fields=["resident", "-created_at"], name="privacy_case_of_resident"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(status__in=[CaseStatus.RECEIVED, CaseStatus.IDENTITY_CHECKED])
                | ~Q(decision=""),
                name="privacy_case_has_decision",
            ),
        ]
        permissions = [("handle_cases", "Handle requests about personal data")]

    def __str__(self) -> str:
        return self.number

    @property
    def number(self) -> str:
        """What people name it by on paper and on the telephone."""
        return f"{self.received_on:%Y}-{self.pk:06d}"

    @property
    def is_overdue(self) -> bool:
        return is_overdue(self.status, self.deadline, clock.today())

    @property
    def is_undecided(self) -> bool:
        return self.status in UNDECIDED

    @property
    def days_left(self) -> int:
        """Days until the deadline; below zero once it is over."""
        return (self.deadline - clock.today()).days

    @property
    def is_extended(self) -> bool:
        return self.extended_from is not None


class CaseEvent(Appended):
    """A line of a request's history. Those that are `internal` the person does not read."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="events")
    kind = models.CharField(_("what happened"), max_length=20, choices=CaseEventKind.choices)
    note = EncryptedTextField(_("note"), max_length=1000, blank=True)
    internal = models.BooleanField(_("for staff alone"), default=False)
    # Of a reminder: the deadline it is about, so that none is sent twice.
    about = models.DateField(_("deadline"), null=True, blank=True)

    class Meta:
        verbose_name = _("event of a request")
        verbose_name_plural = _("events of requests")
        ordering = ["at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["case", "kind", "about"],
                condition=Q(about__isnull=False),
                name="privacy_reminded_once",
            )
        ]

    def __str__(self) -> str:
        return f"{self.case_id} {self.kind}"


class CaseTermManager(models.Manager["CaseTerm"]):
    def days_at(self, municipality: Municipality | None) -> int:
        """Days until a decision is due there; the platform (None) keeps to the law's."""
        found = self.filter(municipality=municipality).first() if municipality else None
        return found.days if found else DAYS_BY_LAW


class CaseTerm(models.Model):
    """How many days a municipality's ordinance gives for a decision; by law at most 30."""

    municipality = models.OneToOneField(
        Municipality, on_delete=models.PROTECT, primary_key=True, related_name="+"
    )
    days = models.PositiveSmallIntegerField(
        _("days until the decision"),
        default=DAYS_BY_LAW,
        validators=[MinValueValidator(1), MaxValueValidator(DAYS_BY_LAW)],
    )

    set_at = models.DateTimeField(_("when"), default=clock.now)

    objects = CaseTermManager()

    class Meta:
        verbose_name = _("term for decisions")
        verbose_name_plural = _("terms for decisions")
        constraints = [
            models.CheckConstraint(
                condition=Q(days__gte=1, days__lte=DAYS_BY_LAW), name="privacy_term_by_law"
            )
        ]

    def __str__(self) -> str:
        return f"{self.municipality_id} {self.days}"
