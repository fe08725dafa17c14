"""What people send that nobody asked for: it is kept right or refused, never lost or half done.

Here stand the walks through several apps. What one app answers for is tested beside it:
unknown hosts in `tests/tenants/test_hosts.py`; the normalising of digits, kana and spaces in
`tests/common/test_text.py` and `tests/accounts/test_profile.py`; bodies of 10 MB, broken
uploads and SVG in `tests/pages/test_files.py`; the last place in
`tests/attendance/test_sign_up.py`; a form sent twice in `tests/registration/` and
`tests/community/`.
"""

from __future__ import annotations

import io
from datetime import timedelta

import pytest
from django.test import Client
from pypdf import PdfReader

from accounts.models import Resident
from certificates.models import Certificate
from common import clock
from common.wareki import to_era
from community.models import Post
from notifications.operations import deliver_next
from registration.models import Registration
from tenants.context import municipality_context
from tests.factories.accounts import ResidentFactory, UserFactory, signed_in_client
from tests.factories.community import make_registrant
from tests.factories.surveys import survey_data

pytestmark = pytest.mark.django_db
PROFILE = {
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
    "building": "ことぶき荘２０１",
    "phone": "０９０－１２３４－５６７８",
    "language": "ja",
}


def words(response, status: int = 200) -> str:
    assert response.status_code == status, response.status_code
    return response.content.decode()


# Names


def texts_of(pdf: bytes) -> str:
    """All text of a PDF without spaces or line breaks."""
    pages = PdfReader(io.BytesIO(pdf)).pages
    return "".join("".join(page.extract_text() for page in pages).split())


@pytest.mark.parametrize(
    ("family", "given"),
    [
        ("𠮷野", "一"),
        ("髙橋", "濵子"),
        ("山﨑", "德太郎"),
        ("葛\U000e0100城", "花"),  # the variant as the family register has it
    ],
)
def test_a_name_goes_from_the_profile_to_the_printed_certificate_unchanged(
    kesennuma, hida, family, given
):
    client = signed_in_client(UserFactory())
    data = {**PROFILE, "family_name": family, "given_name": given}
    assert client.post("/my/profile/?next=/register/042056/", data).status_code == 302
    assert client.post("/register/042056/", survey_data()).status_code == 302
    registration = Registration.objects.get(municipality=kesennuma)
    assert (registration.family_name, registration.given_name) == (family, given)
    assert f"{family} {given}" in words(client.get("/my/"))
    certificate = Certificate.objects.get(registration=registration)
    assert f"{family} {given}" in words(client.get("/my/certificates/registration/042056/"))
    for layout in ("a4", "card"):
        path = f"/my/certificates/{certificate.code}/{layout}.pdf"
        assert client.get(path).status_code == 202
        while deliver_next():
            pass
        pdf = client.get(path)
        assert pdf.status_code == 200
        assert f"{family}{given}" in texts_of(pdf.content)


def test_two_ways_of_writing_one_name_are_two_people(kesennuma):
    """𠮷 is not 吉: neither matching nor printing may put one for the other."""
    made = []
    for family in ("𠮷田", "吉田"):
        client = signed_in_client(UserFactory())
        client.post("/my/profile/", {**PROFILE, "family_name": family})
        client.post("/register/042056/", survey_data())
        page = words(client.get("/my/"))
        made.append(("𠮷田 花子" in page, "吉田 花子" in page))
    assert made == [(True, False), (False, True)]


# Fields that cannot be right


def tomorrow() -> dict[str, str]:
    day = clock.today() + timedelta(days=1)
    return {
        "birth_date_era": "AD",
        "birth_date_year": str(day.year),
        "birth_date_month": str(day.month),
        "birth_date_day": str(day.day),
    }


def tomorrow_in_reiwa() -> dict[str, str]:
    day = clock.today() + timedelta(days=1)
    return {
        "birth_date_era": "R",
        "birth_date_year": str(to_era(day).year),
        "birth_date_month": str(day.month),
        "birth_date_day": str(day.day),
    }


