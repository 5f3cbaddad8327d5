"""SoundFonts, played by FluidSynth: a program of the developer's, not of the product's users."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import soxr

if TYPE_CHECKING:
    from pathlib import Path

    import numpy.typing as npt

SAMPLE_RATE = 16000  # Hz
_FONT_RATE = 44100  # below this FluidSynth folds the top of the samples back
_BEND_STEPS = 8192
_DRUM_CHANNEL = 9


class SoundFont:
    """One SoundFont in memory. Needs FluidSynth and ``pip install pyfluidsynth``."""

    def __init__(self, path: Path) -> None:
        import fluidsynth  # noqa: PLC0415 - only who renders material needs it

        self._synth: Any = fluidsynth.Synth(samplerate=float(_FONT_RATE), gain=0.4)
        self._font = self._synth.sfload(str(path))
        if self._font < 0:
            raise ValueError(f"FluidSynth cannot load {path}")

    def render(
        self,
        notes: npt.NDArray[np.float64],
        rng: np.random.Generator,
        *,
        bank: int,
        program: int,
        seconds: float,
        expressive: bool = False,
    ) -> npt.NDArray[np.float32]:
        """Play notes, shape (n_notes, 4): onset, offset, pitch, velocity; 16 kHz, mono.

        ``expressive``: vibrato and swells of a wind or bowed instrument.
        """
        channel = _DRUM_CHANNEL if bank == 128 else 0
        self._synth.system_reset()
        self._synth.set_reverb(0.0, 0.0, 0.0, 0.0)
        self._synth.set_chorus(0, 0.0, 0.1, 0.1)
        self._synth.program_select(channel, self._font, bank, program)
        events = [(onset, 1, int(pitch), int(velocity)) for onset, _, pitch, velocity in notes]
        events += [(offset, 0, int(pitch), 0) for _, offset, pitch, _ in notes]
        # Tuning, brightness and envelope differ between players as between instruments.
        bend = int(rng.normal(0, 0.15) * _BEND_STEPS / 2)
        for control in (71, 72, 73, 74):
            if rng.random() < 0.5:
                self._synth.cc(channel, control, int(np.clip(rng.normal(64, 18), 0, 127)))
        self._synth.pitch_bend(channel, int(np.clip(bend, -_BEND_STEPS, _BEND_STEPS - 1)))
        if expressive:
            events += self._swells(rng, seconds)
        return self._play(sorted(events), channel, seconds)

    def _swells(
        self, rng: np.random.Generator, seconds: float
    ) -> list[tuple[float, int, int, int]]:
        times = np.arange(0.0, seconds, 0.15)
        curve = np.interp(times, np.linspace(0, seconds, 8), rng.uniform(70, 127, 8))
        vibrato = np.interp(times, np.linspace(0, seconds, 5), rng.uniform(0, 70, 5))
        events = [(float(t), 2, 11, int(value)) for t, value in zip(times, curve, strict=True)]
        if rng.random() < 0.7:
            events += [(float(t), 2, 1, int(v)) for t, v in zip(times, vibrato, strict=True)]
        return events

    def _play(
        self, events: list[tuple[float, int, int, int]], channel: int, seconds: float
    ) -> npt.NDArray[np.float32]:
        blocks = []
        position = 0
        for time, kind, number, value in [*events, (seconds, 3, 0, 0)]:
            n_samples = round(min(time, seconds) * _FONT_RATE) - position
            if n_samples > 0:
                block = self._synth.get_samples(n_samples).reshape(-1, 2)
                blocks.append(block.astype(np.float32).mean(axis=1) / 32768.0)
                position += n_samples
            if kind == 1:
                self._synth.noteon(channel, number, value)
            elif kind == 0:
                self._synth.noteoff(channel, number)
            elif kind == 2:
                self._synth.cc(channel, number, value)
        audio: npt.NDArray[np.float32] = soxr.resample(
            np.concatenate(blocks), _FONT_RATE, SAMPLE_RATE
        )
        return audio
