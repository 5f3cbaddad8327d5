import numpy as np
import pytest
import torch

from amtstudio.features import FrameGrid
from amtstudio.learning.label_tracks import LabelTracks, with_corrections
from amtstudio.learning.moved_labels import moved_labels
from amtstudio.learning.request import Corrections, Passage
from amtstudio.learning.targets import render_targets
from amtstudio.symbolic import Note

GRID = FrameGrid(16000, 512)
N_FRAMES = 100
NOTES = [(0.301, 0.9, 60), (0.62, 1.31, 64), (1.7, 1.76, 60), (1.764, 2.6, 60), (2.2, 2.9, 107)]
SHARP = 2.0 ** (45 / 1200)


def drawn(notes, ratio=1.0, n_frames=N_FRAMES):
    rows = np.array([(on / ratio, off / ratio, pitch, 64.0) for on, off, pitch in notes])
    targets = render_targets(rows, np.zeros((0, 2)), GRID, n_frames)
    names = ("onset", "offset", "frame")
    return {name: torch.from_numpy(getattr(targets, name)) for name in names}


@pytest.mark.parametrize("ratio", [SHARP, 1 / SHARP, 1.01])
def test_events_are_drawn_as_if_the_notes_had_been_moved(ratio):
    source = drawn(NOTES, n_frames=N_FRAMES + 10)
    moved = moved_labels(source, ratio, 0.0, N_FRAMES)
    wanted = drawn(NOTES, ratio)
    for head in ("onset", "offset"):
        torch.testing.assert_close(moved[head], wanted[head], atol=2e-3, rtol=0)
    # Interpolated: less exact at the ends, and nearly the same in total, but for a gap in a frame.
    assert float((moved["frame"] - wanted["frame"]).abs().max()) < 0.3
    totals = moved["frame"].sum(dim=0) - wanted["frame"].sum(dim=0)
    assert float(totals.abs().max()) < 0.5


def test_nothing_changes_where_nothing_moves():
    source = drawn(NOTES, n_frames=N_FRAMES + 1)
    moved = moved_labels(source, 1.0, 0.0, N_FRAMES)
    for head, values in moved.items():
        torch.testing.assert_close(values, source[head][:N_FRAMES])
    longer = moved_labels(source, 1.0, 0.0, N_FRAMES + 3)["onset"]
    assert torch.isnan(longer[-2:]).all()


def test_what_is_not_known_stays_unknown():
    source = drawn(NOTES)
    source["onset"][40:60] = torch.nan  # 1.28 to 1.92 s: the third note and the fourth
    source["onset"][9, 39] = torch.nan  # half of the first one's onset
    moved = moved_labels(source, SHARP, 0.0, N_FRAMES)["onset"]
    assert torch.isnan(moved[40:57]).all()
    assert not torch.isnan(moved[60:90]).any()
    assert torch.isnan(moved[8:11, 39]).any()
    assert float(torch.nan_to_num(moved[:, 39]).sum()) == 0.0
    assert torch.isnan(moved[-2:]).all()  # beyond the end of the labels
    assert float(torch.nan_to_num(moved[:, 43]).sum()) == pytest.approx(1.0)


def corrected(*notes):
    nothing = np.full((N_FRAMES, 88), np.nan, dtype=np.float16)
    known = Corrections((Passage(0.0, 3.2, notes),))
    tracks = with_corrections(LabelTracks({"onset": nothing}, ()), known, GRID)
    return tracks.clip(0, N_FRAMES)


def test_the_bend_of_a_corrected_note_is_raised_with_its_sound():
    labels = corrected(Note(0.5, 1.5, 60, bend=((0.0, 0.0),)), Note(0.5, 1.5, 67))
    assert torch.nan_to_num(labels["bend"], nan=9.0)[25, 39] == 0.0
    moved = moved_labels(labels, 2.0 ** (40 / 1200), 0.4, N_FRAMES)
    assert float(moved["bend"][25, 39]) == pytest.approx(0.4)
    assert torch.isnan(moved["bend"][:, 46]).all()  # how far it is off nobody said
    assert float(moved["onset"][:, 39].nansum()) == pytest.approx(1.0)


@pytest.mark.parametrize(
    ("cents", "shift", "key"), [(20, 0.4, 40), (-20, -0.4, 38), (20, -0.4, 39)]
)
def test_a_note_that_comes_nearer_to_the_next_key_is_written_there(cents, shift, key):
    bend = ((0.0, float(cents)), (0.5, cents + 5.0), (1.0, float(cents)))
    labels = corrected(Note(0.5, 1.5, 60, bend=bend), Note(0.8, 1.2, 67))
    moved = moved_labels(labels, 2.0 ** (shift / 12), shift, N_FRAMES)
    for head in ("onset", "offset"):
        totals = torch.nan_to_num(moved[head]).sum(dim=0)
        assert {int(column) for column in torch.nonzero(totals)} == {key, 46}
        torch.testing.assert_close(totals[[key, 46]], torch.ones(2), atol=2e-3, rtol=0)
    assert float(moved["frame"][25, key]) == 1.0
    bends = moved["bend"][:, key]
    assert float(bends.nanmedian()) == pytest.approx(cents / 100 + shift - (key - 39), abs=0.03)
    if key != 39:
        assert torch.isnan(moved["bend"][:, 39]).all()
        assert float(moved["frame"][25, 39]) == 0.0


def test_a_string_that_is_bent_by_more_than_a_semitone_stays_on_its_fret():
    labels = corrected(Note(0.5, 1.5, 60, bend=((0.0, 100.0),)))
    moved = moved_labels(labels, 2.0 ** (30 / 1200), 0.3, N_FRAMES)
    assert float(moved["bend"][25, 39]) == pytest.approx(1.3, abs=1e-3)
    assert float(moved["frame"][25, 40]) == 0.0
