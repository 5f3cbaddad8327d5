import numpy as np
import pytest

from amtstudio.symbolic import Note, NoteTable, Transcription
from training.analyse_errors import analysis, main
from training.error_analysis import (
    band_order,
    chord_labels,
    compare,
    deviations,
    false_positive_labels,
    gap_labels,
    matched_velocities,
    polyphony_labels,
    register_labels,
    relation_labels,
    velocity_labels,
    velocity_line,
)


def transcription(*notes: tuple) -> Transcription:
    return Transcription(notes=tuple(Note(*note) for note in notes))


def arrays(*notes: tuple) -> NoteTable:
    return transcription(*notes).notes


def false_kind(stray: tuple, *truth: tuple) -> str:
    """The kind of ``stray`` where all of ``truth`` was heard too."""
    piece = compare("piece", transcription(*truth), transcription(*truth, stray))
    (label,) = false_positive_labels(piece)
    return str(label)


def test_compare_takes_the_median_lag_off():
    truth = transcription((1.0, 2.0, 60), (2.0, 3.0, 62), (3.0, 4.0, 64))
    # The first two lag by 60 ms; with that taken off, the third is 70 ms early.
    heard = transcription((1.06, 2.0, 60), (2.06, 3.0, 62), (2.99, 4.0, 64))
    piece = compare("piece", truth, heard)
    assert piece.median_deviation == pytest.approx(0.06)
    assert piece.found.tolist() == [True, True, False]
    assert piece.found_wide.tolist() == [True, True, True]
    assert piece.right.tolist() == [True, True, False]
    late, bands = deviations(piece)
    assert sorted(late) == pytest.approx([-0.07, 0.0, 0.0])
    assert set(bands) == {"80-89"}


def test_nothing_heard_is_no_failure():
    piece = compare("piece", transcription((1.0, 2.0, 60)), Transcription())
    assert piece.median_deviation == 0.0
    assert piece.found.tolist() == [False]


def test_velocity_and_register_bands():
    notes = arrays((1, 2, 21, 1), (2, 3, 47, 29), (3, 4, 60, 30), (4, 5, 108, 127))
    assert velocity_labels(notes).tolist() == ["1-19", "20-29", "30-39", "90+"]
    assert register_labels(notes).tolist() == ["A0-B1", "C2-B2", "C4-B4", "C6-C8"]


def test_polyphony_counts_what_sounds_and_chords_what_is_struck_together():
    notes = arrays((1.0, 3.0, 60), (1.02, 1.5, 64), (2.0, 3.0, 67), (3.0, 4.0, 72))
    # At 3.0 the first and third end, and only the last sounds.
    assert polyphony_labels(notes).tolist() == ["1", "2", "2", "1"]
    assert chord_labels(notes).tolist() == ["2", "2", "1", "1"]


def test_gap_is_counted_from_the_last_end_of_the_same_key():
    notes = arrays((1.0, 2.0, 60), (1.5, 1.8, 60), (2.02, 2.1, 60), (2.2, 2.3, 60), (9.0, 9.1, 60))
    assert gap_labels(notes).tolist() == [
        "first of its key",
        "still sounding",
        "up to 50 ms",
        "50 to 250 ms",
        "longer",
    ]


def test_relation_names_harmonics_of_notes_struck_together():
    notes = arrays((1.0, 2.0, 48), (1.01, 2.0, 60), (1.02, 2.0, 67), (1.03, 2, 50), (5.0, 6, 72))
    assert relation_labels(notes).tolist() == [
        "no harmonic",
        "octave above",
        "twelfth above",
        "no harmonic",
        "no harmonic",
    ]


