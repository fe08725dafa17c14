"""Fills the database of DATABASE_URL with a full venue; prints what a crowd needs to check in.

Run as a program of its own: the cluster is the test's, not the suite's.
"""

from __future__ import annotations

import json
import sys
from contextlib import redirect_stdout


def main(residents: int) -> None:
    import django

    django.setup()
    from attendance.codes import venue_token
    from benchmarks.world import make_world, signed_in_cookies

    with redirect_stdout(sys.stderr):
        world = make_world(articles=1, activities=1, residents=residents)
        cookies = signed_in_cookies(world.residents)
    token = venue_token(world.municipality.code, world.session_uuid)
    sys.stdout.write(json.dumps({"path": f"/c/{token}/", "cookies": cookies}))


if __name__ == "__main__":
    main(int(sys.argv[1]))
