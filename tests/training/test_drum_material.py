from __future__ import annotations

import io
import tarfile

import mido
import numpy as np
import pytest

from amtstudio.features import FrameGrid
from amtstudio.symbolic.drums import DRUMS
from training.drums.accompaniment import SECONDS, Accompaniment
from training.drums.bank import LEAD, SAMPLE_RATE, BankWriter, DrumBank, from_attack
from training.drums.clips import (
    ClipKit,
    DrumClip,
    DrumClipMaker,
    KitChooser,
    PlayedTake,
    batch_targets,
    drums_of,
)
from training.drums.hand_noises import Body, hand_noises, strokes_of
from training.drums.kits import KITS, VOICES, all_takes
from training.drums.patterns import VOICE_INDEX, Patterns, programmed_beat, read_groove
from training.drums.recording import Recorder
from training.drums.synthetic_kits import synthetic_kits

GRID = FrameGrid(32000, 320)
MARGIN = 3648


@pytest.fixture(scope="module")
def bank():
    writer = BankWriter()
    for take, sounds in synthetic_kits(2, SAMPLE_RATE, np.random.default_rng(3)):
        writer.add(take, "train", sounds)
    return writer.bank()


def maker(bank: DrumBank, **options):
    chooser = KitChooser(bank, synthetic_share=1.0)
    return DrumClipMaker(
        bank, chooser, Patterns([]), options.pop("recorder", None), options.pop("pool", None),
        GRID, MARGIN, 300, **options,
    )  # fmt: skip


def plain_kit(bank: DrumBank) -> ClipKit:
    takes = {}
    for take in bank.takes:
        takes[VOICE_INDEX[take.voice]] = [PlayedTake(take, 0.0, 1.0, 0.0, 1.0)]
    return ClipKit(takes, 1.4, 0.0)


def test_a_sample_starts_at_its_attack():
    sound = np.zeros(8000, dtype=np.float32)
    sound[3000:] = np.exp(-np.arange(5000) / 500.0) * 0.3
    cut = from_attack(sound, "kick")
    assert cut is not None
    assert int(np.argmax(np.abs(cut) >= 0.1)) == LEAD
    assert np.abs(cut).max() == pytest.approx(1.0)
    assert len(cut) < 5000  # the silent tail is gone


def test_silence_is_no_sample():
    assert from_attack(np.zeros(1000, dtype=np.float32), "snare") is None


@pytest.mark.parametrize("voice", [voice for voice in VOICES if voice != "percussion"])
@pytest.mark.parametrize("ratio", [0.9, 1.0, 1.15])
def test_the_truth_of_a_hit_is_when_it_is_heard(bank, voice, ratio):
    kit = plain_kit(bank)
    number = VOICE_INDEX[voice]
    kit.takes[number] = [PlayedTake(p.take, 0.0, ratio, 0.0, 1.0) for p in kit.takes[number]]
    rng = np.random.default_rng(1)
    time = 0.2134
    dry, send = maker(bank, percussion_share=0.0).play(
        np.array([[time, number, 100.0]]), kit, 32000, rng
    )
    heard = np.argmax(np.abs(dry) >= 0.1 * np.abs(dry).max()) / SAMPLE_RATE
    assert heard == pytest.approx(time, abs=0.001)
    np.testing.assert_array_equal(dry, send)


def test_a_harder_stroke_is_louder(bank):
    rng = np.random.default_rng(1)
    peaks = []
    for velocity in (30.0, 60.0, 127.0):
        hits = np.array([[0.1, VOICE_INDEX["snare"], velocity]])
        dry, _ = maker(bank, percussion_share=0.0).play(hits, plain_kit(bank), 32000, rng)
        peaks.append(float(np.abs(dry).max()))
    assert peaks[0] < 0.5 * peaks[1] < 0.5 * 0.5 * peaks[2]


def test_an_open_hihat_is_choked_by_the_next_stroke_on_it(bank):
    rng = np.random.default_rng(1)
    opened = [0.1, VOICE_INDEX["hihat_open"], 100.0]
    closed = [0.4, VOICE_INDEX["hihat_pedal"], 1.0]  # nearly silent
    kit = plain_kit(bank)
    one = maker(bank, percussion_share=0.0)
    ringing, _ = one.play(np.array([opened]), kit, 32000, rng)
    choked, _ = one.play(np.array([opened, closed]), kit, 32000, rng)
    after = slice(round(0.6 * SAMPLE_RATE), None)
    assert np.abs(choked[after]).max() < 0.2 * np.abs(ringing[after]).max()


def test_the_same_seed_gives_the_same_clip(bank):
    rng = np.random.default_rng(0)
    pool = np.rint(rng.standard_normal(round(SECONDS * SAMPLE_RATE)) * 3000).astype(np.int16)
    one = maker(bank, recorder=Recorder(coded_share=1.0), pool=Accompaniment(pool))
    first, second = (one.make(np.random.default_rng(8)) for _ in range(2))
    np.testing.assert_array_equal(first.audio, second.audio)
    np.testing.assert_array_equal(first.hits, second.hits)
    assert first.audio.shape == (299 * 320 + 2 * MARGIN,)
    assert np.isfinite(first.audio).all()
    assert first.level.shape == (300,)
    other = one.make(np.random.default_rng(9))
    assert not np.array_equal(other.audio, first.audio)


