"""Wagtail's choosers, without the script that each of them writes into the page.

The admin's content security policy runs no inline script, so that one which slipped into a text
does not run either. `pages/admin/begin.js` begins what such scripts began; no setting puts another
widget in place everywhere, so the one method that writes the script is replaced, once.
"""

from __future__ import annotations

import json
from typing import Any

from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString
from wagtail.admin.widgets.chooser import BaseChooser


def begin_without_inline_scripts() -> None:
    """Safe to repeat."""
    BaseChooser.render = _render


def script() -> SafeString:
    """The tag that loads what begins them, on every screen of the admin."""
    return format_html('<script src="{}"></script>', static("pages/admin/begin.js"))


def _render(
    self: BaseChooser,
    name: str,
    value: Any,
    attrs: dict[str, Any] | None = None,
    renderer: Any = None,
) -> SafeString:
    if not attrs or "id" not in attrs:
        raise TypeError("A chooser is not rendered without an id.")
    value_data = self.get_value_data(value)
    options = self.get_js_init_options(attrs["id"], name, value_data)
    return format_html(
        '{}<span data-controller="begin" data-begin-name-value="{}"'
        ' data-begin-arguments-value="{}" hidden></span>',
        self.render_html(name, value_data, attrs),
        self.js_constructor,
        json.dumps([attrs["id"], options]),
    )
