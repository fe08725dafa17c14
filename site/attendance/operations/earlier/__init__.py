"""Participations from before the platform (R20): taking a list over, finding its people, taking
it back."""
