"""Writing in a room: once each, by whom and where the rules allow it."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime, timedelta
from uuid import uuid4

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction

from accounts.models import Resident
from common import clock
from common.refusal import Refused
from community.models import Post
from community.operations import post, post_as_staff
from community.rules.posting import MAX_POSTS, WINDOW_MINUTES
from registration.operations import leave
from tenants.context import municipality_context
from tenants.models import Municipality
from tenants.staff.roles import Role
from tests.factories.accounts import ResidentFactory
from tests.factories.community import bodies, first_room, make_post, make_registrant, make_room
from tests.factories.registration import register_resident
from tests.factories.staff import make_member

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=clock.TOKYO)


def write(municipality, resident, body="海がきれいでした。", *, key=None, room=None, parent=None):
    room = room or first_room(municipality)
    with municipality_context(municipality):
        return post(resident.pk, room, body, key or uuid4(), parent)


def write_as_staff(
    municipality, user, body="お待ちしています。", *, key=None, room=None, parent=None
):
    room = room or first_room(municipality)
    with municipality_context(municipality):
        return post_as_staff(user, room, body, key or uuid4(), parent)


def refusal(action, *args, **kwargs) -> Refused:
    with pytest.raises(Refused) as refused:
        action(*args, **kwargs)
    return refused.value


@pytest.fixture
def resident(kesennuma, hida) -> Resident:
    """Registered with both municipalities, so that nothing but the wall keeps posts apart."""
    made = make_registrant(kesennuma)
    register_resident(made, hida)
    return made


@pytest.fixture
def moderator(kesennuma):
    return make_member(kesennuma, Role.ROOM_MODERATOR)


def test_a_post_is_kept_in_its_municipality_and_nowhere_else(kesennuma, hida, resident):
    with clock.as_of(NOW):
        made = write(kesennuma, resident, " 一行目\r\n二行目 ")
    assert (made.author_id, made.staff_user_id, made.parent_id) == (resident.pk, None, None)
    assert (made.body, made.created_at, made.is_hidden) == ("一行目\n二行目", NOW, False)
    write(hida, resident, "飛騨にて")
    assert bodies(kesennuma) == ["一行目\n二行目"]
    assert bodies(hida) == ["飛騨にて"]


def test_the_same_form_sent_twice_is_one_post(kesennuma, hida, resident):
    key = uuid4()
    first = write(kesennuma, resident, key=key)
    assert write(kesennuma, resident, "海がきれいでした。\r\n", key=key) == first
    assert len(bodies(kesennuma)) == 1
    # The key is the form's, and the other municipality's forms are others.
    assert write(hida, resident, key=key).body == "海がきれいでした。"
    assert len(bodies(hida)) == 1


def test_sent_twice_it_is_answered_alike_even_where_nothing_new_could_be_posted(
    kesennuma, resident
):
    key, room = uuid4(), first_room(kesennuma)
    first = write(kesennuma, resident, key=key)
    with municipality_context(kesennuma):
        room.is_open = False
        room.save()
    assert write(kesennuma, resident, key=key) == first
    assert refusal(write, kesennuma, resident).code == "room_open"


@pytest.mark.parametrize("change", ["body", "room", "parent"])
def test_a_used_form_makes_no_second_post(kesennuma, resident, change):
    key, other = uuid4(), make_post(kesennuma, resident, "先の投稿")
    write(kesennuma, resident, "最初の文", key=key)
    changed = {
        "body": {"body": "別の文"},
        "room": {"body": "最初の文", "room": make_room(kesennuma)},
        "parent": {"body": "最初の文", "parent": other},
    }
    assert refusal(write, kesennuma, resident, key=key, **changed[change]).code == "already_sent"
    assert bodies(kesennuma) == ["先の投稿", "最初の文"]


def test_two_people_may_by_chance_have_the_same_key(kesennuma, resident, moderator):
    key, other = uuid4(), make_registrant(kesennuma)
    made = {
        write(kesennuma, resident, key=key),
        write(kesennuma, other, key=key),
        write_as_staff(kesennuma, moderator, key=key),
    }
    assert len(made) == 3


def test_a_registrant_and_staff_answer(kesennuma, resident, moderator):
    question = write(kesennuma, resident, "初心者でも大丈夫ですか。")
    other = make_registrant(kesennuma)
    answers = [
        write(kesennuma, other, "大丈夫でした。", parent=question),
        write_as_staff(kesennuma, moderator, "道具もお貸しします。", parent=question),
    ]
    with municipality_context(kesennuma):
        assert list(question.answers.all()) == answers
        assert list(Post.objects.threads()) == [question]
    assert (answers[1].staff_user, answers[1].author_id) == (moderator, None)
    assert answers[1].is_by_staff and not answers[0].is_by_staff


@pytest.mark.parametrize("writer", ["resident", "staff"])
def test_an_answer_and_a_hidden_post_and_one_of_another_room_are_not_answered(
    kesennuma, resident, moderator, writer
):
    thread = make_post(kesennuma, resident)
    lost = [
        make_post(kesennuma, resident, "返信", parent=thread),
        make_post(kesennuma, resident, "隠された", hidden="個人情報のため"),
        make_post(kesennuma, resident, "別室", room=make_room(kesennuma)),
    ]
    before = bodies(kesennuma)
    for parent in lost:
        action = write if writer == "resident" else write_as_staff
        who = resident if writer == "resident" else moderator
        told = refusal(action, kesennuma, who, "返事", parent=parent)
        assert told.code == "post_answerable", parent.body
    assert bodies(kesennuma) == before
    write(kesennuma, resident, "返事", parent=thread)
    assert bodies(kesennuma) == [*before, "返事"]


def test_a_post_hidden_after_it_was_read_is_not_answered(kesennuma, resident):
    thread = make_post(kesennuma, resident)
    with municipality_context(kesennuma):
        Post.objects.update(hidden_at=NOW, hidden_reason="個人情報のため")
    assert not thread.is_hidden, "as it was read before"
    assert refusal(write, kesennuma, resident, parent=thread).code == "post_answerable"


def test_a_closed_room_takes_nothing_from_anybody(kesennuma, resident, moderator):
    closed = make_room(kesennuma, is_open=False)
    thread = make_post(kesennuma, resident, "昔の話", room=closed)
    for more in ({}, {"parent": thread}):
        told = refusal(write, kesennuma, resident, room=closed, **more)
        assert told.code == "room_open"
        told = refusal(write_as_staff, kesennuma, moderator, room=closed, **more)
        assert told.code == "room_open"
    assert bodies(kesennuma) == ["昔の話"]
    write(kesennuma, resident, "ひろばは開いています。")


def test_a_room_closed_after_it_was_read_takes_nothing(kesennuma, resident):
    room = make_room(kesennuma)
    with municipality_context(kesennuma):
        type(room).objects.filter(pk=room.pk).update(is_open=False)
    assert refusal(write, kesennuma, resident, room=room).code == "room_open"


def test_who_is_registered_elsewhere_or_has_left_does_not_post(kesennuma, hida, miyagi):
    elsewhere, gone = make_registrant(hida), ResidentFactory()
    leave(register_resident(gone, kesennuma))
    for resident in (elsewhere, gone, ResidentFactory()):
        assert refusal(write, kesennuma, resident).code == "registered"
    assert bodies(kesennuma) == []
    write(hida, elsewhere, "飛騨にて")
    register_resident(gone, kesennuma)
    write(kesennuma, gone, "戻りました。")
    # Registering with the city registers with the prefecture, and its room is open too (R5).
    write(miyagi, gone, "県の皆さま、はじめまして。")


@pytest.mark.parametrize(
    ("born", "refused"),
    [(date(2008, 11, 24), True), (date(2008, 11, 23), False)],
)
def test_a_minor_posts_from_the_eighteenth_birthday_on(kesennuma, born, refused):
    resident = make_registrant(kesennuma, birth_date=born)
    with clock.as_of(NOW):
        if refused:
            assert refusal(write, kesennuma, resident).code == "guardian_consent"
        else:
            write(kesennuma, resident)
    assert len(bodies(kesennuma)) == (0 if refused else 1)


def test_ten_posts_in_ten_minutes_and_the_eleventh_waits(kesennuma, hida, resident):
    other = make_registrant(kesennuma)
    tsuri = make_room(kesennuma)
    for number in range(MAX_POSTS):
        at = NOW + timedelta(seconds=number)
        with clock.as_of(at):
            # Counted over all rooms, and a hidden one counts.
            made = write(kesennuma, resident, str(number), room=tsuri if number % 2 else None)
    with municipality_context(kesennuma):
        Post.objects.filter(pk=made.pk).update(hidden_at=at, hidden_reason="荒らし")
    with clock.as_of(NOW + timedelta(seconds=MAX_POSTS)):
        told = refusal(write, kesennuma, resident)
        assert (told.code, told.data) == (
            "not_too_fast",
            {"limit": MAX_POSTS, "minutes": WINDOW_MINUTES},
        )
        write(kesennuma, other, "ほかの人は書けます。")
        write(hida, resident, "ほかの自治体でも書けます。")
    with clock.as_of(NOW + timedelta(minutes=WINDOW_MINUTES)):
        write(kesennuma, resident, "待ちました。")
    with municipality_context(kesennuma):
        assert Post.objects.filter(author_id=resident.pk).count() == MAX_POSTS + 1


def test_staff_write_as_often_as_they_need_to(kesennuma, moderator):
    with clock.as_of(NOW):
        for number in range(MAX_POSTS + 2):
            write_as_staff(kesennuma, moderator, str(number))
    assert len(bodies(kesennuma)) == MAX_POSTS + 2


def test_the_same_staff_form_sent_twice_is_one_post(kesennuma, moderator):
    key = uuid4()
    first = write_as_staff(kesennuma, moderator, key=key)
    assert write_as_staff(kesennuma, moderator, key=key) == first
    assert refusal(write_as_staff, kesennuma, moderator, "別の文", key=key).code == "already_sent"
    assert len(bodies(kesennuma)) == 1


@pytest.mark.parametrize(
    ("body", "code", "data"),
    [
        ("", "not_empty", {}),
        (" \u200b\x00 ", "not_empty", {}),
        ("海" * 2001, "not_too_long", {"length": 2001, "limit": 2000}),
    ],
)
def test_a_refusal_brings_its_figures_and_writes_nothing(
    kesennuma, resident, moderator, body, code, data
):
    for action, who in ((write, resident), (write_as_staff, moderator)):
        told = refusal(action, kesennuma, who, body)
        assert (told.code, told.data) == (code, data)
    assert bodies(kesennuma) == []
    write(kesennuma, resident, "海" * 2000 + "\r\n")
    assert len(bodies(kesennuma)[0]) == 2000


def test_an_answer_to_an_answer_is_not_valid_anywhere(kesennuma, resident):
    thread = make_post(kesennuma, resident)
    answer = make_post(kesennuma, resident, "返信", parent=thread)
    answer.clean()
    with pytest.raises(ValidationError):
        Post(parent=answer).clean()


def test_the_database_wants_exactly_one_author(kesennuma, resident, moderator):
    for both in ({"author_id": resident.pk, "staff_user": moderator}, {}):
        with municipality_context(kesennuma), pytest.raises(IntegrityError), transaction.atomic():
            Post.objects.create(
                room=first_room(kesennuma), body="だれ", created_at=NOW, client_key=uuid4(), **both
            )


def test_the_database_hides_nothing_without_a_reason(kesennuma, resident):
    made = make_post(kesennuma, resident)
    with municipality_context(kesennuma), pytest.raises(IntegrityError), transaction.atomic():
        Post.objects.filter(pk=made.pk).update(hidden_at=NOW)


# Several connections at once. The rows are really committed, in a database of the test's own.


def at_once(number: int, action) -> list:
    """`action(0)`, `action(1)` … in threads, each with a connection; results or refusals."""

    def run(which: int):
        try:
            with municipality_context(Municipality.objects.get(pk="042056")):
                return action(which)
        except Refused as refused:
            return refused.code
        finally:
            connection.close()

    with ThreadPoolExecutor(number) as pool:
        return list(pool.map(run, range(number)))


def test_the_same_form_sent_at_the_same_moment_is_one_post(own_database):
    kesennuma = Municipality.objects.get(pk="042056")
    resident, room, key = make_registrant(kesennuma), first_room(kesennuma), uuid4()
    made = at_once(6, lambda _: post(resident.pk, room, "一度だけ", key).pk)
    assert len(set(made)) == 1
    assert bodies(kesennuma) == ["一度だけ"]
    assert bodies(Municipality.objects.get(pk="212172")) == []


def test_the_same_staff_form_sent_at_the_same_moment_is_one_post(own_database):
    kesennuma = Municipality.objects.get(pk="042056")
    user, room, key = make_member(kesennuma, Role.ROOM_MODERATOR), first_room(kesennuma), uuid4()
    made = at_once(6, lambda _: post_as_staff(user, room, "一度だけ", key).pk)
    assert len(set(made)) == 1
    assert bodies(kesennuma) == ["一度だけ"]


def test_many_forms_at_the_same_moment_do_not_slip_past_the_limit(own_database):
    kesennuma = Municipality.objects.get(pk="042056")
    resident, room = make_registrant(kesennuma), first_room(kesennuma)
    made = at_once(MAX_POSTS + 4, lambda n: post(resident.pk, room, str(n), uuid4()).pk)
    assert made.count("not_too_fast") == 4
    assert len(bodies(kesennuma)) == MAX_POSTS
