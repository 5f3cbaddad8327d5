import csv
import json
import shutil
from dataclasses import replace

import numpy as np
import pytest
import soundfile

from amtstudio.features import FrameGrid
from amtstudio.learning.instruments.figures import guitar_chords, harp_holes, line
from amtstudio.learning.instruments.musicians import draw_habits, gestures_of
from amtstudio.learning.instruments.oscillators import free_reeds, random_singer, random_timbre
from amtstudio.learning.instruments.playing import CONTROL_HZ, Gesture, play
from amtstudio.learning.instruments.truth import truth_of
from amtstudio.learning.rooms import RoomPool
from amtstudio.models.melodic import FAMILIES
from training.drums.accompaniment import SECONDS, recorded_instruments
from training.drums.guitars import guitar_pieces
from training.instruments.phrases import Songs
from training.instruments.written_music import WrittenMusic, WrittenPiece
from training.presets import MELODIC
from training.run import Run
from training.synthesis.bank_source import BankSource
from training.synthesis.instrument_bank import load_instruments
from training.synthesis.instrument_clips import InstrumentClipMaker
from training.synthesis.melodic_clips import melodic_example
from training.synthesis.piano_bank import SAMPLE_RATE
from training.training_config import TrainingConfig

GRID = FrameGrid(16000, 512)


def tone(pitch, seconds, *, rise_s=0.003, decay_s=None):
    times = np.arange(round(seconds * SAMPLE_RATE)) / SAMPLE_RATE
    f0 = 440.0 * 2.0 ** ((pitch - 69) / 12)
    partials = [np.sin(2 * np.pi * f0 * k * times) / k for k in range(1, 6) if k * f0 < 7000]
    sound = 0.2 * np.sum(partials, axis=0) * np.clip(times / rise_s, 0.0, 1.0)
    if decay_s:
        sound *= np.exp(-times / decay_s)
    return sound.astype(np.float32)


def write_bank(folder, *, family, manner, lowest, highest, decay_s=None):
    (folder / "notes").mkdir(parents=True)
    rows = []
    for pitch in range(lowest, highest + 1, 5):
        sound = np.concatenate([np.zeros(80, np.float32), tone(pitch, 3.0, decay_s=decay_s)])
        soundfile.write(folder / f"notes/{pitch}.flac", sound, SAMPLE_RATE)
        rows.append((f"notes/{pitch}.flac", pitch, 1, 127, 0.005))
    with (folder / "bank.csv").open("w", newline="") as file:
        table = csv.writer(file)
        table.writerow(("file", "pitch", "velocity_low", "velocity_high", "attack_s"))
        table.writerows(rows)
    about = {"family": family, "manner": manner, "lowest": lowest, "highest": highest, "weight": 1}
    (folder / "instrument.json").write_text(json.dumps(about))


@pytest.fixture(scope="module")
def banks(tmp_path_factory):
    root = tmp_path_factory.mktemp("instruments")
    write_bank(root / "violin", family="strings", manner="bowed", lowest=55, highest=90)
    write_bank(root / "flute", family="winds", manner="blown", lowest=60, highest=90)
    write_bank(
        root / "guitar", family="guitar", manner="plucked", lowest=40, highest=80, decay_s=0.3
    )
    write_bank(root / "choir", family="voice", manner="sung", lowest=48, highest=78)
    write_bank(root / "kit", family="mallets", manner="drum", lowest=36, highest=41, decay_s=0.1)
    return load_instruments(root, tmp_path_factory.mktemp("cache"))


@pytest.fixture(scope="module")
def songs():
    onsets = np.arange(0.0, 60.0, 0.35)
    rng = np.random.default_rng(5)
    pitches = 60.0 + rng.integers(0, 12, len(onsets))
    melody = np.column_stack([onsets, onsets + 0.33, pitches, np.full(len(onsets), 80.0)])
    drums = np.column_stack([onsets, onsets + 0.1, np.full(len(onsets), 36.0), pitches + 20])
    return Songs({style: 10 * [melody] for style in ("melody", "chords")} | {"drums": [drums]})


