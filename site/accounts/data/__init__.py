"""Data that comes with the platform, each file with its licence beside it."""

from pathlib import Path

COUNTRIES_CSV = Path(__file__).parent / "countries.csv"
