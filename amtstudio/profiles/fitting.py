"""Which profile was made for what plays in a recording."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from amtstudio.profiles.profile import Profile
from amtstudio.symbolic.instruments import InstrumentActivity

_AS = {"cymbals": "drums"}  # one player
# How notes begin and last: what the detector may take for one another. Keyboards sound like any.
_STRUCK, _PLUCKED, _HELD = "struck", "plucked", "held"
_KINDS = {
    "piano": (_STRUCK,),
    "mallet_percussion": (_STRUCK, _PLUCKED),
    **dict.fromkeys(("banjo", "bass", "guitar", "mandolin", "ukulele"), (_PLUCKED,)),
    **dict.fromkeys(("organ", "synthesizer"), (_STRUCK, _PLUCKED, _HELD)),
    **dict.fromkeys(("accordion", "cello", "clarinet", "flute", "saxophone"), (_HELD,)),
    **dict.fromkeys(("trombone", "trumpet", "violin", "voice"), (_HELD,)),
    **dict.fromkeys(("drums", "cymbals"), ("drums",)),
}
_HEARD_SHARE = 0.25  # of the seconds with sound, in which an instrument is one of the recording's
_MOST_HEARD = 3


def heard_instruments(heard: Sequence[InstrumentActivity]) -> tuple[str, ...]:
    """Up to three instruments found in a quarter of the seconds, the most frequent first."""
    counts: dict[str, int] = {}
    n_sounding = 0
    for activity in heard:
        passed = activity.scores >= activity.thresholds
        n_sounding += int(passed.any(axis=1).sum())
        for number, name in enumerate(activity.classes):
            counts[name] = counts.get(name, 0) + int(passed[:, number].sum())
    most = sorted(counts, key=lambda name: (-counts[name], name))
    return tuple(
        name for name in most if counts[name] and counts[name] >= _HEARD_SHARE * n_sounding
    )[:_MOST_HEARD]


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


def is_misfit(profile: Profile, heard: Sequence[str]) -> bool:
    """Whether nothing that is heard sounds like what a profile of notes was made with.

    ``heard`` are classes of the instrument detector, as of ``heard_instruments``. It takes one
    instrument for another that sounds like it, so only those of different kinds count as others.
    False where that is unknown of either.
    """
    kinds, own = _kinds(heard), _kinds(profile.instruments)
    return not profile.is_of_instruments and bool(kinds and own) and kinds.isdisjoint(own)


def _kinds(names: Iterable[str]) -> set[str]:
    return {kind for name in names for kind in _KINDS.get(name, (name,))}


def _players(names: Iterable[str]) -> set[str]:
    return {_AS.get(name, name) for name in names}
