"""Pack the training material small: ``python -m training.gpu.pack MATERIAL PACK``.

The recorded notes of each piano become one Ogg Vorbis file, the pieces columns of small numbers,
so that all of it travels where megabytes are counted and is read within seconds. PACK is a folder:

``pianos/<name>.ogg``, ``pianos/<name>.npz`` (where each note lies), ``pieces.npz``, ``rooms.npz``.
"""

from __future__ import annotations

import argparse
import csv
import json
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import soundfile

from amtstudio.learning.rooms import load_rooms
from training.synthesis.performance import Repertoire
from training.synthesis.piano_bank import (
    DB_PER_DECADE,
    DB_PER_DECADE_SINGLE,
    SAMPLE_RATE,
    SINGLE_LAYER_VELOCITY,
    TUNINGS,
)
from training.synthesis.pieces import Piece

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    import numpy.typing as npt

LONGEST_S = 5.0  # of a note: what rings on for longer is held so long by few
MOST_LAYERS = 4  # of velocity; more are thinned out evenly
KEY_STEP = 2  # of the keys that are kept, semitones; those between are played by their neighbours
FADE_S = 0.1
# Of libsndfile, from careful to small, and the size against the first: 30 to 17 kbit/s, 28 to 21 dB
# above what is lost.
COMPRESSIONS = {0.5: 1.0, 0.6: 0.9, 0.7: 0.79, 0.8: 0.68, 0.9: 0.56}
_BLOCK = 16384  # samples: the encoder takes no more at a time than its stack holds
_FULL_SCALE = 32767.0
_MOST_PIECES = 0.25  # of the megabytes
_KINDS = ("played", "scores", "solos")  # of pieces in a repertoire
_TICKS = 1000.0  # a second
_LONGEST_TICKS = 2**16 - 1


@dataclass(frozen=True)
class PackedPiano:
    """The recorded notes of one piano, as they lie in ``samples``.

    Attributes
    ----------
    samples : np.ndarray of int16, shape (n_samples,)
    pitches, layers, starts, lengths : np.ndarray of int64, shape (n_notes,)
    layer_velocities : np.ndarray, shape (n_layers,)
    tuning_cents : float
    """

    name: str
    samples: npt.NDArray[np.int16]
    pitches: npt.NDArray[np.int64]
    layers: npt.NDArray[np.int64]
    starts: npt.NDArray[np.int64]
    lengths: npt.NDArray[np.int64]
    layer_velocities: npt.NDArray[np.float64]
    tuning_cents: float

    def nearest(
        self, pitches: npt.NDArray[np.int64], velocities: npt.NDArray[np.float64]
    ) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.float64]]:
        """Of each key that is struck the recorded note to play it with, and at which gain."""
        layers = np.abs(self.layer_velocities[None] - velocities[:, None]).argmin(axis=1)
        away = np.abs(self.pitches[None] - pitches[:, None]).astype(np.float64)
        away[self.layers[None] != layers[:, None]] = np.inf
        # Of two as near, the lower one, as the banks of the other synthesiser have it.
        rows = (away + 1e-3 * (self.pitches[None] > pitches[:, None])).argmin(axis=1)
        slope = DB_PER_DECADE if len(self.layer_velocities) > 1 else DB_PER_DECADE_SINGLE
        gain_db = slope * np.log10(np.maximum(velocities, 1.0) / self.layer_velocities[layers])
        return rows, 10.0 ** (gain_db / 20.0) / _FULL_SCALE


def pack_material(
    material: Path, repertoire: Repertoire, output: Path, *, megabytes: float, held_out: str
) -> float:
    """Write the pack; returns its size in MiB.

    Parameters
    ----------
    material : Path
        The folder with ``pianos`` and ``rir``.
    repertoire : Repertoire
        The pieces, whole; those at the end are left out where they do not fit.
    held_out : str
        Name of the piano that is left out.

    Raises
    ------
    ValueError
        If the pianos do not fit.
    """
    (output / "pianos").mkdir(parents=True, exist_ok=True)
    _write_rooms(output / "rooms.npz", load_rooms(material / "rir"))
    _write_pieces(output / "pieces.npz", repertoire, megabytes=_MOST_PIECES * megabytes)
    folders = sorted(path.parent for path in material.glob("pianos/*/bank.csv"))
    folders = [folder for folder in folders if folder.name != held_out]
    needed = 1.0  # of the size with the first compression
    size = 0.0
    for compression, relative in COMPRESSIONS.items():
        if relative > needed:
            continue
        for folder in folders:
            _write_piano(folder, output / "pianos", compression)
        pianos = _mebibytes(output / "pianos")
        size = _mebibytes(output)
        if size <= megabytes:
            return size
        needed = relative * (megabytes - size + pianos) / pianos
    raise ValueError(f"the pack takes {size:.1f} MiB, more than {megabytes:g}: leave out a piano")


