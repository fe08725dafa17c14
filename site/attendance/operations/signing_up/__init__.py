"""From a wish to a place: what happens to a sign-up after it was made."""
