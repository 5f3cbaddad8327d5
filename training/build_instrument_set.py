"""Make the playback instruments other than the piano, from the programs of a SoundFont.

The set that ships was made with (path shortened)::

    python -m training.build_instrument_set --font FluidR3_GM.sf2 --output resources/instruments

Every instrument is played by FluidSynth, dry, on a few of its keys. What can be held gets a loop:
its end is a place at which the sound is most like that before its beginning. Nothing is drawn at
random: the same font gives the same samples. Needs the package ``pyfluidsynth``.
"""

from __future__ import annotations

import argparse
import csv
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
import soundfile
import soxr

from amtstudio.playback.recorded_notes import HELD_S, attack_of, loop_start

if TYPE_CHECKING:
    import numpy.typing as npt

    Audio = npt.NDArray[np.float32]

Kind = Literal["struck", "held", "drum"]

KEY_STEP = 5  # semitones between the keys that are played
_FONT_RATE = 44_100
_RATE = 32_000  # Hz, of what is kept; a cymbal has all of the font's
_QUALITY = 0.62  # of the compression, 0 best
_BEFORE_S = 0.01  # kept before the attack
_QUIET_DB = -50.0  # of the loudest 20 ms: there a note that dies away ends
_FADE_S = 0.6  # at most, at the end of a note that dies away
LEVEL_S = 0.3  # seconds after the attack over which the level is measured
COLUMNS = ("file", "pitch", "velocity", "attack_s", "level_db", "loop_s")
SET_COLUMNS = ("name", "kind", "programs", "release_s")
_STRUCK_DB, _HELD_DB = -18.0, -22.0  # of the level of a note in the middle of the range
_KIT_DB = -15.0  # of a snare


@dataclass(frozen=True, slots=True)
class Recipe:
    """An instrument: the program that is recorded, and the programs that it plays."""

    name: str
    kind: Kind
    program: int
    plays: str  # such as "4-5 7"
    lowest: int
    highest: int
    release: float  # time constant in seconds, after a key is released
    longest: float = 3.5  # seconds


RECIPES = (
    Recipe("electric_piano", "struck", 4, "4-5 7", 31, 96, 0.06),
    Recipe("harpsichord", "struck", 6, "6", 34, 86, 0.06, 2.5),
    Recipe("vibraphone", "struck", 11, "8-11 14 98", 53, 94, 0.25, 3.0),
    Recipe("marimba", "struck", 12, "12-13 15 47 108 112-118", 41, 96, 0.3, 1.5),
    Recipe("organ", "held", 16, "16-18", 36, 96, 0.03),
    Recipe("church_organ", "held", 19, "19-20", 36, 96, 0.1),
    Recipe("accordion", "held", 21, "21 23", 45, 90, 0.05),
    Recipe("harmonica", "held", 22, "22", 55, 91, 0.05),
    Recipe("nylon_guitar", "struck", 24, "24", 40, 84, 0.08),
    Recipe("steel_guitar", "struck", 25, "25", 40, 84, 0.08),
    Recipe("clean_guitar", "struck", 27, "26-28", 40, 86, 0.08),
    Recipe("driven_guitar", "held", 30, "29-31 84", 40, 86, 0.06),
    Recipe("double_bass", "struck", 32, "32", 26, 60, 0.08, 2.5),
    Recipe("bass_guitar", "struck", 33, "33-37", 26, 62, 0.06),
    Recipe("synth_bass", "held", 38, "38-39 87", 26, 62, 0.05),
    Recipe("violin", "held", 40, "40-41 110", 50, 98, 0.08),
    Recipe("cello", "held", 42, "42-43", 31, 76, 0.08),
    Recipe("strings", "held", 48, "44 48-51 55", 36, 96, 0.15),
    Recipe("pizzicato", "struck", 45, "45", 36, 93, 0.2, 1.5),
    Recipe("harp", "struck", 46, "46", 31, 91, 0.4, 3.0),
    Recipe("choir", "held", 52, "52-54 85 91", 43, 84, 0.15),
    Recipe("trumpet", "held", 56, "56 59", 52, 87, 0.06),
    Recipe("trombone", "held", 57, "57-58", 32, 72, 0.06),
    Recipe("horn", "held", 60, "60", 36, 79, 0.08),
    Recipe("brass", "held", 61, "61-63", 36, 86, 0.06),
    Recipe("alto_saxophone", "held", 65, "64-65", 49, 84, 0.06),
    Recipe("tenor_saxophone", "held", 66, "66-67", 38, 77, 0.06),
    Recipe("oboe", "held", 68, "68-69 109 111", 55, 90, 0.06),
    Recipe("bassoon", "held", 70, "70", 34, 74, 0.06),
    Recipe("clarinet", "held", 71, "71", 50, 92, 0.06),
    Recipe("flute", "held", 73, "72-79", 58, 98, 0.06),
    Recipe("synth_lead", "held", 81, "80-83 86", 36, 96, 0.05),
    Recipe("synth_pad", "held", 89, "88-90 92-97 99-103 119-127", 36, 96, 0.2),
    Recipe("banjo", "struck", 105, "104-107", 48, 88, 0.08, 2.0),
    Recipe("drums", "drum", 0, "", 35, 70, 0.03, 2.8),
)  # fmt: skip


