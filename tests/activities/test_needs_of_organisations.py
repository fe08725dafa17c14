"""Needs that an organisation tells in its workspace: its own, credited, and forgotten."""

from __future__ import annotations

from datetime import timedelta
from types import SimpleNamespace
from uuid import uuid4

import pytest
import time_machine
from django.test import Client

from activities.enums import NeedOrigin, NeedState
from activities.holdings import HOLDINGS
from activities.models import Need
from activities.operations.forgetting import forget_needs
from activities.operations.needs import (
    activity_from_need,
    delete_need,
    move_need,
    tell_need,
    withdraw_need,
)
from activities.rules.needs import FORGET_AFTER_DAYS, MOST_WAITING
from common import clock
from common.refusal import Refused
from notifications.models import OutboxMessage
from notifications.operations import deliver_next
from privacy.queries import person_of
from tenants.actors import OWNER, acting
from tenants.context import municipality_context, public_context
from tenants.hosts import municipality_host
from tests.factories.accounts import ResidentFactory, signed_in_client
from tests.factories.members import make_organisation_member
from tests.factories.needs import WORDS
from tests.factories.organisations import make_organisation
from tests.factories.staff import make_member

pytestmark = pytest.mark.django_db


def partner_at(place, name="八幡町内会", mail="kaiin@example.jp"):
    """An organisation with a standing at `place`, a member with a client, its addresses."""
    ours = make_organisation(place, name=name)
    ours.contact_name, ours.contact_phone = "会長 八幡", "0577320001"
    ours.save()
    resident = ResidentFactory(user__email=mail)
    make_organisation_member(ours, resident=resident)
    home = f"/workspace/{ours.pk}/"
    return SimpleNamespace(
        organisation=ours, resident=resident, client=signed_in_client(resident.user, place),
        home=home, new=f"{home}needs/new/",
    )  # fmt: skip


@pytest.fixture
def partner(hida):
    return partner_at(hida)


def form(**changes):
    typed = {name: str(value) for name, value in WORDS.items() if name != "contact_email"}
    return typed | {"client_key": str(uuid4())} | changes


def tell(partner, place, **changes):
    with municipality_context(place):
        return tell_need(
            WORDS | changes, uuid4(), resident=partner.resident, organisation=partner.organisation
        )


def text(response, status=200):
    assert response.status_code == status, response.status_code
    return response.content.decode()


def test_a_member_tells_it_once_and_every_member_sees_where_it_stands(hida, kesennuma, partner):
    html = text(partner.client.get(partner.new))
    for words in ('value="会長 八幡"', 'value="0577320001"', "八幡町内会"):
        assert words in html, words
    assert 'name="organisation_name"' not in html
    sent = form(organisation_name="よその会", organisation="1")
    for _again in range(2):
        assert partner.client.post(partner.new, sent)["Location"] == partner.home
    with municipality_context(hida):
        need = Need.objects.get()
        assert (need.origin, need.organisation_name) == (NeedOrigin.ORGANISATION, "八幡町内会")
        assert need.organisation_id == partner.organisation.pk
        assert need.contact_email == "kaiin@example.jp"
        move_need(need, NeedState.PASSED_ON, "社会福祉協議会", None)
    colleague = make_organisation_member(partner.organisation, "helper").account
    for client in (partner.client, signed_in_client(colleague, hida)):
        html = text(client.get(partner.home))
        assert WORDS["title"] in html
        assert "社会福祉協議会" in html
    assert WORDS["title"] not in text(partner.client.get("/needs/")), "it is the organisation's"
    with public_context():
        mails = OutboxMessage.objects.filter(kind="mail", payload__to=["kaiin@example.jp"])
        assert [partner.home in mail.payload["body"] for mail in mails] == [True, True]
    with municipality_context(kesennuma):
        assert not Need.objects.exists()


def test_what_is_wrong_is_said_and_nothing_typed_is_lost(hida, partner):
    html = text(partner.client.post(partner.new, form(place="", contact_phone="12")))
    for words in (WORDS["wanted"], "エラー", "市外局番", "活動のページに団体名を載せてよい"):
        assert words in html, words
    assert "どなたの声から" not in html, "what is agreed to reads the same after an error"
    with municipality_context(hida):
        assert not Need.objects.exists()


def test_others_are_let_in_nowhere(hida, kesennuma, partner):
    tell(partner, hida)
    other = partner_at(hida, "別の会", "betsu@example.jp")
    elsewhere = partner_at(kesennuma, "気仙沼の会", "kesen@example.jp")
    assert WORDS["title"] not in text(other.client.get(other.home))
    for client, path in (
        (other.client, partner.new), (elsewhere.client, partner.new),
        (signed_in_client(ResidentFactory().user, hida), partner.new),
    ):  # fmt: skip
        assert client.get(path).status_code == client.post(path, form()).status_code == 404
    visitor = Client().get(partner.new, headers={"host": municipality_host(hida)})
    assert "/enter/" in visitor["Location"]


def test_ten_of_an_organisation_may_wait_and_a_member_s_own_count_apart(hida, partner):
    for _one in range(MOST_WAITING):
        tell(partner, hida)
    assert str(MOST_WAITING) in text(partner.client.post(partner.new, form()), 409)
    with municipality_context(hida):
        tell_need(WORDS, uuid4(), resident=partner.resident)
        key = Need.objects.first().client_key
        with pytest.raises(Refused, match="already_sent"):
            tell_need(WORDS, key, resident=partner.resident, organisation=partner.organisation)


def withdraw(partner, need, client=None):
    return (client or partner.client).post(f"{partner.home}needs/{need.pk}/withdraw/")


