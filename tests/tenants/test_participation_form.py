"""The portal's form: a municipality asks to take part (R1, R28)."""

import pytest
from django.test import Client

from tenants.enums import RequestStatus
from tenants.models import LocalGovernment, ParticipationRequest

pytestmark = pytest.mark.django_db
MATSUSHIMA, MIYAGI = "044016", "040002"
FORM = f"/participate/?prefecture={MIYAGI}"


@pytest.fixture
def portal():
    return Client(HTTP_HOST="localhost")


def _answers(**changes):
    return {
        "local_government": MATSUSHIMA,
        "department": "企画調整課",
        "contact_name": "髙橋 一郎",
        "contact_email": "Kikaku@town.matsushima.example.lg.jp",
        "contact_phone": "０２２－３５４－５７０１",
        "agree": "on",
        **changes,
    }


def test_the_first_step_asks_for_the_prefecture(portal):
    page = portal.get("/participate/").content.decode()
    assert "宮城県" in page
    assert "松島町" not in page


def test_only_those_not_taking_part_can_be_chosen(portal, kesennuma):
    page = portal.get(FORM).content.decode()
    assert "松島町" in page
    assert ">気仙沼市<" not in page


def test_the_terms_that_are_agreed_stand_on_the_page(portal):
    assert "返礼品を贈りません" in portal.get(FORM).content.decode()
    assert "返礼品を贈りません" in portal.get("/participate/terms/").content.decode()


def test_a_request_keeps_the_terms_agreed_and_is_confirmed_by_mail(portal, mailoutbox):
    answer = portal.post(FORM, _answers())
    assert answer.status_code == 302
    assert portal.get(answer["Location"]).status_code == 200
    request = ParticipationRequest.objects.get(local_government=MATSUSHIMA)
    assert request.status == RequestStatus.SUBMITTED
    assert request.terms.version == "1.0"
    assert request.agreed_at is not None
    assert request.contact_name == "髙橋 一郎"
    assert request.contact_phone == "0223545701"
    (mail,) = mailoutbox
    assert mail.to == ["kikaku@town.matsushima.example.lg.jp"]
    assert "松島町" in mail.body


def test_the_same_form_sent_twice_is_one_request_and_one_mail(portal, mailoutbox):
    for _ in range(2):
        assert portal.post(FORM, _answers()).status_code == 302
    assert ParticipationRequest.objects.filter(local_government=MATSUSHIMA).count() == 1
    assert len(mailoutbox) == 1


def test_a_second_person_is_told_that_somebody_asked(portal):
    portal.post(FORM, _answers())
    answer = portal.post(FORM, _answers(contact_email="other@example.lg.jp"))
    page = answer.content.decode()
    assert answer.status_code == 200
    assert "すでに" in page
    assert 'value="other@example.lg.jp"' in page
    assert ParticipationRequest.objects.filter(local_government=MATSUSHIMA).count() == 1


def test_after_a_refusal_it_may_ask_again(portal):
    portal.post(FORM, _answers())
    ParticipationRequest.objects.update(status=RequestStatus.DECLINED)
    portal.post(FORM, _answers(contact_email="other@example.lg.jp"))
    assert ParticipationRequest.objects.filter(local_government=MATSUSHIMA).count() == 2


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("local_government", ""),
        ("local_government", "042056"),  # 気仙沼市 takes part already
        ("local_government", "212172"),  # 飛騨市 is in another prefecture
        ("department", "　"),
        ("contact_name", "\u200b"),
        ("contact_email", "kikaku"),
        ("contact_phone", "12345"),
        ("agree", ""),
    ],
)
def test_a_bad_answer_is_named_and_the_others_are_kept(portal, kesennuma, hida, field, value):
    answers = {k: v for k, v in _answers(**{field: value}).items() if v}
    answer = portal.post(FORM, answers)
    assert answer.status_code == 200
    assert list(answer.context["form"].errors) == [field]
    kept = "contact_email" if field == "department" else "department"
    assert answers[kept] in answer.content.decode()
    assert not ParticipationRequest.objects.filter(status=RequestStatus.SUBMITTED).exists()


def test_an_unknown_prefecture_asks_again(portal):
    assert "宮城県" in portal.get("/participate/?prefecture=999999").content.decode()
    assert portal.post("/participate/?prefecture=x", _answers()).status_code == 400


def test_the_form_speaks_english(portal):
    page = portal.get(f"/en{FORM}").content.decode()
    assert "Send the request" in page


def test_every_government_can_be_reached_through_its_prefecture(portal):
    assert LocalGovernment.objects.filter(prefecture=None).count() == 47
    assert LocalGovernment.objects.count() == 1741 + 47
