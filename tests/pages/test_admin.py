"""The admin as an editor meets it."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.test import Client
from wagtail.contrib.redirects.models import Redirect

from pages import registry
from pages.models import HomePage
from tenants.context import municipality_context
from tenants.staff.roles import Role


def form_of(home: HomePage, **changes: Any) -> dict[str, Any]:
    """What the edit form of a front page sends, without any block."""
    return {
        "title": home.title,
        "slug": home.slug,
        "lead": home.lead,
        "hero_image": "",
        "hero_image_alt": "",
        "body-count": "0",
        "comments-TOTAL_FORMS": "0",
        "comments-INITIAL_FORMS": "0",
        "comments-MIN_NUM_FORMS": "0",
        "comments-MAX_NUM_FORMS": "",
        **changes,
    }


def edit_url(home: HomePage, suffix: str = "") -> str:
    return f"/admin/pages/{home.pk}/edit/{suffix}"


def test_an_editor_publishes_and_visitors_see_it(staff, visit, the_home, kesennuma, hida):
    client, _user = staff(kesennuma)
    with municipality_context(kesennuma):
        home = the_home()
    answer = client.post(
        edit_url(home), form_of(home, lead="海と生きる。", **{"action-publish": "1"})
    )
    assert answer.status_code == 302
    assert "海と生きる。" in visit(kesennuma).content.decode()
    assert "海と生きる。" not in visit(hida).content.decode()


def test_a_preview_shows_the_draft_with_the_public_address_and_keeps_the_editor_signed_in(
    staff, visit, the_home, publish_article, kesennuma
):
    client, _user = staff(kesennuma)
    with municipality_context(kesennuma):
        home = the_home()
        publish_article("港の朝", slug="minato")
    stored = client.post(edit_url(home, "preview/"), form_of(home, lead="まだ下書きの文"))
    assert stored.json()["is_valid"]
    preview = client.get(edit_url(home, "preview/?in_preview_panel=true"))
    page = preview.content.decode()
    assert preview.status_code == 200
    assert "まだ下書きの文" in page
    assert 'href="http://kesennuma.localhost:8000/news/minato/"' in page
    assert "unsafe-inline" not in preview["Content-Security-Policy"]
    assert client.get("/admin/").status_code == 200
    assert "まだ下書きの文" not in visit(kesennuma).content.decode()


def test_a_large_picture_without_description_names_the_field(
    staff, the_home, picture_file, kesennuma
):
    from wagtail.images.models import Image

    client, _user = staff(kesennuma)
    with municipality_context(kesennuma):
        home = the_home()
        image = Image.objects.create(title="海", description="海", file=picture_file())
    answer = client.post(edit_url(home), form_of(home, hero_image=image.pk, lead="残る文"))
    assert answer.status_code == 200
    assert answer.context["form"].errors.keys() == {"hero_image_alt"}
    assert answer.context["form"]["lead"].value() == "残る文"


@pytest.mark.parametrize("path", ["/admin/", "/admin/pages/", "/admin/images/add/"])
def test_the_admin_loads_nothing_from_elsewhere(staff, kesennuma, path):
    client, _user = staff(kesennuma)
    answer = client.get(path, follow=True)
    page = answer.content.decode()
    loaded = re.findall(r'<(?:script|link|img|iframe)[^>]+(?:src|href)="(https?:[^"]+)"', page)
    assert [url for url in loaded if ".localhost" not in url] == []
    policy = answer["Content-Security-Policy"]
    assert "script-src-attr 'none'" in policy
    assert "unsafe-eval" not in policy


def test_the_public_site_keeps_the_strict_policy(visit, kesennuma):
    assert "unsafe-inline" not in visit(kesennuma)["Content-Security-Policy"]


def test_the_menu_has_nothing_that_leads_away(staff, kesennuma):
    client, _user = staff(kesennuma, Role.ADMINISTRATOR)
    page = client.get("/admin/").content.decode()
    assert "wagtail.org" not in page
    assert "/admin/sites/" not in page
    assert "/admin/workflows/" not in page
    assert "/admin/locales/" in page


def test_only_the_administrator_may_add_a_language(staff, kesennuma, hida):
    editor, _user = staff(kesennuma)
    assert editor.get("/admin/locales/new/").status_code == 302
    administrator, _user = staff(kesennuma, Role.ADMINISTRATOR)
    assert administrator.get("/admin/locales/new/").status_code == 200
    elsewhere = administrator.get("/admin/locales/", headers={"host": "hida.admin.localhost"})
    assert elsewhere.status_code == 302


def test_there_is_one_front_page_in_each_language(staff, kesennuma):
    client, _user = staff(kesennuma)
    answer = client.get("/admin/pages/add/pages/homepage/1/")
    assert answer.status_code in {302, 403}


def test_a_reader_changes_nothing(staff, the_home, kesennuma):
    client, _user = staff(kesennuma, Role.READER)
    with municipality_context(kesennuma):
        home = the_home()
    answer = client.post(edit_url(home), form_of(home, title="x", **{"action-publish": "1"}))
    assert answer.status_code == 302
    with municipality_context(kesennuma):
        assert the_home().title == "気仙沼市"
    assert client.get("/admin/").status_code == 200


def test_a_moved_page_is_found_at_its_old_address(visit, kesennuma, hida):
    with municipality_context(kesennuma):
        Redirect.objects.create(old_path="/kyu", redirect_link="/news/")
    assert visit(kesennuma, "/kyu/")["Location"] == "/news/"
    assert visit(hida, "/kyu/").status_code == 404
    assert Client(headers={"host": "localhost"}).get("/kyu/").status_code == 404


def test_another_app_adds_a_section_to_the_front_page(visit, kesennuma, monkeypatch):
    monkeypatch.setattr(registry, "_providers", {})

    @registry.front_page_section("test")
    def section(request: Any, page: HomePage) -> registry.FrontPageSection:
        return registry.FrontPageSection("pages/blocks/facts.html", {"heading": page.title})

    @registry.front_page_section("nothing", order=1)
    def nothing(request: Any, page: HomePage) -> None:
        return None

    answer = visit(kesennuma)
    sections = answer.context["sections"]
    assert [s.context for s in sections] == [{"heading": "気仙沼市"}]
