"""Recordings with truth, and a whole miniature of the training material."""

from __future__ import annotations

import io
import tarfile
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pretty_midi
import pytest
import soundfile

from training.instruments.written_music import WrittenPiece, save_pack

SAMPLE_RATE = 16000
WriteRecording = Callable[..., Path]


def _write_midi(path: Path, notes, pedal=()) -> Path:
    """Notes as (onset, offset, pitch, velocity), pedal as (time, value of CC64)."""
    path.parent.mkdir(parents=True, exist_ok=True)
    midi = pretty_midi.PrettyMIDI(resolution=960)
    piano = pretty_midi.Instrument(0)
    piano.notes = [pretty_midi.Note(v, p, on, off) for on, off, p, v in notes]
    piano.control_changes = [pretty_midi.ControlChange(64, value, time) for time, value in pedal]
    midi.instruments.append(piano)
    midi.write(str(path))
    return path


def _write_tones(path: Path, notes, *, seconds: float = 2.0) -> Path:
    """Decaying sines at the notes' pitches."""
    path.parent.mkdir(parents=True, exist_ok=True)
    time = np.arange(round(seconds * SAMPLE_RATE)) / SAMPLE_RATE
    audio = np.zeros_like(time)
    for onset, offset, pitch, velocity in notes:
        tone = np.sin(2 * np.pi * pretty_midi.note_number_to_hz(pitch) * (time - onset))
        sounding = (time >= onset) & (time < offset)
        audio += velocity / 1000 * tone * np.exp(-3 * np.abs(time - onset)) * sounding
    soundfile.write(path, audio, SAMPLE_RATE)
    return path


@pytest.fixture
def write_midi() -> Callable[..., Path]:
    return _write_midi


@pytest.fixture(scope="session")
def write_recording() -> WriteRecording:
    """Write two notes to an audio file and to ``truth``, by default the MIDI file beside it."""

    def write(audio: Path, truth: Path | None = None, *, pitch: int = 60) -> Path:
        notes = [(0.5, 1.0, pitch, 80), (1.2, 1.6, pitch + 4, 60)]
        _write_tones(audio, notes)
        _write_midi(truth or audio.with_suffix(".mid"), notes)
        return audio

    return write


SAMPLE_RATE = 16000
ATTACK = 80  # samples: 5 ms, where the banks put the hammer


def tone(pitch, seconds=1.5, amplitude=0.5):
    """A decaying sine that starts, at full height, 5 ms into the file."""
    times = np.arange(round(seconds * SAMPLE_RATE)) / SAMPLE_RATE
    frequency = 440.0 * 2 ** ((pitch - 69) / 12)
    sound = amplitude * np.exp(-2 * times) * np.cos(2 * np.pi * frequency * times)
    return np.concatenate([np.zeros(ATTACK), sound]).astype(np.float32)


def write_bank(folder, layers, pitches):
    (folder / "notes").mkdir(parents=True)
    lines = ["file,pitch,velocity_low,velocity_high,seconds,peak_dbfs,gain_db_applied,attack_s"]
    for low, high in layers:
        for pitch in pitches:
            name = f"notes/{pitch:03d}_v{low}.flac"
            soundfile.write(folder / name, tone(pitch, amplitude=0.5 * high / 127), SAMPLE_RATE)
            lines.append(f"{name},{pitch},{low},{high},1.5,-6,0,0.005")
    (folder / "bank.csv").write_text("\n".join(lines) + "\n")


def write_archive(path, names, *, pedal):
    with tarfile.open(path, "w:xz") as archive:
        for index, name in enumerate(names):
            midi = pretty_midi.PrettyMIDI()
            piano = pretty_midi.Instrument(0)
            for step in range(60):
                onset = 0.25 * step
                pitch = 48 + (7 * step + index) % 36
                piano.notes.append(pretty_midi.Note(60 + step % 40, pitch, onset, onset + 0.2))
            if pedal:
                piano.control_changes.append(pretty_midi.ControlChange(64, 127, 1.0))
                piano.control_changes.append(pretty_midi.ControlChange(64, 0, 3.0))
            midi.instruments.append(piano)
            content = io.BytesIO()
            midi.write(content)
            member = tarfile.TarInfo(name)
            member.size = len(content.getvalue())
            archive.addfile(member, io.BytesIO(content.getvalue()))


@pytest.fixture(scope="session")
def material_root(tmp_path_factory):
    root = tmp_path_factory.mktemp("material")
    write_bank(root / "pianos/first", [(1, 63), (64, 127)], range(24, 109, 12))
    write_bank(root / "pianos/upright_kw_kawai_HELDOUT", [(1, 127)], range(24, 109, 12))
    (root / "midi").mkdir()
    # Names chosen so that both halves of the split by name have pieces.
    names = [f"{number:03d}.mid" for number in range(40)]
    write_archive(root / "midi/pop909_main.tar.xz", names, pedal=True)
    write_archive(root / "midi/openscore_lieder_piano.tar.xz", names, pedal=False)
    solos = np.array([[0.2 * n, 0.2 * n + 0.1, 40 + n, 60 + n, 0, -1] for n in range(40)])
    save_pack(
        root / "music/piano.npz",
        [WrittenPiece(name, "", "", "CC0", f"Solos, {name}", solos) for name in names],
    )
    (root / "rir").mkdir()
    response = np.zeros(4000, dtype=np.float32)
    response[200], response[1000] = 0.8, 0.3  # 12.5 ms of silence, direct sound, one echo
    soundfile.write(root / "rir/room.flac", response, SAMPLE_RATE)
    return root


@pytest.fixture(scope="session")
def material_cache(tmp_path_factory):
    return tmp_path_factory.mktemp("cache")
