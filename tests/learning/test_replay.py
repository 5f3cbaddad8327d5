import numpy as np
import pytest

from amtstudio.features import FrameGrid
from amtstudio.features.tuning import TuningEstimator
from amtstudio.learning.replay import ReplayClips, bundled_music, played, sounding
from amtstudio.symbolic import Note, Pedal, Transcription

GRID = FrameGrid(16000, 512)


def test_no_piece_is_both_rehearsed_and_guarded():
    rehearsed, guarded = bundled_music("replay"), bundled_music("guard")
    assert len(rehearsed) >= 10
    assert len(guarded) >= 5
    for piece in guarded:
        first = [(note.pitch, round(note.onset, 2)) for note in piece.notes[:40]]
        assert all(
            first != [(note.pitch, round(note.onset, 2)) for note in other.notes[:40]]
            for other in rehearsed
        )
        assert len(piece.notes) > 60


def test_the_pedal_holds_and_a_key_struck_again_ends_its_note():
    notes = [Note(0.0, 0.5, 60), Note(1.0, 1.2, 60), Note(0.1, 0.2, 64)]
    rows = sounding(notes, [Pedal(0.4, 2.0)])
    ends = {(row[2], row[0]): row[1] for row in rows}
    assert ends == {(60, 0.0): 1.0, (60, 1.0): 2.0, (64, 0.1): 0.2}


def test_a_clip_is_repeatable_and_its_targets_lie_where_the_sound_is():
    piece = Transcription(
        tuple(Note(0.5 * step, 0.5 * step + 0.3, 60, 90) for step in range(60)), duration=30.0
    )
    clips = ReplayClips([piece], grid=GRID, margin=3072, n_frames=100, seed=4)
    clip = clips.clip(3)
    assert clip["audio"].shape == (99 * 512 + 2 * 3072,)
    assert clip["onset"].shape == (100, 88)
    assert clip["level"].shape == (100,)
    for name, values in clips.clip(3).items():
        np.testing.assert_array_equal(values.numpy(), clip[name].numpy())
    assert not np.array_equal(clips.clip(4)["audio"].numpy(), clip["audio"].numpy())
    # The sound grows within two frames of most onsets.
    energy = clip["audio"][3072:-3072].unfold(0, 512, 512).square().mean(dim=1).sqrt()
    onsets = np.flatnonzero(clip["onset"].max(dim=1).values.numpy() > 0.5)
    onsets = onsets[(onsets > 3) & (onsets < 94)]
    assert len(onsets)
    grows = [energy[at - 1 : at + 3].max() > 1.1 * energy[at - 3 : at - 1].min() for at in onsets]
    assert np.mean(grows) > 0.6


def test_some_clips_come_without_their_late_echo():
    piece = bundled_music("replay")[0]
    as_is = ReplayClips([piece], grid=GRID, margin=3072, n_frames=100, seed=4)
    without = ReplayClips(
        [piece], grid=GRID, margin=3072, n_frames=100, seed=4, dereverberates=True
    )
    changed = 0
    for number in range(12):
        found, expected = without.clip(number), as_is.clip(number)
        changed += not np.array_equal(found["audio"].numpy(), expected["audio"].numpy())
        np.testing.assert_array_equal(found["onset"].numpy(), expected["onset"].numpy())
    assert 5 <= changed < 12


def test_no_music_is_refused():
    with pytest.raises(ValueError, match="at least one piece"):
        ReplayClips([], grid=GRID, margin=0, n_frames=10)


def test_a_played_piece_is_heard_where_its_truth_says():
    piece = bundled_music("guard")[0]
    excerpt = played(piece, 1, seconds=8.0)
    assert len(excerpt.audio) == 8 * 16000
    assert excerpt.truth.notes
    assert all(note.onset < 8.0 for note in excerpt.truth.notes)
    np.testing.assert_array_equal(excerpt.audio, played(piece, 1, seconds=8.0).audio)
    assert np.abs(played(piece, 2, seconds=8.0).audio - excerpt.audio).max() > 0.001


def test_rehearsed_pianos_are_out_of_tune_as_pianos_are():
    """A model that only rehearsed 440 Hz would forget pianos that are a little off."""
    piece = Transcription(
        tuple(
            Note(2.0 * step + 0.05 * place, 2.0 * step + 1.9, pitch, 90)
            for step in range(20)
            for place, pitch in enumerate((57, 60, 64, 69))
        ),
        duration=40.0,
    )
    clips = ReplayClips([piece], grid=GRID, margin=3072, n_frames=200, seed=4)
    cents = []
    for number in range(14):
        estimator = TuningEstimator(16000)
        estimator.feed(clips.clip(number)["audio"].numpy())
        cents.append(estimator.cents())
    found = np.array([value for value in cents if value is not None])
    assert len(found) >= 10
    assert 6.0 < found.std() < 20.0  # a normal distribution of 12 cents
    assert np.abs(found).max() <= 50.0
