"""Tracks on SoundFonts: one that comes with pretty_midi, and small ones made here."""

from __future__ import annotations

import io
from pathlib import Path

import numpy as np
import pretty_midi
import pytest
import soundfile
from small_soundfont import FONT_RATE, HZ, LOOPED, PERIOD, font

from amtstudio.errors import BadFileError, InputNotFoundError, InputUnreadableError
from amtstudio.playback import InstrumentSet, SoundFont, Synthesizer
from amtstudio.playback.soundfont_file import SoundFontFile
from amtstudio.symbolic import Note, Track

RATE = 44_100
GENERAL = Path(pretty_midi.__file__).with_name("TimGM6mb.sf2")
DRUMS = Track.named("drums")


def play(path, notes, seconds=1.0):
    instruments = SoundFont(path, InstrumentSet())
    synthesizer = Synthesizer(notes, bank=instruments, sample_rate=RATE)
    return synthesizer.read(0, round(seconds * RATE))


def pitch_of(sound):
    """Hz of the strongest partial."""
    spectrum = np.abs(np.fft.rfft(sound * np.hanning(len(sound)), 8 * RATE))
    return float(np.argmax(spectrum)) / 8.0


def level_db(sound, begin, end):
    part = sound[round(begin * RATE) : round(end * RATE)]
    return 20 * np.log10(np.sqrt(np.mean(np.square(part))) + 1e-9)


def test_a_key_sounds_at_its_pitch_for_as_long_as_it_is_held(tmp_path):
    path = font(tmp_path / "a.sf2", zones=[LOOPED])
    for key in (57, 69, 80):
        sound = play(path, [Note(0.0, 8.0, key, 100)], 8.5)
        expected = HZ * 2 ** ((key - 69) / 12)
        assert pitch_of(sound[RATE : 3 * RATE]) == pytest.approx(expected, rel=2e-3)
        # Also long after the recorded sound, and what was made of it, has ended.
        assert level_db(sound, 7.0, 7.9) == pytest.approx(level_db(sound, 0.5, 1.0), abs=1.0)
        assert level_db(sound, 8.3, 8.5) < -70


