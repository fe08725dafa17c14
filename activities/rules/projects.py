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


def change_state(*, has_changes: bool, outcomes: list[str]) -> str:
    """How far a change of a public activity is: "" where there is none, else a code of
    `enums.ProjectState`. `outcomes` are those of reviews since it was published last."""
    return project_state(is_live=False, outcomes=outcomes, is_over=False) if has_changes else ""
