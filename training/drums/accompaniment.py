"""Accompaniment for the drums: a pool of rendered bands without drums, and vocal hisses.

``python -m training.drums.accompaniment bands POOL.npy --midi MIDI --font FONT`` renders it, once,
``... voices VOICES.npy`` speech in the place of singing, and ``... instruments INSTRUMENTS.npy
--material MATERIAL --cache CACHE`` strummed guitars and others from recorded notes.
"""

from __future__ import annotations

import argparse
import io
import logging
import subprocess
import tarfile
import tempfile
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import mido
import numpy as np
import pretty_midi
import scipy.ndimage
import scipy.signal
import soundfile
import soxr

from amtstudio.features import FrameGrid
from amtstudio.models.melodic import FAMILIES
from training.drums.bank import SAMPLE_RATE
from training.instruments.written_music import WrittenMusic
from training.synthesis.dataset import Material
from training.synthesis.melodic_clips import instrument_clip_maker

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    import numpy.typing as npt

    from training.synthesis.instrument_clips import InstrumentClip, InstrumentClipMaker

    Audio = npt.NDArray[np.float32]

logger = logging.getLogger(__name__)

SECONDS = 45.0  # of each piece
_BASSES = (32, 33, 33, 33, 34, 34, 35, 36, 37, 38, 39)
_GUITARS = (24, 25, 25, 26, 27, 27, 28, 29, 29, 30, 30)
_MELODIES = (22, 40, 52, 53, 54, 56, 57, 61, 64, 65, 66, 68, 71, 73, 75, 80, 81, 82, 85, 87, 11, 12)
_CHORDS = (0, 1, 2, 4, 5, 6, 7, 16, 17, 18, 19, 21, 48, 49, 50, 51, 61, 62, 63, 88, 89, 90, 91, 95)


