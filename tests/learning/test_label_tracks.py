import numpy as np
import pytest

from amtstudio.features import FrameGrid
from amtstudio.learning.label_tracks import (
    draw_tracks,
    load_tracks,
    save_tracks,
    with_corrections,
)
from amtstudio.learning.opinion import TeacherNote, Trust, Verdict
from amtstudio.learning.request import Corrections, Passage
from amtstudio.symbolic import Note

GRID = FrameGrid(16000, 512)  # 32 ms to a frame


def tracks(*notes, **options):
    return draw_tracks(notes, GRID, 40, trust=Trust(0.6, 0.3), **options)


def test_a_sure_note_is_drawn_a_doubtful_one_is_open_and_silence_is_zero():
    sure = TeacherNote(10.5 * 0.032, 20 * 0.032, 60, 0.9)
    doubtful = TeacherNote(20 * 0.032, 25 * 0.032, 64, 0.45)
    unlikely = TeacherNote(30 * 0.032, 35 * 0.032, 67, 0.3)
    drawn = tracks(sure, doubtful, unlikely)
    onset = drawn.heads["onset"]
    assert onset[10, 39] == 0.5
    assert onset[11, 39] == 0.5
    assert np.isnan(onset[18:23, 43]).all()
    assert np.isnan(onset).sum() == 5
    assert np.nansum(onset) == 1.0
    assert [note.pitch for note in drawn.notes] == [60, 64]  # 0.45 is nearer to 0.6 than to 0.3
    assert set(drawn.heads) == {"onset"}


def test_a_doubtful_note_never_hides_a_sure_one():
    pair = TeacherNote(0.32, 0.6, 60, 0.9), TeacherNote(0.36, 0.6, 60, 0.4)
    onset = tracks(*pair).heads["onset"]
    assert onset[10, 39] == 1.0


def test_frames_are_open_for_as_long_as_the_doubt_lasts():
    doubtful = TeacherNote(20 * 0.032, 25 * 0.032, 64, 0.45)
    frame = tracks(doubtful, teaches_frames=True).heads["frame"]
    assert np.isnan(frame[18:28, 43]).all()
    assert np.isnan(frame).sum() == 10


def test_each_note_is_taken_ignored_or_not_taken_and_drawn_so():
    trust = Trust(0.6, 0.3)
    by_sureness = {0.6: Verdict.TAKEN, 0.59: Verdict.IGNORED, 0.3: Verdict.NOT_TAKEN}
    for sureness, verdict in by_sureness.items():
        note = TeacherNote(10 * 0.032, 20 * 0.032, 60, sureness)
        assert trust.verdict(note) is verdict
        cell = tracks(note).heads["onset"][10, 39]
        assert {Verdict.TAKEN: cell == 1.0, Verdict.NOT_TAKEN: cell == 0.0}.get(
            verdict, np.isnan(cell)
        )


def test_trust_lies_about_a_threshold_and_within_its_bounds():
    assert Trust.about(0.5) == Trust(0.65, 0.35)
    assert Trust.about(0.9) == Trust(0.95, 0.75)
    assert Trust.about(0.05).surely_not == 0.02


def test_bounds_that_make_no_sense_are_refused():
    with pytest.raises(ValueError, match="surely_not < surely"):
        Trust(0.3, 0.3)


def test_a_clip_knows_nothing_beyond_the_recording():
    clip = tracks().clip(30, 20)["onset"]
    assert clip.shape == (20, 88)
    assert bool((clip[:10] == 0).all())
    assert bool(clip[10:].isnan().all())


def test_labels_come_back_from_the_disk(tmp_path):
    before = tracks(TeacherNote(0.3, 0.6, 60, 0.9), TeacherNote(0.7, 0.9, 60, 0.5))
    save_tracks(tmp_path / "x.npz", before)
    after = load_tracks(tmp_path / "x.npz")
    np.testing.assert_array_equal(after.heads["onset"], before.heads["onset"])
    assert after.notes == before.notes
    with np.load(tmp_path / "x.npz") as arrays:  # and nothing else, whatever the NumPy
        assert sorted(arrays.files) == ["notes", "onset"]


def test_within_a_passage_the_user_knows_everything():
    heard = tracks(TeacherNote(0.32, 0.5, 60, 0.9), TeacherNote(0.96, 1.1, 62, 0.9))
    truth = Note(0.64, 0.8, 64, 70)
    corrected = with_corrections(heard, Corrections(passages=(Passage(0.5, 0.9, (truth,)),)), GRID)
    onset = corrected.heads["onset"]
    assert onset[20, 43] == 1.0
    assert onset[10, 39] == 1.0  # outside, the teacher still speaks
    assert onset[30, 41] == 1.0
    frame = corrected.heads["frame"]
    assert frame[22, 43] == 1.0
    assert np.isnan(frame[5]).all()
    assert not np.isnan(frame[20]).any()


def test_single_decisions_overrule_the_teacher():
    heard = tracks(TeacherNote(0.32, 0.5, 60, 0.9))
    corrected = with_corrections(
        heard,
        Corrections(right=(Note(0.64, 0.8, 64),), wrong=(Note(0.32, 0.5, 60),)),
        GRID,
    )
    assert corrected.heads["onset"][:, 39].max() == 0.0
    assert corrected.heads["onset"][20, 43] == 1.0
    assert with_corrections(heard, Corrections(), GRID) is heard
