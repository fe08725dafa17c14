"""A translated activity is the same activity: same sessions, same designation."""

from __future__ import annotations

import pytest
from wagtail.models import Locale

from activities.models import ActivityPage, Session
from activities.queries import activity_index
from activities.signals import activity_published
from pages.models import HomePage
from tenants.context import municipality_context
from tests.factories.activities import make_activity

pytestmark = pytest.mark.django_db


def translate(page):
    english = Locale.objects.get(language_code="en")
    index = activity_index()
    if not HomePage.objects.filter(locale=english).exists():
        for parent in (HomePage.objects.get(locale=page.locale_id), index):
            parent.copy_for_translation(english).get_latest_revision().publish()
    copy = page.copy_for_translation(english)
    copy.title = "Beach cleaning"
    copy.save_revision().publish()
    return ActivityPage.objects.get(pk=copy.pk)


def test_translation_shows_the_sessions_of_its_source(kesennuma, client):
    page = make_activity(kesennuma)
    with municipality_context(kesennuma):
        session = page.stored_sessions().get()
        copy = translate(page)
        assert list(Session.objects.values_list("uuid", "page")) == [(session.uuid, page.pk)]
        assert copy.designations.count() == 0
        assert copy.public_path == f"/en/activities/{copy.slug}/"
    answer = client.get(copy.public_path, headers={"host": "kesennuma.localhost"})
    html = answer.content.decode()
    assert answer.status_code == 200
    assert "Beach cleaning" in html
    assert f"/en/sessions/{session.uuid}/sign-up/" in html
    assert "This activity counts" in html


def test_publishing_a_translation_tells_of_its_source(kesennuma):
    page = make_activity(kesennuma)
    heard = []

    def listen(sender, page, **kwargs):
        heard.append(page.pk)

    activity_published.connect(listen)
    try:
        with municipality_context(kesennuma):
            translate(page)
    finally:
        activity_published.disconnect(listen)
    assert set(heard) == {page.pk}