def test_it_withdraws_what_is_open_and_the_coordinators_are_told_once(
    hida, kesennuma, partner, mailoutbox
):
    make_member(hida, "coordinator", email="tantou@hida.example")
    make_member(kesennuma, "coordinator", email="tantou@kesennuma.example")
    need = tell(partner, hida)
    colleague = make_organisation_member(partner.organisation, "helper").account
    for client in (signed_in_client(colleague, hida), partner.client):
        assert withdraw(partner, need, client)["Location"] == partner.home
    while deliver_next():
        pass
    (told,) = [mail for mail in mailoutbox if mail.to == ["tantou@hida.example"]]
    assert f"/admin/needs/{need.pk}/" in told.body
    assert WORDS["title"] not in told.body
    assert not [mail for mail in mailoutbox if mail.to == ["tantou@kesennuma.example"]]
    *_before, last = [mail for mail in mailoutbox if mail.to == [WORDS["contact_email"]]]
    assert "取り下げました" in last.body
    html = text(partner.client.get(partner.home))
    assert "取り下げました" in html
    assert "/withdraw/" not in html
    with municipality_context(hida):
        assert Need.objects.get().state == NeedState.WITHDRAWN
        assert not Need.objects.waiting().exists()
        with pytest.raises(Refused, match="no_such_move"):
            move_need(need, NeedState.LOOKED_AT, "", None)


def test_withdrawing_in_a_loop_ends_after_ten_for_all_its_members(hida, partner):
    colleague = make_organisation_member(partner.organisation).account.resident
    with municipality_context(hida):
        for _one in range(MOST_WAITING):
            withdraw_need(tell(partner, hida))
        with pytest.raises(Refused, match="too_many_withdrawn"):
            tell_need(WORDS, uuid4(), resident=colleague, organisation=partner.organisation)
        tell_need(WORDS, uuid4(), resident=colleague)  # their own


@pytest.mark.parametrize(("state", "word"), [
    (NeedState.ACTIVITY, "すでに活動になっています"), (NeedState.CLOSED, "すでに終了しています"),
])  # fmt: skip
def test_what_is_settled_is_not_withdrawn(hida, partner, state, word):
    need = tell(partner, hida)
    with municipality_context(hida):
        if state == NeedState.ACTIVITY:
            activity_from_need(need, None)
        else:
            move_need(need, state, "解決", None)
    withdraw(partner, need)
    html = text(partner.client.get(partner.home))
    assert word in html
    assert "/withdraw/" not in html
    with municipality_context(hida):
        assert Need.objects.get().state == state


def test_nobody_withdraws_another_s(hida, kesennuma, partner):
    need = tell(partner, hida)
    other = partner_at(hida, "別の会", "betsu@example.jp")
    elsewhere = partner_at(kesennuma, "気仙沼の会", "kesen@example.jp")
    for client, home in (
        (other.client, other.home), (other.client, partner.home),
        (elsewhere.client, elsewhere.home), (elsewhere.client, partner.home),
    ):  # fmt: skip
        assert client.post(f"{home}needs/{need.pk}/withdraw/").status_code == 404
    # Nor does its member alone: it is the organisation's.
    assert partner.client.post(f"/needs/{need.pk}/withdraw/").status_code == 404
    with municipality_context(hida):
        assert Need.objects.get().state == NeedState.NEW


def test_listing_them_takes_one_query(hida, partner, django_assert_num_queries):
    with municipality_context(hida):
        for _one in range(3):
            tell(partner, hida)
        need = Need.objects.first()
        activity_from_need(need, None)
        with django_assert_num_queries(1):
            rows = Need.objects.of_organisation(partner.organisation.pk)
            assert [one.activity is not None for one in rows] == [True, False, False]


def test_its_activity_names_the_organisation_if_it_may(hida, partner):
    need = tell(partner, hida, may_be_named=True)
    with municipality_context(hida):
        page = activity_from_need(need, None)
        page.get_latest_revision().publish()
        path = page.public_path
    assert path in text(partner.client.get(partner.home))
    visitor = {"host": municipality_host(hida)}
    assert "困りごとを寄せた団体：八幡町内会" in text(Client().get(path, headers=visitor))
    with municipality_context(hida):
        Need.objects.update(may_be_named=False)
    assert "八幡町内会" not in text(Client().get(path, headers=visitor))


def test_who_told_it_goes_and_it_stays_the_organisation_s(hida, partner):
    need = tell(partner, hida, may_be_named=True)
    with municipality_context(hida):
        own = tell_need(WORDS, uuid4(), resident=partner.resident)
    holding = next(one for one in HOLDINGS if one.table == "activities_need")
    with public_context():
        person = person_of(partner.resident)
    with municipality_context(hida):
        assert {row.pk for row in holding.rows(person)} == {need.pk, own.pk}
        for _again in range(2):
            holding.erase(person)
        kept = Need.objects.get()
        assert (kept.pk, kept.resident_id, kept.credit) == (need.pk, None, "八幡町内会")
        assert not (kept.contact_name or kept.contact_phone or kept.contact_email)
        delete_need(kept, make_member(hida, "coordinator"))
        assert not Need.objects.exists()


def test_a_year_later_the_credit_alone_is_left(hida, partner):
    need = tell(partner, hida, may_be_named=True)
    gone = tell(partner, hida, title="別の困りごと")
    with municipality_context(hida):
        activity_from_need(need, None)
    later = clock.now() + timedelta(days=FORGET_AFTER_DAYS + 60)
    with time_machine.travel(later), acting(OWNER):
        forget_needs()
    with municipality_context(hida):
        kept = Need.objects.get()
        assert kept.pk == need.pk != gone.pk
        assert (kept.credit, kept.contact_name, kept.wanted) == ("八幡町内会", "", "")
