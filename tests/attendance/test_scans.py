"""What devices and phones had kept arrives once, is classified, and nothing of it is lost."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier
from uuid import uuid4

import pytest
import time_machine
from django.db import DatabaseError, connection, transaction

from attendance.codes import rotating_token
from attendance.models import ParticipationRecord, Scan
from attendance.operations.check_in import check_in
from attendance.operations.ledger.amend import void
from attendance.operations.scans.batch import take_from_device, take_from_resident
from attendance.operations.scans.overview import (
    live_count,
    missing_numbers,
    odd_readings,
    waiting_for_review,
)
from attendance.operations.sign_ups import sign_up
from attendance.queries.coordinator import numbers_of_sessions
from common.refusal import Refused
from tenants.actors import acting, device, signed_in
from tenants.context import municipality_context
from tenants.models import Municipality
from tests.factories.accounts import ResidentFactory, signed_in_client
from tests.factories.codes import venue_token
from tests.factories.scans import (
    DURING,
    a_device,
    a_session,
    desk_client,
    entry,
    pass_of,
    send,
)
from tests.isolation.logins import at_run_time

MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)


@pytest.fixture
def session(kesennuma, hida):
    """Of the one municipality; the other has one at the same time."""
    a_session(hida)
    return a_session(kesennuma)


@pytest.fixture
def desk(kesennuma, session):
    """The phone that reads, enrolled at 9:10."""
    with time_machine.travel(DURING - 30 * MINUTE):
        return a_device(kesennuma, session)


def classes(answer) -> list[tuple[str, str]]:
    assert answer.status_code == 200, answer.content
    return [(one["classification"], one["reason"]) for one in answer.json()["answers"]]


def test_a_batch_is_answered_in_order_and_each_entry_by_itself(kesennuma, desk, session) -> None:
    came, again, forger = ResidentFactory(), ResidentFactory(), ResidentFactory()
    client = desk_client(kesennuma, desk[1])
    forged = pass_of(forger)[:-20] + "A" * 20
    scans = [
        entry(pass_of(came), DURING, 1),
        {"uuid": "no uuid", "seq": "one", "name": "佐藤花子", "code": 5},
        entry(forged, DURING, 2),
        entry(pass_of(again), DURING + MINUTE, 3),
        entry(pass_of(again), DURING + 2 * MINUTE, 4),
        "nothing",
        entry(pass_of(came), DURING - 2 * HOUR, 5),
        entry(venue_token(kesennuma.code, session.session_uuid), DURING, 6),
        entry(pass_of(came, DURING - timedelta(days=4)), DURING, 7),
    ]
    with time_machine.travel(DURING + 5 * MINUTE):
        answer = send(client, "/desk/scans/", scans, DURING + 5 * MINUTE)
    assert classes(answer) == [
        ("counted", ""),
        ("invalid", "damaged"),
        ("invalid", "code_invalid"),
        ("counted", ""),
        ("duplicate", ""),
        ("invalid", "damaged"),
        ("review", "before_enrolment"),
        ("invalid", "not_a_pass"),
        ("invalid", "pass_expired"),
    ]
    assert all(one["sentence"] for one in answer.json()["answers"])
    assert ParticipationRecord.objects.count() == 2
    assert {r.method for r in ParticipationRecord.objects.all()} == {"resident_pass"}
    assert Scan.objects.count() == len(scans)
    shape = Scan.objects.get(shape__contains="code").shape
    assert "佐藤" not in shape and '"code": 0' in shape


def test_the_same_batch_again_is_answered_as_the_first_time(kesennuma, desk) -> None:
    client = desk_client(kesennuma, desk[1])
    scans = [entry(pass_of(ResidentFactory()), DURING, n) for n in range(1, 4)] + [{"seq": 4}]
    with time_machine.travel(DURING):
        first = send(client, "/desk/scans/", scans, DURING)
    with time_machine.travel(DURING + timedelta(days=2)):  # as if it were late by now
        second = send(client, "/desk/scans/", scans, DURING + timedelta(days=2))
    assert first.json() == second.json()
    assert (Scan.objects.count(), ParticipationRecord.objects.count()) == (4, 3)


def test_two_hundred_take_no_more_statements_than_one(
    kesennuma, desk, django_assert_num_queries
) -> None:
    people = [ResidentFactory() for _n in range(21)]
    scans = [entry(pass_of(people[n % 20]), DURING, n) for n in range(1, 201)]
    with time_machine.travel(DURING), municipality_context(kesennuma), acting(device(desk[0].pk)):
        Scan.objects.exists()  # the schema is set
        for batch in ([entry(pass_of(people[20]), DURING, 201)], scans):
            with django_assert_num_queries(8):
                answers = take_from_device(desk[0], batch, DURING)
            assert len(answers) == len(batch)
        with pytest.raises(Refused, match="too_many"):
            take_from_device(desk[0], [*scans, scans[0]], DURING)
    assert ParticipationRecord.objects.count() == 21
    assert Scan.objects.filter(classification="counted").count() == 21
    assert Scan.objects.count() == 201


def test_a_clock_that_is_two_hours_slow_is_corrected_and_remarked(kesennuma, desk) -> None:
    client = desk_client(kesennuma, desk[1])
    slow = DURING - 2 * HOUR
    with time_machine.travel(DURING + 3 * HOUR, tick=False):
        answer = send(
            client,
            "/desk/scans/",
            [entry(pass_of(ResidentFactory()), slow, 1)],
            slow + 3 * HOUR,
        )
    assert classes(answer) == [("counted", "")]
    scan = Scan.objects.get()
    assert (scan.made_at, scan.device_time) == (DURING, slow)
    assert scan.clock_off and scan.sent_late


def test_what_is_impossible_goes_to_review(kesennuma, desk) -> None:
    client = desk_client(kesennuma, desk[1])
    with time_machine.travel(DURING):
        answer = send(
            client,
            "/desk/scans/",
            [entry(pass_of(ResidentFactory()), DURING + HOUR, 1)],
            DURING,
        )
    assert classes(answer) == [("review", "in_future")]
    with municipality_context(kesennuma):
        uuid = desk[0].session_uuid
        assert [s.reason for s in waiting_for_review(kesennuma, uuid)] == ["in_future"]
        assert live_count(kesennuma, uuid).to_review == 1


def test_numbers_that_have_not_arrived_are_listed(kesennuma, desk) -> None:
    client = desk_client(kesennuma, desk[1])
    scans = [entry(pass_of(ResidentFactory()), DURING, n) for n in (2, 3, 7)]
    with time_machine.travel(DURING):
        send(client, "/desk/scans/", scans, DURING)
    assert missing_numbers(kesennuma, desk[0].session_uuid) == {desk[0].pk: [(1, 1), (4, 6)]}


@pytest.mark.parametrize(
    "body", ["", "[]", "{}", '{"now": "x", "scans": []}', '{"now": 1}', "[" * 100_000]
)
def test_what_is_no_batch_is_refused_whole(kesennuma, desk, body: str) -> None:
    client = desk_client(kesennuma, desk[1])
    with time_machine.travel(DURING):
        answer = client.post("/desk/scans/", body, content_type="application/json")
    assert answer.status_code == 400
    assert not Scan.objects.exists()


def test_who_has_no_device_s_cookie_gets_nothing(kesennuma, hida, desk) -> None:
    for client in (desk_client(kesennuma, ""), desk_client(kesennuma, "x" * 32),
                   desk_client(hida, desk[1])):  # fmt: skip
        for path in ("/desk/data/", "/desk/count/", "/desk/"):
            assert client.get(path).status_code == 401
        assert send(client, "/desk/scans/", [], DURING).status_code == 401


def test_a_batch_needs_the_token_against_forgery(kesennuma, desk) -> None:
    client = desk_client(kesennuma, desk[1])
    client.handler.enforce_csrf_checks = True
    with time_machine.travel(DURING):
        assert send(client, "/desk/scans/", [], DURING).status_code == 403
        token = client.get("/desk/data/").json()["csrf"]
        client.defaults["HTTP_X_CSRFTOKEN"] = token
        assert send(client, "/desk/scans/", [], DURING).status_code == 200


def test_a_device_has_what_it_needs_offline(kesennuma, desk, session) -> None:
    expected = ResidentFactory(family_name="髙橋", given_name="𠮷子")
    with time_machine.travel(DURING - timedelta(days=1)):
        sign_up(expected, kesennuma, session.session_uuid)
    with time_machine.travel(DURING):
        data = desk_client(kesennuma, desk[1]).get("/desk/data/").json()
    assert data["session"]["title"] == session.activity_title
    (person,) = data["sign_ups"]
    assert (person["name"], person["came"]) == ("髙橋 𠮷子", False)
    assert set(person) == {"name", "status", "came", "handles"}
    assert data["count"]["signed_up"] == 1
    assert data["rotating"]["address"].endswith("/C/")
    assert {key["crv"] for key in data["pass_keys"]} == {"P-256"}


def test_a_resident_s_own_queue_arrives_by_every_code(kesennuma, hida, session) -> None:
    resident = ResidentFactory()
    other = a_session(hida)
    client = signed_in_client(resident.user)
    assert client.get("/c/scans/").json()["csrf"]
    scans = [
        entry(
            f"HTTPS://LOCALHOST/C/{venue_token(kesennuma.code, session.session_uuid)}", DURING, 1
        ),
        entry(rotating_token(hida.code, other.session_uuid, 1, DURING), DURING + MINUTE, 2),
        entry(rotating_token(hida.code, other.session_uuid, 1, DURING - 10 * MINUTE), DURING, 3),
        entry(rotating_token(hida.code, uuid4(), 1, DURING), DURING, 4),
        entry("https://example.jp/", DURING, 5),
    ]
    with time_machine.travel(DURING + 5 * HOUR):
        answer = send(client, "/c/scans/", scans, DURING + 5 * HOUR)
    assert classes(answer) == [
        ("counted", ""),
        ("counted", ""),
        ("invalid", "code_expired"),
        ("wrong_session", "session_gone"),
        ("invalid", "code_invalid"),
    ]
    methods = dict(ParticipationRecord.objects.values_list("municipality_id", "method"))
    assert methods == {kesennuma.code: "venue_code", hida.code: "rotating_code"}
    assert Scan.objects.filter(browser__isnull=False).count() == 5


def test_who_is_signed_out_keeps_the_queue(client) -> None:
    assert client.get("/c/scans/", headers={"host": "localhost"}).status_code == 401


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE attendance_scan SET classification = 'counted'",
        "DELETE FROM attendance_scan",
        "TRUNCATE attendance_scan CASCADE",
    ],
)
def test_the_database_refuses_to_change_what_was_read(kesennuma, session, statement) -> None:
    with time_machine.travel(DURING):
        check_in(ResidentFactory(), venue_token(kesennuma.code, session.session_uuid))
    with (
        pytest.raises(DatabaseError, match="append-only"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute(statement)
    assert Scan.objects.get().record == ParticipationRecord.objects.get()


def test_every_attempt_leaves_a_row(kesennuma, session) -> None:
    resident = ResidentFactory()
    token = venue_token(kesennuma.code, session.session_uuid)
    for at, wanted in ((DURING - 2 * HOUR, token), (DURING, token[:-1] + "7"), (DURING, token),
                       (DURING, token), (DURING + 6 * HOUR, token)):  # fmt: skip
        with time_machine.travel(at):
            try:
                check_in(resident, wanted)
            except Refused:
                pass
    rows = Scan.objects.order_by("pk").values_list("classification", "session_uuid")
    assert [c for c, _s in rows] == ["early", "invalid", "counted", "duplicate", "late"]
    assert [bool(s) for _c, s in rows] == [True, False, True, True, True]


def test_many_from_one_telephone_are_listed(kesennuma, session) -> None:
    token, browser = venue_token(kesennuma.code, session.session_uuid), uuid4()
    with time_machine.travel(DURING, tick=False):
        for _n in range(12):
            check_in(ResidentFactory(), token, browser=browser)
    with municipality_context(kesennuma):
        found = {o.code: len(s) for o, s in odd_readings(kesennuma, session.session_uuid)}
    assert found == {"many_from_one": 12, "many_at_once": 12}


def test_one_person_in_two_places_is_listed(kesennuma, session) -> None:
    resident, other = ResidentFactory(), a_session(kesennuma, slug="another")
    with time_machine.travel(DURING):
        check_in(resident, venue_token(kesennuma.code, session.session_uuid))
        check_in(resident, venue_token(kesennuma.code, other.session_uuid))
    with municipality_context(kesennuma):
        for one in (session, other):
            ((oddity, scans),) = odd_readings(kesennuma, one.session_uuid)
            assert (oddity.code, len(scans)) == ("two_places", 1)
        void(ParticipationRecord.objects.get(session_uuid=other.session_uuid), None, "別の方でした")
        for one in (session, other):
            assert odd_readings(kesennuma, one.session_uuid) == []


def test_a_voided_record_is_in_no_number_of_a_session(kesennuma, session) -> None:
    here, mistaken = ResidentFactory(), ResidentFactory()
    uuid = session.session_uuid
    with time_machine.travel(DURING):
        for resident in (here, mistaken):
            check_in(resident, venue_token(kesennuma.code, uuid))
    void(ParticipationRecord.objects.get(resident=mistaken), None, "別の方でした")
    with municipality_context(kesennuma):
        count = live_count(kesennuma, uuid)
    assert (count.came, count.without_sign_up) == (1, 1)
    assert numbers_of_sessions(kesennuma, [uuid]) == {uuid: (0, 1)}


def test_two_devices_read_the_same_five_times_each_at_once(own_database) -> None:
    """Ten at the same moment, on ten connections: one is counted, and each device's is kept."""
    kesennuma = Municipality.objects.get(pk="042056")
    session = a_session(kesennuma)
    with time_machine.travel(DURING - 30 * MINUTE):
        desks = [a_device(kesennuma, session, f"受付{n}") for n in (1, 2)]
    one, together = [entry(pass_of(ResidentFactory()), DURING, 1)], Barrier(10)

    def scan(number: int):
        try:
            client = desk_client(kesennuma, desks[number % 2][1])
            together.wait(timeout=60)
            return classes(send(client, "/desk/scans/", one, DURING))
        finally:
            connection.close()

    with time_machine.travel(DURING), ThreadPoolExecutor(10) as pool:
        answers = list(pool.map(scan, range(10)))
    # Whichever device was first; what it sends again is answered as the first time.
    assert answers == [answers[0], answers[1]] * 5
    assert sorted([*answers[0], *answers[1]]) == [("counted", ""), ("duplicate", "")]
    record = ParticipationRecord.objects.get()
    kept = {scan.source: scan for scan in Scan.objects.all()}
    assert set(kept) == {desk.pk for desk, _cookie in desks}
    assert Scan.objects.count() == 2
    assert sorted(scan.classification for scan in kept.values()) == ["counted", "duplicate"]
    assert Scan.objects.get(classification="counted").record == record


