"""Play the opening of a score on a sampled piano in a room: makes the bundled example recording.

The recording that ships was made with (paths shortened)::

    python -m training.render_example
        --score lc4976777.mid --bank upright_kw_kawai_HELDOUT --room audiomentations_rir48000.flac
        --output resources/examples/schumann_im_wunderschoenen.mp3

The same arguments give the same notes to the last digit; the encoded bytes may differ between
versions of the encoder.
"""

from __future__ import annotations

import argparse
import csv
import math
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TypeAlias

import numpy as np
import pretty_midi
import soundfile
import soxr
from numpy.typing import NDArray
from scipy.signal import fftconvolve, lfilter

Audio: TypeAlias = NDArray[np.float64]

BANK_RATE = 16_000  # Hz, of the banks and rooms
FILE_RATE = 44_100  # Hz, what people's recordings have
TEMPO = 48.0  # quarters a minute: "Langsam, zart"
LEAD_IN = 0.6  # seconds of room before the first note
FIRST_UNDAMPED = 89  # keys from here up have no damper
VELOCITY_DB_PER_DECADE = 40.0  # the law the two layers of the bank were levelled with


@dataclass(frozen=True, slots=True)
class ScoreNote:
    beat: float  # quarters from the start
    length: float  # quarters
    pitch: int


@dataclass(frozen=True, slots=True)
class PlayedNote:
    onset: float  # seconds
    key_up: float  # seconds
    offset: float  # seconds; when the damper falls, key and pedal being up
    pitch: int
    velocity: int


@dataclass(frozen=True, slots=True)
class Sample:
    pitch: int
    centre_velocity: int
    attack: float  # seconds from the start of the file
    path: Path


def read_score(path: Path, end_beat: float) -> list[ScoreNote]:
    """The notes that start before ``end_beat``, sorted by beat and pitch."""
    midi = pretty_midi.PrettyMIDI(str(path))

    def beat(seconds: float) -> float:
        return float(midi.time_to_tick(seconds)) / float(midi.resolution)

    notes = [
        ScoreNote(beat(note.start), beat(note.end) - beat(note.start), note.pitch)
        for track in midi.instruments
        for note in track.notes
    ]
    return sorted(
        (note for note in notes if note.beat < end_beat), key=lambda note: (note.beat, note.pitch)
    )


def beat_times(end_beat: float) -> tuple[Audio, Audio]:
    """Beats on a fine grid and the seconds at which they fall.

    The tempo breathes with each half of a two-bar phrase (4 quarters) and broadens at the end.
    """
    beats = np.arange(0.0, end_beat + 4.0, 0.01)
    breath = 1.0 + 0.09 * np.sin(2 * np.pi * (beats - 0.4) / 4.0)
    broadening = 1.0 - 0.3 * np.clip((beats - (end_beat - 2.5)) / 2.5, 0.0, 1.0)
    seconds_per_beat = 60.0 / (TEMPO * breath * broadening)
    return beats, LEAD_IN + np.cumsum(seconds_per_beat) * 0.01


def perform(score: list[ScoreNote], rng: np.random.Generator) -> list[PlayedNote]:
    """Give a score the timing, touch and pedal of a player.

    The tune (the highest long note sounding) is louder and a little early, the bass a little
    late; the pedal is changed with each bass note, just after it, as pianists do.
    """
    end_beat = max(note.beat for note in score)
    beats, seconds = beat_times(end_beat)
    pedal_ups = np.array(
        sorted({note.beat for note in score if note.pitch <= 57 and note.beat % 1 == 0.25})
    )
    played = []
    for note in score:
        is_tune = note.pitch >= 66 and note.length >= 0.5
        is_bass = note.pitch <= 57 and note.length >= 1.0
        swell = 6.0 * math.sin(math.pi * ((note.beat - 0.5) % 8.0) / 8.0)
        velocity = 50.0 + swell + 17.0 * is_tune + 5.0 * is_bass + rng.normal(0.0, 3.5)
        lead = 0.014 * is_tune - 0.006 * is_bass
        onset = float(np.interp(note.beat, beats, seconds)) - lead + rng.normal(0.0, 0.009)
        legato = rng.uniform(0.02, 0.06)
        key_up = float(np.interp(note.beat + note.length, beats, seconds)) + legato
        later = pedal_ups[pedal_ups > note.beat + 0.05]
        pedal_up = float(np.interp(later[0], beats, seconds)) + 0.09 if later.size else key_up + 2.0
        offset = max(key_up, pedal_up)
        played.append(
            PlayedNote(onset, key_up, offset, note.pitch, int(np.clip(velocity, 20, 110)))
        )
    return end_at_restrike(played)


def end_at_restrike(notes: list[PlayedNote]) -> list[PlayedNote]:
    """Cut each note where its key is struck again, which is where its sound is overwritten."""
    following: dict[int, float] = {}
    cut = []
    for note in sorted(notes, key=lambda note: note.onset, reverse=True):
        offset = min(note.offset, following.get(note.pitch, math.inf))
        cut.append(replace(note, offset=offset, key_up=min(note.key_up, offset)))
        following[note.pitch] = note.onset
    return cut[::-1]


