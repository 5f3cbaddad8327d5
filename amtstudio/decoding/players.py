"""Which instruments play which notes: what a model says of each note, and a detector of them all.

For each note, a model gives the likelihood of each family, and a detector gives the instruments in
the recording. Neither is reliable by itself: a note is judged by both, by its range and by the
notes around it, and a track needs enough evidence, so that a few doubtful notes do not make a
player. Strings, winds, brass and voices play one line each: those of one family are separated by
what sounds together.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from amtstudio.decoding.seating import seat
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
_NAMED = 0.1  # of an instrument, above which its family is named after it
_FARTHEST = 4.5  # nats
_USUAL_SPREAD = 12.0  # semitones
_NEAR_S, _NEAR_SEMITONES = 2, 5.0  # within which notes are one another's neighbours
_NEIGHBOURS = 0.5  # weight of the neighbours, compared with the note itself
_TRACK_COST, _COST_A_NOTE = 6.0, 0.15  # nats that a family has to explain better than the others
_SMALLEST, _FEWEST = 0.03, 3  # share of the notes, and notes, that a track has at least
_FEW_PENALTY = 1e9
_N_PITCHES = 128
_LINES = ("strings", "winds", "brass", "voice")
_DOUBT, _PLAIN = 2.0, 0.4  # of a family that is not detected at all; level of one that clearly is
# What a detector says of a recording is said again of every note, right or wrong: not all of it
# counts.
_DETECTOR_SHARE = 0.75
_LEAST_SHARE = 1e-3
_LEAST_SCORE = -6.0  # nats that a family has at least, unless the user says that it does not play
# Models learn from all families alike. An organ or a synthesiser that plays with others is rarer
# than they think, and winds, of which there are the most kinds, are taken for brass and keys.
_USUAL = {"organ_synth": -0.7, "winds": 0.4}  # nats


@dataclass(frozen=True)
class Players:
    """A detector's output on a recording.

    Attributes
    ----------
    levels : mapping of float
        The mean probability of each of its classes, in [0, 1], over the seconds with sound.

    is_given : bool
        Whether they were given by the user: nothing else plays.
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
        unheard = _DETECTOR_SHARE * np.log(_UNHEARD) - np.log(_USUAL_SPREAD)
        if self.is_given:
            unheard = _NEVER
        prior = np.full((len(pitches), len(FAMILIES)), unheard)
        for name, (family, lowest, highest) in _KNOWN.items():
            if self.is_given and name not in self.levels:
                continue
            level = max(self.levels.get(name, 0.0), 1e-9)
            spread = (highest - lowest) / 4.0
            away = 0.5 * ((pitches - (lowest + highest) / 2.0) / spread) ** 2
            told = _DETECTOR_SHARE * np.log(level) - np.log(spread) - np.minimum(away, _FARTHEST)
            column = FAMILIES.index(family)
            prior[:, column] = np.maximum(prior[:, column], told)
        return prior

    def doubts(self) -> Doubles:
        """For each family of chords or of the bass, how weakly it is detected, 0 to ``_DOUBT``.

        Players of single lines are found from the lines; a few low guitar notes are not a bass.
        """
        found = np.zeros(len(FAMILIES))
        if self.is_given:
            return found
        for number, family in enumerate(FAMILIES):
            if family not in _LINES:
                heard = max(self.levels.get(name, 0.0) for name in _names_of(family))
                found[number] = _DOUBT * (1.0 - min(heard / _PLAIN, 1.0))
        return found

    def to_metadata(self) -> dict[str, str]:
        """As a tag of a transcription, such as ``violin 0.62, cello 0.31``, the highest first."""
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

    def track(self, family: str, pitch: float | None = None) -> Track:
        """The instrument for the notes of a family: the one detected most, if any.

        ``pitch``: that of the notes, for distinguishing a violin from a cello.
        """
        heard = [name for name in _names_of(family) if self.levels.get(name, 0.0) >= _NAMED]
        if not heard:
            return FAMILY_TRACKS[family]

        def fit(name: str) -> float:
            _, lowest, highest = _KNOWN[name]
            middle, spread = (lowest + highest) / 2.0, (highest - lowest) / 4.0
            away = 0.0 if pitch is None else 0.5 * ((pitch - middle) / spread) ** 2
            return float(np.log(self.levels[name])) - min(away, _FARTHEST)

        return Track.named(max(heard, key=fit))


def _names_of(family: str) -> list[str]:
    return [name for name, of in FAMILY_OF.items() if of == family]


def with_players(notes: NoteTable, players: Players) -> NoteTable:
    """The notes on the tracks of who plays them; drums stay where they are.

    Parameters
    ----------
    notes : NoteTable
        With ``shares``; without, each is judged by its pitch and by the detector's output.
    players : Players
    """
    is_drums = np.array([track.is_drums for track in notes.tracks])[notes.track]
    pitched = np.flatnonzero(~is_drums)
    if not len(pitched):
        return notes
    pitched = pitched[np.argsort(notes.onset[pitched], kind="stable")]
    onset, offset, pitch = notes.onset[pitched], notes.offset[pitched], notes.pitch[pitched]
    scores = players.log_prior(pitch.astype(np.float64))
    if notes.shares is not None:
        scores = scores + np.log(np.maximum(notes.shares[pitched], _LEAST_SHARE))
    for family, nats in _USUAL.items():
        scores[:, FAMILIES.index(family)] += 0.0 if players.is_given else nats
    scores -= scores.max(axis=1, keepdims=True)
    scores -= np.log(np.exp(scores).sum(axis=1, keepdims=True))
    if not players.is_given:
        scores = np.maximum(scores, _LEAST_SCORE)
    scores = _with_neighbours(scores, onset, pitch)
    families = _players_of(scores)
    seating = seat(
        scores, onset, offset, pitch.astype(np.float64), families, doubts=players.doubts()
    )
    tracks_of = _tracks_of(seating.families, seating.player, pitch, players)
    tracks = [*tracks_of, *notes.tracks]
    places = notes.track + len(tracks_of)
    places[pitched] = seating.player
    used = [tracks[place] for place in np.unique(places).tolist()]
    wanted = tuple(sorted(set(used)))
    to_wanted = np.array([wanted.index(t) if t in wanted else 0 for t in tracks], np.int64)
    return replace(notes, tracks=wanted, track=to_wanted[places])


def _tracks_of(
    families: npt.NDArray[np.int64],
    player: npt.NDArray[np.int64],
    pitch: npt.NDArray[np.int64],
    players: Players,
) -> list[Track]:
    """A track for each player; of those of one name the highest is the first.

    Where the user says who plays, those of one name are one.
    """
    middles = [float(np.median(pitch[player == number])) for number in range(len(families))]
    tracks: dict[int, Track] = {}
    counts: dict[str, int] = {}
    for number in sorted(range(len(families)), key=lambda place: -middles[place]):
        track = players.track(FAMILIES[families[number]], middles[number])
        counts[track.name] = counts.get(track.name, 0) + 1
        if counts[track.name] > 1 and not players.is_given:
            track = replace(track, name=f"{track.name} {counts[track.name]}")
        tracks[number] = track
    return [tracks[number] for number in range(len(families))]


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

    Families are removed one by one if others explain their notes about as well, or if they have
    very few notes, until each remaining one explains its own notes better than the others by more
    than the cost of a track.
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
