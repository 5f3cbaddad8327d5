"""Clips of drums to rehearse with, computed from the kit that plays transcriptions.

No recording of drumming ships for it: rules say what is struck (``beats``), and every clip retunes
and equalises the kit, in rooms and recording conditions of every kind, at times beside an
instrument.
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np
import soxr
import torch
from torch import Tensor

from amtstudio.audio import FloatArray
from amtstudio.decoding.drum_decoder import DRUM_TRACK, LENGTH_S
from amtstudio.features import FrameGrid, hop_energies, running_level
from amtstudio.learning.drums.beats import Hits, drumming
from amtstudio.learning.instruments.clips import LEAD_S as INSTRUMENT_LEAD_S
from amtstudio.learning.instruments.clips import PLAYERS, recorded
from amtstudio.learning.recording_conditions import SAMPLE_RATE as INSTRUMENT_RATE
from amtstudio.learning.recording_conditions import filter_sound, record
from amtstudio.learning.replay import Excerpt
from amtstudio.learning.rooms import simulate_room
from amtstudio.learning.targets import render_targets
from amtstudio.playback.sample_bank import SampleBank
from amtstudio.playback.voices import KIT_DAMPING
from amtstudio.resources import resource_path
from amtstudio.symbolic import Note, NoteTable, Transcription
from amtstudio.symbolic.drums import DRUMS, KIT

LEAD_S = 1.0  # of sound before a clip: what rings into it
_TAIL_S = 0.3
_ROOM_SHARE, _ACCOMPANIED_SHARE = 0.6, 0.3
_LONGEST_S = 3.0  # of a stroke
# Keys of the kit that are each of the drums: some have two.
_KEYS = {
    "kick": (35, 36), "snare": (38, 40), "side_stick": (37,), "hihat_closed": (42, 44),
    "hihat_open": (46,), "tom_low": (41, 43), "tom_mid": (45, 47), "tom_high": (48, 50),
    "ride": (51, 59), "crash": (49, 57),
}  # fmt: skip
# dB of a full stroke against the others, as overheads have them.
_LEVELS_DB = {
    "side_stick": -5.0, "hihat_closed": -11.0, "hihat_open": -10.0, "ride": -12.0, "crash": -6.0,
}  # fmt: skip


@lru_cache(maxsize=1)
def _bank() -> SampleBank:
    return SampleBank(resource_path("instruments") / "drums", damping=KIT_DAMPING)


def stroke(key: int, velocity: int, sample_rate: int) -> FloatArray:
    """A stroke on the kit that ships, peak 1; mono, at most three seconds.

    It begins where it reaches a tenth of its peak: there the network places an onset.
    """
    samples = _bank().sound(key, velocity, sample_rate).samples.astype(np.float32)
    size = np.abs(samples)
    first = int(np.argmax(size >= 0.1 * size.max()))
    part = samples[first : first + round(_LONGEST_S * sample_rate)]
    scaled: FloatArray = part / np.float32(size.max() + 1e-9)
    return scaled


class DrumClips:
    """Endless labelled clips of drums: clip ``i`` of a seed is always the same.

    Parameters
    ----------
    grid : FrameGrid
    margin : int, samples
    n_frames : int
        Of a clip.
    seed : int
    """

    def __init__(self, *, grid: FrameGrid, margin: int, n_frames: int, seed: int = 0) -> None:
        self._grid, self._margin, self._n_frames, self._seed = grid, margin, n_frames, seed

    def clip(self, index: int) -> dict[str, Tensor]:
        """``audio``, ``level``, ``onset`` and ``velocity`` of one clip."""
        rng = np.random.default_rng([self._seed, index, 6])
        grid, hop, rate = self._grid, self._grid.hop_length, self._grid.sample_rate
        audio, hits = recorded_drums(grid.to_seconds(self._n_frames), rate, rng)
        begin = round(LEAD_S * rate)
        inside = audio[begin : begin + self._n_frames * hop]
        level = running_level(hop_energies(inside, hop), hop, rate)[: self._n_frames]
        padded = np.zeros((self._n_frames - 1) * hop + 2 * self._margin, dtype=np.float32)
        source = audio[begin - self._margin : begin - self._margin + len(padded)]
        padded[: len(source)] = source
        rows = [(time, time + LENGTH_S, KIT.pitches[int(drum)], v) for time, drum, v in hits]
        notes = np.array(rows, dtype=np.float64).reshape(-1, 4)
        targets = render_targets(notes, np.zeros((0, 2)), grid, self._n_frames, axis=KIT)
        arrays = {"audio": padded, "level": level}
        arrays |= {"onset": targets.onset, "velocity": targets.velocity}
        return {name: torch.from_numpy(array) for name, array in arrays.items()}


def drum_excerpt(seed: int, seconds: float, sample_rate: int) -> Excerpt:
    """Drums and what is struck, from time 0 on: to be judged by."""
    audio, hits = recorded_drums(seconds, sample_rate, np.random.default_rng([seed, 8]))
    begin = round(LEAD_S * sample_rate)
    notes = NoteTable.of(
        Note(time, time + LENGTH_S, KIT.pitches[int(drum)], int(velocity), track=DRUM_TRACK)
        for time, drum, velocity in hits
        if 0.0 <= time < seconds - 0.1
    )
    end = begin + round(seconds * sample_rate)
    return Excerpt(audio[begin:end], Transcription(notes, duration=seconds), "drums")


def recorded_drums(
    seconds: float, sample_rate: int, rng: np.random.Generator
) -> tuple[FloatArray, Hits]:
    """Drumming as recorded somewhere.

    Returns
    -------
    audio : np.ndarray, float32
        From ``LEAD_S`` before time 0 on.
    hits : np.ndarray, shape (n_hits, 3)
        Seconds from time 0 (some before it), index into ``DRUMS``, velocity.
    """
    total = LEAD_S + seconds + _TAIL_S
    hits = drumming(total, rng)
    audio = _played(hits, round(total * sample_rate), sample_rate, rng)
    response = simulate_room(rng) if rng.random() < _ROOM_SHARE else None
    if response is not None:
        response = soxr.resample(response, INSTRUMENT_RATE, sample_rate).astype(np.float32)
    audio = filter_sound(audio, response, rng, sample_rate)
    if rng.random() < _ACCOMPANIED_SHARE:
        player = PLAYERS[int(rng.integers(len(PLAYERS)))]
        other, _ = recorded(player, total - INSTRUMENT_LEAD_S, rng)
        other = soxr.resample(other, INSTRUMENT_RATE, sample_rate)[: len(audio)]
        ratio = 10.0 ** (rng.uniform(-12.0, 3.0) / 20.0)
        scale = ratio * np.sqrt(np.mean(audio**2)) / (np.sqrt(np.mean(other**2)) + 1e-9)
        audio[: len(other)] += other * np.float32(scale)
    hits = hits.copy()
    hits[:, 0] -= LEAD_S
    return record(audio, rng), hits


def _played(hits: Hits, n_samples: int, sample_rate: int, rng: np.random.Generator) -> FloatArray:
    """Strokes on a kit that is tuned and equalised drum by drum."""
    audio = np.zeros(n_samples + round((_LONGEST_S + 1.0) * sample_rate), dtype=np.float32)
    exponent = rng.uniform(1.1, 1.7)
    sounds: dict[tuple[int, int], FloatArray] = {}
    kit = {drum: _altered_drum(drum, rng) for drum in DRUMS}
    closes = _closings(hits)
    for (time, number, velocity), closed in zip(hits, closes, strict=True):
        drum = DRUMS[int(number)]
        key, ratio, gain_db, seed = kit[drum]
        layer = 40 if velocity < 60 else 80 if velocity < 98 else 115
        if (int(number), layer) not in sounds:
            made = soxr.resample(stroke(key, layer, sample_rate), ratio, 1.0, quality="MQ")
            shaped = filter_sound(
                made.astype(np.float32), None, np.random.default_rng(seed), sample_rate
            )
            sounds[int(number), layer] = shaped / np.float32(np.abs(shaped).max() + 1e-9)
        sound = sounds[int(number), layer]
        if closed is not None:
            sound = _closed(sound, closed - time, sample_rate)
        gain = 10.0 ** (gain_db / 20.0) * (velocity / 127.0) ** exponent
        first = round(time * sample_rate)
        audio[first : first + len(sound)] += sound * np.float32(gain)
    return audio[:n_samples]


def _altered_drum(drum: str, rng: np.random.Generator) -> tuple[int, float, float, int]:
    """Its key, how much faster it plays, its level in dB, and the seed of its equaliser."""
    key = int(rng.choice(_KEYS[drum]))
    ratio = 2.0 ** (float(np.clip(rng.normal(0.0, 1.5), -3.0, 3.0)) / 12.0)
    gain_db = _LEVELS_DB.get(drum, 0.0) + rng.normal(0.0, 3.0)
    return key, ratio, gain_db, int(rng.integers(2**31))


def _closings(hits: Hits) -> list[float | None]:
    """When an open hi-hat is closed: at the next stroke on the hi-hat."""
    opened = DRUMS.index("hihat_open")
    closed = DRUMS.index("hihat_closed")
    following: float | None = None
    times: list[float | None] = [None] * len(hits)
    for index in range(len(hits) - 1, -1, -1):
        if hits[index, 1] in (opened, closed):
            times[index] = following if hits[index, 1] == opened else None
            following = float(hits[index, 0])
    return times


def _closed(sound: FloatArray, after_s: float, sample_rate: int) -> FloatArray:
    first, n_fade = max(round(after_s * sample_rate), 0), round(0.03 * sample_rate)
    if first >= len(sound):
        return sound
    cut = sound[: first + n_fade].copy()
    cut[first:] *= np.linspace(1.0, 0.0, len(cut) - first, dtype=np.float32)
    return cut
