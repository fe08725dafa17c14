"""What is read at a venue: the poster's code, the coordinator's, the code of the day, the pass."""

from attendance.codes.venue import ReadCode, read_token, rotating_token, venue_token, venue_url

__all__ = ["ReadCode", "read_token", "rotating_token", "venue_token", "venue_url"]
