"""The sampled piano, measured: pitch, onset, damping, level."""

from __future__ import annotations

import csv

import numpy as np
import pytest

from amtstudio.errors import BadFileError
from amtstudio.playback import SampleBank, Synthesizer, render_transcription
from amtstudio.playback import sample_bank as sample_bank_module
from amtstudio.playback.voices import plan_voices
from amtstudio.resources import resource_path
from amtstudio.symbolic import Note, Pedal, Track, Transcription

RATE = 44_100


@pytest.fixture(scope="module")
def bank():
    return SampleBank()


def play(bank, notes, pedals=(), *, seconds=3.0, **options):
    synthesizer = Synthesizer(notes, pedals, bank=bank, sample_rate=RATE, **options)
    return synthesizer.read(0, round(seconds * RATE))


def level_at(samples, seconds, *, width=0.05):
    begin = round(seconds * RATE)
    return float(np.sqrt(np.mean(np.square(samples[begin : begin + round(width * RATE)]))))


def fundamental(samples, near):
    """The strongest frequency within a third of ``near``, in Hz."""
    n_fft = 4 * len(samples)
    spectrum = np.abs(np.fft.rfft(samples * np.hanning(len(samples)), n_fft))
    frequencies = np.arange(len(spectrum)) * RATE / n_fft
    spectrum[(frequencies < near / 1.2) | (frequencies > near * 1.2)] = 0.0
    return frequencies[np.argmax(spectrum)]


