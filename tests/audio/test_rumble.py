"""Sound too low to be heard is taken out where there is much of it, and nothing else is touched."""

from __future__ import annotations

import numpy as np
import pytest
import soundfile

from amtstudio.audio import AudioSource, opening, read_mono
from amtstudio.audio.mixdown import MEAN
from amtstudio.audio.rumble import has_rumble, without_rumble
from amtstudio.engine import load_transcriber
from amtstudio.resources import resource_path

EXAMPLE = resource_path("examples", "schumann_im_wunderschoenen.mp3")
RATES = (16000, 44100, 96000)


def tones(rate, *frequencies, seconds=6.0):
    t = np.arange(round(seconds * rate)) / rate
    sound = sum(0.1 * np.sin(2 * np.pi * f * t + f) for f in frequencies)
    return sound.astype(np.float32)


def windows(sound, rate):
    return [sound[begin : begin + 16384, None] for begin in range(0, len(sound), rate)]


def rumble_like(sound, rate, rng):
    """Noise from 8 to 15 Hz, as loud as the sound."""
    frequencies = np.fft.rfftfreq(len(sound), 1.0 / rate)
    spectrum = np.fft.rfft(rng.standard_normal(len(sound)))
    noise = np.fft.irfft(spectrum * ((frequencies > 8.0) & (frequencies < 15.0)), len(sound))
    return noise / noise.std() * np.sqrt(np.mean(np.square(sound)))


@pytest.mark.parametrize("rate", RATES)
def test_rumble_is_told_from_the_lowest_note(rate):
    piano = tones(rate, 440.0)
    assert has_rumble(windows(piano + tones(rate, 9.0), rate), MEAN, rate)
    for lowest in (27.5, 41.2):
        assert not has_rumble(windows(tones(rate, lowest), rate), MEAN, rate)
    assert not has_rumble(windows(piano + 0.3 * tones(rate, 9.0), rate), MEAN, rate)
    assert not has_rumble(windows(piano + 0.5, rate), MEAN, rate)  # an offset is another matter
    assert not has_rumble(
        windows(np.linspace(-0.9, 0.9, 6 * rate, dtype=np.float32), rate), MEAN, rate
    )
    for constant in (0.0, 0.1):
        assert not has_rumble(windows(np.full(3 * rate, constant, np.float32), rate), MEAN, rate)


@pytest.mark.parametrize("rate", RATES)
def test_rumble_goes_and_the_lowest_note_stays_as_it_was(rate):
    music = tones(rate, 27.5, 55.0, 440.0)
    sound = music + 3.0 * tones(rate, 5.0, 12.0)
    blocks = [sound[begin : begin + 10_000] for begin in range(0, len(sound), 10_000)]
    left = np.concatenate(list(without_rumble(blocks, rate)))
    assert len(left) == len(music)
    np.testing.assert_allclose(left[rate:-rate], music[rate:-rate], atol=1e-3)
    np.testing.assert_allclose(left, music, atol=0.1)  # at the ends it is guessed: 0.6 before


def test_very_short_sounds_keep_their_length(rng):
    for n_samples in (1, 2, 100, 16000, 16001, 16002):
        sound = rng.standard_normal(n_samples).astype(np.float32)
        (left,) = without_rumble([sound], 16000)
        assert len(left) == n_samples
    assert list(without_rumble([], 16000)) == []


def test_a_file_is_the_same_from_wherever_it_is_read(tmp_path):
    rate = 44100
    sound = tones(rate, 110.0, 440.0) + 2.0 * tones(rate, 11.0)
    soundfile.write(tmp_path / "a.wav", sound, rate, subtype="FLOAT")
    whole = read_mono(tmp_path / "a.wav", sample_rate=rate)
    assert np.abs(whole - tones(rate, 110.0, 440.0))[rate:-rate].max() < 1e-3
    for start in (0.5, 3.7):
        part = read_mono(tmp_path / "a.wav", sample_rate=rate, start=start)
        np.testing.assert_allclose(part, whole[round(start * rate) :], atol=1e-4)
    with AudioSource(tmp_path / "a.wav", start=2.0) as source:
        late = source.read_mono(sample_rate=rate, start=2.5)
        np.testing.assert_allclose(late, whole[round(2.5 * rate) :], atol=1e-4)


def test_a_usual_recording_is_read_as_before_to_the_bit(monkeypatch):
    read = read_mono(EXAMPLE, sample_rate=16000)
    monkeypatch.setattr(opening, "has_rumble", lambda *_: False)
    opening._choices.clear()
    assert np.array_equal(read, read_mono(EXAMPLE, sample_rate=16000))


def test_notes_under_a_rumble_are_found_as_without_it(tmp_path, rng):
    sound, rate = soundfile.read(EXAMPLE, frames=8 * 44100)
    sound = sound if sound.ndim == 1 else sound.mean(axis=1)
    transcriber = load_transcriber("piano", device="cpu")
    found = []
    for number, added in enumerate((0.0, rumble_like(sound, rate, rng))):
        path = tmp_path / f"{number}.wav"
        soundfile.write(path, sound + added, rate, subtype="FLOAT")
        found.append(transcriber.transcribe_file(path).transcription.notes)
    clean, rumbling = (sorted(notes, key=lambda note: (note.pitch, note.onset)) for notes in found)
    assert [note.pitch for note in rumbling] == [note.pitch for note in clean]
    for one, other in zip(rumbling, clean, strict=True):
        assert one.onset == pytest.approx(other.onset, abs=0.01)
        assert one.velocity == pytest.approx(other.velocity, abs=2)
