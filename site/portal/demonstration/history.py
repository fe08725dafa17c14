"""What the invented residents did: registered, took part, signed up."""

from __future__ import annotations

import random
from datetime import timedelta
from typing import Any

from allauth.account.models import EmailAddress
from django.http import QueryDict

from accounts.models import Resident, User
from accounts.operations.acceptances import accept_terms
from accounts.queries import documents_in_force
from activities.models import Session
from attendance.codes import venue_token
from attendance.codes.day import day_codes
from attendance.operations.check_in import check_in
from attendance.operations.session_codes import check_in_by_digits
from attendance.operations.sign_ups import sign_up
from common import clock
from common.refusal import Refused
from portal.demonstration.municipalities import FIRST_DAY, PASSWORD
from portal.demonstration.people import Person, people
from registration.operations import register
from registration.steps import FilledStep, steps_for
from surveys.enums import Relation
from tenants.context import municipality_context
from tenants.models import Municipality

_SEED = 20261123


def add_residents(municipalities: list[Municipality]) -> list[Resident]:
    """Accounts, registrations, a year of participations and sign-ups; always the same."""
    dice = random.Random(_SEED)  # noqa: S311 - repeatable, not secret
    residents = [_resident(person) for person in people(clock.today())]
    sessions = {place.code: _sessions(place) for place in municipalities}
    for number, resident in enumerate(residents):
        # The first one, whose account is shown to newcomers, has a full story at one place.
        places = municipalities[:2] if number == 0 else _some(dice, municipalities)
        for place in places:
            joined = FIRST_DAY + timedelta(days=dice.randint(0, 60))
            with clock.as_of(clock.at_noon(joined)):
                answers = _answers(dice, place)
                register(resident, place, answers, wants_mail=number % 3 == 0)
            wanted = 3 if number == 0 else dice.choice([0, 1, 2, 2, 3, 4, 5])
            _take_part(dice, resident, place, sessions[place.code], wanted)
    return residents


def _resident(person: Person) -> Resident:
    user = User.objects.create_user(email=person.email, password=PASSWORD)
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    with clock.as_of(clock.at_noon(FIRST_DAY)):
        accept_terms(user, documents_in_force())
    return Resident.objects.create(
        user=user,
        family_name=person.family_name,
        given_name=person.given_name,
        family_kana=person.family_kana,
        given_kana=person.given_kana,
        birth_date=person.birth_date,
        postal_code=person.postal_code,
        residence_id=person.municipality_code,
        address_line=person.address_line,
    )


def _some(dice: random.Random, municipalities: list[Municipality]) -> list[Municipality]:
    return dice.sample(municipalities, dice.choice([1, 1, 1, 2, 2, 3]))


def _sessions(municipality: Municipality) -> list[Session]:
    with municipality_context(municipality):
        return list(Session.objects.public().order_by("starts_at"))


def _take_part(
    dice: random.Random,
    resident: Resident,
    municipality: Municipality,
    sessions: list[Session],
    wanted: int,
) -> None:
    now = clock.now()
    past = [session for session in sessions if session.ends_at < now - timedelta(hours=3)]
    for session in dice.sample(past, min(wanted, len(past))):
        with clock.as_of(session.starts_at + timedelta(minutes=dice.randint(0, 20))):
            if session.has_poster:
                check_in(resident, venue_token(municipality.code, session.uuid, session.day, 1))
            elif session.page.is_remote:
                digits = day_codes(session.uuid, session.day, 1)[0]
                check_in_by_digits(resident, municipality.code, digits, network="")
    coming = [session for session in sessions if session.starts_at > now]
    if coming and dice.random() < 0.5:
        try:
            sign_up(resident, municipality, dice.choice(coming).uuid)
        except Refused:
            pass  # full, or for older people: so it is in life


def _answers(dice: random.Random, municipality: Municipality) -> list[FilledStep]:
    """The survey as a person would have filled it in."""
    filled = []
    for empty in steps_for(municipality):
        data = QueryDict(mutable=True)
        for name, field in empty.form.fields.items():
            data.setlist(empty.form.add_prefix(name), _answer(dice, name, field))
        (step,) = [s for s in steps_for(municipality, data) if s.step.key == empty.step.key]
        if not step.form.is_valid():
            raise ValueError(step.form.errors.as_text())
        filled.append(step)
    return filled


def _answer(dice: random.Random, name: str, field: Any) -> list[str]:
    choices = [value for value, _label in getattr(field, "choices", []) if value]
    if name == "relation":
        return dice.sample([relation.value for relation in Relation], 2)
    if choices:
        return [dice.choice(choices)]
    return (
        [dice.choice(["お祭りや農作業", "なんでも手伝います", ""])]
        if not field.required
        else ["はい"]
    )
