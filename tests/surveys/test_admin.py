"""The survey in the municipality's admin."""

from __future__ import annotations

import json

import pytest
from django.contrib.auth.models import Group

from surveys.enums import QuestionKind, Survey
from surveys.models import SurveyItem
from surveys.operations import GivenAnswer, keep_answers
from tenants.context import municipality_context
from tenants.staff.models import Membership
from tenants.staff.roles import Role
from tests.factories.accounts import UserFactory, signed_in_client
from tests.factories.surveys import make_item

pytestmark = pytest.mark.django_db


def staff_client(municipality, role):
    user = UserFactory()
    with municipality_context(municipality):
        Membership.objects.create(user=user, group=Group.objects.get(name=role))
    return signed_in_client(user, municipality, admin=True)


def item_data(**more):
    fields = ["text", "text_en", "help_text", "help_text_en", "choices", "choices_en"]
    return {**dict.fromkeys(fields, ""), "kind": "short_text", "is_active": "on", **more}


def items_of(municipality) -> list[str]:
    with municipality_context(municipality):
        return [item.text for item in SurveyItem.objects.asked()]


def test_an_editor_adds_items_to_the_municipalitys_own_survey_only(kesennuma, hida):
    client = staff_client(kesennuma, Role.EDITOR)
    for text in ("好きな魚は何ですか。", "いつ来ますか。"):
        response = client.post("/admin/survey_items/new/", item_data(text=text))
        assert response.status_code == 302, response.content.decode()[:2000]
    assert items_of(kesennuma) == ["好きな魚は何ですか。", "いつ来ますか。"]
    assert items_of(hida) == []
    page = client.get("/admin/survey_items/").content.decode()
    assert "好きな魚は何ですか。" in page
    assert json.dumps("登録時アンケート")[1:-1] in page  # the menu is JSON


def test_choices_that_cannot_be_asked_are_named(kesennuma):
    client = staff_client(kesennuma, Role.EDITOR)
    data = item_data(text="どれが好きですか。", kind="one_choice", choices="海")
    response = client.post("/admin/survey_items/new/", data)
    assert response.status_code == 200
    assert "どれが好きですか。" in response.content.decode()
    assert "選択肢は" in response.content.decode()
    assert items_of(kesennuma) == []


def test_an_editor_changes_an_item(kesennuma):
    item = make_item(kesennuma)
    client = staff_client(kesennuma, Role.ADMINISTRATOR)
    response = client.post(f"/admin/survey_items/edit/{item.pk}/", item_data(text="好きな貝"))
    assert response.status_code == 302
    assert items_of(kesennuma) == ["好きな貝"]


def test_the_preview_shows_common_questions_and_own_items(kesennuma):
    make_item(kesennuma, kind=QuestionKind.ONE_CHOICE, text="どの季節に来ますか。")
    page = staff_client(kesennuma, Role.EDITOR).get("/admin/survey_preview/").content.decode()
    assert "ふるさと納税" in page
    assert "どの季節に来ますか。" in page


def test_officers_and_readers_see_answers_and_cannot_change_the_survey(kesennuma, resident_id):
    with municipality_context(kesennuma):
        keep_answers(
            resident_id,
            Survey.REGISTRATION,
            [
                GivenAnswer(QuestionKind.ONE_CHOICE, "どの季節に来ますか。", "秋"),
                GivenAnswer(QuestionKind.SHORT_TEXT, "ひとことどうぞ。", "<b>海</b>"),
            ],
        )
    for role in (Role.REGISTRATION_OFFICER, Role.READER):
        client = staff_client(kesennuma, role)
        page = client.get("/admin/survey_answers/").content.decode()
        assert "どの季節に来ますか。" in page
        assert "&lt;b&gt;海&lt;/b&gt;" in page
        assert str(resident_id) not in page
        assert client.get("/admin/survey_items/new/").status_code in {302, 403}
        assert client.get("/admin/survey_preview/").status_code in {302, 403}


def test_moderators_of_rooms_see_no_answers(kesennuma):
    client = staff_client(kesennuma, Role.ROOM_MODERATOR)
    assert client.get("/admin/survey_answers/").status_code in {302, 403}


def test_staff_of_one_municipality_see_nothing_of_anothers_survey(kesennuma, hida):
    make_item(kesennuma, "好きな魚は何ですか。")
    client = staff_client(hida, Role.ADMINISTRATOR)
    assert "好きな魚" not in client.get("/admin/survey_items/").content.decode()


@pytest.fixture
def resident_id():
    from uuid import uuid4

    return uuid4()
