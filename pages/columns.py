"""Columns of lists in the admin."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext
from wagtail.admin.ui.tables import Column


class YesNoColumn(Column):
    """Yes or no in the reader's language. Wagtail's own says True and False to those who listen."""

    def get_value(self, instance: Any) -> str:
        return gettext("Yes") if super().get_value(instance) else gettext("No")
