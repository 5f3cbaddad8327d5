"""One instrument, some seconds: rendered, put into a room and recorded."""

from __future__ import annotations

import io
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np
import scipy.signal
import soundfile
import soxr

from amtstudio.learning.instruments.musicians import draw_habits, gestures_of
from amtstudio.learning.instruments.playing import play
from amtstudio.learning.recording_conditions import filter_sound, record
from training.instruments.catalogue import Library, Sound, library
from training.instruments.phrases import Songs, make_phrase
from training.instruments.sample_sets import (
    SampleSet,
    from_bank,
    from_drum_files,
    from_files,
)
from training.instruments.soundfonts import SoundFont
from training.instruments.synths import draw_patch, play_patch
from training.instruments.voices import sing, speak
from training.synthesis.bank_source import BankSource
from training.synthesis.instrument_bank import InstrumentBank, load_instrument

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    import numpy.typing as npt

    from amtstudio.learning.rooms import RoomPool

    Audio = npt.NDArray[np.float32]

SAMPLE_RATE = 16000  # Hz
STEM_S = 10.0
CYMBALS = frozenset((42, 44, 46, 49, 51, 52, 53, 55, 57, 59))  # hi-hats included
_ACTIVE_DB = -30.0  # below the loud seconds of a stem: no longer counts as playing
# Kits with a file for each microphone: only those that hear the whole of a drum.
_MICROPHONE = re.compile(r"^\d+-\w+-(\w+)$")
_NEAR_MICROPHONES = ("OHL", "OHR", "AmbL", "AmbR", "Snare_top", "KdrumL")
_DRUM_NAMES = (
    (("kick", "bass", "bd", "kdrum"), (35, 36)),
    (("snare", "sd"), (38, 40)),
    (("stick", "rim"), (37,)),
    (("open", "hho"), (46,)),
    (("pedal", "foot"), (44,)),
    (("closed", "hat", "hh"), (42,)),
    (("crash",), (49, 57)),
    (("ride",), (51, 59, 53)),
    (("splash", "china"), (55, 52)),
    (("tom",), (41, 43, 45, 47, 48, 50)),
)


@dataclass(frozen=True)
class Places:
    """Where the libraries of each kind lie."""

    soundfonts: Path
    samples: Path
    others: Path
    banks: Path
    hydrogen: Path
    instruments: tuple[Path, ...] = ()  # folders with banks of instruments
    cache: Path | None = None  # for them


class Band:
    """Plays any sound of the catalogue; what was loaded once is kept."""

    def __init__(self, places: Places, songs: Songs) -> None:
        self._places, self._songs = places, songs
        self._fonts: dict[str, SoundFont] = {}
        self._sets: dict[tuple[str, str], SampleSet] = {}
        self._instruments: dict[str, InstrumentBank] = {}

    def play(self, sound: Sound, rng: np.random.Generator) -> tuple[Audio, Audio | None]:
        """A dry phrase of ``STEM_S`` seconds, and for drums the part of it that is cymbals."""
        entry = library(sound.source)
        notes = make_phrase(
            self._songs, rng, style=sound.style, lowest=sound.lowest, highest=sound.highest,
            n_voices=sound.n_voices, seconds=STEM_S,
        )  # fmt: skip
        if sound.style != "drums":
            if sound.instrument:
                bank = self._instrument(sound.instrument)
                return _with_gestures(bank, notes, sound.n_voices == 1, rng), None
            return self._render(entry, sound, notes, rng), None
        is_cymbal = np.isin(notes[:, 2], list(CYMBALS))
        manner = rng.random()
        if manner < 0.12:  # drums alone
            notes, is_cymbal = notes[~is_cymbal], is_cymbal[~is_cymbal]
        elif manner < 0.22:  # cymbals alone
            notes, is_cymbal = notes[is_cymbal], is_cymbal[is_cymbal]
        drums = self._render(entry, sound, notes[~is_cymbal], rng)
        cymbals = self._render(entry, sound, notes[is_cymbal], rng)
        return drums, cymbals

    def _render(
        self, entry: Library, sound: Sound, notes: npt.NDArray[np.float64], rng: np.random.Generator
    ) -> Audio:
        if not len(notes):
            return np.zeros(round(STEM_S * SAMPLE_RATE), dtype=np.float32)
        if entry.kind == "soundfont":
            font = self._fonts.get(entry.name) or SoundFont(self._places.soundfonts / entry.place)
            self._fonts[entry.name] = font
            return font.render(
                notes, rng, bank=sound.bank, program=sound.program, seconds=STEM_S,
                expressive=sound.expressive and rng.random() < 0.7,
            )  # fmt: skip
        if entry.kind == "synth":
            kind: Literal["organ", "synthesizer"]
            kind = "organ" if sound.place == "organ" else "synthesizer"
            return play_patch(draw_patch(kind, rng), notes, rng, seconds=STEM_S)
        if entry.kind == "speech":
            speech = speak(str(rng.choice(entry.place.split())), rng)
            if rng.random() < 0.15:
                spoken = np.zeros(round(STEM_S * SAMPLE_RATE), dtype=np.float32)
                spoken[: len(speech)] = speech[: len(spoken)]
                return spoken
            return sing(speech, notes, rng, seconds=STEM_S)
        return self._set(entry, sound).render(notes, rng, seconds=STEM_S)

    def _instrument(self, name: str) -> InstrumentBank:
        if name not in self._instruments:
            folders = [place / name for place in self._places.instruments]
            folder = next((each for each in folders if each.is_dir()), None)
            if folder is None or self._places.cache is None:
                raise FileNotFoundError(f"there is no bank {name}")
            self._instruments[name] = load_instrument(folder, self._places.cache)
        return self._instruments[name]

    def _set(self, entry: Library, sound: Sound) -> SampleSet:
        key = entry.name, sound.place
        if key not in self._sets:
            self._sets[key] = _load(entry, sound, self._places)
        return self._sets[key]


