"""A manager asks people in by mail; one takes it up in another browser, and is put out again."""

from __future__ import annotations

import pytest
from django.db import connection
from playwright.sync_api import Browser, expect

from organisations.models import Organisation
from tests.factories.members import make_organisation_member
from tests.factories.organisations import make_organisation
from tests.journeys.conftest import Platform, first_link
from tests.journeys.town import Person, Town
from tests.journeys.walking import Walker

pytestmark = pytest.mark.journey
ORGANISATION = "大谷海岸を守る会"


def test_somebody_is_asked_in_by_mail_and_put_out_again(
    browser: Browser, platform: Platform, walkers: list[Walker]
) -> None:
    town = Town(browser, platform, walkers)
    chair, helper, other = (town.person(name) for name in ("会長", "世話役", "別人"))
    with platform.own_process():
        connection.set_schema_to_public()
        organisation = make_organisation(town.place, name=ORGANISATION)
        make_organisation_member(organisation, resident=chair.resident)
    people = town.url(f"/workspace/{organisation.pk}/people/")
    helper.walker.go(people, status=404)  # nobody's workspace but its members'
    link = asked_in(chair, helper.email, people, town)
    it_is_taken_up(helper, organisation, link, town)
    a_link_works_once(other, link)
    one_is_taken_back(chair, other, people, town)
    put_out_at_once(chair, helper, people, organisation, town)
    town.nothing_went_wrong()


def asked_in(chair: Person, email: str, people: str, town: Town) -> str:
    """As somebody who helps; the link in the mail."""
    walker = chair.walker
    walker.go(people)
    walker.fill(email="だれか")  # what is no address is not sent to
    walker.press("招待を送る")
    walker.says("入力内容をご確認ください")
    walker.fill(email=email)
    walker.page.locator("[name=role][value=helper]").check()
    walker.press("招待を送る")
    walker.says("招待のメールを送りました", "返事待ちの招待", email)
    mail = town.platform.mailbox.wait_for(email, ORGANISATION)
    return first_link(mail, r"http\S+/organisations/invitation/\S*")


def it_is_taken_up(helper: Person, organisation: Organisation, link: str, town: Town) -> None:
    """Signed in with an account of their own; helpers ask nobody in."""
    walker = helper.walker
    walker.go(link)
    walker.says("団体の担当者への招待", "名前")
    walker.press("引き受ける")
    walker.says("団体の担当者になりました", ORGANISATION)
    walker.press("団体のページへ", "link")
    walker.says(ORGANISATION)
    walker.press("団体の担当者", "link")
    walker.says(helper.resident.name)
    expect(walker.page.get_by_role("button", name="招待を送る")).to_have_count(0)
    expect(walker.page.get_by_role("button", name="担当者から外す")).to_have_count(0)


def a_link_works_once(other: Person, link: str) -> None:
    other.walker.go(link, status=404)
    other.walker.says("このリンクは使えません")


def one_is_taken_back(chair: Person, other: Person, people: str, town: Town) -> None:
    link = asked_in(chair, other.email, people, town)
    chair.walker.press(f"取り消す {other.email}")
    chair.walker.says("招待を取り消しました")
    expect(chair.walker.page.locator("main")).not_to_contain_text(other.email)
    other.walker.go(link, status=404)
    other.walker.says("このリンクは使えません")


def open_details(person: Person, words: str) -> None:
    person.walker.page.locator("summary", has_text=words).click()


def put_out_at_once(
    chair: Person, helper: Person, people: str, organisation: Organisation, town: Town
) -> None:
    """In the session in which they could work a moment ago; and the last manager stays."""
    home = town.url(f"/workspace/{organisation.pk}/")
    helper.walker.go(home)
    chair.walker.go(people)
    open_details(chair, f"担当者から外す {helper.resident.name}")
    chair.walker.press(f"はい、外します {helper.resident.name}")
    chair.walker.says("この方を担当者から外しました")
    expect(chair.walker.page.locator("main")).not_to_contain_text(helper.resident.name)
    helper.walker.go(home, status=404)
    helper.walker.go(people, status=404)
    helper.walker.go(town.url("/workspace/"))
    helper.walker.says("この自治体で承認された団体を担当していません")
    helper.walker.go(town.portal("/my/organisations/"))
    expect(helper.walker.page.locator("main")).not_to_contain_text(ORGANISATION)
    open_details(chair, "担当者をやめる")
    chair.walker.press("はい、やめます")
    chair.walker.says("この方が最後の責任者です")
