"""What is learned from, and tested on, in experiments on transfer among instruments."""

from __future__ import annotations

import csv
import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import numpy.typing as npt
import soundfile
from scipy.signal import lfilter

from amtstudio.errors import InputNotFoundError
from amtstudio.features import FrameGrid
from amtstudio.learning.rooms import RoomPool, load_rooms
from training.datasets import Piece, find_pieces, folder_pieces
from training.datasets.piece import Split
from training.render_clips import render_clips
from training.synthesis.clips import ClipMaker
from training.synthesis.dataset import Material
from training.synthesis.performance import Repertoire
from training.synthesis.piano_bank import ATTACK_S, SAMPLE_RATE, PianoBank, load_bank
from training.synthesis.pieces import Piece as Music

SYNTH, PIANO, GUITAR = "synth", "piano", "guitar"
DOMAINS = (SYNTH, PIANO, GUITAR)
_GUITAR_LOW, _GUITAR_HIGH = 40, 76  # E2 to E5: where music for the guitar lies
_SPLITS: tuple[Split, ...] = ("train", "validation", "test")
_HELD_OUT = 10  # every tenth title, where a data set has no split of its own
_NAME = re.compile(r"([A-G])(#?)(-?\d)")
_STEPS = {"C": 0, "D": 2, "E": 4, "F": 5, "G": 7, "A": 9, "B": 11}
Audio = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Domain:
    """Recordings of one kind, none of whose music is in two of the three parts."""

    name: str
    train: tuple[Piece, ...]
    validation: tuple[Piece, ...]
    test: tuple[Piece, ...]


@dataclass(frozen=True, slots=True)
class ClipCounts:
    """How many clips are rendered for the parts of a domain, and how long each is."""

    train: int = 24
    validation: int = 4
    test: int = 8
    seconds: float = 10.0


@dataclass(frozen=True, slots=True)
class Instruments:
    """What rendered clips are played on.

    Attributes
    ----------
    synth_piano, piano : str
        Folders below ``pianos/`` of the material.
    guitar : Path
        Folder of single notes, ``C#4.ogg``: named by pitch.
    """

    synth_piano: str
    piano: str
    guitar: Path


def folder_domain(name: str, folder: Path) -> Domain:
    """The recordings of a folder in any layout that ``find_pieces`` knows.

    Where the layout has no validation or no test pieces, as MAPS has no validation pieces and the
    plain layout neither, a tenth of the other titles is held out for them, the same ones each time.

    Raises
    ------
    InputNotFoundError
        If the folder is missing, or has too few pieces of music to be split.
    """
    pieces = find_pieces(folder)
    parts: dict[str, list[Piece]] = {
        split: [piece for piece in pieces if piece.split == split] for split in _SPLITS
    }
    if not parts["train"]:
        # Only a layout without splits has none to train on.
        parts = {"train": pieces, "validation": [], "test": []}
    for split in ("test", "validation"):
        if not parts[split]:
            parts["train"], parts[split] = _hold_out(parts["train"])
    for split, chosen in parts.items():
        if not chosen:
            raise InputNotFoundError(
                f"{folder} has no music for the {split} part of {name}",
                hint="three recordings of different titles are the least",
            )
    return Domain(name, *(tuple(parts[split]) for split in _SPLITS))


