"""Lines for the person at the keyboard.

They go to standard error, so that `./run manage dumpdata > file` and `./run bench --json`
leave standard output to the command itself.
"""

import sys


def say(line: str) -> None:
    """One line of progress."""
    print(line, file=sys.stderr, flush=True)
