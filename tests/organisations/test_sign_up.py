"""An organisation enters itself, asks municipalities, and has its own people."""

from __future__ import annotations

import re

import pytest

from common.refusal import Refused
from notifications.operations import deliver_next
from organisations.enums import MemberRole, OrganisationKind, Pattern
from organisations.models import Organisation, OrganisationMember, Standing, StandingRequest
from organisations.operations.people import accept_invitation, invite_member, remove_member
from organisations.operations.sign_up import (
    answer_request,
    ask_for_standing,
    sign_up_organisation,
    take_over,
)
from organisations.queries import membership_of, workspaces_of
from tests.factories.accounts import ResidentFactory, signed_in_client
from tests.factories.members import make_organisation_member
from tests.factories.organisations import make_organisation
from tests.factories.staff import make_member

pytestmark = pytest.mark.django_db
DETAILS = {
    "name": "鹿折まちづくり協議会", "kana": "シシオリマチヅクリキョウギカイ", "kind": "rmo",
    "contact_name": "佐藤花子", "contact_phone": "0226-22-6600",
    "contact_email": "shishiori@example.jp", "website": "", "corporate_number": "",
}  # fmt: skip


def sign_up(resident, **details):
    return sign_up_organisation(resident, **(DETAILS | details))


def test_who_enters_an_organisation_is_its_manager_and_does_it_once():
    resident = ResidentFactory()
    organisation = sign_up(resident)
    assert sign_up(resident) == organisation
    member = membership_of(resident.user_id, organisation.pk)
    assert member.is_manager
    assert member.name == resident.name
    assert membership_of(ResidentFactory().user_id, organisation.pk) is None


def test_every_kind_of_the_briefing_can_be_chosen():
    named = {
        "neighbourhood", "rmo", "fire_corps", "pta", "npo", "town_company", "dmo", "commerce",
        "two_base_living", "intermediary", "common_work", "travel_agency",
    }  # fmt: skip
    assert named <= set(OrganisationKind.values)


def test_each_municipality_answers_for_itself(kesennuma, hida, mailoutbox):
    resident = ResidentFactory()
    organisation = sign_up(resident)
    here, there = (
        ask_for_standing(organisation, place, resident.user, "海岸の清掃")
        for place in (kesennuma, hida)
    )
    assert ask_for_standing(organisation, kesennuma, resident.user, "もう一度") == here
    officer, other = make_member(kesennuma, "coordinator"), make_member(hida, "coordinator")
    answer_request(here.pk, kesennuma, officer, pattern=Pattern.TRUSTED)
    with pytest.raises(Refused) as refusal:
        answer_request(there.pk, hida, other, pattern=None, reason=" ")
    assert refusal.value.code == "reason_missing"
    with pytest.raises(Refused) as refusal:
        answer_request(there.pk, kesennuma, officer, pattern=Pattern.TRUSTED)
    assert refusal.value.code == "request_gone"
    answer_request(there.pk, hida, other, pattern=None, reason="市内での活動がありません。")
    assert [s.municipality_id for s in Standing.objects.all()] == [kesennuma.pk]
    assert workspaces_of(resident.user_id, hida) == []
    [member] = workspaces_of(resident.user_id, kesennuma)
    assert member.organisation == organisation
    told = [mail for mail in mailoutbox if mail.to == [resident.user.email]]
    assert len(told) == 2
    assert "市内での活動がありません。" in told[1].body
    # Refused, it may ask again.
    assert ask_for_standing(organisation, hida, resident.user, "祭り").outcome == ""


