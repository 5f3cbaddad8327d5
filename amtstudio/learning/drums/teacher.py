"""A teacher for drums: the network in several views, and a factorisation that knows this kit."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import numpy.typing as npt

from amtstudio.audio import FloatArray
from amtstudio.decoding import DrumSettings
from amtstudio.engine import Transcriber
from amtstudio.engine.run import IsCancelled
from amtstudio.errors import Cancelled
from amtstudio.learning.drums.clips import stroke
from amtstudio.learning.drums.nmf import Matrix, drum_rises, template_of
from amtstudio.learning.opinion import Opinion, TeacherNote, Trust
from amtstudio.learning.recordings import UserRecording
from amtstudio.learning.teachers import OnProgress, View, heard_in_views, peaks_in_view
from amtstudio.symbolic.drums import DRUMS, GENERAL_MIDI_KEYS, KIT

DRUM_VIEWS = (
    View(),
    View(delay=160),
    View(cents=60.0),
    View(cents=-60.0),
    View(recolour=11),
)
TRUST = Trust(0.68, 0.32)
_VERY_SURE = 0.8
_FEWEST_STROKES, _MOST_STROKES = 4, 24  # of a drum, to make a template of
_ALONE_S = 0.06  # from the strokes on other drums
_NEAR_FRAMES = 3


class DrumTeacher:
    """The network's output on altered copies of a recording, combined with a factorisation.

    The factorisation starts from the strokes that the network is very sure of: for each drum that
    is sometimes struck alone it takes a template from this kit, and for the others from the bundled
    kit. It knows nothing of music, so it makes other errors than the network.
    """

    name = "ensemble of drums"
    is_better = False

    def __init__(self, transcriber: Transcriber, *, views: Sequence[View] = DRUM_VIEWS) -> None:
        if not views:
            raise ValueError("need at least one view")
        if not isinstance(transcriber.settings, DrumSettings):
            raise TypeError(f"{transcriber.name} hears no drums")
        self._transcriber, self._views = transcriber, tuple(views)
        self._thresholds = transcriber.settings.thresholds

    def opinion(
        self,
        recording: UserRecording,
        *,
        is_cancelled: IsCancelled,
        on_progress: OnProgress | None = None,
    ) -> Opinion:
        """Every stroke found in any view; a confidence of 0.5 corresponds to the threshold."""
        heard = heard_in_views(
            self._views,
            lambda view: self._peaks(recording, view, is_cancelled),
            on_progress,
        )
        notes = [
            replace(note, sureness=against_threshold(note.sureness, self._threshold(note)))
            for note in heard
        ]
        if is_cancelled():
            raise Cancelled
        return Opinion(tuple(self._confirmed(notes, recording)), TRUST)

    def _threshold(self, note: TeacherNote) -> float:
        return self._thresholds[KIT.column(note.pitch)]

    def _peaks(
        self, recording: UserRecording, view: View, is_cancelled: IsCancelled
    ) -> npt.NDArray[np.float64]:
        """Seconds, General MIDI number and score of each peak, (n, 3)."""
        rows = peaks_in_view(self._transcriber, recording, view, is_cancelled)
        rows[:, 1] = np.array(KIT.pitches)[rows[:, 1].astype(int)]
        return rows

    def _confirmed(self, notes: list[TeacherNote], recording: UserRecording) -> list[TeacherNote]:
        """The same, more or less sure by what the factorisation finds there."""
        grid, templates = recording.grid, templates_of(notes, recording)
        grown = drum_rises(recording.audio, grid.sample_rate, grid.hop_length, templates)
        usual = {drum: _usual(grown[drum], _of(notes, drum), recording) for drum in DRUMS}
        n_views = len(self._views)
        supported = []
        for note in notes:
            drum = DRUMS[KIT.column(note.pitch)]
            support = _support(grown[drum], grid.to_frame(note.onset), usual[drum])
            sureness = (n_views * note.sureness + support) / (n_views + 1)
            supported.append(replace(note, sureness=float(np.clip(sureness, 0.0, 1.0))))
        return supported


def against_threshold(score: float, threshold: float) -> float:
    """A score on a scale where a half is the threshold of its drum, in [0, 1]."""
    if score < threshold:
        return 0.5 * score / threshold
    return 0.5 + 0.5 * (score - threshold) / max(1.0 - threshold, 1e-6)


def templates_of(notes: Sequence[TeacherNote], recording: UserRecording) -> dict[str, Matrix]:
    """Of each drum: from this recording where it is surely struck alone, else from the kit."""
    rate = recording.grid.sample_rate
    sure = [note for note in notes if note.sureness >= _VERY_SURE]
    times = np.array([note.onset for note in sure])
    found: dict[str, list[FloatArray]] = {drum: [] for drum in DRUMS}
    for note in sure:
        if np.count_nonzero(np.abs(times - note.onset) < _ALONE_S) == 1:
            first = round(note.onset * rate)
            found[DRUMS[KIT.column(note.pitch)]].append(recording.audio[first : first + rate // 4])
    templates = {}
    for drum, own in found.items():
        known = len(own) >= _FEWEST_STROKES
        shipped = [stroke(GENERAL_MIDI_KEYS[drum], velocity, rate) for velocity in (60, 110)]
        templates[drum] = template_of(own[:_MOST_STROKES] if known else shipped, rate)
    return templates


def _of(notes: Sequence[TeacherNote], drum: str) -> list[TeacherNote]:
    return [note for note in notes if note.pitch == GENERAL_MIDI_KEYS[drum]]


def _usual(rise: Matrix, notes: Sequence[TeacherNote], recording: UserRecording) -> float:
    """How much a drum's activation grows at its surer strokes: their median; 0: there are none."""
    frames = [recording.grid.to_frame(note.onset) for note in notes if note.sureness >= 0.5]
    found = [_largest(rise, frame) for frame in frames]
    return float(np.median(found)) if found else 0.0


def _largest(rise: Matrix, frame: int) -> float:
    near = rise[max(frame - _NEAR_FRAMES, 0) : frame + _NEAR_FRAMES + 1]
    return float(near.max()) if len(near) else 0.0


def _support(rise: Matrix, frame: int, usual: float) -> float:
    """1 where the activation grows as it usually does at a stroke, 0 where it does not."""
    return min(_largest(rise, frame) / usual, 1.0) if usual > 0.0 else 0.0