# A grand is tuned wide: its lowest keys some cents flat, its highest ones sharp.
@pytest.mark.parametrize(
    ("pitch", "tolerance"),
    [(33, 15), (56, 10), (59, 6), (60, 5), (61, 5), (69, 5), (81, 10), (95, 30)],
)
def test_a_note_has_its_pitch(pitch, tolerance, bank):
    sound = play(bank, [Note(0.0, 2.0, pitch, 90)], seconds=1.5)
    expected = 440.0 * 2 ** ((pitch - 69) / 12)
    cents = 1200 * np.log2(fundamental(sound[RATE // 10 :], expected) / expected)
    assert abs(cents) < tolerance


@pytest.mark.parametrize("speed", [1.0, 0.5])
@pytest.mark.parametrize("pitch", [40, 60, 62, 84])
def test_the_attack_lies_on_the_onset_to_the_millisecond(pitch, speed, bank):
    onset = 0.5
    sound = np.abs(play(bank, [Note(onset, 2.0, pitch, 110)], speed=speed))
    alone = np.abs(bank.sound(pitch, 110, RATE).samples.astype(np.float64))
    # The attack of a sample is where it first reaches a tenth of its peak.
    attack = np.argmax(sound > 0.1 * sound[: round((onset / speed + 0.3) * RATE)].max()) / RATE
    assert attack == pytest.approx(onset / speed, abs=1e-3)
    assert np.argmax(alone > 0.1 * alone.max()) / RATE < 0.02


def test_a_note_is_damped_at_its_offset(bank):
    sound = play(bank, [Note(0.0, 1.0, 60, 90)])
    assert level_at(sound, 0.9) > 0.005
    assert level_at(sound, 1.6) < 0.02 * level_at(sound, 0.9)
    assert not sound[round(2.2 * RATE) :].any()


def test_the_pedal_holds_a_note_until_it_comes_up(bank):
    free = play(bank, [Note(0.0, 2.0, 60, 90)])
    held = play(bank, [Note(0.0, 0.5, 60, 90)], [Pedal(0.2, 1.2), Pedal(1.1, 2.0)])
    np.testing.assert_array_equal(held, free)


def test_a_pedal_that_comes_up_before_the_key_changes_nothing(bank):
    free = play(bank, [Note(0.0, 1.0, 60, 90)])
    np.testing.assert_array_equal(play(bank, [Note(0.0, 1.0, 60, 90)], [Pedal(0.1, 0.9)]), free)


def test_a_key_struck_again_takes_over_from_its_earlier_note():
    first, second = plan_voices(
        [Note(0.0, 2.0, 60), Note(0.5, 1.5, 60)], sample_rate=1000, speed=1.0
    )
    assert first.damped == second.onset == 500
    assert first.end < 700
    assert second.damped == 1500


def test_a_key_struck_again_sounds_as_loud_as_alone(bank):
    twice = play(bank, [Note(0.0, 2.0, 60, 80), Note(1.0, 2.0, 60, 80)])
    once = play(bank, [Note(1.0, 2.0, 60, 80)])
    assert level_at(twice, 1.3) == pytest.approx(level_at(once, 1.3), rel=0.02)


def test_the_highest_keys_ring_on(bank):
    short, long = (play(bank, [Note(0.0, end, 96, 90)]) for end in (0.1, 2.0))
    np.testing.assert_array_equal(short, long)


@pytest.mark.parametrize("pitch", [28, 60, 85])
def test_louder_touch_is_louder_without_steps(pitch, bank):
    levels = []
    for velocity in range(1, 128, 2):
        sound = bank.sound(pitch, velocity, RATE)
        heard = sound.samples[sound.attack : sound.attack + 13_000] * sound.gain
        levels.append(10 * np.log10(np.mean(np.square(heard))))
    # From one velocity to the next; the softest few are far apart on the scale of decibels.
    assert np.all(np.diff(levels) > -0.35)
    assert np.all(np.diff(levels)[8:] < 1.5)
    assert levels[-1] - levels[15] > 10


def test_a_block_does_not_depend_on_what_was_read_before(bank):
    notes = [Note(0.1 * i, 0.1 * i + 0.3, 50 + i, 60 + i) for i in range(20)]
    synthesizer = Synthesizer(notes, bank=bank, sample_rate=RATE)
    whole = synthesizer.read(0, 2 * RATE)
    pieces = [synthesizer.read(begin, 441) for begin in reversed(range(0, 2 * RATE, 441))]
    np.testing.assert_array_equal(np.concatenate(pieces[::-1]), whole)
    assert not synthesizer.read(-1000, 500).any()


def test_half_speed_doubles_the_times_and_keeps_the_pitch(bank):
    sound = play(bank, [Note(0.25, 0.75, 69, 90)], speed=0.5)
    assert fundamental(sound[RATE // 2 + 2000 : RATE], 440) == pytest.approx(440, rel=0.004)
    assert level_at(sound, 1.4) > 10 * level_at(sound, 2.0)


def test_where_too_many_would_sound_the_oldest_gives_way():
    notes = [Note(0.1 * i, 9.0, 30 + i) for i in range(10)]
    voices = plan_voices(notes, sample_rate=1000, max_voices=4)
    assert [voice.damped for voice in voices] == [400, 500, 600, 700, 800, 900] + [9000] * 4
    for at in range(0, 1000, 50):
        assert sum(voice.onset <= at < voice.damped for voice in voices) <= 4


def test_every_midi_number_and_velocity_makes_a_sound(bank):
    for pitch in (0, 20, 109, 127):
        assert np.abs(bank.sound(pitch, 1, 16_000).samples).max() > 100


def test_render_transcription_lasts_until_the_last_note_has_died_away(bank):
    transcription = Transcription(notes=(Note(0.5, 1.0, 60),), duration=1.0)
    sound = render_transcription(transcription, RATE, bank=bank)
    assert sound.dtype == np.float32
    assert 1.2 * RATE < len(sound) < 2.5 * RATE
    assert np.abs(sound[-100:]).max() < 1e-4
    longer = render_transcription(Transcription(duration=2.0), 16_000, bank=bank)
    assert len(longer) == 32_000
    assert not longer.any()


def test_the_sounds_kept_are_bounded(monkeypatch):
    monkeypatch.setattr(sample_bank_module, "CACHE_BYTES", 2_000_000)
    bank = SampleBank()
    for pitch in range(60, 80):
        bank.sound(pitch, 64, 16_000)
    assert 0 < bank.n_cached_bytes <= 2_000_000


def test_the_bundled_bank_is_whole_and_small():
    folder = resource_path("piano_bank")
    with (folder / "bank.csv").open(newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == 120
    assert {row["file"] for row in rows} == {
        path.relative_to(folder).as_posix() for path in folder.glob("notes/*")
    }
    assert sum(path.stat().st_size for path in folder.rglob("*.*")) < 8e6


def test_a_missing_bank_is_reported(tmp_path):
    with pytest.raises(BadFileError, match=r"bank\.csv cannot be read"):
        SampleBank(tmp_path)


def test_a_missing_note_is_reported(tmp_path):
    head = "file,pitch,velocity,attack_s,level_db\n"
    (tmp_path / "bank.csv").write_text(head, encoding="utf-8")
    with pytest.raises(BadFileError, match=r"bank\.csv cannot be read"):
        SampleBank(tmp_path)
    (tmp_path / "bank.csv").write_text(head + "gone.flac,60,64,0.005,-20\n", encoding="utf-8")
    with pytest.raises(BadFileError, match=r"gone\.flac cannot be read"):
        SampleBank(tmp_path).sound(60, 64, RATE)


def test_ten_keys_struck_hard_stay_below_full_scale(bank):
    chord = [Note(0.0, 2.0, pitch, 127) for pitch in (36, 43, 48, 52, 55, 60, 64, 67, 72, 76)]
    assert 0.3 < np.abs(play(bank, chord, seconds=1.0)).max() < 1.0


def test_a_piano_does_not_play_the_drums(bank):
    note = Note(0.1, 0.6, 60, 80)
    kick = Note(0.2, 0.3, 36, 120, track=Track.named("drums"))
    alone = Synthesizer([note], bank=bank, sample_rate=RATE).read(0, RATE)
    together = Synthesizer([note, kick], bank=bank, sample_rate=RATE).read(0, RATE)
    np.testing.assert_array_equal(together, alone)
    assert np.abs(alone).max() > 0.0
    assert Synthesizer([kick], bank=bank, sample_rate=RATE).n_samples == 0
