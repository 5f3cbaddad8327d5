"""From the drum model's activations to notes of a drum track."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, ClassVar, Self

import numpy as np

from amtstudio.decoding.activations import Activations, Probs
from amtstudio.decoding.decoder import Adjustable, register_decoder
from amtstudio.decoding.drum_hits import DEFAULT_THRESHOLD, HALF_WIDTH, find_hits, thresholds_of
from amtstudio.decoding.drum_patterns import NO_PATTERNS, PatternListener, PatternWeights
from amtstudio.decoding.onsets import check_probs
from amtstudio.features import FrameGrid
from amtstudio.symbolic import NO_NOTES, NoteTable, Pedal, Track
from amtstudio.symbolic.drums import DRUMS
from amtstudio.symbolic.heads import Drums

DRUM_TRACK = Track.named("drums")
LENGTH_S = 0.1  # of a hit as a note; how long a drum rings is unknown
_SUFFIX = "_threshold"
# Cymbals sound alike: where one is struck repeatedly, others get faint activations. Of them, what
# repeats speaks for a stroke from this share of the threshold on.
_REPEATED_SHARE = 0.5
_CYMBALS = ("hihat_closed", "hihat_open", "ride", "crash")
_GAIN, _COST = "_pattern_gain", "_pattern_cost"  # of a drum, in a card


@dataclass(frozen=True, slots=True)
class DrumSettings:
    """Settings for finding hits.

    Attributes
    ----------
    thresholds : tuple of float
        The lowest score that counts, in (0, 1], for each of ``DRUMS`` in their order.
    onset_shift_s : float, seconds
        Added to all times.
    patterns : PatternWeights
        How what a drummer repeats changes the scores. While the music plays it does not.
    """

    decoder: ClassVar[str] = "drums"

    thresholds: tuple[float, ...] = (DEFAULT_THRESHOLD,) * len(DRUMS)
    onset_shift_s: float = 0.0
    patterns: PatternWeights = NO_PATTERNS

    def __post_init__(self) -> None:
        if len(self.thresholds) != len(DRUMS):
            raise ValueError(f"need {len(DRUMS)} thresholds, got {len(self.thresholds)}")
        for drum, threshold in zip(DRUMS, self.thresholds, strict=True):
            if not 0.0 < threshold <= 1.0:
                raise ValueError(f"{drum}{_SUFFIX} must lie in (0, 1], got {threshold}")
        if not abs(self.onset_shift_s) < float("inf"):
            raise ValueError(f"onset_shift_s must be finite, got {self.onset_shift_s}")

    @classmethod
    def required(cls) -> tuple[str, ...]:
        """The thresholds that a card must hold: that of all drums without one of their own."""
        return ("onset",)

    @classmethod
    def from_card(cls, thresholds: Mapping[str, float], *, onset_shift_s: float = 0.0) -> Self:
        """The settings given by a model's card; ``ValueError`` if a key is unknown."""
        of_patterns = {f"{drum}{name}" for drum in DRUMS for name in (_GAIN, _COST)}
        if unknown := sorted(thresholds.keys() - {"onset", *DRUMS} - of_patterns):
            raise ValueError(f"decoding of drums knows no setting {unknown[0]!r}")
        gain, cost = (
            tuple(float(thresholds.get(f"{drum}{name}", 0.0)) for drum in DRUMS)
            for name in (_GAIN, _COST)
        )
        lowest = thresholds_of(thresholds)
        level = tuple(
            _REPEATED_SHARE * threshold if drum in _CYMBALS else 0.0
            for drum, threshold in zip(DRUMS, lowest, strict=True)
        )
        patterns = PatternWeights(gain, cost, level) if any(gain) or any(cost) else NO_PATTERNS
        return cls(lowest, onset_shift_s, patterns)

    @classmethod
    def from_plain(cls, values: Mapping[str, Any]) -> Self:
        """From the result of ``to_plain``; ``ValueError`` or ``TypeError`` for anything else."""
        plain = values.get("patterns", {})
        patterns = PatternWeights(**{name: tuple(row) for name, row in plain.items()})
        return cls(tuple(values["thresholds"]), values.get("onset_shift_s", 0.0), patterns)

    def to_plain(self) -> dict[str, Any]:
        """The settings as JSON can hold them."""
        values: dict[str, Any] = {
            "thresholds": list(self.thresholds),
            "onset_shift_s": self.onset_shift_s,
        }
        if not self.patterns.are_off:
            values["patterns"] = {
                "gain": list(self.patterns.gain),
                "cost": list(self.patterns.cost),
                "level": list(self.patterns.level),
            }
        return values

    def adjustable(self) -> tuple[Adjustable, ...]:
        """A threshold for each drum."""
        return tuple(Adjustable(f"{drum}{_SUFFIX}", 0.05, 0.99) for drum in DRUMS)

    def value(self, name: str) -> float:
        """Of an adjustable setting; ``KeyError`` if there is none of this name."""
        drum = name.removesuffix(_SUFFIX)
        if drum == name or drum not in DRUMS:
            raise KeyError(name)
        return self.thresholds[DRUMS.index(drum)]

    def changed(self, values: Mapping[str, float]) -> Self:
        """The same with other values of some; ``KeyError`` or ``ValueError`` as above."""
        thresholds = list(self.thresholds)
        for name, value in values.items():
            self.value(name)
            thresholds[DRUMS.index(name.removesuffix(_SUFFIX))] = float(value)
        return replace(self, thresholds=tuple(thresholds))

    def lowered(self, default: Self, share: float) -> Self:
        """To find candidates: hits above ``share`` times the thresholds of ``default``."""
        pairs = zip(self.thresholds, default.thresholds, strict=True)
        lowest = tuple(min(own, share * other) for own, other in pairs)
        return replace(self, thresholds=lowest)