def test_an_answer_given_stays_and_the_same_twice_is_one(kesennuma):
    resident = ResidentFactory()
    organisation = sign_up(resident)
    request = ask_for_standing(organisation, kesennuma, resident.user, "清掃")
    officer = make_member(kesennuma, "coordinator")
    for _twice in range(2):
        answer_request(request.pk, kesennuma, officer, pattern=Pattern.EACH_PROJECT)
    with pytest.raises(Refused) as refusal:
        answer_request(request.pk, kesennuma, officer, pattern=None, reason="やはり")
    assert refusal.value.code == "already_answered"
    with pytest.raises(Refused) as refusal:
        ask_for_standing(organisation, kesennuma, resident.user, "清掃")
    assert refusal.value.code == "has_standing"
    assert Standing.objects.count() == 1


def test_the_office_of_that_municipality_gets_a_mail(kesennuma, hida, mailoutbox):
    resident = ResidentFactory()
    coordinator, _other = make_member(kesennuma, "coordinator"), make_member(hida, "coordinator")
    ask_for_standing(sign_up(resident), kesennuma, resident.user, "海岸の清掃")
    while deliver_next():
        pass
    assert [(mail.to, "海岸の清掃" in mail.body) for mail in mailoutbox if mail.body] == [
        ([coordinator.email], True)
    ]


def test_helpers_ask_for_nothing(kesennuma):
    organisation = make_organisation()
    helper = make_organisation_member(organisation, MemberRole.HELPER)
    with pytest.raises(Refused) as refusal:
        ask_for_standing(organisation, kesennuma, helper.account, "清掃")
    assert refusal.value.code == "not_a_manager"
    assert not StandingRequest.objects.exists()


# People


def token_in(mailoutbox) -> str:
    found = re.search(r"/organisations/invitation/([^/]+)/", mailoutbox[-1].body)
    assert found
    return found[1]


def test_an_invitation_works_once(mailoutbox):
    organisation, guest = make_organisation(), ResidentFactory()
    manager = make_organisation_member(organisation)
    invite_member(organisation, "Shin@example.jp", MemberRole.HELPER, manager.account)
    token = token_in(mailoutbox)
    assert accept_invitation(token, guest).role == "helper"
    with pytest.raises(Refused):
        accept_invitation(token, ResidentFactory())
    assert organisation.invitations.get(member__account=guest.user).email == ""


def test_handing_over_and_the_last_manager(mailoutbox):
    organisation = make_organisation()
    manager = make_organisation_member(organisation)
    helper = make_organisation_member(organisation, MemberRole.HELPER)
    with pytest.raises(Refused) as refusal:
        remove_member(manager.pk, organisation, manager.account)
    assert refusal.value.code == "last_manager"
    invite_member(organisation, helper.account.email, MemberRole.MANAGER, manager.account)
    accept_invitation(token_in(mailoutbox), helper.account.resident)
    remove_member(manager.pk, organisation, manager.account)
    remove_member(manager.pk, organisation, manager.account)
    assert membership_of(manager.account_id, organisation.pk) is None
    assert membership_of(helper.account_id, organisation.pk).is_manager
    assert OrganisationMember.objects.filter(organisation=organisation).count() == 3


def test_whoever_is_put_out_is_told_once_and_whoever_leaves_is_not(mailoutbox):
    organisation = make_organisation(name="海辺の会")
    manager = make_organisation_member(organisation)
    helper, leaver = (make_organisation_member(organisation, MemberRole.HELPER) for _n in range(2))
    for _twice in range(2):
        remove_member(helper.pk, organisation, manager.account)
    remove_member(leaver.pk, organisation, leaver.account)
    [mail] = mailoutbox
    assert (mail.to, mail.subject) == ([helper.account.email], "海辺の会の担当者から外れました")
    assert "海辺の会の責任者" in mail.body


def test_two_accounts_that_become_one_act_for_what_either_did():
    first, second = make_organisation(name="甲"), make_organisation(name="乙")
    kept, other = ResidentFactory(), ResidentFactory()
    make_organisation_member(first, MemberRole.MANAGER, kept)
    for organisation in (first, second):
        make_organisation_member(organisation, MemberRole.HELPER, other)
    take_over(kept, other)
    assert membership_of(kept.user_id, first.pk).is_manager
    assert membership_of(kept.user_id, second.pk).role == "helper"
    assert membership_of(other.user_id, first.pk) is None


