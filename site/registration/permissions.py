"""Who of a municipality's staff sees registrants, and who opens their particulars."""

from __future__ import annotations

VIEW = "registration.view_registrants"
OPEN = "registration.open_registrant"
# To decide on premium registrations and stays, and to apply for somebody at the counter.
DECIDE = "registration.change_premiumapplication"
# To set what the municipality asks for.
SET_CONDITIONS = "registration.add_municipalconditions"
