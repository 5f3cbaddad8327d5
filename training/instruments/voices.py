"""Singing made of free speech synthesisers: their speech, put on the pitches of a melody.

No recorded singing may be shipped with or learned from here, so that this stands in for it; how far
it falls short is measured on recordings.
"""

from __future__ import annotations

import subprocess
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import soundfile
import soxr

if TYPE_CHECKING:
    import numpy.typing as npt

    Audio = npt.NDArray[np.float32]

SAMPLE_RATE = 16000  # Hz
_FRAME_MS = 5.0
_SYLLABLES = (
    "la", "na", "ma", "lo", "no", "you", "me", "love", "day", "night", "away", "never", "river",
    "home", "again", "oh", "ah", "down", "moon", "rain", "heart", "alone", "morning", "over",
    "believe", "tomorrow", "sing", "wonder", "fire", "shine", "light", "road", "roma", "luna",
)  # fmt: skip


def speak(voice: str, rng: np.random.Generator, *, n_words: int = 24) -> Audio:
    """Random words in the voice of Festival, or of Flite where it is called ``flite:NAME``."""
    text = " ".join(str(rng.choice(_SYLLABLES)) for _ in range(n_words)) + "."
    with tempfile.TemporaryDirectory() as folder:
        output = Path(folder) / "speech.wav"
        if voice.startswith("flite:"):
            command = ["flite", "-voice", voice[6:], "-t", text, "-o", str(output)]
            subprocess.run(command, check=True, capture_output=True, timeout=60)
        else:
            command = ["text2wave", "-eval", f"(voice_{voice})", "-o", str(output)]
            subprocess.run(
                command, input=text.encode(), check=True, capture_output=True, timeout=60
            )
        if not output.exists():  # text2wave succeeds even if the voice does not exist
            raise FileNotFoundError(f"the voice {voice} says nothing")
        audio, rate = soundfile.read(output, dtype="float32")
    speech: Audio = soxr.resample(audio, rate, SAMPLE_RATE)
    return speech


def sing(
    speech: Audio,
    notes: npt.NDArray[np.float64],
    rng: np.random.Generator,
    *,
    seconds: float,
) -> Audio:
    """Speech on the pitches of ``notes``, (n_notes, 4): onset, offset in seconds, pitch, velocity.

    The words run on at about half their pace while there are notes, with vibrato, a glide from note
    to note, a vocal tract of random length, and aspiration. Needs ``pip install pyworld``.

    References
    ----------
    Morise, Yokomori & Ozawa, "WORLD: A Vocoder-Based High-Quality Speech Synthesis System for
    Real-Time Applications", IEICE Transactions 2016.
    """
    import pyworld  # noqa: PLC0415 - only who renders material needs it

    world: Any = pyworld
    sound = speech.astype(np.float64)
    f0, times = world.dio(sound, SAMPLE_RATE, frame_period=_FRAME_MS)
    envelope = world.cheaptrick(sound, f0, times, SAMPLE_RATE)
    aperiodicity = world.d4c(sound, f0, times, SAMPLE_RATE)
    n_frames = round(seconds * 1000.0 / _FRAME_MS)
    source, target_f0 = _course(f0 > 0, notes, rng, n_frames)
    warped = _stretched_tract(envelope[source], float(rng.uniform(0.88, 1.15)))
    sung = world.synthesize(
        np.where(f0[source] > 0, target_f0, 0.0),
        np.ascontiguousarray(warped),
        np.ascontiguousarray(aperiodicity[source]),
        SAMPLE_RATE,
        _FRAME_MS,
    )
    gate = np.interp(
        np.arange(len(sung)) / SAMPLE_RATE * 1000.0 / _FRAME_MS,
        np.arange(n_frames),
        (target_f0 > 0).astype(float),
    )
    audio: Audio = (sung * gate)[: round(seconds * SAMPLE_RATE)].astype(np.float32)
    return audio


def _course(
    voiced: npt.NDArray[np.bool_],
    notes: npt.NDArray[np.float64],
    rng: np.random.Generator,
    n_frames: int,
) -> tuple[npt.NDArray[np.intp], npt.NDArray[np.float64]]:
    """For each frame the frame of speech to take, and the frequency to sing it at (0: silence)."""
    pitch = np.zeros(n_frames)
    for onset, offset, note_pitch, _ in notes:
        first, last = (round(t * 1000.0 / _FRAME_MS) for t in (onset, offset))
        pitch[first:last] = note_pitch
    sounding = pitch > 0
    glide = np.ones(9) / 9.0
    weights = np.convolve(sounding.astype(float), glide, mode="same")
    smooth = np.convolve(pitch, glide, mode="same") / np.maximum(weights, 1e-9)
    seconds = np.arange(n_frames) * _FRAME_MS / 1000.0
    depth = rng.uniform(0.0, 0.6) * np.interp(
        seconds, np.linspace(0, seconds[-1], 6), rng.random(6)
    )
    smooth += depth * np.sin(2 * np.pi * rng.uniform(4.5, 6.5) * seconds)
    frequency = np.where(sounding, 440.0 * 2.0 ** ((smooth - 69.0) / 12.0), 0.0)
    # Vowels last, consonants pass: voiced frames are drawn out, the others are not.
    pace = np.where(voiced, 1.0 / rng.uniform(1.4, 3.0), 1.0)
    clock = np.cumsum(1.0 / pace)
    position = np.cumsum(sounding) % clock[-1]
    source = np.minimum(np.searchsorted(clock, position), len(voiced) - 1)
    return source, frequency


def _stretched_tract(envelope: npt.NDArray[np.float64], ratio: float) -> npt.NDArray[np.float64]:
    """Formants moved by ``ratio``: another singer."""
    bins = np.arange(envelope.shape[1])
    positions = np.clip(bins / ratio, 0, envelope.shape[1] - 1)
    low = positions.astype(int)
    high = np.minimum(low + 1, envelope.shape[1] - 1)
    share = positions - low
    moved: npt.NDArray[np.float64] = envelope[:, low] * (1 - share) + envelope[:, high] * share
    return moved
