import pytest

from amtstudio.errors import BadFileError, InputNotFoundError
from amtstudio.symbolic import Note, Pedal
from training.truth import extended_notes, read_maps_text, read_truth


def test_pedal_holds_notes_until_it_comes_up():
    notes = [Note(1.0, 1.5, 60), Note(1.2, 2.5, 64), Note(3.0, 3.5, 67)]
    extended = extended_notes(notes, [Pedal(1.4, 2.0)])
    # Only the first ends while the pedal is down.
    assert [note.offset for note in extended] == [2.0, 2.5, 3.5]


def test_pedal_holds_a_note_only_until_its_key_is_struck_again():
    notes = [Note(1.0, 1.2, 60), Note(1.8, 2.0, 60), Note(1.0, 1.2, 72)]
    extended = extended_notes(notes, [Pedal(0.5, 4.0)])
    assert [note.offset for note in extended] == [1.8, 4.0, 4.0]


def test_pedal_never_shortens_a_note_that_overlaps_the_next():
    notes = [Note(1.0, 2.0, 60), Note(1.5, 2.5, 60)]
    assert [note.offset for note in extended_notes(notes, [Pedal(1.0, 3.0)])] == [2.0, 3.0]


def test_pedal_pressed_after_the_key_came_up_changes_nothing():
    notes = [Note(1.0, 1.5, 60)]
    assert extended_notes(notes, [Pedal(1.51, 3.0)]) == notes
    assert extended_notes(notes, [Pedal(0.2, 1.5)]) == notes


def test_pedals_that_overlap_act_as_one():
    pedals = [Pedal(0.0, 5.0), Pedal(1.0, 2.0), Pedal(4.5, 6.0)]
    assert extended_notes([Note(1.0, 3.0, 60)], pedals)[0].offset == 6.0


def test_repedalling_lets_go():
    pedals = [Pedal(0.0, 2.0), Pedal(2.1, 4.0)]
    assert extended_notes([Note(1.0, 1.5, 60)], pedals)[0].offset == 2.0


def test_midi_with_pedal_on_either_side_of_64(tmp_path, write_midi):
    notes = [(1.0, 1.5, 60, 80), (3.0, 3.5, 62, 81)]
    pedal = [(1.2, 64), (2.0, 63), (3.2, 63), (4.0, 0)]
    path = write_midi(tmp_path / "piece.mid", notes, pedal)
    keys = [(n.onset, n.offset, n.pitch, n.velocity) for n in read_truth(path).notes]
    assert keys == [pytest.approx(note, abs=1e-3) for note in notes]
    held = read_truth(path, extend_by_pedal=True).notes
    assert [note.offset for note in held] == pytest.approx([2.0, 3.5], abs=1e-3)


def test_csv(tmp_path):
    path = tmp_path / "take.notes.csv"
    path.write_text("onset_s,offset_s,midi_pitch,velocity,instrument\n0.5,1.25,60,77,piano\n")
    assert read_truth(path).notes == (Note(0.5, 1.25, 60, 77),)


def test_maps_text(tmp_path):
    path = tmp_path / "MAPS_MUS-x_AkPnBcht.txt"
    path.write_text("OnsetTime\tOffsetTime\tMidiPitch\n1.0\t2.5\t60\n0.500004\t0.75\t72\n\n")
    truth = read_truth(path)
    assert truth.notes == (Note(0.500004, 0.75, 72), Note(1.0, 2.5, 60))
    assert truth.duration == 2.5


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "does not start with OnsetTime"),
        (b"hello\n", "does not start with OnsetTime"),
        (b"OnsetTime\tOffsetTime\tMidiPitch\n1.0\t2.0\n", "line 2"),
        (b"OnsetTime\tOffsetTime\tMidiPitch\n1.0\t2.0\t60\n3.0\t2.0\t60\n", "line 3: need 0 <="),
        (b"OnsetTime\tOffsetTime\tMidiPitch\n1.0\t2.0\tC4\n", "line 2"),
        (b"\xff\xfe\x00", "not a text file"),
    ],
)
def test_damaged_maps_text_is_refused(tmp_path, content, reason):
    path = tmp_path / "piece.txt"
    path.write_bytes(content)
    with pytest.raises(BadFileError, match=reason):
        read_maps_text(path)


def test_missing_maps_text(tmp_path):
    with pytest.raises(InputNotFoundError, match=r"gone\.txt"):
        read_maps_text(tmp_path / "gone.txt")