def _hold_out(pieces: Sequence[Piece]) -> tuple[list[Piece], list[Piece]]:
    """Without and with the held-out titles, which depend on nothing but their names."""
    titles = sorted({piece.title for piece in pieces}, key=_digest)
    held = set(titles[: max(1, len(titles) // _HELD_OUT)]) if len(titles) > 1 else set()
    return (
        [piece for piece in pieces if piece.title not in held],
        [piece for piece in pieces if piece.title in held],
    )


def _digest(text: str) -> bytes:
    return hashlib.sha256(text.encode()).digest()


def rendered_domain(
    name: str, material: Material, instruments: Instruments, folder: Path, counts: ClipCounts
) -> Domain:
    """Clips rendered into ``folder``, unless they are there.

    ``synth``: one clip in two on a sampled piano as it sounds, the others on plucked strings made
    by a formula; dry, in tune. ``piano``: another sampled piano in rooms, as recorded. ``guitar``:
    a sampled guitar in rooms, as recorded, that plays within its range and has no pedal. Training
    clips, and those of the other two parts, are of different music.
    """
    for number, split in enumerate(_SPLITS):
        if (folder / split).is_dir():
            continue
        makers = _makers(name, split, material, instruments, counts.seconds)
        seed = 100 * DOMAINS.index(name) + 10 * number
        _render(makers, folder / split, n_clips=getattr(counts, split), seed=seed)
    parts = (folder_pieces(folder / split, split=split) for split in _SPLITS)
    return Domain(name, *map(tuple, parts))


def _render(makers: Sequence[ClipMaker], folder: Path, *, n_clips: int, seed: int) -> None:
    """An equal share of the clips from each maker; all of them, or no folder of this name."""
    unfinished = folder.with_name(f"{folder.name}.partial")
    share = -(-n_clips // len(makers))
    for number, maker in enumerate(makers):
        render_clips(maker, unfinished / str(number), n_clips=share, seed=seed + number)
    unfinished.rename(folder)


def _makers(
    name: str, split: Split, material: Material, instruments: Instruments, seconds: float
) -> list[ClipMaker]:
    music = _music(material, split)
    on_guitar = [_for_guitar(piece) for piece in music]
    if name == SYNTH:
        piano = load_bank(material.root / "pianos" / instruments.synth_piano, material.cache)
        strings = plucked_bank(material.cache)
        pairs = [(piano, music), (strings, on_guitar)]
        return [_maker(bank, pieces, seconds, rooms=None) for bank, pieces in pairs]
    rooms = RoomPool(load_rooms(material.root / "rir"), n_simulated=40, seed=909)
    if name == PIANO:
        bank = load_bank(material.root / "pianos" / instruments.piano, material.cache)
        return [_maker(bank, music, seconds, rooms=rooms)]
    return [
        _maker(guitar_bank(instruments.guitar, material.cache), on_guitar, seconds, rooms=rooms)
    ]


def _maker(
    bank: PianoBank, music: Sequence[Music], seconds: float, *, rooms: RoomPool | None
) -> ClipMaker:
    grid = FrameGrid()
    played = Repertoire(
        played=music, scores=(), played_share=1.0, mixture_share=0.0, repeats_share=0.0
    )
    return ClipMaker(
        banks=[bank],
        repertoire=played,
        rooms=rooms,
        grid=grid,
        margin=0,
        n_frames=grid.to_frame(seconds),
        far_detuned_share=0.0,
        silent_share=0.0,
        is_recorded=rooms is not None,
    )


def _music(material: Material, split: Split) -> list[Music]:
    """Performances; the held-out ones are assigned by name to validation or test."""
    is_held_out = split != "train"
    pieces = list(material.repertoire(validation=is_held_out).played)
    if is_held_out:
        half = int(split == "test")
        pieces = [piece for piece in pieces if _digest(piece.name)[1] % 2 == half]
    return pieces


def _for_guitar(piece: Music) -> Music:
    """The piece moved by octaves, note by note, into the range of a guitar, without pedal."""
    notes = piece.notes.copy()
    pitch = notes[:, 2]
    below = np.ceil(np.maximum(_GUITAR_LOW - pitch, 0) / 12)
    above = np.ceil(np.maximum(pitch - _GUITAR_HIGH, 0) / 12)
    notes[:, 2] = pitch + 12 * (below - above)
    return replace(piece, notes=notes, pedals=np.zeros((0, 2)))


def guitar_bank(samples: Path, cache: Path) -> PianoBank:
    """A bank of the single notes in ``samples``, each named by its pitch: ``C#4.ogg``.

    Raises
    ------
    InputNotFoundError
        If there are none.
    """
    recorded = {}
    for path in sorted(samples.glob("*")):
        name = _NAME.fullmatch(path.stem)
        if name is not None and path.suffix.lower() in (".ogg", ".flac", ".wav"):
            pitch = _STEPS[name[1]] + len(name[2]) + 12 * (int(name[3]) + 1)
            recorded[pitch] = path
    if not recorded:
        raise InputNotFoundError(
            f"There are no notes of a guitar in {samples}",
            hint="expected files named by pitch, such as C#4.ogg",
        )
    # Where the program reads a bank: notes whose attack is where all banks have it.
    folder = cache / f"notes-{_digest(str(samples.resolve())).hex()[:8]}"
    return _bank(folder, {pitch: _attack_first(path) for pitch, path in recorded.items()}, cache)


def _attack_first(path: Path) -> Audio:
    audio, sample_rate = soundfile.read(path, always_2d=True)
    if sample_rate != SAMPLE_RATE:
        raise ValueError(f"{path} is at {sample_rate} Hz, not {SAMPLE_RATE}")
    mono: Audio = audio.mean(axis=1)
    attack = int(np.argmax(np.abs(mono) >= 0.1 * np.abs(mono).max()))
    before = round(ATTACK_S * SAMPLE_RATE)
    return np.pad(mono, (max(0, before - attack), 0))[max(0, attack - before) :]


def plucked_bank(cache: Path) -> PianoBank:
    """Strings plucked by a formula, every third key from E2 to E6.

    References
    ----------
    Karplus & Strong, "Digital Synthesis of Plucked-String and Drum Timbres", Computer Music
    Journal 7(2), 1983: noise that runs around a delay of one period and is averaged each time; the
    fraction of a sample by a straight line between two taps.
    """
    pitches = range(_GUITAR_LOW, 89, 3)
    return _bank(cache / "plucked_strings", {pitch: _pluck(pitch) for pitch in pitches}, cache)


def _pluck(pitch: int, seconds: float = 4.0) -> Audio:
    period = SAMPLE_RATE / (440.0 * 2.0 ** ((pitch - 69) / 12)) - 0.5  # averaging delays by half
    whole = int(period)
    part = period - whole
    # The two taps of the delay and the two of the average, as one polynomial.
    loop = np.convolve([1.0 - part, part], [0.498, 0.498])
    feedback = np.concatenate([[1.0], np.zeros(whole - 1), -loop])
    noise = np.random.default_rng(pitch).uniform(-1.0, 1.0, whole)
    silence = np.zeros(round(seconds * SAMPLE_RATE) - whole)
    string = lfilter([1.0], feedback, np.concatenate([noise - noise.mean(), silence]))
    string *= 0.5 / np.abs(string).max()
    return np.concatenate([np.zeros(round(ATTACK_S * SAMPLE_RATE)), string])


def _bank(folder: Path, notes: dict[int, Audio], cache: Path) -> PianoBank:
    """Write notes as a bank with one layer, and read it as one."""
    (folder / "notes").mkdir(parents=True, exist_ok=True)
    with (folder / "bank.csv").open("w", newline="") as file:
        table = csv.writer(file)
        table.writerow(["file", "pitch", "velocity_low", "velocity_high"])
        for pitch, audio in sorted(notes.items()):
            name = f"notes/{pitch:03d}.flac"
            soundfile.write(folder / name, np.clip(audio, -1.0, 1.0), SAMPLE_RATE)
            table.writerow([name, pitch, 1, 127])
    return load_bank(folder, cache)