@pytest.mark.parametrize(
    ("wrong", "anchor", "sentence"),
    [
        (tomorrow, "birth_date_0", "生年月日"),
        (tomorrow_in_reiwa, "birth_date_0", "生年月日"),
        (lambda: {"postal_code": "999-9999"}, "postal_code", "郵便番号"),
        (lambda: {"postal_code": "９９９９９９９"}, "postal_code", "郵便番号"),
    ],
)
def test_a_wrong_field_says_so_and_nothing_entered_is_lost(wrong, anchor, sentence):
    client = signed_in_client(UserFactory())
    sent = {**PROFILE, **wrong()}
    response = client.post("/my/profile/", sent)
    page = words(response)
    (field,) = response.context["form"].errors
    assert anchor.startswith(field)
    (message,) = response.context["form"].errors[field]
    assert page.count(message) == 2, "in the summary and at the field"
    assert sentence in page
    for name, value in sent.items():
        if name not in {"residence", "birth_date_era", "language"}:
            assert f'value="{value}"' in page, name
    assert f'<option value="{sent["birth_date_era"]}" selected>' in page
    assert not Resident.objects.exists()
    # With that one field right, all of it is saved.
    assert client.post("/my/profile/", PROFILE).status_code == 302
    assert Resident.objects.get().family_name == "佐藤"


# Sizes and signs


@pytest.mark.parametrize("path", ["/my/profile/", "/register/042056/", "/account/login/"])
def test_a_form_of_three_megabytes_is_refused_with_a_plain_page(kesennuma, path):
    client = signed_in_client(ResidentFactory().user)
    page = words(client.post(path, {**PROFILE, "building": "海" * 1_000_000}), 400)
    assert "<h1>" in page
    assert "Traceback" not in page
    assert not Registration.objects.exists()


def test_a_post_of_three_megabytes_is_refused_with_a_plain_page(kesennuma, hida):
    client = signed_in_client(make_registrant(kesennuma).user, kesennuma)
    page = words(client.post("/rooms/hiroba/", {"body": "海" * 1_000_000}), 400)
    assert "<h1>" in page
    for municipality in (kesennuma, hida):
        with municipality_context(municipality):
            assert not Post.objects.exists()


def test_a_form_of_thousands_of_fields_is_refused(kesennuma):
    client = signed_in_client(UserFactory())
    many = {f"field{number}": "x" for number in range(4000)}
    page = words(client.post("/my/profile/", {**PROFILE, **many}), 400)
    assert "Traceback" not in page
    assert not Resident.objects.exists()


@pytest.mark.parametrize(
    "path",
    [
        "/activities/?word=%00",
        "/activities/?word=%ED%A0%80%FF",
        "/activities/?word=" + "%E6%B5%B7" * 200,
        "/activities/?prefecture=%00&first_day=9999-99-99",
        "/activities/?first_day=0001-01-01&last_day=9999-12-31",
        "/activities/?page=" + "9" * 5000,
        "/municipalities/?word=%00",
        "/municipalities/?word=%FF%27%22%3C%25",
        "/municipalities/?word=" + "%E6%B5%B7" * 500,
        "/c/%00/",
        "/v/%00/",
        "/terms/%00/",
        "/register/%00/",
    ],
)
def test_signs_that_belong_nowhere_break_no_page(kesennuma, path):
    page = Client(headers={"host": "localhost"}).get(path)
    assert page.status_code in {200, 302, 400, 404}, page.status_code
    assert "Traceback" not in page.content.decode()


@pytest.mark.parametrize(
    "path",
    [
        "/handoff/?to=%00",
        "/my/certificates/registration/%00/",
        "/my/certificates/%00/a4.pdf",
        "/my/profile/?next=/%00",
    ],
)
def test_a_null_character_in_an_address_is_a_bad_request(kesennuma, path):
    client = signed_in_client(ResidentFactory().user)
    assert "Traceback" not in words(client.get(path), 400)


@pytest.mark.parametrize("field", ["family_name", "given_kana", "address_line", "building"])
def test_a_null_character_in_the_profile_is_nobodys_name(field):
    client = signed_in_client(UserFactory())
    response = client.post("/my/profile/", {**PROFILE, field: f"{PROFILE[field]}\x00"})
    assert response.status_code in {200, 302}
    for resident in Resident.objects.all():
        assert "\x00" not in getattr(resident, field)