def _mebibytes(folder: Path) -> float:
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file()) / 2**20


def _write_piano(folder: Path, output: Path, compression: float) -> None:
    with (folder / "bank.csv").open(newline="") as file:
        rows = list(csv.DictReader(file))
    rows = _thinned(rows)
    bounds = sorted({_layer(row) for row in rows})
    notes = [_note(folder / row["file"]) for row in rows]
    lengths = np.array([len(note) for note in notes])
    centres = [(low + high) / 2 for low, high in bounds]
    np.savez_compressed(
        output / f"{folder.name}.npz",
        pitches=np.array([int(row["pitch"]) for row in rows]),
        layers=np.array([bounds.index(_layer(row)) for row in rows]),
        starts=np.cumsum(lengths) - lengths,
        lengths=lengths,
        layer_velocities=np.array(centres if len(centres) > 1 else [SINGLE_LAYER_VELOCITY]),
        tuning_cents=np.array(TUNINGS.get(folder.name, 0.0)),
    )
    samples = np.concatenate(notes)
    with soundfile.SoundFile(
        output / f"{folder.name}.ogg",
        "w",
        SAMPLE_RATE,
        channels=1,
        format="OGG",
        subtype="VORBIS",
        compression_level=compression,
    ) as file:
        for first in range(0, len(samples), _BLOCK):
            file.write(samples[first : first + _BLOCK])


def _layer(row: dict[str, str]) -> tuple[int, int]:
    return int(row["velocity_low"]), int(row["velocity_high"])


def _thinned(rows: list[dict[str, str]]) -> list[dict[str, str]]:
    """At most ``MOST_LAYERS`` layers, and of each the keys that lie ``KEY_STEP`` apart."""
    layers = sorted({_layer(row) for row in rows})
    chosen = np.linspace(0, len(layers) - 1, min(len(layers), MOST_LAYERS)).round().astype(int)
    kept = []
    for layer in (layers[index] for index in chosen):
        highest = -KEY_STEP
        same = (row for row in rows if _layer(row) == layer)
        for row in sorted(same, key=lambda row: int(row["pitch"])):
            if int(row["pitch"]) >= highest + KEY_STEP:
                kept.append(row)
                highest = int(row["pitch"])
    return kept


def _note(path: Path) -> npt.NDArray[np.float32]:
    audio, sample_rate = soundfile.read(path, dtype="float32")
    if sample_rate != SAMPLE_RATE:
        raise ValueError(f"{path} is at {sample_rate} Hz, not {SAMPLE_RATE}")
    longest = round(LONGEST_S * SAMPLE_RATE)
    if len(audio) > longest:
        audio = audio[:longest].copy()
        n_fade = round(FADE_S * SAMPLE_RATE)
        audio[-n_fade:] *= np.linspace(1.0, 0.0, n_fade, dtype=np.float32)
    note: npt.NDArray[np.float32] = audio
    return note


def _write_rooms(path: Path, rooms: Sequence[npt.NDArray[np.float32]]) -> None:
    peaks = [float(np.abs(room).max()) for room in rooms]
    arrays = {
        f"{index:03d}": np.round(room / peak * _FULL_SCALE).astype(np.int16)
        for index, (room, peak) in enumerate(zip(rooms, peaks, strict=True))
    }
    np.savez_compressed(path, peaks=np.array(peaks), **arrays)  # type: ignore[arg-type]


def _write_pieces(path: Path, repertoire: Repertoire, *, megabytes: float) -> None:
    """With a fifth of the pieces fewer until they fit."""
    share = 1.0
    while True:
        arrays: dict[str, npt.NDArray[np.generic]] = {}
        for kind in _KINDS:
            pieces = getattr(repertoire, kind)
            if not pieces:
                continue
            chosen = list(pieces)[: max(1, round(share * len(pieces)))]
            arrays |= {f"{kind}_{name}": value for name, value in _columns(chosen).items()}
        np.savez_compressed(path, **arrays)  # type: ignore[arg-type]
        if path.stat().st_size <= megabytes * 2**20 or share < 0.01:
            return
        share *= 0.8


def _columns(pieces: Sequence[Piece]) -> dict[str, npt.NDArray[np.generic]]:
    """Times as ticks since the note before: small numbers, which pack well."""
    notes = [_ticks(piece.notes[:, :2]) for piece in pieces]
    pedals = [_ticks(piece.pedals) for piece in pieces]
    rest = np.concatenate([piece.notes[:, 2:] for piece in pieces])
    return {
        "n_notes": np.array([len(piece.notes) for piece in pieces]),
        "n_pedals": np.array([len(piece.pedals) for piece in pieces]),
        "times": np.concatenate(notes).T.copy(),
        "keys": np.round(rest).astype(np.uint8).T.copy(),
        "pedals": np.concatenate(pedals).T.copy(),
    }


