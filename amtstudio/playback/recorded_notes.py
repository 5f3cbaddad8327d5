"""Where a recorded note begins, and where its loop is."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Audio = npt.NDArray[np.float32]

HELD_S = 2.6  # of a held note; the loop is its second half
LOOP_FROM_S = (0.9, 1.3)  # where the loop may begin
SEAM_S = 0.1  # over which the end of a loop is faded into its beginning, when it is played
_RISE = 0.12  # of the first half second's peak: where a slow attack becomes audible


def attack_of(sound: Audio, rate: int) -> int:
    """The sample at which a note becomes clearly audible."""
    envelope = np.sqrt(np.convolve(np.square(sound), np.ones(64) / 64.0, mode="same"))
    first = int(np.argmax(envelope > 0.02 * envelope.max()))
    early = float(envelope[first : first + rate // 2].max())
    return first + int(np.argmax(envelope[first:] > _RISE * early))


def loop_start(sound: Audio, rate: int, *, later: float = 0.0) -> int:
    """Where a loop to the end of ``sound`` begins: where the sound is most like that at its end.

    ``later``: seconds that it is looked for behind ``LOOP_FROM_S``.
    """
    n_seam = round(SEAM_S * rate)
    end = sound[-n_seam:].astype(np.float64)
    first, last = (round((at + later) * rate) for at in LOOP_FROM_S)
    around = sound[first - n_seam : last].astype(np.float64)
    products = np.correlate(around, end, mode="valid")
    energy = np.convolve(np.square(around), np.ones(n_seam), mode="valid")
    return first + int(np.argmax(products / np.sqrt(energy + 1e-9)))


def seamless(samples: npt.NDArray[np.int16], loop: int, n_seam: int) -> npt.NDArray[np.int16]:
    """The sound, whose end is cross-faded into the beginning of its loop."""
    n_seam = min(n_seam, loop, len(samples) - loop)
    if n_seam < 1:
        return samples
    fade = np.linspace(0.0, 1.0, n_seam)
    made = samples.copy()
    made[-n_seam:] = np.round(
        samples[-n_seam:] * (1.0 - fade) + samples[loop - n_seam : loop] * fade
    )
    return made
