"""Migrations of `pages` as a later release could have them: one more column."""
