"""One clip of training audio with its truth."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import soxr

from amtstudio.features import hop_energies, running_level
from amtstudio.learning.recording_conditions import filter_sound, record
from amtstudio.learning.targets import TargetKind, Targets, render_targets
from training.synthesis.performance import LEAD_S, Performance, Repertoire, perform
from training.synthesis.piano_bank import ATTACK_S, SAMPLE_RATE, PianoBank

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt

    from amtstudio.features import FrameGrid
    from amtstudio.learning.rooms import RoomPool

HIGHEST_DAMPED_PITCH = 89  # the keys above have no damper


@dataclass(frozen=True)
class Clip:
    """A clip and its truth.

    Attributes
    ----------
    audio : np.ndarray, shape (n_samples,)
        With the model's margin at both ends.
    level : np.ndarray, shape (n_frames,)
    targets : Targets
    notes : np.ndarray, shape (n_notes, 4)
        Onset and end of the sound in seconds from frame 0, pitch, velocity; those that reach into
        the clip from outside among them.
    """

    audio: npt.NDArray[np.float32]
    level: npt.NDArray[np.float32]
    targets: Targets
    notes: npt.NDArray[np.float64]


@dataclass(frozen=True)
class ClipMaker:
    """Makes clips of ``n_frames`` frames: music, piano, room and recording drawn anew each time."""

    banks: Sequence[PianoBank]
    repertoire: Repertoire
    rooms: RoomPool | None  # None: as dry as the samples are
    grid: FrameGrid
    margin: int
    n_frames: int = 320
    targets: TargetKind = "shared"
    detune_cents: float = 16.0  # standard deviation of the tuning
    room_share: float = 0.75
    silent_share: float = 0.01

    def make(self, rng: np.random.Generator) -> Clip:
        """Make a clip; the same generator state gives the same clip."""
        duration = self.grid.to_seconds(self.n_frames)
        cents = float(np.clip(rng.normal(0.0, self.detune_cents), -60.0, 60.0))
        stretch = 2.0 ** (-cents / 1200.0)  # higher tuning: a shorter clip out of the same sound
        performance = perform(self.repertoire, duration / stretch, rng)
        bank = self.banks[int(rng.integers(len(self.banks)))]
        if rng.random() < self.silent_share:
            performance = Performance(np.zeros((0, 5)), np.zeros((0, 2)))
        # The sound before the clip belongs to it: its echo and the notes held into it.
        n_lead = round(LEAD_S * SAMPLE_RATE)
        n_total = n_lead + round((duration / stretch + 0.5) * SAMPLE_RATE)
        sound = render(performance, bank, n_total, rng)
        sound = soxr.resample(sound, SAMPLE_RATE, SAMPLE_RATE * stretch, quality="MQ")
        in_room = self.rooms is not None and rng.random() < self.room_share
        response = self.rooms.choose(rng) if in_room and self.rooms is not None else None
        sound = filter_sound(sound, response, rng)
        audio = record(sound, rng)
        return self._cut(audio, performance, round(n_lead * stretch), stretch)

    def _cut(
        self,
        audio: npt.NDArray[np.float32],
        performance: Performance,
        start: int,
        stretch: float,
    ) -> Clip:
        n_samples = self.n_frames * self.grid.hop_length
        inside = audio[start : start + n_samples]
        energies = hop_energies(inside, self.grid.hop_length)
        level = running_level(energies, self.grid.hop_length, self.grid.sample_rate)
        span = (self.n_frames - 1) * self.grid.hop_length + 2 * self.margin
        padded = np.zeros(span, dtype=np.float32)
        # A clip stands for the middle of a recording: what sounds around it is heard at its ends.
        first = start - self.margin
        source = audio[max(first, 0) : first + span]
        padded[max(-first, 0) : max(-first, 0) + len(source)] = source
        notes = performance.notes[:, [0, 2, 3, 4]] * np.array([stretch, stretch, 1.0, 1.0])
        targets = render_targets(
            notes, performance.pedals * stretch, self.grid, self.n_frames, kind=self.targets
        )
        return Clip(padded, level, targets, notes)


def render(
    performance: Performance, bank: PianoBank, n_samples: int, rng: np.random.Generator
) -> npt.NDArray[np.float32]:
    """Add up the sampled notes; second 0 of the performance is at ``LEAD_S``."""
    audio = np.zeros(n_samples + SAMPLE_RATE, dtype=np.float32)
    damping = rng.uniform(0.04, 0.12)  # seconds, how slowly this piano's felt stops a string
    # Actions differ in how much softer a soft touch is: more than the samples say, as a rule.
    touch_db = rng.uniform(-4.0, 14.0)  # for a decade of velocity, on top of the bank's own
    for onset, _, end, pitch, velocity in performance.notes:
        samples, gain = bank.note(int(pitch), velocity)
        start = round((onset + LEAD_S - ATTACK_S) * SAMPLE_RATE)
        if start < 0 or start >= n_samples:
            continue
        tau = damping * (1.6 if pitch < 48 else 1.0)
        held = round((end - onset + ATTACK_S) * SAMPLE_RATE)
        if pitch > HIGHEST_DAMPED_PITCH:
            held = len(samples)
        released = min(len(samples), held + round(5 * tau * SAMPLE_RATE), len(audio) - start)
        touch = 10.0 ** (touch_db * np.log10(velocity / 64.0) / 20.0)
        samples = samples[:released] * np.float32(gain * touch)
        if held < released:
            fade = np.exp(-np.arange(released - held, dtype=np.float32) / (tau * SAMPLE_RATE))
            samples[held:] *= fade
        audio[start : start + released] += samples
    return audio[:n_samples]
