import numpy as np
import pytest
import soundfile
import soxr

from amtstudio.engine import load_transcriber
from amtstudio.engine.tuning import RETUNE_FROM_CENTS, grid_in_tune
from amtstudio.errors import BadAudioError, Cancelled
from amtstudio.features import FrameGrid
from amtstudio.playback import render_transcription
from amtstudio.scoring import score_notes
from amtstudio.symbolic import Note, Transcription

RATE = 16000
GRID = FrameGrid(RATE, 512)


def played(cents=0.0):
    """Forty notes on a sampled piano, and how long they last; sharper sound is shorter as well."""
    notes = [Note(0.4 * step, 0.4 * step + 0.5, 48 + (7 * step) % 30, 80) for step in range(40)]
    audio = render_transcription(Transcription(tuple(notes), duration=17.0), RATE)
    speed = 2.0 ** (cents / 1200.0)
    audio = soxr.resample(audio, RATE * speed, RATE)
    truth = [Note(n.onset / speed, n.offset / speed, n.pitch, n.velocity) for n in notes]
    return audio, Transcription(tuple(truth), duration=len(audio) / RATE)


def written(path, audio):
    soundfile.write(path, audio, RATE, subtype="FLOAT")
    return path


@pytest.mark.parametrize("cents", [-44.0, -20.0, 35.0])
def test_the_rate_makes_up_for_the_tuning(tmp_path, cents):
    audio, _ = played()
    audio = soxr.resample(audio, RATE * 2.0 ** (cents / 1200.0), RATE)
    grid = grid_in_tune(written(tmp_path / "a.wav", audio), GRID, nominal_rate=RATE)
    assert grid.hop_length == 512
    assert 1200 * np.log2(grid.sample_rate / RATE) == pytest.approx(cents, abs=6.0)


def test_what_is_nearly_in_tune_silent_or_noise_is_left_as_it_is(tmp_path, rng):
    audio, _ = played(0.4 * RETUNE_FROM_CENTS)
    noise = (0.1 * rng.standard_normal(10 * RATE)).astype(np.float32)
    for sound in (audio, noise, np.zeros(3 * RATE, np.float32)):
        path = written(tmp_path / "a.wav", sound)
        assert grid_in_tune(path, GRID, nominal_rate=RATE) is GRID


def test_silence_at_the_beginning_is_passed_over(tmp_path):
    audio, _ = played(-40.0)
    late = np.concatenate([np.zeros(90 * RATE, np.float32), audio])
    grid = grid_in_tune(written(tmp_path / "a.wav", late), GRID, nominal_rate=RATE)
    assert grid.sample_rate < 15700


def twelve_notes(cents):
    """Half a second each, as little music as a tuning is told from."""
    notes = [Note(0.4 * step, 0.4 * step + 0.5, 50 + (5 * step) % 24, 80) for step in range(12)]
    audio = render_transcription(Transcription(tuple(notes), duration=6.0), RATE)
    return soxr.resample(audio, RATE * 2.0 ** (cents / 1200.0), RATE)


def steady(frequencies, seconds, level):
    times = np.arange(round(seconds * RATE)) / RATE
    tone = sum(np.sin(2 * np.pi * f * times + f) for f in frequencies)
    return (level * tone).astype(np.float32)


def beeps(frequency, seconds, length):
    times = np.arange(round(seconds * RATE)) / RATE
    return (steady([frequency], seconds, 0.1) * (times % 1.0 < length)).astype(np.float32)


BEFORE = {
    "mains hum of 60 Hz": steady([60 * k for k in range(1, 12)], 65, 3e-4),
    "mains hum of 50 Hz": steady([50 * k for k in range(1, 16)], 65, 3e-4),
    "a line-up tone": steady([1000.0], 65, 0.1),
    "a tuner's A at 440 Hz and its octaves": steady([220.0, 440.0, 880.0], 65, 0.05),
    "a pitch pipe that is 45 cents off": steady([225.8 * k for k in range(1, 6)], 65, 0.03),
    "short beeps": beeps(440.0 * 2 ** (20 / 1200), 65, 0.2),
    "long beeps": beeps(440.0 * 2 ** (20 / 1200), 65, 0.7),
}


@pytest.mark.parametrize("cents", [-32.0, 25.0])
@pytest.mark.parametrize("name", BEFORE)
def test_what_sounds_before_the_music_does_not_set_its_tuning(tmp_path, rng, name, cents):
    before = BEFORE[name] + 3e-5 * rng.standard_normal(len(BEFORE[name])).astype(np.float32)
    music = twelve_notes(cents)
    path = written(tmp_path / "a.wav", np.concatenate([before, music]))
    grid = grid_in_tune(path, GRID, nominal_rate=RATE)
    assert 1200 * np.log2(grid.sample_rate / RATE) == pytest.approx(cents, abs=6.0)


