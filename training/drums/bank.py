"""All samples of all kits in one array, each at its attack: ``python -m training.drums.bank``.

It writes a folder with ``audio.npy`` (int16, 32 kHz, every sample at full scale) and
``takes.json``: for each take its kit, voice and role, and for each of its samples, soft ones first,
its position and recorded level.
"""

from __future__ import annotations

import argparse
import json
import logging
import subprocess
import tempfile
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import mido
import numpy as np
import soundfile

from amtstudio.audio import read_mono
from training.drums.kits import KITS, FontTake, Take, all_takes
from training.drums.synthetic_kits import synthetic_kits

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    import numpy.typing as npt

    Audio = npt.NDArray[np.float32]

logger = logging.getLogger(__name__)

SAMPLE_RATE = 32000  # Hz
LEAD = 64  # samples before the attack: 2 ms
ATTACK_SHARE = 0.1  # of the peak: where a hit is perceived to begin
LONGEST_S = {"crash": 4.0, "ride": 3.5, "ride_bell": 3.0, "hihat_open": 3.0}
LONG_S = 2.0  # of every other voice
TAIL_DB = -62.0  # of the peak: what follows is cut off
FADE_S = 0.02
LATEST_ATTACK_S = 0.5  # later than this there was something else before the hit
FONT_VELOCITIES = (30, 70, 100, 127)
FONT_SPACING_S = 4.5
N_SYNTHETIC = 150


@dataclass(frozen=True)
class Layer:
    """A sample in the bank's array, and its level as recorded, in dB of the loudest of its take."""

    start: int
    length: int
    level_db: float


@dataclass(frozen=True)
class BankTake:
    """A take as stored in the bank."""

    kit: str
    voice: str
    name: str
    role: str
    layers: tuple[Layer, ...]


@dataclass(frozen=True)
class DrumBank:
    """The samples and where they are. ``audio`` is int16 at 32 kHz; attacks are at ``LEAD``."""

    audio: npt.NDArray[np.int16]
    takes: tuple[BankTake, ...]

    def of_role(self, *roles: str) -> list[BankTake]:
        return [take for take in self.takes if take.role in roles]

    def sound(self, layer: Layer) -> Audio:
        """A sample, peak 1."""
        samples = self.audio[layer.start : layer.start + layer.length]
        return samples.astype(np.float32) / np.float32(32767.0)


def load_drum_bank(folder: Path) -> DrumBank:
    """Read what ``build`` wrote; the audio is all in memory."""
    takes = json.loads((folder / "takes.json").read_text())
    return DrumBank(
        np.load(folder / "audio.npy", allow_pickle=False),
        tuple(
            BankTake(**(take | {"layers": tuple(Layer(**layer) for layer in take["layers"])}))
            for take in takes
        ),
    )


