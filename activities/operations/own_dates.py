"""An organisation cancels or moves a public date of its own, as staff do (R17).

Nobody's yes is asked: it is the project that is designated, not its dates, and people who would
come to the wrong place or for nothing are told at once. The municipality's coordinators are told
too, and can answer a question of the designation with no.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from activities.models import ActivityPage, Session
from activities.operations.change_session import cancel_session, move_session
from activities.operations.letters import tell_coordinators
from activities.operations.projects import require_changeable
from activities.queries import session_of
from activities.registry.desk import numbers_of
from activities.rules.sessions import faults_of_sign_up, faults_of_times
from common import clock
from common.refusal import Refused
from organisations.models import Organisation
from organisations.queries import standing_on
from tenants.actors import by_standing
from tenants.context import current_municipality

# Everybody who has signed up gets a mail of each.
MOST_MOVES = 5


@transaction.atomic
def cancel_own_date(organisation: Organisation, session_uuid: UUID, reason: str) -> Session:
    """As `cancel_session`, by the organisation that runs it.

    Raises as that, and `Refused`: `no_standing`, `session_gone` where it is no public date of the
    organisation's, `staff_at_work` where staff have locked the page, `session_has_begun`, also
    where somebody has been recorded already.
    """
    session = _lock(organisation, session_uuid)
    if session.is_cancelled:
        return session
    if session.page.locked:
        raise Refused("staff_at_work")
    if _has_begun(session):
        raise Refused("session_has_begun")
    with by_standing(current_municipality().code):
        cancelled = cancel_session(session, reason, None, on_behalf=organisation.name)
    tell_coordinators(cancelled.page, "date_cancelled", cancelled)
    return cancelled


@transaction.atomic
def move_own_date(
    organisation: Organisation,
    session_uuid: UUID,
    *,
    starts_at: datetime,
    ends_at: datetime,
    place: str,
    meeting_point: str,
) -> Session:
    """As `move_session`, by the organisation that runs it, to times that are still to come.

    Raises as that and as `cancel_own_date`, and `Refused`: `begins_in_the_past`;
    `longer_than_decided`: more hours are a change of the project; `not_a_draft` and `staff_at_work`
    while the municipality decides on a change of the page or makes one: what it looks at is not
    changed meanwhile; `moved_too_often`.
    """
    wanted: dict[str, Any] = {"starts_at": starts_at, "ends_at": ends_at}
    wanted |= {"place": place, "meeting_point": meeting_point}
    session = _lock(organisation, session_uuid)
    if _is_as(session, wanted):
        return session
    require_move(session, **wanted)
    with by_standing(current_municipality().code):
        moved = move_session(session, **wanted, by=None, on_behalf=organisation.name)
    tell_coordinators(moved.page, "date_moved", moved)
    return moved


def require_move(session: Session, **wanted: Any) -> None:
    """Whether its organisation may give `session` these times and this place. Raises as
    `move_own_date`, and `Refused("nothing_changed")`."""
    if _is_as(session, wanted):
        raise Refused("nothing_changed")
    if session.is_cancelled:
        raise Refused("session_is_cancelled")
    if _has_begun(session):
        raise Refused("session_has_begun")
    if len(session.earlier) >= MOST_MOVES:
        raise Refused("moved_too_often")
    require_changeable(session.page)
    if wanted["starts_at"] <= clock.now():
        raise Refused("begins_in_the_past")
    start = wanted["starts_at"]
    faults = faults_of_times(start, wanted["ends_at"], None)
    for code in (faults or faults_of_sign_up(session.mode, session.apply_until, start)).values():
        raise Refused(code)
    # Whether its public benefit is enough was asked of so many hours (R18).
    if wanted["ends_at"] - wanted["starts_at"] > session.ends_at - session.starts_at:
        raise Refused("longer_than_decided")


def _has_begun(session: Session) -> bool:
    """Those at the door may be recorded before it starts."""
    return (
        session.has_begun
        or numbers_of(current_municipality(), [session.uuid])[session.uuid].took_part > 0
    )


def _is_as(session: Session, wanted: dict[str, Any]) -> bool:
    return all(getattr(session, name) == value for name, value in wanted.items())


def _lock(organisation: Organisation, session_uuid: UUID) -> Session:
    """Its page is locked before anything of it is changed, as where the page is changed."""
    if standing_on(organisation, current_municipality(), clock.today()) is None:
        raise Refused("no_standing")
    found = session_of(organisation.pk, session_uuid)
    if found is None:
        raise Refused("session_gone")
    ActivityPage.objects.select_for_update(of=("self",)).get(pk=found.page_id)
    session = session_of(organisation.pk, session_uuid)
    if session is None:
        raise Refused("session_gone")
    return session
