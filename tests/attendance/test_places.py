"""Moves, places and draws, without a database."""

from __future__ import annotations

import random
import subprocess
from datetime import datetime, timedelta
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from activities.enums import SignUpMode
from attendance.enums import AgeGroup, SignUpStatus
from attendance.rules.lottery import (
    ALPHABET,
    TICKET_LENGTH,
    draw_lots,
    hash_of,
    new_seed,
    new_ticket,
    rank_of,
)
from attendance.rules.moves import (
    AGAIN,
    HOLDING,
    MOVES,
    OPEN,
    after,
    better,
    require_in_time,
    require_not_begun,
)
from attendance.rules.places import Group, allot, answer_by, fits, free_places, reminder_day
from attendance.rules.sign_up import (
    MOST_COMPANIONS,
    Companion,
    SignUpInput,
    Wish,
    age_group_of,
    first_move,
    may_sign_up,
)
from common.clock import TOKYO
from common.refusal import Refused

STATUSES = set(SignUpStatus.values)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=TOKYO)


def test_statuses_are_the_ones_of_the_table():
    reached = {target for _sources, target in MOVES.values()}
    known = {status for sources, _target in MOVES.values() for status in sources} | reached
    assert reached == STATUSES
    assert known == STATUSES | {""}
    assert (STATUSES | {""}) == OPEN | AGAIN | {"declined"}
    assert HOLDING < OPEN


ALLOWED = {
    "apply": {"", "withdrawn", "lapsed", "cancelled"},
    "take": {"", "withdrawn", "lapsed", "cancelled"},
    "wait": {"", "withdrawn", "lapsed", "cancelled"},
    "accept": {"applied", "declined"},
    "decline": {"applied", "waiting"},
    "draw": {"applied"},
    "miss": {"applied"},
    "offer": {"waiting"},
    "promote": {"waiting"},
    "answer": {"offered"},
    "lapse": {"offered"},
    "withdraw": {"applied", "signed_up", "waiting", "offered"},
    "cancel": {"applied", "signed_up", "waiting", "offered"},
}


@pytest.mark.parametrize(("move", "status"), list(product(ALLOWED, sorted(STATUSES | {""}))))
def test_every_move_from_every_status(move, status):
    assert ALLOWED.keys() == MOVES.keys()
    if status in ALLOWED[move]:
        assert after(move, status) == MOVES[move][1]
    else:
        with pytest.raises(Refused) as refused:
            after(move, status)
        assert refused.value.code == "move_not_possible"
        assert refused.value.data == {"move": move, "status": status}


@given(st.lists(st.sampled_from(sorted(MOVES)), max_size=30))
def test_whatever_is_tried_a_place_is_only_got_by_a_move_that_gives_one(tried):
    status = ""
    for move in tried:
        try:
            new = after(move, status)
        except Refused:
            continue
        if new in HOLDING and status not in HOLDING:
            assert move in {"take", "accept", "draw", "offer", "promote"}
        status = new
    assert status in STATUSES | {""}


@pytest.mark.parametrize(("one", "other"), list(product(sorted(STATUSES), repeat=2)))
def test_of_two_sign_ups_never_both_are_further(one, other):
    assert not (better(one, other) and better(other, one))
    if one in OPEN and other not in OPEN:
        assert better(one, other)


def test_the_last_moment_is_before_the_start_and_before_the_end_of_the_time_to_answer():
    start = at("2026-12-05 09:00")
    require_not_begun(start - timedelta(seconds=1), start)
    require_in_time(start - timedelta(seconds=1), start)
    require_in_time(start, None)
    with pytest.raises(Refused, match="session_begun"):
        require_not_begun(start, start)
    with pytest.raises(Refused, match="answer_late"):
        require_in_time(start, start)