@dataclass(frozen=True)
class Accompaniment:
    """Draws stretches of the pool. ``pool`` is int16 at 32 kHz, pieces of ``SECONDS`` in a row."""

    pool: npt.NDArray[np.int16]
    hiss_share: float = 0.25
    air_share: float = 0.5

    def draw(self, n_samples: int, rng: np.random.Generator) -> Audio:
        """One piece, at times two together; RMS near 1."""
        audio = self._piece(n_samples, rng)
        if rng.random() < 0.3:
            audio = audio + self._piece(n_samples, rng) * np.float32(rng.uniform(0.2, 1.0))
        if rng.random() < self.hiss_share:
            audio = audio + _hisses(n_samples, rng)
        return audio

    def _piece(self, n_samples: int, rng: np.random.Generator) -> Audio:
        length = round(SECONDS * SAMPLE_RATE)
        piece = int(rng.integers(len(self.pool) // length))
        start = piece * length + int(rng.integers(length - n_samples))
        audio = self.pool[start : start + n_samples].astype(np.float32)
        if rng.random() < 0.4:  # another speed: other pitches and formants
            ratio = float(rng.uniform(0.85, 1.18))
            wanted = np.arange(int(n_samples / ratio) if ratio > 1 else n_samples) * ratio
            inside = wanted[wanted < n_samples - 1]
            audio = np.interp(inside, np.arange(n_samples), audio).astype(np.float32)
            audio = np.resize(audio, n_samples)
        if rng.random() < 0.3:
            drive = np.float32(rng.uniform(1.0, 6.0) / (np.abs(audio).max() + 1.0))
            audio = np.tanh(audio * drive)
        if rng.random() < self.air_share:
            audio = audio + _air(audio, rng)
        scaled: Audio = audio / np.float32(np.sqrt(np.mean(audio**2)) + 1e-6)
        return scaled


def _air(audio: Audio, rng: np.random.Generator) -> Audio:
    """Breath, bow and pick noise, and what mastering adds: noise that swells with the sound itself.

    Fonts and recorded notes end at 8 kHz or are nearly silent above, where a real band is not; a
    network that relies on that range for hi-hats misses them in a mix.
    """
    lowest = rng.uniform(3000, 8000)
    sections = scipy.signal.butter(1, lowest, "highpass", fs=SAMPLE_RATE, output="sos")
    noise = scipy.signal.sosfilt(sections, rng.standard_normal(len(audio)).astype(np.float32))
    window = round(float(np.exp(rng.uniform(np.log(0.005), np.log(0.08)))) * SAMPLE_RATE)
    # The running mean of silence may come out a hair below nothing.
    loudness = np.sqrt(np.maximum(scipy.ndimage.uniform_filter1d(audio * audio, window), 0.0))
    softer = 10.0 ** (rng.uniform(-36.0, -12.0) / 20.0)
    added: Audio = (noise * loudness * softer).astype(np.float32)
    return added


def _hisses(n_samples: int, rng: np.random.Generator) -> Audio:
    """Sibilants: noise of some octave that swells within hundredths of a second."""
    audio = np.zeros(n_samples, dtype=np.float32)
    for _ in range(int(rng.integers(2, 12))):
        length = round(rng.uniform(0.05, 0.25) * SAMPLE_RATE)
        low = rng.uniform(2500, 7000)
        sections = scipy.signal.butter(
            2,
            [low, min(low * rng.uniform(1.4, 2.5), 15000)],
            "bandpass",
            fs=SAMPLE_RATE,
            output="sos",
        )
        noise = scipy.signal.sosfilt(sections, rng.standard_normal(length))
        rise = rng.uniform(0.2, 0.7)
        envelope = np.interp(
            np.linspace(0, 1, length), [0, rise, rng.uniform(rise, 1), 1], [0, 1, 1, 0]
        )
        start = int(rng.integers(n_samples - length))
        scale = rng.uniform(0.2, 1.5) / (noise.std() + 1e-9)
        audio[start : start + length] += (noise * envelope**2 * scale).astype(np.float32)
    return audio


def load_accompaniment(*paths: Path) -> Accompaniment:
    """One pool out of several files."""
    return Accompaniment(np.concatenate([np.load(path, allow_pickle=False) for path in paths]))


# -- Rendering ----------------------------------------------------------------------------------


def render_pool(
    midi: Path, font: Path, output: Path, *, count: int, seed: int, held_out: bool = False
) -> None:
    """Render ``count`` pieces: arranged songs, riffs of guitar and bass, scores for one player."""
    rng = np.random.default_rng(seed)
    songs = _songs(midi, rng, count=count, held_out=held_out)
    pieces = []
    for number in range(count):
        if rng.random() < 0.35 or not songs:
            notes = _riff(rng)
        else:
            notes = _arranged(songs[number % len(songs)], rng)
        audio = _rendered(notes, font, rng)
        rms = float(np.sqrt(np.mean(audio**2)))
        if rms < 1e-5:
            logger.warning("piece %d is silent", number)
            continue
        audio = audio / (np.abs(audio).max() + 1e-9) * 0.9
        pieces.append(np.rint(audio * 32767.0).astype(np.int16))
        if number % 20 == 0:
            logger.info("%d of %d", number, count)
    np.save(output, np.concatenate(pieces))


_WORDS = (
    "yes", "stay", "still", "stars", "this", "sister", "ask", "lost", "best", "chase", "church",
    "shout", "shake", "wish", "fish", "sat", "tick", "take", "talk", "cut", "kick", "back", "cake",
    "pick", "pop", "tip", "face", "life", "safe", "fist", "first", "six", "taxi", "kiss", "cross",
    "spring", "street", "scratch", "stop", "love", "away", "never", "you", "me", "oh", "la",
)  # fmt: skip


def render_voices(output: Path, *, count: int, seed: int) -> None:
    """Speech full of consonants, at many speeds: what singers do to the bands of a hi-hat."""
    rng = np.random.default_rng(seed)
    length = round(SECONDS * SAMPLE_RATE)
    pieces = []
    for number in range(count):
        parts: list[Audio] = []
        speed = rng.uniform(0.7, 1.15)
        while sum(map(len, parts)) < length:
            text = " ".join(str(rng.choice(_WORDS)) for _ in range(30))
            voice = str(rng.choice(("slt", "awb", "rms", "kal16")))
            with tempfile.TemporaryDirectory() as folder:
                wav = Path(folder) / "voice.wav"
                command = ["flite", "-voice", voice, "-t", text, "-o", str(wav)]
                subprocess.run(command, check=True, capture_output=True)
                sound, rate = soundfile.read(wav, dtype="float32")
            # Played slower or faster, so that pitch and vocal tract change with it.
            parts.append(soxr.resample(sound, rate * speed, SAMPLE_RATE).astype(np.float32))
        audio = np.concatenate(parts)[:length]
        pieces.append(np.rint(audio / np.abs(audio).max() * 29000.0).astype(np.int16))
        logger.info("voice %d of %d", number, count)
    np.save(output, np.concatenate(pieces))


_GUITAR_SHARE, _TOGETHER_SHARE = 0.5, 0.35
_INSTRUMENTS_GRID = FrameGrid(16000, 512)
_N_FRAMES = round(SECONDS * 16000 / 512) + 1


def dry_clip_maker(
    material: Material, *, folder: str = "instruments", validation: bool = False
) -> InstrumentClipMaker:
    """Makes clips of ``SECONDS`` for a pool, of the music that the card of ``drums`` names."""
    maker = instrument_clip_maker(
        material,
        grid=_INSTRUMENTS_GRID,
        margin=0,
        n_frames=_N_FRAMES,
        folder=folder,
        validation=validation,
    )
    return replace(maker, written=WrittenMusic())


def without_drums(maker: InstrumentClipMaker) -> InstrumentClipMaker:
    """The same, dry, and without the drums that its clips have at times."""
    banks = [bank for bank in maker.banks if bank.family >= 0]
    return replace(maker, banks=banks, is_recorded=False)


def dry_piece(clip: InstrumentClip, *, seconds: float = SECONDS) -> Audio | None:
    """The sound of a clip at the rate of the pools, peak 1; None where it is silent."""
    sound = soxr.resample(clip.audio, _INSTRUMENTS_GRID.sample_rate, SAMPLE_RATE)
    audio = np.zeros(round(seconds * SAMPLE_RATE), dtype=np.float32)
    sound = sound[: len(audio)]
    audio[: len(sound)] = sound
    peak = np.abs(audio).max()
    if peak <= 1e-5:
        return None
    piece: Audio = audio / peak
    return piece


def write_pool(pieces: Iterable[Audio], output: Path) -> None:
    """Write pieces of ``SECONDS``, peak 1, as ``load_accompaniment`` reads them."""
    packed = []
    for number, audio in enumerate(pieces):
        packed.append(np.rint(audio * 29000.0).astype(np.int16))
        if number % 20 == 0:
            logger.info("%d pieces", number)
    np.save(output, np.concatenate(packed))


def recorded_instruments(maker: InstrumentClipMaker, *, count: int, seed: int) -> Iterator[Audio]:
    """Pieces of recorded notes, dry, peak 1: half of them guitars, a third ensembles.

    A guitar's body, struck by every strum, is what fonts lack and what is taken for a tom.
    """
    maker = without_drums(maker)
    for number in range(count):
        rng = np.random.default_rng([seed, number])
        kind = rng.random()
        if kind < _GUITAR_SHARE:
            n_parts = int(rng.integers(1, 3))
            one = replace(maker, family=FAMILIES.index("guitar"), n_parts=n_parts)
        elif kind < _GUITAR_SHARE + _TOGETHER_SHARE:
            one = replace(maker, n_parts=int(rng.integers(3, 7)))
        else:
            one = replace(maker, n_parts=1)
        piece = dry_piece(one.make(rng))
        if piece is not None:
            yield piece


# Channel program, and notes: onset, offset, pitch, velocity.
Part = tuple[int, list[tuple[float, float, int, int]]]


def _songs(
    midi: Path, rng: np.random.Generator, *, count: int, held_out: bool
) -> list[pretty_midi.PrettyMIDI]:
    """Songs of POP909 and scores; every tenth is held out."""
    songs = []
    for archive in ("pop909_main.tar.xz", "openscore_lieder_piano.tar.xz"):
        with tarfile.open(midi / archive, "r:xz") as tar:
            members = [m for m in tar.getmembers() if m.name.endswith((".mid", ".midi"))]
            members = [m for i, m in enumerate(members) if (i % 10 == 9) == held_out]
            share = 0.75 if archive.startswith("pop") else 0.25
            picked = rng.permutation(len(members))[: round(count * share) + 1]
            chosen = {members[int(index)].name for index in picked}
            songs += [
                pretty_midi.PrettyMIDI(io.BytesIO(file.read()))
                for member in tar
                if member.name in chosen and (file := tar.extractfile(member)) is not None
            ]
    return [songs[int(index)] for index in rng.permutation(len(songs))]


def _arranged(song: pretty_midi.PrettyMIDI, rng: np.random.Generator) -> list[Part]:
    start = rng.uniform(0.0, max(song.get_end_time() - SECONDS, 0.0))
    shift = int(rng.integers(-5, 6))
    parts: list[Part] = []
    lowest: dict[int, tuple[float, int]] = {}
    for number, instrument in enumerate(song.instruments):
        is_melody = number == 0 and len(song.instruments) > 1
        options = _MELODIES if is_melody else (_GUITARS if rng.random() < 0.5 else _CHORDS)
        program = int(options[int(rng.integers(len(options)))])
        notes = []
        for note in instrument.notes:
            onset = note.start - start
            if not 0.0 <= onset < SECONDS - 0.5:
                continue
            pitch = note.pitch + shift
            notes.append((onset, note.end - start, pitch, note.velocity))
            slot = int(onset / 0.5)
            if not is_melody and (slot not in lowest or pitch < lowest[slot][1]):
                lowest[slot] = (onset, pitch)
        parts.append((program, notes))
    if rng.random() < 0.85:
        parts.append(_bass(lowest, rng))
    return parts


def _bass(lowest: dict[int, tuple[float, int]], rng: np.random.Generator) -> Part:
    """Roots in eighths or longer, in the octave of a bass."""
    program = int(_BASSES[int(rng.integers(len(_BASSES)))])
    busy = rng.uniform(0.2, 1.0)
    notes = []
    for onset, pitch in sorted(lowest.values()):
        root = 28 + (pitch - 28) % 12 + (12 if rng.random() < 0.15 else 0)
        if rng.random() < busy:
            notes.append((onset, onset + 0.22, root, int(rng.integers(70, 120))))
            notes.append((onset + 0.25, onset + 0.47, root, int(rng.integers(60, 110))))
        else:
            notes.append((onset, onset + 0.48, root, int(rng.integers(70, 120))))
    return program, notes


def _riff(rng: np.random.Generator) -> list[Part]:
    """A rock band: chugged fifths, picked chords, bass, at times a voice-like or brass line."""
    step = 60.0 / rng.uniform(70, 180) / float(rng.choice([2, 2, 4]))
    n_steps = int((SECONDS - 1.0) / step)
    root = 40 + int(rng.integers(0, 8))
    progression = [root + int(rng.choice([0, 0, 3, 5, 7, 8, 10, -2])) for _ in range(4)]
    guitar = int(_GUITARS[int(rng.integers(len(_GUITARS)))])
    density = rng.uniform(0.3, 1.0)
    rhythm = rng.random(16) < density
    rhythm[0] = True
    chords: list[tuple[float, float, int, int]] = []
    bass: list[tuple[float, float, int, int]] = []
    line: list[tuple[float, float, int, int]] = []
    scale = (0, 3, 5, 7, 10, 12, 15)
    muted = rng.random() < 0.4
    for number in range(n_steps):
        base = progression[(number // 16) % 4]
        time = number * step + rng.normal(0, 0.004)
        if rhythm[number % 16]:
            length = step * (0.5 if muted else rng.uniform(0.8, 2.5))
            shape = (0, 7, 12) if guitar >= 29 else (0, 7, 12, 16 if rng.random() < 0.5 else 15, 19)
            for place, interval in enumerate(shape):
                at = max(time + place * rng.uniform(0.0, 0.012), 0.0)
                chords.append((at, at + length, base + interval, int(rng.integers(60, 120))))
            at = max(time, 0.0)
            bass.append((at, at + step * 0.9, base - 12, int(rng.integers(70, 120))))
        if rng.random() < 0.25:
            at = max(time, 0.0)
            pitch = base + 12 + int(rng.choice(scale))
            line.append((at, at + step * rng.uniform(0.8, 3.0), pitch, int(rng.integers(60, 115))))
    parts: list[Part] = [(guitar, chords), (int(rng.choice(_BASSES)), bass)]
    if rng.random() < 0.7:
        parts.append((int(rng.choice(_MELODIES)), line))
    if rng.random() < 0.4:
        second = int(rng.choice(_GUITARS + _CHORDS))
        parts.append(
            (second, [(a, b, p + 12, v) for a, b, p, v in chords[:: int(rng.integers(1, 4))]])
        )
    return parts


def _rendered(parts: list[Part], font: Path, rng: np.random.Generator) -> Audio:
    file = mido.MidiFile(ticks_per_beat=500)
    events: list[tuple[float, int, mido.Message]] = []
    channels = [c for c in range(16) if c != 9]
    for channel, (program, notes) in zip(channels, parts, strict=False):
        volume = int(rng.integers(50, 127))
        events.append((0.0, 0, mido.Message("program_change", channel=channel, program=program)))
        events.append(
            (0.0, 0, mido.Message("control_change", channel=channel, control=7, value=volume))
        )
        for onset, offset, pitch, velocity in notes:
            if not 0 <= pitch <= 127:
                continue
            note = {"channel": channel, "note": pitch}
            events.append((onset, 2, mido.Message("note_on", velocity=velocity, **note)))
            events.append((max(offset, onset + 0.03), 1, mido.Message("note_off", **note)))
    track = mido.MidiTrack()
    file.tracks.append(track)
    track.append(mido.MetaMessage("set_tempo", tempo=500_000))  # a tick is a millisecond
    now = 0
    for time, _, message in sorted(events, key=lambda event: event[:2]):
        tick = round(time * 1000)
        track.append(message.copy(time=tick - now))
        now = tick
    with tempfile.TemporaryDirectory() as folder:
        path, wav = Path(folder) / "band.mid", Path(folder) / "band.wav"
        file.save(path)
        effects = ["-R", "1" if rng.random() < 0.5 else "0", "-C", "0"]
        subprocess.run(
            ["fluidsynth", "-ni", "-q", "-r", str(SAMPLE_RATE), "-g", "0.3", *effects,
             "-F", str(wav), str(font), str(path)],
            check=True, capture_output=True,
        )  # fmt: skip
        audio, _ = soundfile.read(wav, dtype="float32", always_2d=True)
    length = round(SECONDS * SAMPLE_RATE)
    out = np.zeros(length, dtype=np.float32)
    mono = audio.mean(axis=1)[:length]
    out[: len(mono)] = mono
    return out


def main() -> None:
    parser = argparse.ArgumentParser(description="Render what plays beside the drums.")
    parser.add_argument("what", choices=("bands", "voices", "instruments"))
    parser.add_argument("output", type=Path, help="POOL.npy")
    parser.add_argument("--midi", type=Path, help="folder with POP909 and the Lieder")
    parser.add_argument("--material", type=Path, help="folder with instruments/")
    parser.add_argument("--cache", type=Path, help="folder for what is read of the material")
    parser.add_argument("--font", type=Path, help="SoundFont")
    parser.add_argument("--count", type=int, default=70, help="pieces of 45 s")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--held-out", action="store_true", help="of the music kept for measuring")
    options = parser.parse_args()
    logging.basicConfig(level=logging.INFO, format="%(message)s")
    if options.what == "voices":
        render_voices(options.output, count=options.count, seed=options.seed)
        return
    if options.what == "instruments":
        if options.material is None or options.cache is None:
            parser.error("instruments need --material and --cache")
        maker = dry_clip_maker(Material(options.material, options.cache))
        write_pool(
            recorded_instruments(maker, count=options.count, seed=options.seed), options.output
        )
        return
    if options.midi is None or options.font is None:
        parser.error("bands need --midi and --font")
    render_pool(
        options.midi, options.font, options.output, count=options.count, seed=options.seed,
        held_out=options.held_out,
    )  # fmt: skip


if __name__ == "__main__":
    main()
