import os
import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import soundfile

from amtstudio.errors import ProjectError
from amtstudio.features import FrameGrid
from amtstudio.learning.corrections import corrections_from, gathered, read_project
from amtstudio.learning.recordings import load_recording
from amtstudio.learning.request import Corrections, Request
from amtstudio.session import Document
from amtstudio.session.audio_reference import AudioReference
from amtstudio.session.labels import Labels
from amtstudio.session.values import NoteState, Passage, SessionNote
from amtstudio.symbolic import Note
from amtstudio.symbolic.instrument_tags import InstrumentTag


def entry(onset, pitch, state, number):
    note = Note(onset, onset + 0.5, pitch)
    original = None if state is NoteState.ADDED else note
    return SessionNote(id=number, note=note, state=state, original=original)


def test_passages_hold_their_notes_and_single_decisions_lie_outside():
    labels = Labels(
        audio=None,
        notes=(
            entry(1.0, 60, NoteState.ACCEPTED, 1),
            entry(2.5, 64, NoteState.ADDED, 2),
            entry(9.0, 67, NoteState.ADDED, 3),
            entry(9.5, 12, NoteState.ADDED, 4),  # no key of a piano
        ),
        accepted=(Passage(0.5, 3.0),),
        rejected=(Note(2.0, 2.2, 50), Note(8.0, 8.2, 72)),
        model="piano",
    )
    corrections = corrections_from(labels)
    (passage,) = corrections.passages
    assert (passage.start, passage.end) == (0.5, 3.0)
    assert [note.pitch for note in passage.notes] == [60, 64]
    assert [note.pitch for note in corrections.right] == [67]
    assert [note.pitch for note in corrections.wrong] == [72]


def test_a_project_brings_its_recording(tmp_path):
    audio = tmp_path / "take.wav"
    soundfile.write(audio, np.zeros(16000), 16000)
    project = tmp_path / "take.amts"
    document = Document.create(AudioReference.read(audio))
    document.save_as(project)
    document.close()
    request = gathered(Request("x", (project, audio, tmp_path / "other.wav")))
    assert request.recordings == (audio, tmp_path / "other.wav")  # named twice, learned from once
    assert [(path, known.project) for path, known in request.corrections.items()] == [
        (audio, project)
    ]
    audio.unlink()
    with pytest.raises(ProjectError, match="is missing"):
        gathered(Request("x", (Path(project),)))


@pytest.fixture
def takes(tmp_path):
    """Two projects with an accepted passage each, and their recordings."""
    made = []
    for number in (1, 2):
        audio, project = tmp_path / f"{number}.wav", tmp_path / f"{number}.amts"
        soundfile.write(audio, np.full(16000, number / 10), 16000)
        with Document.create(AudioReference.read(audio)) as document:
            document.add(Note(0.2, 0.4, 60))
            document.accept_passage(0.1, 0.9)
            document.save_as(project)
        made.append((project, audio))
    return made


@pytest.mark.parametrize("of", ["project", "recording"])
def test_what_is_said_of_a_project_joins_the_marks_in_it(takes, of):
    project, audio = takes[0]
    with Document.open(project) as document:
        document.tag_instrument("drums", 0.0, 0.5, is_heard=True)
        document.tag_instrument("piano", 0.0, 1.0, is_heard=True)
        document.save()
    named = project if of == "project" else audio
    said = Corrections(instruments=(InstrumentTag(0.0, 1.0, "drums", False),))
    request = gathered(Request("x", (project,), corrections={named: said}))
    assert list(request.corrections) == [audio]
    known = request.corrections[audio]
    assert known.instruments == (
        InstrumentTag(0.0, 1.0, "drums", False),
        InstrumentTag(0.0, 1.0, "piano", True),
    )
    assert len(known.passages) == 1


def change(audio, *, keeps_size):
    status = audio.stat()
    soundfile.write(audio, np.full(16000 if keeps_size else 20000, 0.7), 16000)
    if keeps_size:  # nothing but the content tells
        assert audio.stat().st_size == status.st_size
        os.utime(audio, ns=(status.st_atime_ns, status.st_mtime_ns))


@pytest.mark.parametrize("keeps_size", [True, False])
def test_passages_never_teach_with_another_recording(takes, keeps_size):
    (project, audio), (other, _) = takes
    change(audio, keeps_size=keeps_size)
    with pytest.raises(ProjectError, match=r"1\.wav is not the recording that 1\.amts"):
        read_project(project)
    assert len(read_project(other)[1].passages) == 1


def test_a_project_that_cannot_teach_is_told_and_the_others_go_on(takes, tmp_path):
    (project, audio), (other, sound) = takes
    change(audio, keeps_size=True)
    told = []
    request = gathered(Request("x", (project, other)), on_refused=told.append)
    assert (request.recordings, list(request.corrections)) == ((sound,), [sound])
    assert ["1.wav is not the recording" in str(error) for error in told] == [True]
    with pytest.raises(ProjectError, match=r"1\.wav is not the recording"):
        gathered(Request("x", (project,)), on_refused=told.append)


def test_a_recording_that_was_copied_along_with_its_project_teaches(takes, tmp_path):
    (project, audio), _ = takes
    folder = tmp_path / "copied"
    folder.mkdir()
    for path in (project, audio):
        shutil.copyfile(path, folder / path.name)
    change(audio, keeps_size=True)
    assert read_project(folder / project.name)[0] == folder / audio.name


def test_nothing_is_learned_from_another_recording_than_was_corrected(tmp_path):
    audio, project = tmp_path / "take.wav", tmp_path / "take.amts"
    soundfile.write(audio, np.full(6 * 16000, 0.1), 16000)
    with Document.create(AudioReference.read(audio)) as document:
        document.accept_passage(0.1, 0.9)
        document.save_as(project)
    known = gathered(Request("x", (project,))).corrections[audio]
    grid = FrameGrid(16000, 512)
    assert load_recording(audio, grid, known).corrected_s == pytest.approx(0.8)
    assert load_recording(audio, grid, replace(known, sha256="")).corrections.passages
    soundfile.write(audio, np.full(6 * 16000, 0.2), 16000)  # in the place of it
    with pytest.raises(ProjectError, match=r"take\.wav is not the recording that was corrected"):
        load_recording(audio, grid, known)
