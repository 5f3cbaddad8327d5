"""Which model hears what is being played: a careful one does not keep up."""

from __future__ import annotations

from amtstudio.errors import ProfileError
from amtstudio.profiles.store import read_profile

# Models that need longer than the sound takes, on one core, and what hears in their place.
_STAND_INS = {"piano_large": "piano"}


def model_while_playing(model: str, profile: str | None = None) -> tuple[str, str | None]:
    """The model and the profile that hear a take while it is played.

    They are those given if they keep up. Otherwise a faster model stands in, as it ships: a profile
    changes one model only.

    Parameters
    ----------
    model : str
        The name of one that ships, or anything else that is accepted as a model.
    profile : str, optional
        It goes with its own model; one that cannot be read is left to whoever loads it.

    Returns
    -------
    (model, profile)
    """
    if not profile:
        return _STAND_INS.get(model, model), profile
    try:
        base = read_profile(profile).base
    except ProfileError:
        return model, profile
    return (_STAND_INS[base], None) if base in _STAND_INS else (model, profile)
