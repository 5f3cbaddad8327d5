import numpy as np
import pytest

from amtstudio.engine import load_transcriber
from amtstudio.features import FrameGrid
from amtstudio.learning.control import RunControl
from amtstudio.learning.label_tracks import tracks_of
from amtstudio.learning.lesson import _labels
from amtstudio.learning.opinion import Opinion, TeacherNote, Trust
from amtstudio.learning.recordings import UserRecording
from amtstudio.learning.split import split_recordings
from amtstudio.learning.teachers import EngineTeacher, EnsembleTeacher, View, merged
from amtstudio.playback import render_transcription
from amtstudio.symbolic import Note, Transcription
from amtstudio.symbolic.heads import PIANO_KEYS

GRID = FrameGrid(16000, 512)
NOTES = [Note(0.5 + 0.45 * step, 0.9 + 0.45 * step, 50 + 3 * step, 85) for step in range(10)]


@pytest.fixture(scope="module")
def recording():
    audio = render_transcription(Transcription(tuple(NOTES), duration=6.0), 16000)
    return UserRecording("scale.wav", "0" * 64, audio, GRID)


def heard(*rows):
    return np.array(rows, float).reshape(-1, 3)


def test_views_are_averaged_and_a_missing_one_counts_as_zero():
    notes = merged(
        [heard((1.00, 60, 0.9), (2.0, 64, 0.4)), heard((1.02, 60, 0.5)), heard((1.5, 60, 0.3))]
    )
    found = [(round(note.onset, 3), note.pitch, round(note.sureness, 3)) for note in notes]
    # (1.00 * .9 + 1.02 * .5) / 1.4; (.9 + .5 + 0) / 3
    assert found == [(1.007, 60, 0.467), (1.5, 60, 0.1), (2.0, 64, 0.133)]


def test_two_strikes_in_one_view_stay_two():
    notes = merged([heard((1.0, 60, 0.9), (1.1, 60, 0.8))])
    assert [note.onset for note in notes] == [1.0, 1.1]


def test_no_views_no_teacher():
    transcriber = load_transcriber("piano", device="cpu", n_threads=1)
    with pytest.raises(ValueError, match="at least one view"):
        EnsembleTeacher(transcriber, views=[])


@pytest.mark.parametrize("view", [View(delay=300), View(cents=100.0), View(cents=-100.0, delay=77)])
def test_a_shifted_view_hears_the_same_notes_at_the_same_time(view, recording):
    teacher = EnsembleTeacher(
        load_transcriber("piano", device="cpu", n_threads=1), views=[View(), view]
    )
    labels = tracks_of(teacher.opinion(recording, is_cancelled=lambda: False), recording)
    assert [note.pitch for note in labels.notes] == [note.pitch for note in NOTES]
    for found, true in zip(labels.notes, NOTES, strict=True):
        assert found.onset == pytest.approx(true.onset, abs=0.02)
    # Shares of two frames, in half precision.
    assert np.nansum(labels.heads["onset"].astype(float)) == pytest.approx(10, abs=0.05)


def test_an_engine_is_trusted_but_for_keys_that_no_piano_has(recording):
    def notes_of(audio, sample_rate, is_cancelled):
        assert (len(audio), sample_rate) == (len(recording.audio), 16000)
        return [(1.0, 1.5, 60), (2.0, 2.5, 3)]

    opinion = EngineTeacher("other", notes_of).opinion(recording, is_cancelled=lambda: False)
    labels = tracks_of(opinion, recording)
    assert [note.pitch for note in labels.notes] == [60]
    assert not np.isnan(labels.heads["onset"]).any()


class Doubtful:
    """A teacher that is sure of nothing."""

    name, is_better = "doubtful", False

    def opinion(self, recording, *, is_cancelled, on_progress=None):
        return Opinion((TeacherNote(1.0, 1.3, 60, 0.7),), Trust(0.8, 0.2))


@pytest.mark.parametrize(
    ("trust", "label"), [(None, np.nan), (Trust(0.6, 0.2), 1.0), (Trust(0.9, 0.75), 0.0)]
)
def test_how_sure_a_teacher_has_to_be_can_be_asked_for(recording, tmp_path, trust, label):
    split = split_recordings([recording])
    tracks = _labels(Doubtful(), split, RunControl(tmp_path), PIANO_KEYS, trust)
    onset = tracks[recording.sha256].heads["onset"].astype(float)
    at = GRID.to_frame(1.0)
    around = onset[at - 1 : at + 3, PIANO_KEYS.column(60)]
    assert around.sum() == pytest.approx(label, abs=0.01, nan_ok=True)
