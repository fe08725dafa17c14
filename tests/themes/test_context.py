"""The look of one municipality is its own, and costs nothing where it is not used."""

from __future__ import annotations

from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from django.core.cache import cache
from django.core.files.images import ImageFile
from django.db import connection
from django.test import RequestFactory
from django.test.utils import CaptureQueriesContext
from PIL import Image as Picture

from tenants.context import municipality_context
from tenants.enums import HostKind
from tenants.models import Municipality
from themes.context_processors import theme
from themes.models import Theme


@pytest.fixture
def media(settings: Any, tmp_path: Path) -> Iterator[Path]:
    settings.MEDIA_ROOT = tmp_path
    yield tmp_path


def _context(kind: HostKind, municipality: Municipality | None) -> dict[str, Any]:
    request = RequestFactory().get("/")
    request.host_kind = kind  # type: ignore[attr-defined]
    request.municipality = municipality  # type: ignore[attr-defined]
    return theme(request)


def _logo() -> Any:
    from wagtail.images import get_image_model

    content = BytesIO()
    Picture.new("RGB", (40, 20), "white").save(content, "PNG")
    content.seek(0)
    image = get_image_model()(title="紋章", file=ImageFile(content, name="logo.png"))
    image.save()
    return image


def test_each_municipality_has_its_own_colour(kesennuma: Municipality, hida: Municipality) -> None:
    with municipality_context(kesennuma):
        Theme.objects.create(key_colour="cyan")
    with municipality_context(hida):
        Theme.objects.create(key_colour="green")
    for municipality, colour in ((kesennuma, "cyan"), (hida, "green")):
        with municipality_context(municipality):
            look = _context(HostKind.MUNICIPALITY, municipality)["theme"]
            assert look["key_colour"] == colour


def test_municipality_without_a_theme_is_blue_and_reading_writes_nothing(
    kesennuma: Municipality,
) -> None:
    with municipality_context(kesennuma):
        Theme.objects.all().delete()
        look = _context(HostKind.MUNICIPALITY, kesennuma)["theme"]
        assert (look["key_colour"], look["logo_url"]) == ("blue", "")
        assert not Theme.objects.exists()


def test_page_that_does_not_use_the_theme_asks_nothing(kesennuma: Municipality) -> None:
    with municipality_context(kesennuma), CaptureQueriesContext(connection) as queries:
        _context(HostKind.MUNICIPALITY, kesennuma)
    assert _reads(queries) == []


def test_theme_is_one_query_however_often_it_is_read(kesennuma: Municipality) -> None:
    with municipality_context(kesennuma):
        Theme.objects.create(key_colour="red")
        with CaptureQueriesContext(connection) as queries:
            look = _context(HostKind.MUNICIPALITY, kesennuma)["theme"]
            assert (look["key_colour"], look["logo_url"]) == ("red", "")
    assert len(_reads(queries)) == 1


def test_logo_is_at_most_one_query_more_and_bears_the_name(
    kesennuma: Municipality, media: Path
) -> None:
    with municipality_context(kesennuma):
        Theme.objects.create(key_colour="red", logo=_logo())
        first = _context(HostKind.MUNICIPALITY, kesennuma)["theme"]["logo_url"]
        # Wagtail keeps renditions in the cache; here as when it has forgotten them.
        cache.clear()
        with CaptureQueriesContext(connection) as queries:
            look = _context(HostKind.MUNICIPALITY, kesennuma)["theme"]
            assert look["logo_url"] == first != ""
            assert look["logo_alt"] == "宮城県気仙沼市"
    assert len(_reads(queries)) == 2


def test_lost_logo_file_leaves_the_page_without_logo(kesennuma: Municipality, media: Path) -> None:
    with municipality_context(kesennuma):
        logo = _logo()
        Theme.objects.create(logo=logo)
        logo.file.storage.delete(logo.file.name)
        assert _context(HostKind.MUNICIPALITY, kesennuma)["theme"]["logo_url"] == ""


def test_removed_logo_keeps_the_colour(kesennuma: Municipality, media: Path) -> None:
    with municipality_context(kesennuma):
        chosen = Theme.objects.create(key_colour="lime", logo=_logo())
        chosen.logo.delete()
        chosen.refresh_from_db()
        assert (chosen.logo, chosen.key_colour) == (None, "lime")


@pytest.mark.parametrize("kind", [HostKind.PORTAL, HostKind.OPERATOR])
def test_hosts_without_municipality_read_no_theme(db: None, kind: HostKind) -> None:
    with CaptureQueriesContext(connection) as queries:
        assert _context(kind, None)["theme"]["key_colour"] == "blue"
    assert _reads(queries) == []


def test_banner_follows_the_municipality_and_on_the_portal_any_of_them(
    kesennuma: Municipality, hida: Municipality
) -> None:
    assert not _context(HostKind.PORTAL, None)["is_demonstration"]
    Municipality.objects.filter(pk=hida.pk).update(is_demonstration=True)
    hida.refresh_from_db()
    assert _context(HostKind.MUNICIPALITY, hida)["is_demonstration"]
    assert not _context(HostKind.MUNICIPALITY, kesennuma)["is_demonstration"]
    assert _context(HostKind.PORTAL, None)["is_demonstration"]


def _reads(queries: CaptureQueriesContext) -> list[str]:
    """Without what the backend says to enter a schema."""
    return [
        query["sql"]
        for query in queries
        if not query["sql"].upper().startswith(("SET", "SELECT SET"))
    ]
