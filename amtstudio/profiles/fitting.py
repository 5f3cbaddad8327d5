"""Which profile was made for what plays in a recording."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from amtstudio.profiles.profile import Profile

_AS = {"cymbals": "drums"}  # one player


def fitting_profile(profiles: Iterable[Profile], heard: Sequence[str]) -> Profile | None:
    """The latest profile of notes that was made from recordings of what is heard.

    ``heard`` are classes of the instrument detector. All of them have to have been heard in the
    recordings of the profile: one made with a guitar is not for a song with a singer beside it.
    None if there is no such profile, or nothing is heard.
    """
    names = _players(heard)
    fitting = [
        profile
        for profile in profiles
        if not profile.is_of_instruments and names and names <= _players(profile.instruments)
    ]
    return max(fitting, key=lambda profile: profile.created, default=None)


def _players(names: Iterable[str]) -> set[str]:
    return {_AS.get(name, name) for name in names}
