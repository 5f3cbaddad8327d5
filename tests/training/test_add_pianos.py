"""Banks made from samples as other people name and cut them."""

import csv

import numpy as np
import pytest
import soundfile

from training.add_pianos import disklavier_samples, note_of, upright_samples, write_bank

RATE = 44100


def write_tone(path, frequency, *, silence=0.2, seconds=1.0, size=0.5):
    """A decaying sine, in stereo, some time after the file begins."""
    time = np.arange(round(seconds * RATE)) / RATE
    tone = size * np.exp(-3 * time) * np.sin(2 * np.pi * frequency * time)
    sound = np.concatenate([np.zeros(round(silence * RATE)), tone])
    path.parent.mkdir(parents=True, exist_ok=True)
    soundfile.write(path, np.column_stack([sound, sound]), RATE)


def test_the_names_of_the_disklavier_tell_key_and_layer(tmp_path):
    for name in ("pno_m060v100le", "pno_m060v125le", "pno_m063v095le"):
        write_tone(tmp_path / f"{name}.ogg", 261.6)
    write_tone(tmp_path / "gpl3.ogg", 100.0)
    found = [(sample.pitch, sample.velocities) for sample in disklavier_samples(tmp_path)]
    assert found == [(60, (96, 104)), (60, (120, 127)), (63, (96, 104))]


def test_a_sample_of_the_upright_is_taken_once_and_the_lowest_by_its_real_key(tmp_path):
    lines = [
        "<region> sample=P/low.wav lokey=21 hikey=23 pitch_keycenter=23 tune=45 volume=6.8",
        "<group> ampeg_release=1",
        "<region> sample=P/high.wav lokey=88 hikey=90 pitch_keycenter=91 tune=-5 volume=-3.0 x=1",
        "<region> sample=P/high.wav lokey=91 hikey=93 pitch_keycenter=91 tune=-5 volume=-3.0 x=1",
    ]
    (tmp_path / "002-Bright Acoustic Piano.sfz").write_text("\n".join(lines))
    found = upright_samples(tmp_path)
    assert [(s.path.name, s.pitch, s.gain_db) for s in found] == [
        ("low.wav", 22, 6.8),
        ("high.wav", 91, -3.0),
    ]


def test_a_note_begins_5_ms_before_its_attack_and_keeps_its_pitch(tmp_path):
    write_tone(tmp_path / "pno_m069v100le.ogg", 440.0, silence=0.3)
    (sample,) = disklavier_samples(tmp_path)
    sound = note_of(sample)
    attack = np.argmax(np.abs(sound) > 0.1 * np.abs(sound).max()) / 16000
    assert attack == pytest.approx(0.005, abs=0.001)
    spectrum = np.abs(np.fft.rfft(sound[:8000] * np.hanning(8000)))
    assert np.argmax(spectrum) * 2 == pytest.approx(440, abs=2)


def test_a_bank_keeps_its_notes_apart_in_level_and_is_loud(tmp_path):
    write_tone(tmp_path / "from/pno_m060v100le.ogg", 261.6, size=0.1)
    write_tone(tmp_path / "from/pno_m060v125le.ogg", 261.6, size=0.4)
    write_bank(disklavier_samples(tmp_path / "from"), tmp_path / "to")
    with (tmp_path / "to/bank.csv").open(newline="") as file:
        rows = list(csv.DictReader(file))
    peaks = [np.abs(soundfile.read(tmp_path / "to" / row["file"])[0]).max() for row in rows]
    assert [int(row["velocity_low"]) for row in rows] == [96, 120]
    assert peaks[1] == pytest.approx(10 ** (-3 / 20), rel=0.01)
    assert peaks[0] / peaks[1] == pytest.approx(0.25, rel=0.1)


def test_a_bank_of_nothing_is_refused(tmp_path):
    with pytest.raises(ValueError, match="no samples"):
        write_bank([], tmp_path / "empty")
