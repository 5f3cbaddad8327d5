import pytest
import torch

from amtstudio.learning.cell_agreement import CellAgreement

NAN = float("nan")


def rows(*values):
    """One clip of one pitch: a value for each frame."""
    return torch.tensor(values).reshape(1, -1, 1)


def test_onsets_within_a_frame_agree_and_the_unknown_is_left_out():
    agreement = CellAgreement()
    # Wanted in frames 1 and 6; claimed in frame 2, in 4 by mistake, and in 8, where none knows.
    labels = rows(0.0, 1.0, 0.0, 0.0, 0.0, 0.0, 0.9, 0.0, NAN)
    logits = rows(-3.0, -3.0, 2.0, -3.0, 1.0, -3.0, -3.0, -3.0, 4.0)
    agreement.add(logits, labels)
    # One of two wanted is met, one of two claimed is right.
    assert agreement.take() == pytest.approx(0.5)


def test_counts_add_up_and_begin_anew():
    agreement = CellAgreement()
    same = rows(0.0, 1.0, 0.0, 0.0)
    agreement.add(8.0 * same - 4.0, same)
    agreement.add(rows(-1.0, -1.0, -1.0, -1.0), same)
    # Twice wanted, once met; once claimed, once right.
    assert agreement.take() == pytest.approx(2 / 3)
    assert agreement.take() is None
