from __future__ import annotations

import numpy as np
import pytest
import soundfile

from amtstudio.learning.rooms import RoomPool, load_rooms
from amtstudio.symbolic.instruments import INSTRUMENT_CLASSES
from training.instruments.catalogue import LIBRARIES, all_sounds, library
from training.instruments.mixing import StemPool, draw_recipe, make_mixture, mix
from training.instruments.phrases import Role, Songs, make_ensemble, make_phrase
from training.instruments.rendering import StemMaker, render_recordings
from training.instruments.sample_sets import (
    SampleSet,
    estimate_pitch,
    from_drum_files,
    from_files,
    pitch_of_name,
)
from training.instruments.stems import Places, activity, through_codec
from training.instruments.synths import draw_patch, play_patch

RATE = 16000


def tone(pitch, seconds=1.0):
    times = np.arange(round(seconds * RATE)) / RATE
    frequency = 440 * 2 ** ((pitch - 69) / 12)
    harmonics = sum(np.sin(2 * np.pi * frequency * k * times) / k for k in (1, 2, 3))
    return (0.2 * harmonics).astype(np.float32)


@pytest.fixture
def songs():
    """Chords of three on every half second, a melody on every quarter."""
    chords = [(t / 2, t / 2 + 0.4, p, 80) for t in range(60) for p in (40, 64, 67)]
    melody = [(t / 4, t / 4 + 0.2, 60 + t % 7, 80) for t in range(120)]
    drums = [(t / 4, t / 4 + 0.1, 36 + 6 * (t % 2), 90) for t in range(120)]
    parts = {"chords": [np.array(chords)], "melody": [np.array(melody)]}
    return Songs({**parts, "drums": [np.array(drums)]})


# -- phrases --------------------------------------------------------------------------------------


@pytest.mark.parametrize("style", ["melody", "bass", "chords"])
def test_a_phrase_stays_in_its_range_and_time(songs, rng, style):
    for _ in range(20):
        notes = make_phrase(songs, rng, style=style, lowest=50, highest=70, n_voices=3)
        assert len(notes) >= 3
        assert notes[:, 2].min() >= 50
        assert notes[:, 2].max() <= 70
        assert np.all(np.diff(notes[:, 0]) >= 0)
        assert np.all(notes[:, 1] > notes[:, 0])
        assert notes[:, 1].max() <= 10.2


def test_a_melody_has_one_voice_and_chords_have_as_many_as_asked_for(songs, rng):
    for style, n_voices, most in (("melody", 1, 1), ("chords", 2, 2), ("bass", 1, 1)):
        notes = make_phrase(songs, rng, style=style, lowest=40, highest=90, n_voices=n_voices)
        starts = np.round(notes[:, 0] / 0.1)
        assert np.unique(starts, return_counts=True)[1].max() <= most


def test_an_ensemble_plays_one_piece(songs, rng):
    roles = [Role(28, 52), Role(60, 90), Role(48, 75)]
    heard = set()
    for _ in range(20):
        parts = make_ensemble(songs, rng, roles)
        classes = []
        for role, notes in zip(roles, parts, strict=True):
            assert len(notes) >= 3
            assert notes[:, 2].min() >= role.lowest
            assert notes[:, 2].max() <= role.highest
            assert np.all(notes[1:, 0] >= notes[:-1, 1] - 1e-9)
            classes.append(set(notes[:, 2] % 12))
        heard.add(tuple(len(each) for each in classes))
        _, top, middle = parts
        # The piece has one chord at a time: who plays a note of it plays it when the others do.
        gaps = np.abs(top[:, 0, None] - middle[:, 0]).min(axis=1)
        assert np.median(gaps) < 0.05
        lowest, middling, highest = 40, 64, 67
        above_bass = (classes[1].pop() - classes[0].pop()) % 12
        assert above_bass in ((highest - lowest) % 12, (middling - lowest) % 12, 0)
    assert heard == {(1, 1, 1)}