@pytest.mark.parametrize(
    ("stray", "kind"),
    [
        ((2.0, 2.1, 72), "octave above"),
        ((2.0, 2.1, 48), "octave below"),
        ((2.0, 2.1, 79), "twelfth above"),
        ((2.0, 2.1, 84), "higher harmonic"),
        ((2.0, 2.1, 41), "lower subharmonic"),
        ((2.0, 2.1, 61), "neighbour"),
        ((2.0, 2.1, 66), "other"),
        ((2.3, 2.4, 72), "other"),  # 60 was struck 0.3 s before
        ((2.3, 2.4, 60), "re-trigger"),
        ((3.0, 3.1, 60), "re-trigger and harmonic"),  # 48 is struck then
    ],
)
def test_kinds_of_false_notes(stray, kind):
    assert false_kind(stray, (2.0, 4.0, 60), (3.0, 3.5, 48)) == kind


def test_a_note_found_too_late_is_mistimed():
    truth = transcription((1.0, 2.0, 60), (2.0, 3.0, 62), (3.0, 4.0, 64))
    heard = transcription((1.0, 2.0, 60), (2.0, 3.0, 62), (3.08, 4.0, 64))
    assert false_positive_labels(compare("piece", truth, heard)).tolist() == ["mistimed"]


def test_bands_are_in_their_order():
    labels = np.array(["90+", "1-19", "100"])
    assert band_order(labels) == ["1-19", "90+", "100"]
    assert band_order(np.array(["no harmonic", "octave above"])) == ["octave above", "no harmonic"]


def test_velocity_line_is_found():
    estimated = np.array([40.0, 60.0, 80.0])
    line = velocity_line(2.0 * estimated - 30.0, estimated)
    assert (line.slope, line.offset) == pytest.approx((2.0, -30.0))
    assert line.spread == pytest.approx(0.0, abs=1e-9)
    assert line.bias == pytest.approx(-30.0)
    assert line.correlation == pytest.approx(1.0)


def test_velocity_line_of_equal_velocities_has_no_correlation():
    assert velocity_line(np.array([50.0, 50.0]), np.array([40.0, 60.0])).correlation == 0.0


def test_velocity_line_needs_two_notes():
    with pytest.raises(ValueError, match="two notes"):
        velocity_line(np.array([50.0]), np.array([40.0]))


def test_velocities_are_of_matched_notes():
    truth = transcription((1.0, 2.0, 60, 50), (2.0, 3.0, 62, 70))
    heard = transcription((2.0, 3.0, 62, 77))
    true, estimated = matched_velocities(compare("piece", truth, heard))
    assert (true.tolist(), estimated.tolist()) == ([70.0], [77.0])


def test_analysis_tells_recall_and_false_notes():
    truth = transcription((1.0, 2.0, 60, 25), (2.0, 3.0, 62, 25), (3.0, 4.0, 64, 85))
    heard = transcription((1.0, 2.0, 60, 30), (3.0, 4.0, 64, 85), (3.0, 4.0, 76, 40))
    text = analysis([compare("prelude", truth, heard)])
    rows = [line.split() for line in text.splitlines()]
    assert ["20-29", "2", "50.0", "50.0", "100.0"] in rows
    assert ["80-89", "1", "100.0", "100.0", "0.0"] in rows
    assert ["octave", "above", "1", "100.0"] in rows
    assert any(row[:5] == ["prelude", "3", "66.7", "66.7", "66.7"] for row in rows)


def test_analysis_of_perfect_notes():
    truth = transcription((1.0, 2.0, 60, 25), (2.0, 3.0, 62, 45))
    assert "of 2 notes heard" in analysis([compare("prelude", truth, truth)])


def test_analysis_needs_a_piece():
    with pytest.raises(ValueError, match="at least one piece"):
        analysis([])


def test_command_analyses_a_folder(tmp_path, write_recording, capsys):
    write_recording(tmp_path / "two_notes.wav")
    assert main(["piano", str(tmp_path)]) == 0
    text = capsys.readouterr().out
    assert "two_notes" in text
    assert "Recall by register" in text


def test_command_without_recordings_says_so(tmp_path, capsys):
    assert main(["piano", str(tmp_path)]) != 0
    assert str(tmp_path) in capsys.readouterr().err
