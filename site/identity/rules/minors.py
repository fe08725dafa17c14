"""What a minor may do only with a guardian's consent, and who can give it (R11)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from accounts.rules.ages import comes_of_age_on, is_minor
from common.decision import Condition, Decision


@dataclass(frozen=True)
class Standing:
    """Somebody's age and consent, as they are `today`.

    `born` is the proved date of birth where there is a proof, else what the profile says.
    `consented`: a guardian's consent was given and has not been ended.
    """

    born: date
    today: date
    consented: bool = False

    @property
    def is_minor(self) -> bool:
        return is_minor(self.born, self.today)

    @property
    def of_age_on(self) -> date:
        """The first day on which no consent is needed, and none holds any more."""
        return comes_of_age_on(self.born)

    @property
    def consent_holds(self) -> bool:
        """Ends by itself on the 18th birthday: an adult's guardian has no say."""
        return self.is_minor and self.consented

    @property
    def lacks_consent(self) -> bool:
        """Whether a guardian has to agree before verification, premium, posts and sign-ups."""
        return self.is_minor and not self.consented


@dataclass(frozen=True)
class GuardianInput:
    """Who wants to consent. `born` is the guardian's *proved* date of birth, None without a
    proof of identity that holds today."""

    is_the_child: bool
    born: date | None
    today: date


def may_consent(facts: GuardianInput) -> Decision:
    """Whether this account can speak for a child, or every reason why not.

    A declared date of birth counts for nothing here: a child could declare one too.
    """
    return Decision(
        (
            Condition("guardian_is_another", not facts.is_the_child),
            Condition("guardian_verified", facts.born is not None),
            Condition(
                "guardian_of_age", facts.born is None or not is_minor(facts.born, facts.today)
            ),
        )
    )
