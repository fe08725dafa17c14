"""Signing up for a session, and giving the place back."""

from __future__ import annotations

from dataclasses import asdict
from uuid import UUID

from django.db import transaction

from accounts.models import Resident
from accounts.rules.ages import age_on
from activities.models import Session
from activities.queries import lock_session
from attendance.enums import SignUpStatus
from attendance.models import SignUp
from attendance.operations.signing_up.drawing import commit
from attendance.operations.signing_up.letters import tell
from attendance.operations.signing_up.moving import move, promote_later
from attendance.queries import SessionTotals, totals_of
from attendance.queries.components import booked_components
from attendance.rules.components import chosen, require_left
from attendance.rules.moves import OPEN, after, require_not_begun
from attendance.rules.places import fits
from attendance.rules.sign_up import (
    SignUpInput,
    Wish,
    age_group_of,
    first_move,
    may_sign_up,
)
from common import clock
from common.refusal import Refused
from identity.queries import standing_of
from identity.rules.minors import Standing
from tenants.actors import weighing
from tenants.context import municipality_context
from tenants.models import Municipality

_PLAIN = Wish()
_LETTERS = {"take": "signed_up", "wait": "waiting", "apply": "applied"}


@transaction.atomic
def sign_up(
    resident: Resident,
    municipality: Municipality,
    session_uuid: UUID,
    wish: Wish = _PLAIN,
    standing: Standing | None = None,
) -> SignUp:
    """Give `resident` and whoever comes along places, all or none; or put them on the waiting
    list where they wish to wait; or take their application where staff or a lot decide. Who is
    signed up in any of these ways already stays so. `standing` where the caller has read it.

    Locks the session before counting, so that the last place goes to one. Raises
    `Refused("session_gone")`, `Refused("move_not_possible")` for who was not accepted, or a
    refusal with the code of the first condition of `may_sign_up` that is not met and its data.
    What is booked along is held with the place and with nothing less: who waits or has applied
    holds none of it. Raises also what `rules.components.chosen` and, where a place is taken now,
    `require_left` raise.
    """
    standing = standing or standing_of(resident)
    with municipality_context(municipality):
        session = lock_session(session_uuid)
        if session is None:
            raise Refused("session_gone", municipality=municipality.full_name)
        # Counted and written in the municipality's name: each change of who acts is a statement
        # of its own, and everybody at the door of the same session waits for it.
        with weighing(municipality.code):
            totals = totals_of(municipality, session_uuid, resident)
            existing = totals.own
            if existing and existing.status in OPEN:
                return existing
            facts = _facts(standing, session, totals, wish)
            decision = may_sign_up(facts)
            if not decision.allowed:
                condition = decision.unmet[0]
                raise Refused(condition.code, **condition.data)
            name = first_move(facts)
            package = session.page.package
            booking = chosen(package, wish.components)
            if booking and name == "take":
                booked = booked_components(municipality, [session_uuid])
                require_left(booking, package, booked.get(session_uuid, {}))
            row = existing or SignUp(resident=resident, session_uuid=session_uuid, status="")
            row.resident, row.municipality = resident, municipality
            row.status = after(name, row.status)
            row.line = totals.last_in_line + 1 if name == "wait" else None
            _fill(row, session, wish, facts)
            row.components = booking or None
            row.move, row.moved_at, row.moved_by_id = name, clock.now(), resident.user_id
            row.sequence += 1 if existing else 0
            if session.mode == "lottery":
                commit(municipality, session_uuid, session.apply_until or session.starts_at)
            row.save()
        tell(row, _LETTERS[name], resident, number=totals.waiting + 1)
        return row


@transaction.atomic
def withdraw_sign_up(resident: Resident, session_uuid: UUID) -> None:
    """Give back the place, the offer, the position in line or the application; nothing happens
    where there is none. Possible until the start, after the end of sign-up too.

    Whoever waits is asked by the worker. Raises `Refused("session_begun")`.
    """
    row = (
        SignUp.objects.select_for_update(of=("self",))
        .filter(resident=resident, session_uuid=session_uuid, status__in=OPEN)
        .select_related("municipality__local_government__prefecture")
        .first()
    )
    if row is None:
        return
    require_not_begun(clock.now(), row.starts_at)
    _give_back(row, resident.user_id)
    tell(row, "withdrawn", resident)


@transaction.atomic
def give_back_upcoming(resident: Resident) -> None:
    """As `cancel_upcoming`, and tell the resident of each place."""
    for place in cancel_upcoming(resident):
        tell(place, "withdrawn", resident)


@transaction.atomic
def cancel_upcoming(resident: Resident) -> list[SignUp]:
    """Give back everything in a session that has not begun: name and telephone number are no
    longer meant for who runs it. Once a session has begun its list is history. Returns those
    given back."""
    upcoming = (
        SignUp.objects.select_for_update(of=("self",))
        .filter(resident=resident, status__in=OPEN, starts_at__gt=clock.now())
        .select_related("municipality__local_government__prefecture")
    )
    given_back = list(upcoming)
    for row in given_back:
        _give_back(row, None, phone="", guardian_phone="", guardian_name="", companions=[])
    return given_back


def _give_back(row: SignUp, by: int | None, **emptied: object) -> None:
    held = row.status in {SignUpStatus.SIGNED_UP, SignUpStatus.OFFERED}
    move(row, "withdraw", by=by, line=None, **emptied)
    if held:
        promote_later(row.municipality, row.session_uuid)


def _facts(standing: Standing, session: Session, totals: SessionTotals, wish: Wish) -> SignUpInput:
    page = session.page
    return SignUpInput(
        now=clock.now(),
        starts_at=session.starts_at,
        capacity=session.capacity,
        taken=totals.taken,
        age=age_on(standing.born, session.day),
        minimum_age=page.minimum_age,
        may_disclose=not standing.lacks_consent,
        mode=session.mode,
        apply_until=session.apply_until,
        is_cancelled=session.is_cancelled,
        maximum_age=page.maximum_age,
        party=wish.party,
        waits=wish.waits,
        is_minor=standing.is_minor,
        guardian_is_reachable=bool(wish.guardian_name and wish.guardian_phone),
        fits=fits(session.capacity, totals.taken, totals.smallest_waiting, wish.party),
    )


def _fill(row: SignUp, session: Session, wish: Wish, facts: SignUpInput) -> None:
    """What is disclosed, and what the resident saw. Past a wish nothing earlier is left."""
    resident = row.resident
    row.activity_title = session.page.title
    row.starts_at, row.ends_at, row.place = session.starts_at, session.ends_at, session.place
    row.page_path = session.page.public_path
    row.name, row.kana, row.phone = resident.name, resident.kana, resident.phone
    row.age_group = age_group_of(facts.age)
    row.party, row.companions = wish.party, [asdict(one) for one in wish.companions]
    # Of adults nobody is to be reached but themselves.
    row.guardian_name = wish.guardian_name if facts.is_minor else ""
    row.guardian_phone = wish.guardian_phone if facts.is_minor else ""
    row.answer_by, row.reason, row.reminded_at = None, "", None
