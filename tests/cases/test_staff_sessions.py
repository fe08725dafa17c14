"""How long sessions of staff and operators hold, what asks anew, and recovery by a colleague."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from django.contrib.auth.models import Group
from django.db import ProgrammingError, transaction

from common import clock
from tenants.context import municipality_context
from tenants.enums import FactorEvent
from tenants.models import NetworkRange, SecondFactor, SecondFactorEvent
from tenants.operations.second_factors import reset_factors
from tenants.rules.staff_sessions import End, Limits, end_of, is_recent, wait_after
from tenants.staff.models import Invitation, Membership
from tenants.staff.operations import remove_member
from tenants.staff.roles import Role
from tests.cases.test_staff import now_code, password_client
from tests.factories.accounts import PASSWORD, signed_in_client, with_factor
from tests.factories.staff import make_member, staff_client
from tests.factories.tenants import operator_client

pytestmark = pytest.mark.django_db
LIMITS = Limits(idle=1800, absolute=36000, confirmation=900)


def after(**time):
    return time_machine.travel(clock.now() + timedelta(**time))


# The rules


@pytest.mark.parametrize(
    ("now", "signed_in", "seen", "end"),
    [
        (1799, 0, 0, None),
        (1800, 0, 0, End.IDLE),
        (35_999, 0, 35_000, None),
        (36_000, 0, 35_999, End.ABSOLUTE),
        (10, None, 5, End.ABSOLUTE),
        (10, 5, None, End.ABSOLUTE),
    ],
)
def test_a_session_ends_by_the_clock(now, signed_in, seen, end):
    assert end_of(now, signed_in, seen, LIMITS) == end


def test_a_confirmation_is_enough_for_a_while():
    assert is_recent(899, 0, LIMITS) and not is_recent(900, 0, LIMITS)
    assert not is_recent(0, None, LIMITS)
    assert not is_recent(0, 10, LIMITS), "a clock that was put back confirms nothing"


def test_waits_double_up_to_six_hours():
    waits = [wait_after(wrong) for wrong in range(51)]
    assert all(not waits[n] for n in range(51) if n % 5 or not n)
    minutes = [waits[n].total_seconds() / 60 for n in (5, 10, 15, 20, 50)]
    assert minutes == [5, 10, 20, 40, 360]
    assert wait_after(5_000_000) == timedelta(hours=6)


# Limits


def test_half_an_hour_without_a_request_ends_the_session_and_says_so(kesennuma):
    client = staff_client(kesennuma, Role.EDITOR)
    with after(minutes=29):
        assert client.get("/admin/").status_code == 200
    with after(minutes=58):
        assert client.get("/admin/").status_code == 200, "the last request counts"
    with after(minutes=89):
        answer = client.get("/admin/reports/?x=1")
        assert answer["Location"] == "/admin/login/?next=%2Fadmin%2Freports%2F%3Fx%3D1&why=idle"
        page = client.get(answer["Location"]).content.decode()
        assert "しばらく操作がなかったため" in page
        assert 'name="next" value="/admin/reports/?x=1"' in page


def test_what_is_sent_after_the_limit_is_not_saved_and_the_page_says_so(kesennuma):
    client = staff_client(kesennuma, Role.ADMINISTRATOR)
    with after(minutes=31):
        answer = client.post(
            "/admin/staff/",
            {"email": "late@example.jp", "role": Role.EDITOR},
            headers={"referer": "http://kesennuma.admin.localhost/admin/staff/"},
        )
        assert answer["Location"] == "/admin/login/?next=%2Fadmin%2Fstaff%2F&why=idle&unsaved=1"
        assert "保存されていません" in client.get(answer["Location"]).content.decode()
    with municipality_context(kesennuma):
        assert not Invitation.objects.filter(email="late@example.jp").exists()


def test_after_signing_in_again_one_is_back_where_one_was(kesennuma):
    user = make_member(kesennuma, Role.EDITOR)
    client = signed_in_client(user, kesennuma, admin=True)
    with after(minutes=31):
        login = client.get("/admin/reports/")["Location"]
        sent = {"username": user.email, "password": PASSWORD, "next": "/admin/reports/"}
        half = client.post(login, sent)
        step = client.get(half["Location"])["Location"]
        assert step == "/second-factor/?next=%2Fadmin%2Freports%2F"
        done = client.post(step, {"code": now_code(), "next": "/admin/reports/"})
        assert done["Location"] == "/admin/reports/"


def test_ten_hours_after_signing_in_the_session_is_over_whatever_one_does(kesennuma):
    client = staff_client(kesennuma, Role.EDITOR)
    for minutes in range(20, 600, 20):
        with after(minutes=minutes):
            assert client.get("/admin/").status_code == 200, minutes
    with after(minutes=601):
        answer = client.get("/admin/")
        assert answer["Location"].endswith("why=absolute")


def test_a_page_that_lies_open_is_not_somebody_who_works(kesennuma):
    client = staff_client(kesennuma, Role.EDITOR)
    for minutes in (10, 20, 29):
        with after(minutes=minutes):
            client.post("/admin/editing-sessions/release/1/")
    with after(minutes=31):
        assert client.get("/admin/")["Location"].endswith("why=idle")
    operator = operator_client()
    with after(minutes=20):
        assert operator.get("/", headers={"hx-request": "true"}).status_code == 200
    with after(minutes=31):
        polled = operator.get("/", headers={"hx-request": "true"})
        assert polled.status_code == 204 and polled["HX-Redirect"].startswith("/sign-in/")


def test_typing_is_told_and_keeps_the_session(kesennuma):
    client = staff_client(kesennuma, Role.EDITOR)
    page = client.get("/admin/").content.decode()
    assert 'data-idle-minutes="30"' in page and "tenants/still-here.js" in page
    for minutes in (20, 40, 60):
        with after(minutes=minutes):
            assert client.get("/still-here/").status_code == 204


def test_limits_are_settings(kesennuma, settings):
    settings.STAFF_IDLE_MINUTES, settings.STAFF_SESSION_HOURS = 5, 1
    client = staff_client(kesennuma, Role.EDITOR)
    with after(minutes=6):
        assert client.get("/admin/").status_code == 302


def test_a_session_writes_its_time_once_a_minute_at_most(kesennuma):
    client = staff_client(kesennuma, Role.EDITOR)
    client.get("/admin/")
    before = client.session["staff_seen"]
    with after(seconds=30):
        client.get("/admin/")
        assert client.session["staff_seen"] == before
    with after(seconds=90):
        client.get("/admin/")
        assert client.session["staff_seen"] > before


def test_a_session_that_does_not_say_when_it_began_is_over(kesennuma):
    client = staff_client(kesennuma, Role.EDITOR)
    session = client.session
    del session["staff_signed_in"]
    session.save()
    assert client.get("/admin/")["Location"].endswith("why=absolute")


# Confirming anew


def test_a_quarter_of_an_hour_later_a_form_is_asked_for_the_factor_and_loses_nothing(
    kesennuma, mailoutbox
):
    client = staff_client(kesennuma, Role.ADMINISTRATOR)
    wanted = {"email": "new@example.lg.jp", "role": Role.COORDINATOR}
    with after(minutes=16):
        assert client.get("/admin/staff/").status_code == 200, "looking is free"
        asked = client.post("/admin/staff/", wanted)
        page = asked.content.decode()
        assert asked.status_code == 200 and len(mailoutbox) == 0
        assert 'name="email" value="new@example.lg.jp"' in page
        assert 'name="role" value="coordinator"' in page
        wrong = client.post("/admin/staff/", {**wanted, "confirm-code": "12345x"})
        assert 'name="email" value="new@example.lg.jp"' in wrong.content.decode()
        assert wrong.context["form"].errors["code"] and len(mailoutbox) == 0
        done = client.post("/admin/staff/", {**wanted, "confirm-code": now_code()})
        assert done["Location"] == "/admin/staff/"
        (mail,) = mailoutbox
        assert mail.to == ["new@example.lg.jp"]
        more = client.post("/admin/staff/", {"email": "b@example.lg.jp", "role": Role.READER})
        assert more.status_code == 302, "and not asked again"


@pytest.mark.parametrize(
    "path",
    [
        "/admin/staff/members/{member}/remove/",
        "/admin/staff/members/{member}/reset/",
        "/admin/staff/invitations/{invitation}/withdraw/",
        "/admin/staff/networks/",
        "/admin/staff/networks/{range}/remove/",
    ],
)
def test_what_changes_who_may_enter_asks_anew(kesennuma, path):
    administrator = make_member(kesennuma, Role.ADMINISTRATOR)
    colleague = make_member(kesennuma, Role.EDITOR)
    factor = with_factor(colleague, kesennuma)
    network = NetworkRange.objects.create(
        municipality=kesennuma, cidr="127.0.0.0/8", created_by=administrator
    )
    with municipality_context(kesennuma):
        member = Membership.objects.get(user=colleague)
        invitation = Invitation.objects.get()
    client = signed_in_client(administrator, kesennuma, admin=True)
    address = path.format(member=member.pk, invitation=invitation.pk, range=network.pk)
    with after(minutes=16):
        asked = client.post(address, {"cidr": "127.1.0.0/16", "label": "x"})
    assert asked.status_code == 200 and 'name="confirm-code"' in asked.content.decode()
    network.refresh_from_db()
    assert network.removed_at is None and NetworkRange.objects.count() == 1
    assert SecondFactor.objects.filter(pk=factor.pk).exists()
    with municipality_context(kesennuma):
        assert Membership.objects.filter(pk=member.pk).exists()
        assert Invitation.objects.filter(pk=invitation.pk).exists()


def test_the_operators_changes_of_networks_ask_anew(kesennuma):
    client = operator_client()
    path = f"/municipalities/{kesennuma.code}/networks/"
    with after(minutes=16):
        asked = client.post(path, {"cidr": "10.0.0.0/8", "label": "本庁"})
        assert asked.status_code == 200 and not NetworkRange.objects.exists()
        done = client.post(
            path, {"cidr": "10.0.0.0/8", "label": "本庁", "confirm-code": now_code()}
        )
        assert done.status_code == 302
    assert NetworkRange.objects.get().label == "本庁"


def test_a_table_is_exported_after_confirming(kesennuma):
    client = staff_client(kesennuma, Role.ADMINISTRATOR)
    path = "/admin/reports/site-history/?export=csv"
    assert client.get(path)["Content-Type"].startswith("text/csv")
    with after(minutes=16):
        asked = client.get(path)["Location"]
        assert asked.startswith("/second-factor/confirm/?next=")
        assert client.get(asked).status_code == 200
        done = client.post("/second-factor/confirm/", {"confirm-code": now_code(), "next": path})
        assert done["Location"] == path
        assert client.get(path)["Content-Type"].startswith("text/csv")


@pytest.mark.parametrize(
    "elsewhere", ["https://evil.example/", "//evil.example/", "/\\evil.example", "javascript:x", ""]
)
def test_confirming_leads_nowhere_else(kesennuma, elsewhere):
    client = staff_client(kesennuma, Role.EDITOR)
    with after(minutes=16):
        done = client.post(
            "/second-factor/confirm/", {"confirm-code": now_code(), "next": elsewhere}
        )
    assert done["Location"] == "/admin/"


# Recovery by another administrator


@pytest.fixture
def lost(kesennuma, hida):
    """Works at both municipalities; the telephone is at the bottom of the sea."""
    user = make_member(kesennuma, Role.ADMINISTRATOR, name="千葉 海")
    with municipality_context(hida):
        Membership.objects.create(user=user, group=Group.objects.get(name=Role.ADMINISTRATOR))
    with_factor(user, hida)
    return user


def reset_path(municipality, user):
    with municipality_context(municipality):
        return f"/admin/staff/members/{Membership.objects.get(user=user).pk}/reset/"


def test_a_reset_takes_this_hosts_factors_ends_its_sessions_and_is_recorded(
    kesennuma, hida, lost, mailoutbox
):
    theirs = signed_in_client(lost, kesennuma, admin=True)
    there = signed_in_client(lost, hida, admin=True)
    waiting = password_client(lost)
    client = staff_client(kesennuma, Role.ADMINISTRATOR)
    assert theirs.get("/admin/").status_code == 200
    with after(minutes=1):
        answer = client.post(reset_path(kesennuma, lost))
        assert answer["Location"] == "/admin/staff/"
        assert theirs.get("/admin/")["Location"].endswith("why=revoked")
        # Who knew the password and waited must not enrol in the owner's place.
        assert waiting.get("/second-factor/")["Location"].endswith("why=revoked")
        assert there.get("/admin/").status_code == 200, "elsewhere nothing has changed"
    assert [one.municipality for one in SecondFactor.objects.filter(user=lost)] == [hida]
    (mail,) = mailoutbox
    assert mail.to == [lost.email] and "リセット" in mail.subject
    event = SecondFactorEvent.objects.get(event=FactorEvent.RESET)
    assert (event.person, event.municipality) == (lost, kesennuma)
    page = client.get("/admin/staff/").content.decode()
    assert page.count("千葉 海") > 3 and "リセット" in page
    elsewhere = staff_client(hida, Role.ADMINISTRATOR).get("/admin/staff/").content.decode()
    assert "の変更の記録" not in elsewhere


def test_the_history_is_not_changed_by_anybody(kesennuma, lost):
    reset_factors(lost, kesennuma, make_member(kesennuma, Role.ADMINISTRATOR))
    for change in (
        lambda: SecondFactorEvent.objects.update(done_by=lost),
        lambda: SecondFactorEvent.objects.all().delete(),
    ):
        with pytest.raises(ProgrammingError, match="append-only"), transaction.atomic():
            change()


def test_nobody_resets_himself_or_who_works_elsewhere(kesennuma, hida):
    administrator = make_member(kesennuma, Role.ADMINISTRATOR)
    client = signed_in_client(administrator, kesennuma, admin=True)
    page = client.post(reset_path(kesennuma, administrator), follow=True).content.decode()
    assert "ほかの管理者" in page
    assert SecondFactor.objects.filter(user=administrator).exists()
    stranger = make_member(hida, Role.EDITOR)
    with_factor(stranger, hida)
    assert client.post("/admin/staff/members/999999/reset/").status_code == 404
    assert SecondFactor.objects.filter(user=stranger).exists()


def test_who_works_here_no_longer_leaves_no_factor(kesennuma, lost, hida):
    with_factor(lost, kesennuma)
    make_member(kesennuma, Role.ADMINISTRATOR)
    with municipality_context(kesennuma):
        remove_member(Membership.objects.get(user=lost).pk)
    assert [one.municipality for one in SecondFactor.objects.filter(user=lost)] == [hida]
