from dataclasses import replace

import torch

from amtstudio.engine import load_transcriber
from amtstudio.features import FrameGrid
from amtstudio.learning.candidate import Candidate, corrected_f1
from amtstudio.learning.recordings import UserRecording
from amtstudio.learning.request import Corrections, Passage
from amtstudio.models import find_model
from amtstudio.models.checkpoint import load_model
from amtstudio.playback import render_transcription
from amtstudio.symbolic import Note, Transcription


def test_half_way_between_two_models():
    model, card = load_model(find_model("piano"))
    base = Candidate(model, card, model.grid, "cpu", 1)
    student = base.copied()
    with torch.no_grad():
        student.model.head.bias += torch.tensor([2.0, 0.0, -1.0, 0.0])
    before = base.model.head.bias.clone()
    half = base.towards(student, 0.5)
    moved = half.model.head.bias - before
    torch.testing.assert_close(moved, torch.tensor([1.0, 0.0, -0.5, 0.0]))
    assert torch.equal(base.model.head.bias, before)
    whole = base.towards(student, 1.0).model.state_dict()
    for name, value in student.model.state_dict().items():
        torch.testing.assert_close(whole[name], value)


def test_ends_of_known_notes_are_scored_where_they_are_known():
    notes = tuple(Note(0.5 + 0.5 * n, 0.9 + 0.5 * n, 55 + 2 * n, 85) for n in range(8))
    audio = render_transcription(Transcription(notes, duration=5.0), 16000)
    transcriber = load_transcriber("piano", device="cpu", n_threads=1)
    take = UserRecording("take.wav", "0" * 64, audio, FrameGrid(16000, 512))

    def scored(known, knows="all"):
        passages = (Passage(0.0, 5.0, known, knows=knows),)
        recording = replace(take, corrections=Corrections(passages))
        return corrected_f1(transcriber, [recording], lambda: False)

    right = scored(notes)
    assert right.with_ends > 0.7
    held = scored(tuple(replace(note, offset=note.offset + 2.0) for note in notes))
    assert held.f1 == right.f1
    assert held.with_ends == 0.0
    assert scored(notes, "onsets").with_ends is None
    assert scored(notes, "played").with_ends == right.with_ends
