"""Uploads: kept per municipality, served by the application, never as code."""

from config.settings.environment import DATA_DIR

MEDIA_ROOT = DATA_DIR / "media"
MEDIA_URL = "/media/"
MULTITENANT_RELATIVE_MEDIA_ROOT = "%s"
STORAGES = {
    "default": {"BACKEND": "django_tenants.files.storage.TenantFileSystemStorage"},
    "staticfiles": {"BACKEND": "config.static_files.StaticFiles"},
}
FILE_UPLOAD_MAX_MEMORY_SIZE = 2_500_000

# SVG can carry script, so it is not among the picture formats.
WAGTAILIMAGES_EXTENSIONS = ["gif", "jpg", "jpeg", "png", "webp"]
WAGTAILIMAGES_MAX_UPLOAD_SIZE = 8 * 1024 * 1024
WAGTAILIMAGES_MAX_IMAGE_PIXELS = 40_000_000
WAGTAILDOCS_EXTENSIONS = ["pdf", "docx", "xlsx", "pptx", "csv", "txt"]
WAGTAILDOCS_SERVE_METHOD = "serve_view"
# None: every document is a download, PDF too. Inside of the site a document would be opened under
# its address, and a PDF can lead elsewhere and ask for what it is given.
WAGTAILDOCS_INLINE_CONTENT_TYPES: list[str] = []
WAGTAILIMAGES_IMAGE_FORM_BASE = "pages.forms.ImageForm"
WAGTAILDOCS_DOCUMENT_FORM_BASE = "pages.forms.DocumentForm"
DOCUMENT_MAX_UPLOAD_SIZE = 8 * 1024 * 1024
# Above what any form of ours may send; refused before it is read (pages.middleware).
MAX_BODY_SIZE = 10_000_000
