"""Who of a municipality's staff sees registrants, and who opens their particulars."""

from __future__ import annotations

VIEW = "registration.view_registrants"
OPEN = "registration.open_registrant"
