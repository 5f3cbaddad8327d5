"""What can be said about a transcription without knowing the truth."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import soxr

from amtstudio.audio import FloatArray
from amtstudio.decoding import DrumSettings
from amtstudio.engine import Transcriber
from amtstudio.engine.run import IsCancelled
from amtstudio.features.tuning import estimate_tuning
from amtstudio.learning.hearing import hear
from amtstudio.learning.struck import struck_balance
from amtstudio.scoring.matching import match_notes
from amtstudio.symbolic import Note, NoteTable

DETUNE_CENTS = 20.0
_NOISE_DB = 30.0  # below the recording
_N_FFT, _HOP_S = 2048, 0.016
_BEFORE_S, _AFTER_S = 0.05, 0.06
_NEAR = 2.0 ** (45 / 1200)
_RISE = 1.15  # of the magnitude of a note's own partials: a tenth of a loud accompaniment


@dataclass(frozen=True, slots=True)
class LabelFreeScores:
    """Scores of a model on recordings without truth; means over the recordings.

    Attributes
    ----------
    agreement : float, in [0, 1]
        F1 between the notes found in the recording and in altered copies of it (noise and another
        tone colour; a fifth of a semitone higher and lower). A model at its limits is inconsistent.
    onset_support : float, in [0, 1]
        Share of notes at whose onset their own partials rise; 1 for drums, which have none.
    notes_per_second, polyphony : float
        Polyphony: simultaneous notes, averaged over the time when any sound.
    confidence : float, in [0, 1]
        Mean over notes.
    struck_balance : float
        Notes that were struck minus those that were not, per second: ``struck.struck_balance``, at
        the tuning of each recording. It correlates with the true F1.
    """

    agreement: float
    onset_support: float
    notes_per_second: float
    polyphony: float
    confidence: float
    struck_balance: float = 0.0

    def to_dict(self) -> dict[str, float]:
        return {name: round(float(getattr(self, name)), 4) for name in self.__slots__}


def label_free_scores(
    transcriber: Transcriber,
    recordings: Sequence[tuple[FloatArray, int]],
    *,
    is_cancelled: IsCancelled | None = None,
) -> LabelFreeScores:
    """Score a model on recordings, each mono audio and its rate in Hz.

    The rate is that of the model's grid. The alterations are the same every time, so that two
    models are compared on the same sounds.

    Raises
    ------
    ValueError
        If there are no recordings.
    Cancelled
    """
    if not recordings:
        raise ValueError("need at least one recording")
    rows = [
        _scores_of(transcriber, audio, sample_rate, is_cancelled)
        for audio, sample_rate in recordings
    ]
    return LabelFreeScores(*np.mean(rows, axis=0).tolist())


def agreement(
    first: Sequence[Note], second: Sequence[Note], *, onset_tolerance: float = 0.05
) -> float:
    """F1 of pitches and onsets within 50 ms, or another tolerance; 1 where neither has notes."""
    if not first and not second:
        return 1.0
    pairs = match_notes(NoteTable.of(first), NoteTable.of(second), onset_tolerance=onset_tolerance)
    return 2 * len(pairs) / (len(first) + len(second))


def _scores_of(
    transcriber: Transcriber,
    audio: FloatArray,
    sample_rate: int,
    is_cancelled: IsCancelled | None,
) -> list[float]:
    notes = hear(transcriber, audio, is_cancelled=is_cancelled).notes()
    coloured = hear(transcriber, recoloured(audio, sample_rate), is_cancelled=is_cancelled)
    agreements = [agreement(notes, coloured.notes())]
    # Up and down: in one direction only, an instrument out of tune would gain by it.
    for cents in (DETUNE_CENTS, -DETUNE_CENTS):
        ratio = 2.0 ** (cents / 1200.0)
        changed = soxr.resample(audio, ratio, 1.0).astype(np.float32)
        detuned = hear(transcriber, changed, is_cancelled=is_cancelled)
        agreements.append(agreement(notes, [_stretched(n, ratio) for n in detuned.notes()]))
    support, balance = 1.0, 0.0
    if not isinstance(transcriber.settings, DrumSettings):
        # Of the recording, and not of the model: the same for all models that are compared.
        tuning = estimate_tuning(audio, sample_rate)
        support = onset_support(notes, audio, sample_rate)
        balance = struck_balance(notes, audio, sample_rate, tuning_cents=tuning or 0.0)
    return [
        float(np.mean(agreements)),
        support,
        len(notes) / (len(audio) / sample_rate),
        polyphony(notes),
        float(np.mean([note.confidence for note in notes])) if notes else 0.0,
        balance,
    ]


def recoloured(audio: FloatArray, sample_rate: int, *, seed: int = 11) -> FloatArray:
    """The recording with bends of 4 dB in its spectrum and noise 30 dB below it."""
    rng = np.random.default_rng(seed)
    frequencies = np.fft.rfftfreq(len(audio), 1 / sample_rate)
    octaves = np.log2(np.maximum(frequencies, 20.0) / 1000.0)
    gain_db = np.interp(octaves, np.linspace(-5.7, 3.0, 7), rng.normal(0.0, 4.0, 7))
    coloured = np.fft.irfft(np.fft.rfft(audio) * 10 ** (gain_db / 20), len(audio))
    rms = float(np.sqrt(np.mean(coloured**2)))
    noise = rng.standard_normal(len(audio)) * rms * 10 ** (-_NOISE_DB / 20)
    changed: FloatArray = (coloured + noise).astype(np.float32)
    return changed


def onset_support(notes: Sequence[Note], audio: FloatArray, sample_rate: int) -> float:
    """Share of notes at whose onset the sound at their first four partials grows; 0 for none.

    Parameters
    ----------
    notes : sequence of Note
    audio : np.ndarray, shape (n_samples,)
    sample_rate : int, Hz
    """
    if not notes:
        return 0.0
    hop = round(_HOP_S * sample_rate)
    magnitude = _spectrogram(audio, hop)
    before, after = round(_BEFORE_S / _HOP_S), round(_AFTER_S / _HOP_S)
    supported = 0
    for note in notes:
        frame = round(note.onset * sample_rate / hop)
        first = max(frame - before - 1, 0)
        rows = _partials(magnitude[first : frame + 1 + after], note.pitch, sample_rate)
        earlier, later = rows[: max(frame - 1, 1) - first], rows[frame + 1 - first :]
        if len(later) and (frame < 2 or later.max() > _RISE * earlier.mean()):
            supported += 1
    return supported / len(notes)


def _partials(
    magnitude: npt.NDArray[np.float32], pitch: int, sample_rate: int
) -> npt.NDArray[np.float32]:
    """Sum over a key's first four partials of the largest line near each, (n_frames,).

    Near: within 45 cents, so that an instrument out of tune is seen alike, in or out of tune.
    """
    frequency = 440.0 * 2.0 ** ((pitch - 69) / 12)
    total = np.zeros(len(magnitude), dtype=np.float32)
    for partial in range(1, 5):
        centre = frequency * partial * _N_FFT / sample_rate
        if centre > 0.45 * _N_FFT:
            break
        low, high = math.floor(centre * _NEAR**-1), math.ceil(centre * _NEAR)
        total += magnitude[:, low : high + 1].max(axis=1)
    return total


def polyphony(notes: Sequence[Note]) -> float:
    """Mean number of notes that sound at once, over the time at which any does."""
    if not notes:
        return 0.0
    events = sorted([(note.onset, 1) for note in notes] + [(note.offset, -1) for note in notes])
    sounding, silent_from, covered = 0, 0.0, 0.0
    for time, change in events:
        if sounding == 0 and change == 1:
            silent_from = time
        sounding += change
        if sounding == 0:
            covered += time - silent_from
    return sum(note.duration for note in notes) / max(covered, 1e-6)


def _spectrogram(audio: FloatArray, hop: int) -> npt.NDArray[np.float32]:
    """Magnitudes, (n_frames, n_bins), frame ``i`` centred on sample ``i * hop``."""
    padded = np.pad(audio, (_N_FFT // 2, _N_FFT))
    n_frames = len(audio) // hop + 1
    frames = np.lib.stride_tricks.sliding_window_view(padded, _N_FFT)[::hop][:n_frames]
    window = np.hanning(_N_FFT).astype(np.float32)
    magnitude = np.empty((len(frames), _N_FFT // 2 + 1), dtype=np.float32)
    for start in range(0, len(frames), 512):  # a minute's windows at once would take 60 MB
        part = frames[start : start + 512]
        magnitude[start : start + len(part)] = np.abs(np.fft.rfft(part * window, axis=1))
    return magnitude


def _stretched(note: Note, ratio: float) -> Note:
    return Note(note.onset * ratio, note.offset * ratio, note.pitch, note.velocity)
