"""Pages of the counter show a resident's particulars because of what they are for: each is a
look like any other, recorded before it is shown and told to the resident."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine

from common import clock
from identity.models import CounterCheck
from privacy.enums import Particular, StaffPurpose
from privacy.models import AccessRecord
from registration.models import Registration
from tenants.staff.roles import Role
from tests.factories.accounts import ResidentFactory, signed_in_client
from tests.factories.counter import make_entry
from tests.factories.identity import make_check
from tests.factories.registration import register_resident
from tests.factories.staff import make_member, staff_client

pytestmark = pytest.mark.django_db
CARD = ["address", "birth_date", "name"]
PAPER = ["address", "birth_date", "kana", "name", "phone", "postal_code"]


@pytest.fixture
def resident(kesennuma, hida):
    resident = ResidentFactory()
    for place in (kesennuma, hida):
        register_resident(resident, place)
    return resident


def looks() -> list[tuple]:
    return list(AccessRecord.objects.order_by("pk").values_list("resident", "particulars"))


def test_the_first_and_the_second_look_at_a_card(kesennuma, resident):
    officers = [make_member(kesennuma, Role.REGISTRATION_OFFICER) for _each in range(2)]
    first, second = (signed_in_client(user, kesennuma, admin=True) for user in officers)
    page = f"/admin/identity/look/{resident.pk}/"
    assert first.get(page).status_code == 200
    assert looks() == [(resident.pk, CARD)]
    first.get(page)
    assert len(looks()) == 1, "one line for a page that is opened again"
    make_check(kesennuma, resident, officers[0])
    check = CounterCheck.objects.get()
    assert second.get(f"/admin/identity/checks/{check.pk}/").status_code == 200
    assert looks() == [(resident.pk, CARD)] * 2
    actors = AccessRecord.objects.order_by("pk").values_list("actor", "purpose")
    assert list(actors) == [(user.pk, StaffPurpose.COUNTER) for user in officers]
    told = signed_in_client(resident.user).get("/my/access/").content.decode()
    assert told.count("窓口での手続き") == 2
    assert "飛騨市" not in told


def test_later_it_is_a_look_of_its_own(kesennuma, resident, settings):
    settings.STAFF_IDLE_MINUTES = 60
    officer = staff_client(kesennuma, Role.REGISTRATION_OFFICER)
    page = f"/admin/identity/look/{resident.pk}/"
    officer.get(page)
    with time_machine.travel(clock.now() + timedelta(minutes=16)):
        officer.get(page)
    assert len(looks()) == 2


def test_who_was_entered_on_paper(kesennuma, hida):
    taker = make_member(kesennuma, Role.REGISTRATION_OFFICER)
    entry = make_entry(kesennuma, taker)
    officer = signed_in_client(taker, kesennuma, admin=True)
    assert officer.get(f"/admin/counter/{entry.pk}/sheet/").status_code == 200
    assert officer.get(f"/admin/counter/{entry.pk}/").status_code == 200
    assert looks() == [(entry.resident_id, PAPER)]
    next_door = staff_client(hida, Role.REGISTRATION_OFFICER)
    assert next_door.get(f"/admin/counter/{entry.pk}/").status_code == 404
    assert len(looks()) == 1, "what is not found is not looked at"


def test_a_page_that_showed_less_opens_nothing_else(kesennuma, resident):
    officer = staff_client(kesennuma, Role.REGISTRATION_OFFICER)
    officer.get(f"/admin/identity/look/{resident.pk}/")
    registration = Registration.objects.get(resident=resident, municipality=kesennuma)
    page = officer.get(f"/admin/registrants/{registration.pk}/").content.decode()
    assert resident.user.email not in page
    assert Particular.EMAIL not in looks()[0][1]
    assert 'name="purpose"' in page
