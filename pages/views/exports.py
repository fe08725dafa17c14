"""Wagtail's lists as CSV and XLSX: no cell that a spreadsheet would run.

Its reports and lists write titles and names as they are; no setting changes how.
"""

from __future__ import annotations

from typing import Any

from wagtail.admin.views.mixins import SpreadsheetExportMixin

from common.spreadsheets import safe_cell

_as_wagtail_does = SpreadsheetExportMixin.preprocess_field_value


def write_safe_cells() -> None:
    """Safe to repeat."""
    SpreadsheetExportMixin.preprocess_field_value = _preprocess


def _preprocess(self: Any, field: str, value: Any, export_format: str) -> Any:
    written = _as_wagtail_does(self, field, value, export_format)
    return safe_cell(written) if isinstance(written, str) else written
