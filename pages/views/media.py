"""Pictures of the municipality whose host is asked, and of no other."""

from __future__ import annotations

import posixpath

from django.conf import settings
from django.core.exceptions import SuspiciousOperation
from django.core.files.storage import default_storage
from django.http import (
    FileResponse,
    Http404,
    HttpRequest,
    HttpResponseBase,
    HttpResponseNotModified,
)
from django.utils.http import http_date, parse_http_date_safe
from django.views.decorators.http import require_safe

from tenants.enums import HostKind
from tenants.postgresql.connection import connection

# Only what we made ourselves out of an upload is shown to visitors. Originals keep what the
# camera wrote into them, such as the place; documents go through their own view, which knows
# their privacy.
_PUBLIC_FOLDERS = {"images"}
_STAFF_FOLDERS = {"original_images", "avatar_images"}
# Never HTML or SVG, whatever a file is called: they could carry script.
_CONTENT_TYPES = {
    ".gif": "image/gif",
    ".jpeg": "image/jpeg",
    ".jpg": "image/jpeg",
    ".png": "image/png",
    ".webp": "image/webp",
}
_ONE_DAY = 60 * 60 * 24


@require_safe
def media(request: HttpRequest, schema: str, folder: str, name: str) -> HttpResponseBase:
    """Serve one picture; 404 for another municipality's, an unknown folder or kind of file."""
    content_type = _CONTENT_TYPES.get(posixpath.splitext(name)[1].lower())
    if content_type is None or schema != connection.schema_name or not _may_see(request, folder):
        raise Http404
    path = f"{folder}/{name}"
    try:
        modified = int(default_storage.get_modified_time(path).timestamp())
        if (parse_http_date_safe(request.headers.get("If-Modified-Since", "")) or 0) >= modified:
            return HttpResponseNotModified()
        response = FileResponse(default_storage.open(path), content_type=content_type)
    except (OSError, ValueError, SuspiciousOperation):
        raise Http404 from None
    response["Last-Modified"] = http_date(modified)
    scope = "public" if folder in _PUBLIC_FOLDERS else "private"
    response["Cache-Control"] = f"{scope}, max-age={_ONE_DAY}"
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = settings.DOWNLOAD_SECURITY_POLICY
    return response


def _may_see(request: HttpRequest, folder: str) -> bool:
    if folder in _PUBLIC_FOLDERS:
        return True
    is_staff = (
        request.host_kind == HostKind.ADMIN  # type: ignore[attr-defined]
        and request.user.has_perm("wagtailadmin.access_admin")
    )
    return folder in _STAFF_FOLDERS and is_staff
