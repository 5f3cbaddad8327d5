"""The log-mel spectrogram of Onsets and Frames."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from amtstudio.features.torchaudio_import import import_torchaudio

LOG_FLOOR = 1e-5


class LogMel(nn.Module):
    """Log-mel spectrogram, computed on the device of the module.

    Magnitudes (not powers) of a Hann-windowed short-time Fourier transform, summed by triangles on
    the HTK mel scale of unit area each, then the natural logarithm of at least 1e-5.

    Parameters
    ----------
    sample_rate : int, Hz
    n_fft, hop_length : int, samples
    n_mels : int
    fmin, fmax : float, Hz
        Lower edge of the first and upper edge of the last triangle.

    References
    ----------
    Hawthorne et al., "Onsets and Frames: Dual-Objective Piano Transcription", ISMIR 2018, with the
    front end of Strahl & Müller, "Semi-Supervised Piano Transcription Using Pseudo-Labeling
    Techniques", ISMIR 2024: 16 kHz, FFT 2048, hop 512, 229 mels from 30 to 8000 Hz. Theirs mirrors
    the audio at both ends of every segment and drops a segment's last sample so as to end on a
    whole number of frames; here the caller hands over ``margin`` samples more at either side, so
    that frames next to a cut are those of the uncut recording.
    """

    window: Tensor
    filters: Tensor

    def __init__(
        self,
        *,
        sample_rate: int = 16000,
        n_fft: int = 2048,
        hop_length: int = 512,
        n_mels: int = 229,
        fmin: float = 30.0,
        fmax: float = 8000.0,
    ) -> None:
        super().__init__()
        if not 0.0 <= fmin < fmax <= sample_rate / 2:
            raise ValueError(f"need 0 <= fmin < fmax <= {sample_rate / 2}, got {fmin} and {fmax}")
        self.n_fft = n_fft
        self.hop_length = hop_length
        self.margin = n_fft // 2
        # On the CPU even where the caller builds on "meta": the values are needed, not the shapes.
        with torch.device("cpu"):
            filters = import_torchaudio().functional.melscale_fbanks(
                n_fft // 2 + 1, fmin, fmax, n_mels, sample_rate, norm="slaney", mel_scale="htk"
            )
            window = torch.hann_window(n_fft)
        self.register_buffer("window", window, persistent=False)
        self.register_buffer("filters", filters, persistent=False)

    def forward(self, audio: Tensor) -> Tensor:
        """Compute the log-mel spectrogram.

        Parameters
        ----------
        audio : Tensor, shape (batch, (n_frames - 1) * hop_length + 2 * margin)
            Full scale 1; frame ``i`` is centred on sample ``margin + i * hop_length``.

        Returns
        -------
        Tensor, shape (batch, n_frames, n_mels), float32
            At least ln(1e-5) = -11.5; a full-scale sine reaches about 2.5.
        """
        if audio.ndim != 2 or audio.shape[1] < self.n_fft:
            raise ValueError(
                f"audio must be (batch, at least {self.n_fft} samples), got {tuple(audio.shape)}"
            )
        # Half precision cannot tell the log floor from zero.
        with torch.autocast(audio.device.type, enabled=False):
            spectrum = torch.stft(
                audio.float(),
                self.n_fft,
                self.hop_length,
                window=self.window,
                center=False,
                return_complex=True,
            )
            mel = spectrum.abs().transpose(1, 2) @ self.filters  # (batch, n_frames, n_mels)
            return mel.clamp(min=LOG_FLOOR).log()
