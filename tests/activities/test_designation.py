"""Designation is written when an activity is published, and kept (R17, R18, A10.3)."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from accounts.models import User
from activities.enums import Answer
from activities.models import Session
from activities.queries import session_by_uuid
from common import clock
from organisations.enums import Pattern
from organisations.operations.standings import end_standing
from tenants.context import municipality_context
from tests.factories.activities import make_activity, session_values
from tests.factories.organisations import make_organisation

pytestmark = pytest.mark.django_db


def snapshot_of(page):
    return session_by_uuid(Session.objects.filter(page=page.pk).first().uuid).snapshot()


def publish(page, user=None, **changes):
    draft = page.get_latest_revision_as_object()
    for name, value in changes.items():
        setattr(draft, name, value)
    draft.save_revision(user=user).publish()


def test_both_answers_are_kept_with_who_and_when(kesennuma, hida):
    user = User.objects.create_user("coordinator@example.jp", name="小野寺 恵")
    page = make_activity(kesennuma, publish=False)
    make_activity(hida)
    with municipality_context(kesennuma):
        page.save_revision(user=user).publish()
        record = page.designations.get()
        assert (record.lack_of_hands, record.public_benefit) == (True, True)
        assert "清掃" in record.lack_of_hands_reason
        assert record.designated_by == user
        assert record.pattern == Pattern.EACH_PROJECT
        assert clock.now() - record.designated_at < timedelta(minutes=1)
        assert snapshot_of(page).designation_basis == f"pattern=1;designation={record.pk}"


def test_publishing_again_without_a_change_writes_no_second_record(kesennuma):
    page = make_activity(kesennuma)
    with municipality_context(kesennuma):
        publish(page, title="題を変えただけ")
        assert page.designations.count() == 1


@pytest.mark.parametrize(
    "answers",
    [
        {},
        {"lack_of_hands": Answer.YES},
        {"public_benefit": Answer.YES},
        {"lack_of_hands": Answer.YES, "public_benefit": Answer.NO},
    ],
)
def test_activity_without_two_yes_is_public_and_does_not_count(kesennuma, answers):
    page = make_activity(kesennuma, designated=False, **answers)
    counted = make_activity(kesennuma)
    with municipality_context(kesennuma):
        assert snapshot_of(page).is_designated is False
        assert snapshot_of(page).designation_basis == ""
        assert snapshot_of(counted).is_designated is True


def test_designation_counts_from_its_day_on(kesennuma):
    day = clock.today() + timedelta(days=10)
    page = make_activity(
        kesennuma,
        designated_from=day,
        sessions=[session_values(day - timedelta(days=1)), session_values(day)],
    )
    with municipality_context(kesennuma):
        before, after = (session.snapshot() for session in page.stored_sessions())
        assert (before.is_designated, after.is_designated) == (False, True)


def test_withdrawing_keeps_the_record_and_ends_it_yesterday(kesennuma):
    page = make_activity(kesennuma)
    with municipality_context(kesennuma):
        publish(
            page, lack_of_hands=Answer.NO, lack_of_hands_reason="人手が足りるようになりました。"
        )
        yes, no = page.designations.all()
        assert yes.valid_to == clock.today() - timedelta(days=1)
        assert (no.lack_of_hands, no.effective_from) == (False, clock.today())
        assert snapshot_of(page).is_designated is False


def test_answers_taken_back_end_the_designation_once(kesennuma):
    page = make_activity(kesennuma)
    with municipality_context(kesennuma):
        nothing = {"lack_of_hands": "", "public_benefit": ""}
        publish(page, **nothing)
        publish(page, **nothing)
        assert page.designations.get().valid_to == clock.today() - timedelta(days=1)
        assert snapshot_of(page).is_designated is False


def test_project_of_a_trusted_organisation_counts_when_published(kesennuma, hida):
    trusted = make_organisation(kesennuma, pattern=Pattern.TRUSTED)
    # Trusted by another municipality: nothing here.
    stranger = make_organisation(hida, name="飛騨の会", pattern=Pattern.TRUSTED)
    page = make_activity(kesennuma, designated=False, organisation=trusted)
    other = make_activity(kesennuma, designated=False, organisation=stranger)
    with municipality_context(kesennuma):
        assert snapshot_of(page).is_designated is True
        assert snapshot_of(page).designation_basis.startswith("pattern=2;")
        assert snapshot_of(page).organiser == trusted.name
        assert snapshot_of(other).is_designated is False
    end_standing(trusted, kesennuma, clock.today())
    with municipality_context(kesennuma):
        assert snapshot_of(page).is_designated is False


def test_snapshot_names_municipality_place_and_address(kesennuma, hida):
    page = make_activity(kesennuma, sessions=[session_values(capacity=5)], minimum_age=15)
    make_activity(hida)
    with municipality_context(kesennuma):
        snapshot = snapshot_of(page)
    assert snapshot.municipality_code == kesennuma.code
    assert snapshot.organiser == "宮城県気仙沼市"
    assert (snapshot.capacity, snapshot.minimum_age) == (5, 15)
    assert snapshot.page_path == f"/activities/{page.slug}/"
    assert snapshot.page_url.startswith("http://kesennuma.")
    assert snapshot.page_url.endswith(snapshot.page_path)


def test_reading_a_session_with_its_snapshot_takes_few_queries(
    kesennuma, django_assert_max_num_queries
):
    page = make_activity(kesennuma, sessions=[session_values(), session_values(hours=5)])
    with municipality_context(kesennuma):
        uuid = Session.objects.filter(page=page.pk).first().uuid
        session_by_uuid(uuid).snapshot()
        with django_assert_max_num_queries(2):
            session_by_uuid(uuid).snapshot()


def test_dates_before_the_scheme_do_not_surprise_the_rule(kesennuma):
    page = make_activity(kesennuma, sessions=[session_values(date(2026, 3, 31))])
    with municipality_context(kesennuma):
        assert snapshot_of(page).is_designated is False
