"""Make banks of sampled instruments: ``python -m training.add_instruments --help``.

Each instrument of ``training/synthesis/instrument_catalogue.py`` whose library is found becomes a
folder with ``bank.csv``, ``notes/`` and ``instrument.json``. SoundFonts are played by FluidSynth.
"""

from __future__ import annotations

import argparse
import csv
import json
import logging
import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import soundfile
import soxr

from amtstudio.audio.decode import read_mono
from training.instruments.sample_sets import estimate_pitch, pitch_of_name
from training.synthesis.instrument_catalogue import (
    KIT_PROGRAMS,
    LIBRARIES,
    InstrumentSource,
    Role,
    instrument_sources,
)

if TYPE_CHECKING:
    import numpy.typing as npt

    Audio = npt.NDArray[np.float32]

logger = logging.getLogger("training.add_instruments")

SAMPLE_RATE = 16000  # Hz
LONGEST_S = 6.0
KEPT_BEFORE_S = 0.012  # kept before the attack
FONT_STEP = 4  # semitones between the keys that are recorded from a SoundFont
MOST_NOTES = 90  # of one instrument: more layers and repetitions teach little
OUTSIDE = 4  # semitones beyond the range, in which recorded notes are still of use
_FONT_RATE = 44100
_RISE = 0.12  # of the first half second's peak: where a slow attack becomes audible
_COLUMNS = ("file", "pitch", "velocity_low", "velocity_high", "attack_s")
_WORST_CENTS = 60.0  # between a name and its sound, beyond a whole number of octaves


@dataclass(frozen=True)
class RecordedNote:
    """A trimmed note: ``attack_s`` is the time in it at which it becomes audible."""

    audio: Audio
    pitch: float
    velocities: tuple[int, int]
    attack_s: float


