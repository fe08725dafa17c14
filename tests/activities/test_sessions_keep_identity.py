"""A session keeps its public id and its row, whatever editors do to the page."""

from __future__ import annotations

from datetime import timedelta

import pytest

from activities import registry
from activities.models import ActivityPage, Session
from activities.queries import session_by_uuid
from common import clock
from tenants.context import municipality_context
from tests.factories.activities import make_activity, session_values

pytestmark = pytest.mark.django_db


def identities(page):
    return dict(Session.objects.filter(page=page.pk).values_list("uuid", "pk"))


def test_publishing_again_keeps_every_session(kesennuma):
    page = make_activity(kesennuma, sessions=[session_values(), session_values(hours=5)])
    with municipality_context(kesennuma):
        before = identities(page)
        for title in ("二度目", "三度目"):
            draft = page.get_latest_revision_as_object()
            draft.title = title
            draft.save_revision().publish()
        assert identities(page) == before
        assert len(before) == 2


def test_session_added_in_a_draft_keeps_its_row_on_later_publishing(kesennuma):
    page = make_activity(kesennuma)
    with municipality_context(kesennuma):
        first = identities(page)
        draft = page.get_latest_revision_as_object()
        draft.sessions.add(Session(**session_values(hours=5)))
        draft.save_revision().publish()
        two = identities(page)
        assert len(two) == 2
        assert first.items() <= two.items()
        again = page.get_latest_revision_as_object()
        assert None not in {one.pk for one in again.sessions.all()}
        again.save_revision().publish()
        assert identities(page) == two


def test_draft_that_lost_its_keys_is_matched_by_the_public_id(kesennuma):
    page = make_activity(kesennuma)
    with municipality_context(kesennuma):
        before = identities(page)
        draft = page.get_latest_revision_as_object()
        for one in draft.sessions.all():
            one.pk = None
        draft.save_revision().publish()
        assert identities(page) == before


def test_copied_activity_gets_sessions_of_its_own(kesennuma):
    page = make_activity(kesennuma)
    with municipality_context(kesennuma):
        original = identities(page)
        copy = page.copy(update_attrs={"slug": "copy", "title": "写し"}, keep_live=False)
        copied = identities(copy)
        assert len(copied) == 1
        assert not copied.keys() & original.keys()
        # The draft copied along still names the original's session; publishing it must not
        # take that session over, nor change the copy's own.
        copy.get_latest_revision().publish()
        ActivityPage.objects.get(pk=copy.pk).get_latest_revision().publish()
        assert identities(copy) == copied
        assert identities(page) == original


def test_copied_activity_is_not_designated_with_its_model(kesennuma):
    page = make_activity(kesennuma, designated=True)
    with municipality_context(kesennuma):
        copy = page.copy(update_attrs={"slug": "copy", "title": "写し"}, keep_live=False)
        copy.get_latest_revision().publish()
        assert page.designations.count() == 1
        assert ActivityPage.objects.get(pk=copy.pk).lack_of_hands == ""
        assert copy.designations.count() == 0


def test_guarded_session_survives_the_publication_of_an_old_draft(kesennuma, monkeypatch):
    page = make_activity(kesennuma)
    with municipality_context(kesennuma):
        before_addition = page.get_latest_revision()
        draft = page.get_latest_revision_as_object()
        added = [Session(**session_values(hours=5)), Session(**session_values(hours=6))]
        draft.sessions.add(*added)
        draft.save_revision().publish()
        signed_up = added[0].uuid
        monkeypatch.setattr(registry, "_removal_guards", {})
        registry.session_removal_guard("test")(
            lambda uuids: {one: "taken" for one in uuids if one == signed_up}
        )
        before_addition.publish()
        assert session_by_uuid(signed_up) is not None
        assert session_by_uuid(added[1].uuid) is None


def test_session_is_known_in_its_own_municipality_alone(kesennuma, hida):
    page = make_activity(kesennuma)
    make_activity(hida, title="飛騨の朝市の手伝い")
    with municipality_context(kesennuma):
        uuid = Session.objects.get(page=page.pk).uuid
        assert session_by_uuid(uuid).page.title == page.title
    with municipality_context(hida):
        assert Session.objects.count() == 1
        assert session_by_uuid(uuid) is None


def test_session_of_an_unpublished_activity_is_not_found(kesennuma):
    draft = make_activity(kesennuma, title="準備中", publish=False)
    page = make_activity(kesennuma)
    with municipality_context(kesennuma):
        assert session_by_uuid(Session.objects.get(page=draft.pk).uuid) is None
        uuid = Session.objects.get(page=page.pk).uuid
        assert session_by_uuid(uuid) is not None
        page.unpublish()
        assert session_by_uuid(uuid) is None


def test_hours_left_empty_are_the_time_from_start_to_end(kesennuma):
    page = make_activity(kesennuma, sessions=[session_values(hours=4)])
    with municipality_context(kesennuma):
        session = Session.objects.get(page=page.pk)
        assert session.hours == 4
        assert session.ends_at - session.starts_at == timedelta(hours=4)
        assert session.starts_at > clock.now()
