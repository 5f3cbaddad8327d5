"""The bundled example: a sound recording with a truth that belongs to it."""

from __future__ import annotations

import csv
import itertools

import numpy as np
import pytest
import soundfile

from amtstudio.resources import resource_path
from amtstudio.symbolic import Note

EXAMPLE = resource_path("examples", "schumann_im_wunderschoenen.mp3")


@pytest.fixture(scope="module")
def recording() -> tuple[np.ndarray, int]:
    return soundfile.read(EXAMPLE)


@pytest.fixture(scope="module")
def truth() -> list[Note]:
    with EXAMPLE.with_suffix(".notes.csv").open(newline="", encoding="utf-8") as file:
        return [
            Note(
                onset=float(row["onset_s"]),
                offset=float(row["offset_s"]),
                pitch=int(row["midi_pitch"]),
                velocity=int(row["velocity"]),
            )
            for row in csv.DictReader(file)
        ]


def level_db(audio: np.ndarray) -> float:
    return 20.0 * float(np.log10(np.sqrt(np.mean(audio**2))))


def test_the_example_is_small_and_not_clipped(recording):
    audio, _ = recording
    assert EXAMPLE.stat().st_size < 700_000
    assert 0.5 < np.max(np.abs(audio)) < 0.99


def test_the_truth_lies_within_the_recording(recording, truth):
    audio, sample_rate = recording
    assert len(truth) == 124
    assert truth == sorted(truth, key=lambda note: note.onset)
    assert max(note.offset for note in truth) <= audio.size / sample_rate


def test_the_sound_begins_with_the_first_note(recording, truth):
    audio, sample_rate = recording
    first = round(truth[0].onset * sample_rate)
    margin = round(0.03 * sample_rate)
    before, after = audio[: first - margin], audio[first : first + margin]
    assert level_db(after) > level_db(before) + 20.0


def test_no_key_is_struck_while_it_still_sounds(truth):
    for pitch in {note.pitch for note in truth}:
        strikes = [note for note in truth if note.pitch == pitch]
        for earlier, later in itertools.pairwise(strikes):
            assert earlier.offset <= later.onset


def test_the_final_chord_sounds_at_its_pitches(recording, truth):
    # The tune's last note is the highest; its fundamental must stand out of the spectrum.
    audio, sample_rate = recording
    last = truth[-2:]
    start = round((max(note.onset for note in last) + 0.1) * sample_rate)
    spectrum = np.abs(np.fft.rfft(audio[start : start + sample_rate] * np.hanning(sample_rate)))
    for note in last:
        frequency = 440.0 * 2.0 ** ((note.pitch - 69) / 12.0)
        near = spectrum[round(frequency) - 3 : round(frequency) + 4].max()
        around = np.median(spectrum[round(frequency * 0.9) : round(frequency * 1.1)])
        assert near > 10.0 * around
