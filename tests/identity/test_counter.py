"""The card at a municipality's counter: two pairs of eyes."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, connection, transaction

from common import clock
from common.refusal import Refused
from identity.enums import Assurance, CheckStatus, Method
from identity.models import CounterCheck, Verification
from identity.operations import counter
from identity.operations.tidy import tidy_up
from identity.queries import verification_of
from registration.models import Registration
from registration.operations import leave
from tenants.actors import acting, staff, worker
from tenants.staff.roles import Role
from tests.factories.accounts import ResidentFactory, signed_in_client
from tests.factories.identity import make_check, make_verification
from tests.factories.registration import register_resident
from tests.factories.staff import make_member, staff_client

pytestmark = pytest.mark.django_db
COUNTER = "/admin/identity/"
SEEN = {
    "card": "my_number_card",
    "card_until": "2031-04-02",
    "family_name": "佐藤",
    "given_name": "花子",
    "birth_date_era": "western",
    "birth_date_year": "1988",
    "birth_date_month": "4",
    "birth_date_day": "2",
    "address": "宮城県気仙沼市南町1丁目2番3号",
    "same_person": "on",
}


@pytest.fixture
def resident(kesennuma):
    resident = ResidentFactory(
        family_name="佐藤", given_name="花子", family_kana="サトウ", given_kana="ハナコ"
    )
    register_resident(resident, kesennuma)
    return resident


@pytest.fixture
def officers(kesennuma):
    return [make_member(kesennuma, Role.REGISTRATION_OFFICER) for _each in range(2)]


@pytest.fixture
def desks(kesennuma, officers):
    return [signed_in_client(user, kesennuma, admin=True) for user in officers]


def test_two_members_of_staff_verify(kesennuma, resident, officers, desks, mailoutbox):
    first, second = desks
    number = Registration.objects.get(resident=resident, municipality=kesennuma).number
    for words in (number, number.partition("-")[2], "佐藤花子", "佐藤　花", "さとう はな"):
        found = first.get(COUNTER, {"word": words}).content.decode()
        assert f"{COUNTER}look/{resident.pk}/" in found, words
    form = first.get(f"{COUNTER}look/{resident.pk}/").content.decode()
    assert "佐藤" in form
    assert first.post(f"{COUNTER}look/{resident.pk}/", SEEN)["Location"] == COUNTER
    assert not Verification.objects.exists(), "one pair of eyes is no proof"
    check = CounterCheck.objects.get()
    assert (check.proposed_by, check.status) == (officers[0], CheckStatus.PROPOSED)
    assert check.expires_at - check.proposed_at == timedelta(days=7)
    address = f"{COUNTER}checks/{check.pk}/"
    assert address in second.get(COUNTER).content.decode()
    # The first one may not be the second.
    assert 'name="confirm"' not in first.get(address).content.decode()
    first.post(address, {"confirm": "1"})
    assert not Verification.objects.exists()
    page = second.get(address).content.decode()
    assert "昭和63年4月2日" in page and "南町1丁目2番3号" in page
    before = len(mailoutbox)
    second.post(address, {"confirm": "1"})
    made = Verification.objects.get()
    assert (made.resident, made.method, made.assurance) == (
        resident,
        Method.COUNTER,
        Assurance.LEVEL_2,
    )
    assert (made.municipality, made.checked_by, made.confirmed_by) == (kesennuma, *officers)
    assert made.subject_hash == ""
    assert made.proved.birth_date == date(1988, 4, 2)
    assert made.valid_until.astimezone(clock.TOKYO).date() == date(2031, 4, 3)
    assert verification_of(resident.pk) == made
    check.refresh_from_db()
    assert (check.status, check.decided_by) == (CheckStatus.CONFIRMED, officers[1])
    assert check.attributes == {} and check.card_until is None, "what was read is kept once"
    (mail,) = list(mailoutbox)[before:]
    assert mail.to == [resident.user.email]
    assert "職員2名" in mail.body
    # Confirmed twice, it is one.
    second.post(address, {"confirm": "1"})
    assert Verification.objects.count() == 1


def test_what_was_confirmed_is_the_resident_s_own_again(kesennuma, resident, officers, desks):
    check = make_check(kesennuma, resident, officers[0])
    desks[1].post(f"{COUNTER}checks/{check.pk}/", {"confirm": "1"})
    page = signed_in_client(resident.user).get("/my/identity/").content.decode()
    assert "マイナンバーカード（窓口での提示）" in page


@pytest.mark.parametrize("role", Role)
def test_only_officers_and_administrators_look_at_cards(kesennuma, resident, role):
    client = staff_client(kesennuma, role)
    check = make_check(kesennuma, resident, make_member(kesennuma, Role.REGISTRATION_OFFICER))
    may = role in {Role.ADMINISTRATOR, Role.REGISTRATION_OFFICER}
    for path in (COUNTER, f"{COUNTER}look/{resident.pk}/", f"{COUNTER}checks/{check.pk}/"):
        assert (client.get(path).status_code == 200) is may
    client.post(f"{COUNTER}checks/{check.pk}/", {"confirm": "1"})
    assert Verification.objects.exists() is may
    menu = client.get("/admin/").content.decode()
    assert (COUNTER in menu) is may


def test_whoever_is_not_registered_here_is_not_found(kesennuma, hida, desks):
    stranger = ResidentFactory(family_name="高橋", given_name="美咲")
    registration = register_resident(stranger, hida)
    for words in ("高橋", registration.number):
        assert str(stranger.pk) not in desks[0].get(COUNTER, {"word": words}).content.decode()
    assert desks[0].get(f"{COUNTER}look/{stranger.pk}/").status_code == 404
    assert desks[0].post(f"{COUNTER}look/{stranger.pk}/", SEEN).status_code == 404


def test_another_municipality_s_checks_are_not_found(kesennuma, hida, resident, officers):
    check = make_check(kesennuma, resident, officers[0])
    elsewhere = staff_client(hida, Role.ADMINISTRATOR)
    assert elsewhere.get(f"{COUNTER}checks/{check.pk}/").status_code == 404
    assert elsewhere.post(f"{COUNTER}checks/{check.pk}/", {"confirm": "1"}).status_code == 404
    assert not Verification.objects.exists()


def test_after_seven_days_it_is_over(kesennuma, resident, officers):
    check = make_check(kesennuma, resident, officers[0])
    CounterCheck.objects.update(expires_at=clock.now() - timedelta(seconds=1))
    with pytest.raises(Refused, match="check_over"):
        counter.confirm(check.pk, kesennuma, officers[1])
    with acting(worker()):
        tidy_up()
    check.refresh_from_db()
    assert (check.status, check.attributes) == (CheckStatus.EXPIRED, {})
    assert not Verification.objects.exists()


def test_a_new_look_is_possible_once_the_old_one_is_over(kesennuma, resident, officers, desks):
    make_check(kesennuma, resident, officers[0])
    path = f"{COUNTER}look/{resident.pk}/"
    assert "別の職員がすでに" in desks[1].post(path, SEEN).content.decode()
    CounterCheck.objects.update(expires_at=clock.now() - timedelta(seconds=1))
    desks[1].post(path, SEEN)
    assert list(CounterCheck.objects.order_by("pk").values_list("status", flat=True)) == [
        CheckStatus.EXPIRED,
        CheckStatus.PROPOSED,
    ]


def test_either_of_the_two_can_end_it_without_a_proof(kesennuma, resident, officers, desks):
    for desk in desks:
        check = make_check(kesennuma, resident, officers[0])
        desk.post(f"{COUNTER}checks/{check.pk}/", {"refuse": "1"})
        check.refresh_from_db()
        assert (check.status, check.attributes) == (CheckStatus.REFUSED, {})
    assert not Verification.objects.exists()


def test_whoever_is_verified_already_needs_no_counter(kesennuma, resident, desks):
    make_verification(resident)
    answer = desks[0].post(f"{COUNTER}look/{resident.pk}/", SEEN)
    assert "すでに済んでいます" in answer.content.decode()
    assert not CounterCheck.objects.exists()


def test_one_that_is_over_makes_room(kesennuma, resident, officers, desks):
    old = make_verification(resident, valid_until=clock.now() - timedelta(days=1))
    check = make_check(kesennuma, resident, officers[0])
    desks[1].post(f"{COUNTER}checks/{check.pk}/", {"confirm": "1"})
    old.refresh_from_db()
    assert old.ended_at
    assert verification_of(resident.pk).method == Method.COUNTER


def test_whoever_has_left_meanwhile_is_not_verified(kesennuma, resident, officers):
    check = make_check(kesennuma, resident, officers[0])
    leave(Registration.objects.get(resident=resident, municipality=kesennuma))
    with pytest.raises(Refused, match="not_registered"):
        counter.confirm(check.pk, kesennuma, officers[1])


def test_a_minor_s_guardian_is_asked_for_by_the_date_on_the_card(kesennuma, resident, desks):
    child = {**SEEN, "birth_date_year": "2012"}
    answer = desks[0].post(f"{COUNTER}look/{resident.pk}/", child)
    assert "保護者の同意" in answer.content.decode()
    assert not CounterCheck.objects.exists()
    desks[0].post(f"{COUNTER}look/{resident.pk}/", SEEN)
    assert CounterCheck.objects.exists()


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"card_until": "2020-01-01"}, "有効期限を過ぎています"),
        (
            {"address": "宮城県気仙沼市 1234-5678-9018"},
            "個人番号（マイナンバー）と思われる12桁の数字が含まれています",
        ),
        ({"same_person": ""}, "field"),
    ],
)
def test_a_wrong_look_is_not_kept(kesennuma, resident, desks, changed, sentence):
    answer = desks[0].post(f"{COUNTER}look/{resident.pk}/", {**SEEN, **changed})
    assert answer.status_code == 200
    assert sentence in answer.content.decode()
    assert not CounterCheck.objects.exists()


def test_there_is_no_field_for_a_number(desks, resident):
    page = desks[0].get(f"{COUNTER}look/{resident.pk}/").content.decode()
    assert 'name="number"' not in page and 'type="file"' not in page


# The database says the same


def insert(resident, kesennuma, first, second, **changed):
    now = clock.now()
    with transaction.atomic():
        Verification.objects.create(
            **{
                "resident_id": resident.pk,
                "method": Method.COUNTER,
                "assurance": Assurance.LEVEL_2,
                "attributes": {},
                "verified_at": now,
                "valid_until": now + timedelta(days=1),
                "municipality": kesennuma,
                "checked_by": first,
                "confirmed_by": second,
                **changed,
            }
        )


def refused_by_the_wall():
    return pytest.raises(Exception, match="row-level security")


def test_staff_write_no_proof_but_the_one_a_colleague_proposed(kesennuma, hida, resident, officers):
    first, second = officers
    stranger = ResidentFactory()
    with acting(staff(second.pk, kesennuma.code)):
        with refused_by_the_wall():  # nobody proposed it
            insert(resident, kesennuma, first, second)
    make_check(kesennuma, resident, first)
    with acting(staff(second.pk, kesennuma.code)):
        with refused_by_the_wall():  # in a colleague's name
            insert(resident, kesennuma, first, first)
        with refused_by_the_wall():  # of somebody not registered here
            insert(stranger, kesennuma, first, second)
        with refused_by_the_wall():  # as another municipality
            insert(resident, hida, first, second)
        with refused_by_the_wall():  # as if the app had been used
            insert(resident, kesennuma, first, second, method=Method.DIGITAL_AUTH_APP)
    with acting(staff(first.pk, kesennuma.code)):
        with refused_by_the_wall():  # alone
            insert(resident, kesennuma, first, first)
    with acting(staff(second.pk, kesennuma.code)):
        insert(resident, kesennuma, first, second)


def test_staff_read_no_proof_but_what_they_confirmed(kesennuma, resident, officers):
    first, second = officers
    make_verification(resident)
    for user in officers:
        with acting(staff(user.pk, kesennuma.code)):
            assert not Verification.objects.exists()
            assert not Verification.objects.filter(resident_id=resident.pk).update(ended_at=None)


def test_nobody_confirms_what_they_proposed(kesennuma, resident, officers):
    check = make_check(kesennuma, resident, officers[0])
    with pytest.raises(IntegrityError, match="identity_check_four_eyes"), transaction.atomic():
        CounterCheck.objects.filter(pk=check.pk).update(
            status=CheckStatus.CONFIRMED, decided_by=officers[0]
        )
    with pytest.raises(Refused, match="same_person"):
        counter.confirm(check.pk, kesennuma, officers[0])


def test_what_was_read_on_the_card_is_encrypted(kesennuma, resident, officers):
    make_check(kesennuma, resident, officers[0])
    with connection.cursor() as cursor:
        cursor.execute("SELECT to_jsonb(c)::text FROM identity_countercheck c")
        row = cursor.fetchone()[0]
    for words in ("佐藤", "1988", "南町", "2031"):
        assert words not in row
