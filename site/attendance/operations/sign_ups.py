"""Taking a place in a session, and giving it back."""

from __future__ import annotations

from uuid import UUID

from django.core.mail import EmailMessage
from django.db import transaction
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext_noop

from accounts.models import Resident
from accounts.rules.ages import age_on
from activities.queries import lock_session
from activities.rules.snapshot import SessionSnapshot
from attendance.enums import SignUpStatus
from attendance.models import SignUp
from attendance.queries import taken_places
from attendance.rules.sign_up import SignUpInput, may_sign_up
from common import clock
from common.refusal import Refused
from identity.queries import standing_of
from tenants.context import municipality_context
from tenants.hosts import municipality_url
from tenants.models import Municipality


@transaction.atomic
def sign_up(resident: Resident, municipality: Municipality, session_uuid: UUID) -> SignUp:
    """Give `resident` a place; who already has one keeps it.

    Locks the session before counting, so that the last place goes to one. Raises
    `Refused("session_gone")`, `Refused("session_cancelled")`, or a refusal with the code of the
    first condition not met (`session_not_started`, `place_left`, `old_enough`,
    `guardian_consent`) and its data.
    """
    with municipality_context(municipality):
        session = lock_session(session_uuid)
        if session is None:
            raise Refused("session_gone", municipality=municipality.full_name)
        snapshot = session.snapshot()
    existing = SignUp.objects.filter(resident=resident, session_uuid=session_uuid).first()
    if existing and existing.status == SignUpStatus.SIGNED_UP:
        return existing
    if snapshot.is_cancelled:
        raise Refused("session_cancelled", title=snapshot.activity_title)
    taken = taken_places(municipality, [session_uuid]).get(session_uuid, 0)
    standing = standing_of(resident)
    decision = may_sign_up(
        SignUpInput(
            now=clock.now(),
            starts_at=snapshot.starts_at,
            capacity=snapshot.capacity,
            taken=taken,
            age=age_on(standing.born, snapshot.starts_at.astimezone(clock.TOKYO).date()),
            minimum_age=snapshot.minimum_age,
            may_disclose=not standing.lacks_consent,
        )
    )
    if not decision.allowed:
        condition = decision.unmet[0]
        raise Refused(condition.code, **condition.data)
    place = _take_place(resident, municipality, snapshot)
    _tell(place, "signed_up", gettext_noop("You have a place: %(title)s"))
    return place


@transaction.atomic
def withdraw_sign_up(resident: Resident, session_uuid: UUID) -> None:
    """Give the place back; nothing happens where there is none.

    Raises `Refused("session_over")` once the session has ended: then the list is history.
    """
    place = (
        SignUp.objects.select_for_update(of=("self",))
        .filter(resident=resident, session_uuid=session_uuid, status=SignUpStatus.SIGNED_UP)
        .first()
    )
    if place is None:
        return
    if place.ends_at < clock.now():
        raise Refused("session_over")
    place.status = SignUpStatus.WITHDRAWN
    place.save(update_fields=["status", "updated_at"])
    _tell(place, "withdrawn", gettext_noop("You have given back your place: %(title)s"))


@transaction.atomic
def give_back_upcoming(resident: Resident) -> None:
    """As `cancel_upcoming`, and tell the resident of each place."""
    for place in cancel_upcoming(resident):
        _tell(place, "withdrawn", gettext_noop("You have given back your place: %(title)s"))


@transaction.atomic
def cancel_upcoming(resident: Resident) -> list[SignUp]:
    """Give back every place in a session that has not begun: name and telephone number are no
    longer meant for who runs it. Once a session has begun its list is history. Returns those
    given back."""
    upcoming = SignUp.objects.select_for_update(of=("self",)).filter(
        resident=resident, status=SignUpStatus.SIGNED_UP, starts_at__gt=clock.now()
    )
    given_back = list(upcoming)
    for place in given_back:
        place.status = SignUpStatus.WITHDRAWN
        place.phone = ""
        place.save(update_fields=["status", "phone", "updated_at"])
    return given_back


def _take_place(resident: Resident, municipality: Municipality, session: SessionSnapshot) -> SignUp:
    place, _created = SignUp.objects.update_or_create(
        resident=resident,
        session_uuid=session.session_uuid,
        defaults={
            "municipality": municipality,
            "status": SignUpStatus.SIGNED_UP,
            "activity_title": session.activity_title,
            "starts_at": session.starts_at,
            "ends_at": session.ends_at,
            "place": session.place,
            "page_path": session.page_path,
            "name": resident.name,
            "kana": resident.kana,
            "phone": resident.phone,
        },
    )
    return place


def _tell(place: SignUp, template: str, subject: str) -> None:
    resident = place.resident
    with translation.override(resident.language):
        EmailMessage(
            subject=translation.gettext(subject) % {"title": place.activity_title},
            body=render_to_string(
                f"attendance/mail/{template}.txt",
                {
                    "place": place,
                    "resident": resident,
                    "url": municipality_url(place.municipality, place.page_path),
                },
            ),
            to=[resident.user.email or ""],
        ).send()
