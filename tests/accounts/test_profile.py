"""The profile: normalised, judged field by field, nothing entered lost."""

from __future__ import annotations

from datetime import date, datetime

import pytest
import time_machine
from django.utils.datastructures import MultiValueDict

from accounts.forms import ProfileForm
from accounts.models import Resident
from accounts.operations.profile import resident_of, save_profile
from common.clock import TOKYO
from tests.factories.accounts import ResidentFactory, UserFactory, signed_in_client

ENTERED = {
    "family_name": "佐藤",
    "given_name": "花子",
    "family_kana": "さとう",
    "given_kana": "ﾊﾅｺ",
    "birth_date_era": "S",
    "birth_date_year": "63",
    "birth_date_month": "4",
    "birth_date_day": "2",
    "postal_code": "988-0017",
    "residence": "",
    "address_line": "南町１丁目２番３号",
    "building": "",
    "phone": "",
    "language": "ja",
}
pytestmark = pytest.mark.django_db


def posted(**changes: str) -> MultiValueDict:
    return MultiValueDict({name: [value] for name, value in {**ENTERED, **changes}.items()})


def messages_of(field: str, **changes: str) -> list[str]:
    form = ProfileForm(posted(**changes))
    assert not form.is_valid()
    assert set(form.errors) == {field}
    return [str(message) for message in form.errors[field]]


def cleaned(**changes: str) -> dict:
    form = ProfileForm(posted(**changes))
    assert form.is_valid(), form.errors
    return form.cleaned_data


def test_what_people_type_is_kept_in_one_form():
    data = cleaned(
        family_name="　佐藤 ",
        postal_code="〒９８８－００１７",
        phone="０９０（１２３４）５６７８",
        building="ｻﾝﾊｲﾂ　２０１",
    )
    assert data["family_name"] == "佐藤"
    assert data["family_kana"] == "サトウ"
    assert data["given_kana"] == "ハナコ"
    assert data["postal_code"] == "9880017"
    assert data["phone"] == "09012345678"
    assert data["building"] == "サンハイツ 201"
    assert data["birth_date"] == date(1988, 4, 2)
    assert data["residence"].full_name == "宮城県気仙沼市"


@pytest.mark.parametrize(
    ("family", "given"),
    [
        ("𠮷野", "太郎"),
        ("髙橋", "美咲"),
        ("山﨑", "一"),
        ("渡邉\U000e0102", "節子"),
        ("辻\U000e0100", "榊\ufe00"),
    ],
)
def test_every_way_of_writing_a_name_is_kept(family, given):
    user = UserFactory()
    client = signed_in_client(user)
    client.post("/my/profile/", {**ENTERED, "family_name": family, "given_name": given})
    resident = Resident.objects.get(user=user)
    assert (resident.family_name, resident.given_name) == (family, given)
    page = client.get("/my/profile/").content.decode()
    assert f'value="{family}"' in page
    assert f'value="{given}"' in page


@pytest.mark.parametrize(
    ("era", "year", "month", "day", "expected"),
    [
        ("S", "63", "4", "2", date(1988, 4, 2)),
        ("AD", "1988", "4", "2", date(1988, 4, 2)),
        ("", "1988", "04", "02", date(1988, 4, 2)),
        ("S", "1988", "4", "2", date(1988, 4, 2)),
        ("S", "６３", "４", "２", date(1988, 4, 2)),
        ("H", "元", "1", "8", date(1989, 1, 8)),
        ("R", "1", "5", "1", date(2019, 5, 1)),
        ("T", "15", "12", "25", date(1926, 12, 25)),
        ("AD", "1900", "1", "1", date(1900, 1, 1)),
    ],
)
def test_a_birth_date_in_either_calendar(era, year, month, day, expected):
    parts = {"era": era, "year": year, "month": month, "day": day}
    data = cleaned(**{f"birth_date_{part}": value for part, value in parts.items()})
    assert data["birth_date"] == expected


