"""Impulse responses: recorded rooms and simulated ones."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import soundfile

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    import numpy.typing as npt

SAMPLE_RATE = 16000  # Hz
RECORDED_SHARE = 0.35  # of the rooms that are chosen, where there are recorded ones
LONGEST_S = 2.5  # what comes later in a hall is below the noise of a recording


def load_rooms(folder: Path) -> list[npt.NDArray[np.float32]]:
    """The recorded responses in ``folder``, direct sound first, its peak at 1."""
    rooms = []
    for path in sorted(folder.glob("*.flac")):
        response, sample_rate = soundfile.read(path, dtype="float32", always_2d=True)
        if sample_rate != SAMPLE_RATE:
            raise ValueError(f"{path} is at {sample_rate} Hz, not {SAMPLE_RATE}")
        rooms.append(_from_direct_sound(response.mean(axis=1)))
    return rooms


def _from_direct_sound(response: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
    # What comes before a tenth of the peak is pre-delay or noise; cutting there keeps labels true.
    size = np.abs(response)
    first = int(np.argmax(size > 0.3 * size.max()))
    response = response[first : first + round(LONGEST_S * SAMPLE_RATE)].copy()
    fade = min(len(response), 800)
    response[-fade:] *= np.linspace(1, 0, fade, dtype=np.float32)
    scaled: npt.NDArray[np.float32] = response / np.abs(response[:80]).max()
    return scaled


def simulate_room(rng: np.random.Generator) -> npt.NDArray[np.float32]:
    """A random room: direct sound, a few early reflections, a tail that darkens as it decays."""
    rt60 = float(np.exp(rng.uniform(np.log(0.15), np.log(2.5))))
    n_samples = round(min(rt60 * 1.1, LONGEST_S) * SAMPLE_RATE)
    times = np.arange(n_samples) / SAMPLE_RATE
    tail = np.zeros(n_samples)
    spectrum_split = (0, 500, 2000, 8000)
    noise = np.fft.rfft(rng.standard_normal(n_samples))
    frequencies = np.fft.rfftfreq(n_samples, 1 / SAMPLE_RATE)
    for low, high, share in zip(spectrum_split, spectrum_split[1:], (1.15, 1.0, 0.6), strict=False):
        band = np.fft.irfft(
            np.where((frequencies >= low) & (frequencies < high), noise, 0), n_samples
        )
        tail += band * 10.0 ** (-3.0 * times / (rt60 * share * rng.uniform(0.8, 1.2)))
    start = round(rng.uniform(0.002, 0.03) * SAMPLE_RATE)
    tail[:start] = 0.0
    response = np.zeros(n_samples)
    for _ in range(int(rng.integers(3, 12))):
        delay = int(rng.uniform(0.001, 0.05) * SAMPLE_RATE)
        response[min(delay, n_samples - 1)] += rng.choice([-1, 1]) * rng.uniform(0.1, 0.7)
    # Direct to reverberant energy, from a close microphone to one at the back of the room.
    ratio_db = rng.uniform(-12, 14)
    energy = np.sum((tail + response) ** 2) + 1e-12
    response = (tail + response) * np.sqrt(10 ** (-ratio_db / 10) / energy)
    response[0] = 1.0
    single: npt.NDArray[np.float32] = response.astype(np.float32)
    return single


class RoomPool:
    """Rooms to choose from: the recorded ones and some hundreds simulated.

    Each is simulated when it is first chosen, from the seed and its number.
    """

    def __init__(
        self, recorded: Sequence[npt.NDArray[np.float32]], *, n_simulated: int, seed: int
    ) -> None:
        self._recorded = list(recorded)
        self._n_simulated, self._seed = n_simulated, seed
        self._simulated: dict[int, npt.NDArray[np.float32]] = {}

    def choose(self, rng: np.random.Generator) -> npt.NDArray[np.float32]:
        """A room, and for a recorded one a random distance: more or less of the direct sound."""
        if self._recorded and rng.random() < RECORDED_SHARE:
            response = self._recorded[int(rng.integers(len(self._recorded)))].copy()
            response[80:] *= rng.uniform(0.15, 1.0)
            return response
        number = int(rng.integers(self._n_simulated))
        if number not in self._simulated:
            self._simulated[number] = simulate_room(np.random.default_rng([self._seed, number]))
        return self._simulated[number]
