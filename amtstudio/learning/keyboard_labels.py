"""Recordings with which a MIDI keyboard was recorded along: its notes, as passages to learn from.

Which keys were struck, how hard and for how long is known; the time offset between sound and keys
is not, because both have latency. So it is estimated from the transcription.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from amtstudio.audio.take_files import keyboard_file
from amtstudio.decoding import Activations, peak_onsets
from amtstudio.formats import read_transcription
from amtstudio.learning.candidate import Candidate
from amtstudio.learning.control import RunControl
from amtstudio.learning.events import Aligning
from amtstudio.learning.recordings import UserRecording
from amtstudio.learning.replay import sounding
from amtstudio.learning.report import ScoreFit
from amtstudio.learning.request import Passage
from amtstudio.learning.score_alignment import LEAST_FIT
from amtstudio.learning.scored import heard_in_tune
from amtstudio.symbolic import Note
from amtstudio.symbolic.heads import PIANO_KEYS

Doubles = npt.NDArray[np.float64]
Rows = npt.NDArray[np.float64]  # onset, end of the sound, pitch, velocity of each note

_FAINTEST = 0.06  # score of an onset that may be a note of the keyboard
_REACH_S = 0.8  # of what a microphone and a keyboard may be apart
_BIN_S = 0.01
_SAME_S = 0.06
_MOST_DRIFT = 0.001  # of one clock against the other
_FEWEST_NOTES = 8
_SHORTEST_S = 0.02


@dataclass(frozen=True, slots=True)
class _Clocks:
    """Seconds of the recording from those of the keyboard."""

    shift: float
    pace: float = 1.0

    def __call__(self, seconds: Doubles) -> Doubles:
        moved: Doubles = self.shift + self.pace * seconds
        return moved


def with_keyboards(
    recordings: list[UserRecording], base: Candidate, control: RunControl
) -> tuple[list[UserRecording], dict[str, ScoreFit]]:
    """The recordings with what was played on a keyboard meanwhile, and how well both agree.

    What does not fit, as where the file is of another take, is left out.

    Raises
    ------
    BadFileError
        If such a file cannot be read.
    Cancelled
    """
    found: list[UserRecording] = []
    fits: dict[str, ScoreFit] = {}
    total = sum(_has_keyboard(entry) for entry in recordings)
    for entry in recordings:
        if entry.path is None or not _has_keyboard(entry):
            found.append(entry)
            continue
        control.tell(Aligning(done=len(fits), total=total))
        path = keyboard_file(entry.path)
        played = read_transcription(path)
        rows = sounding(played.notes, played.pedals)
        activations, threshold = heard_in_tune(entry, base, control)
        passage, matched, extra = played_passage(
            rows, activations, entry.seconds, onset_threshold=threshold
        )
        covered = float(passage is not None)
        fits[entry.name] = ScoreFit(path.name, round(matched, 4), round(extra, 4), covered)
        known = entry.corrections
        if passage is not None:
            known = replace(known, passages=(passage, *known.passages))
        found.append(replace(entry, corrections=known))
    return found, fits


def played_passage(
    rows: Rows, activations: Activations, seconds: float, *, onset_threshold: float
) -> tuple[Passage | None, float, float]:
    """A recording as one passage of what was played, or None if the sound does not match it.

    Parameters
    ----------
    rows : np.ndarray, shape (n_notes, 4)
        Onset, end of the sound, pitch and velocity of each note, in seconds of the keyboard.
    activations : Activations
        ``onset``, from the beginning of the recording.
    seconds : float
        Of the recording.
    onset_threshold : float
        From which the model writes an onset down.

    Returns
    -------
    Passage or None
    float, float
        Shares, in [0, 1]: of the played notes that are found at the right time, and of the model's
        onsets that were not played.
    """
    inside = (rows[:, 2] >= PIANO_KEYS.lowest) & (rows[:, 2] <= PIANO_KEYS.highest)
    rows = rows[inside]
    if len(rows) < _FEWEST_NOTES:
        return None, 0.0, 1.0
    peaks = peak_onsets(activations["onset"].astype(np.float32), threshold=_FAINTEST)
    times = peaks.position * activations.grid.hop_length / activations.grid.sample_rate
    pitches = peaks.pitch + PIANO_KEYS.lowest
    clocks = _clocks(rows, times, pitches)
    onset, offset = clocks(rows[:, 0]), clocks(rows[:, 1])
    nearest = _nearest(onset, rows[:, 2], times, pitches)
    matched = float(np.mean(np.abs(nearest) <= _SAME_S))
    written = peaks.score >= onset_threshold
    others = _nearest(times[written], pitches[written], onset, rows[:, 2])
    extra = float(np.mean(np.abs(others) > _SAME_S)) if written.any() else 0.0
    if matched < LEAST_FIT:
        return None, matched, extra
    notes = tuple(
        Note(float(on), float(max(off, on + _SHORTEST_S)), int(pitch), int(velocity))
        for on, off, (pitch, velocity) in zip(onset, offset, rows[:, 2:], strict=True)
        if 0.0 <= on < seconds
    )
    return Passage(0.0, seconds, notes, knows="played"), matched, extra


def _clocks(rows: Rows, times: Doubles, pitches: npt.NDArray[np.intp]) -> _Clocks:
    """The most frequent offset between found and played onsets."""
    apart = []
    for pitch in np.unique(rows[:, 2]):
        of_key = rows[rows[:, 2] == pitch, 0]
        difference = times[pitches == pitch][:, None] - of_key[None, :]
        apart.append(difference[np.abs(difference) <= _REACH_S])
    differences = np.concatenate(apart)
    if not len(differences):
        return _Clocks(0.0)
    edges = np.arange(-_REACH_S, _REACH_S + _BIN_S, _BIN_S)
    counts = np.histogram(differences, edges)[0].astype(float)
    smooth = np.convolve(counts, np.ones(5), mode="same")
    clocks = _Clocks(float(edges[int(smooth.argmax())] + _BIN_S / 2))
    late = _nearest(clocks(rows[:, 0]), rows[:, 2], times, pitches)
    near = np.abs(late) <= _SAME_S
    if np.count_nonzero(near) < _FEWEST_NOTES:
        return clocks
    onset, late = rows[near, 0], late[near]
    drift = float(np.polyfit(onset, late, 1)[0]) if np.ptp(onset) > 30.0 else 0.0
    drift = drift if abs(drift) <= _MOST_DRIFT else 0.0
    return _Clocks(clocks.shift + float(np.median(late - drift * onset)), 1.0 + drift)


def _nearest(
    onset: Doubles, pitch: npt.NDArray[np.generic], times: Doubles, pitches: npt.NDArray[np.generic]
) -> Doubles:
    """By how much the nearest of ``times`` at its pitch is later than each onset; else infinite."""
    found = np.full(len(onset), np.inf)
    for key in np.unique(pitch):
        here, there = np.flatnonzero(pitch == key), np.sort(times[pitches == key])
        if not len(there):
            continue
        right = np.clip(np.searchsorted(there, onset[here]), 0, len(there) - 1)
        left = np.maximum(right - 1, 0)
        after, before = there[right] - onset[here], there[left] - onset[here]
        found[here] = np.where(np.abs(after) <= np.abs(before), after, before)
    return found


def _has_keyboard(entry: UserRecording) -> bool:
    return entry.path is not None and keyboard_file(entry.path).is_file()
