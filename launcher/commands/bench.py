"""`./run bench NAME`: a benchmark, on a database of its own that is as durable as a real one."""

from __future__ import annotations

import sys

from launcher import logins, programs, system
from launcher.clusters import throwaway
from launcher.surroundings import Surroundings


def execute(surroundings: Surroundings, arguments: list[str]) -> int:
    """Exit status of the benchmark; standard output is its alone."""
    system.ensure(system.PDF)
    with throwaway(surroundings, "bench", durable=True) as own:
        environment = logins.for_owner(own.for_children(own.given["DATABASE_URL"]))
        programs.compile_catalogues(environment)
        programs.collect_static(environment)
        return programs.run([sys.executable, "-m", "benchmarks", *arguments], environment)