def trimmed(audio: Audio) -> tuple[Audio, float]:
    """Cut what lies well before the attack and after the audible end; returns the attack's time.

    The attack is where the running level first reaches an eighth of its maximum over the half
    second that follows the first sound: a swelling violin is audible before it is loud.
    """
    envelope = np.sqrt(np.convolve(audio**2, np.ones(64) / 64.0, mode="same"))
    peak = float(envelope.max()) + 1e-9
    first = int(np.argmax(envelope > 0.02 * peak))
    early = float(envelope[first : first + SAMPLE_RATE // 2].max())
    attack = first + int(np.argmax(envelope[first:] > _RISE * early))
    begin = max(0, attack - round(KEPT_BEFORE_S * SAMPLE_RATE))
    audible = np.flatnonzero(envelope > 0.001 * peak)
    end = min(len(audio), int(audible[-1]) + 1, begin + round(LONGEST_S * SAMPLE_RATE))
    cut = audio[begin:end].copy()
    fade = min(len(cut) // 4, round(0.08 * SAMPLE_RATE))
    if fade:
        cut[-fade:] *= np.linspace(1.0, 0.0, fade, dtype=np.float32)
    return cut, (attack - begin) / SAMPLE_RATE


def refined_pitch(audio: Audio, attack_s: float, rough: float) -> float:
    """The pitch of a note to some cents, from the peaks of its spectrum near ``rough``'s partials.

    ``rough`` itself where no partial stands out within 60 cents.
    """
    begin = round((attack_s + 0.08) * SAMPLE_RATE)
    part = audio[begin : begin + 8192] if len(audio) > begin + 2048 else audio[-4096:]
    n_fft = 65536
    spectrum = np.abs(np.fft.rfft(part * np.hanning(len(part)), n_fft))
    nominal = 440.0 * 2.0 ** ((rough - 69.0) / 12.0)
    cents, weights = [], []
    for partial in range(1, 7):
        low, high = (partial * nominal * 2.0 ** (side * 60.0 / 1200.0) for side in (-1, 1))
        first, last = round(low * n_fft / SAMPLE_RATE), round(high * n_fft / SAMPLE_RATE) + 1
        if last >= len(spectrum) - 1:
            break
        peak = first + int(np.argmax(spectrum[first:last]))
        if peak in (first, last - 1):
            continue
        cents.append(1200.0 * np.log2(peak * SAMPLE_RATE / n_fft / (partial * nominal)))
        # Strings are stiff: upper partials lie high and count for less.
        weights.append(float(spectrum[peak]) / partial**0.5)
    if not cents or sum(weights) <= 0.0:
        return rough
    strong = np.array(weights) > 0.1 * max(weights)
    mean = np.average(np.array(cents)[strong], weights=np.array(weights)[strong])
    return rough + float(mean) / 100.0


def font_notes(synth: Any, font: int, source: InstrumentSource) -> Iterator[RecordedNote]:
    """Keys of a program, dry, at two velocities."""
    bank, program = (int(part) for part in source.place.split(":"))
    step = 1 if source.manner == "drum" else FONT_STEP
    channel = 9 if source.manner == "drum" else 0
    for velocity, velocities in ((56, (1, 80)), (108, (81, 127))):
        for pitch in range(source.lowest, source.highest + step, step):
            synth.system_reset()
            synth.set_reverb(0.0, 0.0, 0.0, 0.0)
            synth.set_chorus(0, 0.0, 0.3, 0.0, 0)
            synth.program_select(channel, font, bank, program)
            synth.noteon(channel, pitch, velocity)
            stereo = synth.get_samples(round(_FONT_RATE * LONGEST_S)).reshape(-1, 2)
            synth.noteoff(channel, pitch)
            mono = stereo.astype(np.float32).mean(axis=1) / 32768.0
            audio = soxr.resample(mono, _FONT_RATE, SAMPLE_RATE)
            if np.abs(audio).max() > 1e-4:
                cut, attack = trimmed(audio)
                sounds = float(pitch)
                if source.manner != "drum":
                    sounds = refined_pitch(cut, attack, sounds)
                yield RecordedNote(cut, sounds, velocities, attack)


def file_notes(paths: Sequence[Path], source: InstrumentSource) -> list[RecordedNote]:
    """Notes in files, their pitches measured; names say which note, not which octave.

    Where names have pitches, all are moved by the whole number of octaves that most sounds differ
    by, and a file whose sound is none of that note's octaves is left out; so is what lies far
    outside of the instrument's range. An organ's stops sound in other octaves than its keys.
    """
    measured: list[tuple[Path, Audio, float, float, int | None]] = []
    for path in _few(paths):
        audio = read_mono(path, sample_rate=SAMPLE_RATE)[: round(12 * SAMPLE_RATE)]
        if len(audio) < SAMPLE_RATE // 8 or np.abs(audio).max() < 1e-3:
            continue
        cut, attack = trimmed(np.asarray(audio, dtype=np.float32))
        pitch = estimate_pitch(cut)
        if not math.isnan(pitch):
            measured.append((path, cut, attack, pitch, _named_pitch(path)))
    named = [(pitch, name) for _, _, _, pitch, name in measured if name is not None]
    octaves = round(float(np.median([(p - n) / 12 for p, n in named]))) if named else 0
    if source.manner == "organ":
        octaves = 0
    notes = []
    for path, cut, attack, pitch, name in measured:
        true = pitch
        if name is not None:
            wide = pitch - name - 12 * octaves
            cents = 100 * (wide - 12 * round(wide / 12))
            if abs(cents) > _WORST_CENTS:
                logger.info("left out: %s sounds as %.2f", path, pitch)
                continue
            true = name + 12 * octaves + cents / 100
        if not source.lowest - OUTSIDE <= true <= source.highest + OUTSIDE:
            logger.info("left out: %s sounds as %.2f", path, pitch)
            continue
        true = refined_pitch(cut, attack, true)
        notes.append(RecordedNote(cut, true, _velocities(path), attack))
    return notes


def _named_pitch(path: Path) -> int | None:
    # mtg_sax numbers its files, forbidden-music names frequencies: only the sound tells.
    if path.stem.replace(".", "").replace("_", "").replace("-", "").isdigit():
        return None
    if path.parent.name == "mtg_sax":
        return None
    return pitch_of_name(path.stem)


def _few(paths: Sequence[Path]) -> list[Path]:
    step = max(1, math.ceil(len(paths) / MOST_NOTES))
    return list(paths)[::step]


_SOFT, _LOUD = (1, 80), (81, 127)
_DYNAMICS = {
    "pp": _SOFT, "p": _SOFT, "mp": _SOFT, "piano": _SOFT, "soft": _SOFT, "vl1": _SOFT,
    "f": _LOUD, "ff": _LOUD, "fff": _LOUD, "forte": _LOUD, "loud": _LOUD, "vl4": _LOUD,
    "fortissimo": _LOUD, "pianissimo": _SOFT, "vl5": _LOUD,
}  # fmt: skip


def _velocities(path: Path) -> tuple[int, int]:
    for part in path.stem.lower().replace("-", "_").split("_"):
        if part in _DYNAMICS:
            return _DYNAMICS[part]
    return (1, 127)


def write_bank(notes: Sequence[RecordedNote], folder: Path, about: dict[str, Any]) -> None:
    """One gain for all notes: the loudest at -3 dBFS."""
    peak = max(float(np.abs(note.audio).max()) for note in notes)
    (folder / "notes").mkdir(parents=True, exist_ok=True)
    rows = []
    for index, note in enumerate(notes):
        name = f"notes/{round(note.pitch):03d}_{note.velocities[0]:03d}_{index:03d}.flac"
        soundfile.write(folder / name, note.audio * (0.7 / peak), SAMPLE_RATE, subtype="PCM_16")
        rows.append((name, f"{note.pitch:.3f}", *note.velocities, f"{note.attack_s:.4f}"))
    with (folder / "bank.csv").open("w", newline="", encoding="utf-8") as file:
        table = csv.writer(file, lineterminator="\n")
        table.writerow(_COLUMNS)
        table.writerows(rows)
    (folder / "instrument.json").write_text(json.dumps(about, indent=1))


class Fonts:
    """FluidSynth with each SoundFont that was asked for."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._loaded: dict[str, tuple[Any, int]] = {}

    def get(self, name: str) -> tuple[Any, int] | None:
        path = self._folder / name
        if not path.exists():
            return None
        if name not in self._loaded:
            import fluidsynth  # noqa: PLC0415 - only who makes banks needs it

            synth = fluidsynth.Synth(samplerate=float(_FONT_RATE), gain=0.4)
            self._loaded[name] = (synth, synth.sfload(str(path)))
        return self._loaded[name]


def _notes_of(source: InstrumentSource, fonts: Fonts, places: Sequence[Path]) -> list[RecordedNote]:
    library = LIBRARIES[source.collection]
    if library.folder.endswith(".sf2"):
        loaded = fonts.get(library.folder)
        return list(font_notes(*loaded, source)) if loaded else []
    for place in places:
        folder = place / library.folder
        if folder.is_dir():
            paths = {path for glob in _globs(source.place) for path in folder.glob(glob)}
            unwanted = ("noise", "release", "_rel_", "perc", "mute")
            return file_notes(
                sorted(p for p in paths if not any(word in p.stem.lower() for word in unwanted)),
                source,
            )
    return []


def _globs(place: str) -> list[str]:
    return place.split(" ") if " Samples" in place or " notes" in place else [place]


def _kits(role: Role) -> list[InstrumentSource]:
    font = "fluidr3" if role == "train" else "timgm6mb"
    programs = KIT_PROGRAMS if role == "train" else KIT_PROGRAMS[:1]
    return [
        InstrumentSource(f"{font}_kit_{p}", font, f"128:{p}", "mallets", "drum", 35, 59)
        for p in programs
    ]


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description="Make banks of sampled instruments.")
    parser.add_argument("output", type=Path, help="instruments/ of the material")
    parser.add_argument("--soundfonts", type=Path, default=Path("/usr/share/sounds/sf2"))
    parser.add_argument(
        "--libraries", type=Path, action="append", default=[], help="folder of the libraries"
    )
    parser.add_argument("--role", choices=("train", "held_out"), default="train")
    parser.add_argument("--only", nargs="+", help="names of instruments")
    options = parser.parse_args(arguments)
    logging.basicConfig(level=logging.INFO, format="%(message)s")
    fonts = Fonts(options.soundfonts)
    for source in [*instrument_sources(), *_kits(options.role)]:
        library = LIBRARIES[source.collection]
        folder = options.output / source.name
        if library.role != options.role or (folder / "instrument.json").exists():
            continue
        if options.only and source.name not in options.only:
            continue
        notes = _notes_of(source, fonts, options.libraries)
        if len(notes) < 2:
            logger.warning("%s: nothing found", source.name)
            continue
        about = {
            "family": source.family, "manner": source.manner, "lowest": source.lowest,
            "highest": source.highest, "weight": source.weight, "library": source.collection,
            "role": library.role, "licence": library.licence, "attribution": library.attribution,
            "origin": library.origin,
        }  # fmt: skip
        write_bank(notes, folder, about)
        logger.info("%s: %d notes", source.name, len(notes))


if __name__ == "__main__":
    main()
