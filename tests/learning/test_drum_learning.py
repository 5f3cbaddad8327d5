"""Drums to rehearse, a factorisation, a teacher, thresholds: what it takes to learn a drummer."""

import numpy as np
import pytest
import soundfile

from amtstudio.decoding import Activations, DrumSettings
from amtstudio.decoding.drum_decoder import LENGTH_S
from amtstudio.errors import CheckpointError
from amtstudio.features import FrameGrid
from amtstudio.learning.candidate import Candidate
from amtstudio.learning.drums.beats import drumming
from amtstudio.learning.drums.clips import DrumClips, drum_excerpt, stroke
from amtstudio.learning.drums.nmf import (
    band_spectrogram,
    drum_rises,
    partially_fixed_nmf,
    template_of,
)
from amtstudio.learning.drums.teacher import DrumTeacher, against_threshold
from amtstudio.learning.drums.thresholds import KnownHits, retuned_drum_thresholds
from amtstudio.learning.hearing import Heard, hear
from amtstudio.learning.label_free import agreement
from amtstudio.learning.label_tracks import draw_tracks, tracks_of, with_corrections
from amtstudio.learning.opinion import TeacherNote, Trust
from amtstudio.learning.recordings import load_recording
from amtstudio.learning.request import Corrections, Passage
from amtstudio.learning.teacher_choice import choose_teacher
from amtstudio.models import find_model
from amtstudio.models.checkpoint import load_transcription_model
from amtstudio.models.drums import Drums, DrumsConfig
from amtstudio.symbolic import Note
from amtstudio.symbolic.drums import DRUMS, GENERAL_MIDI_KEYS, KIT

RATE = 32000
GRID = FrameGrid(RATE, 320)
KICK, SNARE = GENERAL_MIDI_KEYS["kick"], GENERAL_MIDI_KEYS["snare"]


def hit(time, key=KICK):
    return Note(time, time + LENGTH_S, key)


def test_drumming_is_sorted_in_range_and_of_all_drums():
    counts = np.zeros(len(DRUMS))
    for seed in range(30):
        hits = drumming(8.0, np.random.default_rng(seed))
        assert (np.diff(hits[:, 0]) >= 0.0).all()
        assert (hits[:, 0] >= 0.0).all()
        assert (hits[:, 0] < 8.0).all()
        assert hits[:, 2].min() >= 8
        assert hits[:, 2].max() <= 127
        counts += np.bincount(hits[:, 1].astype(int), minlength=len(DRUMS))
    assert (counts > 5).all()


def test_a_clip_is_always_the_same_and_its_sound_rises_at_its_hits():
    clips = DrumClips(grid=GRID, margin=3648, n_frames=200, seed=3)
    first, again = clips.clip(4), clips.clip(4)
    for name, value in first.items():
        np.testing.assert_array_equal(value, again[name])
    assert first["audio"].shape == (199 * 320 + 2 * 3648,)
    assert first["onset"].shape == first["velocity"].shape == (200, len(DRUMS))
    rises = []
    for number in range(12):
        clip = clips.clip(number)
        audio = clip["audio"].numpy()[3648:]
        assert np.isfinite(audio).all()
        any_onset = clip["onset"].numpy().max(axis=1)
        kicks = np.flatnonzero(clip["onset"][:, 0].numpy() > 0.5)
        for frame in kicks[(kicks > 12) & (kicks < 190)]:
            if any_onset[frame - 12 : frame - 1].max() == 0.0:
                before = audio[frame * 320 - 1600 : frame * 320 - 320]
                after = audio[frame * 320 - 320 : frame * 320 + 1280]
                rises.append(np.abs(after).max() > np.abs(before).max())
    assert len(rises) > 5
    assert np.mean(rises) > 0.85


def test_an_excerpt_has_its_truth_on_the_keys_of_general_midi():
    excerpt = drum_excerpt(3, 6.0, RATE)
    assert len(excerpt.audio) == 6 * RATE
    assert len(excerpt.truth.notes) > 4
    assert all(note.track.is_drums and note.pitch in KIT for note in excerpt.truth.notes)