@pytest.fixture(scope="module")
def maker(banks, songs):
    room = np.zeros(400, dtype=np.float32)
    room[0] = 1.0
    rooms = RoomPool([room], n_simulated=2, seed=1)
    return InstrumentClipMaker(banks, songs, rooms, GRID, margin=3072)


def test_what_plays_beside_drums_has_none_itself(maker):
    long = replace(maker, n_frames=round(SECONDS * GRID.sample_rate / GRID.hop_length) + 1)
    kits = [bank for bank in maker.banks if bank.family < 0]
    assert kits
    alone = replace(long, banks=[bank for bank in maker.banks if bank not in kits])
    pieces = list(recorded_instruments(long, count=6, seed=3))
    for piece, other in zip(pieces, recorded_instruments(alone, count=6, seed=3), strict=True):
        np.testing.assert_array_equal(piece, other)
        assert len(piece) == round(SECONDS * 32000)
        assert np.abs(piece).max() == pytest.approx(1.0)


def test_guitars_alone_have_the_noises_of_hands(maker, banks, tmp_path):
    (tmp_path / "cache").mkdir()
    write_bank(tmp_path / "bass", family="bass", manner="plucked", lowest=28, highest=55)
    low = load_instruments(tmp_path, tmp_path / "cache")
    plucked = replace(maker, banks=[*banks, *low], n_frames=round(10 * 16000 / 512))
    pieces = list(guitar_pieces(plucked, count=5, seed=2, seconds=10.0))
    assert len(pieces) == 5
    for piece in pieces:
        assert len(piece) == 320_000
        assert np.abs(piece).max() == pytest.approx(1.0)
        # What is sampled at 16 kHz ends at 8 kHz; the scrape of a pick does not.
    highs = [np.abs(np.fft.rfft(piece))[90_000:].max() for piece in pieces]
    assert max(highs) > 1.0


