"""What a student hears of the user's recordings: altered as sound, with its labels moved along.

A teacher hears them as they are. So the student learns to hear the same notes at another pitch, in
another room and over another device.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import scipy.signal
import soxr
import torch
from torch import Tensor

from amtstudio.audio import FloatArray
from amtstudio.learning.codecs import SAMPLE_RATE as CODEC_RATE
from amtstudio.learning.codecs import through_any_codec
from amtstudio.learning.moved_labels import moved_labels
from amtstudio.learning.recording_conditions import filter_sound, heard_as_files_are, record
from amtstudio.learning.recordings import UserRecording
from amtstudio.learning.rooms import SAMPLE_RATE as ROOM_RATE
from amtstudio.learning.rooms import simulate_room

_LEAD_S = 1.0  # before a clip: a room carries its echo into it
_EDGE = 64  # samples that the filter of a resampler needs beyond the end
_TUNED = 0.03  # how far a rate is off its nominal one, as a grid in the user's tuning is, at most
_PREFIX = "altered_"
_RATIO = "ratio"


@dataclass(frozen=True, slots=True)
class View:
    """A stretch of a recording as it is shown to a student.

    Attributes
    ----------
    audio, level : Tensor
        As ``TranscriptionModel.forward`` takes them.
    ratio : float
        By which all is faster, and higher, than in the recording: frame ``i`` is what was at
        ``i * ratio`` frames.
    """

    audio: Tensor
    level: Tensor
    ratio: float = 1.0

    @property
    def semitones(self) -> float:
        return 12.0 * math.log2(self.ratio)

    @property
    def n_source_frames(self) -> int:
        """Frames of the recording that it comes from."""
        return _n_source_frames(len(self.level), self.ratio)

    def batch(self) -> dict[str, Tensor]:
        return {"audio": self.audio, "level": self.level}

    def beside_the_clean_one(self) -> dict[str, Tensor]:
        """The entries that ``as_student_hears`` takes."""
        altered = {_PREFIX + name: value for name, value in self.batch().items()}
        return altered | {_RATIO: torch.tensor(self.ratio, dtype=torch.float64)}


@dataclass(frozen=True, slots=True)
class Alteration:
    """How the clips of a user are altered. Shares are of all clips, in [0, 1].

    Attributes
    ----------
    recorded_share : float
        As if recorded differently: another equaliser, noise, hum, compression, level.
    cents : float
        Pitch and tempo together, by resampling, up to so much either way; at most 50, as more would
        be another key.
    room_share : float
        In a simulated room; late echo is then removed where the model expects that.
    codec_share : float
        Through a lossy codec.

    Raises
    ------
    ValueError
        If a share or ``cents`` is out of its range.
    """

    recorded_share: float = 0.0
    cents: float = 0.0
    room_share: float = 0.0
    codec_share: float = 0.0

    def __post_init__(self) -> None:
        if not 0.0 <= self.cents <= 50.0:
            raise ValueError(f"cents must lie in [0, 50], got {self.cents}")
        for share in (self.recorded_share, self.room_share, self.codec_share):
            if not 0.0 <= share <= 1.0:
                raise ValueError(f"a share must lie in [0, 1], got {share}")

    def view(
        self,
        recording: UserRecording,
        first_frame: int,
        n_frames: int,
        margin: int,
        rng: np.random.Generator,
    ) -> View:
        """``n_frames`` frames from ``first_frame`` on, altered at random.

        Onsets stay where ``ratio`` says: rooms, equalisers and codecs do not delay them.
        """
        is_recorded = rng.random() < self.recorded_share
        ratio = 1.0
        if self.cents:
            ratio = 2.0 ** (rng.uniform(-self.cents, self.cents) / 1200.0)
        rate = recording.grid.sample_rate
        response = None
        if self.room_share and rng.random() < self.room_share:
            response = _room(rng, rate)
        is_coded = bool(self.codec_share) and rng.random() < self.codec_share
        lead = 0 if response is None else round(_LEAD_S * rate)
        audio, level = _resampled(recording, first_frame, n_frames, margin + lead, ratio)
        before = _rms(audio)
        if is_recorded:
            audio = record(filter_sound(audio, response, rng, rate), rng)
        elif response is not None:
            audio = scipy.signal.oaconvolve(audio, response)[: len(audio)].astype(np.float32)
        if is_coded:
            audio = _coded(audio, rate, rng)
        if response is not None and recording.dereverberates:
            audio = heard_as_files_are(audio, rng)
        # The running level moves with the gain; its shape over time stays what it was.
        gain = _rms(audio) / before if before > 1e-7 else 1.0
        audio = np.ascontiguousarray(audio[lead : len(audio) - lead])
        return View(torch.from_numpy(audio), level * gain, ratio)


AS_RECORDED = Alteration(recorded_share=0.6)
# Less than 50 cents, as the notes themselves may be some cents off their keys.
AS_SOUND = Alteration(recorded_share=0.6, cents=40.0, room_share=0.3, codec_share=0.15)


def as_student_hears(
    batch: Mapping[str, Tensor], labels: Mapping[str, Tensor]
) -> dict[str, Tensor]:
    """The altered views of a batch with the labels that were found on the clean ones, moved.

    Parameters
    ----------
    batch : mapping of Tensor
        Of a batch of clips, ``audio``, ``level`` and ``View.beside_the_clean_one``; without the
        latter, the student hears the clean ones.
    labels : mapping of Tensor, shape (batch, n_frames, n_columns)
    """
    if _RATIO not in batch:
        return {**batch, **labels}
    heard = {name: batch[_PREFIX + name] for name in ("audio", "level")}
    ratios = batch[_RATIO].tolist()
    moved = [
        moved_labels(
            {head: values[number].cpu() for head, values in labels.items()},
            ratio,
            12.0 * math.log2(ratio),
            heard["level"].shape[1],
        )
        for number, ratio in enumerate(ratios)
    ]
    device = heard["audio"].device
    return heard | {head: torch.stack([one[head] for one in moved]).to(device) for head in labels}


def _resampled(
    recording: UserRecording, first_frame: int, n_frames: int, margin: int, ratio: float
) -> tuple[FloatArray, Tensor]:
    """Audio and level of a stretch that is ``ratio`` times as fast, and higher."""
    if ratio == 1.0:
        clip = recording.clip(first_frame, n_frames, margin)
        return clip["audio"].numpy(), clip["level"]
    # The first frame is so many samples after the beginning: a whole number before and after.
    wide = margin + _EDGE
    wide_before = round(wide * ratio)
    clip = recording.clip(first_frame, _n_source_frames(n_frames, ratio), wide_before)
    faster = soxr.resample(clip["audio"].numpy(), ratio, 1.0, quality="MQ")
    n_samples = (n_frames - 1) * recording.grid.hop_length + 2 * margin
    audio = np.zeros(n_samples, dtype=np.float32)
    part = faster[_EDGE : _EDGE + n_samples]
    audio[: len(part)] = part
    level = clip["level"].numpy()
    moved = np.interp(np.arange(n_frames) * ratio, np.arange(len(level)), level)
    return audio, torch.from_numpy(moved.astype(np.float32))


def _n_source_frames(n_frames: int, ratio: float) -> int:
    return n_frames if ratio == 1.0 else math.ceil((n_frames - 1) * ratio) + 2


def _room(rng: np.random.Generator, sample_rate: int) -> FloatArray:
    response = simulate_room(rng)
    if abs(sample_rate / ROOM_RATE - 1.0) < _TUNED:
        return response
    resampled: FloatArray = soxr.resample(response, ROOM_RATE, sample_rate).astype(np.float32)
    return resampled


def _coded(audio: FloatArray, sample_rate: int, rng: np.random.Generator) -> FloatArray:
    """At the rate of the codecs, if this one is quite another."""
    if abs(sample_rate / CODEC_RATE - 1.0) < _TUNED:
        return through_any_codec(audio, rng)
    narrow = soxr.resample(audio, sample_rate, CODEC_RATE, quality="MQ").astype(np.float32)
    wide = soxr.resample(through_any_codec(narrow, rng), CODEC_RATE, sample_rate, quality="MQ")
    coded = np.zeros_like(audio)
    part = wide[: len(audio)]
    coded[: len(part)] = part
    return coded


def _rms(audio: FloatArray) -> float:
    return float(np.sqrt(np.mean(audio**2)))
