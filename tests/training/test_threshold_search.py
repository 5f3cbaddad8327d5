import pytest

from amtstudio.symbolic import Note, Transcription
from training.threshold_search import TuningPiece, tune


def piece(right, wrong, *, true_frame=0.5, slope=4.0, true_offset=None):
    """A piece that decodes to notes whose score passes the onset threshold.

    ``right`` and ``wrong`` are scores of notes that are in the reference and that are not. A note
    lasts the longer the lower the frame threshold; it has the right length at ``true_frame``, or
    where there is a ``true_offset`` only within 0.02 of that offset threshold.
    """
    reference = [Note(1.0 + i, 1.5 + i, 60) for i in range(len(right))]
    strays = [Note(1.0 + i, 1.5 + i, 90) for i in range(len(wrong))]

    def decode(onset, frame, offset):
        heard = zip(reference + strays, [*right, *wrong], strict=True)
        duration = max(0.01, 0.5 + slope * (true_frame - frame))
        if true_offset is not None:
            is_near = offset is not None and abs(offset - true_offset) < 0.025
            duration = 0.5 if is_near else 0.2
        return Transcription(
            tuple(Note(n.onset, n.onset + duration, n.pitch) for n, s in heard if s >= onset)
        )

    return TuningPiece(Transcription(tuple(reference)), decode)


def test_onset_threshold_lies_between_right_and_wrong_notes():
    tuned = tune([piece([0.9, 0.8, 0.735], [0.1, 0.2, 0.695])])
    assert tuned.onset in (0.7, 0.71, 0.72, 0.73)
    assert tuned.note_f1 == 1.0


def test_one_threshold_serves_all_pieces():
    # Alone the first would take 0.15 to 0.5 and the second 0.45 to 0.8; together 0.45 to 0.5.
    pieces = [piece([0.505], [0.12]), piece([0.82], [0.445])]
    tuned = tune(pieces)
    assert 0.45 <= tuned.onset <= 0.5
    assert tuned.note_f1 == 1.0


def test_mean_counts_pieces_and_not_notes():
    # Many notes ask for a threshold under 0.3, and two pieces of one note for one above 0.6.
    large = piece([0.3] * 12 + [0.9] * 12, [])
    small = piece([0.9], [0.6, 0.6, 0.6])
    tuned = tune([large, small, small])
    # At 0.61 and above: (2/3 + 1 + 1) / 3; at 0.3 and under: (1 + 2/5 + 2/5) / 3.
    assert tuned.onset > 0.6
    assert tuned.note_f1 == pytest.approx((2 / 3 + 1 + 1) / 3)


@pytest.mark.parametrize("frame_score", ["frame_aligned", "note_offset_aligned"])
def test_frame_threshold_gives_the_right_lengths(frame_score):
    # Notes are 40 ms too long or short at 0.01 from the true threshold. Offsets may be 100 ms
    # out: thresholds from 0.35 to 0.39 are equally good, and their middle is the true one.
    tuned = tune([piece([0.9], [], true_frame=0.37, slope=4.0)], frame_score=frame_score)
    assert tuned.frame == pytest.approx(0.37)
    assert tuned.frame_score_f1 == 1.0


def test_offset_threshold_is_found_where_it_helps():
    tuned = tune([piece([0.9], [], true_offset=0.13)])
    assert tuned.offset == pytest.approx(0.13)
    assert tuned.frame_score_f1 == 1.0


def test_offset_threshold_is_left_out_where_it_does_not_help():
    assert tune([piece([0.9], [], true_frame=0.4)]).offset is None


def test_the_middle_of_equal_thresholds_is_taken():
    # Right from 0.01 to 0.99: neither end is of use on other recordings.
    assert tune([piece([1.0], [])]).onset == pytest.approx(0.5, abs=0.05)


def test_nothing_to_tune_on_is_refused():
    with pytest.raises(ValueError, match="at least one piece"):
        tune([])
