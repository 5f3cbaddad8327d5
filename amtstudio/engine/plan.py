"""Which models transcribe a recording, chosen by the instruments detected in it."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from amtstudio.decoding.players import INSTRUMENTS, Players
from amtstudio.decoding.suitability import MIN_SECONDS, MOSTLY, find_mismatch
from amtstudio.symbolic.instruments import InstrumentActivity

AUTO = "auto"  # in the place of the name of a model: let a plan choose
PIANO, MELODIC, DRUMS = "piano", "melodic", "drums"
CAREFUL_PIANO = "piano_large"  # never chosen by a plan: it takes three times as long
# The models that ship, each with the models of which a plan has to name one for it to suit. Nothing
# is known about others, such as those trained by the user.
MADE_FOR = {
    PIANO: {PIANO},
    CAREFUL_PIANO: {PIANO},
    MELODIC: {PIANO, MELODIC},
    DRUMS: {DRUMS},
}
LISTEN_S = 60.0  # of the recording are enough to find out who plays

_DRUM_CLASSES = ("drums", "cymbals")
# Drums have to be detected in this share of the seconds with sound: a click or a tapping foot that
# the detector sometimes takes for a drum is no reason to look for a beat.
_DRUMS_SHARE = 0.25


_PART_SHARE = 0.25  # of the seconds with sound, for an instrument to get its own part


class Reason(StrEnum):
    """Why a plan is what it is."""

    SOLO_PIANO = "solo_piano"
    OTHER_INSTRUMENTS = "other_instruments"
    ONLY_DRUMS = "only_drums"
    NOTHING_ELSE = "nothing_else"  # the model that would suit is not installed
    NOT_TOLD = "not_told"  # too little sound to find out who plays
    ASKED_FOR = "asked_for"


@dataclass(frozen=True, slots=True)
class Plan:
    """The models to use.

    Attributes
    ----------
    models : tuple of str
        Names, at least one; each transcribes the whole recording.
    reason : Reason
    heard : tuple of str
        The instruments that decided, the most frequent first; names of ``INSTRUMENT_CLASSES``.
    parts : tuple of str
        All instruments named, except drums, the most frequent first; if none is, those detected in
        a quarter of the seconds.
    players : Players, or None
        Confidence of each instrument, for deciding who plays which note.
    """

    models: tuple[str, ...]
    reason: Reason
    heard: tuple[str, ...] = ()
    parts: tuple[str, ...] = ()
    players: Players | None = field(default=None, compare=False)

    @classmethod
    def asked(cls, *models: str) -> Plan:
        """The user has named the models."""
        return cls(models, Reason.ASKED_FOR)


def plan_asked(instruments: Sequence[str], available: Collection[str]) -> Plan:
    """The models for instruments that the user names, of ``INSTRUMENTS``.

    A piano alone goes to ``piano``, everything else with pitches to ``melodic``, drums to
    ``drums``.

    Raises
    ------
    ValueError
        If there are none, one is unknown, or a model that they take is not installed.
    """
    unknown = [name for name in instruments if name not in INSTRUMENTS]
    if unknown or not instruments:
        wrong = ", ".join(unknown) or "none"
        raise ValueError(f"instruments must be of {', '.join(INSTRUMENTS)}, got {wrong}")
    pitched = tuple(name for name in dict.fromkeys(instruments) if name not in _DRUM_CLASSES)
    models = [] if not pitched else [PIANO] if pitched == (PIANO,) else [MELODIC]
    if len(pitched) < len(set(instruments)):
        models.append(DRUMS)
    for name in models:
        if name not in available:
            raise ValueError(f"the model {name} is not installed")
    players = Players.given(pitched) if MELODIC in models else None
    heard = tuple(dict.fromkeys(instruments))
    return Plan(tuple(models), Reason.ASKED_FOR, heard, players=players)


def suits(model: str, plan: Plan) -> bool:
    """Whether a model was made for the instruments on which a plan is based.

    ``melodic`` transcribes keyboards as well. True for models that do not ship, about which nothing
    is known, and if too little was detected.
    """
    enough = MADE_FOR.get(model)
    if enough is None or not plan.heard or plan.reason is Reason.NOT_TOLD:
        return True
    if plan.reason is Reason.NOTHING_ELSE and enough == {PIANO}:
        return False
    return bool(enough & set(plan.models))


def is_clear(plan: Plan, activity: InstrumentActivity) -> bool:
    """Whether something speaks for a plan of ``plan_for``, or only nothing against a piano.

    A recording needs a plan in any case; a take that is being played keeps the model that it has
    until another one is clearly better.
    """
    if plan.reason is not Reason.SOLO_PIANO:
        return plan.reason in (Reason.OTHER_INSTRUMENTS, Reason.ONLY_DRUMS)
    passed = activity.scores >= activity.thresholds
    n_sounding = int(passed.any(axis=1).sum())
    n_piano = int(passed[:, activity.index(PIANO)].sum())
    return n_piano >= max(MIN_SECONDS, MOSTLY * n_sounding)


def plan_for(activity: InstrumentActivity, available: Collection[str]) -> Plan:
    """The models for a recording, or for the beginning of one.

    A solo piano goes to ``piano``; anything that is mostly something else to ``melodic``; drums
    detected in a quarter of the seconds also to ``drums``. If the detector is not sure, a piano is
    assumed: that is what most people record, and what its model was made for.

    Parameters
    ----------
    activity : InstrumentActivity
    available : collection of str
        Names of the models that are installed; ``piano`` must be one.

    Raises
    ------
    ValueError
        If it is not.
    """
    if PIANO not in available:
        raise ValueError(f"need the model {PIANO!r}, got {sorted(available)}")
    passed = activity.scores >= activity.thresholds
    n_sounding = int(passed.any(axis=1).sum())
    if not n_sounding:
        return Plan((PIANO,), Reason.NOT_TOLD)
    drums = [activity.index(name) for name in _DRUM_CLASSES]
    pitched = [i for i in range(len(activity.classes)) if i not in drums]
    has_drums = passed[:, drums].any(axis=1).sum() >= _DRUMS_SHARE * n_sounding
    with_drums = (DRUMS,) if has_drums and DRUMS in available else ()
    mismatch = find_mismatch(activity)
    if mismatch is None:
        return Plan((PIANO, *with_drums), Reason.SOLO_PIANO, (PIANO,))
    heard = mismatch.instruments
    n_heard = passed.sum(axis=0)
    most_first = sorted(pitched, key=lambda i: -n_heard[i])
    named = activity.is_named
    in_part = named if named[pitched].any() else n_heard >= _PART_SHARE * n_sounding
    parts = tuple(activity.classes[i] for i in most_first if in_part[i])
    has_notes = passed[:, pitched].any(axis=1).sum() >= _DRUMS_SHARE * n_sounding
    if has_drums and not has_notes and with_drums:
        return Plan(with_drums, Reason.ONLY_DRUMS, heard)
    if MELODIC in available:
        players = Players.of(activity)
        return Plan((MELODIC, *with_drums), Reason.OTHER_INSTRUMENTS, heard, parts, players)
    return Plan((PIANO, *with_drums), Reason.NOTHING_ELSE, heard)
