"""Log-mel spectrogram of two resolutions whose windows end soon after the frame they stand for."""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn import functional

from amtstudio.features.torchaudio_import import import_torchaudio

FLOOR = 1e-4  # of the running level: anything softer in a band counts as silence
DECIMATION = 4  # the long window's audio has so many times fewer samples
_TAPS = 32  # samples on either side of the low-pass filter before that
_PASSED = 0.42  # of the sample rate after decimation: the highest band that the long window tells


class DrumSpectrogram(nn.Module):
    """The input features of the drum model.

    A short window resolves when, a long one which of the low sounds: kick, bass and toms are within
    an octave or two of each other. Both end ``look_ahead`` samples after the centre of the frame: a
    centred long window would hold back a live hit for its second half.

    Parameters
    ----------
    sample_rate : int, Hz
    short_window, long_window : int, samples
        The long one is computed from decimated audio and fills the lowest bands alone.
    hop_length : int, samples
        A multiple of ``DECIMATION``, as the windows and ``look_ahead`` are.
    look_ahead : int, samples
        From the time of a frame to the end of its windows.
    n_mels : int
    fmin, fmax : float, Hz
    """

    low_pass: Tensor
    short: Tensor
    long: Tensor
    short_filters: Tensor
    long_filters: Tensor

    def __init__(
        self,
        *,
        sample_rate: int = 32000,
        short_window: int = 1024,
        long_window: int = 4096,
        hop_length: int = 320,
        look_ahead: int = 512,
        n_mels: int = 96,
        fmin: float = 30.0,
        fmax: float = 15500.0,
    ) -> None:
        super().__init__()
        if not 2 * _TAPS < look_ahead <= short_window <= long_window:
            raise ValueError(f"look_ahead must be {2 * _TAPS} to {short_window}, got {look_ahead}")
        for length in (short_window, long_window, hop_length, look_ahead):
            if length % DECIMATION:
                raise ValueError(f"lengths must be multiples of {DECIMATION}, got {length}")
        self.short_window, self.long_window = short_window, long_window
        self.hop_length, self.look_ahead, self.n_mels = hop_length, look_ahead, n_mels
        self.margin = long_window - look_ahead + 2 * _TAPS
        # On the CPU even where the caller builds on "meta": the values are needed, not the shapes.
        with torch.device("cpu"):
            filters = [
                import_torchaudio().functional.melscale_fbanks(
                    length // 2 + 1, fmin, fmax, n_mels, sample_rate, norm="slaney", mel_scale="htk"
                )
                for length in (short_window, long_window)
            ]
            n_bins = long_window // (2 * DECIMATION) + 1
            highest = round(_PASSED * long_window / DECIMATION)
            n_low = int((filters[1][highest:].sum(dim=0) == 0).sum())
            short, long = (
                torch.hann_window(short_window),
                torch.hann_window(long_window // DECIMATION),
            )
            # A full-scale sine gives about the same in both.
            width = sample_rate / short_window
            self.register_buffer("short_filters", filters[0] * (width / short.sum()), False)
            width = sample_rate / long_window
            self.register_buffer(
                "long_filters", filters[1][:n_bins, :n_low] * (width / long.sum()), False
            )
            self.register_buffer("short", short, False)
            self.register_buffer("long", long, False)
            times = torch.arange(-_TAPS, _TAPS + 1) / DECIMATION
            low_pass = torch.sinc(times) * torch.hann_window(2 * _TAPS + 3, periodic=False)[1:-1]
            self.register_buffer("low_pass", (low_pass / low_pass.sum())[None, None], False)

    def forward(self, audio: Tensor, level: Tensor) -> Tensor:
        """Compute the features.

        Parameters
        ----------
        audio : Tensor, shape (batch, (n_frames - 1) * hop_length + 2 * margin)
            Full scale 1; frame ``i`` stands for sample ``margin + i * hop_length``. Audio more than
            ``look_ahead`` after the last frame is not used.
        level : Tensor, shape (batch, n_frames)
            Running level, linear RMS.

        Returns
        -------
        Tensor, shape (batch, 2, n_frames, n_mels), float32
            Natural logarithm of the magnitude in each band relative to the level, floored: with the
            short window, with the long one.
        """
        n_frames = level.shape[1]
        expected = (n_frames - 1) * self.hop_length + 2 * self.margin
        if audio.ndim != 2 or audio.shape[1] != expected:
            raise ValueError(f"audio must be (batch, {expected}), got {tuple(audio.shape)}")
        end = self.margin + self.look_ahead + (n_frames - 1) * self.hop_length
        first = self.margin + self.look_ahead - self.short_window
        short = _magnitude(audio[:, first:end], self.short, self.hop_length) @ self.short_filters
        # Sample k of the decimated audio stands for sample _TAPS + k * DECIMATION.
        low = functional.conv1d(audio[:, None, :end], self.low_pass, stride=DECIMATION)[:, 0]
        n_low = (self.long_window + (n_frames - 1) * self.hop_length) // DECIMATION
        low = low[:, -n_low:]
        long = _magnitude(low, self.long, self.hop_length // DECIMATION) @ self.long_filters
        long = functional.pad(long, (0, self.n_mels - long.shape[2]))
        both = torch.stack([short, long], dim=1)
        return (both / level[:, None, :, None] + FLOOR).log()


def _magnitude(audio: Tensor, window: Tensor, hop_length: int) -> Tensor:
    """Magnitudes of the short-time spectrum, (batch, n_frames, n_bins)."""
    frames = audio.unfold(1, len(window), hop_length) * window
    magnitude: Tensor = torch.fft.rfft(frames).abs()
    return magnitude
