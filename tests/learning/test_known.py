from dataclasses import replace

import pytest

from amtstudio.engine import load_transcriber
from amtstudio.features import FrameGrid
from amtstudio.learning.known import known_scores
from amtstudio.learning.recordings import UserRecording
from amtstudio.learning.request import Corrections, Passage
from amtstudio.playback import render_transcription
from amtstudio.symbolic import Note, Track, Transcription

NOTES = tuple(Note(0.5 + 0.5 * n, 0.9 + 0.5 * n, 55 + 2 * n, 60 + 8 * n) for n in range(8))


@pytest.fixture(scope="module")
def scored():
    """From notes that are known to the scores of the shipped piano model on what was played."""
    audio = render_transcription(Transcription(NOTES, duration=5.0), 16000)
    transcriber = load_transcriber("piano", device="cpu", n_threads=1)
    take = UserRecording("take.wav", "0" * 64, audio, FrameGrid(16000, 512))

    def score(known, knows="all", *, passages=None):
        passages = passages or (Passage(0.0, 5.0, tuple(known), knows=knows),)
        recording = replace(take, corrections=Corrections(passages))
        return known_scores(transcriber, [recording], lambda: False)

    return score


def test_ends_are_scored_where_they_are_known(scored):
    right = scored(NOTES)
    assert right.with_ends > 0.7
    held = scored([replace(note, offset=note.offset + 2.0) for note in NOTES])
    assert held.f1 == right.f1
    assert held.with_ends == 0.0
    assert held.ends == (False,) * 8
    assert right.ends.count(True) >= 6
    one_held = scored([replace(NOTES[0], offset=9.0), *NOTES[1:]])
    assert one_held.ends == (False, *right.ends[1:])
    assert scored(NOTES, "onsets").with_ends is None
    assert scored(NOTES, "onsets").ends == ()
    assert scored(NOTES, "played").with_ends == right.with_ends


def test_of_ends_one_note_weighs_more_where_fewer_are_known(scored):
    both = (Passage(0.0, 2.4, NOTES[:4], knows="onsets"), Passage(2.4, 5.0, NOTES[4:]))
    found = scored((), passages=both)
    assert found.ends_note == pytest.approx(2 * found.note, rel=0.2)
    assert scored(NOTES).ends_note == scored(NOTES).note


def test_hits_of_drums_have_no_ends(scored):
    drums = Track.named("drums")
    found = scored([replace(note, track=drums) for note in NOTES])
    assert found.f1 == scored(NOTES).f1
    assert found.with_ends is None
    assert found.loudness == ()


def test_loudness_is_scored_note_by_note_where_it_is_known(scored):
    right = scored(NOTES).loudness
    assert right.count(True) >= 3
    assert right.count(None) <= 2
    missing = Note(2.25, 2.4, 100, 90)  # never played
    with_missing = scored([*NOTES[:4], missing, *NOTES[4:]]).loudness
    assert with_missing == (*right[:4], None, *right[4:])
    softer = scored([replace(note, velocity=note.velocity - 45) for note in NOTES]).loudness
    assert softer.count(True) == 0
    assert softer.count(False) == len(right) - right.count(None)
    # A score does not tell it, and neither do notes that all have one velocity.
    assert scored(NOTES, "onsets").loudness == ()
    assert scored([replace(note, velocity=64) for note in NOTES]).loudness == ()


def test_of_several_passages_each_note_counts_once(scored):
    halves = (
        Passage(0.0, 2.4, NOTES[:4]),
        Passage(2.4, 5.0, NOTES[4:]),
    )
    assert scored((), passages=halves) == scored(NOTES)
