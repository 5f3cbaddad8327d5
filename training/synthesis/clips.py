"""One clip of training audio with its truth."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

import numpy as np
import soxr

from amtstudio.features import hop_energies, running_level
from amtstudio.learning.codecs import through_any_codec
from amtstudio.learning.recording_conditions import filter_sound, heard_as_files_are, record
from amtstudio.learning.targets import TargetKind, Targets, render_targets
from training.synthesis.performance import LEAD_S, Performance, Repertoire, perform
from training.synthesis.piano_bank import ATTACK_S, SAMPLE_RATE, PianoBank
from training.synthesis.playing import (
    AS_SAMPLED,
    Playing,
    brightened,
    draw_playing,
    draw_variation,
)
from training.synthesis.resonance import string_response, with_resonance

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt

    from amtstudio.features import FrameGrid
    from amtstudio.learning.rooms import RoomPool

FAR_DETUNED_CENTS = 50.0
PLAIN_LEVEL_DB = -26.0  # RMS, of full scale
N_STRINGINGS = 32  # pianos whose strings answer differently


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
    """Makes clips of ``n_frames`` frames: each time with new music, piano, room and recording."""

    banks: Sequence[PianoBank]
    repertoire: Repertoire
    rooms: RoomPool | None  # None: as dry as the samples are
    grid: FrameGrid
    margin: int
    n_frames: int = 320
    targets: TargetKind = "shared"
    # Recordings are retuned before the model, except live ones.
    detune_cents: float = 8.0  # standard deviation of the tuning of most clips
    far_detuned_share: float = 0.15  # of clips tuned anywhere within FAR_DETUNED_CENTS
    coded_share: float = 0.1  # of clips that went through a lossy codec
    uneven_share: float = 0.3  # of clips on a piano whose keys are out of tune with each other
    varied_share: float = 0.3  # of clips on a piano that differs from the sampled one
    resonant_share: float = 0.5  # of clips whose strings answer while the pedal is down
    room_share: float = 0.75
    silent_share: float = 0.01
    dereverberates: bool = False  # most clips are like files are for a model, without late echo
    is_recorded: bool = True  # False: as the samples sound, in tune, without room and noise

    def make(self, rng: np.random.Generator) -> Clip:
        """Make a clip; the same generator state gives the same clip."""
        duration = self.grid.to_seconds(self.n_frames)
        cents = self._tuning(rng) if self.is_recorded else 0.0
        stretch = 2.0 ** (-cents / 1200.0)  # higher tuning: a shorter clip out of the same sound
        performance = perform(self.repertoire, duration / stretch, rng)
        bank = self.banks[int(rng.integers(len(self.banks)))]
        if rng.random() < self.silent_share:
            performance = Performance(np.zeros((0, 5)), np.zeros((0, 2)))
        # The sound before the clip belongs to it: its echo and the notes held into it.
        n_lead = round(LEAD_S * SAMPLE_RATE)
        n_total = n_lead + round((duration / stretch + 0.5) * SAMPLE_RATE)
        is_uneven = self.is_recorded and rng.random() < self.uneven_share
        uneven = rng.uniform(2.0, 9.0) if is_uneven else 0.0
        is_varied = self.is_recorded and rng.random() < self.varied_share
        variation = draw_variation(rng) if is_varied else AS_SAMPLED
        playing = draw_playing(
            performance,
            rng,
            uneven_cents=uneven,
            as_sampled=not self.is_recorded,
            variation=variation,
        )
        sound = render(playing, bank, n_total)
        if not self.is_recorded:
            return self._cut(at_level(sound, PLAIN_LEVEL_DB), performance, n_lead, 1.0)
        if rng.random() < self.resonant_share:
            response = _stringing(int(rng.integers(N_STRINGINGS)))
            level_db = rng.uniform(-30.0, -10.0)
            sound = with_resonance(sound, performance.pedals + LEAD_S, response, level_db)
        sound = soxr.resample(sound, SAMPLE_RATE, SAMPLE_RATE * stretch, quality="MQ")
        in_room = self.rooms is not None and rng.random() < self.room_share
        room = self.rooms.choose(rng) if in_room and self.rooms is not None else None
        sound = filter_sound(sound, room, rng)
        audio = record(sound, rng)
        if rng.random() < self.coded_share:
            audio = through_any_codec(audio, rng)
        if self.dereverberates:
            audio = heard_as_files_are(audio, rng)
        return self._cut(audio, performance, round(n_lead * stretch), stretch)

    def _tuning(self, rng: np.random.Generator) -> float:
        if rng.random() < self.far_detuned_share:
            return float(rng.uniform(-FAR_DETUNED_CENTS, FAR_DETUNED_CENTS))
        return float(np.clip(rng.normal(0.0, self.detune_cents), -60.0, 60.0))

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
        # A clip represents the middle of a recording: what sounds around it is audible at its ends.
        first = start - self.margin
        source = audio[max(first, 0) : first + span]
        padded[max(-first, 0) : max(-first, 0) + len(source)] = source
        notes = performance.notes[:, [0, 2, 3, 4]] * np.array([stretch, stretch, 1.0, 1.0])
        targets = render_targets(
            notes, performance.pedals * stretch, self.grid, self.n_frames, kind=self.targets
        )
        return Clip(padded, level, targets, notes)


def render(playing: Playing, bank: PianoBank, n_samples: int) -> npt.NDArray[np.float32]:
    """Add up the sampled strings; second 0 of what is played is at ``LEAD_S``."""
    audio = np.zeros(n_samples + SAMPLE_RATE, dtype=np.float32)
    strings = zip(*vars(playing).values(), strict=True)
    for onset, length, tau, pitch, velocity, loudness, cents, decay, brightness in strings:
        samples, gain = bank.note(int(pitch), velocity)
        start = round((onset + LEAD_S - ATTACK_S) * SAMPLE_RATE)
        if start < 0 or start >= n_samples:
            continue
        held = len(samples)
        if np.isfinite(length):
            held = round((length + ATTACK_S) * SAMPLE_RATE)
        released = min(len(samples), held + round(5 * tau * SAMPLE_RATE), len(audio) - start)
        if retuned := cents - bank.tuning_cents:
            samples = _retune(samples[: released + 1], retuned)
            released = min(released, len(samples))
        if brightness:
            samples = brightened(samples[:released], brightness)
        samples = samples[:released] * np.float32(gain * loudness)
        if decay:
            times = np.arange(released, dtype=np.float32) / np.float32(SAMPLE_RATE)
            samples *= np.exp(np.float32(-decay) * times)
        if held < released:
            fade = np.exp(-np.arange(released - held, dtype=np.float32) / (tau * SAMPLE_RATE))
            samples[held:] *= fade
        audio[start : start + released] += samples
    return audio[:n_samples]


def at_level(audio: npt.NDArray[np.float32], level_db: float) -> npt.NDArray[np.float32]:
    """The same sound with an RMS of ``level_db``, in decibels of full scale."""
    rms = float(np.sqrt(np.mean(audio**2)))
    return audio * np.float32(10.0 ** (level_db / 20.0) / max(rms, 1e-9))


@cache
def _stringing(number: int) -> npt.NDArray[np.float32]:
    return string_response(np.random.default_rng(number))


def _retune(samples: npt.NDArray[np.float32], cents: float) -> npt.NDArray[np.float32]:
    """Play ``samples`` faster or slower; straight lines will do for a few cents."""
    ratio = 2.0 ** (cents / 1200.0)
    times = np.arange(int((len(samples) - 1) / ratio)) * ratio
    whole = times.astype(np.int64)
    part = (times - whole).astype(np.float32)
    retuned: npt.NDArray[np.float32] = samples[whole] + part * (samples[whole + 1] - samples[whole])
    return retuned
