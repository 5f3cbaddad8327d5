"""An estimate of the beat, if it is not known."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from amtstudio.symbolic import NoteTable, TempoMap

Doubles = npt.NDArray[np.float64]

_FALLBACK_TEMPO = 120.0  # BPM
_FEWEST_NOTES = 8
_FRAMES = 100  # a second
_USUAL_PERIOD = 0.55  # seconds
_PERIODS = (0.3, 1.2)
_SPREAD = 0.7  # octaves within which a tempo is usual
_TIGHT = 60.0  # how little beats may stray from the period
_METERS = (4, 3, 2)


def pulse_of(notes: NoteTable) -> TempoMap:
    """Beats by dynamic programming over the onsets, bars by where the low and long notes are.

    After Ellis, "Beat Tracking by Dynamic Programming" (2007), over notes in place of audio. Evenly
    120 a minute where there are too few notes.
    """
    if len(notes) < _FEWEST_NOTES:
        return TempoMap.even(_FALLBACK_TEMPO, n_beats=5)
    first = float(notes.onset.min())
    strength = _onset_strength(notes, first)
    period = _period(strength)
    frames = _tracked(strength, period)
    beats = first + frames / _FRAMES
    if len(beats) < 4 or beats[-1] - beats[0] < 1.0:
        return TempoMap.even(_FALLBACK_TEMPO, n_beats=5)
    return TempoMap(beats, _downbeats(notes, beats))


def _onset_strength(notes: NoteTable, first: float) -> Doubles:
    length = int((float(notes.onset.max()) - first) * _FRAMES) + 2
    strength = np.zeros(length)
    # Long and loud notes, and those of the bass, mark beats more.
    weight = (notes.velocity / 80.0) * (1.0 + np.minimum(notes.offset - notes.onset, 1.0))
    weight *= 1.0 + 0.5 * (notes.pitch < 55)
    np.add.at(strength, np.rint((notes.onset - first) * _FRAMES).astype(int), weight)
    shape = np.exp(-0.5 * (np.arange(-6, 7) / 2.5) ** 2)
    smooth = np.convolve(np.minimum(strength, 4.0), shape, mode="same")
    return np.asarray(smooth / max(float(smooth.std()), 1e-9))


def _period(strength: Doubles) -> float:
    """Of the beat, in frames: by autocorrelation, tempos near the usual one preferred."""
    size = 1 << (2 * len(strength)).bit_length()
    spectrum = np.fft.rfft(strength - strength.mean(), size)
    similarity = np.fft.irfft(np.abs(spectrum) ** 2, size)[: int(2.0 * _PERIODS[1] * _FRAMES) + 2]
    low, high = (int(bound * _FRAMES) for bound in _PERIODS)
    lags = np.arange(low, min(high, len(strength) - 1) + 1)
    if len(lags) == 0:
        return _USUAL_PERIOD * _FRAMES
    usual = np.exp(-0.5 * (np.log2(lags / (_USUAL_PERIOD * _FRAMES)) / _SPREAD) ** 2)
    score = similarity[lags] + 0.5 * similarity[np.minimum(2 * lags, len(similarity) - 1)]
    return float(lags[np.argmax(score * usual)])


def _tracked(strength: Doubles, period: float) -> Doubles:
    lags = np.arange(round(period / 2), round(period * 2) + 1)
    stray = -_TIGHT * np.log(lags / period) ** 2
    score = strength.copy()
    back = np.full(len(strength), -1)
    # As many frames at once as the shortest lag is long: none depends on another of them.
    for start in range(int(lags[0]), len(strength), int(lags[0])):
        frames = np.arange(start, min(start + int(lags[0]), len(strength)))
        before = frames[:, None] - lags
        reached = np.where(before >= 0, score[before], -np.inf) + stray
        best = reached.argmax(axis=1)
        gained = reached[np.arange(len(frames)), best]
        follows = (gained > 0.0) | (frames > period)
        score[frames] += np.where(follows, gained, 0.0)
        back[frames] = np.where(follows, frames - lags[best], -1)
    tail = score[-lags[-1] :]
    frame = len(score) - len(tail) + int(np.argmax(tail))
    path = []
    while frame >= 0:
        path.append(frame)
        frame = int(back[frame])
    return np.array(path[::-1], dtype=np.float64)


def _downbeats(notes: NoteTable, beats: Doubles) -> npt.NDArray[np.bool_]:
    after = np.clip(np.searchsorted(beats, notes.onset), 1, len(beats) - 1)
    is_nearer = notes.onset - beats[after - 1] <= beats[after] - notes.onset
    place = np.where(is_nearer, after - 1, after)
    near = np.abs(notes.onset - beats[place]) < 0.09
    weight = (1.0 + 1.5 * (notes.pitch < 52)) * np.minimum(notes.offset - notes.onset, 1.5)
    accent = np.bincount(place[near], weights=weight[near], minlength=len(beats))
    accent = np.minimum(accent, np.quantile(accent, 0.95) + 1e-9)

    def lead(meter: int, phase: int) -> float:
        on = accent[phase::meter].mean()
        return float((on - accent.mean()) * np.sqrt(len(accent[phase::meter])))

    meter, phase = max(
        ((meter, phase) for meter in _METERS for phase in range(meter) if phase < len(beats)),
        key=lambda pair: lead(*pair),
    )
    if meter == 2:  # bars of four read like bars of two, and are more usual
        meter, phase = 4, max((phase, phase + 2), key=lambda p: accent[p::4].sum())
    return np.asarray(np.arange(len(beats)) % meter == phase)
