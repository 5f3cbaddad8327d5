"""Recordings of pianos that differ from what a model knows, with a truth to be hidden from it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import numpy.typing as npt
import scipy.signal
import soundfile
import soxr

from amtstudio.audio import read_mono
from amtstudio.features import FrameGrid
from amtstudio.formats import read_transcription, write_transcription
from amtstudio.learning.rooms import simulate_room
from amtstudio.symbolic import Note, Transcription
from training.datasets import find_pieces
from training.render_clips import render_clips
from training.synthesis.clips import ClipMaker
from training.synthesis.dataset import Material
from training.truth import read_truth

Audio = npt.NDArray[np.float32]
SAMPLE_RATE = 16000
GRID = FrameGrid(SAMPLE_RATE, 512)
RECORDING_S = 60.0
_TEST_RECORDINGS = 6
_ROOM_SEED = 77  # one room for all recordings of the condition


@dataclass(frozen=True, slots=True)
class Recording:
    """A sound file and the transcription that is true of it."""

    audio: Path
    truth: Path
    seconds: float


@dataclass(frozen=True, slots=True)
class Condition:
    """Recordings to adapt on, and others, of the same piano, to test on."""

    name: str
    adapt: tuple[Recording, ...]
    test: tuple[Recording, ...]

    def first_minutes(self, minutes: float) -> tuple[Recording, ...]:
        """As many recordings to adapt on as it takes, but never fewer than one."""
        chosen: list[Recording] = []
        for recording in self.adapt:
            if chosen and sum(entry.seconds for entry in chosen) >= 60.0 * minutes - 1.0:
                break
            chosen.append(recording)
        return tuple(chosen)


def detuned(cents: float) -> Callable[[Audio, Transcription], tuple[Audio, Transcription]]:
    """Everything sharper by ``cents`` and faster by the same factor, including the truth."""
    ratio = 2.0 ** (cents / 1200.0)

    def change(audio: Audio, truth: Transcription) -> tuple[Audio, Transcription]:
        notes = truth.notes
        moved = replace(notes, onset=notes.onset / ratio, offset=notes.offset / ratio)
        shorter: Audio = soxr.resample(audio, ratio, 1.0).astype(np.float32)
        return shorter, replace(truth, notes=moved)

    return change


def distant(audio: Audio, truth: Transcription) -> tuple[Audio, Transcription]:
    """From the back of a room: ten decibels more of its sound than of the piano's own."""
    response = simulate_room(np.random.default_rng(_ROOM_SEED)).copy()
    response[80:] *= 3.0
    wet = scipy.signal.fftconvolve(audio, response)[: len(audio)]
    return _levelled(wet.astype(np.float32)), truth


def telephone(audio: Audio, truth: Transcription) -> tuple[Audio, Transcription]:
    """The microphone of a telephone: no bass, no top, automatic gain, noise."""
    bands = scipy.signal.butter(2, [180.0, 4500.0], "bandpass", fs=SAMPLE_RATE, output="sos")
    thin = scipy.signal.sosfilt(bands, audio)
    power = scipy.signal.lfilter([0.002], [1, -0.998], thin**2)
    evened = thin / (np.sqrt(power) + 0.02) ** 0.5
    noise = np.random.default_rng(_ROOM_SEED).standard_normal(len(audio))
    noisy = evened + noise * np.sqrt(np.mean(evened**2)) * 10 ** (-25 / 20)
    return _levelled(noisy.astype(np.float32)), truth


SHIFTS: Mapping[str, Callable[[Audio, Transcription], tuple[Audio, Transcription]] | None] = {
    "in-tune": None,
    "detuned-30": detuned(-30.0),
    "detuned+30": detuned(30.0),
    "distant": distant,
    "telephone": telephone,
    "upright": None,  # another piano: the one that training never hears
}


def synthesised(
    name: str, material: Material, folder: Path, *, minutes: float, seed: int = 31
) -> Condition:
    """One of ``SHIFTS``, on music that training never hears."""
    banks = material.banks(held_out=name == "upright")
    maker = ClipMaker(
        banks=banks if name == "upright" else banks[-1:],
        repertoire=material.repertoire(validation=True),
        rooms=None,
        grid=GRID,
        margin=0,
        n_frames=GRID.to_frame(RECORDING_S),
        detune_cents=0.0,
        silent_share=0.0,
    )
    n_adapt = max(round(60.0 * minutes / RECORDING_S), 1)
    render_clips(maker, folder, n_clips=n_adapt + _TEST_RECORDINGS, seed=seed)
    recordings = [_shifted(piece.audio, piece.truth, name) for piece in find_pieces(folder)]
    return Condition(
        name, tuple(recordings[_TEST_RECORDINGS:]), tuple(recordings[:_TEST_RECORDINGS])
    )


def recorded(
    root: Path,
    folder: Path,
    *,
    shift: str,
    minutes: float,
    limit_s: float | None = None,
    seed: int = 31,
) -> Condition:
    """Recordings of one piano with truth, some drawn to adapt on, the rest to test; shifted.

    The draw depends only on the names, never on scores. ``limit_s`` takes only the beginning of
    each.
    """
    pieces = find_pieces(root)
    order = np.random.default_rng(seed).permutation(len(pieces))
    adapt: list[Recording] = []
    test: list[Recording] = []
    folder.mkdir(parents=True, exist_ok=True)
    for index in order:
        piece = pieces[int(index)]
        audio = read_mono(piece.audio, sample_rate=SAMPLE_RATE, end=limit_s)
        truth = read_truth(piece.truth)
        if limit_s is not None:
            truth = until(truth, limit_s)
        copy = folder / f"{piece.audio.stem}.wav"
        recording = _written(audio, truth, copy, copy.with_suffix(".notes.csv"), shift)
        learned = sum(entry.seconds for entry in adapt)
        (adapt if learned < 60.0 * minutes else test).append(recording)
    return Condition(f"{root.name}, {shift}", tuple(adapt), tuple(test))


def until(truth: Transcription, end: float) -> Transcription:
    """The notes of the first seconds."""
    notes = truth.notes.take(truth.notes.onset < end - 0.1)
    return replace(truth, notes=replace(notes, offset=np.minimum(notes.offset, end)))


def _shifted(audio_path: Path, truth_path: Path, name: str) -> Recording:
    audio, _ = soundfile.read(audio_path, dtype="float32")
    return _written(audio, read_transcription(truth_path), audio_path, truth_path, name)


def _written(
    audio: Audio, truth: Transcription, audio_path: Path, truth_path: Path, name: str
) -> Recording:
    """Write a shifted recording and its truth."""
    change = SHIFTS[name]
    if change is not None:
        audio, truth = change(audio, truth)
    soundfile.write(audio_path, audio, SAMPLE_RATE)
    write_transcription(truth, truth_path, format_name="csv", overwrite=True)
    return Recording(audio_path, truth_path, len(audio) / SAMPLE_RATE)


def _levelled(audio: Audio) -> Audio:
    """Peak at half of full scale."""
    scaled: Audio = audio * np.float32(0.5 / max(float(np.abs(audio).max()), 1e-6))
    return scaled


def notes_between(truth: Transcription, start: float, end: float) -> Iterator[Note]:
    return (note for note in truth.notes if start <= note.onset < end)
