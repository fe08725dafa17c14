"""Formatted text: a closed list of elements, whatever way it came, in and out (case 16)."""

from __future__ import annotations

import json
import re

import pytest
from django.apps import apps
from hypothesis import given
from hypothesis import strategies as st
from wagtail.blocks import RawHTMLBlock, RichTextBlock
from wagtail.embeds.blocks import EmbedBlock
from wagtail.fields import RichTextField, StreamField
from wagtail.rich_text import RichText

from pages.blocks import TextBlock
from pages.models import ArticlePage
from pages.rules.rich_text import clean_rich_text
from tenants.context import municipality_context

KEPT = [
    '<p data-block-key="a1b2c">朝市は<b>日曜日</b>です。<br>どうぞ。</p>',
    '<h2 data-block-key="x">持ち物</h2><ul><li data-block-key="y">軍手</li></ul>',
    '<p><a linktype="page" id="3">ページ</a> <a linktype="document" id="12">要項</a></p>',
    '<p><a href="https://www.example.jp/?a=1&amp;b=2">外</a></p>',
    '<p><a href="mailto:a@example.jp">@</a> <a href="tel:0226226600">電話</a></p>',
    '<p><a href="#map">地図</a> <a href="/news/">お知らせ</a></p>',
]
# What is given, and what of it may not be left.
ATTACKS = [
    "<script>window.pwned=1</script>",
    "<p onclick='pwned()'>x</p>",
    "<img src=x onerror=pwned()>",
    "<svg><script>pwned()</script></svg>",
    "<math><mi//xlink:href='data:x,<script>pwned()</script>'>",
    "<p style='background:url(//evil.example/)'>x</p>",
    "<style>@import '//evil.example'</style>",
    "<a href='javascript:pwned()'>x</a>",
    "<a href='java\tscript:pwned()'>x</a>",
    "<a href=' &#106;avascript:pwned()'>x</a>",
    "<a href='JaVaScRiPt:pwned()'>x</a>",
    "<a href='data:text/html,<script>pwned()</script>'>x</a>",
    "<a href='vbscript:pwned()'>x</a>",
    "<a href='//evil.example/'>x</a>",
    "<iframe src='//evil.example'></iframe>",
    "<embed embedtype='media' url='http://127.0.0.1/'/>",
    "<embed embedtype='image' id='1' alt='x' onload='pwned()'/>",
    "<object data='//evil.example'></object>",
    "<form action='//evil.example'><input name=x></form>",
    "<base href='//evil.example/'>",
    "<meta http-equiv=refresh content='0;url=//evil.example'>",
    "<link rel=stylesheet href='//evil.example'>",
    "<a id='x\" onmouseover=\"pwned()' linktype='page'>x</a>",
    "<a linktype='evil' id='3'>x</a>",
    "<template><script>pwned()</script></template>",
    "<noscript><p title='</noscript><img src=x onerror=pwned()>'>",
    "<p data-block-key='\"><script>pwned()</script>'>x</p>",
    "<!--><script>pwned()</script>-->",
    "<p id=csp_nonce class=x>x</p>",
]
NEVER = (
    "pwned", "evil", "script", "style", "onerror", "onclick", "iframe", "embed", "svg", "<form",
    "data:", "class=", "127.0.0.1",
)  # fmt: skip


@pytest.mark.parametrize("html", KEPT)
def test_what_the_editor_makes_stays_as_it_is(html):
    assert clean_rich_text(html) == html


@pytest.mark.parametrize("html", ATTACKS)
def test_nothing_of_an_attack_is_left(html):
    clean = clean_rich_text(f"{html}<p>終わり</p>")
    assert clean_rich_text(clean) == clean
    # Signs that are shown are no markup.
    markup = clean.replace("&lt;", "").replace("&gt;", "").lower()
    assert not [word for word in NEVER if word in markup], clean
    assert not re.search(r"\bid=\"(?![0-9]+\")", markup), clean


@given(st.text(st.sampled_from("<>/='\"& abimgscriptonerror:-!#;x"), max_size=60))
def test_whatever_is_given_only_the_list_is_left(text):
    clean = clean_rich_text(text)
    assert clean_rich_text(clean) == clean
    assert "<script" not in clean
    assert "<img" not in clean


def fields_of_ours():
    for model in apps.get_models():
        if model.__module__.split(".")[0] not in {"wagtail", "django", "wagtail_localize"}:
            yield from ((model, field) for field in model._meta.local_fields)


def blocks_below(block):
    yield block
    children = getattr(block, "child_blocks", {})
    for child in children.values():
        yield from blocks_below(child)
    if hasattr(block, "child_block"):
        yield from blocks_below(block.child_block)


def test_every_formatted_text_is_this_one():
    """No other field or block takes markup: a new one has to be cleaned, or stay plain."""
    found = 0
    for model, field in fields_of_ours():
        assert not isinstance(field, RichTextField), (model, field)
        if isinstance(field, StreamField):
            for block in blocks_below(field.stream_block):
                assert not isinstance(block, RawHTMLBlock | EmbedBlock), (model, block)
                if isinstance(block, RichTextBlock):
                    assert isinstance(block, TextBlock), (model, block)
                    found += 1
    assert found


@pytest.mark.django_db
def test_clean_when_kept_and_clean_when_shown(publish_article, visit, kesennuma):
    evil = "<p>海<script>window.pwned=1</script><a href='javascript:pwned()'>x</a></p>"
    with municipality_context(kesennuma):
        article = publish_article("朝市", "asaichi", body=[("text", RichText(evil))])
        kept = json.dumps(ArticlePage.objects.get(pk=article.pk).body.get_prep_value())
        assert "pwned" not in kept
        assert "海" in json.loads(kept)[0]["value"]
        # As if it stood there from before, or came past Wagtail.
        raw = json.dumps([{"type": "text", "value": evil, "id": "a"}])
        ArticlePage.objects.filter(pk=article.pk).update(body=raw)
        assert "pwned" in ArticlePage.objects.get(pk=article.pk).body.raw_data[0]["value"]
    shown = visit(kesennuma, "/news/asaichi/").content.decode()
    assert "海" in shown
    assert "pwned" not in shown
    assert "javascript:" not in shown