def read_bank(folder: Path) -> list[Sample]:
    with (folder / "bank.csv").open(newline="", encoding="utf-8") as file:
        return [
            Sample(
                pitch=int(row["pitch"]),
                centre_velocity=60 if int(row["velocity_low"]) < 64 else 104,
                attack=float(row["attack_s"]),
                path=folder / row["file"],
            )
            for row in csv.DictReader(file)
        ]


def sound_of(note: PlayedNote, bank: list[Sample], tuning_cents: float) -> tuple[Audio, float]:
    """The sound of one note with its damping, and the seconds from its start to its attack."""
    layer = 60 if note.velocity <= 80 else 104
    sample = min(
        (sample for sample in bank if sample.centre_velocity == layer),
        key=lambda sample: abs(sample.pitch - note.pitch),
    )
    audio, _ = soundfile.read(sample.path)
    ratio = 2.0 ** ((note.pitch - sample.pitch + tuning_cents / 100.0) / 12.0)
    audio = soxr.resample(audio, BANK_RATE * ratio, BANK_RATE, quality="HQ")
    gain_db = VELOCITY_DB_PER_DECADE * math.log10(note.velocity / layer)
    attack = sample.attack / ratio
    if note.pitch < FIRST_UNDAMPED:
        seconds = np.arange(audio.size) / BANK_RATE - attack
        time_constant = 0.05 + 0.07 * np.clip((60 - note.pitch) / 39.0, 0.0, 1.0)
        since_damped = np.maximum(seconds - (note.offset - note.onset), 0.0)
        audio = audio * np.exp(-since_damped / time_constant)
    return audio * 10.0 ** (gain_db / 20.0), attack


def mix(notes: list[PlayedNote], bank: list[Sample], rng: np.random.Generator) -> Audio:
    """All notes in one mono signal at the bank's rate, each key with its own slight mistuning."""
    duration = max(note.offset for note in notes) + 1.0
    track = np.zeros(int(duration * BANK_RATE))
    tuning_cents = 3.0 + rng.normal(0.0, 2.5, 128)
    for note in notes:
        audio, attack = sound_of(note, bank, float(tuning_cents[note.pitch]))
        start = round((note.onset - attack) * BANK_RATE)
        stop = min(start + audio.size, track.size)
        track[start:stop] += audio[: stop - start]
    return track


def add_room(dry: Audio, room: Audio, rng: np.random.Generator) -> Audio:
    """Add reverberation and the noise floor of a quiet room; scale to a peak of -3 dBFS.

    The direct sound of the room response is moved to time zero, so that onsets stay put.
    """
    direct = int(np.argmax(np.abs(room)))
    tail = room[direct:] / np.sqrt(np.sum(room[direct:] ** 2))
    wet = fftconvolve(dry, tail)[: dry.size]
    audio = dry / np.std(dry) + 0.7 * wet / np.std(wet)
    audio *= 10.0 ** (-3.0 / 20.0) / np.max(np.abs(audio))
    # One-pole low-pass: room noise falls with frequency.
    hiss = lfilter([0.15], [1.0, -0.85], rng.normal(0.0, 1.0, audio.size))
    hum = np.sin(2 * np.pi * 50.0 * np.arange(audio.size) / BANK_RATE)
    fade = np.clip((dry.size - np.arange(dry.size)) / (0.8 * BANK_RATE), 0.0, 1.0)
    noise = 10.0 ** (-62.0 / 20.0) * hiss / np.std(hiss) + 10.0 ** (-74.0 / 20.0) * hum
    recording: Audio = audio * fade + noise
    return recording


def write_truth(path: Path, notes: list[PlayedNote]) -> None:
    """Write what was played; offsets are when the sound is damped, so they include the pedal."""
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["onset_s", "offset_s", "midi_pitch", "velocity", "instrument"])
        for note in notes:
            times = f"{note.onset:.4f}", f"{note.offset:.4f}"
            writer.writerow([*times, note.pitch, note.velocity, "piano"])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--score", type=Path, required=True, help="MIDI file of the score")
    parser.add_argument("--bank", type=Path, required=True, help="folder with bank.csv and notes")
    parser.add_argument("--room", type=Path, required=True, help="impulse response at 16 kHz")
    parser.add_argument("--output", type=Path, required=True, help="recording to write")
    parser.add_argument("--end-beat", type=float, default=26.2, help="in quarters")
    parser.add_argument("--seed", type=int, default=48)
    options = parser.parse_args()

    rng = np.random.default_rng(options.seed)
    notes = perform(read_score(options.score, options.end_beat), rng)
    room, _ = soundfile.read(options.room)
    audio = add_room(mix(notes, read_bank(options.bank), rng), room, rng)
    audio = soxr.resample(audio, BANK_RATE, FILE_RATE, quality="HQ")
    soundfile.write(
        options.output, audio, FILE_RATE, bitrate_mode="CONSTANT", compression_level=0.7
    )
    write_truth(options.output.with_suffix(".notes.csv"), notes)
    peak = 20 * math.log10(float(np.max(np.abs(audio))))
    level = 20 * math.log10(float(np.std(audio)))
    print(
        f"{options.output}: {audio.size / FILE_RATE:.1f} s, {len(notes)} notes,"
        f" peak {peak:.1f} dBFS, level {level:.1f} dBFS"
    )


if __name__ == "__main__":
    main()
