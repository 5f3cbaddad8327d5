"""From the channels of a decoder to mono float: their mean, or what it would lose."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt

from amtstudio.audio.info import FloatArray

Channels = npt.NDArray[np.float32]  # (n_samples, n_channels)
Covariances = npt.NDArray[np.float64]  # (..., n_channels, n_channels)

WINDOW = 16_384  # samples
CELL = 8_192  # samples: a voice is silent for longer between its words, a note sounds for longer
FRAME = 2_048
LOWEST_HZ = 60.0
N_BANDS = 16  # half octaves
QUIET = 1e-6  # a cell so much weaker than the loudest one does not count; -60 dB
# Loud cells are to count more than soft ones, and a loud voice not to hide soft music.
LOUDNESS_EXPONENT = 0.25
# A cell has cancelled where the mix holds so little of what channels that have nothing in common
# would leave. Pairs of microphones a metre apart do that to a sixth of all cells.
CANCELLED = 0.1
MOST_CANCELLED = 0.3
WHOLE_WINDOW = 0.8  # and not one window in twenty loses so much in any sound recording
FEW_WINDOWS = 0.05
OPPOSED = 0.05  # so little may get lost of the mix in which reversed channels are turned round
MOSTLY_OPPOSED = 0.35  # between this and that, what the channels share is kept, 10 dB softer
SHARED_GAIN = 0.5
SAME_SCALE = 0.1  # a channel weaker than this in the cancelled part is not involved
# Cheap converters add a constant to the sound. Below this, -60 dBFS, it does no harm. It is
# considered constant only if nearly all cells agree, and a short sound has too few cells to tell.
LEAST_OFFSET = 1e-3
OFFSET_SPREAD = 0.5
OFFSET_AGREEMENT = 0.9
FEWEST_CELLS = 4

NAMES = {
    2: ("left", "right"),
    6: ("front left", "front right", "centre", "low-frequency", "back left", "back right"),
    8: (
        "front left", "front right", "centre", "low-frequency", "back left", "back right",
        "side left", "side right",
    ),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Mix:
    """How the channels become one.

    ``weights`` of the channels, their magnitudes summing to 1; empty for the mean of however many
    there are. ``reason`` is a sentence without its subject, for the user; empty for the mean.
    ``offset`` is the mean of the mono sound (full scale 1), and is subtracted from it. ``rumbles``:
    what is too low to be heard has to be taken out as well, which takes more than a block: see
    ``without_rumble``.
    """

    weights: tuple[float, ...] = ()
    reason: str = ""
    offset: float = 0.0
    rumbles: bool = False

    def apply(self, block: npt.NDArray[Any]) -> FloatArray:
        """Mono, full scale 1.

        Parameters
        ----------
        block : np.ndarray, shape (n_samples, n_channels)
            Float, or integers of full width; unsigned bytes have their zero at 128. Where it has
            another number of channels than ``weights``, their mean is taken.

        Returns
        -------
        np.ndarray, shape (n_samples,)
            Not finite wherever a channel is not: no mix hides NaN or infinity.
        """
        # A sum of values near the largest float overflows; the caller refuses what comes of it.
        with np.errstate(over="ignore", invalid="ignore"):
            n_channels = block.shape[1]
            if n_channels == 1:
                wide = block[:, 0]
            else:
                usual = len(self.weights) == n_channels
                weights = np.array(self.weights) if usual else np.full(n_channels, 1 / n_channels)
                # Unsigned bytes are silent at 128, which weights of both signs would not leave so.
                whole = block.astype(np.float64) - (128.0 if block.dtype.kind == "u" else 0.0)
                wide = whole @ weights
                if block.dtype.kind == "u":
                    wide += 128.0
            scaled = _scaled(wide, block.dtype)
            if self.offset:
                scaled = scaled - self.offset
            mono: FloatArray = scaled.astype(np.float32)
            return mono


MEAN = Mix()


def to_float(block: npt.NDArray[Any]) -> FloatArray:
    """The channels as they are, full scale 1."""
    scaled: FloatArray = _scaled(block, block.dtype).astype(np.float32)
    return scaled


def _scaled(values: npt.NDArray[Any], dtype: np.dtype[Any]) -> npt.NDArray[Any]:
    if dtype.kind == "u":
        return (values.astype(np.float64) - 128.0) / 128.0
    if dtype.kind == "i":
        return values / -float(np.iinfo(dtype).min)
    return values


def choose_mix(windows: Iterable[Channels], sample_rate: int) -> Mix:
    """The mean of the channels, unless much of the music cancels in it; without a constant offset.

    Channels of opposite polarity (a cable or one side of a microphone reversed) cancel, leaving
    nothing or only what else they share, such as a narrator's voice. The energies of the mix and of
    the channels are compared, in half octaves of each window: ``w'Cw`` and the trace of ``C`` for
    the covariance matrix ``C`` of a cell and weights ``w``.

    Parameters
    ----------
    windows : iterable of np.ndarray, shape (n_samples, n_channels)
        Stretches of the recording, full scale 1; up to ``WINDOW`` samples of each are analysed.
    sample_rate : int, Hz
    """
    cells = [
        window[begin : begin + CELL]
        for window in windows
        for begin in range(0, min(len(window), WINDOW) - FRAME + 1, CELL)
    ]
    if not cells:
        return MEAN
    alike = [cell for cell in cells if cell.shape[1] == cells[0].shape[1]]
    mix = MEAN
    if alike[0].shape[1] > 1:
        mix = _mix_for(np.array([_cells(cell, sample_rate) for cell in alike]))
    offset = _offset([mix.apply(cell) for cell in alike if len(cell) == CELL])
    return replace(mix, offset=offset) if offset else mix


def _offset(cells: list[FloatArray]) -> float:
    """Their mean, if it is a constant offset of the sound; else 0."""
    if len(cells) < FEWEST_CELLS or not any(np.ptp(cell) > 0.0 for cell in cells):
        return 0.0
    means = np.array([cell.mean(dtype=np.float64) for cell in cells])
    means = means[np.isfinite(means)]
    offset = float(np.median(means)) if len(means) else 0.0
    is_near = np.abs(means - offset) <= OFFSET_SPREAD * abs(offset)
    is_constant = abs(offset) >= LEAST_OFFSET and is_near.mean() >= OFFSET_AGREEMENT
    return offset if is_constant else 0.0


def _mix_for(covariances: Covariances) -> Mix:
    """The mix for cells of shape (n_windows, N_BANDS, n_channels, n_channels)."""
    n_channels = covariances.shape[-1]
    energies = np.trace(covariances, axis1=2, axis2=3)
    energies = np.where(np.isfinite(energies), energies, 0.0)
    is_heard = energies > QUIET * energies.max()
    if not is_heard.any():
        return MEAN
    loudness = np.where(is_heard, energies / energies.max(), 0.0) ** LOUDNESS_EXPONENT
    window_of = np.nonzero(is_heard)[0]
    covariances = covariances[is_heard] / energies[is_heard, None, None]
    cells = _Cells(covariances, loudness[is_heard], window_of)
    lost = cells.lost(np.ones(n_channels))
    if lost < MOST_CANCELLED and cells.share_of_windows_lost(np.ones(n_channels)) < FEW_WINDOWS:
        return MEAN
    signs = cells.signs_of(cells.kept(np.ones(n_channels)) < CANCELLED)
    lost_opposed = cells.lost(signs)
    if lost_opposed < OPPOSED:
        return Mix(_unit(signs), _turned_round(signs))
    if lost_opposed < min(MOSTLY_OPPOSED, lost):
        return Mix(
            _unit(np.where(signs < 0, SHARED_GAIN * signs, signs)),
            _turned_round(signs) + ", and what they share (a voice, perhaps) is kept softer",
        )
    losses = [round(cells.lost(one), 2) for one in np.eye(n_channels)]
    powers = np.einsum("cii,c->i", covariances, cells.loudness)
    best = min(range(n_channels), key=lambda channel: (losses[channel], -powers[channel]))
    return Mix(
        tuple(np.eye(n_channels)[best].tolist()),
        f"has channels that cancel each other when they are mixed; {_named([best], n_channels)}"
        " alone is used",
    )


@dataclass(frozen=True, slots=True)
class _Cells:
    """Covariance matrices of the sound, normalised to trace 1, and their weights."""

    covariances: Covariances
    loudness: npt.NDArray[np.float64]
    window_of: npt.NDArray[np.intp]

    def kept(self, weights: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
        """Energy of each cell in a mix, against that of unrelated channels of equal strength."""
        mixed = np.einsum("i,cij,j->c", weights, self.covariances, weights)
        kept: npt.NDArray[np.float64] = mixed * len(weights) / (weights @ weights)
        return kept

    def lost(self, weights: npt.NDArray[np.float64]) -> float:
        """The share of cells that cancel in a mix."""
        cancelled = self.kept(weights) < CANCELLED
        return float(self.loudness[cancelled].sum() / self.loudness.sum())

    def share_of_windows_lost(self, weights: npt.NDArray[np.float64]) -> float:
        """The share of windows that cancel almost entirely in a mix."""
        cancelled = self.loudness * (self.kept(weights) < CANCELLED)
        n_windows = int(self.window_of.max()) + 1
        whole = np.bincount(self.window_of, self.loudness, n_windows)
        gone = np.bincount(self.window_of, cancelled, n_windows)
        is_loud = whole > 0.1 * whole.max()
        return float((gone > WHOLE_WINDOW * whole)[is_loud].mean())

    def signs_of(self, cancelled: npt.NDArray[np.bool_]) -> npt.NDArray[np.float64]:
        """Which channels hold what has cancelled, and which way round: 1, -1, or 0: not at all."""
        # The first eigenvector: the direction in which they vary together.
        direction = np.linalg.eigh(self.covariances[cancelled].sum(axis=0))[1][:, -1]
        direction[np.abs(direction) < SAME_SCALE * np.abs(direction).max()] = 0.0
        direction /= direction[np.flatnonzero(direction)[0]]
        signs: npt.NDArray[np.float64] = np.sign(direction)
        return signs


def _cells(window: Channels, sample_rate: int) -> Covariances:
    """Covariance matrices of the channels, one for each half octave."""
    frames = window[: len(window) // FRAME * FRAME].reshape(-1, FRAME, window.shape[1])
    with np.errstate(over="ignore", invalid="ignore"):
        spectra = np.fft.rfft(frames * np.hanning(FRAME)[:, None], axis=1)
        edges = LOWEST_HZ * 2.0 ** (np.arange(N_BANDS) / 2)
        band_of = np.searchsorted(edges, np.fft.rfftfreq(FRAME, 1 / sample_rate)) - 1
        bands = [spectra[:, band_of == band] for band in range(N_BANDS)]
        matrices = [np.einsum("fbi,fbj->ij", band.conj(), band).real for band in bands]
    return np.array(matrices)


def _unit(weights: npt.NDArray[np.float64]) -> tuple[float, ...]:
    return tuple((weights / np.abs(weights).sum()).tolist())


def _turned_round(signs: npt.NDArray[np.float64]) -> str:
    n_channels = len(signs)
    turned = [int(channel) for channel in np.flatnonzero(signs < 0)]
    left_out = [int(channel) for channel in np.flatnonzero(signs == 0)]
    text = (
        "has channels that cancel each other when they are mixed; "
        f"{_named(turned, n_channels)} {_is(turned)} inverted"
    )
    if left_out:
        text += f", and {_named(left_out, n_channels)} {_is(left_out)} left out"
    return text


def _named(channels: list[int], n_channels: int) -> str:
    names = NAMES.get(n_channels, ())
    words = [names[index] if names else str(index + 1) for index in channels]
    listed = " and ".join(filter(None, (", ".join(words[:-1]), words[-1])))
    plural = "s" if len(channels) > 1 else ""
    return f"the {listed} channel{plural}" if names else f"channel{plural} {listed}"


def _is(channels: list[int]) -> str:
    return "are" if len(channels) > 1 else "is"


class LiveMix:
    """Mixes down a stream while it comes, from whatever channels do not cancel.

    There is no look-ahead: it begins with the mean, and changes to another mix soon after sound
    that cancels has arrived. A constant offset fades out as soon as it is known.
    """

    MEMORY_S = 2.0  # after which a sound counts half
    FLOOR = 1e-8  # mean square of what is loud enough to judge by; -80 dBFS

    def __init__(self, sample_rate: int) -> None:
        self.mix = MEAN
        self._sample_rate = sample_rate
        self._waiting: list[Channels] = []
        self._cells: Covariances | None = None
        self._mean = 0.0  # of the mono sound, over the last seconds
        self._n_heard = 0
        self._taken = 0.0  # from the last sample

    def feed(self, block: Channels) -> FloatArray:
        """The next block, shape (n_samples, n_channels), as mono."""
        if block.shape[1] > 1 and len(block):
            self._listen(block)
        mono = self.mix.apply(block)
        return self._centred(mono) if len(mono) else mono

    def _centred(self, mono: FloatArray) -> FloatArray:
        mean = float(mono.mean(dtype=np.float64))
        if not np.isfinite(mean):
            return mono
        self._n_heard += len(mono)
        # The plain average at first, then one in which the past fades.
        remembered = min(self._n_heard, self.MEMORY_S * self._sample_rate / np.log(2.0))
        self._mean += (mean - self._mean) * min(len(mono) / remembered, 1.0)
        is_sure = self._n_heard >= FEWEST_CELLS * CELL and abs(self._mean) >= LEAST_OFFSET
        wanted = self._mean if is_sure else 0.0
        if not wanted and not self._taken:
            return mono
        # In a ramp: a step would sound like a stroke.
        ramp = np.linspace(self._taken, wanted, len(mono) + 1)[1:]
        self._taken = wanted
        centred: FloatArray = (mono - ramp).astype(np.float32)
        return centred

    def _listen(self, block: Channels) -> None:
        self._waiting.append(block)
        n_waiting = sum(map(len, self._waiting))
        if n_waiting < FRAME:
            return
        frame = np.concatenate(self._waiting)
        self._waiting = []
        if not np.mean(np.square(frame, dtype=np.float64)) > self.FLOOR:
            return
        new = _cells(frame, self._sample_rate)
        fading = 0.5 ** (len(frame) / (self.MEMORY_S * self._sample_rate))
        self._cells = new if self._cells is None else self._cells * fading + new
        mix = _mix_for(self._cells[None])
        if mix.weights:  # what has cancelled once may do so again: no way back to the mean
            self.mix = mix
