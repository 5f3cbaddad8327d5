"""What makes other pianos of the sampled ones."""

import numpy as np
import pytest

from training.material_sources import sources_of
from training.synthesis.clips import render
from training.synthesis.performance import LEAD_S, Performance
from training.synthesis.piano_bank import SAMPLE_RATE, TUNINGS, PianoBank, load_bank
from training.synthesis.playing import PianoVariation, brightened, draw_playing, draw_variation


@pytest.fixture
def bank(material_root, material_cache):
    return load_bank(material_root / "pianos/first", material_cache)


def sounds(bank, pitch, variation, velocity=100.0, seconds=2.0):
    """A note with nothing but the variation, from its onset on."""
    played = Performance(np.array([[0.0, 9.0, 9.0, pitch, velocity]]), np.zeros((0, 2)))
    playing = draw_playing(played, np.random.default_rng(4), as_sampled=True, variation=variation)
    sound = render(playing, bank, round((LEAD_S + seconds) * SAMPLE_RATE))
    return sound[round(LEAD_S * SAMPLE_RATE) :]


def frequency(sound):
    spectrum = np.abs(np.fft.rfft(sound * np.hanning(len(sound)), 2**19))
    return np.argmax(spectrum) * SAMPLE_RATE / 2**19


def test_a_stretched_tuning_is_flat_in_the_bass_and_sharp_in_the_treble(bank):
    stretched = PianoVariation(stretch_cents=3.0)
    cents = [
        1200 * np.log2(frequency(sounds(bank, pitch, stretched)) / concert)
        for pitch, concert in ((36, 65.406), (66, 369.99), (96, 2093.0))
    ]
    assert cents == pytest.approx([-9.4, 0.0, 9.4], abs=0.8)


def test_strings_that_die_away_sooner_are_softer_later_and_begin_alike(bank):
    usual, shorter = (sounds(bank, 66, PianoVariation(decay=decay)) for decay in (0.0, 1.0))
    np.testing.assert_allclose(shorter[:40], usual[:40], rtol=0.02, atol=1e-4)
    late = slice(16000, 20000)
    ratio = np.abs(shorter[late]).max() / np.abs(usual[late]).max()
    assert ratio == pytest.approx(np.exp(-1.0), rel=0.05)


def test_strings_out_of_tune_beat(bank):
    apart = PianoVariation(unison_cents=10.0, unison_share=1.0)
    usual, beating = sounds(bank, 69, PianoVariation()), sounds(bank, 69, apart)
    np.testing.assert_allclose(np.abs(beating[:200]).max(), np.abs(usual[:200]).max(), rtol=0.1)
    # 440 and 442.55 Hz are opposite after 0.196 s.
    opposite = slice(3050, 3200)
    assert np.abs(beating[opposite]).max() < 0.1 * np.abs(usual[opposite]).max()


def test_hard_hammers_brighten_loud_notes_and_dull_soft_ones():
    hard = PianoVariation(hardness=0.5)
    loud, soft = hard.brightness(np.array([120.0, 16.0]))
    assert loud > 0.2
    assert soft < 0.0
    times = np.arange(4000) / SAMPLE_RATE
    for tone, gain in ((4000.0, 1.0 + loud), (200.0, 1.0)):
        sine = np.sin(2 * np.pi * tone * times).astype(np.float32)
        changed = brightened(sine, loud)
        assert np.std(changed[1:-1]) / np.std(sine) == pytest.approx(gain, rel=0.01)


def test_drawn_pianos_differ_and_stay_playable(rng):
    drawn = [draw_variation(rng) for _ in range(200)]
    assert len(set(drawn)) > 150
    velocities, pitches = np.array([16.0, 126.0]), np.array([21.0, 108.0])
    for variation in drawn:
        assert np.abs(variation.brightness(velocities)).max() <= 0.6
        assert np.abs(variation.tuning(pitches)).max() <= 21.1
        assert variation.decays(pitches).min() >= -0.6
    for name in ("hardness", "stretch_cents", "decay", "unison_cents"):
        some = sum(getattr(variation, name) != 0.0 for variation in drawn)
        assert 60 < some < 140


def test_an_untuned_piano_is_played_in_tune(bank):
    flat = PianoBank(**(vars(bank) | {"tuning_cents": -36.0}))
    assert TUNINGS["rosler_upright_h"] == -36.0
    cents = 1200 * np.log2(
        frequency(sounds(flat, 69, PianoVariation()))
        / frequency(sounds(bank, 69, PianoVariation()))
    )
    assert cents == pytest.approx(36.0, abs=0.5)


def test_all_pianos_of_the_material_are_credited():
    for model in ("piano", "piano_large", "melodic"):
        told = " ".join(source.name for source in sources_of(model))
        assert "Iowa" in told
        assert "Petrof" in told
        assert "Rosler" in told
