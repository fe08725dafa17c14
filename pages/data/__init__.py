"""What the first pages of a municipality say until its editors write their own."""

from pathlib import Path

FIRST_PAGES = Path(__file__).with_name("first_pages.ja.toml")
