"""How far an organisation's activity is."""

from __future__ import annotations


def project_state(*, is_live: bool, outcomes: list[str], is_over: bool) -> str:
    """A code of `enums.ProjectState`. `outcomes` are those of its reviews, newest first; "" waits.

    What was designated once and is not public any more is a draft again.
    """
    if is_live:
        return "over" if is_over else "published"
    newest = outcomes[0] if outcomes else None
    if newest == "":
        return "waiting"
    return newest if newest in {"returned", "refused"} else "draft"