class Font:
    """A SoundFont in FluidSynth, without its effects."""

    def __init__(self, path: Path) -> None:
        import fluidsynth  # noqa: PLC0415 - only who makes the set needs it

        self._synth: Any = fluidsynth.Synth(samplerate=float(_FONT_RATE), gain=0.4)
        self._font = self._synth.sfload(str(path))

    def play(self, recipe: Recipe, pitch: int, velocity: int, seconds: float) -> Audio:
        """A key that is held for ``seconds``: mono, shape (n_samples,)."""
        synth = self._synth
        channel, bank = (9, 128) if recipe.kind == "drum" else (0, 0)
        synth.system_reset()
        synth.set_reverb(0.0, 0.0, 0.0, 0.0)
        synth.set_chorus(0, 0.0, 0.3, 0.0, 0)
        synth.program_select(channel, self._font, bank, recipe.program)
        synth.noteon(channel, pitch, velocity)
        stereo = synth.get_samples(round(_FONT_RATE * seconds)).reshape(-1, 2)
        synth.noteoff(channel, pitch)
        mono: Audio = stereo.astype(np.float32).mean(axis=1) / np.float32(32768.0)
        return mono


def died_away(sound: Audio, rate: int, longest: float) -> Audio:
    """A note until it has become quiet, faded into the cut."""
    n_window = rate // 50
    n_windows = max(len(sound) // n_window, 1)
    power = np.square(sound[: n_windows * n_window]).reshape(n_windows, -1).mean(axis=1)
    audible = np.flatnonzero(power >= power.max() * 10 ** (_QUIET_DB / 10))
    kept = sound[: min((int(audible[-1]) + 1) * n_window, round(longest * rate))].copy()
    n_fade = min(round(_FADE_S * rate), len(kept) // 3)
    kept[len(kept) - n_fade :] *= np.cos(np.linspace(0.0, np.pi / 2, n_fade)) ** 2
    return kept


def level_db(sound: Audio, attack: int, rate: int) -> float:
    """The RMS level in dB of full scale of the first ``LEVEL_S`` of a note."""
    heard = sound[attack : attack + round(LEVEL_S * rate)]
    return float(10 * np.log10(np.mean(np.square(heard, dtype=np.float64)) + 1e-12))


@dataclass(frozen=True, slots=True)
class _Made:
    sound: Audio
    pitch: int
    velocity: int
    attack: int
    loop: int  # 0: none


def _keys(recipe: Recipe) -> list[tuple[int, tuple[int, ...]]]:
    """Keys with the velocities at which they are played."""
    if recipe.kind != "drum":
        return [(pitch, (92,)) for pitch in range(recipe.lowest, recipe.highest + 1, KEY_STEP)]
    main = range(35, 52)  # from the kick to the ride
    return [
        (pitch, (40, 80, 115) if pitch in main else (60, 105))
        for pitch in range(recipe.lowest, recipe.highest + 1)
    ]


def make_notes(font: Font, recipe: Recipe) -> tuple[list[_Made], int]:
    """The notes of an instrument, and their sample rate in Hz."""
    rate = _FONT_RATE if recipe.kind == "drum" else _RATE
    made = []
    for pitch, velocities in _keys(recipe):
        for velocity in velocities:
            seconds = HELD_S + 0.6 if recipe.kind == "held" else recipe.longest + 0.1
            sound = font.play(recipe, pitch, velocity, seconds)
            if np.abs(sound).max() < 1e-4:
                continue
            if rate != _FONT_RATE:
                sound = np.asarray(soxr.resample(sound, _FONT_RATE, rate), np.float32)
            attack = attack_of(sound, rate)
            begin = max(0, attack - round(_BEFORE_S * rate))
            sound = sound[begin:].copy()
            ramp = min(attack - begin, round(0.002 * rate))
            sound[:ramp] *= np.linspace(0.0, 1.0, ramp, dtype=np.float32)
            loop = 0
            if recipe.kind == "held":
                sound = sound[: round(HELD_S * rate)]
                loop = loop_start(sound, rate)
            else:
                sound = died_away(sound, rate, recipe.longest)
            made.append(_Made(sound, pitch, velocity, attack - begin, loop))
    return made, rate


def _gain(recipe: Recipe, made: list[_Made], rate: int) -> float:
    if recipe.kind == "drum":
        usual = next(note for note in made if note.pitch == 38 and note.velocity == 80)
        wanted = _KIT_DB
    else:
        usual = made[len(made) // 2]
        wanted = _HELD_DB if recipe.kind == "held" else _STRUCK_DB
    wanted_gain = 10 ** ((wanted - level_db(usual.sound, usual.attack, rate)) / 20)
    peak = max(float(np.abs(note.sound).max()) for note in made)
    return min(wanted_gain, 0.97 / peak)


def build(font: Font, recipe: Recipe, output: Path) -> None:
    """Write ``bank.csv`` and ``notes/`` of an instrument into ``output``."""
    made, rate = make_notes(font, recipe)
    gain = np.float32(_gain(recipe, made, rate))
    (output / "notes").mkdir(parents=True, exist_ok=True)
    with (output / "bank.csv").open("w", newline="", encoding="utf-8") as file:
        table = csv.writer(file, lineterminator="\n")
        table.writerow(COLUMNS)
        for note in made:
            sound = note.sound * gain
            name = f"notes/{note.pitch:03d}_{note.velocity:03d}.ogg"
            soundfile.write(
                output / name, sound, rate, format="OGG", subtype="VORBIS",
                compression_level=_QUALITY,
            )  # fmt: skip
            table.writerow(
                (
                    name,
                    note.pitch,
                    note.velocity,
                    f"{note.attack / rate:.4f}",
                    f"{level_db(sound, note.attack, rate):.2f}",
                    f"{note.loop / rate:.5f}" if note.loop else "",
                )
            )


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", maxsplit=1)[0])
    parser.add_argument("--font", type=Path, required=True, help="a General MIDI SoundFont")
    parser.add_argument("--output", type=Path, required=True, help="folder to write")
    parser.add_argument("--only", nargs="*", help="names of instruments; all where left out")
    arguments = parser.parse_args()
    font = Font(arguments.font)
    arguments.output.mkdir(parents=True, exist_ok=True)
    for recipe in RECIPES:
        if arguments.only and recipe.name not in arguments.only:
            continue
        folder = arguments.output / recipe.name
        build(font, recipe, folder)
        n_bytes = sum(path.stat().st_size for path in folder.rglob("*.ogg"))
        print(f"{recipe.name}: {n_bytes / 1e3:.0f} kB")
    with (arguments.output / "instruments.csv").open("w", newline="", encoding="utf-8") as file:
        table = csv.writer(file, lineterminator="\n")
        table.writerow(SET_COLUMNS)
        table.writerows((r.name, r.kind, r.plays, r.release) for r in RECIPES)
    n_bytes = sum(path.stat().st_size for path in arguments.output.rglob("*.ogg"))
    print(f"{arguments.output}: {n_bytes / 1e6:.1f} MB")


if __name__ == "__main__":
    main()
