"""What was chosen for a recording, and why, in a sentence."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from amtstudio.engine import Plan


def plan_in_words(plan: Plan) -> str | None:
    """None where there is nothing to tell: a piano is heard by the piano model."""
    if not plan.heard or plan.reason in ("solo_piano", "not_told", "asked_for"):
        return None
    *others, last = (name.replace("_", " ") for name in plan.heard)
    heard = f"{', '.join(others)} and {last}" if others else last
    if plan.reason == "nothing_else":
        return (
            f"mostly {heard}; the model {plan.models[0]} was not made for that, so many notes may"
            " be wrong"
        )
    models = " and ".join(plan.models)
    return f"{heard} heard, so transcribed with {models} (choose with --model)"
