"""Visitors of the public hosts, editors on the admin hosts, pages with words in them."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.models import Group
from django.core.files.images import ImageFile
from django.test import Client
from PIL import Image as Picture

from accounts.models import User
from pages.models import ArticleIndexPage, ArticlePage, HomePage
from tenants.context import municipality_context
from tenants.staff.models import Membership
from tenants.staff.roles import Role
from tests.factories.accounts import sign_in


@pytest.fixture(autouse=True)
def _media(settings: Any, tmp_path: Any) -> None:
    settings.MEDIA_ROOT = tmp_path / "media"


def host(municipality: Any) -> str:
    return f"{municipality.slug}.localhost"


def admin_host(municipality: Any) -> str:
    return f"{municipality.slug}.admin.localhost"


@pytest.fixture
def visit() -> Callable[..., Any]:
    """`visit(municipality, "/path/")` as a visitor of the public site."""

    def get(municipality: Any, path: str = "/", **kwargs: Any) -> Any:
        return Client().get(path, headers={"host": host(municipality)}, **kwargs)

    return get


@pytest.fixture
def staff() -> Callable[..., tuple[Client, User]]:
    """`staff(municipality, Role.EDITOR)` gives a signed-in client of the admin host."""

    def make(municipality: Any, role: Role = Role.EDITOR) -> tuple[Client, User]:
        user, _made = User.objects.get_or_create(
            email=f"{role}@{municipality.slug}.example.jp", defaults={"name": "編集 花子"}
        )
        with municipality_context(municipality):
            Membership.objects.get_or_create(user=user, group=Group.objects.get(name=role))
        client = Client(headers={"host": admin_host(municipality)})
        return sign_in(client, user, municipality, admin=True), user

    return make


@pytest.fixture
def picture_file() -> Callable[..., ImageFile]:
    """`picture_file(kind, name)` is a small valid picture."""

    def make(kind: str = "PNG", name: str = "umi.png") -> ImageFile:
        stream = io.BytesIO()
        Picture.new("RGB", (640, 480), "teal").save(stream, kind)
        stream.seek(0)
        return ImageFile(stream, name=name)

    return make


@pytest.fixture
def publish_article() -> Callable[..., ArticlePage]:
    """`publish_article(title, slug)` publishes news in the active municipality."""

    def make(title: str, slug: str, **fields: Any) -> ArticlePage:
        article = ArticlePage(title=title, slug=slug, **fields)
        ArticleIndexPage.objects.get(locale__language_code="ja").add_child(instance=article)
        article.save_revision().publish()
        return article

    return make


@pytest.fixture
def the_home() -> Callable[..., HomePage]:
    """`the_home(language)` is the active municipality's front page."""

    def get(language: str = "ja") -> HomePage:
        return HomePage.objects.get(locale__language_code=language)

    return get
