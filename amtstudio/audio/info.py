"""The header of a sound file, and the limits within which it is believed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import numpy.typing as npt

from amtstudio.errors import BadAudioError

FloatArray = npt.NDArray[np.float32]

MIN_SAMPLE_RATE = 1_000  # Hz
MAX_SAMPLE_RATE = 768_000  # Hz
MAX_CHANNELS = 64
MAX_TAGS = 64
MAX_TAG_CHARACTERS = 1_000


@dataclass(frozen=True)
class AudioInfo:
    """The header of a sound file, and how the file is read.

    ``tracks`` describes its sound tracks if there are several; ``track`` is the number of the one
    that is read, from 1.
    """

    path: Path
    duration: float | None  # seconds; None if the header does not tell
    sample_rate: int  # Hz
    channels: int
    container: str  # "wav", "mp4", "ogg"
    codec: str  # "pcm_16", "aac", "vorbis"
    tags: dict[str, str] = field(default_factory=dict)  # keys in lower case
    tracks: tuple[str, ...] = ()
    track: int = 1


class DecoderRefusedError(Exception):
    """A decoder library cannot read the file, or cannot read on; another one may."""


def shown_name(path: Path) -> str:
    """The file's name, fit for a sentence: no control characters, no broken Unicode."""
    name = path.name or str(path)
    return "".join(char if char.isprintable() else "?" for char in name)


def check_limits(name: str, *, sample_rate: int, channels: int) -> None:
    """Refuse values that no recording has, before anything is allocated."""
    if channels < 1:
        raise BadAudioError(
            f"{name} contains no audio", hint="check whether another program can play it"
        )
    if channels > MAX_CHANNELS:
        raise BadAudioError(
            f"{name} has {channels} channels, and at most {MAX_CHANNELS} can be read",
            hint="mix it down first",
        )
    if not MIN_SAMPLE_RATE <= sample_rate <= MAX_SAMPLE_RATE:
        raise BadAudioError(
            f"{name} has a sample rate of {sample_rate} Hz, outside 1 kHz to 768 kHz",
            hint="its header may be damaged; check whether another program can play it",
        )


def clean_tags(pairs: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Tags with lower-case keys, without empty ones, bounded in number and length."""
    tags: dict[str, str] = {}
    for key, value in pairs:
        text = str(value).replace("\x00", " ").strip()
        if text and len(tags) < MAX_TAGS:
            tags.setdefault(str(key).lower()[:MAX_TAG_CHARACTERS], text[:MAX_TAG_CHARACTERS])
    return tags


def silence(n_samples: int, n_block: int = 65_536) -> Iterator[FloatArray]:
    """Zeros in blocks; none if ``n_samples`` is not positive."""
    for begin in range(0, n_samples, n_block):
        yield np.zeros(min(n_block, n_samples - begin), dtype=np.float32)