@pytest.mark.parametrize(
    ("changes", "part_of_message"),
    [
        ({"birth_date_era": ""}, "calendar, year, month and day"),
        ({"birth_date_day": ""}, "calendar, year, month and day"),
        ({"birth_date_year": "64", "birth_date_month": "1", "birth_date_day": "8"}, "no such date"),
        ({"birth_date_month": "2", "birth_date_day": "30"}, "no such date"),
        ({"birth_date_month": "四"}, "no such date"),
        ({"birth_date_year": "99999"}, "no such date"),
        ({"birth_date_era": "AD", "birth_date_year": "1899"}, "from 1900 on"),
        ({"birth_date_era": "AD", "birth_date_year": "88"}, "from 1900 on"),
        ({f"birth_date_{part}": "" for part in ("era", "year", "month", "day")}, "required"),
    ],
)
def test_a_birth_date_that_can_not_be_is_told(changes, part_of_message, english):
    (message,) = messages_of("birth_date", **changes)
    assert part_of_message in message


def test_a_birth_date_in_the_future_is_told(english):
    with time_machine.travel(datetime(2026, 11, 23, 0, 30, tzinfo=TOKYO)):
        today = {"birth_date_era": "R", "birth_date_year": "8", "birth_date_month": "11"}
        assert cleaned(**today, birth_date_day="23")["birth_date"] == date(2026, 11, 23)
        (message,) = messages_of("birth_date", **today, birth_date_day="24")
    assert "in the future" in message


@pytest.mark.parametrize(
    ("field", "value", "part_of_message"),
    [
        ("family_name", "", "required"),
        ("given_name", "　 ", "required"),
        ("family_name", "\u200b", "required"),
        ("family_name", "佐" * 41, "40"),
        ("family_kana", "佐藤", "katakana or hiragana"),
        ("given_kana", "hanako", "katakana or hiragana"),
        ("postal_code", "", "required"),
        ("postal_code", "98800", "seven digits"),
        ("postal_code", "９８８－００１７１", "seven digits"),
        ("postal_code", "999-9999", "not known"),
        ("address_line", "", "required"),
        ("phone", "call me", "area code"),
        ("phone", "22-6600", "area code"),
        ("language", "xx", "not one of the available choices"),
    ],
)
def test_each_field_says_what_is_wrong_with_it(field, value, part_of_message, english):
    (message,) = messages_of(field, **{field: value})
    assert part_of_message in message


@pytest.fixture
def english():
    from django.utils import translation

    with translation.override("en"):
        yield


def test_nothing_entered_is_lost_when_a_field_is_refused():
    client = signed_in_client(UserFactory())
    page = client.post("/my/profile/", {**ENTERED, "phone": "x", "building": "ことぶき荘"})
    text = page.content.decode()
    for entered in ("佐藤", "花子", "988-0017", "南町１丁目２番３号", "ことぶき荘", "63"):
        assert f'value="{entered}"' in text
    assert '<option value="S" selected>' in text
    assert not Resident.objects.exists()


def test_the_postal_code_fills_in_the_address_without_losing_anything():
    client = signed_in_client(UserFactory())
    page = client.post(
        "/my/profile/",
        {"family_name": "佐藤", "postal_code": "９８８００１７", "find_address": "1"},
    )
    text = page.content.decode()
    assert "宮城県気仙沼市" in text
    assert 'value="南町"' in text
    assert 'value="佐藤"' in text
    assert "error-summary" not in text
    assert not Resident.objects.exists()


def test_filling_in_the_address_never_saves():
    user = UserFactory()
    signed_in_client(user).post("/my/profile/", {**ENTERED, "find_address": "1"})
    assert not Resident.objects.exists()


def test_an_address_somebody_typed_is_not_overwritten():
    form = ProfileForm(posted(find_address="1", address_line="港町5番"))
    assert form["address_line"].value() == "港町5番"


def test_what_an_earlier_look_up_filled_in_gives_way_to_the_next():
    form = ProfileForm(
        posted(find_address="1", postal_code="5094221", address_line="南町", address_start="南町")
    )
    assert form["address_line"].value().startswith("古川町")


def test_a_ward_belongs_to_the_address_line():
    form = ProfileForm(posted(find_address="1", postal_code="0600042", address_line=""))
    assert form.residence_name == "北海道札幌市"
    assert form["address_line"].value() == "中央区大通西"


def test_of_several_towns_only_what_they_share_is_filled_in():
    form = ProfileForm(posted(find_address="1", postal_code="9892361", address_line=""))
    assert form.residence_name == "宮城県亘理町"
    assert form["address_line"].value() == ""


