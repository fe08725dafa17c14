"""A new municipality has its pages, languages and permissions from its first minute."""

from __future__ import annotations

from django.contrib.auth.models import Group
from wagtail.models import Collection, GroupPagePermission, Locale, Page, Site

from pages.models import ArticleIndexPage, HomePage
from pages.operations import make_permissions
from tenants.context import municipality_context
from tenants.staff.roles import Role


def test_a_new_municipality_has_a_published_front_page_and_list_of_news(kesennuma, hida):
    for municipality in (kesennuma, hida):
        with municipality_context(municipality):
            home = HomePage.objects.get()
            assert home.live
            assert home.title == municipality.name
            assert municipality.name in home.lead
            assert ArticleIndexPage.objects.child_of(home).live().count() == 1
            assert Site.objects.get().root_page_id == home.pk
            assert set(Locale.objects.values_list("language_code", flat=True)) == {"ja", "en"}
            assert home.locale.language_code == "ja"


def test_the_cms_own_welcome_page_is_gone(kesennuma):
    with municipality_context(kesennuma):
        assert not Page.objects.filter(title__icontains="welcome").exists()
        assert Page.get_first_root_node().get_children_count() == 1


def test_the_roots_have_japanese_names(kesennuma):
    with municipality_context(kesennuma):
        assert Page.get_first_root_node().title == "サイト全体"
        assert Collection.get_first_root_node().name == "共通"


def test_nothing_of_the_template_is_left_in_a_municipalitys_pages(kesennuma, hida):
    keys = {}
    for municipality in (kesennuma, hida):
        with municipality_context(municipality):
            pages = [page.specific for page in Page.objects.filter(depth__gt=1)]
            keys[municipality.code] = {page.translation_key for page in pages}
            assert len(pages) == 3
            assert Site.objects.get().hostname == f"{municipality.slug}.localhost"
            for page in pages:
                latest = page.get_latest_revision_as_object()
                for name in ("title", "translation_key", "url_path"):
                    assert getattr(latest, name) == getattr(page, name)
                assert "{name}" not in str(page.latest_revision.content)
                assert "{name}" not in str(page.serializable_data())
            assert HomePage.objects.search(municipality.name).count() == 1
    assert not keys[kesennuma.code] & keys[hida.code]


def test_giving_the_permissions_again_changes_nothing(kesennuma):
    with municipality_context(kesennuma):
        before = GroupPagePermission.objects.count()
        make_permissions()
        assert GroupPagePermission.objects.count() == before


def test_the_default_contents_pass_the_checks_an_editor_meets(kesennuma):
    with municipality_context(kesennuma):
        home = HomePage.objects.get()
        home.full_clean()
        home.body.stream_block.clean(home.body)


def test_only_roles_that_edit_may_change_pages(kesennuma):
    with municipality_context(kesennuma):
        editing = set(
            GroupPagePermission.objects.filter(
                permission__codename="publish_page", page__depth=1
            ).values_list("group__name", flat=True)
        )
        assert editing == {Role.ADMINISTRATOR, Role.EDITOR}
        reader = Group.objects.get(name=Role.READER)
        assert [
            p.codename
            for p in reader.permissions.filter(content_type__app_label__startswith="wagtail")
        ] == ["access_admin"]
