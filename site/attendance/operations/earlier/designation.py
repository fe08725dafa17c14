"""Does an activity of a list count on its day (A11.5)? By its page here, or by staff's word."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from accounts.models import User
from activities.models import ActivityPage
from activities.models.designations import Designations
from activities.queries import public_activities
from attendance.models import ImportedActivity
from attendance.rules.earlier import Entry, activity_key
from common import clock
from tenants.models import Municipality


@dataclass(frozen=True)
class Statement:
    """Both questions of R18 with their reasons, and the day from which the word holds."""

    lack_of_hands: bool
    lack_of_hands_reason: str
    public_benefit: bool
    public_benefit_reason: str
    effective_from: date


@dataclass(frozen=True)
class Answer:
    """What staff say of one activity: the page (its key) it is, or a statement, or neither."""

    page: int | None = None
    statement: Statement | None = None


@dataclass(frozen=True)
class Word:
    """What holds of one row: whether it counts and why, its kind and, on a page's date, its
    session there, in which nobody then stands twice."""

    designated: bool = False
    basis: str = ""
    category: str = ""
    session_uuid: UUID | None = None


def pages_by_title() -> dict[str, ActivityPage]:
    """The published activities by what titles are compared by; the newest of two."""
    return {activity_key(page.title): page for page in public_activities().order_by("pk")}


def stated(municipality: Municipality) -> dict[str, ImportedActivity]:
    """The newest statement of each activity, by what titles are compared by."""
    rows = ImportedActivity.objects.filter(municipality=municipality).order_by("pk")
    return {row.key: row for row in rows}


class Words:
    """The words on all activities of a list; called in the municipality's schema."""

    def __init__(self, municipality: Municipality, answers: Mapping[str, Answer], by: User) -> None:
        self._stated = stated(municipality)
        self._municipality, self._by = municipality, by
        wanted = {key: answer.page for key, answer in answers.items() if answer.page}
        pages = {
            page.pk: page
            for page in public_activities()
            .filter(pk__in=wanted.values())
            .prefetch_related("sessions")
        }
        self._pages = {key: pages[pk] for key, pk in wanted.items() if pk in pages}
        self._designations = Designations(self._pages.values())
        self._answers = answers

    def keep_statements(self, entries: Mapping[str, Entry]) -> None:
        """Write what staff stated now of activities that are taken over; the same again is not
        written twice."""
        for key, entry in entries.items():
            answer = self._answers.get(key)
            if answer is not None and answer.statement is not None:
                self._keep(key, entry.activity, answer.statement)

    def _keep(self, key: str, title: str, statement: Statement) -> None:
        old = self._stated.get(key)
        if old is not None and all(
            getattr(old, name) == value for name, value in vars(statement).items()
        ):
            return
        self._stated[key] = ImportedActivity.objects.create(
            municipality=self._municipality,
            title=title,
            key=key,
            stated_by=self._by,
            stated_at=clock.now(),
            **vars(statement),
        )

    def on(self, entry: Entry) -> Word:
        """The word on one row, on its day."""
        if page := self._pages.get(entry.activity_key):
            return self._by_page(page, entry)
        row = self._stated.get(entry.activity_key)
        if row is None or not row.is_positive or entry.held_on < row.effective_from:
            return Word()
        return Word(designated=True, basis=f"imported={row.pk}")

    def _by_page(self, page: ActivityPage, entry: Entry) -> Word:
        basis = self._designations.basis(page, entry.held_on)
        there = [
            session
            for session in page.sessions.all()
            if session.day == entry.held_on
            and (entry.starts is None or session.starts_at == entry.starts_at)
        ]
        return Word(
            designated=bool(basis),
            basis=basis,
            category=page.category,
            session_uuid=there[0].uuid if len(there) == 1 else None,
        )