def test_fixed_templates_are_found_beside_what_is_no_drum():
    rng = np.random.default_rng(2)
    fixed = rng.random((60, 2), dtype=np.float32) ** 4
    fixed /= fixed.sum(axis=0)
    wanted = np.zeros((2, 80), dtype=np.float32)
    wanted[0, ::20] = 1.0
    wanted[1, 10::20] = 0.7
    other = rng.random((60, 1), dtype=np.float32) ** 4
    held = np.repeat(other / other.sum() * 0.5, 80, axis=1)
    found = partially_fixed_nmf(fixed @ wanted + held, fixed, n_free=1, n_iterations=120)
    for row in range(2):
        assert np.corrcoef(found[row], wanted[row])[0, 1] > 0.95
    with pytest.raises(ValueError, match="n_free"):
        partially_fixed_nmf(held, fixed, n_free=0)


def test_the_kits_own_templates_tell_when_kick_and_snare_are_struck():
    keys = {"kick": 36, "snare": 38, "hihat_closed": 42}
    templates = {drum: template_of([stroke(key, 80, RATE)], RATE) for drum, key in keys.items()}
    audio = np.zeros(4 * RATE, dtype=np.float32)
    at = {"kick": (0.5, 1.5, 2.5), "snare": (1.0, 2.0, 3.0), "hihat_closed": (0.75, 1.75)}
    for drum, times in at.items():
        sound = stroke(keys[drum], 110, RATE)[: RATE // 2]
        for time in times:
            audio[round(time * RATE) :][: len(sound)] += sound
    grown = drum_rises(audio, RATE, 320, templates)
    assert band_spectrogram(audio, RATE, 320).shape[1] == 400
    for drum, times in at.items():
        frames = [GRID.to_frame(time) for time in times]
        struck = [grown[drum][frame - 3 : frame + 4].max() for frame in frames]
        others = [
            grown[drum][GRID.to_frame(time) - 3 : GRID.to_frame(time) + 4].max()
            for other, moments in at.items()
            if other != drum
            for time in moments
        ]
        assert min(struck) > 1.5 * max(others), drum
    silent = drum_rises(np.zeros(RATE, np.float32), RATE, 320, templates)
    assert all(np.isfinite(row).all() for row in silent.values())


def test_a_score_at_its_threshold_is_a_half():
    assert against_threshold(0.3, 0.3) == 0.5
    assert against_threshold(1.0, 0.3) == 1.0
    assert against_threshold(0.0, 0.3) == 0.0
    assert against_threshold(0.15, 0.3) == pytest.approx(0.25)


@pytest.fixture(scope="module")
def shipped():
    model, card = load_transcription_model(find_model("drums"))
    return Candidate(model, card, model.grid, "cpu", 1)


@pytest.fixture(scope="module")
def excerpt():
    return drum_excerpt(2601, 8.0, RATE)


def test_the_teacher_is_right_where_it_is_sure(tmp_path, shipped, excerpt):
    path = tmp_path / "take.wav"
    soundfile.write(path, excerpt.audio, RATE)
    recording = load_recording(path, shipped.grid)
    teacher = choose_teacher("auto", shipped)
    assert isinstance(teacher, DrumTeacher)
    labels = tracks_of(teacher.opinion(recording, is_cancelled=lambda: False), recording, KIT)
    onset = labels.heads["onset"]
    assert onset.shape == (len(recording.level), len(DRUMS))
    assert set(labels.heads) == {"onset"}
    alone = hear(shipped.transcriber(), excerpt.audio).notes()
    truth = excerpt.truth.notes
    assert agreement(truth, labels.notes) > agreement(truth, alone) - 0.05
    # It says that nothing is struck no more often where something is than the network alone, and
    # leaves open what it is not sure of.
    alone_missed = [
        not any(hit.pitch == note.pitch and abs(hit.onset - note.onset) < 0.05 for hit in alone)
        for note in truth
    ]
    missed = [
        float(np.nanmax(onset[max(frame - 3, 0) : frame + 4, KIT.column(note.pitch)])) == 0.0
        for note in excerpt.truth.notes
        for frame in [shipped.grid.to_frame(note.onset)]
        if not np.isnan(onset[frame, KIT.column(note.pitch)])
    ]
    assert np.mean(missed) <= np.mean(alone_missed)
    assert np.isnan(onset).any()


def test_who_teaches_pianos_teaches_no_drums(shipped):
    with pytest.raises(CheckpointError, match="cannot teach drums"):
        choose_teacher("piano", shipped)


def test_what_the_user_decided_takes_the_place_of_what_the_teacher_says():
    taught = [TeacherNote(1.0, 1.1, KICK, 0.9), TeacherNote(2.0, 2.1, SNARE, 0.9)]
    labels = draw_tracks(taught, GRID, 400, trust=Trust(0.7, 0.3), axis=KIT)
    known = Corrections(
        (Passage(0.5, 1.5, (hit(1.2, SNARE), Note(1.3, 1.4, 60))),), wrong=(hit(2.0, SNARE),)
    )
    onset = with_corrections(labels, known, GRID, KIT).heads["onset"]
    kick, snare = KIT.column(KICK), KIT.column(SNARE)
    assert labels.heads["onset"][100, kick] == 1.0
    assert onset[100, kick] == 0.0
    assert onset[120, snare] == 1.0
    assert onset[200, snare] == 0.0
    assert onset.sum() == 1.0


def heard(scores):
    """Hits of the kick at seconds with these scores, and nothing else."""
    onset = np.zeros((1000, len(DRUMS)), dtype=np.float32)
    for time, score in scores.items():
        onset[GRID.to_frame(time), 0] = score
    model = Drums(DrumsConfig(n_maps=(2, 2, 2, 2), n_channels=4))
    values = {"onset": onset, "velocity": np.full_like(onset, 0.5)}
    return Heard(Activations(model.heads, values, GRID, decoder="drums"), DrumSettings())


def test_known_hits_move_the_threshold_of_their_drum_alone():
    soft = heard(dict.fromkeys((1.0, 2.0, 3.0, 4.0, 5.0, 6.0), 0.25))
    passage = Passage(0.5, 6.5, tuple(hit(float(time)) for time in range(1, 7)))
    current = {"onset": 0.4, "snare": 0.5}
    found = retuned_drum_thresholds([], [], [KnownHits(soft, (passage,))], current)
    assert found["kick"] < 0.25
    assert found["snare"] == 0.5
    assert found["crash"] == 0.4
    assert set(found) == set(DRUMS)
    # What is rehearsed speaks against it where it speaks louder.
    loud = {float(time): 0.8 for time in range(1, 10)}
    false = {time + 0.5: 0.25 for time in loud}
    rehearsed = 8 * [(heard(loud | false), [hit(time) for time in loud])]
    kept = retuned_drum_thresholds(rehearsed, [], [KnownHits(soft, (passage,))], current)
    assert kept["kick"] >= 0.25


def test_what_may_be_there_or_not_moves_no_threshold():
    found = heard(dict.fromkeys((1.0, 2.0, 3.0), 0.8) | dict.fromkeys((4.0, 5.0, 6.0), 0.45))
    known = tuple(hit(float(time)) for time in range(1, 4))
    others = tuple(hit(float(time)) for time in range(4, 7))
    current = {"onset": 0.4}
    strict = retuned_drum_thresholds(
        [], [], [KnownHits(found, (Passage(0.5, 6.5, known),))], current
    )
    assert strict["kick"] > 0.45
    unsure = Passage(0.5, 6.5, known, unsure=others)
    assert retuned_drum_thresholds([], [], [KnownHits(found, (unsure,))], current)["kick"] == 0.4


def test_the_live_head_learns_with_the_other():
    model = Drums(DrumsConfig(n_maps=(2, 2, 2, 2), n_channels=4))
    clip = DrumClips(grid=GRID, margin=model.margin, n_frames=60, seed=1).clip(0)
    batch = {name: value[None] for name, value in clip.items()}
    logits = model.train()(batch["audio"], batch["level"])
    losses = model.own_losses(logits, batch)
    losses["live"].backward()
    assert model.live_head[2].weight.grad.abs().sum() > 0
    assert set(model.eval()(batch["audio"], batch["level"])) == {"onset", "velocity"}
    changed = model.forward_changed(batch["audio"], batch["level"], lambda spectrum: spectrum)
    plain = model(batch["audio"], batch["level"])
    np.testing.assert_allclose(changed["onset"].detach(), plain["onset"].detach(), atol=1e-5)
