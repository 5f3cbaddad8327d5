"""Tracks on the instruments that ship: who plays what, in tune, held, bent, and the drums."""

from __future__ import annotations

import csv

import numpy as np
import pytest

from amtstudio.errors import BadFileError
from amtstudio.playback import InstrumentSet, SampleBank, Synthesizer, render_transcription
from amtstudio.playback.voices import KIT_DAMPING, plan_voices
from amtstudio.resources import resource_path
from amtstudio.symbolic import PIANO, Note, Track, Transcription

RATE = 44_100
DRUMS = Track.named("drums")
with (resource_path("instruments") / "instruments.csv").open(encoding="utf-8") as table:
    ROWS = list(csv.DictReader(table))
PITCHED = [row for row in ROWS if row["kind"] != "drum"]


def track_of(row):
    return Track(row["name"], int(row["programs"].split()[0].split("-")[0]))


@pytest.fixture(scope="module")
def instruments():
    return InstrumentSet()


def play(instruments, notes, *, seconds, speed=1.0):
    synthesizer = Synthesizer(notes, bank=instruments, sample_rate=RATE, speed=speed)
    return synthesizer.read(0, round(seconds * RATE))


def level_db(sound, begin, end):
    part = sound[round(begin * RATE) : round(end * RATE)]
    return 20 * np.log10(np.sqrt(np.mean(np.square(part))) + 1e-9)


def cents_off(sound, pitch):
    """How far the partials of a sound lie from those of a pitch, weighed by their strength."""
    nominal = 440.0 * 2 ** ((pitch - 69) / 12)
    n_fft = 8 * len(sound)
    spectrum = np.abs(np.fft.rfft(sound * np.hanning(len(sound)), n_fft))
    cents, weights = [], []
    for partial in range(1, 9):
        low, high = (round(partial * nominal * 2 ** (side / 12) * n_fft / RATE) for side in (-1, 1))
        if high < len(spectrum):
            peak = low + int(np.argmax(spectrum[low:high]))
            cents.append(1200 * np.log2(peak * RATE / n_fft / (partial * nominal)))
            weights.append(spectrum[peak])
    return float(np.average(cents, weights=weights))


def test_every_program_has_an_instrument(instruments):
    names = [instruments.name_of(Track("any", program)) for program in range(128)]
    assert names[:4] == ["piano"] * 4
    assert "piano" not in names[4:]
    assert {row["name"] for row in PITCHED} == set(names) - {"piano"}
    assert instruments.name_of(Track.named("guitar")) == "steel_guitar"
    assert instruments.name_of(Track.named("saxophone")) == "alto_saxophone"
    assert instruments.name_of(DRUMS) == "drums"


