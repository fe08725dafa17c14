"""The demonstration shows each sort of activity there is."""

from __future__ import annotations

from datetime import timedelta

import pytest

from activities.models import ActivityPage, Designation, HostPage, Need, Session, ThanksNote
from activities.queries import projects_waiting
from attendance.models import Draw, SignUp, Voice, VoiceAnswer
from common import clock
from organisations.models import JointProgramme, Standing
from organisations.queries import standing_on
from portal.demonstration.coordination import coordinate, work_for_organisations
from portal.demonstration.municipalities import cases, fill, staff_email
from tenants.context import municipality_context
from tenants.staff.roles import Role
from tests.factories.accounts import ResidentFactory
from tests.factories.holdings import took_part
from tests.factories.registration import register_resident
from tests.factories.staff import make_member

pytestmark = pytest.mark.django_db


def filled(municipality):
    (case,) = [one for one in cases() if one["code"] == municipality.code]
    with municipality_context(municipality):
        fill(municipality, case)
        return {page.title: page for page in ActivityPage.objects.all()}


def at(municipality, code):
    """The case of `code`, told of another municipality."""
    (case,) = [one for one in cases() if one["code"] == code]
    with municipality_context(municipality):
        fill(municipality, case)
    return case


def registered_at(municipality, number):
    residents = ResidentFactory.create_batch(number)
    with clock.as_of(clock.now() - timedelta(days=90)):
        for resident in residents:
            register_resident(resident, municipality)
    return residents


def employ(municipality):
    make_member(municipality, Role.COORDINATOR, email=staff_email(municipality, Role.COORDINATOR))


def dates(municipality, page):
    with municipality_context(municipality):
        return list(page.stored_sessions())


def test_paid_work_can_be_booked_with_a_bed_childcare_and_a_car(hida):
    case = at(hida, "113611")
    with municipality_context(hida):
        packages = {page.title: page.package for page in ActivityPage.objects.filter(is_paid=True)}
    (package,) = filter(None, packages.values())
    assert [one.kind for one in package] == ["lodging", "childcare", "car"]
    assert len(case["activity"]) == 3


def test_urgent_recurring_and_remote_ones_are_there(kesennuma, hida):
    here, there = filled(kesennuma), filled(hida)
    assert [title for title, page in here.items() if page.is_urgent] == ["大雨のあとの泥出し"]
    market, online = there["朝市の荷下ろし（毎週）"], there["英語の案内文の手直し（オンライン）"]
    starts = [one.starts_at for one in dates(hida, market)]
    assert len(starts) > 10
    assert {later - one for one, later in zip(starts, starts[1:], strict=False)} == {
        timedelta(weeks=1)
    }
    assert online.is_remote
    assert online.online_url


def test_every_case_says_only_what_a_page_has():
    known = {field.name for field in ActivityPage._meta.get_fields()}
    activities = [one for case in cases() for one in case["activity"]]
    assert all(set(one.get("page", {})) <= known for one in activities)
    assert any(one.get("more_days") for one in activities)
    assert any(one.get("paid") and "pay" in one.get("page", {}) for one in activities)


def test_places_are_drawn_by_a_seed_of_before_and_others_wait_to_be(kesennuma):
    case = at(kesennuma, "152269")
    employ(kesennuma)
    coordinate(kesennuma, case, registered_at(kesennuma, 9))
    with municipality_context(kesennuma):
        tour = list(Session.objects.filter(mode="lottery").order_by("starts_at"))
    drawn, *due = [Draw.objects.get(session_uuid=session.uuid) for session in tour]
    assert drawn.committed_at < SignUp.objects.earliest("moved_at").moved_at
    assert drawn.drawn_at is not None
    assert due
    assert all(draw.drawn_at is None and draw.due_at > clock.now() for draw in due)
    of_drawn = SignUp.objects.filter(session_uuid=drawn.session_uuid)
    assert sorted(of_drawn.values_list("status", flat=True)) == ["signed_up"] * 4 + ["waiting"] * 4
    assert not SignUp.objects.filter(session_uuid=due[0].session_uuid).exclude(status="applied")


def test_a_coordinator_has_needs_sign_ups_to_answer_and_thanks(hida):
    case = at(hida, hida.code)
    employ(hida)
    coordinate(hida, case, registered_at(hida, 4))
    with municipality_context(hida):
        states = Need.objects.values_list("state", flat=True)
        assert sorted(states) == ["activity", "closed", "new"]
        assert all("架空" in need.contact_name for need in Need.objects.all())
        assert ThanksNote.objects.count() == 1
        escort = Session.objects.filter(mode="approval", starts_at__gt=clock.now())
        uuid = escort.earliest("starts_at").uuid
    statuses = SignUp.objects.filter(session_uuid=uuid).values_list("status", flat=True)
    assert sorted(statuses) == ["applied", "applied", "declined", "signed_up"]


def test_those_who_took_part_say_a_word_on_the_host_s_page(hida):
    case = at(hida, hida.code)
    employ(hida)
    (host,) = case["host"]
    with municipality_context(hida):
        over = Session.objects.filter(
            page__title=host["activities"][0], ends_at__lt=clock.now()
        ).first()
        assert HostPage.objects.get().title == host["name"]
        assert over.page.host.title == host["name"]
    for _one in range(3):
        took_part(
            ResidentFactory(), hida, session_uuid=over.uuid, activity_title=over.page.title,
            at=over.starts_at,
        )  # fmt: skip
    coordinate(hida, case, [])
    said = Voice.objects.order_by("pk")
    assert [one.state for one in said] == ["published", "published", "waiting"]
    assert VoiceAnswer.objects.get().voice == said[0]
    assert VoiceAnswer.objects.get().is_public


def test_a_joint_programme_is_designated_by_each_municipality_for_itself(kesennuma, hida):
    at(kesennuma, "152269")
    at(hida, "152021")
    programme = JointProgramme.objects.get()
    for municipality, pattern in ((kesennuma, 2), (hida, 1)):
        standing = Standing.objects.get(
            municipality=municipality, organisation=programme.organisation
        )
        assert standing.pattern == pattern
        with municipality_context(municipality):
            page = ActivityPage.objects.get(joint_programme=programme)
            assert page.organisation == programme.organisation
            assert Designation.objects.filter(page=page).exists()


def test_somebody_manages_an_organisation_of_each_pattern(kesennuma, hida):
    case, member = at(kesennuma, kesennuma.code), ResidentFactory()
    work_for_organisations(kesennuma, case, member)
    managed = [one.organisation for one in member.user.organisation_members.all()]
    standings = [standing_on(one, kesennuma, clock.today()) for one in managed]
    assert sorted(standing.pattern for standing in standings if standing) == [1, 2]
    with municipality_context(kesennuma):
        (waits,) = projects_waiting()
    assert waits.title == "舞根の竹やぶの手入れ"
    assert not waits.live
    assert waits.organisation in managed
    assert all(standing_on(one, hida, clock.today()) is None for one in managed)
