"""The choice of models for a recording, and its reason, in a sentence."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from amtstudio.engine import Plan


def mismatch_in_words(model: str, plan: Plan) -> str:
    """A warning about a chosen model that does not suit the instruments detected."""
    verb = "is" if len(plan.heard) == 1 else "are"
    text = f"{_listed(plan.heard)} {verb} heard, which the model {model} was not made for, so many"
    text += " notes may be wrong"
    if plan.reason == "nothing_else":
        return text
    return f"{text}; leave --model out, or use --model {plan.models[0]}"


def misfit_in_words(profile: str, instruments: Sequence[str], heard: Sequence[str]) -> str:
    """A warning about a chosen profile that was made with other instruments."""
    verb = "is" if len(heard) == 1 else "are"
    return (
        f"{_listed(heard)} {verb} heard, and the profile {profile} was made with"
        f" {_listed(instruments)}, so notes may be less accurate; leave --profile out to compare"
    )


def _listed(names: Sequence[str]) -> str:
    *others, last = (name.replace("_", " ") for name in names)
    return f"{', '.join(others)} and {last}" if others else last


def plan_in_words(plan: Plan) -> str | None:
    """None if there is nothing to report: the piano model transcribes a piano."""
    if not plan.heard or plan.reason in ("solo_piano", "not_told", "asked_for"):
        return None
    heard = _listed(plan.heard)
    if plan.reason == "nothing_else":
        return (
            f"mostly {heard}; the model {plan.models[0]} was not made for that, so many notes may"
            " be wrong"
        )
    models = " and ".join(plan.models)
    return f"{heard} heard, so transcribed with {models} (choose with --model)"


def switch_in_words(time: float | None, model: str, plan: Plan) -> str:
    """Which model listens from a time on, in seconds; None: from the beginning."""
    since = "" if time is None else f"{time:.0f} s: "
    return f"{since}{_listed(plan.heard)} heard, so {model} listens (choose with --model)"