def test_what_is_heard_alone_fills_its_share_of_the_clips_and_has_no_hits(bank):
    rng = np.random.default_rng(0)
    pool = np.rint(rng.standard_normal(round(SECONDS * SAMPLE_RATE)) * 3000).astype(np.int16)
    one = maker(bank, silent_share=0.0, alone=Accompaniment(pool), alone_share=0.5)
    clips = [one.make(np.random.default_rng(seed)) for seed in range(24)]
    empty = [clip for clip in clips if not len(clip.hits)]
    assert 5 <= len(empty) <= 19
    assert all(np.abs(clip.audio).max() > 0.1 for clip in empty)
    # As the samples sound, there is nothing but drums.
    plain = [one.plain().make(np.random.default_rng(seed)) for seed in range(6)]
    assert all(len(clip.hits) for clip in plain)


def test_hands_are_heard_when_strings_are_struck_and_at_times_between():
    strokes = np.array([0.5, 1.5, 2.5])
    away = np.ones(4 * SAMPLE_RATE, dtype=bool)
    for stroke in strokes:
        first = round((stroke - 0.03) * SAMPLE_RATE)
        away[first : first + round(0.5 * SAMPLE_RATE)] = False
    n_between = 0
    for seed in range(12):
        audio = hand_noises(strokes, 4 * SAMPLE_RATE, np.random.default_rng(seed))
        assert np.isfinite(audio).all()
        loudness = [np.abs(audio[round(t * SAMPLE_RATE) :][:3200]).max() for t in strokes]
        assert max(loudness) > 1e-3
        n_between += bool(np.abs(audio[away]).max() > 1e-3)
    assert 2 <= n_between <= 12
    np.testing.assert_array_equal(strokes_of(np.array([0.5, 0.52, 1.5, 1.53])), [0.5, 1.5])


def test_a_struck_body_dies_away_within_tenths():
    rng = np.random.default_rng(4)
    for _ in range(8):
        sound = Body.draw(rng).strike(rng, hardness=rng.uniform())
        assert np.abs(sound).max() == pytest.approx(1.0)
        assert np.abs(sound[-1600:]).max() < 0.2


