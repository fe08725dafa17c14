"""Hard case 21: a minor without a guardian's consent that holds is not verified, has no premium,
posts nothing and is disclosed to nobody; a withdrawal counts from the next request; the 18th
birthday ends it all by itself."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import product
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accounts.models import Resident
from accounts.rules.ages import comes_of_age_on
from attendance.models import SignUp
from attendance.operations.sign_ups import sign_up
from attendance.rules.sign_up import SignUpInput, may_sign_up
from common import clock
from common.refusal import Refused
from community.operations import post
from community.rules.posting import PostInput, may_post
from identity.operations.coming_of_age import close_consents_of_adults
from identity.operations.guardians import withdraw
from identity.queries import may_disclose, obstacle_to_verification
from identity.registry import obstacle_for
from identity.rules.minors import Standing
from registration.queries import progress_of
from registration.rules.engine import decide
from registration.rules.facts import Facts, Taken
from registration.rules.parameters import Parameters
from registration.rules.residence import Place
from tenants.context import municipality_context
from tenants.models import Municipality
from tests.factories.accounts import signed_in_client
from tests.factories.activities import make_activity, session_values
from tests.factories.community import bodies, first_room, make_registrant
from tests.factories.guardians import birth_date_at, make_consent, make_minor, verify

CONSENTS = ("none", "holds", "withdrawn")
TODAY = date(2027, 11, 23)
HERE, ELSEWHERE = Place("042056", "040002"), Place("212172", "210005")
THREE_TIMES = tuple(
    Taken(f"session-{number}", TODAY - timedelta(days=number + 1), HERE.code, designated=True)
    for number in range(3)
)


# The rules together: age × consent × withdrawn × verified → each of four permissions


@dataclass(frozen=True)
class Case:
    """Somebody, and what they may."""

    born: date
    given: bool
    withdrawn: bool
    verified: bool

    @property
    def standing(self) -> Standing:
        return Standing(self.born, TODAY, consented=self.given and not self.withdrawn)

    @property
    def permissions(self) -> dict[str, bool]:
        standing, noon = self.standing, datetime.combine(TODAY, time(12), tzinfo=clock.TOKYO)
        return {
            "verification": not standing.lacks_consent,
            "premium": decide(
                Facts(
                    today=TODAY,
                    municipality=HERE,
                    residence=ELSEWHERE,
                    is_registered=True,
                    identity_valid=self.verified,
                    is_minor=standing.is_minor,
                    guardian_consent=standing.consented,
                    parameters=Parameters(),
                    participations=THREE_TIMES,
                )
            ).allowed,
            "post": may_post(
                PostInput(
                    body="はじめまして。", room_open=True, lacks_consent=standing.lacks_consent
                )
            ).allowed,
            "disclosure": may_sign_up(
                SignUpInput(
                    now=noon,
                    starts_at=noon + timedelta(days=7),
                    capacity=None,
                    taken=0,
                    age=17,
                    minimum_age=None,
                    may_disclose=not standing.lacks_consent,
                )
            ).allowed,
        }


CASES = st.builds(
    Case,
    born=st.dates(date(1950, 1, 1), TODAY),
    given=st.booleans(),
    withdrawn=st.booleans(),
    verified=st.booleans(),
)


@given(CASES)
def test_what_somebody_may_follows_from_age_consent_and_proof(case: Case) -> None:
    # Said in other words than the rules say it: by the calendar, not by the years.
    of_age = (TODAY.year - 18, TODAY.month, TODAY.day) >= (
        case.born.year,
        case.born.month,
        case.born.day,
    )
    free = of_age or (case.given and not case.withdrawn)
    assert case.permissions == {
        "verification": free,
        "premium": free and case.verified,
        "post": free,
        "disclosure": free,
    }


@given(CASES)
def test_a_withdrawal_never_gives_and_a_birthday_never_takes(case: Case) -> None:
    def held(**changes: object) -> set[str]:
        made = Case(**(vars(case) | changes))
        return {name for name, allowed in made.permissions.items() if allowed}

    assert held(withdrawn=True) <= held(withdrawn=False)
    assert held(given=False) <= held(given=True)
    grown_up = held(born=date(TODAY.year - 18, TODAY.month, TODAY.day))
    assert held() <= grown_up


# The same through database and operations


@pytest.fixture
def session(kesennuma: Municipality):
    page = make_activity(kesennuma, sessions=[session_values()])
    with municipality_context(kesennuma):
        return page.sessions.get().uuid


# Asked of everybody under 18; adults' forms leave it out.
GUARDIAN = {"guardian_name": "佐藤 母", "guardian_phone": "0226-22-6600"}


def may_now(resident: Resident, municipality: Municipality, session: object) -> dict[str, bool]:
    """Each of the four, tried."""
    client = signed_in_client(resident.user, municipality)
    client.post(f"/sessions/{session}/sign-up/", GUARDIAN)
    signed_up = SignUp.objects.filter(resident=resident, status="signed_up")
    disclosed = signed_up.exists()
    signed_up.delete()
    decision = progress_of(resident)[0].decision
    unmet = {condition.code for condition in decision.unmet}
    return {
        "verification": obstacle_for(resident) == "",
        "premium": "guardian_consent" not in unmet,
        "post": posted(resident, municipality),
        "disclosure": disclosed and may_disclose(resident),
    }


def posted(resident: Resident, municipality: Municipality) -> bool:
    room = first_room(municipality)
    with municipality_context(municipality):
        try:
            post(resident.pk, room, "はじめまして。", uuid4())
        except Refused as refusal:
            assert refusal.code == "guardian_consent"
            return False
    return True


@pytest.mark.parametrize(
    ("age", "consent", "verified"), list(product((17, 18), CONSENTS, (False, True)))
)
def test_every_combination_through_the_operations(
    kesennuma, session, age, consent, verified
) -> None:
    resident = make_registrant(kesennuma, birth_date=birth_date_at(age))
    if consent != "none":
        row = make_consent(resident)
        if consent == "withdrawn":
            withdraw(row.pk, row.guardian)
    if verified:
        verify(resident)
    free = age == 18 or consent == "holds"
    assert set(may_now(resident, kesennuma, session).values()) == {free}


def test_in_the_same_session_the_next_request_is_refused(kesennuma, session) -> None:
    child = make_registrant(kesennuma, birth_date=birth_date_at(17))
    consent = make_consent(child)
    client = signed_in_client(child.user, kesennuma)

    def write(text: str) -> int:
        sent = {"body": text, "client_key": str(uuid4())}
        return client.post("/rooms/hiroba/", sent).status_code

    def ask_for_a_place() -> int:
        return client.post(f"/sessions/{session}/sign-up/", GUARDIAN).status_code

    assert (write("同意あり"), ask_for_a_place()) == (302, 302)
    guardian = signed_in_client(consent.guardian.user)
    guardian.post(f"/my/children/{consent.pk}/withdraw/")
    assert SignUp.objects.get().status == "withdrawn"
    assert (write("取りやめの後"), ask_for_a_place()) == (409, 409)
    assert bodies(kesennuma) == ["同意あり"]
    assert obstacle_to_verification(child) == "guardian_consent"
    assert guardian.get("/my/children/").context["children"] == []


def test_the_eighteenth_birthday(kesennuma, session, mailoutbox) -> None:
    child = make_registrant(kesennuma, birth_date=birth_date_at(17))
    consent = make_consent(child)
    birthday = datetime.combine(comes_of_age_on(child.birth_date), time(), tzinfo=clock.TOKYO)
    guardian = signed_in_client(consent.guardian.user)
    with clock.as_of(birthday - timedelta(seconds=1)):
        assert close_consents_of_adults() == 0
        assert len(guardian.get("/my/children/").context["children"]) == 1
    with clock.as_of(birthday):
        # Before any job has run: nothing needs the guardian, and the guardian sees nothing.
        assert guardian.get("/my/children/").context["children"] == []
        assert posted(child, kesennuma)
        before = len(mailoutbox)
        close_consents_of_adults()
        close_consents_of_adults()
    asked = [mail for mail in list(mailoutbox)[before:] if mail.to == [child.user.email]]
    assert len(asked) == 1


@pytest.mark.parametrize("told", [True, False])
def test_a_guardian_who_is_late_takes_nothing_from_an_adult(kesennuma, told) -> None:
    child = make_registrant(kesennuma, birth_date=birth_date_at(17))
    consent = make_consent(child)
    birthday = datetime.combine(comes_of_age_on(child.birth_date), time(9), tzinfo=clock.TOKYO)
    page = make_activity(kesennuma, sessions=[session_values(birthday.date() + timedelta(days=3))])
    with municipality_context(kesennuma):
        session = page.sessions.get().uuid
    with clock.as_of(birthday):
        sign_up(child, kesennuma, session)
        if told:
            close_consents_of_adults()
        withdraw(consent.pk, consent.guardian)
        assert posted(child, kesennuma)
    assert SignUp.objects.get().status == "signed_up"


def test_a_minor_registers_reads_and_is_led_to_the_guardian(kesennuma, session) -> None:
    child = make_registrant(kesennuma, birth_date=birth_date_at(12))
    client = signed_in_client(child.user, kesennuma)
    for path in ("/rooms/hiroba/", f"/sessions/{session}/sign-up/"):
        page = client.get(path)
        assert page.status_code == 200
        assert "/my/guardian/" in page.content.decode()


def test_the_minor_of_another_family_is_not_helped(kesennuma, session) -> None:
    make_consent(make_minor())
    child = make_registrant(kesennuma, birth_date=birth_date_at(17))
    assert set(may_now(child, kesennuma, session).values()) == {False}