def _with_gestures(
    bank: InstrumentBank,
    notes: npt.NDArray[np.float64],
    is_line: bool,
    rng: np.random.Generator,
) -> Audio:
    """Notes as a player of the instrument joins, slides, bends and shakes them."""
    notes = notes.copy()
    if not is_line and rng.random() < 0.5 and bank.manner in ("plucked", "struck"):
        notes[:, 1] += rng.uniform(0.1, 1.5)  # strings ring on
    habits = draw_habits(bank.manner, rng)
    gestures = gestures_of(
        notes, habits, rng, is_line=is_line, has_keys=bank.manner in ("struck", "organ")
    )
    audio, _ = play(gestures, BankSource(bank), round(STEM_S * SAMPLE_RATE), 0.0, rng)
    return audio


def _load(entry: Library, sound: Sound, places: Places) -> SampleSet:
    if entry.kind == "bank":
        return from_bank(places.banks / entry.place)
    if entry.kind == "kit":
        inside = places.hydrogen / entry.place
        return from_drum_files(_by_drum(inside if inside.is_dir() else places.others / entry.place))
    inside = places.samples / entry.place
    folder = inside if inside.is_dir() else places.others / entry.place
    paths = [path for path in folder.glob(sound.place) if "noise" not in path.stem]
    return from_files(paths, release_s=0.06 if sound.n_voices == 1 else 0.12)


def _by_drum(folder: Path) -> Mapping[int, list[Path]]:
    drums: dict[int, list[Path]] = {}
    for path in sorted(folder.rglob("*")):
        if path.suffix.lower() not in (".wav", ".flac"):
            continue
        if (match := _MICROPHONE.search(path.stem)) and match[1] not in _NEAR_MICROPHONES:
            continue
        name = f"{path.parent.name} {path.stem}".removeprefix(folder.name).lower()
        for words, keys in _DRUM_NAMES:
            if any(word in name for word in words):
                for key in keys:
                    drums.setdefault(key, []).append(path)
                break
    return drums