def _ticks(spans: npt.NDArray[np.float64]) -> npt.NDArray[np.uint16]:
    """(n, 2) starts and ends in seconds to ticks since the start before, and of length."""
    starts = np.round(spans[:, 0] * _TICKS)
    steps = np.diff(starts, prepend=0.0)
    lengths = np.round((spans[:, 1] - spans[:, 0]) * _TICKS)
    packed = np.column_stack([steps, np.maximum(lengths, 1.0)])
    ticks: npt.NDArray[np.uint16] = np.clip(packed, 0, _LONGEST_TICKS).astype(np.uint16)
    return ticks


def read_pianos(pack: Path) -> list[PackedPiano]:
    """Decode all pianos, several at a time."""
    paths = sorted((pack / "pianos").glob("*.ogg"))
    with ThreadPoolExecutor() as pool:
        return list(pool.map(_read_piano, paths))


def _read_piano(path: Path) -> PackedPiano:
    samples, _ = soundfile.read(path, dtype="int16")
    with np.load(path.with_suffix(".npz"), allow_pickle=False) as arrays:
        return PackedPiano(
            name=path.stem,
            samples=samples,
            pitches=arrays["pitches"],
            layers=arrays["layers"],
            starts=arrays["starts"],
            lengths=arrays["lengths"],
            layer_velocities=arrays["layer_velocities"],
            tuning_cents=float(arrays["tuning_cents"]),
        )


def read_rooms(pack: Path) -> list[npt.NDArray[np.float32]]:
    """The recorded responses, as ``load_rooms`` gives them."""
    with np.load(pack / "rooms.npz", allow_pickle=False) as arrays:
        names = sorted(name for name in arrays.files if name != "peaks")
        scales = arrays["peaks"] / _FULL_SCALE
        pairs = zip(names, scales, strict=True)
        return [arrays[name].astype(np.float32) * np.float32(scale) for name, scale in pairs]


def read_repertoire(pack: Path) -> Repertoire:
    with np.load(pack / "pieces.npz", allow_pickle=False) as arrays:
        played, scores, solos = (list(_pieces(arrays, kind)) for kind in _KINDS)
        return Repertoire(played, scores, solos)


def _pieces(arrays: np.lib.npyio.NpzFile, kind: str) -> Iterator[Piece]:
    if f"{kind}_times" not in arrays:
        return
    times, keys = arrays[f"{kind}_times"].T, arrays[f"{kind}_keys"].T
    pedals = arrays[f"{kind}_pedals"].T
    note = pedal = 0
    counts = zip(arrays[f"{kind}_n_notes"], arrays[f"{kind}_n_pedals"], strict=True)
    for index, (n_notes, n_pedals) in enumerate(counts):
        spans = _seconds(times[note : note + n_notes])
        columns = keys[note : note + n_notes].astype(np.float64)
        presses = _seconds(pedals[pedal : pedal + n_pedals])
        yield Piece(f"{kind}-{index}", np.column_stack([spans, columns]), presses)
        note, pedal = note + n_notes, pedal + n_pedals


def _seconds(ticks: npt.NDArray[np.uint16]) -> npt.NDArray[np.float64]:
    starts = np.cumsum(ticks[:, 0].astype(np.float64)) / _TICKS
    return np.column_stack([starts, starts + ticks[:, 1] / _TICKS])


def main(arguments: list[str] | None = None) -> None:
    # Reading MIDI takes packages that reading the pack does without.
    from training.synthesis.dataset import HELD_OUT_BANK, Material  # noqa: PLC0415

    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", maxsplit=1)[0])
    parser.add_argument("material", type=Path, help="folder with pianos/, midi/ and rir/")
    parser.add_argument("output", type=Path, help="folder of the pack")
    parser.add_argument("--megabytes", type=float, default=22.0, help="that it may take")
    parser.add_argument("--cache", type=Path, help="for prepared material (default: beside it)")
    options = parser.parse_args(arguments)
    cache = options.cache or options.output.with_name(options.output.name + "-cache")
    repertoire = Material(options.material, cache).repertoire(validation=False)
    size = pack_material(
        options.material,
        repertoire,
        options.output,
        megabytes=options.megabytes,
        held_out=HELD_OUT_BANK,
    )
    print(json.dumps({"pack": str(options.output), "mebibytes": round(size, 2)}))


if __name__ == "__main__":
    main()