def check_drums(activations: Activations) -> Drums:
    """The drums of the onsets. Raises ``ValueError`` unless they are ``DRUMS``."""
    axis = activations.head("onset").axis
    if not isinstance(axis, Drums) or axis.names != DRUMS:
        raise ValueError(f"the onsets must be those of {', '.join(DRUMS)}, got {axis}")
    return axis


@register_decoder(DrumSettings)
class DrumDecoder:
    """Peaks of each drum's onset activation, as notes of a tenth of a second.

    What is kept between chunks are a few frames, or some seconds where patterns count.

    Parameters
    ----------
    settings : DrumSettings
    grid : FrameGrid
        Must be that of the activations fed.
    """

    def __init__(self, settings: DrumSettings, grid: FrameGrid) -> None:
        self._settings, self._grid = settings, grid
        self._rows: dict[str, Probs] = {}
        self._first = self._done = self._start = 0
        self._axis: Drums | None = None
        self._patterns: PatternListener | None = None
        if not settings.patterns.are_off:
            rate = grid.sample_rate / grid.hop_length
            self._patterns = PatternListener(settings.patterns, rate)
        self._fed = 0  # frames, beyond those that came back from the patterns

    def feed(self, activations: Activations) -> NoteTable:
        """Take the next chunk; return the hits that are certain by now, sorted by onset.

        Raises
        ------
        ValueError
            If the chunk is on another grid or of other drums, does not follow the one before, or
            leaves [0, 1].
        """
        if activations.grid != self._grid:
            raise ValueError(f"expected {self._grid}, got {activations.grid}")
        axis = check_drums(activations)
        if self._axis is None:
            self._axis = axis
            self._first = self._done = self._start = activations.first_frame
            self._fed = activations.first_frame
        elif activations.first_frame != self._fed:
            raise ValueError(
                f"expected a chunk from frame {self._fed}, got {activations.first_frame}"
            )
        self._fed += activations.n_frames
        rows = {}
        for name in ("onset", "velocity"):
            rows[name] = activations[name].astype(np.float32, copy=False)
            check_probs(name, rows[name])
        if self._patterns is not None:
            rows["onset"] = self._patterns.feed(rows["onset"])
        self._keep(rows)
        return self._advance(self._end - HALF_WIDTH)

    def finish(self) -> NoteTable:
        """The hits of the last frames."""
        if self._axis is None:
            return NO_NOTES
        if self._patterns is not None:
            self._keep({"onset": self._patterns.finish()})
        return self._advance(self._end)

    def take_pedals(self) -> list[Pedal]:
        """None: drums have no sustain pedal."""
        return []

    @property
    def _end(self) -> int:
        return self._first + len(self._rows["onset"])

    def _keep(self, rows: dict[str, Probs]) -> None:
        for name, new in rows.items():
            kept = self._rows.get(name)
            self._rows[name] = new if kept is None else np.concatenate((kept, new))

    def _advance(self, end: int) -> NoteTable:
        """The hits of the frames up to ``end`` (exclusive)."""
        notes = NO_NOTES
        if end > self._done:
            onset = self._rows["onset"]
            velocity = self._rows["velocity"][: len(onset)]
            hits = find_hits(onset, velocity, self._settings.thresholds)
            hits = hits.between(self._done - self._first, end - self._first)
            seconds_per_frame = self._grid.hop_length / self._grid.sample_rate
            times = (hits.position + self._first) * seconds_per_frame
            earliest = max(self._start, 0) * seconds_per_frame
            times = np.maximum(times + self._settings.onset_shift_s, earliest)
            assert self._axis is not None
            notes = NoteTable.of_columns(
                times,
                times + LENGTH_S,
                np.array(self._axis.pitches)[hits.drum],
                hits.velocity,
                hits.score.astype(np.float64),
                on=DRUM_TRACK,
            ).in_order()
            self._done = end
        keep_from = max(self._first, self._done - HALF_WIDTH)
        # Copied: a view would keep the whole chunk alive.
        self._rows = {
            name: rows[keep_from - self._first :].copy() for name, rows in self._rows.items()
        }
        self._first = keep_from
        return notes
