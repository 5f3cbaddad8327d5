from dataclasses import replace

import numpy as np
import pytest
import soundfile

from amtstudio.features import FrameGrid
from amtstudio.learning.codecs import CODECS, through_codec
from amtstudio.learning.recording_conditions import filter_sound, record
from amtstudio.learning.rooms import load_rooms, simulate_room
from training.datasets import folder_pieces
from training.render_clips import render_clips
from training.synthesis.clips import PLAIN_LEVEL_DB, ClipMaker, render
from training.synthesis.dataset import ClipDataset, Material
from training.synthesis.performance import (
    LEAD_S,
    Performance,
    Repertoire,
    _repeat_some,
    perform,
    sounding,
)
from training.synthesis.piano_bank import SAMPLE_RATE, load_bank
from training.synthesis.pieces import load_pieces
from training.synthesis.playing import draw_playing, restruck
from training.truth import read_truth

GRID = FrameGrid(16000, 512)


@pytest.fixture(scope="module")
def bank(material_root, material_cache):
    return load_bank(material_root / "pianos/first", material_cache)


@pytest.fixture(scope="module")
def maker(material_root, material_cache):
    material = Material(material_root, material_cache)
    return material.clip_maker(validation=False, grid=GRID, margin=3072, n_frames=64)


def frequency_of(sound):
    spectrum = np.abs(np.fft.rfft(sound * np.hanning(len(sound)), 8 * len(sound)))
    return np.argmax(spectrum) * SAMPLE_RATE / (8 * len(sound))


@pytest.mark.parametrize("pitch", [60, 58, 65, 69, 71])
def test_bank_tunes_keys_that_were_not_recorded(bank, pitch):
    samples, _ = bank.note(pitch, 100)
    frequency = frequency_of(samples[80:8080])
    assert 1200 * np.log2(frequency / 440.0) == pytest.approx(100 * (pitch - 69), abs=5)


@pytest.mark.parametrize("pitch", [60, 55, 66])
def test_bank_keeps_the_attack_at_five_milliseconds(bank, pitch):
    samples, _ = bank.note(pitch, 100)
    loud = np.abs(samples) > 0.5 * np.abs(samples).max()
    assert np.argmax(loud) == pytest.approx(80, abs=4)


def test_bank_plays_louder_within_a_layer_by_26_db_a_decade(bank):
    _, soft = bank.note(60, 70.0)
    _, loud = bank.note(60, 120.0)
    assert 20 * np.log10(loud / soft) == pytest.approx(26 * np.log10(120 / 70), abs=0.01)


def test_render_puts_the_hammer_on_the_onset_and_damps_at_the_end(bank, rng):
    notes = np.array([[1.0, 1.5, 1.5, 60, 100.0]])
    playing = draw_playing(Performance(notes, np.zeros((0, 2))), rng)
    sound = render(playing, bank, round(7 * SAMPLE_RATE))
    loud = np.flatnonzero(np.abs(sound) > 0.5 * np.abs(sound).max())
    assert loud[0] / SAMPLE_RATE == pytest.approx(LEAD_S + 1.0, abs=0.001)

    def rms(second):
        first = round((LEAD_S + second) * SAMPLE_RATE)
        return np.sqrt(np.mean(sound[first : first + 800] ** 2))

    assert rms(1.45) > 0.3 * rms(1.0)
    assert rms(1.5 + 5 * 0.2) < 0.02 * rms(1.45)  # five times the slowest damper
    assert np.all(sound[round((LEAD_S + 2.6) * SAMPLE_RATE) :] == 0)


