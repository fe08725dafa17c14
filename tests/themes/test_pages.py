"""The frame around every page: languages, menu, banner, errors."""

from __future__ import annotations

import re
from types import SimpleNamespace

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.paginator import Paginator
from django.template import engines
from django.template.loader import render_to_string
from django.test import RequestFactory
from django.urls import set_urlconf
from django.utils import translation

KESENNUMA = SimpleNamespace(full_name="宮城県気仙沼市", code="042056", slug="kesennuma")


def render(
    base: str, path: str = "/", language: str = "ja", body: str = "", **context: object
) -> str:
    request = RequestFactory().get(path)
    user = AnonymousUser()
    template = engines["django"].engine.from_string(
        f'{{% extends "themes/{base}.html" %}}{{% load themes %}}'
        f"{{% block title %}}題{{% endblock %}}{{% block content %}}{body}{{% endblock %}}"
    )
    from django.template import Context

    set_urlconf(f"config.urls_{base}")
    try:
        with translation.override(language):
            return template.render(Context({"request": request, "user": user, **context}))
    finally:
        set_urlconf(None)


@pytest.mark.parametrize("base", ["portal", "municipality", "operator"])
def test_every_frame_has_language_skip_link_main_and_title(base: str) -> None:
    markup = render(base, municipality=KESENNUMA if base == "municipality" else None)
    assert '<html lang="ja" data-key-colour="blue">' in markup
    assert markup.index('href="#main"') < markup.index("<header")
    assert len(re.findall(r'<main id="main"', markup)) == 1
    site = "宮城県気仙沼市" if base == "municipality" else "ふるさと住民登録"
    assert f"<title>題｜{site}</title>" in markup


def test_english_page_is_marked_english_and_speaks_it() -> None:
    markup = render("portal", "/en/x/", "en")
    assert '<html lang="en"' in markup
    assert "Skip to the main content" in markup and "本文へ移動" not in markup


def test_language_switch_leads_to_the_same_page_and_keeps_the_query() -> None:
    japanese = render("portal", "/municipalities/?q=a&page=2")
    assert 'href="/en/municipalities/?q=a&amp;page=2" lang="en"' in japanese
    english = render("portal", "/en/municipalities/?q=a", "en")
    assert 'href="/municipalities/?q=a" lang="ja"' in english
    assert re.search(r'href="/en/municipalities/\?q=a"[^>]*aria-current', english)


def test_page_may_name_its_own_translations() -> None:
    links = [{"code": "ko", "name": "한국어", "url": "/ko/seogae/", "is_current": False}]
    markup = render("municipality", municipality=KESENNUMA, language_links=links)
    assert 'href="/ko/seogae/"' in markup and "English" not in markup


def test_menu_works_without_javascript_and_marks_the_page_one_is_on() -> None:
    markup = render(
        "municipality", "/activities/x/", municipality=KESENNUMA, activities_url="/activities/"
    )
    assert '<details class="menu">' in markup
    assert '<a class="nav__link" href="/activities/" aria-current="true">活動</a>' in markup
    assert '<a class="nav__link" href="/">紹介</a>' in markup


def test_municipality_menu_shows_activities_only_where_there_are_any() -> None:
    assert ">活動</a>" not in render("municipality", municipality=KESENNUMA)


def test_route_that_does_not_exist_leaves_a_gap_and_no_error() -> None:
    markup = render("portal", body='[{% nav_link "x" "nowhere:at_all" %}]')
    assert "[\n]" in markup or "[]" in markup


def test_visitor_can_register_with_this_municipality_and_a_registrant_need_not() -> None:
    address = 'href="http://localhost:8000/register/042056/"'
    assert address in render("municipality", municipality=KESENNUMA)
    assert address not in render("municipality", municipality=KESENNUMA, is_registered=True)
    english = render("municipality", "/en/", "en", municipality=KESENNUMA)
    assert 'href="http://localhost:8000/en/register/042056/"' in english


def test_demonstration_says_so_on_every_page_and_others_do_not() -> None:
    sentence = "これは試験用のデモンストレーションです。"
    assert sentence in render("portal", is_demonstration=True)
    assert sentence not in render("portal", is_demonstration=False)


@pytest.mark.parametrize("name", ["400", "403", "403_csrf", "404", "429", "500"])
def test_error_page_renders_without_context_and_without_database(name: str) -> None:
    # No `db` fixture: a query would fail the test.
    with translation.override("ja"):
        markup = render_to_string(f"{name}.html")
    assert re.search(r"<h1>[^<]+</h1>", markup)
    assert 'href="/">トップページへ</a>' in markup


def test_progress_is_said_in_words() -> None:
    with translation.override("ja"):
        markup = render_to_string("themes/progress.html", {"value": 2, "total": 3, "label": "参加"})
    assert "3回中 <strong>2</strong>回" in markup
    assert '<progress class="progress__bar" value="2" max="3"' in markup


def test_pagination_keeps_the_search_and_offers_only_pages_that_exist() -> None:
    request = RequestFactory().get("/?q=祭&page=1")
    with translation.override("ja"):
        first, last = (
            render_to_string(
                "themes/pagination.html", {"page": Paginator(range(20), 10).page(n)}, request
            )
            for n in (1, 2)
        )
    assert 'rel="next"' in first and 'rel="prev"' not in first
    assert "q=%E7%A5%AD&amp;page=2" in first
    assert 'rel="prev"' in last and 'rel="next"' not in last


def test_steps_mark_the_current_one_and_those_done() -> None:
    with translation.override("ja"):
        markup = render_to_string("themes/steps.html", {"steps": ["一", "二", "三"], "current": 2})
    assert markup.count('aria-current="step"') == 1
    assert markup.count("（済み）") == 1
    assert "3段階のうち2段階目" in markup
