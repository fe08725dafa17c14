"""The dates on which an activity takes place."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import date, datetime

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from modelcluster.fields import ParentalKey

from activities.enums import FAULTS, SessionState, SignUpMode
from activities.models.designations import Designations
from activities.rules.sessions import duration_hours, faults_of_sign_up, faults_of_times
from activities.rules.snapshot import SessionSnapshot
from common import clock
from tenants.context import current_municipality
from tenants.hosts import municipality_url

WHEN_AND_WHERE = ("starts_at", "ends_at", "place", "meeting_point")
# What belongs to the row, and no draft changes.
ROWS_OWN = ("state", "cancelled_reason", "cancelled_at", "earlier")


@dataclass(frozen=True)
class EarlierTimes:
    """When and where a session was to take place before it was moved."""

    starts_at: datetime
    ends_at: datetime
    place: str


class SessionQuerySet(models.QuerySet["Session"]):
    def public(self) -> SessionQuerySet:
        """Of published activities."""
        return self.filter(page__live=True).select_related("page__organisation")

    def planned(self) -> SessionQuerySet:
        """Not cancelled."""
        return self.filter(state=SessionState.PLANNED)

    def upcoming(self) -> SessionQuerySet:
        """Not over yet, soonest first."""
        return self.filter(ends_at__gte=clock.now()).order_by("starts_at", "pk")

    def between(self, first: date, last: date) -> SessionQuerySet:
        """Beginning on a day from `first` to `last`, both included, in Japan."""
        opens = datetime.combine(first, datetime.min.time(), clock.TOKYO)
        closes = datetime.combine(last, datetime.max.time(), clock.TOKYO)
        return self.filter(starts_at__range=(opens, closes)).order_by("starts_at", "pk")


class Session(models.Model):
    """One date of an activity, which residents sign up for and check in to.

    `uuid` is its name outside of this schema (sign-ups, posters, the ledger): it stays the
    same however often the page is edited and published, and a copied page gets new ones
    (`ActivityPage.save` sees to both). Sessions belong to the page in the source language;
    its translations show the same ones.
    """

    page = ParentalKey("activities.ActivityPage", on_delete=models.CASCADE, related_name="sessions")
    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    starts_at = models.DateTimeField(_("starts at"))
    ends_at = models.DateTimeField(_("ends at"))
    place = models.CharField(
        _("place"),
        max_length=200,
        help_text=_("Name and address of the place. For a remote activity: where it happens."),
    )
    meeting_point = models.CharField(
        _("meeting point"),
        max_length=200,
        blank=True,
        help_text=_("Only if people meet somewhere else first."),
    )
    capacity = models.PositiveIntegerField(
        _("number of people"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1)],
        help_text=_("Leave empty if there is no limit."),
    )
    hours = models.DecimalField(
        _("hours of activity"),
        max_digits=5,
        decimal_places=2,
        blank=True,
        help_text=_(
            "Shown on the activity certificate. Leave empty to take the time from start to end."
        ),
    )
    note = models.CharField(_("note on this session"), max_length=300, blank=True)
    # The four below are the row's, whatever a draft says (`ActivityPage._settle_sessions`):
    # written by `operations.change_session`, and where a published date is moved in the editor.
    state = models.CharField(
        _("status"),
        max_length=12,
        choices=SessionState.choices,
        default=SessionState.PLANNED,
        db_default=SessionState.PLANNED,
        editable=False,
    )
    cancelled_reason = models.CharField(
        _("reason for cancelling"), max_length=300, blank=True, db_default="", editable=False
    )
    cancelled_at = models.DateTimeField(null=True, editable=False)
    # Oldest first: `{"starts_at": ISO, "ends_at": ISO, "place": str}`.
    earlier = models.JSONField(default=list, db_default=[], editable=False)
    mode = models.CharField(
        _("how places are given"),
        max_length=12,
        choices=SignUpMode.choices,
        default=SignUpMode.FIRST_COME,
        db_default=SignUpMode.FIRST_COME,
        help_text=_("By lot: a draw is held after the end of the time for signing up."),
    )
    apply_until = models.DateTimeField(
        _("sign-up until"),
        null=True,
        blank=True,
        help_text=_("Leave empty to take sign-ups until the start. A draw needs it."),
    )
    answer_hours = models.PositiveSmallIntegerField(
        _("hours to answer an offered place"),
        default=48,
        db_default=48,
        validators=[MinValueValidator(1), MaxValueValidator(336)],
        help_text=_(
            "Whoever waits and is offered a place answers within these hours; otherwise it goes"
            " to the next."
        ),
    )

    objects = SessionQuerySet.as_manager()

    class Meta:
        verbose_name = pgettext_lazy("activity", "session")
        verbose_name_plural = pgettext_lazy("activity", "sessions")
        ordering = ["starts_at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("starts_at")), name="activities_session_times"
            )
        ]

    def __str__(self) -> str:
        return f"{self.page_id}: {self.starts_at}"

    def save(self, *args: object, **kwargs: object) -> None:
        self._complete_hours()
        super().save(*args, **kwargs)  # type: ignore[arg-type]

    def clean(self) -> None:
        super().clean()
        if self.starts_at is None or self.ends_at is None:
            return  # the fields say so themselves
        faults = faults_of_times(self.starts_at, self.ends_at, self.hours) or faults_of_sign_up(
            self.mode, self.apply_until, self.starts_at
        )
        if faults:
            raise ValidationError({field: FAULTS[code] for field, code in faults.items()})
        self._complete_hours()

    def _complete_hours(self) -> None:
        if self.hours is None:
            self.hours = duration_hours(self.starts_at, self.ends_at)

    @property
    def is_cancelled(self) -> bool:
        return self.state == SessionState.CANCELLED

    @property
    def moved_from(self) -> list[EarlierTimes]:
        """The times and places it had before, oldest first."""
        return [
            EarlierTimes(
                starts_at=datetime.fromisoformat(one["starts_at"]),
                ends_at=datetime.fromisoformat(one["ends_at"]),
                place=one["place"],
            )
            for one in self.earlier
        ]

    def forget_history(self) -> None:
        """It is a date of its own: neither cancelled nor moved."""
        self.state, self.cancelled_reason = SessionState.PLANNED, ""
        self.cancelled_at, self.earlier = None, []

    def remember_times(self, before: Session) -> None:
        """Keep the times and place it had as `before`, for visitors to see that it was moved."""
        self.earlier = [
            *before.earlier,
            {
                "starts_at": before.starts_at.isoformat(),
                "ends_at": before.ends_at.isoformat(),
                "place": before.place,
            },
        ]

    def is_elsewhere(self, before: Session) -> bool:
        """Whether people who know it as `before` would come at a wrong time or to a wrong place."""
        return any(getattr(self, name) != getattr(before, name) for name in WHEN_AND_WHERE)

    @property
    def day(self) -> date:
        """The date it begins on in Japan."""
        return self.starts_at.astimezone(clock.TOKYO).date()

    @property
    def ends_on_other_day(self) -> bool:
        return self.ends_at.astimezone(clock.TOKYO).date() != self.day

    @property
    def is_over(self) -> bool:
        return self.ends_at < clock.now()

    @property
    def has_begun(self) -> bool:
        return self.starts_at <= clock.now()

    @property
    def has_poster(self) -> bool:
        """Whether a poster's code records participation: not of what is remote (R30), nor where
        more than a poster is needed."""
        return not (self.page.is_remote or self.page.changing_code_only)

    def snapshot(self) -> SessionSnapshot:
        """Plain values for other apps. One more query when the session was read by `queries`."""
        municipality = current_municipality()
        basis = Designations([self.page]).basis(self.page, self.day)
        path = self.page.public_path
        return SessionSnapshot(
            session_uuid=self.uuid,
            municipality_code=municipality.code,
            activity_title=self.page.title,
            starts_at=self.starts_at,
            ends_at=self.ends_at,
            place=self.place,
            hours=self.hours,
            capacity=self.capacity,
            minimum_age=self.page.minimum_age,
            is_remote=self.page.is_remote,
            changing_code_only=self.page.changing_code_only,
            is_paid=self.page.is_paid,
            is_designated=bool(basis),
            designation_basis=basis,
            organiser=self.page.organiser_name,
            page_path=path,
            page_url=municipality_url(municipality, path),
            category=self.page.category,
            is_cancelled=self.is_cancelled,
            maximum_age=self.page.maximum_age,
            is_urgent=self.page.is_urgent,
            mode=self.mode,
            apply_until=self.apply_until,
            answer_hours=self.answer_hours,
            meeting_point=self.meeting_point,
        )
