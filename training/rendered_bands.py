"""Write bands of held-out libraries, with truth: ``python -m training.rendered_bands --help``.

Songs of POP909 that no other clip is made of, played by one to six parts, with drums or without:
the tune, chords, bass, a second tune, more chords; or four voices of the piano's part as a quartet.
Each part is one instrument of ``held_out/``. ``python -m training.evaluate_parts`` scores them.
"""

from __future__ import annotations

import argparse
import csv
import io
import tarfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pretty_midi
import soundfile

from amtstudio.learning.instruments.musicians import draw_habits, gestures_of
from amtstudio.learning.instruments.oscillators import random_singer
from amtstudio.learning.instruments.playing import Gesture, Source, play
from amtstudio.learning.instruments.truth import truth_of
from amtstudio.learning.recording_conditions import filter_sound, record
from amtstudio.learning.rooms import RoomPool, load_rooms
from training.band_music import excerpt, fitted, held_chords, line, voices
from training.instruments.phrases import Songs, make_phrase
from training.synthesis.bank_source import BankSource
from training.synthesis.dataset import Material
from training.synthesis.instrument_bank import InstrumentBank, load_instruments, piano_as_instrument
from training.synthesis.instrument_clips import active_level, drum_sound
from training.synthesis.piano_bank import SAMPLE_RATE

if TYPE_CHECKING:
    import numpy.typing as npt

    Audio = npt.NDArray[np.float32]
    Notes = npt.NDArray[np.float64]

_FIRST_SONG = 401  # of POP909: those before are in the clips that models learn from
_PIANO = "piano"
_SINGER = "singer"
# The banks that each role is played by, without the names of their libraries.
_TUNES = (
    "violin", "flute", "phil_flute", "oboe", "phil_clarinet", "clarinet", "alto_sax", "tenor_sax",
    "phil_sax", "trumpet", "trombone", "harmonica", "fiddle", "clean_guitar", "oohs", _SINGER,
    _SINGER,
)  # fmt: skip
_SECONDS = (
    "ensemble_1", "cello", "phil_cello", "viola", "phil_oboe", "english_horn", "phil_horn", "horn",
    "brass_section", "vibraphone", "marimba", "phil_trombone", "accordion", "choir",
)  # fmt: skip
_CHORDS = (
    _PIANO, _PIANO, "epiano_1", "nylon_guitar", "steel_guitar", "clean_guitar", "gretsch",
    "drawbar_organ", "rock_organ", "harp", "warm_pad",
)  # fmt: skip
_BASSES = (
    "fingered_bass", "acoustic_bass", "picked_bass", "fretless_bass", "phil_bass", "synth_bass",
)  # fmt: skip
_QUARTETS = (
    ("violin", "flute", "phil_flute", "phil_oboe", "oboe", "phil_clarinet", "trumpet",
     "soprano_sax"),
    ("violin", "viola", "phil_clarinet", "clarinet", "alto_sax", "english_horn", "oboe", "trumpet"),
    ("viola", "phil_cello", "tenor_sax", "phil_sax", "horn", "phil_horn", "phil_trombone",
     "clarinet"),
    ("cello", "phil_cello", "phil_bassoon", "bassoon", "baritone_sax", "tuba", "phil_trombone",
     "trombone"),
)  # fmt: skip
# What the banks are called in a truth, where that is not their own name.
_CALLED = {
    "alto_sax": "saxophone", "baritone_sax": "saxophone", "soprano_sax": "saxophone",
    "tenor_sax": "saxophone", "sax": "saxophone", "fiddle": "violin", "clean_guitar": "guitar",
    "steel_guitar": "guitar", "nylon_guitar": "guitar", "gretsch": "guitar", "harp": "guitar",
    "oohs": "voice", "choir": "voice", _SINGER: "voice", "ensemble_1": "strings",
    "brass_section": "brass", "english_horn": "oboe", "epiano_1": "piano",
    "drawbar_organ": "organ", "rock_organ": "organ", "warm_pad": "synthesizer",
    "vibraphone": "mallet_percussion", "marimba": "mallet_percussion",
}  # fmt: skip
_TAIL_S = 0.5
_BASS_RANGE = 21  # semitones: basses stay below the chords whose lowest line they play
_QUARTET, _SOLO, _DUO = "quartet", "solo", "duo"
_KINDS = (_QUARTET, "band4", "band5", _QUARTET, "band5", "band6")
_FEWEST_NOTES = 8  # of a tune, or another song is taken


