"""What a municipality's staff still see of somebody who has closed their account."""

from __future__ import annotations

import pytest

from common.holdings import Person
from registration.holdings import HOLDINGS
from registration.models import Registration
from registration.operations import leave
from tests.factories.accounts import signed_in_client
from tests.factories.counter import make_entry
from tests.factories.privacy import make_registrants
from tests.factories.registration import register_resident
from tests.factories.staff import make_member

pytestmark = pytest.mark.django_db
GONE = "退会した方"


def erase(resident):
    for holding in HOLDINGS:
        if holding.erase:
            holding.erase(Person((resident.user_id,), (resident.pk,)))


@pytest.fixture
def officer(kesennuma):
    return make_member(kesennuma, "registration_officer")


@pytest.fixture
def desk(kesennuma, officer):
    return signed_in_client(officer, kesennuma, admin=True)


def text_of(response) -> str:
    assert response.status_code == 200
    return response.content.decode()


def test_the_list_and_the_page_name_nobody(kesennuma, officer, desk):
    leaver, stays = make_registrants(kesennuma, 2)
    name, address = leaver.name, leaver.address
    leave(leaver)
    erase(leaver.resident)
    page = text_of(desk.get("/admin/registrants/?state=ended"))
    assert GONE in page
    assert leaver.number in page
    assert name not in page
    opened = desk.post(f"/admin/registrants/{leaver.pk}/", {"purpose": "enquiry"}, follow=True)
    page = text_of(opened)
    assert GONE in page
    assert address not in page
    assert stays.name in text_of(desk.get("/admin/registrants/"))


def test_an_entry_at_the_counter_stays_with_its_number(kesennuma, officer, desk):
    entry = make_entry(kesennuma, officer)
    name = entry.resident.name
    erase(entry.resident)
    for path in ("/admin/counter/", f"/admin/counter/{entry.pk}/"):
        page = text_of(desk.get(path))
        assert GONE in page
        assert name not in page
        assert entry.registration_number in page


def test_who_comes_back_is_somebody_new(kesennuma):
    (first,) = make_registrants(kesennuma, 1)
    leave(first)
    erase(first.resident)
    again = register_resident(first.resident, kesennuma)
    assert again.number != first.number
    assert Registration.objects.get(pk=first.pk).name == ""
