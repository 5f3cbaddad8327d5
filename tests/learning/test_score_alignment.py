"""Scores found in what a model heard: of activations drawn here, and of a recording."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from amtstudio.decoding import Activations
from amtstudio.errors import BadFileError
from amtstudio.features import FrameGrid
from amtstudio.formats import write_transcription
from amtstudio.learning.candidate import Candidate
from amtstudio.learning.control import RunControl
from amtstudio.learning.recordings import load_recording
from amtstudio.learning.replay import bundled_music, played
from amtstudio.learning.score_alignment import align_score
from amtstudio.learning.scored import with_scores
from amtstudio.learning.targets import render_targets
from amtstudio.models import find_model
from amtstudio.models.checkpoint import load_transcription_model
from amtstudio.symbolic import NoteTable, Transcription
from amtstudio.symbolic.heads import FRAME, ONSET

GRID = FrameGrid(16000, 512)


def played_notes(seconds=40.0):
    notes = bundled_music("guard")[0].notes
    return notes.take(np.flatnonzero(notes.offset < seconds))


def heard(notes, *, without=()):
    """What a perfect model hears of notes, but for those left out."""
    kept = notes.take(np.setdiff1d(np.arange(len(notes)), without))
    n_frames = GRID.to_frame(float(notes.offset.max())) + 20
    rows = np.column_stack([kept.onset, kept.offset, kept.pitch, np.full(len(kept), 64.0)])
    drawn = render_targets(rows, np.zeros((0, 2)), GRID, n_frames)
    values = {"onset": drawn.onset, "frame": drawn.frame}
    halves = {name: array.astype(np.float16) for name, array in values.items()}
    return Activations((ONSET, FRAME), halves, GRID)


def in_another_tempo(notes):
    """Half as fast at first, then faster than played."""
    knots, times = [0.0, 15.0, 60.0], [0.0, 30.0, 62.0]
    return replace(
        notes,
        onset=np.interp(notes.onset, knots, times),
        offset=np.interp(notes.offset, knots, times),
    )


def test_a_score_of_one_voice_is_not_what_is_played():
    """It would teach that the others are silence."""
    notes = played_notes()
    highest = np.array(
        [note.pitch >= notes.pitch[np.abs(notes.onset - note.onset) < 0.5].max() for note in notes]
    )
    found = align_score(notes.take(np.flatnonzero(highest)), heard(notes), onset_threshold=0.45)
    assert found.agrees
    assert found.missing > 0.65
    assert not found.fits
    some = np.arange(len(notes)) % 8 > 0  # an edition that leaves out an ornament here and there
    found = align_score(notes.take(np.flatnonzero(some)), heard(notes), onset_threshold=0.45)
    assert found.fits
    assert found.missing < 0.2


def test_notes_are_found_in_another_tempo():
    notes = played_notes()
    found = align_score(in_another_tempo(notes), heard(notes), onset_threshold=0.45)
    assert found.fits
    assert found.matched > 0.97
    labels = [note for passage in found.passages for note in passage.notes]
    assert len(labels) > 0.9 * len(notes)
    right = {(note.pitch, round(note.onset, 1)) for note in notes}
    near = [
        any((note.pitch, round(note.onset + shift, 1)) in right for shift in (-0.05, 0.0, 0.05))
        for note in labels
    ]
    assert np.mean(near) > 0.98


def test_what_is_not_heard_of_a_chord_is_known_and_a_lone_note_is_unsure():
    notes = played_notes()
    together = np.abs(notes.onset[:, None] - notes.onset) < 0.02
    in_chord = int(np.flatnonzero(together.sum(axis=1) > 1)[10])
    alone = int(np.flatnonzero(together.sum(axis=1) == 1)[10])
    activations = heard(notes, without=[in_chord, alone])
    found = align_score(in_another_tempo(notes), activations, onset_threshold=0.45)

    def holds(kind, number):
        return any(
            note.pitch == notes.pitch[number] and abs(note.onset - notes.onset[number]) < 0.1
            for passage in found.passages
            for note in getattr(passage, kind)
        )

    assert holds("notes", in_chord)
    assert holds("unsure", alone)
    assert not holds("notes", alone)


def test_another_piece_does_not_fit():
    notes = played_notes()
    other = bundled_music("guard")[2].notes
    found = align_score(other.take(np.arange(150)), heard(notes), onset_threshold=0.45)
    assert not found.fits


def test_a_score_without_notes_is_refused():
    with pytest.raises(ValueError, match="no notes"):
        align_score(NoteTable.of(()), heard(played_notes()), onset_threshold=0.45)


@pytest.fixture(scope="module")
def base():
    model, card = load_transcription_model(find_model("piano"))
    return Candidate(model, card, model.grid, "cpu", 1)


def test_a_recording_learns_from_its_score_and_refuses_that_of_another(tmp_path, base):
    import soundfile  # noqa: PLC0415

    excerpt = played(bundled_music("guard")[0], 5, seconds=20.0)
    soundfile.write(tmp_path / "take.wav", excerpt.audio, 16000)
    score, other = tmp_path / "piece.mid", tmp_path / "other.mid"
    slower = in_another_tempo(excerpt.truth.notes)
    write_transcription(Transcription(slower), score, format_name="midi")
    write_transcription(bundled_music("guard")[2], other, format_name="midi")
    recording = load_recording(
        tmp_path / "take.wav", base.grid, dereverberates=base.model.dereverberates
    )
    control = RunControl(tmp_path)
    (known,), fits = with_scores([recording], {recording.path: score}, base, control)
    assert fits["take.wav"].matched > 0.8
    assert sum(len(passage.notes) for passage in known.passages) > 0.6 * len(slower)
    assert known.corrected_s == 0.0  # the user has made nothing right
    with pytest.raises(BadFileError, match=r"does not fit take.wav: \d+ % of its notes"):
        with_scores([recording], {recording.path: other}, base, control)