class Part(NamedTuple):
    bank: str
    notes: Notes
    is_line: bool


@dataclass(frozen=True)
class Song:
    """``tune``, ``second``, ``chords``: notes from the beginning of the song."""

    tune: Notes
    second: Notes
    chords: Notes


@dataclass(frozen=True)
class Orchestra:
    """Everything that bands are made of."""

    banks: dict[str, InstrumentBank]
    drums: list[InstrumentBank]
    beats: Songs
    rooms: RoomPool

    @classmethod
    def load(cls, material: Material, folder: str) -> Orchestra:
        banks = load_instruments(material.root / folder, material.cache)
        piano = material.banks(held_out=True)[0]
        named = {bank.name.removeprefix("timgm6mb_"): bank for bank in banks}
        named[_PIANO] = piano_as_instrument(piano)
        return cls(
            named,
            [bank for bank in banks if bank.family < 0],
            Songs.load(material.cache / "phrases.npz"),
            RoomPool(load_rooms(material.root / "rir"), n_simulated=100, seed=911),
        )


def read_songs(archive: Path, count: int, first: int = _FIRST_SONG) -> list[Song]:
    """The first ``count`` songs from a number on."""
    songs: list[Song] = []
    with tarfile.open(archive, "r:xz") as tar:
        for member in tar:
            name = Path(member.name).stem
            file = tar.extractfile(member) if name.isdecimal() else None
            if file is None or int(name) < first:
                continue
            midi = pretty_midi.PrettyMIDI(io.BytesIO(file.read()))
            tracks = {
                track.name.upper(): np.array(
                    sorted((n.start, n.end, n.pitch, n.velocity) for n in track.notes), float
                ).reshape(-1, 4)
                for track in midi.instruments
            }
            if {"MELODY", "BRIDGE", "PIANO"} <= set(tracks):
                songs.append(Song(tracks["MELODY"], tracks["BRIDGE"], tracks["PIANO"]))
            if len(songs) == count:
                break
    return songs


def quartet(song: Song, rng: np.random.Generator) -> list[Part]:
    names = [str(rng.choice(choices)) for choices in _QUARTETS]
    parts = voices(song.chords)
    return [Part(name, notes, True) for name, notes in zip(names, parts, strict=True)]


def band(song: Song, rng: np.random.Generator, n_parts: int) -> list[Part]:
    """Tune, chords, bass; of four parts a second tune, of five more chords, of six held ones."""
    chords = list(dict.fromkeys(rng.permutation(_CHORDS).tolist()))
    second = song.second if len(song.second) > 10 else line(song.chords)
    beat = float(rng.uniform(0.8, 1.6))
    strummed = held_chords(song.chords, every=beat, n_notes=4)
    held = held_chords(song.chords, every=4.0 * beat, n_notes=3)
    parts = [
        Part(str(rng.choice(_TUNES)), line(song.tune), True),
        Part(chords[0], song.chords, False),
        Part(str(rng.choice(_BASSES)), line(song.chords, is_lowest=True), True),
        Part(str(rng.choice(_SECONDS)), line(second), True),
        Part(chords[1], strummed, False),
        Part(chords[2], held, False),
    ]
    return parts[:n_parts]


def players(kind: str, song: Song, rng: np.random.Generator) -> list[Part]:
    """The parts of a recording of one of the kinds that ``--kinds`` tells."""
    if kind == _QUARTET:
        return quartet(song, rng)
    if kind == _SOLO:
        if rng.random() < 0.6:
            tune = line(song.tune if len(song.tune) >= _FEWEST_NOTES else song.chords)
            return [Part(str(rng.choice((*_TUNES, *_SECONDS))), tune, True)]
        return [Part(str(rng.choice(_CHORDS)), song.chords, False)]
    if kind == _DUO:
        return band(song, rng, 2)
    return band(song, rng, int(kind.removeprefix("band")))