def test_an_uneven_piano_has_every_key_out_of_tune_by_a_little(bank):
    cents = []
    for pitch in range(60, 72):
        notes = np.array([[1.0, 2.5, 2.5, pitch, 100.0]])
        played = Performance(notes, np.zeros((0, 2)))
        playing = draw_playing(played, np.random.default_rng(4), uneven_cents=8.0)
        sound = render(playing, bank, 7 * SAMPLE_RATE)
        first = round((LEAD_S + 1.0) * SAMPLE_RATE)
        frequency = frequency_of(sound[first : first + 8000])
        cents.append(1200 * np.log2(frequency / 440.0) - 100 * (pitch - 69))
        loud = np.flatnonzero(np.abs(sound) > 0.5 * np.abs(sound).max())
        assert loud[0] / SAMPLE_RATE == pytest.approx(LEAD_S + 1.0, abs=0.001)
    assert 4.0 < np.std(cents) < 14.0
    assert np.max(np.abs(cents)) < 30.0


def test_clips_are_tuned_around_concert_pitch_and_now_and_then_far_from_it(maker):
    rng = np.random.default_rng(6)
    cents = np.array([maker._tuning(rng) for _ in range(2000)])
    assert np.abs(cents).max() <= 60.0
    assert np.mean(np.abs(cents) > 35.0) == pytest.approx(0.15 * 0.3, abs=0.02)


def test_the_pedal_holds_a_note_until_it_is_lifted():
    notes = np.array([[0.0, 0.5, 60, 80.0], [0.2, 2.5, 64, 80.0]])
    played = sounding(notes, np.array([[0.4, 2.0]]))
    np.testing.assert_allclose(played.notes[:, 2], [2.0, 2.5])
    np.testing.assert_allclose(played.notes[:, 1], [0.5, 2.5])


def test_a_key_struck_again_ends_its_earlier_note_in_spite_of_the_pedal():
    notes = np.array([[0.0, 0.3, 60, 80.0], [1.0, 1.2, 60, 80.0]])
    played = sounding(notes, np.array([[0.0, 3.0]]))
    np.testing.assert_allclose(played.notes[:, 2], [0.995, 3.0])


def test_long_notes_are_repeated_within_their_time_and_short_ones_left(rng):
    short = [[0.1 * number, 0.1 * number + 0.08, 40, 70] for number in range(20)]
    long = [[float(number), number + 0.95, 60, 70] for number in range(20)]
    repeated = _repeat_some(np.array(short + long), rng)
    assert (repeated[:, 2] == 40).sum() == 20
    struck = repeated[repeated[:, 2] == 60]
    assert len(struck) > 30
    assert struck[:, 1].max() < 20.5
    assert (struck[:, 1] > struck[:, 0]).all()
    gaps = np.diff(np.sort(struck[:, 0]))
    assert np.quantile(gaps, 0.1) >= 0.06


def test_a_note_doubled_in_two_voices_counts_once():
    notes = np.array([[0.0, 0.3, 60, 80.0], [0.01, 0.5, 60, 70.0]])
    assert len(sounding(notes, np.zeros((0, 2))).notes) == 1


def test_pieces_are_split_by_name_and_read_once(material_root, material_cache):
    archive = material_root / "midi/pop909_main.tar.xz"
    pieces = load_pieces(archive, material_cache)
    assert len(pieces) == 40
    assert [len(piece.notes) for piece in pieces] == [60] * 40
    np.testing.assert_allclose(pieces[0].pedals, [[1.0, 3.0]], atol=0.003)
    held_out = {piece.name for piece in pieces if piece.is_validation}
    assert 0 < len(held_out) < 10
    again = load_pieces(archive, material_cache)
    assert {piece.name for piece in again if piece.is_validation} == held_out


def test_random_notes_stay_on_the_keyboard(rng):
    repertoire = Repertoire(played=[], scores=[])
    for _ in range(30):
        notes = perform(repertoire, 5.0, rng).notes
        assert ((notes[:, 3] >= 21) & (notes[:, 3] <= 108)).all()
        assert ((notes[:, 4] >= 1) & (notes[:, 4] <= 127)).all()
        assert (notes[:, 2] > notes[:, 0]).all()


