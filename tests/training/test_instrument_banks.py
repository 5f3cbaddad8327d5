import base64
import csv
import io
import json

import numpy as np
import pytest
import soundfile

from amtstudio.learning.rooms import RoomPool
from training.instruments.catalogue import Sound
from training.instruments.phrases import Songs
from training.instruments.sample_sets import estimate_pitch
from training.instruments.stems import STEM_S, Band, Places, over_a_phone
from training.instruments.web_fonts import bank_notes, held, zones_of

RATE = 16000
SCRIPT_RATE = 24000


def tone(pitch, seconds, rate=RATE):
    times = np.arange(round(seconds * rate)) / rate
    f0 = 440.0 * 2.0 ** ((pitch - 69) / 12)
    return 0.2 * sum(np.sin(2 * np.pi * f0 * k * times) / k for k in range(1, 6))


def script(*pitches):
    """Half a second of each pitch, of which the last two tenths go round."""
    zones = []
    for pitch in pitches:
        file = io.BytesIO()
        soundfile.write(file, tone(pitch, 0.5, SCRIPT_RATE), SCRIPT_RATE, format="WAV")
        text = base64.b64encode(file.getvalue()).decode()
        zones.append(
            f"{{ midi:71 ,originalPitch:{100 * pitch} ,keyRangeLow:0 ,keyRangeHigh:99"
            f" ,loopStart:7200 ,loopEnd:12000 ,coarseTune:0 ,fineTune:0"
            f" ,sampleRate:{SCRIPT_RATE} ,ahdsr:false ,file:'{text}' ,anchor:0.1 }}"
        )
    return "var _tone={ zones:[ " + " , ".join(zones) + " ]}"


def test_each_recorded_note_of_a_script_is_read_once():
    assert [zone.pitch for zone in zones_of(script(60, 69, 60))] == [60.0, 69.0]


def test_a_loop_goes_round_and_decays_as_the_instrument_does():
    (zone,) = zones_of(script(57))
    blown, plucked = held(zone, "blown"), held(zone, "plucked")
    assert len(blown) == 5 * RATE
    assert estimate_pitch(blown[2 * RATE :]) == pytest.approx(57.0, abs=0.1)
    late, early = (np.sqrt((blown[s * RATE : (s + 1) * RATE] ** 2).mean()) for s in (4, 1))
    assert late == pytest.approx(early, rel=0.05)
    assert np.abs(plucked[4 * RATE :]).max() < 0.05 * np.abs(plucked[:RATE]).max()


def test_a_bank_has_the_notes_near_its_range():
    notes = bank_notes(script(30, 60, 72), "blown", 55, 70)
    assert [round(note.pitch) for note in notes] == [60, 72]


# -- played ---------------------------------------------------------------------------------------


@pytest.fixture
def band(tmp_path):
    folder = tmp_path / "banks" / "steel"
    (folder / "notes").mkdir(parents=True)
    with (folder / "bank.csv").open("w", newline="") as file:
        table = csv.writer(file)
        table.writerow(("file", "pitch", "velocity_low", "velocity_high", "attack_s"))
        for pitch in range(40, 90, 4):
            sound = tone(pitch, 3.0) * np.exp(-np.arange(3 * RATE) / RATE)
            soundfile.write(folder / f"notes/{pitch}.wav", sound, RATE)
            table.writerow((f"notes/{pitch}.wav", pitch, 1, 127, 0.0))
    about = {"family": "guitar", "manner": "plucked", "lowest": 40, "highest": 88, "weight": 1}
    (folder / "instrument.json").write_text(json.dumps(about))
    places = Places(
        tmp_path, tmp_path, tmp_path, tmp_path, tmp_path, (tmp_path / "banks",), tmp_path / "cache"
    )
    scale = np.array([[i * 0.5, i * 0.5 + 0.5, 60 + i % 12, 80] for i in range(60)])
    return Band(places, Songs({"melody": [scale], "chords": [scale]}))


def test_a_bank_plays_a_phrase_within_its_range(band, rng):
    sound = Sound("discord", None, "melody", 62, 85, instrument="steel")
    audio, cymbals = band.play(sound, rng)
    assert cymbals is None
    assert audio.shape == (round(STEM_S * RATE),)
    spectrum = np.abs(np.fft.rfft(audio))
    hertz = np.fft.rfftfreq(len(audio), 1 / RATE)
    # Nothing sounds more than a semitone and a half below the lowest note.
    lowest = 440.0 * 2.0 ** ((62 - 1.5 - 69) / 12)
    assert (spectrum[hertz < lowest] ** 2).sum() < 0.02 * (spectrum**2).sum()


def test_a_bank_that_is_not_there_is_named(band, rng):
    with pytest.raises(FileNotFoundError, match="nowhere"):
        band.play(Sound("discord", None, "melody", 60, 80, instrument="nowhere"), rng)


def test_a_telephone_leaves_no_bass_and_keeps_the_length(rng):
    rooms = RoomPool([], n_simulated=2, seed=1)
    sound = (tone(33, 3.0) + tone(69, 3.0)).astype(np.float32)
    before = np.abs(np.fft.rfft(sound))
    hertz = np.fft.rfftfreq(len(sound), 1 / RATE)
    bass, middle = np.abs(hertz - 55) < 3, np.abs(hertz - 440) < 3
    ratios = []
    for _ in range(6):
        heard = over_a_phone(sound, rooms, rng)
        assert heard.shape == sound.shape
        after = np.abs(np.fft.rfft(heard))
        ratios.append(
            (after[bass].max() / after[middle].max()) / (before[bass].max() / before[middle].max())
        )
    assert np.median(ratios) < 0.5
