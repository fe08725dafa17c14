"""Rooms for residents, and posts for staff."""