def test_an_unknown_postal_code_is_told_when_the_address_is_asked_for(english):
    form = ProfileForm(posted(find_address="1", postal_code="9999999", family_name=""))
    assert not form.is_valid()
    assert list(form.errors) == ["postal_code"]


def test_where_a_postal_code_crosses_a_border_the_resident_chooses(english):
    (message,) = messages_of("residence", postal_code="4980000", address_line="1番")
    assert "choose the municipality" in message
    form = ProfileForm(posted(postal_code="4980000", address_line="1番"))
    assert {str(one) for one in form.residences} == {"愛知県弥富市", "三重県木曽岬町"}
    assert cleaned(postal_code="4980000", address_line="1番", residence="243035")[
        "residence"
    ].full_name == ("三重県木曽岬町")


def test_a_municipality_the_postal_code_does_not_lie_in_is_refused():
    form = ProfileForm(posted(postal_code="4980000", residence="042056"))
    assert not form.is_valid()
    assert "residence" in form.errors


def test_a_town_is_not_carried_into_another_municipality_unseen(english):
    """The page showed 気仙沼市; then only the postal code was changed to 飛騨市's."""
    form = ProfileForm(posted(postal_code="5094221", residence="042056"))
    assert not form.is_valid()
    assert "岐阜県飛騨市" in form.errors["address_line"][0]
    assert form["residence"].value() == "212172"
    assert ProfileForm(posted(postal_code="5094221", residence="212172")).is_valid()


def test_the_profile_sent_twice_is_one_resident():
    user = UserFactory()
    client = signed_in_client(user)
    for _time in range(2):
        assert client.post("/my/profile/", ENTERED).status_code == 302
    assert Resident.objects.filter(user=user).count() == 1


def test_a_change_keeps_the_resident_and_leaves_others_alone():
    resident, other = ResidentFactory(), ResidentFactory()
    before = (other.family_name, other.address_line)
    form = ProfileForm(posted(family_name="気仙沼"), instance=resident)
    assert form.is_valid()
    saved = save_profile(resident.user, form.cleaned_data)
    assert saved.pk == resident.pk
    other.refresh_from_db()
    assert (other.family_name, other.address_line) == before
    assert resident_of(resident.user).family_name == "気仙沼"


def test_the_form_shows_a_resident_as_saved(resident):
    form = ProfileForm(instance=resident)
    again = {}
    for name in ("family_name", "given_kana", "postal_code", "address_line", "language"):
        again[name] = form[name].value()
    assert again["postal_code"] == "988-0017"
    widget = form.fields["birth_date"].widget
    assert widget.decompress(form["birth_date"].value()) == ["S", 63, 4, 2]
    assert form.residence_name == "宮城県気仙沼市"


@pytest.mark.parametrize(
    ("next_path", "expected"),
    [
        ("/c/ABC/", "/c/ABC/"),
        ("//evil.example/", "/my/wishes/"),
        ("https://evil.example/", "/my/wishes/"),
    ],
)
def test_saving_goes_on_to_where_the_resident_was_going(next_path, expected):
    client = signed_in_client(UserFactory())
    response = client.post(f"/my/profile/?next={next_path}", ENTERED)
    assert response["Location"] == expected


def test_the_page_is_for_the_signed_in_and_kept_by_no_cache(client):
    response = client.get("/my/profile/?next=/c/ABC/", HTTP_HOST="localhost")
    assert response["Location"].startswith("/account/login/?next=/my/profile/")
    page = signed_in_client(UserFactory()).get("/my/profile/")
    assert "no-store" in page["Cache-Control"]


def test_a_profile_costs_few_queries(resident, django_assert_max_num_queries):
    client = signed_in_client(resident.user)
    # Schema, session, account, resident, what is proved, municipalities of the postal code, the
    # page's frame.
    with django_assert_max_num_queries(7):
        client.get("/my/profile/")


def test_sex_is_not_asked():
    """Nothing in the scheme depends on it."""
    labels = {str(field.label).lower() for field in ProfileForm().fields.values()}
    names = set(ProfileForm().fields) | {field.name for field in Resident._meta.get_fields()}
    assert not {"sex", "gender", "seibetsu"} & names
    assert not any(word in label for label in labels for word in ("sex", "gender", "性別"))