def test_a_part_of_an_ensemble_may_play_chords(songs, rng):
    parts = make_ensemble(songs, rng, [Role(40, 88, n_voices=3), Role(28, 52)])
    chords, bass = parts
    assert len(chords) > 2 * len(bass)
    assert len(set(chords[:, 2])) == 3


def test_drums_keep_their_numbers(songs, rng):
    notes = make_phrase(songs, rng, style="drums", lowest=0, highest=127)
    assert set(notes[:, 2]) == {36.0, 42.0}


def test_songs_are_kept(songs, tmp_path):
    songs.save(tmp_path / "songs.npz")
    again = Songs.load(tmp_path / "songs.npz")
    assert again.parts.keys() == songs.parts.keys()
    np.testing.assert_array_equal(again.parts["melody"][0], songs.parts["melody"][0])


# -- samples --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "pitch"),
    [
        ("Banjo_Common_-_A#3", 58),
        ("banjo_As5_very-long_piano_normal", 82),
        ("eb2_p_rr2_dnm", 39),
        ("MartinGM2_040__E2_1", 40),
        ("hard_38", 38),
        ("C-1", 0),
        ("alt_k_05", None),
        ("noise", None),
    ],
)
def test_pitches_in_file_names(name, pitch):
    expected = 5 if name == "alt_k_05" else pitch  # two digits at the end are a number
    assert pitch_of_name(name) == expected


@pytest.mark.parametrize("pitch", [31, 45, 60, 84, 95])
def test_the_pitch_of_a_note_is_estimated(pitch):
    assert estimate_pitch(tone(pitch)) == pytest.approx(pitch, abs=0.6)


def test_a_phrase_is_played_at_its_pitch_and_time(tmp_path, rng):
    soundfile.write(tmp_path / "x_C4.wav", tone(60, 3.0), RATE)
    played = from_files([tmp_path / "x_C4.wav"]).render(
        np.array([[1.0, 2.0, 64, 90]]), rng, seconds=4.0
    )
    assert len(played) == 4 * RATE
    assert np.abs(played[: RATE - 200]).max() < 1e-6
    assert estimate_pitch(played[RATE : 2 * RATE]) == pytest.approx(64, abs=0.6)
    assert np.abs(played[3 * RATE :]).max() < 1e-4


def test_far_pitches_are_moved_by_octaves(tmp_path, rng):
    soundfile.write(tmp_path / "x_C4.wav", tone(60, 3.0), RATE)
    played = from_files([tmp_path / "x_C4.wav"]).render(
        np.array([[0.0, 1.0, 81, 90]]), rng, seconds=1.0
    )
    assert estimate_pitch(played) == pytest.approx(57, abs=0.6)


