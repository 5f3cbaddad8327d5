"""Pitches between keys: 50 cents either way, judged by mir_eval over the whole piece."""

from __future__ import annotations

import mir_eval
import numpy as np
import pytest

from amtstudio.scoring import score_notes
from amtstudio.scoring.matching import match_notes, pitches_of
from amtstudio.symbolic import Note, NoteTable, Transcription


def sung(*rows: tuple[float, float, float]) -> Transcription:
    """Notes of onset, offset and fractional pitch, on the key below."""
    notes = [Note(on, off, int(p), bend=((0.0, 100.0 * (p - int(p))),)) for on, off, p in rows]
    return Transcription(NoteTable.of(notes))


def test_notes_match_within_fifty_cents_whatever_their_keys():
    reference = sung((0.0, 0.5, 60.9), (1.0, 1.5, 64.5))
    estimate = sung((0.01, 0.5, 61.2), (1.01, 1.5, 64.1))
    assert score_notes(reference, estimate).note.f1 == 1.0
    assert score_notes(reference, sung((0.0, 0.5, 61.5), (1.0, 1.5, 64.1))).note.f1 == 0.5


def test_an_estimate_that_was_heard_out_of_tune_is_put_where_it_sounds():
    reference = sung((0.0, 0.5, 60.4))
    estimate = sung((0.0, 0.5, 59.7))
    assert score_notes(reference, estimate).note.f1 == 0.0
    assert score_notes(reference, estimate, estimate_cents=30.0).note.f1 == 1.0


def test_a_reference_on_keys_is_matched_by_keys():
    reference = Transcription((Note(0.0, 0.5, 60),))
    # A singer 60 cents sharp of the key that was meant.
    assert score_notes(reference, sung((0.0, 0.5, 60.6))).note.f1 == 1.0


def test_where_a_note_lies_is_the_median_of_its_bend():
    slide = Transcription((Note(0.0, 1.0, 58, bend=((0.0, 0.0), (0.2, 240.0))),))
    assert score_notes(sung((0.0, 1.0, 60.4)), slide).note.f1 == 1.0


@pytest.mark.parametrize("tolerance", [0.05, 0.1])
@pytest.mark.parametrize("offset_ratio", [None, 0.2])
def test_stretch_by_stretch_finds_what_mir_eval_finds_at_once(tolerance, offset_ratio):
    rng = np.random.default_rng(3)

    def made(count):
        onset = np.round(rng.uniform(0.0, 30.0, count), 3)
        offset, pitch = onset + rng.uniform(0.1, 1.0, count), rng.uniform(60.0, 61.5, count)
        return sung(*zip(onset, offset, pitch, strict=True)).notes

    one, other = made(150), made(170)
    pitches = pitches_of(one, other)
    found = match_notes(
        one, other, onset_tolerance=tolerance, offset_ratio=offset_ratio, pitches=pitches
    )
    wanted = mir_eval.transcription.match_notes(
        np.column_stack([one.onset, one.offset]),
        mir_eval.util.midi_to_hz(pitches[0]),
        np.column_stack([other.onset, other.offset]),
        mir_eval.util.midi_to_hz(pitches[1]),
        onset_tolerance=tolerance,
        offset_ratio=offset_ratio,
    )
    assert len(found) == len(wanted) > 5


def test_octave_errors_are_counted_by_themselves():
    reference = Transcription((Note(0.0, 0.5, 60), Note(1.0, 1.5, 64), Note(2.0, 2.5, 55)))
    rows = ((0.0, 0.5, 72), (1.0, 1.5, 64), (2.0, 2.5, 60), (1.0, 1.5, 76))
    estimate = Transcription(tuple(Note(*row) for row in sorted(rows)))
    # 72 stands for 60; 76 is a ghost above a note that was found; 60 is a fourth off.
    assert score_notes(reference, estimate).octave_errors == pytest.approx(0.25)
