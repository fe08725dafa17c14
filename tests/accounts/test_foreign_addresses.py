"""Residents abroad: another form of address, no municipality of residence, the same rights."""

from __future__ import annotations

import pytest
from django.utils import translation

from accounts.forms import ProfileForm
from accounts.models import Resident
from accounts.operations.profile import save_profile
from accounts.rules.countries import COMMON, countries, country_name, is_country
from attendance.queries import participations_of
from certificates.operations.issue import issue_registration_certificate
from registration.queries import progress_of
from tests.accounts.test_profile import ENTERED, posted
from tests.factories.accounts import PEOPLE, ResidentFactory, UserFactory, signed_in_client
from tests.factories.registration import register_resident
from tests.factories.surveys import survey_data

pytestmark = pytest.mark.django_db
ABROAD = {
    "country": "US",
    "shown_country": "US",
    "postal_code": "96815",
    "address_line": "123 Kalakaua Avenue, Apt. 4\nHonolulu, Hawaii",
    "phone": "+1 (808) 555-0123",
    "residence": "",
    "building": "",
}


@pytest.fixture
def english():
    with translation.override("en"):
        yield


def sent(**changes):
    return posted(**{**ABROAD, **changes})


def test_an_address_abroad_is_kept_whole():
    form = ProfileForm(sent())
    assert form.is_valid(), form.errors
    resident = save_profile(UserFactory(), form.cleaned_data)
    resident = Resident.objects.get(pk=resident.pk)
    assert resident.lives_abroad
    assert resident.residence is None
    assert (resident.municipality_code, resident.prefecture_code) == ("", "")
    assert resident.phone == "+18085550123"
    assert resident.postal_code == "96815"
    assert resident.address == "123 Kalakaua Avenue, Apt. 4 Honolulu, Hawaii アメリカ合衆国"


def test_a_postal_code_and_a_telephone_are_not_needed_abroad():
    form = ProfileForm(sent(postal_code="", phone=""))
    assert form.is_valid(), form.errors


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("+44 20 7946 0958", "+442079460958"),
        ("0044 20 7946 0958", "+442079460958"),
        ("＋４４（２０）７９４６０９５８", "+442079460958"),
        ("+44 (0)20 7946 0958", "+442079460958"),
        ("020 7946 0958", None),
        ("+0 1234 5678", None),
        ("+1", None),
    ],
)
def test_a_telephone_number_abroad_names_its_country(typed, kept, english):
    form = ProfileForm(sent(phone=typed))
    if kept:
        assert form.is_valid(), form.errors
        assert form.cleaned_data["phone"] == kept
    else:
        assert not form.is_valid()
        assert "country's number" in form.errors["phone"][0]


@pytest.mark.parametrize("field", ["family_kana", "given_kana", "address_line"])
def test_furigana_and_address_are_needed_abroad_too(field):
    form = ProfileForm(sent(**{field: ""}))
    assert not form.is_valid()
    assert set(form.errors) == {field}


def test_the_form_says_what_furigana_is_to_who_lives_abroad(english):
    form = ProfileForm(sent())
    assert "How your name sounds" in str(form["family_kana"].help_text)
    assert "How your name sounds" not in str(ProfileForm()["family_kana"].help_text)


def test_without_javascript_a_button_shows_the_fields_of_a_country():
    client = signed_in_client(UserFactory())
    page = client.post(
        "/my/profile/", {"family_name": "Smith", "country": "US", "show_fields": "1"}
    )
    text = page.content.decode()
    assert '<textarea name="address_line"' in text
    assert 'name="residence"' not in text
    assert 'name="building"' not in text
    assert 'value="Smith"' in text
    assert "error-summary" not in text
    assert "海外からは" in text, "says what is possible from abroad"
    back = client.post("/my/profile/", {"country": "JP", "show_fields": "1"}).content.decode()
    assert '<input type="text" name="address_line"' in back
    assert "海外からは" not in back
    assert not Resident.objects.exists()


