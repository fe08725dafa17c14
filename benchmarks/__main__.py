"""`python -m benchmarks NAME [--json]`: run one benchmark on the database of DATABASE_URL."""

from __future__ import annotations

import argparse
import importlib
import os
import sys

NAMES = ("page", "attendance", "certificate")


def main() -> int:
    parser = argparse.ArgumentParser(prog="./run bench", description=__doc__)
    parser.add_argument("name", choices=NAMES, help="what to measure")
    parser.add_argument("--json", action="store_true", help="one JSON object a line")
    parser.add_argument("--seconds", type=float, default=10.0, help="length of each load")
    arguments = parser.parse_args()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "benchmarks.settings")
    import django

    django.setup()
    from benchmarks.figures import Report

    report = Report(arguments.name, as_json=arguments.json)
    importlib.import_module(f"benchmarks.{arguments.name}").measure(report, arguments.seconds)
    report.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