def render(
    parts: Sequence[Part], orchestra: Orchestra, seconds: float, *, with_drums: bool,
    rng: np.random.Generator,
) -> tuple[Audio, list[dict[str, object]]]:  # fmt: skip
    """The recording, and the rows of its truth."""
    n_samples = round((seconds + _TAIL_S) * SAMPLE_RATE)
    mix = np.zeros(n_samples, dtype=np.float32)
    rows: list[tuple[Gesture, float, int, int]] = []
    for number, part in enumerate(parts):
        is_sung = part.bank == _SINGER
        bank = orchestra.banks["oohs" if is_sung else part.bank]
        source: Source = random_singer(rng) if is_sung else BankSource(bank)
        highest = bank.lowest + _BASS_RANGE if part.bank in _BASSES else bank.highest
        notes = fitted(part.notes, bank.lowest, min(highest, bank.highest))
        habits = draw_habits(bank.manner, rng, is_harmonica="harmonica" in bank.name)
        has_keys = bank.manner in ("struck", "organ")
        gestures = gestures_of(notes, habits, rng, is_line=part.is_line, has_keys=has_keys)
        sound, ends = play(gestures, source, n_samples, 0.0, rng)
        level = active_level(sound)
        if level < 1e-6:
            continue
        gain_db = 0.0 if number == 0 else rng.uniform(-7.0, 0.0)
        mix += sound * np.float32(10.0 ** (gain_db / 20.0) / level)
        rows += [
            (gesture, float(end), bank.family, number)
            for gesture, end in zip(gestures, ends, strict=True)
            if np.isfinite(end)
        ]
    if with_drums:
        kit = orchestra.drums[int(rng.integers(len(orchestra.drums)))]
        beats = make_phrase(
            orchestra.beats, rng, style="drums", lowest=0, highest=127, seconds=seconds
        )
        mix += drum_sound(kit, beats, n_samples, rng) * np.float32(
            10.0 ** (rng.uniform(-8, 0) / 20)
        )
    room = orchestra.rooms.choose(rng) if rng.random() < 0.65 else None
    truth = truth_of(rows)
    table: list[dict[str, object]] = []
    for (onset, end, pitch, velocity), number in zip(truth.notes, truth.parts, strict=True):
        if 0.0 <= onset < seconds:
            name = parts[number].bank.removeprefix("phil_")
            table.append({
                "onset_s": f"{onset:.3f}", "offset_s": f"{end:.3f}", "midi_pitch": int(pitch),
                "velocity": round(velocity), "instrument": _CALLED.get(name, name),
                "part": f"{number + 1} {name}",
            })  # fmt: skip
    return record(filter_sound(mix, room, rng), rng), table


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(
        prog="python -m training.rendered_bands",
        description=(__doc__ or "").split("\n", maxsplit=1)[0],
    )
    parser.add_argument("folder", type=Path, help="where to write")
    parser.add_argument("--material", type=Path, required=True)
    parser.add_argument("--cache", type=Path, required=True)
    parser.add_argument("--banks", default="held_out", help="folder in the material")
    parser.add_argument("--count", type=int, default=24, help="recordings")
    parser.add_argument(
        "--kinds", default=",".join(_KINDS), help="in turn: solo, duo, quartet, band3 to band6"
    )
    parser.add_argument("--first-song", type=int, default=_FIRST_SONG)
    parser.add_argument("--seconds", type=float, default=20.0)
    parser.add_argument("--seed", type=int, default=17)
    options = parser.parse_args(arguments)
    material = Material(options.material, options.cache)
    orchestra = Orchestra.load(material, options.banks)
    songs = read_songs(
        options.material / "midi/pop909_main.tar.xz", options.count, options.first_song
    )
    kinds = options.kinds.split(",")
    options.folder.mkdir(parents=True, exist_ok=True)
    for number, whole in enumerate(songs):
        rng = np.random.default_rng([options.seed, number])
        kind = kinds[number % len(kinds)]
        is_quartet = kind == _QUARTET
        start = float(rng.uniform(0.2, 0.6)) * float(whole.tune[-1, 0])
        slower = float(rng.uniform(1.0, 1.6)) if is_quartet else 1.0
        span = options.seconds / slower
        pieces = [excerpt(notes, start, span) for notes in (whole.tune, whole.second, whole.chords)]
        for notes in pieces:
            notes[:, :2] *= slower
        song = Song(*pieces)
        parts = players(kind, song, rng)
        with_drums = kind.startswith("band") and len(parts) > 3
        audio, table = render(parts, orchestra, options.seconds, with_drums=with_drums, rng=rng)
        stem = f"{number:02d}_{kind}"
        soundfile.write(options.folder / f"{stem}.flac", np.clip(audio, -1, 1), SAMPLE_RATE)
        with (options.folder / f"{stem}.notes.csv").open("w", newline="") as file:
            writer = csv.DictWriter(file, list(table[0]))
            writer.writeheader()
            writer.writerows(table)
        print(stem, ", ".join(part.bank for part in parts), flush=True)


if __name__ == "__main__":
    main()