@pytest.mark.parametrize("frequency", [50, 60])
def test_hum_under_the_music_does_not_set_its_tuning(tmp_path, frequency):
    audio, _ = played(-28.0)
    hum = steady([frequency * k for k in range(1, 12)], len(audio) / RATE + 1, 2e-3)
    path = written(tmp_path / "a.wav", audio + hum[: len(audio)])
    grid = grid_in_tune(path, GRID, nominal_rate=RATE)
    assert 1200 * np.log2(grid.sample_rate / RATE) == pytest.approx(-28.0, abs=6.0)


def test_hum_alone_and_a_key_struck_again_and_again_are_left_as_they_are(tmp_path):
    notes = [Note(0.5 + 0.5 * step, 1.0 + 0.5 * step, 62, 80) for step in range(12)]
    repeated = render_transcription(Transcription(tuple(notes), duration=7.0), RATE)
    for sound in (BEFORE["mains hum of 50 Hz"], repeated):
        path = written(tmp_path / "a.wav", sound)
        assert grid_in_tune(path, GRID, nominal_rate=RATE) is GRID


def doubts(path, audio):
    said = []
    grid = grid_in_tune(written(path, audio), GRID, nominal_rate=RATE, on_warning=said.append)
    return 1200 * np.log2(grid.sample_rate / RATE), said


@pytest.mark.parametrize(("cents", "way"), [(-47.5, "too high"), (47.5, "too low")])
def test_a_tuning_between_two_keys_is_said(tmp_path, cents, way):
    audio, _ = played()
    plain = (
        1200
        * np.log2(
            grid_in_tune(
                written(tmp_path / "b.wav", soxr.resample(audio, RATE * 2.0 ** (20 / 1200), RATE)),
                GRID,
                nominal_rate=RATE,
            ).sample_rate
            / RATE
        )
        - 20
    )
    sharper = soxr.resample(audio, RATE * 2.0 ** ((cents - plain) / 1200.0), RATE)
    found, said = doubts(tmp_path / "a.wav", sharper)
    assert found == pytest.approx(cents, abs=2.0)
    assert len(said) == 1
    assert "halfway between two keys" in said[0]
    assert f"{way}. If they do, transpose" in said[0]


def test_two_pianos_in_one_recording_are_said(tmp_path):
    both = np.concatenate([played(-30.0)[0], played(8.0)[0]])
    found, said = doubts(tmp_path / "a.wav", both)
    assert min(abs(found + 30.0), abs(found)) < 6.0
    assert len(said) == 1
    assert said[0].startswith("there are two tunings")
    assert doubts(tmp_path / "a.wav", played(-30.0)[0])[1] == []


def test_a_grid_that_a_profile_has_retuned_needs_no_more(tmp_path):
    audio, _ = played(-40.0)
    path = written(tmp_path / "a.wav", audio)
    grid = grid_in_tune(path, GRID, nominal_rate=RATE)
    assert grid_in_tune(path, grid, nominal_rate=RATE) is grid


def test_it_can_be_cancelled_and_says_what_is_wrong_with_a_file(tmp_path):
    path = written(tmp_path / "a.wav", played()[0])
    with pytest.raises(Cancelled):
        grid_in_tune(path, GRID, nominal_rate=RATE, is_cancelled=lambda: True)
    path.write_bytes(b"no sound")
    with pytest.raises(BadAudioError, match="a\\.wav"):
        grid_in_tune(path, GRID, nominal_rate=RATE)


def test_a_flat_piano_is_transcribed_as_well_as_one_in_tune(tmp_path):
    transcriber = load_transcriber("piano", device="cpu")
    found = {}
    for cents in (0.0, -44.0):
        audio, truth = played(cents)
        path = written(tmp_path / "a.wav", audio)
        found[cents] = score_notes(truth, transcriber.transcribe_file(path).transcription).note.f1
        if cents:
            result = transcriber.transcribe_file(path, keep_activations=True)
            assert result.transcription.tuning_cents == pytest.approx(cents, abs=6.0)
            assert result.transcription.duration == pytest.approx(truth.duration, abs=1e-3)
            assert result.activations.grid.sample_rate == pytest.approx(15600, abs=60)
            as_it_is = transcriber.transcribe_file(path, retune=False).transcription
            assert found[cents] > score_notes(truth, as_it_is).note.f1 + 0.1
    assert found[-44.0] == pytest.approx(found[0.0], abs=0.03)
    assert found[0.0] > 0.95
