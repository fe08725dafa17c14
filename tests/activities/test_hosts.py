"""Hosts: a page of their own, chosen on the activity and shown there."""

from __future__ import annotations

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from wagtail.images.models import Image
from wagtail.models import Locale

from activities.models import ActivityPage, HostPage
from activities.operations.templates import activity_from_template
from activities.queries import activity_index, draft_of
from tenants.context import municipality_context
from tenants.hosts import municipality_host
from tenants.staff.roles import Role
from tests.factories.activities import make_activity
from tests.factories.staff import staff_client

pytestmark = pytest.mark.django_db


def make_host(municipality, title="種蔵の板倉さん", publish=True):
    with municipality_context(municipality):
        index = activity_index()
        host = HostPage(
            title=title, slug=f"host-{HostPage.objects.count()}", locale=index.locale,
            introduction="棚田を守っています。", live=False,
        )  # fmt: skip
        index.add_child(instance=host)
        if publish:
            host.save_revision().publish()
        return HostPage.objects.get(pk=host.pk)


def get(municipality, path):
    return Client().get(path, headers={"host": municipality_host(municipality)})


def text(response):
    assert response.status_code == 200, response.status_code
    return response.content.decode()


def test_host_and_activity_lead_to_each_other(hida, kesennuma):
    host = make_host(hida)
    page = make_activity(hida, title="石積みの修理", host=host)
    make_activity(hida, title="ほかの人の活動")
    make_host(kesennuma, "気仙沼のひと")
    html = text(get(hida, f"/activities/{page.slug}/"))
    assert host.title in html
    assert f"/activities/{host.slug}/" in html
    html = text(get(hida, f"/activities/{host.slug}/"))
    assert "石積みの修理" in html
    assert "ほかの人の活動" not in html
    assert "棚田を守っています" in html
    listed = text(get(hida, "/activities/"))
    assert f"/activities/{host.slug}/" not in listed, "the list is of activities"


def test_a_host_that_is_not_public_is_not_shown(hida):
    host = make_host(hida, publish=False)
    page = make_activity(hida, host=host)
    assert host.title not in text(get(hida, f"/activities/{page.slug}/"))
    assert get(hida, f"/activities/{host.slug}/").status_code == 404


def test_an_activity_without_a_host_asks_for_none(hida):
    page = make_activity(hida)
    get(hida, f"/activities/{page.slug}/")
    with CaptureQueriesContext(connection) as queries:
        text(get(hida, f"/activities/{page.slug}/"))
    asked = [one["sql"] for one in queries]
    for table in ("activities_hostpage", "activities_need"):
        assert not any(f'FROM "{table}"' in sql for sql in asked)


def test_a_portrait_needs_words(hida):
    with municipality_context(hida):
        host = make_host(hida)
        host.portrait = Image(title="x", width=1, height=1)
        host.portrait_id = 1
        with pytest.raises(ValidationError) as raised:
            host.clean()
        assert "portrait_alt" in raised.value.message_dict


def test_a_translated_host_is_shown_in_its_language(hida):
    host = make_host(hida)
    with municipality_context(hida):
        english, _made = Locale.objects.get_or_create(language_code="en")
        activity_index().copy_for_translation(english, copy_parents=True)
        translated = host.copy_for_translation(english)
        assert HostPage.shown_for(host.pk, english.pk).pk == host.pk, "a draft is not shown"
        translated.title = "Mr Itakura"
        translated.save_revision().publish()
        assert HostPage.shown_for(host.pk, english.pk).title == "Mr Itakura"
        assert HostPage.shown_for(host.pk, host.locale_id).title == host.title
        assert HostPage.shown_for(host.pk + 999, english.pk) is None


def test_staff_choose_the_host_in_the_editor_and_a_template_keeps_it(hida):
    host = make_host(hida)
    page = make_activity(hida, host=host)
    client = staff_client(hida, Role.COORDINATOR)
    assert host.title in text(client.get(f"/admin/pages/{page.pk}/edit/"))
    with municipality_context(hida):
        index = activity_index()
    text(client.get(f"/admin/pages/add/activities/hostpage/{index.pk}/"))
    with municipality_context(hida):
        new = activity_from_template(page, activity_index(), None, None)
        assert draft_of(new).host_id == host.pk
        HostPage.objects.get(pk=host.pk).delete()
        assert ActivityPage.objects.get(pk=page.pk).host_id is None
