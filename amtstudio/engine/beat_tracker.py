"""From notes to beats and bars."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
import torch

from amtstudio.decoding.bar_lines import PitchedNotes
from amtstudio.decoding.beat_decoder import BeatSettings, certainty, decode_beats
from amtstudio.decoding.beat_division import is_in_threes
from amtstudio.errors import Cancelled, CheckpointError
from amtstudio.features.note_features import GRID, note_features
from amtstudio.models import find_model
from amtstudio.models.beats import Beats
from amtstudio.models.checkpoint import load_model
from amtstudio.symbolic import Meter, NoteTable, TempoMap

DEFAULT_MODEL = "beats"
SURE = 0.75  # certainty above which beats are worth a grid: below it most were wrong in training
_AFTER_S = 1.0  # of the last onset
_BLOCK = 15000  # frames, five minutes: memory does not grow with the recording otherwise
_MARGIN = 4080  # frames to either side that the network sees of the notes around
# Drums are asked by themselves, too, where so many strokes fall within so many seconds: beside
# much else they are overheard, and a chugging guitar makes a beat of every eighth.
_FEWEST_STROKES = 4
_AROUND_S = 2.0
_SHARE_OF_BEATS = 0.5  # the drums' say in what is a beat, and in which of the beats begin a bar
_SHARE_OF_BARS = 0.15
_TEMPO_SHARE = 1.25  # how far the tempo may be from the given one
_TEMPI = (15.0, 400.0)  # beats a minute that may be named

_NETWORK_SHARE = 0.4  # of the time that it takes

Probs = npt.NDArray[np.float32]
Check = Callable[[float], None]  # told the share that is done; may raise Cancelled


@dataclass(frozen=True, slots=True)
class BeatHints:
    """What is known about the beats beforehand.

    Attributes
    ----------
    tempo : float, beats a minute, optional
        About this one, 15 to 400.
    meter : Meter, optional
        That of the whole piece.
    """

    tempo: float | None = None
    meter: Meter | None = None

    def __post_init__(self) -> None:
        lowest, highest = _TEMPI
        if self.tempo is not None and not lowest <= self.tempo <= highest:
            raise ValueError(
                f"a tempo must be between {lowest:g} and {highest:g}, not {self.tempo:g}"
            )


NO_HINTS = BeatHints()


@dataclass(frozen=True, slots=True)
class FoundBeats:
    """Beats, and how well they explain the notes, 0 to 1."""

    tempo: TempoMap
    certainty: float

    @property
    def is_sure(self) -> bool:
        return self.certainty >= SURE


class BeatTracker:
    """The network for beats, ready for one piece after another; it runs on the CPU."""

    def __init__(self, model: Beats, name: str = DEFAULT_MODEL) -> None:
        self._model = model.eval()
        self.name = name

    @classmethod
    def load(cls, model: str = DEFAULT_MODEL) -> BeatTracker:
        """The tracker of a shipped model, or of a file.

        Raises
        ------
        CheckpointError
            If the model does not exist, or is not a beat tracker.
        """
        network, card = load_model(find_model(model))
        if not isinstance(network, Beats):
            raise CheckpointError(
                f"the model {card.name} is not a beat tracker", hint="see 'models list'"
            )
        return cls(network, card.name)

    def track(
        self,
        notes: NoteTable,
        hints: BeatHints = NO_HINTS,
        *,
        on_progress: Callable[[float], None] | None = None,
        is_cancelled: Callable[[], bool] | None = None,
    ) -> FoundBeats | None:
        """The beats of notes; None where there are not two of them.

        Takes some two seconds for ten minutes of music. ``on_progress`` is called with the share
        that is done, from 0 to 1.

        Raises
        ------
        Cancelled
            Soon after ``is_cancelled()`` has become true.
        """

        def check(share: float) -> None:
            if is_cancelled is not None and is_cancelled():
                raise Cancelled
            if on_progress is not None:
                on_progress(share)

        if not len(notes):
            return None
        beat, downbeat = self._probabilities(notes, lambda share: check(share * _NETWORK_SHARE))
        n_frames = len(beat)

        def on_frames(done: int) -> None:
            check(_NETWORK_SHARE + (1.0 - _NETWORK_SHARE) * done / n_frames)

        # The weights of accents were fitted on music without drums, as drums indicate bars
        # themselves.
        accents = None
        if not _is_drum(notes).any():
            accents = PitchedNotes(notes.onset, notes.offset, notes.pitch)
        tempo = decode_beats(
            beat, downbeat, GRID, _settings(hints), notes=accents, on_frames=on_frames
        )
        if tempo is None:
            return None
        how_sure = certainty(beat, tempo, GRID)
        if hints.meter is not None:
            kind = hints.meter
            tempo = replace(tempo, beat_unit=kind.beat_unit, is_compound=kind.is_compound)
        elif set(tempo.meters) & {2, 4} and is_in_threes(notes.onset, tempo):
            tempo = replace(tempo, beat_unit=8, is_compound=True)
        return FoundBeats(tempo, how_sure)

    def _probabilities(self, notes: NoteTable, check: Check) -> tuple[Probs, Probs]:
        """Of a beat and of a downbeat, for each frame.

        In a band the geometric mean of what all notes and what the drums alone say: of the beats
        that either may have in mind, those that both have.
        """
        is_drum = _is_drum(notes)
        last = float(notes.onset[-1]) + _AFTER_S
        n_frames = GRID.n_frames(round(last * GRID.sample_rate))
        is_band = is_drum.any() and not is_drum.all()
        share = 0.5 if is_band else 1.0
        beat, downbeat = self._heard_in(notes, is_drum, n_frames, lambda done: check(share * done))
        if not is_band:
            return beat, downbeat
        strokes = notes.take(np.flatnonzero(is_drum))
        drum_beat, drum_downbeat = self._heard_in(
            strokes, is_drum[is_drum], n_frames, lambda done: check(share + share * done)
        )
        times = np.arange(n_frames) * (GRID.hop_length / GRID.sample_rate)
        first, end = np.searchsorted(strokes.onset, (times - _AROUND_S, times + _AROUND_S))
        has_drums = end - first >= _FEWEST_STROKES

        def with_drums(of_all: Probs, of_drums: Probs, share: float) -> Probs:
            both = of_all ** (1.0 - share) * of_drums**share
            mixed: Probs = np.where(has_drums, both, of_all)
            return mixed

        return (
            with_drums(beat, drum_beat, _SHARE_OF_BEATS),
            with_drums(downbeat, drum_downbeat, _SHARE_OF_BARS),
        )

    def _heard_in(
        self,
        notes: NoteTable,
        is_drum: npt.NDArray[np.bool_],
        n_frames: int,
        check: Check,
    ) -> tuple[Probs, Probs]:
        features = note_features(
            notes.onset, notes.offset, notes.pitch, notes.velocity, is_drum, n_frames=n_frames
        )
        told = np.zeros((2, n_frames), np.float32)
        with torch.inference_mode():
            for start in range(0, n_frames, _BLOCK):
                check(start / n_frames)
                first = max(0, start - _MARGIN)
                end = min(start + _BLOCK, n_frames)
                part = torch.from_numpy(features[first : end + _MARGIN])[None]
                logits = torch.cat(self._model(part))
                told[:, start:end] = logits.sigmoid()[:, start - first : end - first].numpy()
        beat, downbeat = told
        return beat, downbeat


def _is_drum(notes: NoteTable) -> npt.NDArray[np.bool_]:
    return np.array([track.is_drums for track in notes.tracks], bool)[notes.track]


def _settings(hints: BeatHints) -> BeatSettings:
    settings = BeatSettings()
    if hints.tempo is not None:
        settings = replace(
            settings,
            lowest_tempo=max(10.0, hints.tempo / _TEMPO_SHARE),
            highest_tempo=min(600.0, hints.tempo * _TEMPO_SHARE),
            usual_tempo=hints.tempo,
        )
    if hints.meter is not None:
        settings = replace(settings, meters=(hints.meter.n_beats,))
    return settings