def test_at_run_time_a_device_writes_for_its_own_session_alone(own_database) -> None:
    """Under the login of the web, through the walls."""
    kesennuma, hida = (Municipality.objects.get(pk=code) for code in ("042056", "212172"))
    session, other = a_session(kesennuma), a_session(kesennuma, slug="another")
    with time_machine.travel(DURING - timedelta(days=1)):
        for one in (session, other):
            sign_up(ResidentFactory(), kesennuma, one.session_uuid)
    with time_machine.travel(DURING - 30 * MINUTE):
        desk, _cookie = a_device(kesennuma, session)
        a_device(kesennuma, other)
    people = [ResidentFactory() for _n in range(3)]
    unknown = ResidentFactory.build(pk=uuid4(), user=None, agrees=False)
    with time_machine.travel(DURING):
        with at_run_time(device(desk.pk), kesennuma):
            scans = [entry(pass_of(p), DURING, n) for n, p in enumerate([*people, unknown], 1)]
            answers = take_from_device(desk, scans, DURING)
            assert [a.classification for a in answers] == ["counted"] * 3 + ["review"]
            assert live_count(kesennuma, session.session_uuid).came == 3
            assert live_count(kesennuma, session.session_uuid).signed_up == 1
            assert live_count(kesennuma, other.session_uuid).signed_up == 0
            with pytest.raises(DatabaseError):
                take_from_device_of(desk, other, people[0])
        person = people[0]
        with at_run_time(signed_in(person.user_id, person.pk)):
            assert Scan.objects.count() == 1
            code = rotating_token(kesennuma.code, other.session_uuid, 1, DURING)
            (answer,) = take_from_resident(person, None, [entry(code, DURING, 1)], DURING)
            assert answer.classification == "counted"
    assert ParticipationRecord.objects.count() == 4


def take_from_device_of(desk, session, person):
    """As if the code forgot which session the device is for."""
    desk.session_uuid = session.session_uuid
    return take_from_device(desk, [entry(pass_of(person), DURING, 9)], DURING)


def test_shapes_are_json_without_anybody_in_them() -> None:
    from attendance.rules.entries import shape_of

    text = json.dumps({"name": "Hanako", "tel": "090-1234-5678", "mail": "a@b.jp"})
    masked = shape_of(text)
    assert not set("1234567890HnkbZ") & set(masked.replace("0", ""))
    assert len(masked) == len(text)
