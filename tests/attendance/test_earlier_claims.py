"""Participations that somebody says are theirs: by a code, or by what the list says (A11.4)."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
import time_machine

from attendance.enums import EarlierMatch, EarlierStatus
from attendance.models import EarlierCode, EarlierRecord, ParticipationRecord
from attendance.operations.earlier.claims import claim_by_code, claim_by_name
from attendance.operations.earlier.codes import issue_code, open_code_of, printable_code
from common import clock
from common.refusal import Refused
from tenants.staff.roles import Role
from tests.factories.accounts import ResidentFactory, signed_in_client
from tests.factories.earlier import HANAKO, hanako, of_taro, row, take
from tests.factories.registration import register_resident
from tests.factories.staff import make_member

pytestmark = pytest.mark.django_db
HERE = "192.0.2.1"
BORN, PHONE = HANAKO["birth_date"], HANAKO["phone"]


@pytest.fixture
def officer(kesennuma):
    return make_member(kesennuma, Role.REGISTRATION_OFFICER)


@pytest.fixture
def listed(kesennuma, officer):
    """Two rows of 藤原 花子 and one of somebody else, nobody of whom has an account."""
    return take(kesennuma, officer, [row(), row(活動日="R8.4.13"), of_taro()]).batch


def first_row() -> EarlierRecord:
    return EarlierRecord.objects.order_by("pk")[0]


def code_for(one: EarlierRecord, officer) -> str:
    return printable_code(issue_code(one, officer), officer).replace("-", "")


def test_a_code_brings_all_that_person_s_rows_and_works_once(kesennuma, officer, listed):
    written = code_for(first_row(), officer)
    resident = hanako(family_name="山本", phone="")
    assert len(claim_by_code(resident, written, HERE)) == 2
    assert ParticipationRecord.objects.filter(resident=resident).count() == 2
    one = first_row()
    assert (one.matched_by_way, one.decided_by, one.person) == (
        EarlierMatch.CODE, resident.user, None,
    )  # fmt: skip
    assert one.decided_at is not None
    with pytest.raises(Refused, match="earlier_wrong"):
        claim_by_code(hanako(), written, HERE)
    assert EarlierRecord.objects.filter(status=EarlierStatus.WAITING).count() == 1


def test_a_code_is_for_who_was_born_on_that_day(kesennuma, officer, listed):
    written = code_for(first_row(), officer)
    with pytest.raises(Refused, match="earlier_wrong"):
        claim_by_code(hanako(birth_date=date(1990, 1, 1)), written, HERE)
    assert EarlierCode.objects.get().used_at is None, "it is still good for its person"
    assert len(claim_by_code(hanako(), written, HERE)) == 2


def test_a_code_ends_with_the_next_one_and_after_a_year(kesennuma, officer, listed):
    one = first_row()
    old, new = code_for(one, officer), code_for(one, officer)
    assert old != new
    with pytest.raises(Refused, match="earlier_wrong"):
        claim_by_code(hanako(), old, HERE)
    with time_machine.travel(clock.now() + timedelta(days=366)):
        assert open_code_of(one) is None
        with pytest.raises(Refused, match="earlier_wrong"):
            claim_by_code(hanako(), new, HERE)


def test_a_code_is_shown_for_an_hour_to_whoever_made_it_and_stands_nowhere(
    kesennuma, officer, listed
):
    code = issue_code(first_row(), officer)
    written = printable_code(code, officer)
    assert len(written) == 14
    assert written.replace("-", "") not in str(vars(EarlierCode.objects.get()))
    assert printable_code(code, make_member(kesennuma, Role.ADMINISTRATOR)) == ""
    with time_machine.travel(clock.now() + timedelta(hours=2)):
        assert printable_code(code, officer) == ""


def test_name_date_of_birth_and_telephone_number_claim(kesennuma, hida, officer, listed):
    """Whose name and number have changed since."""
    resident = hanako(family_name="山本", phone="0226226600")
    rows = claim_by_name(resident, kesennuma, "藤原花子", BORN, "090-1234-5678", HERE)
    assert len(rows) == 2
    assert first_row().matched_by_way == EarlierMatch.CLAIM
    assert ParticipationRecord.objects.filter(resident=resident).count() == 2


@pytest.mark.parametrize(
    ("name", "born", "phone"),
    [
        ("藤原 花", BORN, PHONE),
        ("藤原 花子", date(1963, 4, 3), PHONE),
        ("藤原 花子", BORN, "09012345679"),
        ("藤原 花子", BORN, ""),
        ("山田 太郎", BORN, "0226226600"),
        ("だれか", BORN, "0000000000"),
    ],
)
def test_wrong_and_unknown_get_the_same_answer(kesennuma, officer, listed, name, born, phone):
    with pytest.raises(Refused) as refused:
        claim_by_name(hanako(family_name="山本"), kesennuma, name, born, phone, HERE)
    assert (refused.value.code, refused.value.data) == ("earlier_wrong", {})
    assert ParticipationRecord.objects.count() == 0


def test_who_was_born_on_another_day_claims_nothing(kesennuma, officer, listed):
    thief = ResidentFactory(birth_date=date(1990, 1, 1))
    with pytest.raises(Refused, match="earlier_wrong"):
        claim_by_name(thief, kesennuma, "藤原花子", BORN, PHONE, HERE)


def test_another_municipality_s_list_is_not_looked_through(kesennuma, hida, officer, listed):
    with pytest.raises(Refused, match="earlier_wrong"):
        claim_by_name(hanako(), hida, "藤原花子", BORN, PHONE, HERE)


def test_five_wrong_ones_an_hour_and_then_not_even_the_right_one(kesennuma, officer, listed):
    written, resident = code_for(first_row(), officer), hanako()
    for _attempt in range(5):
        with pytest.raises(Refused, match="earlier_wrong"):
            claim_by_code(resident, "0" * 12, HERE)
    with pytest.raises(Refused, match="too_many_attempts"):
        claim_by_code(resident, written, HERE)
    assert ParticipationRecord.objects.count() == 0
    with time_machine.travel(clock.now() + timedelta(minutes=61)):
        assert len(claim_by_code(resident, written, HERE)) == 2


def ask(client, **data):
    return client.post("/my/earlier/", data)


def test_on_the_portal_with_a_code(kesennuma, officer, listed):
    written = code_for(first_row(), officer)
    client = signed_in_client(hanako().user)
    answer = ask(client, **{"by_code": "1", "code-code": written.lower()})
    assert (answer.status_code, answer["Location"]) == (302, "/my/earlier/")
    page = client.get("/my/earlier/").content.decode()
    assert "内湾の清掃" in page
    assert "2件" in page


def test_on_the_portal_with_name_and_the_page_says_nothing_of_others(kesennuma, officer, listed):
    resident = hanako(family_name="山本")
    client = signed_in_client(resident.user)
    assert "name-municipality" not in client.get("/my/earlier/").content.decode()
    register_resident(resident, kesennuma)
    # Furigana and telephone number agree, the name does not: staff are asked, a claim is quicker.
    said = {
        "by_name": "1",
        "name-municipality": kesennuma.code,
        "name-name": "藤原 花子",
        "name-birth_date_era": "S",
        "name-birth_date_year": "38",
        "name-birth_date_month": "4",
        "name-birth_date_day": "2",
        "name-phone": "090-1234-0000",
    }
    wrong = ask(client, **said)
    assert wrong.status_code == 200
    assert "内湾の清掃" not in wrong.content.decode()
    unknown = ask(client, **(said | {"name-name": "だれか"}))
    sentence = "見つかりませんでした"
    assert sentence in wrong.content.decode() and sentence in unknown.content.decode()
    assert ask(client, **(said | {"name-phone": PHONE})).status_code == 302
    assert ParticipationRecord.objects.filter(resident=resident).count() == 2
