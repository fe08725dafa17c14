"""The life of premium standing (R7-R16): one verb each.

Everything here locks the resident, gathers facts, lets the rules decide, writes and tells. Staff
may not touch what is a resident's; after their right was checked, the granting itself is done in
the resident's name (`in_their_name`).
"""

from registration.operations.premium.amended import tell_of_voided
from registration.operations.premium.applying import apply, withdraw
from registration.operations.premium.choosing import choose
from registration.operations.premium.deciding import decide_for, gather
from registration.operations.premium.documents import hand_in, take_back
from registration.operations.premium.ending import lapse
from registration.operations.premium.messages import answer
from registration.operations.premium.reassessing import reassess
from registration.operations.premium.renewing import renew
from registration.operations.premium.reviewing import approve, approve_sure, ask, refuse, why_unsure
from registration.operations.premium.settling import settle
from registration.operations.premium.staying import accept_stay, refuse_stay, tell_stay

__all__ = [
    "accept_stay",
    "answer",
    "apply",
    "approve",
    "approve_sure",
    "ask",
    "choose",
    "decide_for",
    "gather",
    "hand_in",
    "lapse",
    "reassess",
    "refuse",
    "refuse_stay",
    "renew",
    "settle",
    "take_back",
    "tell_of_voided",
    "tell_stay",
    "why_unsure",
    "withdraw",
]
