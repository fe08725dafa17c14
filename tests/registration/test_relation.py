"""Stages of the relation as a resident and as staff see them."""

from __future__ import annotations

import random
from datetime import date, datetime, time, timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from attendance.enums import CheckInMethod
from attendance.operations.ledger.amend import restore, void
from common import clock
from common.refusal import Refused
from registration.models import Registration, RelationSetting
from registration.operations import leave
from registration.operations.relation import set_thresholds
from registration.queries.registrants import registrants
from registration.queries.relation import people_by_stage
from registration.rules.relation import Stage, Thresholds, relation_of
from tenants.staff.roles import Role
from tests.factories.accounts import ResidentFactory, signed_in_client
from tests.factories.holdings import took_part
from tests.factories.members import make_organisation_member
from tests.factories.organisations import make_organisation
from tests.factories.registration import register_resident
from tests.factories.staff import make_member, staff_client

pytestmark = pytest.mark.django_db
LIST, STAGES = "/admin/registrants/", "/admin/registrants/relation/"
USUAL = {"core_in_year": 3, "core_in_all": 5, "fellow_in_all": 10}


def at(day):
    return datetime.combine(day, time(9), tzinfo=clock.TOKYO)


def come(resident, place, number, **fields):
    """So many times, a day after the other."""
    first = clock.today() - timedelta(days=40)
    return [
        took_part(resident, place, at=at(first + timedelta(days=one)), **fields)
        for one in range(number)
    ]


def somebody(place, times=0, **fields):
    resident = ResidentFactory()
    register_resident(resident, place)
    come(resident, place, times, **fields)
    return resident


def page_of(resident, place):
    answer = signed_in_client(resident.user).get(f"/my/registrations/{place.code}/")
    assert answer.status_code == 200, answer.status_code
    return answer.content.decode()


def counts(place):
    return [people_by_stage(place)[stage] for stage in Stage]


# The resident


@pytest.mark.parametrize(
    ("times", "words"),
    [(0, "訪れる人"), (1, "応援する人"), (3, "中心になって関わる人"), (10, "仲間")],
)
def test_a_resident_reads_their_own_stage_and_no_target(kesennuma, hida, times, words):
    resident = somebody(kesennuma, times)
    register_resident(resident, hida)
    page = page_of(resident, kesennuma)
    assert f"<strong>{words}</strong>" in page
    assert "プレミアム登録の条件ではありません" in page.replace("\n", "")
    assert "<strong>訪れる人</strong>" in page_of(resident, hida), "each municipality for itself"


def test_voided_ones_do_not_count_and_imported_and_undesignated_ones_do(kesennuma):
    resident = somebody(kesennuma)
    (record,) = come(resident, kesennuma, 1, designated=False)
    come(resident, kesennuma, 2, method=CheckInMethod.IMPORTED)
    assert "<strong>中心になって関わる人" in page_of(resident, kesennuma)
    assert counts(kesennuma) == [0, 0, 1, 0]
    void(record, None, "別の人")
    assert "<strong>応援する人" in page_of(resident, kesennuma)
    assert counts(kesennuma) == [0, 1, 0, 0]
    restore(record, None, "写真で確認")
    assert counts(kesennuma) == [0, 0, 1, 0]


def test_who_acts_for_an_organisation_recognised_there_is_a_fellow(kesennuma, hida):
    resident, other = somebody(kesennuma), somebody(kesennuma)
    register_resident(resident, hida)
    make_organisation_member(make_organisation(kesennuma), resident=resident)
    make_organisation_member(make_organisation(name="どこにもない会"), resident=other)
    assert "<strong>仲間" in page_of(resident, kesennuma)
    assert "<strong>訪れる人" in page_of(resident, hida)
    assert "<strong>訪れる人" in page_of(other, kesennuma)
    desk = staff_client(kesennuma, Role.REGISTRATION_OFFICER)
    listed = desk.get(f"{LIST}?stage=4").content.decode()
    assert resident.name in listed
    assert other.name not in listed or other.name == resident.name


def test_the_stage_opens_and_closes_no_premium(kesennuma):
    """Ten undesignated participations make a fellow, and nobody premium."""
    resident = somebody(kesennuma, 10, designated=False)
    page = page_of(resident, kesennuma)
    assert "<strong>仲間" in page
    assert Registration.objects.get(resident=resident, municipality=kesennuma).kind == "basic"
    assert "あと3回" in page


# Staff


