"""What is booked along, past the walls: everybody's numbers are weighed, nobody's row is read."""

from __future__ import annotations

import pytest
from django.db import connection

from attendance.models import SignUp
from attendance.operations.sign_ups import sign_up
from attendance.queries.components import booked_components
from attendance.rules.sign_up import Wish
from common.refusal import Refused
from tenants.actors import VISITOR, organisation, signed_in
from tenants.models import Municipality
from tests.conftest import HIDA, KESENNUMA
from tests.factories.accounts import ResidentFactory
from tests.factories.members import make_organisation_member
from tests.factories.organisations import make_organisation
from tests.factories.packages import make_package
from tests.isolation.logins import at_run_time


def test_the_last_one_goes_to_one_and_each_reads_their_own(own_database: str) -> None:
    here, there = (Municipality.objects.get(pk=code) for code in (KESENNUMA, HIDA))
    ours, others = (make_organisation(here, name=name) for name in ("浜の会", "山の会"))
    members = [make_organisation_member(one) for one in (ours, others)]
    session, ids = make_package(here, organisation=ours)
    make_package(there)
    first, second = ResidentFactory.create_batch(2)
    connection.set_schema_to_public()
    wish = Wish(components={ids["childcare"]: 1})
    with at_run_time(signed_in(first.user_id, first.pk), here):
        sign_up(first, here, session, wish)
    with at_run_time(signed_in(second.user_id, second.pk), here):
        with pytest.raises(Refused) as refused:
            sign_up(second, here, session, wish)
        assert refused.value.code == "component_left"
        assert not SignUp.objects.exists()
    for actor in (VISITOR, signed_in(second.user_id, second.pk)):
        with at_run_time(actor, here):
            assert booked_components(here, [session]) == {session: {ids["childcare"]: 1}}
            assert not SignUp.objects.exists()
    with at_run_time(VISITOR, there):
        assert not SignUp.objects.exists()
    for member, known in zip(members, (ours, others), strict=True):
        actor = organisation(member.account_id, known.pk, KESENNUMA)
        with at_run_time(actor, here):
            seen = [row.components[0]["name"] for row in SignUp.objects.all()]
            assert seen == (["一時保育"] if known is ours else [])
