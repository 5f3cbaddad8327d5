"""Songs with drums: a popular song, with a drum performance aligned to its beats."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import numpy.typing as npt

from training.beats.pieces import KNOWN_BARS, BeatPiece, Doubles

_BEATS = 4  # of a bar, of both
_SAME_LENGTH = 0.97  # of the bars have so many beats
_FEWEST_BARS = 2  # of drumming
_LATEST_BAR = 12  # in which the drums begin
_BEGINS_LATER = 0.4  # of the songs
_FASTEST_SHARE, _SLOWEST_SHARE = 1.35, 0.74  # of the tempo at which the drumming was played


def songs_in_four(pieces: Sequence[BeatPiece]) -> list[BeatPiece]:
    """Popular songs in four whose bars are known."""
    songs = [piece for piece in pieces if piece.source == "pop909"]
    return [song for song in songs if song.is_sure.mean() > KNOWN_BARS and _is_in_four(song)]


def drumming_in_four(pieces: Sequence[BeatPiece]) -> list[BeatPiece]:
    """Drumming in four, of two bars and more."""
    drumming = [piece for piece in pieces if piece.source == "groove"]
    return [
        piece
        for piece in drumming
        if np.count_nonzero(piece.is_downbeat) > _FEWEST_BARS and _is_in_four(piece)
    ]


def _is_in_four(piece: BeatPiece) -> bool:
    lengths = np.diff(np.flatnonzero(piece.is_downbeat))
    return len(lengths) > 0 and float(np.mean(lengths == _BEATS)) >= _SAME_LENGTH


def band_piece(
    song: BeatPiece, drumming: Sequence[BeatPiece], rng: np.random.Generator
) -> BeatPiece:
    """A song with drums that begin on one of its first bars and go on to its end.

    A pattern is played on the beats of the song, bar upon bar, again and again; of ``drumming`` one
    of about the tempo of the song is taken, if there is one.
    """
    beat_s = float(np.median(np.diff(song.beats)))
    drums = _fitting(drumming, beat_s, rng)
    first = np.flatnonzero(drums.is_downbeat)[0]
    n_bars = int(np.count_nonzero(drums.is_downbeat)) - 1
    places = _places(drums.beats, drums.notes[:, 0]) - first
    length = n_bars * _BEATS
    inside = (places >= -0.25) & (places < length - 0.25)  # a stroke before the beat belongs to it
    strokes, places = drums.notes[inside], places[inside]
    downbeats = np.flatnonzero(song.is_downbeat)
    bar = 0
    if rng.random() < _BEGINS_LATER:
        bar = int(rng.integers(min(_LATEST_BAR, len(downbeats))))
    parts = []
    for start in range(int(downbeats[bar]), len(song.beats), length):
        at = places + start
        kept = (at >= 0) & (at <= len(song.beats) - 1)
        part = strokes[kept].copy()
        onset = np.interp(at[kept], np.arange(len(song.beats)), song.beats)
        part[:, 1] = onset + (part[:, 1] - part[:, 0])
        part[:, 0] = onset
        parts.append(part)
    notes = np.concatenate([song.notes, *parts])
    notes = notes[np.argsort(notes[:, 0], kind="stable")]
    return replace(song, name=f"{song.name} with {drums.name}", source="bands", notes=notes)


def _fitting(drumming: Sequence[BeatPiece], beat_s: float, rng: np.random.Generator) -> BeatPiece:
    lengths = np.array([float(np.median(np.diff(piece.beats))) for piece in drumming])
    ratio = lengths / beat_s
    near = np.flatnonzero((ratio > _SLOWEST_SHARE) & (ratio < _FASTEST_SHARE))
    if not len(near):
        near = np.array([int(np.argmin(np.abs(np.log(ratio))))])
    return drumming[int(rng.choice(near))]


def _places(beats: Doubles, times: Doubles) -> Doubles:
    """Times in beats, those beyond the first and the last beat at the tempo there."""
    index = np.arange(len(beats), dtype=float)
    places: npt.NDArray[np.float64] = np.interp(times, beats, index)
    before, after = times < beats[0], times > beats[-1]
    places[before] = (times[before] - beats[0]) / (beats[1] - beats[0])
    places[after] = index[-1] + (times[after] - beats[-1]) / (beats[-1] - beats[-2])
    return places
