"""Data that comes with the platform, each file with its licence beside it."""

from pathlib import Path

MUNICIPALITIES_CSV = Path(__file__).parent / "municipalities.csv"
TERMS_DIR = Path(__file__).parent / "terms"