def test_an_address_typed_for_one_country_does_not_end_up_in_another(english):
    """The country was changed and the form sent at once, without the button."""
    form = ProfileForm(posted(country="US", shown_country="JP"))
    assert not form.is_valid()
    assert "United States of America" in form.errors["address_line"][0]
    assert form["address_line"].value() == ENTERED["address_line"], "nothing typed is lost"
    assert ProfileForm(sent()).is_valid()
    home = ProfileForm(posted(country="JP", shown_country="US"))
    assert "Japan" in home.errors["address_line"][0]


def test_no_country_is_japan_and_an_unknown_one_is_refused():
    assert _clean(posted())["country"] == "JP"
    form = ProfileForm(posted(country="XX"))
    assert not form.is_valid()
    assert "country" in form.errors


def test_the_form_shows_an_address_abroad_as_it_was_saved():
    user = UserFactory()
    client = signed_in_client(user)
    assert client.post("/my/profile/", {**ENTERED, **ABROAD}).status_code == 302
    text = client.get("/my/profile/").content.decode()
    assert '<option value="US" selected>' in text
    assert "123 Kalakaua Avenue, Apt. 4 Honolulu, Hawaii</textarea>" in text
    assert 'value="96815"' in text


def test_who_comes_home_has_a_municipality_again():
    resident = save_profile(UserFactory(), _clean(sent()))
    resident = save_profile(resident.user, _clean(posted(country="JP", shown_country="JP")))
    assert not resident.lives_abroad
    assert resident.municipality_code == "042056"


def _clean(data):
    form = ProfileForm(data)
    assert form.is_valid(), form.errors
    return form.cleaned_data


# What reads a residence copes with none


@pytest.fixture
def abroad(db):
    return ResidentFactory(
        person=PEOPLE[0],
        country="US",
        residence_id=None,
        postal_code="",
        address_line="1 Main St, Springfield",
    )


def test_registering_from_abroad_says_what_is_possible(abroad, kesennuma):
    client = signed_in_client(abroad.user)
    page = client.get("/register/042056/").content.decode()
    assert "海外からは" in page
    assert "アメリカ合衆国" in page
    at_home = signed_in_client(ResidentFactory().user).get("/register/042056/").content.decode()
    assert "海外からは" not in at_home
    assert client.post("/register/042056/", survey_data()).status_code == 302
    assert client.get("/register/042056/done/").status_code == 200


def test_who_lives_abroad_lives_in_no_municipality_and_counts(abroad, kesennuma):
    registration = register_resident(abroad, kesennuma)
    assert not registration.lives_here
    assert registration.residence_name == "アメリカ合衆国"
    (city, prefecture) = sorted(progress_of(abroad), key=lambda p: p.registration.pk)
    for progress in (city, prefecture):
        conditions = {c.code: c.met for c in progress.decision.conditions}
        assert conditions["lives_elsewhere"]
        assert not conditions["identity_verified"]
    assert issue_registration_certificate(registration).is_valid
    assert list(participations_of(abroad)) == []


@pytest.mark.parametrize("path", ["/my/", "/my/history/", "/my/certificates/", "/my/profile/"])
def test_their_own_pages_open(abroad, kesennuma, path):
    register_resident(abroad, kesennuma)
    assert signed_in_client(abroad.user).get(path).status_code == 200


# The list of countries


def test_japan_comes_first_and_the_common_ones_before_all_others():
    common, rest = countries("ja")
    assert [code for code, _name in common] == list(COMMON)
    assert common[0] == ("JP", "日本")
    assert not set(COMMON) & {code for code, _name in rest}
    assert len(common) + len(rest) == 250  # ISO 3166-1 and Kosovo


def test_every_country_has_its_name_in_both_languages():
    for code, name in [*countries("ja")[0], *countries("ja")[1]]:
        assert is_country(code)
        assert any(ord(letter) > 0x3000 for letter in name), code
        assert all(ord(letter) < 0x250 for letter in country_name(code, "en")), code


def test_others_stand_in_the_order_of_the_language():
    japanese = [name for _code, name in countries("ja")[1]]
    assert japanese.index("北マケドニア") > japanese.index("ガーンジー"), "by reading: キタ"
    english = [name for _code, name in countries("en")[1]]
    assert english.index("Åland Islands") < english.index("Albania")
    assert english[-1] == "Zimbabwe"