def test_rooms_begin_with_the_direct_sound(material_root):
    (room,) = load_rooms(material_root / "rir")
    assert room[0] == pytest.approx(1.0)
    assert room[800] == pytest.approx(0.3 / 0.8, abs=0.01)


def test_a_simulated_room_decays(rng):
    for _ in range(10):
        room = simulate_room(rng)
        assert room[0] == 1.0
        tenth = len(room) // 10
        assert np.sum(room[-tenth:] ** 2) < 0.01 * np.sum(room**2)


def test_a_room_of_one_impulse_leaves_the_timing(rng):
    click = np.zeros(16000, dtype=np.float32)
    click[5000] = 1.0
    filtered = filter_sound(click, np.array([1.0], dtype=np.float32), rng)
    assert np.argmax(np.abs(filtered)) == 5000


def test_record_sets_a_level_of_a_recording(rng):
    sound = rng.standard_normal(16000).astype(np.float32)
    levels = [20 * np.log10(np.sqrt(np.mean(record(sound, rng) ** 2))) for _ in range(20)]
    assert min(levels) > -42
    assert max(levels) < -5
    assert max(levels) - min(levels) > 6


def test_record_gives_noise_for_silence(rng):
    assert 1e-6 < np.abs(record(np.zeros(1000, dtype=np.float32), rng)).max() < 0.1


def test_a_clip_has_its_onsets_where_the_sound_rises(material_root, material_cache, bank):
    """Dry and in tune, the sound itself shows where a note was struck."""
    material = Material(material_root, material_cache)
    maker = ClipMaker(
        banks=[bank],
        repertoire=material.repertoire(validation=False),
        rooms=None,
        grid=GRID,
        margin=3072,
        n_frames=128,
        detune_cents=0.0,
        silent_share=0.0,
    )
    rises = []
    for seed in range(12):
        clip = maker.make(np.random.default_rng(seed))
        starts = clip.targets.onset.sum(axis=1)
        energy = np.lib.stride_tricks.sliding_window_view(clip.audio**2, 512)[::512].sum(axis=1)
        energy = np.log(energy[6 : 6 + 128] + 1e-6)  # frame i: samples i * hop - 0 on
        rises.append(np.corrcoef(np.maximum(np.diff(energy), 0), starts[:-1] + starts[1:])[0, 1])
    assert np.median(rises) > 0.3


@pytest.mark.parametrize("codec", CODECS, ids=[codec.name for codec in CODECS])
def test_a_codec_keeps_time_and_takes_away_more_at_a_lower_rate(codec, rng):
    sound = np.zeros(4 * SAMPLE_RATE, dtype=np.float32)
    times = np.arange(8000) / SAMPLE_RATE
    for start in range(2000, len(sound) - 8000, 9000):
        tone = np.sin(2 * np.pi * rng.uniform(100, 2000) * times) * np.exp(-8 * times)
        sound[start : start + 8000] += 0.2 * tone.astype(np.float32)
    sound += 0.002 * rng.standard_normal(len(sound), dtype=np.float32)
    losses = []
    for rate in (codec.lowest_rate, codec.highest_rate):
        coded = through_codec(sound, codec, rate)
        assert coded.shape == sound.shape
        lags = np.correlate(coded[1000:30000], sound[1200:29800], mode="valid")
        assert np.argmax(lags) == pytest.approx(200, abs=1)
        losses.append(np.mean((coded - sound) ** 2) / np.mean(sound**2))
    assert 1e-6 < losses[1] < losses[0] < 0.1


def test_clips_are_the_same_for_the_same_number_and_else_differ(maker):
    first, again, other = (
        ClipDataset(maker, seed=1)[5],
        ClipDataset(maker, seed=1)[5],
        ClipDataset(maker, seed=1)[6],
    )
    for name, value in first.items():
        np.testing.assert_array_equal(value, again[name])
    assert not np.array_equal(first["audio"], other["audio"])


