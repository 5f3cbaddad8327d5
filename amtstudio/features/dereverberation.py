"""Take the late reverberation of a room out of a recording, without knowing the room.

Weighted prediction error: what the last half second of a frequency band predicts of its present,
from 128 ms on, is taken for the room's and subtracted. The weights make loud frames, which are what
was played, count less than what rings on after them.

References
----------
Nakatani, Yoshioka, Kinoshita, Miyoshi, Juang: "Speech Dereverberation Based on Variance-Normalized
Delayed Linear Prediction", IEEE TASLP 18(7), 2010; here with one channel, and with windows and
delays for the piano instead of speech.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor

FloatArray = npt.NDArray[np.float32]

# In samples at about 16 kHz.
N_FFT = 2048
HOP = 512
DELAY = 4  # hops: what is nearer than 128 ms is the note itself
TAPS = 20  # hops, 640 ms
HIGHEST_BIN = 512  # 4 kHz: above, piano and rooms have died away soon
ITERATIONS = 2
# Which of the hops filters are found on: a block has more than they need, a clip of training, of
# half its length, as many at every second.
EVERY = 3
CLIP_EVERY = 2
SOFTEST = 1e-6  # of a band's mean power: softer frames do not count more
REGULAR = 1e-5  # of the mean of the diagonal

BLOCK_S = 20.0  # for which one filter serves
LEAD_S = 4.0  # heard before a block, so that its filter knows what rings on into it
FADE_S = 1.0  # from block to block
_BINS_AT_ONCE = 128  # for memory's sake
_SILENCE = 1e-7  # RMS


def dereverberate(audio: FloatArray, *, every: int = 1) -> FloatArray:
    """A stretch of mono audio at about 16 kHz, with one filter a band for all of it.

    Parameters
    ----------
    audio : np.ndarray, shape (n_samples,)
    every : int
        Which of the hops the filters are found on; more is faster.

    Returns
    -------
    np.ndarray, shape (n_samples,)
        The same where the stretch is too short to tell its room, or silent.
    """
    level = float(np.sqrt(np.mean(np.square(audio, dtype=np.float64)))) if len(audio) else 0.0
    if len(audio) < 4 * TAPS * HOP or level < _SILENCE:
        return audio
    window = torch.hann_window(N_FFT)
    sound = torch.from_numpy(np.ascontiguousarray(audio, dtype=np.float32)) / level
    spectrum = torch.stft(sound, N_FFT, HOP, window=window, return_complex=True)
    for first in range(0, HIGHEST_BIN + 1, _BINS_AT_ONCE):
        bins = slice(first, min(first + _BINS_AT_ONCE, HIGHEST_BIN + 1))
        spectrum[bins] = _without_tail(spectrum[bins], every)
    dry = torch.istft(spectrum, N_FFT, HOP, window=window, length=len(audio)) * level
    return dry.numpy().astype(np.float32)


def dereverberated(blocks: Iterable[FloatArray], sample_rate: int) -> Iterator[FloatArray]:
    """The blocks of a recording as they come, with a new filter every ``BLOCK_S``.

    As many samples come out as went in; half a minute of them is held.
    """
    length, lead, fade = (round(s * sample_rate) for s in (BLOCK_S, LEAD_S, FADE_S))
    held = np.zeros(0, dtype=np.float32)  # from ``lead`` before the next block on
    n_before = 0  # samples in it that are out already
    tail = np.zeros(0, dtype=np.float32)  # of the block before, to fade from
    for block in blocks:
        held = np.concatenate([held, block])
        while len(held) >= n_before + length + fade:
            heard = dereverberate(held[: n_before + length + fade], every=EVERY)[n_before:]
            yield _faded(tail, heard[:length])
            tail = heard[length:].copy()
            kept = max(0, n_before + length - lead)
            held, n_before = held[kept:].copy(), n_before + length - kept
    if len(held) > n_before:
        yield _faded(tail, dereverberate(held, every=EVERY)[n_before:])


def _faded(tail: FloatArray, block: FloatArray) -> FloatArray:
    n_faded = min(len(tail), len(block))
    if n_faded:
        rise = np.linspace(0.0, 1.0, len(tail), dtype=np.float32)[:n_faded]
        block = block.copy()
        block[:n_faded] = rise * block[:n_faded] + (1.0 - rise) * tail[:n_faded]
    return block


@torch.inference_mode()
def _without_tail(bands: Tensor, every: int) -> Tensor:
    """(n_bins, n_frames), complex."""
    n_frames = bands.shape[1]
    reach = torch.nn.functional.pad(bands, (DELAY + TAPS - 1, 0))
    # Row i of a band is the band as it was DELAY + TAPS - 1 - i hops ago.
    past = reach.unfold(1, n_frames, 1)[:, :TAPS]
    seen, seen_past = bands[:, ::every], past[:, :, ::every].contiguous()
    dry = bands
    for _ in range(ITERATIONS):
        power = dry[:, ::every].abs().square()
        power = torch.maximum(power, SOFTEST * power.mean(dim=1, keepdim=True)) + 1e-12
        weighted = seen_past / power[:, None]
        correlation = weighted @ seen_past.mH
        diagonal = correlation.diagonal(dim1=1, dim2=2).real.mean(dim=1)
        regular = (REGULAR * diagonal + 1e-12)[:, None, None] * torch.eye(TAPS)
        target = weighted @ seen.conj()[:, :, None]
        filters = torch.linalg.solve(correlation + regular, target)
        dry = bands - (filters.mH @ past)[:, 0]
    return dry