@pytest.mark.parametrize("row", PITCHED, ids=lambda row: row["name"])
def test_an_instrument_is_in_tune_and_as_long_as_its_kind(row, instruments):
    track = track_of(row)
    keys = sorted(instruments.for_track(track)._keys)
    pitch = keys[len(keys) // 2] + 2  # between two that were sampled
    sound = play(instruments, [Note(0.0, 5.0, pitch, 90, track=track)], seconds=7.0)
    assert abs(cents_off(sound[RATE // 5 : RATE], pitch)) < 26.0  # a choir sings low
    assert -40.0 < level_db(sound, 0.0, 0.3) < -22.0
    if row["kind"] == "held" and row["name"] != "synth_bass":
        # Past the file's end, round its loop, as loud as before and without a gap.
        levels = [level_db(sound, at, at + 0.1) for at in np.arange(2.0, 4.8, 0.1)]
        assert max(levels) - min(levels) < 13.0
        assert level_db(sound, 6.8, 7.0) < -80.0
    else:
        assert level_db(sound, 4.5, 5.0) < -50.0


def test_a_loop_goes_round_without_a_click(instruments):
    track = Track.named("clarinet")
    sound = play(instruments, [Note(0.0, 6.0, 70, 90, track=track)], seconds=5.5)
    steps = np.abs(np.diff(sound[RATE // 2 :]))
    assert steps.max() < 1.6 * np.percentile(steps, 99.9)


def test_a_track_sounds_as_its_program_and_parts_do_not_damp_each_other(instruments):
    flute, guitar = Track.named("flute"), Track.named("guitar")
    one, other = Note(0.0, 1.0, 67, 90, track=flute), Note(0.3, 0.5, 67, 90, track=guitar)
    together = play(instruments, [one, other], seconds=2.0)
    apart = play(instruments, [one], seconds=2.0) + play(instruments, [other], seconds=2.0)
    np.testing.assert_allclose(together, apart, atol=1e-6)
    assert not np.allclose(apart, play(instruments, [one, Note(0.3, 0.5, 67)], seconds=2.0))


@pytest.mark.parametrize("speed", [1.0, 0.5])
@pytest.mark.parametrize("name", ["violin", "guitar"])
def test_a_bent_note_follows_its_contour(name, speed, instruments):
    track = Track.named(name)
    bend = ((0.0, 0.0), (0.5, 0.0), (0.7, 200.0), (1.6, 200.0))
    note = Note(0.0, 1.6, 67, 90, track=track, bend=bend)
    sound = play(instruments, [note], seconds=1.6 / speed, speed=speed)
    before, after = (
        sound[round(begin / speed * RATE) : round(end / speed * RATE)]
        for begin, end in ((0.1, 0.45), (0.8, 1.5))
    )
    plain = play(instruments, [Note(0.0, 1.6, 67, 90, track=track)], seconds=0.45)
    own = cents_off(plain[RATE // 10 :], 67)
    assert cents_off(before, 67) == pytest.approx(own, abs=5.0)
    assert cents_off(after, 69) == pytest.approx(own, abs=8.0)


def test_a_bent_note_sounds_alike_block_by_block_and_begins_on_time(instruments):
    track = Track.named("violin")
    bend = ((0.0, -80.0), (0.4, 90.0), (3.0, -50.0))
    notes = [Note(0.5, 4.0, 67, 100, track=track, bend=bend), Note(0.5, 4.0, 60, 100, track=track)]
    synthesizer = Synthesizer(notes[:1], bank=instruments, sample_rate=RATE)
    whole = synthesizer.read(0, 4 * RATE)
    pieces = [synthesizer.read(begin, 1000) for begin in range(0, 4 * RATE, 1000)]
    np.testing.assert_array_equal(np.concatenate(pieces)[: 4 * RATE], whole)
    straight = play(instruments, [Note(0.5, 4.0, 67, 100, track=track)], seconds=1.0)
    first = [int(np.argmax(np.abs(sound) > 0.005)) / RATE for sound in (whole, straight)]
    assert first[0] == pytest.approx(first[1], abs=2e-3)


def test_a_steady_note_off_its_key_is_heard_off_its_key(instruments):
    track = Track.named("flute")
    sound = play(
        instruments, [Note(0.0, 1.0, 72, 90, track=track, bend=((0.0, 30.0),))], seconds=1.0
    )
    plain = play(instruments, [Note(0.0, 1.0, 72, 90, track=track)], seconds=1.0)
    assert cents_off(sound, 72) - cents_off(plain, 72) == pytest.approx(30.0, abs=3.0)


def test_the_drums_are_played_by_the_kit(instruments):
    kick, hat, crash = (
        play(instruments, [Note(0.0, 0.05, key, 110, track=DRUMS)], seconds=1.5)
        for key in (36, 42, 49)
    )
    for sound in (kick, hat, crash):
        assert np.abs(sound).max() > 0.03
    spectra = [np.abs(np.fft.rfft(sound[: RATE // 5])) for sound in (kick, hat)]
    low = [spectrum[: 200 // 5].sum() / spectrum.sum() for spectrum in spectra]
    assert low[0] > 5 * low[1]
    assert level_db(crash, 1.0, 1.2) > -60.0  # rings on, however short its note is
    assert level_db(kick, 1.0, 1.2) < -80.0


def test_a_closed_hihat_ends_an_open_one_and_nothing_else():
    notes = [Note(at, at + 0.1, key, track=DRUMS) for at, key in
             ((0.0, 46), (0.1, 49), (0.2, 42), (0.3, 42))]  # fmt: skip
    voices = plan_voices(notes, sample_rate=1000, dampings=[KIT_DAMPING])
    assert [voice.damped for voice in voices] == [200, 2600, 900, 1000]


def test_a_band_is_rendered_with_all_its_tracks(instruments):
    notes = (
        Note(0.0, 1.0, 60),
        Note(0.0, 1.0, 40, track=Track.named("bass")),
        Note(0.5, 0.6, 38, track=DRUMS),
    )
    whole = render_transcription(Transcription(notes=notes, duration=1.0), RATE, bank=instruments)
    without = render_transcription(
        Transcription(notes=notes[:2], duration=1.0), RATE, bank=instruments
    )
    assert level_db(whole, 0.5, 0.55) > level_db(without, 0.5, 0.55) + 1.0
    assert np.abs(whole).max() < 1.0


def test_the_instruments_that_ship_are_whole_and_small():
    folder = resource_path("instruments")
    listed, sizes = set(), {}
    for row in ROWS:
        with (folder / row["name"] / "bank.csv").open(encoding="utf-8") as file:
            files = [folder / row["name"] / note["file"] for note in csv.DictReader(file)]
        listed.update(files)
        sizes[row["name"]] = sum(path.stat().st_size for path in files)
    assert listed == set(folder.rglob("*.ogg"))
    assert sum(sizes.values()) < 10e6
    assert sizes["drums"] < 3e6


def test_a_broken_set_is_reported(tmp_path):
    with pytest.raises(BadFileError, match=r"instruments\.csv cannot be read"):
        InstrumentSet(tmp_path)
    (tmp_path / "instruments.csv").write_text(
        "name,kind,programs,release_s\ngone,struck,4-5,0.1\n", encoding="utf-8"
    )
    with pytest.raises(BadFileError, match=r"bank\.csv cannot be read"):
        InstrumentSet(tmp_path).for_track(Track("x", 4))


def test_a_piano_sounds_as_the_piano_does(instruments):
    note = Note(0.0, 1.0, 60, 90, track=PIANO)
    whole = play(instruments, [note], seconds=1.0)

    np.testing.assert_array_equal(whole, play(SampleBank(), [note], seconds=1.0))
