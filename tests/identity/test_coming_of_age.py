"""The 18th birthday: over by itself, told once, asked anew."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest

from common import clock
from identity.enums import ConsentEnd, ConsentMethod
from identity.models import ComingOfAge, GuardianConsent
from identity.operations.coming_of_age import close_consents_of_adults, confirm
from identity.operations.guardians import text_in_force
from identity.queries import children_of, coming_of_age_of, standing_of
from identity.tasks import close_consents_of_adults as task
from tenants.actors import ActorKind
from tests.factories.accounts import ResidentFactory, signed_in_client
from tests.factories.guardians import make_consent, make_minor, verify
from tests.factories.staff import make_member

pytestmark = pytest.mark.django_db
BORN = date(2009, 11, 24)
LAST_DAY = datetime(2027, 11, 23, 23, 59, 59, tzinfo=clock.TOKYO)
BIRTHDAY = LAST_DAY + timedelta(seconds=1)


@pytest.fixture
def consent() -> GuardianConsent:
    return make_consent(make_minor(birth_date=BORN))


def test_it_is_over_with_the_first_second_of_the_birthday_before_any_job_runs(consent):
    with clock.as_of(LAST_DAY):
        assert standing_of(consent.resident).consent_holds
        assert [one.consent for one in children_of(consent.guardian)] == [consent]
    with clock.as_of(BIRTHDAY):
        assert not standing_of(consent.resident).consent_holds
        assert not standing_of(consent.resident).lacks_consent
        assert children_of(consent.guardian) == []
    consent.refresh_from_db()
    assert consent.end_reason == ""


def test_both_are_told_once(consent, mailoutbox):
    with clock.as_of(LAST_DAY):
        assert close_consents_of_adults() == 0
    assert len(mailoutbox) == 0
    with clock.as_of(BIRTHDAY):
        assert close_consents_of_adults() == 1
        assert close_consents_of_adults() == 0
    told = [mail.to for mail in mailoutbox]
    assert told == [[consent.resident.user.email], [consent.guardian.user.email]]
    assert "ご確認ください" in mailoutbox[0].subject and "/my/guardian/" in mailoutbox[0].body
    assert ComingOfAge.objects.get().resident == consent.resident


def test_the_record_does_not_say_the_day_which_is_the_birthday(consent):
    with clock.as_of(BIRTHDAY):
        close_consents_of_adults()
    consent.refresh_from_db()
    assert (consent.end_reason, consent.ended_at) == (ConsentEnd.CAME_OF_AGE, None)
    assert ComingOfAge.objects.get().confirmed_at is None


def test_the_proved_date_decides(consent, mailoutbox):
    verify(consent.resident, attributes={"birth_date": "2010-11-24"})
    with clock.as_of(BIRTHDAY):
        assert close_consents_of_adults() == 0
        assert standing_of(consent.resident).consent_holds


def test_of_several_those_of_age_are_told_and_one_that_fails_holds_nobody_up(
    consent, mailoutbox, django_assert_max_num_queries
):
    young = make_consent(make_minor(birth_date=BORN + timedelta(days=1)))
    broken, other = (make_consent(make_minor(birth_date=BORN)) for _ in range(2))
    verify(broken.resident, attributes={"birth_date": "no date"})
    with clock.as_of(BIRTHDAY):
        assert close_consents_of_adults() == 2
    ended = set(GuardianConsent.objects.exclude(end_reason="").values_list("pk", flat=True))
    assert ended == {consent.pk, other.pk}
    assert young.pk not in ended


def test_of_a_paper_only_the_young_adult_is_told(kesennuma, mailoutbox):
    paper = GuardianConsent(
        resident=make_minor(birth_date=BORN),
        relation="parent",
        terms=text_in_force(),
        method=ConsentMethod.COUNTER,
        municipality=kesennuma,
        recorded_by=make_member(kesennuma, "registration_officer"),
        given_at=clock.now(),
    )
    paper.save()
    with clock.as_of(BIRTHDAY):
        assert close_consents_of_adults() == 1
    assert [mail.to for mail in mailoutbox] == [[paper.resident.user.email]]


def test_the_task_runs_as_the_worker_by_the_clock(consent, settings):
    assert task.acts_as.kind == ActorKind.WORKER
    assert task.name in {entry["task"] for entry in settings.CELERY_BEAT_SCHEDULE.values()}
    with clock.as_of(BIRTHDAY):
        task()
    consent.refresh_from_db()
    assert consent.is_over


def test_the_notice_stays_until_the_young_adult_has_answered(consent):
    with clock.as_of(BIRTHDAY):
        close_consents_of_adults()
        client = signed_in_client(consent.resident.user)
        assert "18歳になりました" in client.get("/my/").content.decode()
        page = client.get("/my/guardian/").content.decode()
        assert "自分の意思で登録を続ける" in page
        answer = client.post("/my/guardian/confirm/")
        assert answer.status_code == 302
        assert coming_of_age_of(consent.resident) is None
        assert "18歳になりました" not in client.get("/my/").content.decode()
        assert "保護者の同意は必要ありません" in client.get("/my/guardian/").content.decode()


def test_confirmed_twice_the_first_time_stays(consent):
    ComingOfAge.objects.create(resident=consent.resident)
    for hours in (0, 5):
        with clock.as_of(BIRTHDAY + timedelta(hours=hours)):
            confirm(consent.resident)
    assert ComingOfAge.objects.get().confirmed_at == BIRTHDAY


def test_who_had_no_consent_is_asked_nothing(mailoutbox):
    resident = ResidentFactory(birth_date=BORN)
    with clock.as_of(BIRTHDAY):
        assert close_consents_of_adults() == 0
        page = signed_in_client(resident.user).get("/my/").content.decode()
    assert "18歳" not in page