def from_attack(sound: Audio, voice: str) -> Audio | None:
    """The hit from ``LEAD`` samples before its attack, peak 1, its silent tail cut off.

    None where there is no clear attack: silence, or a sound that begins much before it.
    """
    sound = sound[: round((LONGEST_S.get(voice, LONG_S) + LATEST_ATTACK_S) * SAMPLE_RATE)]
    size = np.abs(sound)
    peak = float(size.max(initial=0.0))
    if peak < 1e-4:
        return None
    attack = int(np.argmax(size >= ATTACK_SHARE * peak))
    if attack > LATEST_ATTACK_S * SAMPLE_RATE:
        return None
    if attack < LEAD:
        sound = np.concatenate([np.zeros(LEAD - attack, dtype=np.float32), sound])
        attack = LEAD
    sound = sound[attack - LEAD :][: round(LONGEST_S.get(voice, LONG_S) * SAMPLE_RATE)] / peak
    loud = np.flatnonzero(np.abs(sound) > 10.0 ** (TAIL_DB / 20.0))
    n_fade = round(FADE_S * SAMPLE_RATE)
    sound = sound[: int(loud[-1]) + n_fade].copy()
    n_fade = min(n_fade, len(sound) - LEAD)
    sound[-n_fade:] *= np.linspace(1.0, 0.0, n_fade, dtype=np.float32)
    sound[: LEAD // 2] *= np.linspace(0.0, 1.0, LEAD // 2, dtype=np.float32)
    cut: Audio = sound.astype(np.float32)
    return cut


def _read(path: Path) -> Audio:
    return read_mono(path, sample_rate=SAMPLE_RATE)


def _recorded(take: Take) -> list[Audio]:
    sounds = []
    for sample in take.samples:
        parts = [_read(path) * np.float32(gain) for path, gain in sample.files]
        mixed = np.zeros(max(map(len, parts)), dtype=np.float32)
        for part in parts:
            mixed[: len(part)] += part
        sounds.append(mixed)
    return sounds


def _played(takes: Sequence[FontTake]) -> Iterator[tuple[FontTake, list[Audio]]]:
    """Takes of one program of one font, played by FluidSynth without its effects."""
    first = takes[0]
    channel = 9 if first.is_percussion_channel else 0
    file = mido.MidiFile(ticks_per_beat=500)
    track = mido.MidiTrack()
    file.tracks.append(track)
    track.append(mido.MetaMessage("set_tempo", tempo=500_000))  # a tick is a millisecond
    track.append(mido.Message("program_change", channel=channel, program=first.program))
    wait = 1000
    for take in takes:
        for velocity in FONT_VELOCITIES:
            on = {"channel": channel, "note": take.key}
            track.append(mido.Message("note_on", velocity=velocity, time=wait, **on))
            track.append(mido.Message("note_off", time=4000, **on))
            wait = round(FONT_SPACING_S * 1000) - 4000
    with tempfile.TemporaryDirectory() as folder:
        midi, wav = Path(folder) / "hits.mid", Path(folder) / "hits.wav"
        file.save(midi)
        subprocess.run(
            ["fluidsynth", "-ni", "-q", "-r", str(SAMPLE_RATE), "-g", "0.5", "-R", "0", "-C", "0",
             "-F", str(wav), str(first.font), str(midi)],
            check=True, capture_output=True,
        )  # fmt: skip
        audio, _ = soundfile.read(wav, dtype="float32", always_2d=True)
    mono = audio.mean(axis=1)
    for number, take in enumerate(takes):
        sounds = []
        for hit in range(len(FONT_VELOCITIES)):
            start = 0.98 + (number * len(FONT_VELOCITIES) + hit) * FONT_SPACING_S
            first_sample = round(start * SAMPLE_RATE)
            sounds.append(mono[first_sample : first_sample + round(4.4 * SAMPLE_RATE)])
        yield take, sounds


class BankWriter:
    """Gathers takes; samples that are no hit are left out and named in the log."""

    def __init__(self) -> None:
        self.audio: list[npt.NDArray[np.int16]] = []
        self.takes: list[BankTake] = []
        self._n = 0

    def bank(self) -> DrumBank:
        return DrumBank(np.concatenate(self.audio), tuple(self.takes))

    def add(self, take: Take | FontTake, role: str, sounds: Sequence[Audio]) -> None:
        cut = [(from_attack(sound, take.voice), float(np.abs(sound).max())) for sound in sounds]
        kept = [(sound, _level(sound, peak)) for sound, peak in cut if sound is not None]
        if len(kept) < len(cut):
            logger.warning("%s %s: %d unusable", take.kit, take.name, len(cut) - len(kept))
        if not kept:
            return
        kept.sort(key=lambda pair: pair[1])
        layers = []
        for sound, level in kept:
            layers.append(Layer(self._n, len(sound), round(level - kept[-1][1], 2)))
            self.audio.append(np.rint(sound * 32767.0).astype(np.int16))
            self._n += len(sound)
        self.takes.append(BankTake(take.kit, take.voice, take.name, role, tuple(layers)))


def _level(sound: Audio, peak: float) -> float:
    """DB of the loudest tenth of a second, as recorded."""
    part = sound[: SAMPLE_RATE // 10]
    return float(10.0 * np.log10(np.mean(part**2) + 1e-12) + 20.0 * np.log10(peak))


def build(sources: Path, output: Path, *, seed: int = 1) -> None:
    """Read every kit that is in ``sources``, make the synthetic ones, and write the bank."""
    writer = BankWriter()
    for kit in KITS:
        takes = all_takes(sources, kit)
        if not takes:
            logger.warning("there is no %s in %s", kit.name, sources)
        by_program: dict[str, list[FontTake]] = {}
        for take in takes:
            if isinstance(take, FontTake):
                by_program.setdefault(take.kit, []).append(take)
            else:
                writer.add(take, kit.role, _recorded(take))
        for group in by_program.values():
            for font_take, sounds in _played(group):
                writer.add(font_take, kit.role, sounds)
        logger.info("%s: %d takes", kit.name, len(takes))
    rng = np.random.default_rng(seed)
    for take, sounds in synthetic_kits(N_SYNTHETIC, SAMPLE_RATE, rng):
        writer.add(take, "train", sounds)
    bank = writer.bank()
    output.mkdir(parents=True, exist_ok=True)
    np.save(output / "audio.npy", bank.audio)
    (output / "takes.json").write_text(json.dumps([asdict(take) for take in bank.takes]))


def main() -> None:
    parser = argparse.ArgumentParser(description="Make the bank of drum samples.")
    parser.add_argument("sources", type=Path, help="folder with the kits, see training/DRUMS.md")
    parser.add_argument("output", type=Path)
    options = parser.parse_args()
    logging.basicConfig(level=logging.INFO, format="%(message)s")
    build(options.sources, options.output)


if __name__ == "__main__":
    main()
