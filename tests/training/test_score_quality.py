from __future__ import annotations

import numpy as np
import pytest

from amtstudio.formats.musicxml import dump_musicxml
from amtstudio.notation import arrange
from amtstudio.symbolic import Note, TempoMap, Transcription
from training.score_quality import compare, score_piece
from training.score_truth import read_pieces

pytestmark = pytest.mark.filterwarnings("ignore")


@pytest.fixture
def pieces(tmp_path, partitura):
    """A scale over a bass, as our own score of it says, read by partitura."""
    scale = (0, 2, 4, 5, 7, 9, 11, 12)
    notes = [Note(0.5 * i, 0.5 * i + 0.5, 72 + scale[i % 8]) for i in range(64)]
    notes += [Note(2.0 * i, 2.0 * i + 2.0, 43) for i in range(16)]
    tempo = TempoMap(np.arange(65) * 0.5, np.arange(65) % 4 == 0)
    path = tmp_path / "scale.musicxml"
    path.write_bytes(dump_musicxml(Transcription(notes, tempo=tempo)))
    return read_pieces(path, of_piano=True)


def test_what_is_written_is_read(pieces):
    (piece,) = pieces
    assert len(piece.notes) == 80
    first, second = piece.notes[:2]
    assert (first.pitch, first.length, first.staff, first.place) == (43, 4.0, 2, 0.0)
    assert (second.step, second.alter, second.length, second.staff) == ("C", 0, 1.0, 1)
    assert {note.place for note in piece.notes} == {0.0, 1.0, 2.0, 3.0}
    assert piece.beats[:5].tolist() == [0, 1, 2, 3, 4]


def test_a_plain_piece_is_found_as_it_was_written(pieces):
    assert score_piece(pieces[0], 0, playing="as written", beats="true") == (1.0,) * 5
    value, name, moved, hand, place = score_piece(pieces[0], 1, playing="expressive", beats="true")
    assert min(value, place) > 0.8
    assert name == moved == hand == 1.0


def test_wrong_beats_cost_values_and_places(pieces):
    (piece,) = pieces
    transcription, written = piece.performance(None)
    halved = TempoMap(
        transcription.tempo.beats[::2], np.arange(len(transcription.tempo.beats[::2])) % 3 == 0
    )
    wrong = Transcription(transcription.notes, tempo=halved)
    value, name, moved, hand, place = compare(arrange(wrong), written)
    assert value < 0.1
    assert place < 0.5
    assert name == moved == hand == 1.0


def test_a_tracker_that_is_told_the_meter_keeps_to_it(pieces):
    value, *_, place = score_piece(pieces[0], 0, playing="as written", beats="told")
    assert min(value, place) > 0.9
