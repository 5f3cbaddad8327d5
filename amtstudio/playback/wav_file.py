"""The synthesised notes as a sound file."""

from __future__ import annotations

import wave
from collections.abc import Callable
from pathlib import Path
from typing import BinaryIO

from amtstudio.atomic_file import create_atomically
from amtstudio.audio.wav_writer import BYTES_PER_SAMPLE, to_pcm24
from amtstudio.errors import Cancelled
from amtstudio.playback.instrument_set import Instruments, InstrumentSet
from amtstudio.playback.synthesizer import Synthesizer, length_of
from amtstudio.symbolic import Transcription

SAMPLE_RATE = 44_100  # Hz
_BLOCK_S = 1.0  # seconds between two looks at whether it is cancelled


def write_transcription_sound(
    transcription: Transcription,
    path: Path,
    *,
    sample_rate: int = SAMPLE_RATE,
    bank: Instruments | None = None,
    overwrite: bool = False,
    on_progress: Callable[[float, float], None] = lambda _done, _total: None,
    is_cancelled: Callable[[], bool] = lambda: False,
) -> None:
    """Play a transcription on sampled instruments into a WAV file: mono, 24 bit.

    The sound of ``render_transcription``, made block by block; what exceeds full scale is clipped.

    Parameters
    ----------
    transcription : Transcription
    path : Path
        Appears only once it is complete.
    sample_rate : int, Hz
    bank : Instruments, optional
        By default the bundled ones.
    overwrite : bool
        Whether an existing file may be replaced.
    on_progress : callable
        Called with the seconds done and their total.
    is_cancelled : callable
        Checked about once per second of sound.

    Raises
    ------
    Cancelled
        Once ``is_cancelled()`` is true; the partial file is removed.
    BadFileError
        If an instrument cannot be read.
    OutputExistsError, CannotCreateOutputError, OutputWriteError
        As ``create_atomically``.
    """
    synthesizer = Synthesizer(
        transcription.notes,
        transcription.pedals,
        bank=InstrumentSet() if bank is None else bank,
        sample_rate=sample_rate,
    )
    n_samples = length_of(transcription, synthesizer, sample_rate)
    n_block = round(_BLOCK_S * sample_rate)

    def write(file: BinaryIO) -> None:
        with wave.open(file, "wb") as sound:
            sound.setnchannels(1)
            sound.setsampwidth(BYTES_PER_SAMPLE)
            sound.setframerate(sample_rate)
            sound.setnframes(n_samples)
            for start in range(0, n_samples, n_block):
                if is_cancelled():
                    raise Cancelled
                on_progress(start / sample_rate, n_samples / sample_rate)
                block = synthesizer.read(start, min(n_block, n_samples - start))
                sound.writeframesraw(to_pcm24(block))

    create_atomically(path, write, overwrite=overwrite)
