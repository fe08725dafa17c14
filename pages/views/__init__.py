"""Pages and files of the municipality."""

from pages.views.media import media
from pages.views.serve import serve

__all__ = ["media", "serve"]
