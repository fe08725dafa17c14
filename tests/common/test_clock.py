from datetime import UTC, date, datetime

import time_machine

from common import clock


def test_today_is_japans_date_while_utc_is_still_on_the_day_before():
    with time_machine.travel(datetime(2026, 3, 31, 14, 59, tzinfo=UTC), tick=False):
        assert clock.today() == date(2026, 3, 31)
    with time_machine.travel(datetime(2026, 3, 31, 15, 0, tzinfo=UTC), tick=False):
        assert clock.today() == date(2026, 4, 1)
        assert clock.now() == datetime(2026, 3, 31, 15, 0, tzinfo=UTC)
        assert clock.now().tzinfo is not None
