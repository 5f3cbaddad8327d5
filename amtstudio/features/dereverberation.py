"""Take the late reverberation of a room out of a recording, without knowing the room.

Weighted prediction error: what the last half second of a frequency band, older than 128 ms,
predicts of its present is attributed to the room and subtracted. The weights make loud frames,
which contain the notes, count less than the reverberation after them.

Each new note is unpredictable; its echo is predictable and, even in the largest halls, amounts to a
few decibels in a band. A key that is held alone, or struck again and again, predicts itself and
would be removed with the echo. So where more is removed than any hall could add, in all bands or in
one, over some seconds, it is notes that are being removed, and what was removed is given back.

References
----------
Nakatani, Yoshioka, Kinoshita, Miyoshi, Juang: "Speech Dereverberation Based on Variance-Normalized
Delayed Linear Prediction", IEEE TASLP 18(7), 2010; here with one channel, and with windows and
delays for the piano instead of speech, and with bounds on what a tone that lasts may lose.
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

# What taking the echo off may lower a passage by, in dB: the mean over the bins that sound, and the
# mean by their amplitudes. Eight pieces in a hall as loud as the piano lose 1.0 to 4.2 in either;
# one to four keys held, and one key struck again and again, 4.2 to 27 in one of them.
PASSAGE_S = 5.0
PASSAGE_FROM_DB, PASSAGE_TO_DB = 3.5, 5.0  # up to here all is removed; from here on, nothing
# The same of one band: a note that lasts under a run of others.
BAND_FROM_DB, BAND_TO_DB = 6.0, 9.0
DEEPEST_DB = 8.0  # of any bin; to lower echo further helps nothing, and tears partials that beat
# Bins count that are at most this far below the loudest of all, and of their band.
_AUDIBLE_DB, _BAND_DB = 60.0, 50.0

BLOCK_S = 20.0  # for which one filter serves
LEAD_S = 4.0  # read before a block, so that its filter knows what rings on into it
FADE_S = 1.0  # from block to block
_BINS_AT_ONCE = 128  # for memory's sake
_BINS_AT_ONCE_ON_GPU = 8192
SILENCE = 1e-7  # RMS, below which a stretch is left unchanged
_SAMPLE_RATE = 16000  # the rate that all of this is designed for


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
        The input itself if the stretch is silent or too short to estimate its room, and, except for
        some decibels, if the sound cannot be distinguished from its own echo.
    """
    if len(audio) == 0:
        return audio
    sound = torch.from_numpy(np.ascontiguousarray(audio, dtype=np.float32))
    level = float(np.sqrt(np.mean(np.square(audio, dtype=np.float64))))
    if is_too_short(len(audio)) or level < SILENCE:
        return audio
    return (without_late_echo(sound[None] / level, every)[0] * level).numpy().astype(np.float32)


def is_too_short(n_samples: int) -> bool:
    """Whether a stretch is too short to estimate its room."""
    return n_samples < 4 * TAPS * HOP


def without_late_echo(sounds: Tensor, every: int) -> Tensor:
    """As ``dereverberate``, for stretches of one length, each at an RMS level of about 1.

    Parameters
    ----------
    sounds : Tensor of float32, shape (batch, n_samples)
        On any device.

    Returns
    -------
    Tensor, same shape
    """
    window = torch.hann_window(N_FFT, device=sounds.device)
    spectra = torch.stft(sounds, N_FFT, HOP, window=window, return_complex=True)
    heard = spectra[:, : HIGHEST_BIN + 1]
    at_once = _BINS_AT_ONCE if sounds.device.type == "cpu" else _BINS_AT_ONCE_ON_GPU
    parts = torch.split(heard.flatten(0, 1), at_once)
    dry = torch.cat([_without_tail(bins, every) for bins in parts]).view_as(heard)
    spectra[:, : HIGHEST_BIN + 1] = _bounded(heard, dry)
    return torch.istft(spectra, N_FFT, HOP, window=window, length=sounds.shape[1])


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
        regular = (REGULAR * diagonal + 1e-12)[:, None, None] * torch.eye(TAPS, device=bands.device)
        target = weighted @ seen.conj()[:, :, None]
        # Where a GPU computes, looking for errors would have to wait for it.
        filters, _ = torch.linalg.solve_ex(
            correlation + regular, target, check_errors=bands.device.type == "cpu"
        )
        dry = bands - (filters.mH @ past)[:, 0]
    return dry


def _bounded(heard: Tensor, dry: Tensor) -> Tensor:
    """``dry``, or a blend of it and ``heard`` where notes were removed with the echo.

    Both are (batch, n_bins, n_frames), complex.
    """
    before, after = heard.abs().square(), dry.abs().square()
    loudest = before.amax(dim=(1, 2), keepdim=True)
    audible = before > loudest * 10.0 ** (-_AUDIBLE_DB / 10)
    audible &= before > before.amax(dim=2, keepdim=True) * 10.0 ** (-_BAND_DB / 10)
    softest = 1e-9 * loudest
    lost = 10.0 * torch.log10((before + softest) / (after + softest)) * audible
    # Bins all alike, and by amplitude: a tone that is steady to the ear fills few of them.
    passage = torch.maximum(
        _around(lost.sum(dim=1)) / _around(audible.sum(dim=1)).clamp(min=1.0),
        _around((before.sqrt() * lost).sum(dim=1))
        / _around((before.sqrt() * audible).sum(dim=1)).clamp(min=1e-12),
    )
    band = _around(lost) / _around(audible).clamp(min=1.0)
    share = _falling(passage, PASSAGE_FROM_DB, PASSAGE_TO_DB)[:, None]
    share = share * _falling(band, BAND_FROM_DB, BAND_TO_DB)
    kept = heard - share * (heard - dry)
    least = before * 10.0 ** (-DEEPEST_DB / 10)
    raised: Tensor = kept * (least / kept.abs().square().clamp(min=1e-20)).clamp(min=1.0).sqrt()
    return raised


def _around(values: Tensor) -> Tensor:
    """The sum over the ``PASSAGE_S`` about each frame, along the last axis."""
    half = round(0.5 * PASSAGE_S * _SAMPLE_RATE / HOP)
    sums = torch.nn.functional.pad(values.double().cumsum(dim=-1), (1, 0))
    n_frames = values.shape[-1]
    frames = torch.arange(n_frames, device=values.device)
    last, first = (frames + half + 1).clamp(max=n_frames), (frames - half).clamp(min=0)
    return (sums[..., last] - sums[..., first]).float()


def _falling(value: Tensor, full: float, none: float) -> Tensor:
    """1 up to ``full``, 0 from ``none`` on."""
    return ((none - value) / (none - full)).clamp(0.0, 1.0)
