"""Which instruments play which notes: what a model says of each note, and a detector of them all.

A model tells of each note how likely each family plays it, a detector which instruments it hears in
the recording. Neither is sure by itself: a note is judged by both, by its range and by the notes
around it, and a track has to earn its place, so that a few doubtful notes make no player.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from amtstudio.symbolic import NoteTable, Track
from amtstudio.symbolic.families import FAMILIES, FAMILY_TRACKS
from amtstudio.symbolic.instruments import InstrumentActivity

Doubles = npt.NDArray[np.float64]

# Of the classes that the detector knows: the family that a note model tells, and the keys that the
# instrument has.
_KNOWN = {
    "accordion": ("organ_synth", 41, 96),
    "banjo": ("guitar", 48, 88),
    "bass": ("bass", 23, 60),
    "cello": ("strings", 36, 81),
    "clarinet": ("winds", 50, 94),
    "flute": ("winds", 59, 98),
    "guitar": ("guitar", 38, 88),
    "mallet_percussion": ("mallets", 45, 108),
    "mandolin": ("guitar", 55, 93),
    "organ": ("organ_synth", 24, 108),
    "piano": ("keys", 21, 108),
    "saxophone": ("winds", 34, 90),
    "synthesizer": ("organ_synth", 24, 108),
    "trombone": ("brass", 33, 77),
    "trumpet": ("brass", 52, 87),
    "ukulele": ("guitar", 55, 93),
    "violin": ("strings", 55, 103),
    "voice": ("voice", 38, 88),
}
PITCHED = tuple(_KNOWN)
INSTRUMENTS = (*PITCHED, "drums")  # that a user may name
FAMILY_OF = {name: family for name, (family, _, _) in _KNOWN.items()}
METADATA_KEY = "instruments heard"
_ONLY = "only "  # before those that the user has named
_NEVER = -60.0  # nats
_UNHEARD = 0.02  # of a family: never a hard zero, but it takes more evidence
_NAMED = 0.1  # of an instrument, from which on its family is called after it
_FARTHEST = 4.5  # nats
_USUAL_SPREAD = 12.0  # semitones
_NEAR_S, _NEAR_SEMITONES = 2, 5.0  # within which notes are one another's neighbours
_NEIGHBOURS = 0.5  # what these say, against what is said of the note
_TRACK_COST, _COST_A_NOTE = 6.0, 0.15  # nats that a track has to explain better than the others
_SMALLEST, _FEWEST = 0.03, 3  # share of the notes, and notes, that a track has at least
_FEW_PENALTY = 1e9
_N_PITCHES = 128


@dataclass(frozen=True)
class Players:
    """What a detector hears of a recording.

    Attributes
    ----------
    levels : mapping of float
        The mean probability of each of its classes, in [0, 1], over the seconds with sound.

    is_given : bool
        Whether they are the user's word: nobody else plays.
    """

    levels: Mapping[str, float]
    is_given: bool = False

    def __post_init__(self) -> None:
        if not all(0.0 <= level <= 1.0 for level in self.levels.values()):
            raise ValueError(f"levels must lie in [0, 1], got {dict(self.levels)}")

    @classmethod
    def of(cls, activity: InstrumentActivity) -> Players | None:
        """None where no second has a sound that it knows."""
        sounding = (activity.scores >= activity.thresholds).any(axis=1)
        if not sounding.any():
            return None
        levels = activity.scores[sounding].mean(axis=0).tolist()
        return cls(dict(zip(activity.classes, levels, strict=True)))

    @classmethod
    def given(cls, names: Sequence[str]) -> Players:
        """Those that the user names, of ``PITCHED``. Raises ``ValueError`` for another name."""
        if not names or not set(names) <= set(PITCHED):
            raise ValueError(f"instruments must be of {', '.join(PITCHED)}, got {', '.join(names)}")
        return cls(dict.fromkeys(names, 1.0), is_given=True)

    def log_prior(self, pitches: Doubles) -> Doubles:
        """Of each family for notes of these pitches, shape (n_notes, n_families)."""
        unheard = _NEVER if self.is_given else np.log(_UNHEARD / _USUAL_SPREAD)
        prior = np.full((len(pitches), len(FAMILIES)), unheard)
        for name, (family, lowest, highest) in _KNOWN.items():
            if self.is_given and name not in self.levels:
                continue
            level = max(self.levels.get(name, 0.0), 1e-9)
            spread = (highest - lowest) / 4.0
            away = 0.5 * ((pitches - (lowest + highest) / 2.0) / spread) ** 2
            told = np.log(level / spread) - np.minimum(away, _FARTHEST)
            column = FAMILIES.index(family)
            prior[:, column] = np.maximum(prior[:, column], told)
        return prior

    def to_metadata(self) -> dict[str, str]:
        """As a tag of a transcription, such as ``violin 0.62, cello 0.31``, the surest first."""
        told = sorted(self.levels.items(), key=lambda item: -item[1])
        if self.is_given:
            return {METADATA_KEY: _ONLY + ", ".join(name for name, _ in told)}
        return {METADATA_KEY: ", ".join(f"{name} {level:.2f}" for name, level in told)}

    @classmethod
    def from_metadata(cls, metadata: Mapping[str, str]) -> Players | None:
        """None where the tag is missing, or is none of ours."""
        try:
            text = metadata[METADATA_KEY]
            if text.startswith(_ONLY):
                return cls.given(text.removeprefix(_ONLY).split(", "))
            pairs = [part.rsplit(" ", 1) for part in text.split(", ")]
            return cls({name: float(level) for name, level in pairs})
        except (KeyError, ValueError):
            return None

    def track(self, family: str) -> Track:
        """What the notes of a family are put on: its most heard instrument, if any is heard."""
        names = [name for name, of in FAMILY_OF.items() if of == family]
        level, name = max((self.levels.get(name, 0.0), name) for name in names)
        return Track.named(name) if level >= _NAMED else FAMILY_TRACKS[family]


def with_players(notes: NoteTable, players: Players) -> NoteTable:
    """The notes on the tracks of who plays them; drums stay where they are.

    Parameters
    ----------
    notes : NoteTable
        With ``shares``; without, each is judged by its pitch and by what the detector hears.
    players : Players
    """
    is_drums = np.array([track.is_drums for track in notes.tracks])[notes.track]
    pitched = np.flatnonzero(~is_drums)
    if not len(pitched):
        return notes
    onset, pitch = notes.onset[pitched], notes.pitch[pitched]
    scores = players.log_prior(pitch.astype(np.float64))
    if notes.shares is not None:
        scores = scores + _evidence(notes.shares[pitched])
    families = _players_of(_with_neighbours(scores, onset, pitch))
    tracks_of = [players.track(family) for family in FAMILIES]
    tracks = [*tracks_of, *notes.tracks]
    places = notes.track + len(FAMILIES)
    places[pitched] = families
    used = [tracks[place] for place in np.unique(places).tolist()]
    wanted = tuple(sorted(set(used)))
    to_wanted = np.array([wanted.index(t) if t in wanted else 0 for t in tracks], np.int64)
    return replace(notes, tracks=wanted, track=to_wanted[places])


def _evidence(shares: Doubles) -> Doubles:
    """What a model says, in nats: much where it is sure, little where all is about as likely."""
    likely = np.clip(shares, 1e-4, 1.0)
    likely /= likely.sum(axis=1, keepdims=True)
    told = np.log(likely)
    sure = 1.0 + (likely * told).sum(axis=1, keepdims=True) / np.log(likely.shape[1])
    evidence: Doubles = sure * told
    return evidence


def _with_neighbours(scores: Doubles, onset: Doubles, pitch: npt.NDArray[np.int64]) -> Doubles:
    """The logarithms of the odds, with half of the mean of those of notes near by."""
    top = scores.max(axis=1, keepdims=True)
    odds = scores - top - np.log(np.exp(scores - top).sum(axis=1, keepdims=True))
    second = onset.astype(np.int64)
    second -= second.min()
    n_seconds = int(second.max()) + 1
    sums = np.zeros((n_seconds, _N_PITCHES, odds.shape[1] + 1), np.float32)
    np.add.at(sums, (second, pitch), np.column_stack([odds, np.ones(len(odds))]))
    padded = np.pad(sums, ((_NEAR_S, _NEAR_S), (0, 0), (0, 0)))
    near = sum(padded[shift : shift + n_seconds] for shift in range(2 * _NEAR_S + 1))
    pitches = np.arange(_N_PITCHES)
    distance = (pitches[:, None] - pitches) / _NEAR_SEMITONES
    kernel = np.exp(-0.5 * distance**2).astype(np.float32)
    around = np.einsum("pq,tqf->tpf", kernel, near, optimize=True)[second, pitch]
    others, weight = around[:, :-1] - odds, around[:, -1:] - 1.0
    mixed: Doubles = odds + _NEIGHBOURS * others / np.maximum(weight, 1.0)
    return mixed


def _players_of(scores: Doubles) -> npt.NDArray[np.int64]:
    """The family of each note, of as few as explain the notes well.

    One after the other the family goes whose notes others explain about as well, or that has very
    few notes, until each that is left explains its own better than the others by more than a track
    costs.
    """
    n_notes = len(scores)
    fewest = max(_FEWEST, _SMALLEST * n_notes)
    cost = _TRACK_COST + _COST_A_NOTE * n_notes
    kept = list(range(scores.shape[1]))
    while len(kept) > 1:
        best = scores[:, kept].argmax(axis=1)
        ranked = np.sort(scores[:, kept], axis=1)
        lead = ranked[:, -1] - ranked[:, -2]
        counts = np.bincount(best, minlength=len(kept))
        gains = np.bincount(best, lead, minlength=len(kept))
        gains = np.where(counts < fewest, gains - _FEW_PENALTY, gains)  # these go first
        worst = int(np.argmin(gains))
        if gains[worst] >= cost:
            break
        kept.pop(worst)
    found: npt.NDArray[np.int64] = np.array(kept)[scores[:, kept].argmax(axis=1)]
    return found