def heard_pitch(sound, at, near):
    """An autocorrelation tracker, independent of how the sound was made; MIDI pitch."""
    length = round(0.05 * SAMPLE_RATE)
    part = sound[round(at * SAMPLE_RATE) - length // 2 :][:length] * np.hanning(length)
    window = np.hanning(length)
    size = 4096
    own = np.fft.irfft(np.abs(np.fft.rfft(part, size)) ** 2)
    own = own[: length // 2] / np.fft.irfft(np.abs(np.fft.rfft(window, size)) ** 2)[: length // 2]
    expected = SAMPLE_RATE / (440.0 * 2.0 ** ((near - 69) / 12))
    lags = np.arange(int(0.8 * expected), int(1.25 * expected) + 2)
    lag = int(lags[np.argmax(own[lags])])
    a, b, c = own[lag - 1 : lag + 2]
    lag = lag + 0.5 * (a - c) / (a - 2 * b + c)
    return 69.0 + 12.0 * np.log2(SAMPLE_RATE / lag / 440.0)


def vibrato(seconds, *, depth, hz=5.0, before_s=0.0):
    times = np.arange(round((seconds + 0.5 + before_s) * CONTROL_HZ)) / CONTROL_HZ
    return depth * np.sin(2 * np.pi * hz * times)


def sources(banks):
    rng = np.random.default_rng(8)
    violin = next(bank for bank in banks if bank.name == "violin")
    return {
        "bank": BankSource(violin),
        "reeds": free_reeds(rng, musette=False),
        "timbre": random_timbre(rng, decays=False),
        "singer": random_singer(rng),
    }


@pytest.mark.parametrize("name", ["bank", "reeds", "timbre", "singer"])
def test_the_sound_goes_where_the_contour_goes(name, banks, rng):
    bend = vibrato(1.4, depth=0.5, hz=3.0)
    bend[60:] += 0.7  # and a step up
    gesture = Gesture(0.5, 1.9, 66, 90.0, bend=bend)
    sound, ends = play([gesture], sources(banks)[name], 40000, 0.0, rng)
    assert ends[0] == pytest.approx(1.9 + 1.15 * gesture.release_s, abs=0.02)
    errors = []
    for at in np.arange(0.7, 1.8, 0.05):
        if abs(at - 1.1) < 0.06:
            continue  # the step itself
        truth = 66 + np.interp((at - 0.5) * CONTROL_HZ, np.arange(len(bend)), bend)
        errors.append(100 * abs(heard_pitch(sound, at, truth) - truth))
    assert np.median(errors) < 4.0
    assert np.percentile(errors, 90) < 15.0


@pytest.mark.parametrize("pitch", [57, 61, 73, 88])
def test_a_sampled_note_is_heard_at_its_onset(pitch, banks, rng):
    source = sources(banks)["bank"]
    sound, _ = play([Gesture(0.4, 1.0, pitch, 90.0)], source, 32000, 0.0, rng)
    envelope = np.convolve(sound**2, np.ones(32) / 32, mode="same")
    first = np.argmax(envelope > 0.05 * envelope.max()) / SAMPLE_RATE
    assert first == pytest.approx(0.4, abs=0.006)


def test_a_note_ends_where_its_string_has_died_away(banks, rng):
    guitar = next(bank for bank in banks if bank.name == "guitar")
    _, ends = play([Gesture(0.1, 2.9, 60, 90.0)], BankSource(guitar), 60000, 0.0, rng)
    # 38 dB of a decay with a time constant of 0.3 s take 1.3 s.
    assert ends[0] == pytest.approx(0.1 + 1.31, abs=0.1)


@pytest.mark.parametrize("release_s", [0.03, 0.12])
def test_a_note_lasts_until_it_has_died_away_but_a_key_until_it_rises(release_s, banks, rng):
    violin = sources(banks)["bank"]
    ends = {}
    for has_key in (False, True):
        gesture = Gesture(0.2, 0.9, 60, 90.0, release_s=release_s, is_held_by_key=has_key)
        sound, ends[has_key] = play([gesture], violin, 32000, 0.0, rng)
    assert ends[True][0] == pytest.approx(0.9, abs=1e-6)
    level = [
        np.sqrt(np.mean(sound[middle - 60 : middle + 60] ** 2))
        for middle in (round(0.9 * SAMPLE_RATE) - 60, round(ends[False][0] * SAMPLE_RATE))
    ]
    assert 20 * np.log10(level[1] / level[0]) == pytest.approx(-10.0, abs=3.5)


def test_joined_notes_have_no_second_attack(banks, rng):
    violin = sources(banks)["bank"]
    first = Gesture(0.2, 0.8, 60, 90.0, release_s=0.01)
    second = Gesture(0.8, 1.4, 62, 90.0, is_joined=True, before_s=0.02)
    sound, _ = play([first, second], violin, 30000, 0.0, rng)
    level = np.sqrt(np.convolve(sound**2, np.ones(400) / 400, mode="same"))
    around = level[round(0.75 * SAMPLE_RATE) : round(0.9 * SAMPLE_RATE)]
    assert around.max() < 1.6 * level[round(0.5 * SAMPLE_RATE)]
    assert around.min() > 0.3 * level[round(0.5 * SAMPLE_RATE)]
    assert heard_pitch(sound, 1.1, 62) == pytest.approx(62, abs=0.05)


def test_the_same_generator_makes_the_same_clip(maker):
    one, other = (maker.make(np.random.default_rng(3)) for _ in range(2))
    np.testing.assert_array_equal(one.audio, other.audio)
    np.testing.assert_array_equal(one.truth.notes, other.truth.notes)


def test_clips_hold_what_a_trainer_takes(maker):
    for seed in range(6):
        clip = maker.make(np.random.default_rng(seed))
        example = melodic_example(clip, GRID)
        assert example["audio"].shape == (319 * 512 + 2 * 3072,)
        assert np.isfinite(clip.audio).all()
        for name in ("onset", "offset", "frame", "velocity", "bend", "family"):
            assert example[name].shape == (320, 88)
        told = example["family"] >= 0
        assert told.any()
        # Who plays is told wherever a note fills a frame, and nowhere else.
        assert (example["frame"][told] > 0.0).all()
        assert told[example["frame"] > 0.99].all()
        assert set(np.unique(example["family"][told])) <= set(range(len(FAMILIES)))


def in_fifths(n_parts):
    """Two minutes of nothing but D and A, in ``n_parts`` parts an octave apart."""
    onsets = np.repeat(np.arange(0.0, 120.0, 0.3), n_parts)
    part = np.tile(np.arange(n_parts), len(onsets) // n_parts)
    pitches = 74 - 12 * (n_parts > 1) * part + 7 * (onsets.round(1) % 1.2 > 0.5)
    columns = (onsets, onsets + 0.28, pitches, 0 * onsets + 80, part, 0 * onsets - 1)
    return WrittenPiece("Fifths", "Nobody", "Nobody", "CC0", "", np.column_stack(columns))


def has_only_fifths(truth):
    classes = np.unique(truth.notes[:, 2] % 12)
    return len(classes) == 2 and classes[1] - classes[0] in (5, 7)


def test_guitars_play_pieces_for_guitar_and_ensembles_quartets(maker):
    written = replace(maker, written=WrittenMusic([in_fifths(1)], [in_fifths(4)]))
    guitar, strings = FAMILIES.index("guitar"), FAMILIES.index("strings")
    for changes, seeds, least, most in (
        ({"n_parts": 1, "family": guitar}, 20, 2, 12),
        ({"n_parts": 1, "family": strings}, 20, 1, 9),
        ({"n_parts": 3, "family": None, "together_share": 1.0}, 16, 2, 12),
        ({"n_parts": 5, "family": None, "together_share": 1.0}, 3, 0, 0),
        ({"n_parts": 3, "family": guitar, "together_share": 1.0}, 4, 0, 0),
    ):
        chosen = replace(written, n_frames=96, is_recorded=False, **changes)
        clips = [chosen.make(np.random.default_rng([4, seed])) for seed in range(seeds)]
        assert least <= sum(has_only_fifths(clip.truth) for clip in clips) <= most
        without = replace(maker, n_frames=96, is_recorded=False, **changes)
        clips = [without.make(np.random.default_rng([4, seed])) for seed in range(seeds)]
        assert not any(has_only_fifths(clip.truth) for clip in clips)


def test_notes_of_a_clip_do_not_overlap_on_a_key(maker):
    for seed in range(8):
        notes = maker.make(np.random.default_rng([9, seed])).truth.notes
        for pitch in np.unique(notes[:, 2]):
            same = notes[notes[:, 2] == pitch]
            assert np.all(same[1:, 0] >= same[:-1, 1] - 1e-9)


def test_a_singer_is_written_where_she_sings_and_a_bent_string_on_its_fret():
    flat = Gesture(0.0, 1.0, 60, 80.0, bend=np.full(150, 0.7))
    bent = np.concatenate([np.zeros(20), np.linspace(0, 2, 20), np.full(110, 2.0)])
    pushed = Gesture(2.0, 3.0, 64, 80.0, bend=bent)
    truth = truth_of([(flat, 1.0, 6, 0), (pushed, 3.0, 1, 0)])
    np.testing.assert_array_equal(truth.notes[:, 2], [61, 64])
    np.testing.assert_allclose(truth.bends[0][:100], -0.3)
    np.testing.assert_allclose(truth.bends[1][60], 2.0)


def test_two_parts_on_one_key_are_one_note_and_a_new_blow_ends_the_old():
    rows = [
        (Gesture(0.00, 1.0, 60, 80.0), 1.0, 3, 0),
        (Gesture(0.02, 1.4, 60, 80.0), 1.4, 4, 1),
        (Gesture(0.90, 1.5, 60, 80.0), 1.5, 3, 0),
    ]
    np.testing.assert_allclose(
        truth_of(rows).notes, [[0.0, 0.895, 60, 80], [0.9, 1.5, 60, 80]], atol=1e-9
    )


def test_a_string_sounds_one_note_at_a_time_and_strums_take_their_time():
    spreads = []
    for seed in range(12):
        notes = guitar_chords(np.random.default_rng(seed), start=0.0, end=8.0)
        assert notes[:, 2].min() >= 40
        assert notes[:, 2].max() <= 88
        # Six strings: never more than six notes at once.
        for onset in notes[:, 0]:
            assert np.sum((notes[:, 0] <= onset) & (notes[:, 1] > onset + 0.01)) <= 6
        gaps = np.diff(notes[:, 0])
        spreads.append(np.median(gaps[gaps < 0.03]) if np.any(gaps < 0.03) else 0.0)
    assert 0.001 < np.max(spreads) < 0.03


def test_lines_are_one_note_at_a_time_within_the_range():
    notes = line(np.random.default_rng(2), lowest=50, highest=70, start=-1.0, end=9.0)
    assert len(notes) > 10
    assert notes[:, 2].min() >= 50
    assert notes[:, 2].max() <= 70


def test_a_harmonica_plays_neighbouring_holes_together():
    sizes = set()
    for seed in range(20):
        notes = harp_holes(np.random.default_rng(seed), start=0.0, end=10.0)
        sizes |= {int(np.sum(np.abs(notes[:, 0] - onset) < 0.03)) for onset in notes[:, 0]}
    assert {1, 2, 3} <= sizes


def test_some_harmonica_players_play_whole_phrases_in_octaves():
    shares = []
    for seed in range(40):
        notes = harp_holes(np.random.default_rng(seed), start=0.0, end=20.0)
        onsets, pitches = notes[:, 0], notes[:, 2]
        near = np.abs(onsets[:, None] - onsets) < 0.04
        octave = near & (np.abs(pitches[:, None] - pitches) == 12.0)
        shares.append(float(np.mean(octave.any(axis=1))))
    assert max(shares) > 0.5  # the rest of the notes have no octave on the same breath
    assert np.mean(np.array(shares) < 0.2) > 0.3


def test_a_melodic_model_trains_on_instruments_and_pianos(tmp_path, material_root, songs):
    material = tmp_path / "material"
    shutil.copytree(material_root, material)
    bank = {"family": "strings", "manner": "bowed", "lowest": 55, "highest": 90}
    write_bank(material / "instruments/violin", **bank)
    songs.save(tmp_path / "phrases.npz")
    config = TrainingConfig(
        model="melodic",
        model_config={"n_channels": 6, "n_windows": 1, "n_linked": 0, "n_further": 0},
        material=str(material),
        cache=str(tmp_path),
        output=str(tmp_path / "run"),
        n_frames=32,
        steps=3,
        decay_steps=1,
        batch_size=2,
        piano_share=0.5,
        loss_weights=MELODIC.loss_weights,
        bfloat16=False,
    )
    (tmp_path / "run").mkdir()
    run = Run(config)
    before = {name: value.clone() for name, value in run.model.state_dict().items()}
    run.train()
    assert run.progress.step == 3
    after = run.model.state_dict()
    assert not after["head.weight"][4].equal(before["head.weight"][4])  # the bend
    assert not after["head.weight"][5 + FAMILIES.index("strings")].equal(
        before["head.weight"][5 + FAMILIES.index("strings")]
    )
    assert all(value.isfinite().all() for value in after.values() if value.is_floating_point())


def struck_together(n_chords, length):
    """Chords of three, one a second, whose notes begin within 10 ms."""
    rows = [
        (chord + 0.005 * voice, chord + length, 60 + 4 * voice, 80)
        for chord in range(n_chords)
        for voice in range(3)
    ]
    return np.array(rows, dtype=float)


def test_a_chord_on_one_breath_wavers_as_one(rng):
    habits = replace(
        draw_habits("blown", rng, is_harmonica=True),
        tremolo=0.5,
        vibrato=1.0,
        vibrato_depth=0.3,
        bend=0.0,
        scoop=0.0,
    )
    gestures = gestures_of(struck_together(8, 0.9), habits, rng, is_line=False)
    chords = [gestures[first : first + 3] for first in range(0, 24, 3)]
    between = []
    for one, two, three in chords:
        for other in (two, three):
            count = min(len(one.swell), len(other.swell)) - 2
            np.testing.assert_allclose(one.swell[:count], other.swell[:count], atol=0.06)
            apart = (one.bend - one.bend.mean())[:count] - (other.bend - other.bend.mean())[:count]
            assert np.abs(apart).max() < 0.03
            between.append(abs(one.bend.mean() - other.bend.mean()))
    assert max(between) > 0.0  # each reed has its own tuning
    assert np.abs(chords[0][0].swell[:80] - chords[1][0].swell[:80]).max() > 0.1
    apart = replace(habits, has_one_breath=False)
    one, two, _ = gestures_of(struck_together(1, 0.9), apart, rng, is_line=False)
    assert np.abs(one.swell[:80] - two.swell[:80]).max() > 0.1


def test_reeds_are_bent_down_and_strings_up(rng):
    for manner, is_harmonica in (("blown", True), ("plucked", False)):
        drawn = draw_habits(manner, rng, is_harmonica=is_harmonica)
        silent = {"tuning": 0.0, "intonation": 0.0, "scoop": 0.0, "vibrato": 0.0, "joined": 0.0}
        habits = replace(drawn, **silent, bend=1.0)
        notes = np.array([(i, i + 0.8, 60, 80) for i in range(40)], dtype=float)
        moved = np.array([g.bend[:80] for g in gestures_of(notes, habits, rng, is_line=True)])
        furthest = moved[np.arange(40), np.abs(moved).argmax(axis=1)]
        assert np.abs(furthest).max() > 0.5
        assert (furthest < 0.0).mean() == 1.0 if is_harmonica else (furthest > 0.0).mean() > 0.5


def test_short_notes_begin_fast_enough_to_be_heard(rng):
    habits = replace(draw_habits("bowed", rng), attack_s=0.12, joined=0.0)
    notes = np.array([(0.0, 0.08, 60, 80), (1.0, 2.0, 62, 80)])
    short, long = gestures_of(notes, habits, rng, is_line=True)
    assert short.attack_s <= 0.04
    assert 0.06 <= long.attack_s <= 0.18


def test_a_string_is_silent_as_soon_as_it_is_plucked_again(rng):
    habits = replace(draw_habits("plucked", rng), release_s=0.15, joined=0.0)
    notes = [(0.0, 0.996, 60, 80, 3), (0.5, 1.5, 64, 80, 4), (1.0, 1.5, 62, 80, 3)]
    notes += [(1.6, 1.9, 64, 80, 3)]
    stopped, rings, fades, last = gestures_of(np.array(notes), habits, rng, is_line=False)
    assert stopped.release_s <= 0.01
    assert (rings.release_s, last.release_s) == (0.15, 0.15)
    assert fades.release_s == pytest.approx(0.05)  # silent by the time of the next
    assert all(
        g.release_s == 0.15 for g in gestures_of(np.array(notes)[:, :4], habits, rng, is_line=False)
    )


def test_notes_are_slurred_on_one_string_but_not_in_chords(rng):
    habits = replace(draw_habits("plucked", rng), joined=1.0)
    notes = [(0.0, 0.496, 60, 80, 3), (0.2, 0.7, 67, 80, 5), (0.5, 0.996, 62, 80, 3)]
    notes += [(1.0, 1.4, 64, 80, 3), (1.01, 1.4, 69, 80, 4)]
    gestures = gestures_of(np.array(notes), habits, rng, is_line=False)
    assert [gesture.is_joined for gesture in gestures] == [False, False, True, False, False]
