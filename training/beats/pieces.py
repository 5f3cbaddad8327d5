"""Music with its beats: popular songs, song accompaniments and drumming."""

from __future__ import annotations

import csv
import hashlib
import io
import logging
import tarfile
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

import numpy as np
import numpy.typing as npt
import pretty_midi

Doubles = npt.NDArray[np.float64]

logger = logging.getLogger("training")

_FEWEST_NOTES = 40
# Beats of a bar by its time signature: in compound metres three eighths are a beat, in alla breve
# a half is.
_COMPOUND = {(6, 8): 2, (9, 8): 3, (12, 8): 4, (6, 4): 2}
_HALVES = {(2, 2): 2, (3, 2): 3, (4, 2): 4}


@dataclass(frozen=True, eq=False)
class BeatPiece:
    """Notes, and where the beats are; times in seconds.

    Attributes
    ----------
    notes : np.ndarray, shape (n_notes, 5)
        Onset, offset, pitch, velocity, 1 for a drum; sorted by onset.
    beats : np.ndarray, shape (n_beats,)
    is_downbeat : np.ndarray of bool, shape (n_beats,)
    is_played : bool
        Whether the times are those of a performance; else they are as written.
    """

    name: str
    source: str
    split: str  # "train" or "test"
    notes: Doubles
    beats: Doubles
    is_downbeat: npt.NDArray[np.bool_]
    is_played: bool


def load_pieces(midi: Path, cache: Path | None = None) -> list[BeatPiece]:
    """All music below a folder ``midi`` as ``training/README.md`` describes it.

    One song in ten, the accompaniments of one composer in ten, and the drumming that its authors
    set aside for tests are not for training.
    """
    if cache is not None and cache.is_file():
        return _from_cache(cache)
    pieces = [*_popular_songs(midi), *_accompaniments(midi), *_drumming(midi)]
    if cache is not None:
        _to_cache(cache, pieces)
    return pieces


def _to_cache(cache: Path, pieces: list[BeatPiece]) -> None:
    arrays: dict[str, npt.NDArray[np.generic]] = {}
    for index, piece in enumerate(pieces):
        arrays[f"notes_{index}"] = piece.notes
        arrays[f"beats_{index}"] = np.stack([piece.beats, piece.is_downbeat])
    labels = [(p.name, p.source, p.split, str(int(p.is_played))) for p in pieces]
    np.savez_compressed(cache, labels=np.array(labels), **arrays)  # type: ignore[arg-type]


def _from_cache(cache: Path) -> list[BeatPiece]:
    with np.load(cache, allow_pickle=False) as arrays:
        pieces = []
        for index, (name, source, split, is_played) in enumerate(arrays["labels"].tolist()):
            beats, downs = arrays[f"beats_{index}"]
            notes = arrays[f"notes_{index}"]
            pieces.append(
                BeatPiece(name, source, split, notes, beats, downs > 0.5, is_played == "1")
            )
        return pieces


def _popular_songs(midi: Path) -> Iterator[BeatPiece]:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        _unpack(midi / "pop909_main.tar.xz", folder)
        _unpack(midi / "pop909_annotations.tar.xz", folder)
        for path in sorted(folder.rglob("*.mid")):
            beats = folder / path.stem / "beat_midi.txt"
            if not beats.is_file():
                continue
            table = np.loadtxt(beats, ndmin=2)
            # Its third column marks bars of four, or of three with two halves; where that column
            # is empty, the second marks bars of two and three.
            marks = table[:, 2] if table[:, 2].sum() >= 2 else table[:, 1]
            split = "test" if int(path.stem) % 10 == 7 else "train"
            piece = _piece(
                path.stem,
                "pop909",
                split,
                path.read_bytes(),
                (table[:, 0], marks > 0.5),
                played=True,
            )
            if piece is not None:
                yield piece


def _accompaniments(midi: Path) -> Iterator[BeatPiece]:
    with tarfile.open(midi / "openscore_lieder_piano.tar.xz") as archive:
        for member in archive:
            if not member.name.lower().endswith(".mid"):
                continue
            file = archive.extractfile(member)
            assert file is not None
            data = file.read()
            composer = PurePosixPath(member.name).parts[0]
            digit = hashlib.sha256(composer.encode()).digest()[0] % 10
            written = _written_beats(data)
            if written is None:
                continue
            split = "test" if digit == 0 else "train"
            piece = _piece(member.name, "lieder", split, data, written, played=False)
            if piece is not None:
                yield piece


def _drumming(midi: Path) -> Iterator[BeatPiece]:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        _unpack(midi / "groove.tar.xz", folder)
        (table,) = folder.rglob("info.csv")
        with table.open(newline="", encoding="utf-8") as file:
            rows = list(csv.DictReader(file))
        for row in rows:
            path = table.parent / row["midi_filename"]
            if row["beat_type"] != "beat" or not path.is_file():
                continue
            data = path.read_bytes()
            written = _written_beats(data)
            if written is None:
                continue
            split = "test" if row["split"] == "test" else "train"
            piece = _piece(row["id"], "groove", split, data, written, played=True)
            if piece is not None:
                yield piece


def _unpack(archive: Path, folder: Path) -> None:
    with tarfile.open(archive) as file:
        file.extractall(folder, filter="data")


def _read(data: bytes) -> pretty_midi.PrettyMIDI | None:
    try:
        return pretty_midi.PrettyMIDI(io.BytesIO(data))
    except (ValueError, OSError, EOFError, KeyError, IndexError) as error:
        logger.warning("left out: %s", error)
        return None


def _piece(
    name: str,
    source: str,
    split: str,
    data: bytes,
    marks: tuple[Doubles, npt.NDArray[np.bool_]],
    *,
    played: bool,
) -> BeatPiece | None:
    beats, is_downbeat = marks
    music = _read(data)
    if music is None or len(beats) < 8:
        return None
    rows = [
        (note.start, note.end, note.pitch, note.velocity, float(part.is_drum))
        for part in music.instruments
        for note in part.notes
    ]
    if len(rows) < _FEWEST_NOTES:
        return None
    notes = np.array(sorted(rows), dtype=np.float64)
    return BeatPiece(name, source, split, notes, beats, is_downbeat, played)


def _written_beats(data: bytes) -> tuple[Doubles, npt.NDArray[np.bool_]] | None:
    """Beats and downbeats by the time signatures and tempos of a MIDI file."""
    music = _read(data)
    if music is None or not music.time_signature_changes:
        return None
    end = music.time_to_tick(music.get_end_time())
    changes = music.time_signature_changes
    beats: list[float] = []
    downs: list[bool] = []
    for index, change in enumerate(changes):
        tick = music.time_to_tick(change.time)
        stop = music.time_to_tick(changes[index + 1].time) if index + 1 < len(changes) else end + 1
        signature = change.numerator, change.denominator
        bar = music.resolution * 4 * change.numerator / change.denominator
        n_beats = _COMPOUND.get(signature) or _HALVES.get(signature) or change.numerator
        if not 1 <= n_beats <= 6:
            return None
        at = 0
        while tick + at * bar / n_beats < stop - 1:
            beats.append(float(music.tick_to_time(round(tick + at * bar / n_beats))))
            downs.append(at % n_beats == 0)
            at += 1
    times, is_down = np.array(beats), np.array(downs)
    rising = np.concatenate([[True], np.diff(times) > 1e-3]) if len(times) else np.zeros(0, bool)
    return times[rising], is_down[rising]
