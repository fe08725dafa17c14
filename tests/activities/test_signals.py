"""Apps above learn what becomes public and what ceases to be."""

from __future__ import annotations

import pytest

from activities.models import ActivityIndexPage
from activities.queries import activity_index
from activities.signals import activity_published, activity_unpublished
from tenants.context import municipality_context
from tests.factories.activities import make_activity

pytestmark = pytest.mark.django_db


@pytest.fixture
def heard():
    """`[("published", title), …]` in the order heard."""
    calls = []

    def on_published(sender, page, **kwargs):
        calls.append(("published", page.title))

    def on_unpublished(sender, page, **kwargs):
        calls.append(("unpublished", page.title))

    activity_published.connect(on_published)
    activity_unpublished.connect(on_unpublished)
    yield calls
    activity_published.disconnect(on_published)
    activity_unpublished.disconnect(on_unpublished)


def test_publication_is_told_and_a_draft_is_not(kesennuma, heard):
    make_activity(kesennuma, title="準備中", publish=False)
    assert heard == []
    make_activity(kesennuma, title="清掃")
    assert heard == [("published", "清掃")]


def test_unpublishing_and_deleting_are_told(kesennuma, heard):
    page = make_activity(kesennuma, title="清掃")
    gone = make_activity(kesennuma, title="祭り")
    heard.clear()
    with municipality_context(kesennuma):
        page.unpublish()
        gone.delete()
    assert heard == [("unpublished", "清掃"), ("unpublished", "祭り")]


def test_deleting_the_list_tells_of_every_activity_in_it(kesennuma, heard):
    make_activity(kesennuma, title="清掃")
    heard.clear()
    with municipality_context(kesennuma):
        ActivityIndexPage.objects.get().delete()
    assert heard == [("unpublished", "清掃")]


def test_new_address_of_the_list_tells_of_the_activities_below(
    kesennuma, hida, heard, django_capture_on_commit_callbacks
):
    make_activity(kesennuma, title="清掃")
    make_activity(kesennuma, title="準備中", publish=False)
    make_activity(hida, title="朝市")
    heard.clear()
    with municipality_context(kesennuma), django_capture_on_commit_callbacks(execute=True):
        index = activity_index()
        index.slug = "katsudo"
        index.save_revision().publish()
    assert heard == [("published", "清掃")]
