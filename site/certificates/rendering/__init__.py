"""Certificates and posters as PDF. Pure functions: text in, bytes out; no database, no settings.

`documents` is what callers use; `qr` also serves web pages; `glyphs` says which characters our
fonts cannot print; `press` lays out HTML as PDF; `sheets/` holds the templates.
"""