def test_a_clip_fits_the_model(maker):
    clip = ClipDataset(maker, seed=2)[0]
    assert clip["audio"].shape == (63 * 512 + 2 * 3072,)
    assert clip["level"].shape == (64,)
    assert clip["onset"].shape == (64, 88)
    assert clip["pedal"].shape == (64,)
    for name in ("onset", "offset", "frame", "velocity", "pedal"):
        assert 0.0 <= clip[name].min() <= clip[name].max() <= 1.0


def test_rendered_clips_are_recordings_with_truth(maker, tmp_path):
    render_clips(maker, tmp_path, n_clips=3, seed=4)
    pieces = folder_pieces(tmp_path)
    assert [piece.audio.name for piece in pieces] == [f"clip_{n:03d}.flac" for n in range(3)]
    for number, piece in enumerate(pieces):
        assert soundfile.info(piece.audio).frames == 64 * 512
        notes = read_truth(piece.truth).notes
        clip = maker.make(np.random.default_rng([4, number]))
        assert len(notes) == np.sum((clip.notes[:, 0] >= 0) & (clip.notes[:, 0] < 64 * 0.032))
        assert all(note.offset <= 64 * 0.032 for note in notes)


def test_validation_uses_another_piano_and_other_music(material_root, material_cache):
    material = Material(material_root, material_cache)
    assert [bank.name for bank in material.banks(held_out=True)] == ["upright_kw_kawai_HELDOUT"]
    assert [bank.name for bank in material.banks(held_out=False)] == ["first"]

    def names(validation):
        repertoire = material.repertoire(validation=validation)
        kinds = (repertoire.played, repertoire.scores, repertoire.solos)
        assert all(kinds)
        return {piece.name for pieces in kinds for piece in pieces}

    assert names(validation=True).isdisjoint(names(validation=False))


def test_music_for_the_piano_alone_is_drawn_as_often_as_is_said(material_root, material_cache):
    whole = Material(material_root, material_cache).repertoire(validation=False)
    only = replace(whole, played_share=0.0, scores_share=1.0, mixture_share=0.0, repeats_share=0.0)

    def share(repertoire):
        rng = np.random.default_rng(0)
        played = [perform(repertoire, 5.0, rng).notes for _ in range(200)]
        # Solos climb by a key every fifth of a second at most; the other scores leap.
        return np.mean([len(notes) > 2 and np.ptp(np.diff(notes[:, 3])) == 0 for notes in played])

    assert share(replace(only, solos_share=1.0)) > 0.8
    assert share(replace(only, solos=())) == 0.0
    assert 0.3 < share(replace(only, solos_share=0.5)) < 0.7


def test_a_string_that_is_struck_again_rings_on():
    notes = np.array([[0.0, 1.0, 1.0, 60, 80], [0.5, 1.0, 1.005, 62, 80], [1.005, 2, 2, 60, 80]])
    assert restruck(notes).tolist() == [True, False, False]


def test_a_plain_clip_is_nothing_but_the_samples(maker):
    plain = replace(maker, is_recorded=False)
    silent = replace(plain, silent_share=1.0).make(np.random.default_rng(5))
    assert not silent.audio.any()
    assert replace(maker, silent_share=1.0).make(np.random.default_rng(5)).audio.any()
    heard = plain.make(np.random.default_rng(6)).audio
    assert np.sqrt(np.mean(heard**2)) == pytest.approx(10 ** (PLAIN_LEVEL_DB / 20), rel=0.5)


def test_performances_keep_their_dynamics_where_they_are_not_varied(maker):
    as_played = replace(
        maker.repertoire, played_share=1.0, mixture_share=0.0, are_dynamics_varied=False
    )
    velocities = {int(v) for piece in as_played.played for v in piece.notes[:, 3]}
    heard = perform(as_played, 10.0, np.random.default_rng(2)).notes[:, 4]
    assert len(heard)
    assert {int(v) for v in heard} <= velocities
