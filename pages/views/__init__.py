"""Files of the municipality."""

from pages.views.media import media

__all__ = ["media"]
