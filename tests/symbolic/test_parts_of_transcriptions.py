from __future__ import annotations

import pytest

from amtstudio.symbolic import Note, Pedal, Transcription
from amtstudio.symbolic.parts import part_of

WHOLE = Transcription(
    notes=(Note(0.5, 1.5, 60), Note(1.0, 5.0, 64, 90, 0.5), Note(2.0, 2.5, 67), Note(3.0, 4.0, 72)),
    pedals=(Pedal(0.0, 0.9), Pedal(0.95, 1.2), Pedal(2.5, 6.0), Pedal(3.0, 7.0)),
    duration=10.0,
    file="a.wav",
    metadata={"title": "A"},
)


def test_a_part_holds_what_begins_in_it_cut_at_its_end():
    part = part_of(WHOLE, 1.0, 3.0)
    assert part.notes == (Note(1.0, 3.0, 64, 90, 0.5), Note(2.0, 2.5, 67))
    assert part.pedals == (Pedal(1.0, 1.2), Pedal(2.5, 3.0))
    assert (part.duration, part.file, part.metadata) == (3.0, "a.wav", {"title": "A"})


def test_times_count_from_the_beginning_of_the_part_where_that_is_wanted():
    part = part_of(WHOLE, 1.0, 3.0, from_zero=True)
    assert part.notes == (Note(0.0, 2.0, 64, 90, 0.5), Note(1.0, 1.5, 67))
    assert part.pedals[0].onset == 0.0
    assert part.pedals[0].offset == pytest.approx(0.2)
    assert part.duration == 2.0


def test_a_note_at_the_very_end_of_a_part_keeps_a_length():
    part = part_of(Transcription(notes=(Note(2.9999, 4.0, 60),), duration=5.0), 1.0, 3.0)
    assert part.notes[0].offset > part.notes[0].onset


def test_all_of_it_is_the_whole_and_nothing_is_empty():
    assert part_of(WHOLE, 0.0, 10.0) == WHOLE
    assert part_of(WHOLE, 8.0, 20.0).notes == ()
    assert part_of(WHOLE, 12.0, 20.0, from_zero=True).duration == 0.0


@pytest.mark.parametrize(("begin", "end"), [(3.0, 3.0), (4.0, 3.0), (-1.0, 3.0)])
def test_a_part_that_is_none_is_refused(begin, end):
    with pytest.raises(ValueError, match="need 0 <= begin < end"):
        part_of(WHOLE, begin, end)
