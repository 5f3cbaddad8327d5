import numpy as np
import pytest
import torch

from amtstudio.features import FrameGrid
from amtstudio.features.dereverberation import dereverberated
from amtstudio.learning.label_tracks import draw_tracks
from amtstudio.learning.material import AdaptationMaterial, Labelled
from amtstudio.learning.opinion import TeacherNote, Trust
from amtstudio.learning.recordings import UserRecording
from amtstudio.learning.request import Corrections, Passage

GRID = FrameGrid(16000, 512)
MARGIN = 1024


class Rehearsed:
    """Clips that say their number."""

    def clip(self, index):
        return {"audio": torch.full((10,), float(index)), "level": torch.ones(4)}


def labelled(number, seconds, *, passages=(), taught=True):
    rng = np.random.default_rng(number)
    audio = (0.1 * rng.standard_normal(round(seconds * 16000))).astype(np.float32)
    entry = UserRecording(
        f"{number}.wav", f"{number:064d}", audio, GRID, Corrections(passages=passages)
    )
    notes = [TeacherNote(at, at + 0.3, 60, 0.9) for at in np.arange(0.5, seconds - 0.5)]
    n_frames = len(entry.level)
    tracks = draw_tracks(notes, GRID, n_frames, trust=Trust(0.6, 0.3)) if taught else None
    return Labelled(entry, tracks)


def material(adapt, tune=(), **options):
    return AdaptationMaterial(
        Rehearsed(), adapt, tune, margin=MARGIN, n_frames=40, clips=3, **options
    )


def test_a_model_that_dereverberates_learns_from_what_it_hears():
    rng = np.random.default_rng(7)
    audio = (0.1 * rng.standard_normal(10 * 16000)).astype(np.float32)
    entry = UserRecording("x.wav", "0" * 64, audio, GRID, dereverberates=True)
    np.testing.assert_array_equal(entry.audio, audio)
    np.testing.assert_array_equal(
        entry.heard, np.concatenate(list(dereverberated([audio], GRID.sample_rate)))
    )
    clip = entry.clip(10, 40, MARGIN)["audio"].numpy()
    first = 10 * GRID.hop_length - MARGIN
    np.testing.assert_array_equal(clip, entry.heard[first : first + len(clip)])
    assert not np.array_equal(clip, audio[first : first + len(clip)])


def test_a_step_always_gives_the_same_batch_and_half_of_it_is_rehearsed():
    batches = material([labelled(1, 20.0), labelled(2, 40.0)])
    assert batches.labelled(5)["audio"][:, 0].tolist() == [15.0, 16.0, 17.0]
    batch, again, other = batches.taught(5), batches.taught(5), batches.taught(6)
    assert batch["audio"].shape == (3, 39 * 512 + 2 * MARGIN)
    assert batch["onset"].shape == (3, 40, 88)
    for name, value in batch.items():
        torch.testing.assert_close(value, again[name], equal_nan=True)
    assert not torch.equal(batch["audio"], other["audio"])


def test_every_batch_touches_a_corrected_passage_however_short_it_is():
    passage = Passage(40.0, 44.0, ())
    entry = labelled(1, 85.0, passages=(passage,)).recording
    # A note a second, each of another pitch: it tells where a clip was cut from.
    notes = [TeacherNote(at, at + 0.3, 21 + at, 0.9) for at in range(86)]
    tracks = draw_tracks(notes, GRID, len(entry.level), trust=Trust(0.6, 0.3))
    batches = material([Labelled(entry, tracks)], seed=3)
    touched = []
    for step in range(200):
        clips = []
        for clip in batches.taught(step)["onset"]:
            row, pitch = divmod(int(clip.argmax()), 88)
            begin = pitch - GRID.to_seconds(row)
            clips.append(passage.start - 1.3 < begin < passage.end)
        assert any(clips)
        touched += clips
    # By its length alone, it would be 6 %; one clip of three is drawn for it, and of the others
    # 90 %, and 6 % of the rest.
    assert np.mean(touched) == pytest.approx(0.94, abs=0.03)


def test_when_to_stop_is_seen_on_recordings_that_are_not_learned_from():
    batches = material([labelled(1, 20.0)], [labelled(2, 30.0), labelled(3, 30.0)])
    clips = batches.check()
    assert len(clips) == 6
    assert all(clip["onset"].shape == (1, 40, 88) for clip in clips)
    for clip, again in zip(clips, batches.check(), strict=True):
        torch.testing.assert_close(clip["audio"], again["audio"])
    assert material([labelled(1, 20.0)], [labelled(2, 30.0, taught=False)]).check() == []


def test_where_the_teacher_labels_while_learning_there_are_no_labels():
    batch = material([labelled(1, 20.0, taught=False)]).taught(0)
    # What the teacher hears, and what the student hears.
    altered = {"altered_audio", "altered_level", "ratio"}
    assert set(batch) == {"audio", "level"} | altered
    with pytest.raises(ValueError, match="at least one recording"):
        material([])


def test_the_level_moves_with_the_gain_of_an_altered_clip():
    batch = material([labelled(1, 60.0)]).taught(2)
    for audio, level in zip(batch["audio"], batch["level"], strict=True):
        rms = float(audio.square().mean().sqrt())
        assert 0.5 < rms / float(level.mean()) < 2.0
