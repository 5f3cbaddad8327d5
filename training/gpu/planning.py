"""What a clip shall sound like, in numbers: drawn on a processor core, rendered on the GPU."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import TYPE_CHECKING

import numpy as np
import torch
from torch.utils.data import Dataset

from amtstudio.learning.recording_conditions import SAMPLE_RATE, draw_equaliser
from amtstudio.learning.rooms import RECORDED_SHARE
from amtstudio.learning.targets import render_targets
from training.synthesis.performance import LEAD_S, Performance, Repertoire, perform
from training.synthesis.piano_bank import ATTACK_S
from training.synthesis.playing import AS_SAMPLED, Playing, draw_playing, draw_variation

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt
    from torch import Tensor

    from amtstudio.features import FrameGrid
    from training.gpu.pack import PackedPiano

TAIL_S = 0.5  # rendered behind the clip
N_EQUALISER = 1025  # points of the curve, evenly from 0 Hz to the Nyquist rate
N_STRINGINGS = 32
N_SIMULATED = 400
_FALLS = 5.0  # times the fade of a string, after which it is silent
FAR_DETUNED_CENTS = 50.0

# Columns of a string that is struck.
STRING = (
    "clip",
    "start",  # samples into the clip's sound at which its recording begins, with a fraction
    "first",  # sample of all recordings
    "length",  # samples of its recording
    "rate",  # samples of the recording a sample
    "gain",
    "held",  # samples until it is damped
    "fade",  # samples in which it falls to 1/e then
    "decay",  # a sample
    "brightness",
)


@dataclass(frozen=True)
class Odds:
    """How often what happens; as in ``ClipMaker`` where that has the same, and in ``record``."""

    detune_cents: float = 8.0
    far_detuned: float = 0.15
    uneven: float = 0.3
    varied: float = 0.3
    resonant: float = 0.5
    room: float = 0.75
    silent: float = 0.01
    compressed: float = 0.15
    hum: float = 0.15
    clipped: float = 0.08
    dereverberated: float = 0.75


@dataclass
class Plan:
    """One clip, or many: then with a first axis of clips, and strings of all of them.

    Attributes
    ----------
    strings : np.ndarray, shape (n_strings, len(STRING))
    pedal : np.ndarray of float32, shape (n_hops,)
        Share of each ``PEDAL_HOP`` samples in which the pedal is down.
    settings : np.ndarray, shape (len(SETTINGS),)
    equaliser : np.ndarray of float32, shape (N_EQUALISER,)
    targets : dict of np.ndarray
        By head, as ``render_targets`` draws them.
    """

    strings: npt.NDArray[np.float64]
    pedal: npt.NDArray[np.float32]
    settings: npt.NDArray[np.float64]
    equaliser: npt.NDArray[np.float32]
    targets: dict[str, npt.NDArray[np.float32]]


PEDAL_HOP = 160  # samples
# What holds for a whole clip; NaN: nothing of the kind.
SETTINGS = (
    "resonance_db",
    "stringing",
    "room",  # number in the pool, recorded ones first
    "distance",  # of what a recorded room answers after 5 ms
    "compression",
    "compression_hops",
    "noise_db",  # below the music
    "noise_colour",
    "hum_hz",
    "hum_db",
    "ceiling",  # times the RMS level
    "level_db",
    "dereverberates",
)


@dataclass(frozen=True)
class Planner:
    """Plans clips of ``n_frames`` frames, as ``ClipMaker`` makes them but for lossy codecs."""

    pianos: Sequence[PackedPiano]
    repertoire: Repertoire
    n_recorded_rooms: int
    grid: FrameGrid
    n_frames: int
    dereverberates: bool
    odds: Odds = Odds()

    @property
    def first_samples(self) -> npt.NDArray[np.int64]:
        """Of each piano, where its samples begin among those of all, one after the other."""
        sizes = np.array([len(piano.samples) for piano in self.pianos])
        starts: npt.NDArray[np.int64] = np.cumsum(sizes) - sizes
        return starts

    @property
    def n_samples(self) -> int:
        """Of the sound of a clip, with what came before it."""
        return sound_length(self.grid, self.n_frames)

    def plan(self, rng: np.random.Generator) -> Plan:
        """Draw a clip; the same generator state gives the same plan."""
        odds = self.odds
        duration = self.grid.to_seconds(self.n_frames)
        cents = float(np.clip(rng.normal(0.0, odds.detune_cents), -60.0, 60.0))
        if rng.random() < odds.far_detuned:
            cents = float(rng.uniform(-FAR_DETUNED_CENTS, FAR_DETUNED_CENTS))
        performance = perform(self.repertoire, duration, rng)
        if rng.random() < odds.silent:
            performance = Performance(np.zeros((0, 5)), np.zeros((0, 2)))
        index = int(rng.integers(len(self.pianos)))
        playing = draw_playing(
            performance,
            rng,
            uneven_cents=rng.uniform(2.0, 9.0) if rng.random() < odds.uneven else 0.0,
            variation=draw_variation(rng) if rng.random() < odds.varied else AS_SAMPLED,
        )
        drawn = render_targets(
            performance.notes[:, [0, 2, 3, 4]], performance.pedals, self.grid, self.n_frames
        )
        return Plan(
            strings=self._strings(playing, index, cents),
            pedal=self._pedal(performance.pedals),
            settings=self._settings(rng),
            equaliser=draw_equaliser(np.linspace(0.0, 0.5 * SAMPLE_RATE, N_EQUALISER), rng),
            targets={entry.name: getattr(drawn, entry.name) for entry in fields(drawn)},
        )

    def _strings(self, playing: Playing, index: int, cents: float) -> npt.NDArray[np.float64]:
        piano = self.pianos[index]
        rows, gains = piano.nearest(playing.pitches, playing.velocities)
        semitones = playing.pitches - piano.pitches[rows]
        tuning = playing.cents - piano.tuning_cents + cents
        rates = 2.0 ** (semitones / 12.0 + tuning / 1200.0)
        attack = ATTACK_S * SAMPLE_RATE  # the same in all recordings, whatever their rate
        # Held and fading are of the string, not of the recording: they do not change with the rate.
        columns = {
            "clip": np.zeros(len(rows)),
            "start": (playing.onsets + LEAD_S) * SAMPLE_RATE - attack / rates,
            "first": (piano.starts[rows] + self.first_samples[index]).astype(np.float64),
            "length": piano.lengths[rows].astype(np.float64),
            "rate": rates,
            "gain": gains * playing.gains,
            "held": playing.held * SAMPLE_RATE + attack / rates,
            "fade": playing.fades * SAMPLE_RATE,
            "decay": playing.decays / SAMPLE_RATE,
            "brightness": playing.brightness,
        }
        strings = np.column_stack([columns[name] for name in STRING])
        inside = (columns["start"] >= 0.0) & (columns["start"] < self.n_samples)
        struck: npt.NDArray[np.float64] = strings[inside]
        return struck

    def _pedal(self, pedals: npt.NDArray[np.float64]) -> npt.NDArray[np.float32]:
        n_hops = -(-self.n_samples // PEDAL_HOP)
        down = np.zeros(n_hops + 1)
        for start, end in (pedals + LEAD_S) * SAMPLE_RATE / PEDAL_HOP:
            first, last = np.clip([start, end], 0.0, n_hops)
            down[int(first) : int(last)] = 1.0
        return down[:n_hops].astype(np.float32)

    def _settings(self, rng: np.random.Generator) -> npt.NDArray[np.float64]:
        odds = self.odds
        drawn = dict.fromkeys(SETTINGS, np.nan)
        if rng.random() < odds.resonant:
            drawn["resonance_db"] = rng.uniform(-30.0, -10.0)
            drawn["stringing"] = float(rng.integers(N_STRINGINGS))
        if rng.random() < odds.room:
            is_recorded = self.n_recorded_rooms and rng.random() < RECORDED_SHARE
            drawn["room"] = float(
                rng.integers(self.n_recorded_rooms)
                if is_recorded
                else self.n_recorded_rooms + rng.integers(N_SIMULATED)
            )
            drawn["distance"] = rng.uniform(0.15, 1.0) if is_recorded else 1.0
        if rng.random() < odds.compressed:
            drawn["compression"] = 0.5 * rng.uniform(0.2, 0.6)
            drawn["compression_hops"] = float(rng.integers(10, 60))
        drawn["noise_db"] = rng.uniform(10.0, 65.0)
        colour = rng.uniform(0.0, 1.0)
        drawn["noise_colour"] = colour if colour >= 0.3 else 0.0
        if rng.random() < odds.hum:
            drawn["hum_hz"] = 50.0 if rng.random() < 0.5 else 60.0
            drawn["hum_db"] = rng.uniform(25.0, 50.0)
        if rng.random() < odds.clipped:
            drawn["ceiling"] = rng.uniform(2.0, 5.0)
        drawn["level_db"] = rng.uniform(-40.0, -12.0)
        if self.dereverberates and rng.random() < odds.dereverberated:
            drawn["dereverberates"] = 1.0
        return np.array([drawn[name] for name in SETTINGS])


def sound_length(grid: FrameGrid, n_frames: int) -> int:
    """Samples of the sound of a clip, with the lead before and the tail behind it."""
    return round((LEAD_S + grid.to_seconds(n_frames) + TAIL_S) * SAMPLE_RATE)


class PlannedClips(Dataset[Plan]):
    """Plan ``i`` of seed ``s`` is always the same."""

    def __init__(self, planner: Planner, *, seed: int) -> None:
        self._planner, self._seed = planner, seed

    def __getitem__(self, index: int) -> Plan:
        return self._planner.plan(np.random.default_rng([self._seed, index]))


def together(plans: Sequence[Plan]) -> dict[str, Tensor]:
    """The plans of a batch as tensors, targets under the names of their heads."""
    strings = np.concatenate([plan.strings for plan in plans])
    counts = [len(plan.strings) for plan in plans]
    strings[:, STRING.index("clip")] = np.repeat(np.arange(len(plans)), counts)
    arrays = {
        "strings": strings,
        "pedal_hops": np.stack([plan.pedal for plan in plans]),
        "settings": np.stack([plan.settings for plan in plans]),
        "equaliser": np.stack([plan.equaliser for plan in plans]),
    }
    arrays |= {name: np.stack([plan.targets[name] for plan in plans]) for name in plans[0].targets}
    return {name: torch.from_numpy(array) for name, array in arrays.items()}
