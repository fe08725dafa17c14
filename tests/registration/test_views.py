"""The registration form on the portal."""

from __future__ import annotations

import pytest
from django.conf import settings
from django.test import Client

from registration.models import Registration
from registration.queries import active_registration
from surveys.enums import QuestionKind
from surveys.models import Answer
from tenants.context import municipality_context
from tests.factories.accounts import ResidentFactory, UserFactory, signed_in_client
from tests.factories.registration import register_resident
from tests.factories.surveys import make_item, survey_data

pytestmark = pytest.mark.django_db


@pytest.fixture
def resident():
    return ResidentFactory(residence_id="131016")


@pytest.fixture
def client_of(resident):
    return signed_in_client(resident.user)


def text_of(response) -> str:
    return response.content.decode()


@pytest.mark.parametrize("code", ["011002", "000000", "kesennuma"])
def test_a_municipality_that_takes_no_part_is_not_found(client_of, kesennuma, code):
    assert client_of.get(f"/register/{code}/").status_code == 404


def test_a_visitor_is_led_to_an_account_and_back(kesennuma):
    response = Client(HTTP_HOST=settings.BASE_DOMAIN).get("/register/042056/")
    assert response.status_code == 200
    assert "/account/signup/?next=%2Fregister%2F042056%2F" in text_of(response)
    assert "/account/login/?next=%2Fregister%2F042056%2F" in text_of(response)


def test_without_a_profile_the_profile_comes_first(kesennuma):
    response = signed_in_client(UserFactory()).get("/register/042056/")
    assert response.status_code == 302
    assert response["Location"] == "/my/profile/?next=%2Fregister%2F042056%2F"


def test_the_form_says_what_the_municipality_is_told(client_of, resident, kesennuma):
    page = text_of(client_of.get("/register/042056/"))
    for words in (resident.name, resident.kana, resident.address, resident.user.email, "宮城県"):
        assert words in page
    assert "survey-relation" in page


def test_a_finished_form_registers_and_shows_the_number(client_of, resident, kesennuma):
    response = client_of.post("/register/042056/", survey_data(), follow=True)
    assert response.redirect_chain == [("/register/042056/done/", 302)]
    registration = active_registration(resident.pk, kesennuma)
    page = text_of(response)
    assert registration.number in page
    assert "040002-000001" in page
    assert "//kesennuma.localhost:8000/rooms/" in page


def test_the_same_form_sent_twice_registers_once(client_of, kesennuma):
    for _time in range(2):
        response = client_of.post("/register/042056/", survey_data())
        assert response["Location"] == "/register/042056/done/"
    assert Registration.objects.count() == 2
    with municipality_context(kesennuma):
        assert Answer.objects.count() == 1


def test_what_is_missing_is_named_and_what_was_entered_is_kept(client_of, kesennuma):
    item = make_item(kesennuma, "好きな魚は何ですか。", required=True)
    other = make_item(kesennuma, "ひとことどうぞ。", kind=QuestionKind.LONG_TEXT)
    name, kept = f"survey-item_{item.pk}", f"survey-item_{other.pk}"
    response = client_of.post(
        "/register/042056/",
        {"survey-relation": ["hometown_tax", "family"], name: " ", kept: "𠮷の\n<b>海</b>"},
    )
    page = text_of(response)
    assert response.status_code == 200
    assert f'href="#id_{name}"' in page
    assert 'href="#id_agree"' in page
    assert 'href="#id_survey-relation' not in page
    assert "𠮷の\n&lt;b&gt;海&lt;/b&gt;" in page
    assert page.count("checked") == 2
    assert not Registration.objects.exists()


def test_each_municipality_asks_its_own_items_only(client_of, kesennuma, hida):
    make_item(kesennuma, "好きな魚は何ですか。", required=True)
    assert "好きな魚" in text_of(client_of.get("/register/042056/"))
    assert "好きな魚" not in text_of(client_of.get("/register/212172/"))
    client_of.post("/register/212172/", survey_data())
    assert Registration.objects.filter(municipality=hida).count() == 1


