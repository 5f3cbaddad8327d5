"""Written music as played by people, and notes as transcribed by a model: endless material."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from amtstudio.features.note_features import GRID, note_features
from training.beats.ornaments import ornamented
from training.beats.pieces import BeatPiece, Doubles

_GRID_S = 0.25  # how finely a curve of tempo is drawn
_MOST_BENT = 1.4  # in training: more than is usual
_MOTORIC_SHARE = 0.2  # of the written music, in training
_ORNATE_SHARE = 0.25  # of the same; of music for keyboard twice as much


def played(
    piece: BeatPiece, rng: np.random.Generator, *, most_bent: float = 1.0
) -> tuple[Doubles, Doubles]:
    """Notes and beats of a piece, at another tempo and played, as arrays like those of the piece.

    The tempo wanders, bends with the phrases, and slows down here and there, up to ``most_bent``
    times as much as is usual; notes of a chord do not begin together; velocities differ. What was
    played already is only played at another tempo.
    """
    notes, beats = piece.notes.copy(), piece.beats.copy()
    ratio = float(np.exp(rng.uniform(np.log(0.75), np.log(1.35))))
    if piece.is_played:  # its tempo says what is a beat and what is half of one
        ratio **= 0.4
    notes[:, :2] *= ratio
    beats = beats * ratio
    if not piece.is_played or rng.random() < 0.3:
        strength = float(rng.uniform(0.2, most_bent)) * (0.4 if piece.is_played else 1.0)
        clock, warped = _tempo_curve(float(notes[:, 1].max()) + 1.0, beats, strength, rng)
        notes[:, :2] = np.interp(notes[:, :2], clock, warped)
        beats = np.interp(beats, clock, warped)
    if not piece.is_played:
        spread = float(rng.uniform(0.002, 0.02))
        notes[:, :2] += rng.normal(0.0, spread, len(notes))[:, None]
        low_first = float(rng.uniform(-0.02, 0.03)) if rng.random() < 0.4 else 0.0
        notes[:, :2] += ((notes[:, 2] - 60.0) / 40.0 * low_first)[:, None]
        length = np.exp(rng.normal(rng.uniform(-0.4, 0.1), 0.15, len(notes)))
        notes[:, 1] = notes[:, 0] + np.maximum((notes[:, 1] - notes[:, 0]) * length, 0.03)
        notes[:, 3] = np.clip(notes[:, 3] + rng.normal(0.0, 10.0, len(notes)), 5, 127)
    return notes[np.argsort(notes[:, 0], kind="stable")], beats


def _tempo_curve(
    seconds: float, beats: Doubles, strength: float, rng: np.random.Generator
) -> tuple[Doubles, Doubles]:
    """Times as written, and when they are played."""
    clock = np.arange(-2.0, seconds + 2.0, _GRID_S)
    # A random walk that is drawn back, smoothed over some seconds.
    steps = rng.normal(0.0, 0.05, len(clock))
    walk = np.zeros(len(clock))
    for index in range(1, len(clock)):
        walk[index] = 0.97 * walk[index - 1] + steps[index]
    width = max(1, round(float(rng.uniform(0.5, 3.0)) / _GRID_S))
    walk = np.convolve(walk, np.ones(width) / width, mode="same")
    # Phrases of four or eight bars or so: faster in the middle, slower at the ends.
    phrase = float(np.median(np.diff(beats))) * int(rng.choice((8, 16, 32)))
    walk -= 0.08 * rng.uniform(0.0, 1.0) * np.cos(2.0 * np.pi * (clock - beats[0]) / phrase)
    for _ in range(int(rng.poisson(seconds / 60.0))):  # held up for a moment
        at, long, deep = rng.uniform(0.0, seconds), rng.uniform(0.5, 4.0), rng.uniform(0.1, 0.5)
        walk -= deep * np.exp(-0.5 * ((clock - at) / long) ** 2)
    tempo = np.exp(strength * walk)
    warped = np.concatenate([[0.0], np.cumsum(_GRID_S / tempo[:-1])])
    return clock, warped - np.interp(0.0, clock, warped)


def in_motion(piece: BeatPiece, rng: np.random.Generator) -> BeatPiece:
    """Written music with a note on every half, third or quarter of its beats, and slower.

    As in much baroque music, where only the number of notes shows how slow the beat is. The added
    notes are those that sound, and their neighbours.
    """
    parts = int(rng.choice((2, 3, 4), p=(0.2, 0.2, 0.6)))
    notes, beats = piece.notes, piece.beats
    share = np.arange(parts) / parts
    grid = (beats[:-1, None] + np.diff(beats)[:, None] * share).ravel()
    step = np.repeat(np.diff(beats) / parts, parts)
    after = np.clip(np.searchsorted(notes[:, 0], grid), 0, len(notes) - 1)
    before = np.maximum(after - 1, 0)
    gap = np.minimum(np.abs(notes[after, 0] - grid), np.abs(notes[before, 0] - grid))
    is_free = (gap > 0.3 * step) & (grid > notes[0, 0]) & (grid < notes[-1, 0])
    is_free &= rng.random(len(grid)) > rng.uniform(0.0, 0.3)
    model = notes[np.maximum(after[is_free] - rng.integers(1, 5, int(is_free.sum())), 0)]
    added = model.copy()
    added[:, 0] = grid[is_free]
    added[:, 1] = added[:, 0] + step[is_free] * rng.uniform(0.6, 1.0)
    added[:, 2] += rng.choice((-2, -1, 0, 1, 2), len(added))
    added[:, 3] *= rng.uniform(0.6, 1.0)
    slower = float(rng.uniform(1.0, 1.5))
    notes = np.concatenate([notes, added])
    notes = notes[np.argsort(notes[:, 0], kind="stable")]
    notes[:, :2] *= slower
    return replace(piece, notes=notes, beats=beats * slower)


def as_heard(notes: Doubles, rng: np.random.Generator) -> Doubles:
    """Notes as a model transcribes them when they are played, in another key.

    Some are missing, the quiet and the repeated ones more often; some are too many, an octave or a
    twelfth above others or a second time; onsets, lengths and velocities are not quite right.
    """
    notes = _without_some(notes, rng)
    notes = np.concatenate([notes, _added(notes, rng)])
    notes[:, :2] += rng.normal(0.0, rng.uniform(0.0, 0.012), len(notes))[:, None]
    pitched = notes[:, 4] == 0
    notes[pitched, 2] += int(rng.integers(-6, 7))
    notes[:, 2] = np.clip(notes[:, 2], 0, 127)
    if rng.random() < 0.7:  # a pedal lengthens, a sound that dies away early shortens
        factor = np.exp(rng.normal(rng.uniform(-0.7, 0.4), rng.uniform(0.0, 0.6), len(notes)))
        notes[:, 1] = notes[:, 0] + np.maximum((notes[:, 1] - notes[:, 0]) * factor, 0.03)
    loudness = rng.uniform(0.5, 1.2)
    if rng.random() < 0.15:
        notes[:, 3] = 80.0
    # A model that finds all equally loud, and one that is often wrong.
    middle, contrast = float(notes[:, 3].mean()) if len(notes) else 80.0, rng.uniform(0.3, 1.2)
    notes[:, 3] = middle + contrast * (notes[:, 3] - middle)
    notes[:, 3] += rng.normal(0.0, rng.uniform(0.0, 16.0), len(notes))
    notes[:, 3] = np.clip(notes[:, 3] * loudness, 1, 127)
    return notes[np.argsort(notes[:, 0], kind="stable")]


def _without_some(notes: Doubles, rng: np.random.Generator) -> Doubles:
    chance = np.full(len(notes), rng.uniform(0.0, 0.2))
    if rng.random() < 0.5 and len(notes):
        quiet = np.argsort(np.argsort(notes[:, 3] + rng.normal(0.0, 8.0, len(notes))))
        chance += rng.uniform(0.0, 0.5) * (quiet < 0.3 * len(notes))
    if rng.random() < 0.3 and len(notes):
        by_pitch = np.lexsort((notes[:, 0], notes[:, 2]))
        again = np.zeros(len(notes), dtype=bool)
        step = np.diff(notes[by_pitch], axis=0)
        again[by_pitch[1:]] = (step[:, 2] == 0) & (step[:, 0] < 0.3)
        chance += rng.uniform(0.0, 0.5) * again
    kept: Doubles = notes[rng.random(len(notes)) >= chance]
    return kept


def _added(notes: Doubles, rng: np.random.Generator) -> Doubles:
    """Notes that nobody played."""
    if not len(notes):
        return notes[:0]
    n_elsewhere = rng.poisson(rng.uniform(0.0, 0.08) * len(notes))
    n_above = rng.poisson(rng.uniform(0.0, 0.08) * len(notes))
    n_again = rng.poisson(rng.uniform(0.0, 0.04) * len(notes))
    wrong = notes[rng.integers(len(notes), size=n_elsewhere + n_above + n_again)].copy()
    kind = np.repeat((0, 1, 2), (n_elsewhere, n_above, n_again))
    moved = np.select(
        [kind == 0, kind == 1],
        [rng.uniform(-1.0, 1.0, len(wrong)), rng.normal(0.0, 0.01, len(wrong))],
        rng.uniform(0.05, 0.4, len(wrong)),
    )
    wrong[:, :2] += moved[:, None]
    pitched = wrong[:, 4] == 0
    wrong[pitched & (kind == 0), 2] += rng.choice(
        (-12, 12, 7, 0), int((pitched & (kind == 0)).sum())
    )
    wrong[pitched & (kind == 1), 2] += rng.choice((-12, 12, 19), int((pitched & (kind == 1)).sum()))
    wrong[:, 3] *= rng.uniform(0.4, 0.8)
    return wrong


def clip(
    piece: BeatPiece, rng: np.random.Generator, *, n_frames: int
) -> tuple[np.ndarray, np.ndarray]:
    """Features (n_frames, N_FEATURES) and targets (n_frames, 2) of a stretch of a piece.

    Targets of downbeats are NaN where it is unknown which beats begin a bar.
    """
    if not piece.is_played and rng.random() < _MOTORIC_SHARE:
        piece = in_motion(piece, rng)
    if not piece.is_played and rng.random() < _ORNATE_SHARE * (1 + (piece.source == "keyboard")):
        piece = ornamented(piece, rng)
    notes, beats = played(piece, rng, most_bent=_MOST_BENT)
    notes = as_heard(notes, rng)
    length = n_frames * GRID.hop_length / GRID.sample_rate
    start = float(rng.uniform(-2.0, max(notes[-1, 0] - 0.6 * length, 0.0))) if len(notes) else 0.0
    inside = (notes[:, 1] > start) & (notes[:, 0] < start + length)
    part = notes[inside]
    if len(part) and rng.random() < 0.2 and np.any(part[:, 4]) and not np.all(part[:, 4]):
        part = part[part[:, 4] == float(rng.integers(2))]
    features = features_of(part, start, n_frames)
    wanted = targets(beats - start, piece.is_downbeat, n_frames)
    wanted[_unsure(beats - start, piece.is_sure, n_frames), 1] = np.nan
    return features, wanted


def features_of(notes: Doubles, start: float, n_frames: int) -> np.ndarray:
    """Of notes like those of a piece, from ``start`` on."""
    onset, offset = notes[:, 0] - start, notes[:, 1] - start
    return note_features(
        onset,
        np.maximum(offset, onset + 1e-3),
        notes[:, 2].astype(np.int64),
        notes[:, 3].astype(np.int64),
        notes[:, 4] > 0.5,
        n_frames=n_frames,
    )


def _unsure(beats: Doubles, is_sure: np.ndarray, n_frames: int) -> np.ndarray:
    """Frames that are nearer to an unsure beat than to a sure one; (n_frames,)."""
    times = np.arange(n_frames) * GRID.hop_length / GRID.sample_rate
    between = (beats[:-1] + beats[1:]) / 2
    return ~is_sure[np.searchsorted(between, times)]


def targets(beats: Doubles, is_downbeat: np.ndarray, n_frames: int) -> np.ndarray:
    """1 on the frame nearest to a beat or downbeat, a half on its neighbours; (n_frames, 2)."""
    drawn = np.zeros((n_frames, 2), dtype=np.float32)
    per_second = GRID.sample_rate / GRID.hop_length
    for column, times in enumerate((beats, beats[is_downbeat])):
        frames = np.round(times * per_second).astype(np.int64)
        for shift, height in ((-1, 0.5), (1, 0.5), (0, 1.0)):
            at = frames + shift
            at = at[(at >= 0) & (at < n_frames)]
            drawn[at, column] = np.maximum(drawn[at, column], height)
    return drawn