@pytest.mark.parametrize(
    ("now", "hours", "until"),
    [
        ("2026-12-01 12:00", 48, "2026-12-03 12:00"),
        ("2026-12-03 12:00", 48, "2026-12-04 18:00"),
        ("2026-12-04 15:00", 48, "2026-12-04 18:00"),
        ("2026-12-04 15:01", 48, None),
        ("2026-12-04 20:00", 48, None),
        ("2026-12-05 08:00", 48, None),
        ("2026-12-04 16:30", 1, "2026-12-04 17:30"),
        ("2026-12-04 17:30", 1, None),
    ],
)
def test_time_to_answer_is_shorter_near_the_start(now, hours, until):
    found = answer_by(at(now), at("2026-12-05 09:00"), hours)
    assert found == (at(until) if until else None)


@given(st.integers(1, 60 * 24 * 20), st.integers(1, 336))
def test_an_answer_is_never_asked_for_too_late(minutes, hours):
    start = at("2026-12-25 09:00")
    now = start - timedelta(minutes=minutes)
    until = answer_by(now, start, hours)
    if until is not None:
        assert now < until <= now + timedelta(hours=hours)
        assert until <= at("2026-12-24 18:00")


@pytest.mark.parametrize(
    ("now", "day"),
    [
        ("2026-12-04 09:59", None),
        ("2026-12-04 10:00", "2026-12-05"),
        ("2026-12-04 19:59", "2026-12-05"),
        ("2026-12-04 20:00", None),
        ("2026-12-31 12:00", "2027-01-01"),
    ],
)
def test_reminders_go_out_the_day_before_when_people_are_awake(now, day):
    found = reminder_day(at(now))
    assert (found and found[0]) == (at(f"{day} 00:00") if day else None)
    if found:
        assert found[1] - found[0] == timedelta(days=1)


def groups(parties):
    return [Group(str(number), party) for number, party in enumerate(parties)]


LINES = st.lists(st.integers(1, 6), max_size=40).map(groups)


@given(LINES, st.none() | st.integers(0, 60))
def test_allotting_keeps_groups_whole_loses_nobody_and_leaves_no_place_that_fits(line, free):
    served, left = allot(free, line)
    assert sorted([*served, *left]) == sorted(line)
    assert served == [one for one in line if one in served]
    assert left == [one for one in line if one in left]
    taken = sum(one.party for one in served)
    if free is None:
        assert left == []
    else:
        assert taken <= free
        assert all(one.party > free - taken for one in left)
        # Nobody who is served took a place from somebody before them who would have fitted.
        if line and line[0].party <= free:
            assert line[0] in served


@given(st.integers(0, 20), st.integers(0, 30), st.none() | st.integers(1, 6), st.integers(1, 6))
def test_a_newcomer_gets_places_only_where_nobody_in_line_would_fit(cap, taken, smallest, party):
    free = free_places(cap, taken)
    assert free == max(cap - taken, 0)
    expected = party <= free and (smallest is None or smallest > free)
    assert fits(cap, taken, smallest, party) is expected
    assert fits(None, taken, smallest, party) is True
    assert free_places(None, taken) is None


@given(LINES, st.none() | st.integers(0, 60), st.randoms())
def test_the_same_seed_and_tickets_give_the_same_result(line, free, dice):
    seed = "ab" * 32
    shuffled = list(line)
    dice.shuffle(shuffled)
    drawn = draw_lots(seed, line, free)
    assert draw_lots(seed, shuffled, free) == drawn
    assert sorted(drawn.order) == sorted(line)
    ranks = [rank_of(seed, one.key) for one in drawn.order]
    assert ranks == sorted(ranks)
    won = [one for one in drawn.order if one.key in drawn.winners]
    assert free is None or sum(one.party for one in won) <= free
    published = drawn.as_json()
    assert [one["ticket"] for one in published] == [one.key for one in drawn.order]
    assert {one["ticket"] for one in published if one["place"]} == drawn.winners
    assert all(one.keys() == {"ticket", "party", "place"} for one in published)