def test_answers_stay_with_the_municipality_that_asked(client_of, kesennuma, miyagi, hida):
    item = make_item(kesennuma, required=True)
    client_of.post("/register/042056/", survey_data(**{f"survey-item_{item.pk}": "さんま"}))
    counts = []
    for place in (kesennuma, miyagi, hida):
        with municipality_context(place):
            counts.append(Answer.objects.count())
    assert counts == [2, 0, 0]


def test_who_lives_there_may_register_and_is_told_what_it_means(kesennuma, hida):
    resident = ResidentFactory(residence_id=kesennuma.code)
    client = signed_in_client(resident.user)
    assert "気仙沼市にお住まい" in text_of(client.get("/register/042056/"))
    assert "飛騨市にお住まい" not in text_of(client.get("/register/212172/"))
    client.post("/register/042056/", survey_data())
    assert active_registration(resident.pk, kesennuma).lives_here


def test_a_co_registered_prefecture_can_be_registered_with_directly(client_of, resident, kesennuma):
    register_resident(resident, kesennuma)
    assert client_of.get("/register/040002/").status_code == 200
    client_of.post("/register/040002/", survey_data())
    origins = dict(Registration.objects.values_list("municipality_id", "origin"))
    assert origins == {"042056": "direct", "040002": "direct"}


def test_who_is_registered_is_shown_the_number_instead_of_the_form(client_of, resident, kesennuma):
    registration = register_resident(resident, kesennuma)
    response = client_of.get("/register/042056/", follow=True)
    assert response.redirect_chain == [("/register/042056/done/", 302)]
    assert registration.number in text_of(response)


def test_without_a_registration_there_is_no_done_page(client_of, kesennuma):
    assert client_of.get("/register/042056/done/")["Location"] == "/register/042056/"


def test_leaving_asks_first_and_then_ends_it(client_of, resident, kesennuma):
    register_resident(resident, kesennuma)
    assert client_of.get("/register/042056/leave/").status_code == 200
    assert Registration.objects.filter(status="active").count() == 2
    response = client_of.post("/register/042056/leave/")
    assert response["Location"] == "/my/"
    assert not Registration.objects.filter(status="active").exists()
    assert client_of.post("/register/042056/leave/")["Location"] == "/my/"


def test_a_co_registration_says_which_city_holds_it(client_of, resident, kesennuma):
    register_resident(resident, kesennuma)
    response = client_of.post("/register/040002/leave/")
    assert response.status_code == 409
    assert "宮城県気仙沼市" in text_of(response)
    assert Registration.objects.filter(status="active").count() == 2


def test_nobody_leaves_for_somebody_else(resident, kesennuma):
    register_resident(resident, kesennuma)
    other = signed_in_client(ResidentFactory().user)
    other.post("/register/042056/leave/")
    assert active_registration(resident.pk, kesennuma)


def test_all_of_it_is_there_in_english(client_of, kesennuma):
    page = text_of(client_of.get("/en/register/042056/"))
    assert "Register with 宮城県気仙沼市" in page
    assert "How are you connected with this area" in page
    response = client_of.post("/en/register/042056/", survey_data(), follow=True)
    assert response.redirect_chain == [("/en/register/042056/done/", 302)]
    assert "Registration number" in text_of(response)


def test_a_japanese_page_has_no_english_sentence(client_of, kesennuma):
    page = text_of(client_of.get("/register/042056/"))
    for english in ("Register", "What ", "Choose", "I agree", "Telephone", "Please"):
        assert english not in page.replace("/register/", "")


@pytest.mark.parametrize("items", [1, 9])
def test_the_form_takes_the_same_queries_however_long_the_survey(
    client_of, kesennuma, items, django_assert_max_num_queries
):
    for number in range(items):
        make_item(kesennuma, f"質問{number}", kind=QuestionKind.ONE_CHOICE)
    with django_assert_max_num_queries(14):
        client_of.get("/register/042056/")


def test_to_register_takes_a_fixed_number_of_queries(
    client_of, kesennuma, django_assert_max_num_queries
):
    data = survey_data()
    for number in range(9):
        data[f"survey-item_{make_item(kesennuma, f'質問{number}').pk}"] = "答え"
    with django_assert_max_num_queries(52):
        client_of.post("/register/042056/", data)
