"""Ways to prove who one is: each takes evidence of its own kind and gives a `Proof`.

What follows (may it be kept, is the card somebody else's, what does the profile say) is the same
for all of them: `identity.operations.verify`.
"""

from __future__ import annotations

from identity.methods.counter import Counter
from identity.methods.digital_auth_app import DigitalAuthApp
from identity.methods.proof import Proof, ProofMethod

digital_auth_app = DigitalAuthApp()
counter = Counter()

__all__ = ["Proof", "ProofMethod", "counter", "digital_auth_app"]
