"""Who is a minor, and what waits for a guardian. Pure Python."""
