"""Under the run-time logins: who learns of stages of the relation, and of whose."""

from __future__ import annotations

from django.db import connection

from registration.models import RelationSetting
from registration.queries.relation import people_by_stage
from tenants.actors import VISITOR, organisation, signed_in, staff
from tenants.models import Municipality
from tenants.staff.roles import Role
from tests.conftest import HIDA, KESENNUMA
from tests.factories.accounts import ResidentFactory, signed_in_client
from tests.factories.members import make_organisation_member
from tests.factories.organisations import make_organisation
from tests.factories.registration import register_resident
from tests.factories.staff import make_member
from tests.isolation.logins import RUN, at_run_time, logged_in_as

STAGES = "/admin/registrants/relation/"


def organisers():
    with connection.cursor() as cursor:
        cursor.execute("SELECT guard.organisers()")
        return {one for (one,) in cursor.fetchall()}


def test_only_staff_learn_who_organises_and_only_of_their_registrants(own_database) -> None:
    connection.set_schema_to_public()
    here, there = (Municipality.objects.get(pk=code) for code in (KESENNUMA, HIDA))
    ours, theirs, unknown = (ResidentFactory() for _one in range(3))
    for resident, place in ((ours, here), (theirs, there)):
        register_resident(resident, place)
    club = make_organisation(here)
    members = [make_organisation_member(club, resident=one) for one in (ours, unknown)]
    make_organisation_member(make_organisation(there, name="飛騨の会"), resident=theirs)
    accounts = {place.pk: make_member(place, Role.ADMINISTRATOR).pk for place in (here, there)}
    desk = signed_in_client(make_member(here, Role.ADMINISTRATOR), here, admin=True)
    phone = signed_in_client(ours.user)
    connection.set_schema_to_public()
    with at_run_time(staff(accounts[here.pk], here.pk), here):
        assert organisers() == {ours.pk}
        assert people_by_stage(here) == {1: 0, 2: 0, 3: 0, 4: 1}
        assert RelationSetting.objects.filter(pk=there.pk).update(core_in_all=9) == 0
    with at_run_time(staff(accounts[there.pk], there.pk), there):
        assert organisers() == {theirs.pk}
        assert sum(people_by_stage(here).values()) == 0
    for actor in (
        VISITOR,
        signed_in(ours.user_id, ours.pk),
        organisation(members[0].account_id, club.pk, here.pk),
    ):
        with at_run_time(actor, here):
            assert organisers() == set()
    with logged_in_as(RUN):
        assert (
            desk.post(
                STAGES, {"core_in_year": 3, "core_in_all": 6, "fellow_in_all": 10}
            ).status_code
            == 302
        )
        assert '?stage=4">仲間</a></th><td>1</td>' in desk.get(STAGES).content.decode()
        assert "<strong>仲間" in phone.get(f"/my/registrations/{here.code}/").content.decode()