def test_another_seed_gives_another_order_and_everybody_may_win():
    line = groups([1] * 10)
    winners = {key for _try in range(200) for key in draw_lots(new_seed(), line, 1).winners}
    assert winners == {one.key for one in line}


def test_the_value_is_what_openssl_says():
    seed, ticket = new_seed(), new_ticket()
    said = subprocess.run(
        ["openssl", "dgst", "-sha256", "-hmac", seed], input=ticket.encode(), capture_output=True
    )
    if said.returncode == 0:
        assert said.stdout.decode().split()[-1] == rank_of(seed, ticket)
    assert len(hash_of(seed)) == 64


def test_tickets_are_of_signs_that_are_not_taken_for_each_other():
    made = {new_ticket() for _number in range(2000)}
    assert len(made) == 2000
    assert {len(one) for one in made} == {TICKET_LENGTH}
    assert set("".join(made)) <= set(ALPHABET)
    assert not set(ALPHABET) & set("01OILS5B8UV")


START = at("2026-12-05 09:00")


def facts(**changes):
    return SignUpInput(
        **{
            "now": at("2026-12-01 09:00"), "starts_at": START, "capacity": 10, "taken": 9,
            "age": 40, "minimum_age": 18, **changes,
        }
    )  # fmt: skip


@pytest.mark.parametrize(
    ("changes", "unmet"),
    [
        ({"is_cancelled": True}, ["session_takes_place"]),
        ({"apply_until": at("2026-12-01 09:00")}, ["sign_up_open"]),
        ({"apply_until": at("2026-12-01 09:01")}, []),
        ({"party": 2}, ["place_left"]),
        ({"party": 2, "waits": True}, []),
        ({"party": 11, "capacity": 10, "waits": True}, ["few_companions", "party_fits"]),
        ({"party": 3, "capacity": 2, "taken": 0, "waits": True}, ["party_fits"]),
        ({"party": 2 + MOST_COMPANIONS, "capacity": None}, ["few_companions"]),
        ({"taken": 10, "mode": "approval"}, []),
        ({"taken": 10, "mode": "lottery"}, []),
        ({"fits": False}, ["place_left"]),
        ({"maximum_age": 39}, ["young_enough"]),
        ({"maximum_age": 40}, []),
        ({"is_minor": True}, ["guardian_contact"]),
        ({"is_minor": True, "guardian_is_reachable": True}, []),
    ],
)
def test_every_reason_is_said(changes, unmet):
    assert [one.code for one in may_sign_up(facts(**changes)).unmet] == unmet


@pytest.mark.parametrize(
    ("changes", "move"),
    [
        ({}, "take"),
        ({"taken": 10}, "wait"),
        ({"fits": False}, "wait"),
        ({"capacity": None}, "take"),
        ({"mode": "approval"}, "apply"),
        ({"mode": "lottery"}, "apply"),
    ],
)
def test_what_a_sign_up_begins_with(changes, move):
    assert {"first_come", "approval", "lottery"} == set(SignUpMode.values)
    assert first_move(facts(**changes)) == move


def test_a_wish_counts_everybody():
    assert Wish().party == 1
    assert Wish(companions=(Companion("花", "child"), Companion("翔", "adult"))).party == 3
    assert "0226" not in repr(Wish(guardian_phone="0226226600"))


@pytest.mark.parametrize(
    ("age", "group"),
    [(0, "child"), (11, "child"), (12, "youth"), (17, "youth"), (18, "teens"), (20, "20s"),
     (29, "20s"), (79, "70s"), (80, "80s"), (120, "80s")],
)  # fmt: skip
def test_age_groups(age, group):
    assert age_group_of(age) == group
    assert group in dict(AgeGroup.asked())


def test_a_shuffled_line_is_no_other_line():
    line = groups([3, 1, 2])
    random.Random(1).shuffle(line)
    assert len(draw_lots("00" * 32, line, 4).order) == 3
