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
