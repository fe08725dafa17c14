"""Where the list of activities is, for the menu of a municipality's site."""

from __future__ import annotations

from functools import cache
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import get_language

from activities.queries import activity_index
from tenants.enums import HostKind


def activities_url(request: HttpRequest) -> dict[str, Any]:
    """`activities_url`: path of the list on a municipality's host; one query where it is read.

    In a language the list is not translated into it is the same path under that language's
    prefix, where the front page shows the Japanese one.
    """
    if getattr(request, "host_kind", None) != HostKind.MUNICIPALITY:
        return {}
    # A template calls what it can call, so a page without the menu asks nothing; `cache` holds
    # for this request alone.
    return {"activities_url": cache(_path)}


def _path() -> str:
    index = activity_index()
    if index is None or not index.live:
        return ""
    parts = index.get_url_parts()
    path = parts[2] if parts else ""
    language = get_language() or settings.LANGUAGE_CODE
    return path if language == settings.LANGUAGE_CODE else f"/{language}{path}"