def test_tuning_of_the_program_and_the_instrument_adds_up(tmp_path):
    path = font(tmp_path / "a.sf2", zones=[LOOPED | {51: 2, 52: 30}], said=[(52, 20)])
    sound = play(path, [Note(0.0, 1.0, 69, 100)])
    assert pitch_of(sound[: RATE // 2]) == pytest.approx(HZ * 2 ** (2.5 / 12), rel=2e-3)


def test_velocity_chooses_the_sound_and_its_level(tmp_path):
    soft, loud = LOOPED | {44: 63 << 8}, LOOPED | {44: 127 << 8 | 64, 51: 12}
    path = font(tmp_path / "a.sf2", zones=[soft, loud])
    low = play(path, [Note(0.0, 1.0, 69, 40)])
    high = play(path, [Note(0.0, 1.0, 69, 80)])
    assert pitch_of(low) == pytest.approx(HZ, rel=2e-3)
    assert pitch_of(high) == pytest.approx(2 * HZ, rel=2e-3)
    assert level_db(high, 0.2, 0.8) - level_db(low, 0.2, 0.8) == pytest.approx(12.0, abs=0.5)


def test_the_envelope_makes_a_looped_sound_die_away(tmp_path):
    # Down by 100 dB in four seconds.
    zone = LOOPED | {36: round(1200 * np.log2(4.0)), 37: 1000}
    sound = play(font(tmp_path / "a.sf2", zones=[zone]), [Note(0.0, 9.0, 69, 100)], 4.0)
    fall = level_db(sound, 0.1, 0.2) - level_db(sound, 1.1, 1.2)
    assert fall == pytest.approx(25.0, abs=1.0)
    assert level_db(sound, 3.5, 4.0) < -75


def test_attenuation_and_a_filter_make_it_softer(tmp_path):
    note = [Note(0.0, 1.0, 69, 100)]
    plain = play(font(tmp_path / "a.sf2", zones=[LOOPED]), note)
    softer = play(font(tmp_path / "b.sf2", zones=[LOOPED | {48: 100}]), note)
    closed = play(font(tmp_path / "c.sf2", zones=[LOOPED | {8: 5500}]), note)  # 196 Hz
    # Of 10 dB it is 4, as in other players.
    assert level_db(plain, 0.2, 0.8) - level_db(softer, 0.2, 0.8) == pytest.approx(4.0, abs=0.2)
    assert level_db(plain, 0.2, 0.8) - level_db(closed, 0.2, 0.8) == pytest.approx(14.2, abs=1.0)


def test_keys_that_a_font_lacks_are_shifted_from_the_nearest_and_drums_are_not(tmp_path):
    zone = LOOPED | {43: 72 << 8 | 60}
    path = font(tmp_path / "a.sf2", zones=[zone])
    sound = play(path, [Note(0.0, 1.0, 81, 100)])
    assert pitch_of(sound) == pytest.approx(2 * HZ, rel=2e-3)
    kit = font(tmp_path / "kit.sf2", zones=[zone], bank=128)
    heard = play(kit, [Note(0.0, 0.1, 65, 100, 1.0, DRUMS)])
    silent = play(kit, [Note(0.0, 0.1, 40, 100, 1.0, DRUMS)])
    assert level_db(heard, 0.0, 0.05) > -40
    assert not silent.any()


def test_programs_that_a_font_lacks_are_played_by_the_others(tmp_path):
    shipped = InstrumentSet()
    chosen = SoundFont(font(tmp_path / "a.sf2", program=40), shipped)
    assert chosen.for_track(Track("flute", 73)) is shipped.for_track(Track("flute", 73))
    assert chosen.for_track(DRUMS) is shipped.for_track(DRUMS)
    assert chosen.for_track(Track("violin", 40)) is not shipped.for_track(Track("violin", 40))


def test_compressed_sounds_are_read(tmp_path):
    wave = np.sin(2 * np.pi * np.arange(FONT_RATE) / PERIOD) * 0.5
    packed = io.BytesIO()
    soundfile.write(packed, wave, FONT_RATE, format="OGG", subtype="VORBIS")
    path = font(tmp_path / "a.sf3", zones=[LOOPED], samples=packed.getvalue(), kind=17)
    sound = play(path, [Note(0.0, 3.0, 69, 100)], 3.0)
    assert pitch_of(sound[RATE:]) == pytest.approx(HZ, rel=2e-3)


def test_a_general_midi_font_plays_every_program_and_the_kit_about_as_loud_as_ours():
    shipped = InstrumentSet()
    chosen = SoundFont(GENERAL, shipped)
    differences = []
    for program, key in ((0, 60), (24, 52), (33, 40), (40, 69), (56, 67), (65, 62), (73, 76)):
        pair = []
        for instruments in (chosen, shipped):
            synthesizer = Synthesizer(
                [Note(0.0, 1.0, key, 92, 1.0, Track("x", program))],
                bank=instruments,
                sample_rate=RATE,
            )
            pair.append(level_db(synthesizer.read(0, RATE // 2), 0.0, 0.5))
        differences.append(pair[0] - pair[1])
    assert abs(np.median(differences)) < 4.0
    assert all(chosen.for_track(Track("x", program)).damping for program in range(128))
    kick = Synthesizer([Note(0.0, 0.1, 36, 100, 1.0, DRUMS)], bank=chosen, sample_rate=RATE).read(
        0, RATE // 4
    )
    assert level_db(kick, 0.0, 0.06) > -30


def test_a_file_that_is_no_soundfont_is_refused_in_words(tmp_path):
    with pytest.raises(InputNotFoundError, match=r"gone\.sf2 was not found"):
        SoundFontFile(tmp_path / "gone.sf2")
    with pytest.raises(InputUnreadableError, match="cannot be read"):
        SoundFontFile(tmp_path)
    text = tmp_path / "text.sf2"
    text.write_text("not a font")
    with pytest.raises(BadFileError, match="is not a SoundFont"):
        SoundFontFile(text)


def test_a_damaged_soundfont_is_refused_or_plays_and_never_breaks(tmp_path):
    data = font(tmp_path / "a.sf2", zones=[LOOPED, LOOPED]).read_bytes()
    rng = np.random.default_rng(5)
    refused = 0
    for trial in range(300):
        broken = bytearray(data)
        if trial % 3 == 0:
            broken = broken[: int(rng.integers(len(data)))]
        else:
            tables = data.index(b"pdta")
            for _ in range(int(rng.integers(1, 12))):
                broken[int(rng.integers(tables, len(data)))] = int(rng.integers(256))
        path = tmp_path / "broken.sf2"
        path.write_bytes(bytes(broken))
        try:
            instrument = SoundFont(path, InstrumentSet()).for_track(Track("x", 0))
            sound = instrument.sound(60, 90, RATE)
        except BadFileError:
            refused += 1
        else:
            assert np.isfinite(sound.gain)
            assert len(sound.samples)
    assert refused > 50
