"""`python -m benchmarks NAME [--json]`: run one benchmark, on a database beside DATABASE_URL's."""

from __future__ import annotations

import argparse
import importlib
import os
import sys

from benchmarks.database import own_database
from benchmarks.figures import Report

NAMES = (
    "page",
    "attendance",
    "certificate",
    "provisioning",
    "migration",
    "scale",
    "isolation",
    "accounts",
    "rules",
)


def main() -> int:
    parser = argparse.ArgumentParser(prog="./run bench", description=__doc__)
    parser.add_argument("name", choices=NAMES, help="what to measure")
    parser.add_argument("--json", action="store_true", help="one JSON object a line")
    parser.add_argument("--seconds", type=float, default=10.0, help="length of each load")
    parser.add_argument(
        "--tenants",
        type=lambda text: [int(number) for number in text.split(",")],
        help="numbers of municipalities, for migration and scale: 1,10,100",
    )
    parser.add_argument(
        "--registrations", type=int, default=100_000, help="how many there are, for rules"
    )
    arguments = parser.parse_args()
    os.environ["DJANGO_SETTINGS_MODULE"] = "benchmarks.settings"
    with own_database():
        import django

        django.setup()
        report = Report(arguments.name, as_json=arguments.json)
        importlib.import_module(f"benchmarks.{arguments.name}").measure(report, arguments)
    report.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