def test_a_band_that_falls_silent_is_still_a_sound():
    rng = np.random.default_rng(0)
    loud = rng.standard_normal(round(SECONDS * SAMPLE_RATE) // 2) * 9000
    pool = np.rint(np.concatenate([loud, np.zeros(len(loud))])).astype(np.int16)
    band = Accompaniment(pool, hiss_share=0.0, air_share=1.0)
    for seed in range(40):
        audio = band.draw(8 * SAMPLE_RATE, np.random.default_rng(seed))
        assert np.isfinite(audio).all()


def test_hits_of_a_recorded_clip_are_where_its_sound_rises(bank):
    one = maker(bank, recorder=Recorder(coded_share=0.0), percussion_share=0.0, silent_share=0.0)
    late = []
    for seed in range(12):
        clip = one.make(np.random.default_rng(seed))
        audio = np.abs(clip.audio[MARGIN:])
        for time, drum, velocity in clip.hits:
            others = np.delete(clip.hits[:, 0], np.flatnonzero(clip.hits[:, 0] == time))
            alone = not len(others) or np.abs(others - time).min() > 0.1
            if alone and DRUMS[int(drum)] in ("kick", "snare") and velocity > 70 and time > 0.05:
                at = round(time * SAMPLE_RATE)
                before, after = audio[at - 640 : at - 64], audio[at : at + 640]
                late.append(after.max() > before.max())
    assert len(late) > 5
    assert np.mean(late) > 0.9


def test_pedal_and_bell_count_as_their_drums_and_percussion_as_none():
    voices = ["hihat_pedal", "ride_bell", "percussion", "tom_mid"]
    hits = np.array([[1.0 + i, VOICE_INDEX[voice], 90.0] for i, voice in enumerate(voices)])
    found = drums_of(hits, 0.5, 10.0)
    assert [DRUMS[int(row[1])] for row in found] == ["hihat_closed", "ride", "tom_mid"]
    np.testing.assert_allclose(found[:, 0], [0.5, 1.5, 3.5])


def test_a_target_between_two_frames_is_shared_by_them():
    clip = DrumClip(
        np.zeros(1, dtype=np.float32), np.ones(1, dtype=np.float32), np.array([[0.1025, 1, 100.0]])
    )
    onset, velocity = batch_targets([clip], GRID, 20)
    np.testing.assert_allclose(onset[0, 9:13, 1], [0, 0.75, 0.25, 0], atol=1e-6)
    np.testing.assert_allclose(velocity[0, 10:12, 1], 100 / 127)
    assert onset.sum() == pytest.approx(1.0)


def test_programmed_beats_are_sorted_out_and_in_range():
    for seed in range(30):
        hits = Patterns([]).draw(8.0, np.random.default_rng(seed))
        assert np.all(np.diff(hits[:, 0]) >= 0)
        assert np.all((hits[:, 0] >= 0) & (hits[:, 0] < 8.0))
        assert np.all((hits[:, 2] >= 1) & (hits[:, 2] <= 127))
    beat = programmed_beat(8.0, np.random.default_rng(1))
    assert len(beat) > 10


def test_groove_is_read_by_split(tmp_path):
    file = mido.MidiFile(ticks_per_beat=480)
    track = mido.MidiTrack()
    file.tracks.append(track)
    for note in (36, 26, 44, 99):
        track.append(mido.Message("note_on", channel=9, note=note, velocity=70, time=480))
        track.append(mido.Message("note_off", channel=9, note=note, time=0))
    midi = io.BytesIO()
    file.save(file=midi)
    table = "midi_filename,split\na.mid,train\nb.mid,test\n"
    archive = tmp_path / "groove.tar.xz"
    with tarfile.open(archive, "w:xz") as tar:
        for name, data in (("a.mid", midi.getvalue()), ("b.mid", midi.getvalue()),
                           ("info.csv", table.encode())):  # fmt: skip
            entry = tarfile.TarInfo(f"groove/{name}")
            entry.size = len(data)
            tar.addfile(entry, io.BytesIO(data))
    for _ in range(2):  # the second time from the cache
        (hits,) = read_groove(archive, "train", cache=tmp_path)
        assert [VOICES[int(voice)] for voice in hits[:, 1]] == ["kick", "hihat_open", "hihat_pedal"]
        np.testing.assert_allclose(hits[:, 0], [0.5, 1.0, 1.5])


def test_copyleft_kits_are_never_trained_on():
    for kit in KITS:
        if kit.role == "train":
            assert kit.licence in ("CC0-1.0", "CC-BY-4.0", "CC-BY-3.0", "MIT", "Unlicense")


def test_a_library_of_snares_gives_heads_rims_and_two_ways_to_record_them(tmp_path):
    kit = next(kit for kit in KITS if kit.name == "frankensnare")
    for drum, stroke in (
        ("10_basic", "sn"),
        ("10_basic", "ss"),
        ("10_brush", "sb"),
        ("14_tamb", "sn"),
    ):
        for microphone in ("oh", "top", "btm"):
            folder = tmp_path / kit.place / drum / microphone
            folder.mkdir(parents=True, exist_ok=True)
            for layer in (1, 2):
                (folder / f"{stroke}_vl{layer}_rr1.flac").touch()
    takes = all_takes(tmp_path, kit)
    assert [(take.voice, take.name, len(take.samples)) for take in takes] == [
        ("snare", "10_basic sn overheads", 2),
        ("snare", "10_basic sn close", 2),
        ("side_stick", "10_basic ss overheads", 2),
        ("side_stick", "10_basic ss close", 2),
    ]
    files = takes[1].samples[0].files
    assert {path.parent.name for path, _ in files} == {"top", "btm", "oh"}
    assert all(path.exists() for path, _ in files)


def test_a_hihat_held_half_open_is_material_for_the_open_one(tmp_path):
    kit = next(kit for kit in KITS if kit.name == "jazzkit")
    folder = tmp_path / kit.place / "cymbals"
    folder.mkdir(parents=True)
    for name in ("hat-closed-2", "hat-closed-hit1", "hat-closed-hit4-half2", "hat-closed-leg",
                 "hat-open1", "cymbal-small2"):  # fmt: skip
        (folder / f"{name}.wav").touch()
    takes = all_takes(tmp_path, kit)
    assert [(take.voice, take.samples[0].files[0][0].stem) for take in takes] == [
        ("hihat_closed", "hat-closed-2"),
        ("hihat_closed", "hat-closed-hit1"),
        ("hihat_pedal", "hat-closed-leg"),
        ("hihat_open", "hat-closed-hit4-half2"),
        ("hihat_open", "hat-open1"),
        ("ride", "cymbal-small2"),
    ]


def test_open_hihats_are_at_times_held_half_open_and_cymbals_layered(bank):
    chooser = KitChooser(bank, synthetic_share=1.0)
    rng = np.random.default_rng(4)
    kits = [chooser.draw(rng) for _ in range(150)]

    def drawn(voice: str) -> list[PlayedTake]:
        return [kit.takes[VOICE_INDEX[voice]][0] for kit in kits]

    loose = [p for p in drawn("hihat_open") if p.under and p.under.voice == "hihat_closed"]
    assert 0.25 < len(loose) / len(kits) < 0.45
    assert all(0.15 <= played.damping_s <= 0.8 for played in loose)
    for voice in ("ride", "crash", "hihat_closed"):
        layered = [played.under.voice for played in drawn(voice) if played.under]
        assert set(layered) == {voice}
        assert 0.15 < len(layered) / len(kits) < 0.5
    # Two toms at once would be a chord.
    assert not any(played.under for played in drawn("tom_low"))


def test_a_kit_that_is_not_there_has_no_takes(tmp_path):
    assert all(all_takes(tmp_path, kit) == [] for kit in KITS)