def test_counts_and_the_filter_say_the_same(kesennuma, hida):
    people = {stage: somebody(kesennuma, times) for stage, times in enumerate((0, 2, 3, 10), 1)}
    somebody(kesennuma, 0)
    somebody(hida, 10)
    left = somebody(kesennuma, 10)
    leave(Registration.objects.get(resident=left, municipality=kesennuma))
    assert counts(kesennuma) == [2, 1, 1, 1]
    for stage, resident in people.items():
        found = {row.resident_id for row in registrants(kesennuma, stage=stage)}
        assert resident.pk in found
        assert len(found) == people_by_stage(kesennuma)[Stage(stage)]
    desk = staff_client(kesennuma, Role.COORDINATOR)
    page = desk.get(STAGES).content.decode()
    assert '?stage=4">仲間</a></th><td>1</td>' in page
    assert f"{LIST}relation/" in desk.get(LIST).content.decode()
    assert desk.get(f"{LIST}?stage=nothing").status_code == 200


def test_one_statement_whatever_the_number_of_people(kesennuma):
    desk = staff_client(kesennuma, Role.COORDINATOR)

    def statements(path):
        desk.get(path)
        with CaptureQueriesContext(connection) as asked:
            assert desk.get(path).status_code == 200
        return len(asked), [one for one in asked if "organisers" in one["sql"]]

    somebody(kesennuma, 3)
    few = {path: statements(path) for path in (STAGES, f"{LIST}?stage=3")}
    assert len(few[STAGES][1]) == 1
    for _one in range(5):
        somebody(kesennuma, 3)
    for path, (number, _sql) in few.items():
        assert statements(path)[0] == number, path
    with CaptureQueriesContext(connection) as asked:
        people_by_stage(kesennuma)
    of_ours = [one for one in asked if "registration_" in one["sql"]]
    assert len(of_ours) == 2, "the setting, and all counts"


def test_the_statement_agrees_with_the_rule(kesennuma):
    chance = random.Random(20261129)
    expected = dict.fromkeys(Stage, 0)
    thresholds = Thresholds(core_in_year=3, core_in_all=4, fellow_in_all=6)
    set_thresholds(kesennuma, make_member(kesennuma, Role.ADMINISTRATOR), thresholds)
    edges = [date(2027, 2, 28), date(2027, 3, 1), date(2028, 2, 28), date(2028, 2, 29),
             date(2028, 3, 1), date(2029, 2, 28), date(2029, 3, 1)]  # fmt: skip
    for _one in range(60):
        resident = somebody(kesennuma)
        taken = [chance.choice(edges) for _time in range(chance.randint(0, 6))]
        for day in taken:
            took_part(resident, kesennuma, at=at(day))
        relation = relation_of(date(2026, 5, 1), taken, organises=False, thresholds=thresholds)
        expected[relation.stage] += 1
    assert people_by_stage(kesennuma) == expected
    assert all(expected.values())


def test_administrators_set_the_figures_of_their_municipality(kesennuma, hida):
    somebody(kesennuma, 2)
    somebody(hida, 2)
    form = {"core_in_year": 2, "core_in_all": 2, "fellow_in_all": 3}
    assert staff_client(kesennuma, Role.COORDINATOR).post(STAGES, form).status_code == 302
    assert not RelationSetting.objects.exists()
    desk = staff_client(kesennuma, Role.ADMINISTRATOR)
    for _again in range(2):
        assert desk.post(STAGES, form)["Location"] == STAGES
    assert RelationSetting.objects.get().municipality == kesennuma
    assert counts(kesennuma) == [0, 0, 1, 0]
    assert counts(hida) == [0, 1, 0, 0]


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"core_in_year": 1}, "2 以上"),
        ({"core_in_year": 6}, "段階の順番が合っていません。"),
        ({"fellow_in_all": 5}, "段階の順番が合っていません。"),
        ({"fellow_in_all": ""}, "必須"),
        ({"core_in_all": "多い"}, "整数"),
    ],
)
def test_figures_out_of_order_are_refused_and_stay_in_the_form(kesennuma, wrong, said):
    desk = staff_client(kesennuma, Role.ADMINISTRATOR)
    answer = desk.post(STAGES, USUAL | wrong)
    assert answer.status_code == 400
    assert "エラー" in answer.content.decode()
    assert said in answer.content.decode()
    assert not RelationSetting.objects.exists()


def test_the_database_keeps_the_order_too(kesennuma):
    with pytest.raises(Refused):
        set_thresholds(kesennuma, make_member(kesennuma, Role.ADMINISTRATOR), Thresholds(3, 2, 10))
    with pytest.raises(IntegrityError), transaction.atomic():
        RelationSetting.objects.create(municipality=kesennuma, core_in_all=10)
