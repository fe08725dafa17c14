"""`./run manage …`: Django's commands against the platform's database, as its owner."""

from __future__ import annotations

from launcher import logins, programs
from launcher.clusters import borrowed
from launcher.surroundings import Surroundings


def execute(surroundings: Surroundings, arguments: list[str]) -> int:
    """Exit status of the command. Starts the database for its length if nothing runs."""
    surroundings.make_data_dir()
    with borrowed(surroundings) as url:
        environment = logins.for_owner(surroundings.for_children(url))
        programs.compile_catalogues(environment)
        return programs.run([*programs.MANAGE, *arguments], environment)
