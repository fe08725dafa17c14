"""Under the run-time login: every way through these screens, and what no SQL finds on them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from uuid import uuid4

import psycopg
import pytest
import time_machine
from django.db import ProgrammingError, connection, transaction

from accounts.models import Resident, User
from common import clock
from notifications.models import OutboxMessage
from notifications.operations import deliver_next
from privacy.models import (
    AccessRecord,
    Case,
    CaseEvent,
    Export,
    ExportFile,
    ExportRecord,
    ExportSubject,
)
from privacy.operations.exports import request_export
from privacy.tasks import end_exports, remind_of_cases
from registration.models import Registration
from tenants.actors import VISITOR, operator, signed_in, staff, worker
from tenants.context import public_context
from tenants.models import Municipality
from tests.conftest import HIDA, KESENNUMA
from tests.factories.accounts import signed_in_client
from tests.factories.privacy import a_case, a_wish, export, look_at, make_registrants
from tests.factories.staff import make_member
from tests.factories.tenants import operator_client
from tests.isolation.logins import DESK, RUN, at_run_time, logged_in_as

MODELS = [AccessRecord, Export, ExportFile, ExportRecord, ExportSubject, Case, CaseEvent]


@dataclass
class Scene:
    """Two municipalities with the same in each, and who acts there."""

    here: Municipality
    there: Municipality
    residents: dict[str, Resident] = field(default_factory=dict)
    officers: dict[str, User] = field(default_factory=dict)
    colleague: User | None = None


@pytest.fixture
def scene(own_database: str) -> Scene:
    connection.set_schema_to_public()
    made = Scene(*(Municipality.objects.get(pk=code) for code in (KESENNUMA, HIDA)))
    for code, place in ((KESENNUMA, made.here), (HIDA, made.there)):
        (registration,) = make_registrants(place, 1)
        officer = make_member(place, "registration_officer", name=f"{place.name}の職員")
        made.residents[code], made.officers[code] = registration.resident, officer
        look_at(registration, officer)
        export(place, officer)
        a_case(registration.resident, place)
    a_case(made.residents[KESENNUMA], None)
    made.colleague = make_member(made.here, "administrator")
    connection.set_schema_to_public()
    return made


@contextmanager
def refused() -> Iterator[None]:
    with pytest.raises(ProgrammingError) as raised, transaction.atomic():
        yield
    assert isinstance(raised.value.__cause__, psycopg.errors.InsufficientPrivilege), raised.value


def text_of(response: Any) -> str:
    assert response.status_code == 200, response
    return str(response.content.decode())


def deliver_all_but_mail() -> None:
    with public_context():
        OutboxMessage.objects.filter(kind="mail").update(delivered_at=clock.now())
    with logged_in_as(RUN):
        while deliver_next():
            pass


# Every way through


def test_a_look_from_the_list_to_the_resident_s_page(scene: Scene) -> None:
    desk = signed_in_client(scene.officers[KESENNUMA], scene.here, admin=True)
    mine = signed_in_client(scene.residents[KESENNUMA].user)
    inspector = signed_in_client(scene.colleague, scene.here, admin=True)
    registration = Registration.objects.get(
        resident=scene.residents[KESENNUMA], municipality=scene.here
    )
    path = f"/admin/registrants/{registration.pk}/"
    with logged_in_as(RUN):
        assert registration.number in text_of(desk.get("/admin/registrants/"))
        purpose = {"purpose": "contact", "note": "留守番電話"}
        assert desk.post(path, purpose)["Location"] == path
        assert registration.address in text_of(desk.get(path))
        page = text_of(mine.get("/my/access/"))
        assert "留守番電話" in page
        assert "気仙沼市の職員" not in page
        page = text_of(inspector.get("/admin/registrants/records/"))
        assert "気仙沼市の職員" in page
        assert "飛騨市の職員" not in page


def test_an_export_from_the_question_to_the_deletion(scene: Scene) -> None:
    desk = signed_in_client(scene.officers[KESENNUMA], scene.here, admin=True)
    second = signed_in_client(scene.colleague, scene.here, admin=True)
    form = {
        "particulars": ["name"], "file_format": "xlsx", "purpose": "notices", "note": "便り",
        "count": 1, "key": str(uuid4()),
    }  # fmt: skip
    officer = scene.officers[KESENNUMA]
    with at_run_time(staff(officer.pk, KESENNUMA), scene.here):
        request_export(scene.here, officer, a_wish(scene.here, selection=list(range(999))))
    with logged_in_as(RUN):
        path = desk.post("/admin/registrants/export/", form)["Location"]
        assert "別の職員の承認待ち" in text_of(desk.get(path))
        assert "承認しました" in text_of(second.post(f"{path}approve/", follow=True))
    deliver_all_but_mail()
    mine = signed_in_client(scene.residents[KESENNUMA].user)
    with logged_in_as(RUN):
        assert desk.post(f"{path}file/").content.startswith(b"PK")
        assert second.post(f"{path}file/").status_code == 404
        assert "取り出されました" in text_of(mine.get("/my/access/"))
    with time_machine.travel(clock.now() + timedelta(hours=25)), logged_in_as(RUN):
        assert end_exports() == 3, "one made now, one of each municipality before"
    connection.set_schema_to_public()
    assert not ExportFile.objects.exists()


def test_a_request_from_the_form_to_the_answer(scene: Scene) -> None:
    resident = scene.residents[KESENNUMA]
    mine = signed_in_client(resident.user)
    desk = signed_in_client(scene.officers[KESENNUMA], scene.here, admin=True)
    asked = {"place": KESENNUMA, "subject": "住所", "wanted": "南町", "key": str(uuid4())}
    with logged_in_as(RUN):
        path = mine.post("/my/requests/new/correction/", asked)["Location"]
        again = mine.post("/my/requests/new/correction/", asked)
        assert again["Location"] == path
    number = path.rstrip("/").rpartition("/")[2]
    deliver_all_but_mail()
    connection.set_schema_to_public()
    office = OutboxMessage.objects.filter(kind="mail", payload__to=[desk_email(scene)])
    assert office.exists(), "the worker knew whom to tell"
    staff_path = f"/admin/cases/{number}/"
    with logged_in_as(RUN):
        desk.post(f"{staff_path}assign/", {"to": scene.officers[KESENNUMA].pk})
        desk.post(f"{staff_path}identity/", {"text": "電話で確認"})
        desk.post(f"{staff_path}extend/", {"days": 5, "text": "調べるため"})
        desk.post(f"{staff_path}decide/", {"decision": "granted", "text": ""})
        desk.post(f"{staff_path}finish/", {"text": "直しました"})
        desk.post("/admin/cases/term/", {"days": 14})
        assert "直しました" in text_of(desk.get(staff_path))
        page = text_of(mine.get(path))
    assert "直しました" in page
    assert "電話で確認" not in page


def desk_email(scene: Scene) -> str:
    return str(scene.officers[KESENNUMA].email)


def test_a_request_to_the_platform_is_the_operator_s(scene: Scene) -> None:
    client = operator_client()
    connection.set_schema_to_public()
    case = Case.objects.get(municipality=None)
    with logged_in_as(DESK):
        assert case.number in text_of(client.get("/cases/"))
        client.post(f"/cases/{case.pk}/identity/", {"text": "ログイン済み"})
        client.post(f"/cases/{case.pk}/decide/", {"decision": "granted", "text": ""})
        assert "応じます" in text_of(client.get(f"/cases/{case.pk}/"))


def test_the_clock_reminds_every_office(scene: Scene, settings: Any) -> None:
    settings.OPERATOR_EMAIL = "privacy@platform.example.go.jp"
    with time_machine.travel(clock.now() + timedelta(days=30)), logged_in_as(RUN):
        assert remind_of_cases() == 3
        assert remind_of_cases() == 0
    connection.set_schema_to_public()
    told = OutboxMessage.objects.filter(kind="mail", payload__subject__icontains="個人情報の開示")
    to = {address for row in told for address in row.payload["to"]}
    offices = {scene.officers[code].email for code in (KESENNUMA, HIDA)}
    assert offices | {settings.OPERATOR_EMAIL, scene.colleague.email} <= to


# What SQL finds


def test_a_resident_finds_their_own_alone(scene: Scene) -> None:
    mine, other = scene.residents[KESENNUMA], scene.residents[HIDA]
    with at_run_time(signed_in(mine.user_id, mine.pk)):
        for model in (AccessRecord, ExportSubject, Case):
            assert set(model.objects.values_list("resident_id", flat=True)) == {mine.pk}
        assert {row.municipality_id for row in ExportRecord.objects.all()} == {KESENNUMA}
        assert Case.objects.count() == 2
        assert CaseEvent.objects.count() == 2
        assert not Export.objects.exists()
        assert not ExportFile.objects.exists()
    with at_run_time(signed_in(other.user_id, other.pk)):
        assert Case.objects.count() == 1


def test_a_resident_reads_nothing_that_is_for_staff_alone(scene: Scene) -> None:
    mine, officer = scene.residents[KESENNUMA], scene.officers[KESENNUMA]
    case = Case.objects.get(resident=mine, municipality=scene.here)
    CaseEvent.objects.create(case=case, kind="note", at=clock.now(), note="内輪", internal=True)
    with at_run_time(signed_in(mine.user_id, mine.pk)):
        assert not CaseEvent.objects.filter(internal=True).exists()
    with at_run_time(staff(officer.pk, KESENNUMA), scene.here):
        assert CaseEvent.objects.filter(internal=True).exists()


def a_record(scene: Scene, **fields: Any) -> AccessRecord:
    values = {
        "municipality": scene.here, "resident": scene.residents[KESENNUMA], "purpose": "contact",
        "particulars": [], "at": clock.now(), "actor": scene.officers[KESENNUMA],
    }  # fmt: skip
    return AccessRecord(**values | fields)


def test_nobody_writes_a_look_in_another_s_name(scene: Scene) -> None:
    officer, mine = scene.officers[KESENNUMA], scene.residents[KESENNUMA]
    with at_run_time(staff(officer.pk, KESENNUMA), scene.here):
        a_record(scene).save()
        for fields in ({"actor": scene.colleague}, {"actor": None}, {"municipality": scene.there}):
            with refused():
                a_record(scene, **fields).save()
    with at_run_time(signed_in(mine.user_id, mine.pk)), refused():
        a_record(scene, actor=mine.user).save()


def test_a_resident_decides_nothing(scene: Scene) -> None:
    mine, other = scene.residents[KESENNUMA], scene.residents[HIDA]
    case = Case.objects.get(resident=mine, municipality=scene.here)

    def a_request(**fields: Any) -> Case:
        values = {
            "municipality": scene.here, "kind": "disclosure", "channel": "portal",
            "resident": mine, "applicant_name": "x", "subject": "x", "created_at": clock.now(),
            "received_on": clock.today(), "deadline": clock.today(),
        }  # fmt: skip
        return Case(**values | fields)

    with at_run_time(signed_in(mine.user_id, mine.pk)):
        assert Case.objects.filter(pk=case.pk).update(status="received") == 0
        a_request().save()
        for fields in (
            {"status": "done", "decision": "granted"},
            {"channel": "letter"},
            {"resident": other},
            {"resident": None},
        ):
            with refused():
                a_request(**fields).save()
        for kind in ("decided", "note"):
            with refused():
                CaseEvent(case=case, kind=kind, at=clock.now(), actor=mine.user).save()


def test_a_file_is_read_by_who_asked_and_by_no_colleague(scene: Scene) -> None:
    officer = scene.officers[KESENNUMA]
    with at_run_time(staff(officer.pk, KESENNUMA), scene.here):
        assert ExportFile.objects.count() == 1
        assert ExportFile.objects.all().delete()[0] == 0
    with at_run_time(staff(scene.colleague.pk, KESENNUMA), scene.here):
        assert Export.objects.count() == 1
        assert ExportFile.objects.count() == 0


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.__name__)
def test_the_operator_and_an_idle_worker_find_the_platform_s_requests_alone(
    scene: Scene, model: Any
) -> None:
    own = {Case: 1, CaseEvent: 1}.get(model, 0)
    with at_run_time(worker()):
        assert model.objects.count() == own
    account = operator_client().operator.pk
    connection.set_schema_to_public()
    with at_run_time(operator(account)):
        assert model.objects.count() == own
        assert not Registration.objects.exists()
    with at_run_time(worker(KESENNUMA)):
        assert all(str(row.municipality_id or "") in {"", KESENNUMA} for row in Case.objects.all())


def test_a_visitor_finds_nothing(scene: Scene) -> None:
    with at_run_time(VISITOR, scene.here):
        assert [model for model in MODELS if model.objects.exists()] == []
