"""What a visitor of a municipality's site sees, and what not."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from pages.models import ArticleIndexPage, ArticlePage
from tenants.context import municipality_context

FRONT_PAGE_QUERIES = 12


def test_each_municipality_shows_its_own_front_page(visit, kesennuma, hida):
    page = visit(kesennuma).content.decode()
    assert "気仙沼市のふるさと住民になりませんか" in page
    assert "飛騨市" not in page
    assert "飛騨市のふるさと住民になりませんか" in visit(hida).content.decode()


def test_the_call_to_register_leads_to_this_municipality_on_the_portal(visit, kesennuma, hida):
    assert 'href="http://localhost:8000/register/042056/"' in visit(kesennuma).content.decode()
    assert 'href="http://localhost:8000/register/212172/"' in visit(hida).content.decode()


def test_news_of_one_municipality_never_show_at_another(visit, publish_article, kesennuma, hida):
    with municipality_context(kesennuma):
        publish_article("かつお祭りのお知らせ", slug="katsuo")
    assert "かつお祭りのお知らせ" in visit(kesennuma).content.decode()
    assert "かつお祭りのお知らせ" in visit(kesennuma, "/news/").content.decode()
    assert visit(kesennuma, "/news/katsuo/").status_code == 200
    assert "かつお祭りのお知らせ" not in visit(hida).content.decode()
    assert visit(hida, "/news/katsuo/").status_code == 404


def test_a_draft_is_not_visible(visit, the_home, kesennuma):
    with municipality_context(kesennuma):
        index = ArticleIndexPage.objects.get()
        index.add_child(instance=ArticlePage(title="下書きの記事", slug="draft", live=False))
        home = the_home()
        home.lead = "まだ公開していない文"
        home.save_revision()
    assert "下書きの記事" not in visit(kesennuma).content.decode()
    assert visit(kesennuma, "/news/draft/").status_code == 404
    assert "まだ公開していない文" not in visit(kesennuma).content.decode()


@pytest.mark.parametrize("articles", [1, 30])
def test_the_front_page_takes_few_queries_however_many_pages_there_are(
    visit, publish_article, kesennuma, articles
):
    with municipality_context(kesennuma):
        for number in range(articles):
            publish_article(f"お知らせ{number}", slug=f"news-{number}")
    visit(kesennuma)  # content types and site roots are in the process's caches from here on
    with CaptureQueriesContext(connection) as captured:
        page = visit(kesennuma)
    queries = [one for one in captured if not one["sql"].startswith("SET search_path")]
    assert len(queries) <= FRONT_PAGE_QUERIES
    assert page.status_code == 200
    assert page.content.decode().count("<time") == min(articles, 4), len(queries)


def test_the_list_of_news_turns_pages(visit, publish_article, kesennuma):
    with municipality_context(kesennuma):
        for number in range(21):
            publish_article(f"記事その{number}", slug=f"news-{number}")
    assert visit(kesennuma, "/news/").content.decode().count("<time") == 20
    assert visit(kesennuma, "/news/?page=2").content.decode().count("<time") == 1


def test_links_are_paths_on_the_public_site_and_addresses_elsewhere(
    visit, publish_article, kesennuma, rf
):
    with municipality_context(kesennuma):
        article = publish_article("港の朝", slug="minato")
        assert article.get_url() == "http://kesennuma.localhost:8000/news/minato/"
        assert article.full_url == "http://kesennuma.localhost:8000/news/minato/"
    assert 'href="/news/minato/"' in visit(kesennuma).content.decode()


def test_a_description_and_the_own_address_stand_in_the_head(visit, kesennuma):
    page = visit(kesennuma).content.decode()
    assert '<meta name="description" content="気仙沼市のページへようこそ' in page
    assert '<link rel="canonical" href="http://kesennuma.localhost:8000/">' in page


def test_there_is_no_admin_on_the_public_site(visit, kesennuma):
    assert visit(kesennuma, "/admin/").status_code == 404


def test_a_private_front_page_asks_for_its_password(visit, the_home, kesennuma, hida):
    from wagtail.models import PageViewRestriction

    with municipality_context(kesennuma):
        PageViewRestriction.objects.create(
            page=the_home(), restriction_type=PageViewRestriction.PASSWORD, password="umi"
        )
    assert "ふるさと住民になりませんか" not in visit(kesennuma).content.decode()
    assert "ふるさと住民になりませんか" in visit(hida).content.decode()