def test_drums_ring_out_unshifted(tmp_path, rng):
    soundfile.write(tmp_path / "kick.wav", tone(60, 1.0), RATE)
    kit = from_drum_files({36: [tmp_path / "kick.wav"]})
    played = kit.render(np.array([[0.0, 0.05, 42, 90]]), rng, seconds=2.0)
    assert estimate_pitch(played[:RATE]) == pytest.approx(60, abs=0.6)
    assert np.abs(played[RATE // 2 : RATE // 2 + 1000]).max() > 0.1


def test_samples_without_a_pitch_are_left_out(tmp_path, rng):
    assert np.isnan(estimate_pitch(np.zeros(8000, dtype=np.float32)))
    assert np.isnan(estimate_pitch(tone(60)[:200]))
    assert np.isnan(estimate_pitch(rng.normal(0, 0.2, 16000).astype(np.float32)))
    soundfile.write(tmp_path / "breath.wav", rng.normal(0, 0.2, RATE), RATE)
    soundfile.write(tmp_path / "click.wav", np.ones(20), RATE)
    note = np.array([[0.0, 0.9, 60.0, 90.0]])
    with pytest.raises(ValueError, match="clear pitch"):
        from_files(tmp_path.glob("*.wav")).render(note, rng, seconds=1.0)
    soundfile.write(tmp_path / "horn.wav", tone(62), RATE)
    samples = from_files(tmp_path.glob("*.wav"))
    played = samples.render(note, rng, seconds=1.0)
    assert estimate_pitch(played) == pytest.approx(60, abs=0.6)
    assert [sample.path.stem for sample in samples.samples] == ["horn"]


def test_sets_without_samples_are_refused():
    with pytest.raises(ValueError, match="no sample"):
        from_files([])
    with pytest.raises(ValueError, match="no drum"):
        from_drum_files({})
    assert isinstance(SampleSet([]), SampleSet)


# -- synthesizers and organs ----------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["organ", "synthesizer"])
def test_own_instruments_play_in_tune_and_are_never_the_same(kind, rng):
    note = np.array([[0.1, 0.8, 69.0, 90.0]])
    heard = [play_patch(draw_patch(kind, rng), note, rng, seconds=1.5) for _ in range(12)]
    for audio in heard:
        assert audio.shape == (24000,)
        assert audio.dtype == np.float32
        assert np.abs(audio[:1600]).max() == 0.0
        assert np.abs(audio).max() > 1e-3
        spectrum = np.abs(np.fft.rfft(audio[3200:11200], 16000))
        loud = np.flatnonzero(spectrum > 0.3 * spectrum.max())
        # Whatever sounds is a multiple of half of 440 Hz, up to vibrato and detuned voices.
        off = np.abs(loud / 220 - np.round(loud / 220)) * 220
        assert np.all(off < 12 + 0.02 * loud)
    assert not np.allclose(heard[0], heard[1])


# -- catalogue ------------------------------------------------------------------------------------


def test_every_sound_is_of_a_library_with_a_licence():
    names = {entry.name for entry in LIBRARIES}
    assert len(names) == len(LIBRARIES)
    assert {sound.source for sound in all_sounds()} <= names
    assert all(entry.licence and entry.attribution for entry in LIBRARIES)


def test_no_share_alike_and_no_gpl_library_is_trained_on():
    for entry in LIBRARIES:
        if entry.role == "train":
            assert "GPL" not in entry.licence
            assert "SA" not in entry.licence
            assert "NC" not in entry.licence


def test_nearly_every_class_is_measured_on_a_library_it_was_not_trained_on():
    roles = {role: {s.label for s in all_sounds() if library(s.source).role == role}
             for role in ("train", "held_out")}  # fmt: skip
    assert roles["train"] - roles["held_out"] == {"ukulele"}  # one library is all there is
    assert roles["held_out"] <= roles["train"]


# -- stems and mixtures ---------------------------------------------------------------------------


def test_activity_is_what_sounds_in_a_second():
    audio = np.zeros(4 * RATE, dtype=np.float32)
    audio[RATE : 2 * RATE] = tone(60)
    audio[3 * RATE :] = tone(60) * 1e-3
    assert activity(audio).tolist() == [False, True, False, False]


def test_a_codec_keeps_length_and_most_of_the_sound(rng):
    audio = tone(69, 2.0)
    for _ in range(4):
        coded = through_codec(audio, rng)
        assert coded.shape == audio.shape
        assert np.abs(coded).max() == pytest.approx(np.abs(audio).max(), rel=0.3)


def test_loud_stems_are_present_hidden_ones_absent_and_between_unknown():
    classes = np.zeros((3, 2, 4), dtype=bool)  # stem, instance, class
    for stem in range(3):
        classes[stem, :, stem] = True
    power = np.ones((128, 5), dtype=np.float32)
    resembling = np.array([False, False, False, True])
    nothing = np.zeros(4, dtype=bool)
    total, labels, observed = mix(
        [power, power * 10**-2.5, power * 10**-4.0], list(classes), [resembling, nothing, nothing]
    )
    np.testing.assert_allclose(total, power * (1 + 10**-2.5 + 10**-4.0), rtol=1e-6)
    assert labels.tolist() == [[True, False, False, False]] * 2
    assert observed.tolist() == [[True, False, True, False]] * 2


def write_stems(folder, n=6):
    rng = np.random.default_rng(1)
    labels = np.zeros((n, 10, 20), dtype=bool)
    labels[np.arange(n), :, np.arange(n) % 3] = True
    labels[0, 5:] = False
    np.savez(
        folder / "stems-0000.npz",
        log_mels=rng.normal(-4, 1, (n, 640, 96)).astype(np.float16),
        labels=labels,
        unknowns=np.zeros((n, 20), dtype=bool),
    )


def test_mixtures_are_finite_and_the_same_for_a_seed(tmp_path):
    write_stems(tmp_path)
    pool = StemPool(tmp_path)
    assert pool.reload() == pool.reload() == 6
    for seed in range(20):
        one, other = (
            make_mixture(pool, np.random.default_rng(seed), n_instances=4) for _ in range(2)
        )
        np.testing.assert_array_equal(one.log_mel, other.log_mel)
        assert one.log_mel.shape == (256, 96)
        assert np.isfinite(one.log_mel).all()
        assert not one.labels[:, 3:].any()
        assert np.all(one.observed[one.labels])
        np.testing.assert_array_equal(one.bag_labels, one.labels.any(axis=0))


def test_stems_of_a_library_that_left_the_catalogue_are_not_played(tmp_path):
    write_stems(tmp_path)
    path = tmp_path / "stems-0000.npz"
    with np.load(path) as arrays:
        contents = dict(arrays)
    names = np.array(["fluidr3:::0", "gone:a:0:0"] * 3)
    np.savez(path, **contents, names=names)
    pool = StemPool(tmp_path)
    assert pool.reload() == 6
    assert pool.left_out == {1, 3, 5}
    assert sorted(i for found in pool.by_class.values() for i in found) == [0, 2, 4]


def test_ensembles_and_any_stems_make_recipes_that_fit(tmp_path):
    write_stems(tmp_path)
    pool = StemPool(tmp_path)
    pool.reload()
    for seed in range(40):
        recipe = draw_recipe(pool, np.random.default_rng(seed), n_instances=4)
        assert 1 <= len(recipe.indices) <= 6
        assert all(0 <= start <= 6 for start in recipe.starts)
        assert len(recipe.starts) == len(recipe.gains) == len(recipe.indices)


def test_a_folder_without_stems_is_refused(tmp_path):
    with pytest.raises(ValueError, match="no stems"):
        StemPool(tmp_path).reload()


# -- longer recordings ----------------------------------------------------------------------------


@pytest.mark.shared
def test_longer_recordings_are_of_soloists_and_of_players_who_rest(songs, shared, tmp_path):
    assets = shared / "training_assets"
    places = Places(tmp_path, assets / "instruments", tmp_path, assets / "pianos", tmp_path)
    rooms = RoomPool(load_rooms(assets / "rir"), n_simulated=1, seed=1)
    maker = StemMaker(places, songs, rooms, "held_out", 1, only=["flute", "piano"])
    here = {"philharmonia", "upright_kw_kawai_HELDOUT"}
    for label, sounds in maker._sounds.items():
        maker._sounds[label] = [sound for sound in sounds if sound.source in here]
    render_recordings(maker, tmp_path / "r.npz", n_recordings=4, n_phrases=1, seed=4)
    with np.load(tmp_path / "r.npz") as arrays:
        audio, labels = arrays["audio"], arrays["labels"]
    assert audio.shape == (4, 10 * RATE)
    assert labels.shape == (4, 10, 20)
    flute, piano = (INSTRUMENT_CLASSES.index(name) for name in ("flute", "piano"))
    assert not np.delete(labels, [flute, piano], axis=2).any()
    n_players = labels.any(axis=1).sum(axis=1)
    assert set(n_players.tolist()) == {1, 2}
    # A label says that something sounds: where nobody has one, the recording is quieter.
    seconds = audio.reshape(4, 10, RATE).astype(float)
    level = np.sqrt((seconds**2).mean(axis=2))
    played = labels.any(axis=2)
    assert level[played].mean() > 5 * level[~played].mean()
