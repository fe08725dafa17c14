"""What can be asked about the look of a site."""

from __future__ import annotations

from themes.models import Theme


def current_theme() -> Theme | None:
    """The theme of the municipality whose schema is active, with its logo; one query.

    None until staff have saved one. Not `Theme.load()`: that would write a row while a
    visitor reads a page.
    """
    return Theme.objects.select_related("logo").order_by("pk").first()