# Pages


def test_the_portal_leads_from_entering_to_asking(kesennuma):
    resident = ResidentFactory()
    client = signed_in_client(resident.user)
    assert "担当している団体" in client.get("/my/organisations/").content.decode()
    bad = client.post("/my/organisations/new/", DETAILS | {"kind": "", "corporate_number": "12"})
    assert bad.status_code == 400
    assert "鹿折まちづくり協議会" in bad.content.decode(), "nothing entered is lost"
    answer = client.post("/my/organisations/new/", DETAILS)
    assert answer.status_code == 302, answer.content.decode()
    organisation = Organisation.objects.get()
    assert answer["Location"] == f"/my/organisations/{organisation.pk}/ask/"
    client.post(answer["Location"], {"municipality": kesennuma.pk, "plan": "海岸の清掃"})
    request = StandingRequest.objects.get()
    assert (request.municipality_id, request.plan) == (kesennuma.pk, "海岸の清掃")
    mine = client.get("/my/organisations/").content.decode()
    assert "気仙沼市" in mine
    assert "自治体の決定待ち" in mine
    stranger = signed_in_client(ResidentFactory().user)
    assert stranger.get(answer["Location"]).status_code == 404


def test_the_workspace_is_its_members_alone(kesennuma, hida):
    organisation = make_organisation(kesennuma)
    member = make_organisation_member(organisation)
    path = f"/workspace/{organisation.pk}/"
    client = signed_in_client(member.account, kesennuma)
    assert client.get("/workspace/")["Location"] == path
    page = client.get(path)
    assert page.status_code == 200
    assert organisation.name in page.content.decode()
    assert signed_in_client(member.account, hida).get(path).status_code == 404
    assert signed_in_client(ResidentFactory().user, kesennuma).get(path).status_code == 404


def test_people_are_asked_in_and_out_in_the_workspace(kesennuma, mailoutbox):
    organisation = make_organisation(kesennuma)
    manager = make_organisation_member(organisation)
    helper = make_organisation_member(organisation, MemberRole.HELPER)
    path = f"/workspace/{organisation.pk}/people/"
    client = signed_in_client(manager.account, kesennuma)
    assert client.post(path, {"email": "x", "role": "helper"}).status_code == 400
    assert client.post(path, {"email": "shin@example.jp", "role": "helper"}).status_code == 302
    assert "shin@example.jp" in client.get(path).content.decode()
    invitation = organisation.invitations.get(closed_at=None)
    client.post(f"/workspace/{organisation.pk}/invitations/{invitation.pk}/take-back/")
    assert not organisation.invitations.filter(closed_at=None).exists()
    # A helper leaves, and puts nobody out.
    theirs = signed_in_client(helper.account, kesennuma)
    theirs.post(f"{path}{manager.pk}/remove/")
    assert membership_of(manager.account_id, organisation.pk)
    assert theirs.post(path, {"email": "y@example.jp", "role": "helper"}).status_code == 200
    assert theirs.post(f"{path}{helper.pk}/remove/")["Location"] == "/workspace/"
    assert membership_of(helper.account_id, organisation.pk) is None
    # The last manager stays.
    client.post(f"{path}{manager.pk}/remove/")
    assert membership_of(manager.account_id, organisation.pk)


def test_an_invitation_is_taken_up_on_the_portal(mailoutbox):
    organisation, guest = make_organisation(), ResidentFactory()
    manager = make_organisation_member(organisation)
    invite_member(organisation, "shin@example.jp", MemberRole.HELPER, manager.account)
    path = f"/organisations/invitation/{token_in(mailoutbox)}/"
    client = signed_in_client(guest.user)
    assert client.get(path).status_code == 200
    assert client.post(path)["Location"] == "/my/organisations/"
    assert client.get(path).status_code == 404
    assert membership_of(guest.user_id, organisation.pk)