def activity(audio: Audio) -> npt.NDArray[np.bool_]:
    """Whether something sounds in each second of a dry stem, (n_seconds,)."""
    seconds = audio[: len(audio) // SAMPLE_RATE * SAMPLE_RATE].reshape(-1, SAMPLE_RATE)
    level_db = 10 * np.log10((seconds**2).mean(axis=1) + 1e-12)
    active: npt.NDArray[np.bool_] = level_db > max(level_db.max() + _ACTIVE_DB, -75.0)
    return active


def varied(audio: Audio, sound: Sound, rng: np.random.Generator) -> Audio:
    """Another instrument of its kind: larger or smaller, and a guitar through an amplifier."""
    if sound.style != "drums" or rng.random() < 0.5:
        # Played faster or slower as a tape is, formants and all.
        ratio = 2.0 ** (rng.normal(0.0, 1.5) / 12.0)
        audio = soxr.resample(audio, SAMPLE_RATE, SAMPLE_RATE * np.clip(ratio, 0.8, 1.25))
        length = round(STEM_S * SAMPLE_RATE)
        audio = np.pad(audio, (0, max(0, length - len(audio))))[:length]
    peak = np.abs(audio).max() + 1e-9
    if sound.label == "guitar" and rng.random() < 0.45:
        audio = _amplifier(audio / peak, rng)
    elif sound.label in ("bass", "organ", "synthesizer") and rng.random() < 0.25:
        drive = rng.uniform(1.0, 6.0)
        audio = np.tanh(audio / peak * drive) / drive
    return audio.astype(np.float32)


def _amplifier(audio: Audio, rng: np.random.Generator) -> Audio:
    """From a warm to a heavily distorted electric guitar: high-pass, clipping, loudspeaker."""
    gain = float(np.exp(rng.uniform(np.log(2.0), np.log(300.0))))
    tight = scipy.signal.butter(1, rng.uniform(80, 500), "high", fs=SAMPLE_RATE, output="sos")
    pushed = scipy.signal.sosfilt(tight, audio) * gain
    clipped = np.tanh(pushed + rng.uniform(0.0, 0.3))
    top = scipy.signal.butter(2, rng.uniform(2800, 5500), "low", fs=SAMPLE_RATE, output="sos")
    low = scipy.signal.butter(2, rng.uniform(70, 130), "high", fs=SAMPLE_RATE, output="sos")
    played: Audio = scipy.signal.sosfilt(low, scipy.signal.sosfilt(top, clipped)).astype(np.float32)
    return played


def recorded(
    audio: Audio, rooms: RoomPool, rng: np.random.Generator, *, phone_share: float = 0.0
) -> Audio:
    """The stem in a room, through an equaliser, with noise, at times through a lossy codec."""
    if phone_share and rng.random() < phone_share:
        return over_a_phone(audio, rooms, rng)
    room = rooms.choose(rng) if rng.random() < 0.65 else None
    heard = filter_sound(audio, room, rng)
    if rng.random() < 0.5:
        heard = record(heard, rng)
    if rng.random() < 0.2:
        heard = through_codec(heard, rng)
    return heard


def over_a_phone(audio: Audio, rooms: RoomPool, rng: np.random.Generator) -> Audio:
    """From the other end of a room by a telephone: echo, narrow band, automatic gain, codec."""
    distant = filter_sound(audio, rooms.choose(rng), rng)
    if rng.random() < 0.4:
        distant = filter_sound(distant, rooms.choose(rng), rng)
    low = rng.uniform(90.0, 350.0)
    top = float(np.exp(rng.uniform(np.log(2500.0), np.log(7500.0))))
    band = scipy.signal.butter(2, [low, top], "band", fs=SAMPLE_RATE, output="sos")
    narrow: Audio = scipy.signal.sosfilt(band, distant).astype(np.float32)
    return through_codec(record(narrow, rng), rng)


def through_codec(audio: Audio, rng: np.random.Generator) -> Audio:
    """Encoded as MP3 or Vorbis at a random quality, and decoded."""
    peak = float(np.abs(audio).max()) + 1e-9
    file = io.BytesIO()
    kind, subtype = [("MP3", "MPEG_LAYER_III"), ("OGG", "VORBIS")][int(rng.integers(2))]
    soundfile.write(
        file, audio / peak * 0.7, SAMPLE_RATE, format=kind, subtype=subtype,
        compression_level=float(rng.uniform(0.5, 0.99)),
    )  # fmt: skip
    file.seek(0)
    decoded, _ = soundfile.read(file, dtype="float32")
    decoded = np.pad(decoded, (0, max(0, len(audio) - len(decoded))))[: len(audio)]
    coded: Audio = decoded * np.float32(peak / 0.7)
    return coded
