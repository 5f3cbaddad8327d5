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
from amtstudio.learning.joined_corrections import joined
from amtstudio.learning.recordings import UserRecording, load_recording
from amtstudio.learning.request import Corrections, Request
from amtstudio.learning.request import Passage as TaughtPassage
from amtstudio.learning.split import split_recordings
from amtstudio.session import Document
from amtstudio.session.audio_reference import AudioReference
from amtstudio.session.labels import Labels
from amtstudio.session.values import NoteState, Passage, SessionNote
from amtstudio.symbolic import Note, Track
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
        # Of a deleted track: one is a note that is known after all, one lies outside.
        dropped=(Note(2.2, 2.4, 45), Note(2.45, 3.0, 64), Note(8.2, 8.4, 43)),
    )
    corrections = corrections_from(labels)
    (passage,) = corrections.passages
    assert (passage.start, passage.end) == (0.5, 3.0)
    assert [note.pitch for note in passage.notes] == [60, 64]
    assert [note.pitch for note in corrections.right] == [67]
    assert [note.pitch for note in corrections.wrong] == [72]
    assert [note.pitch for note in passage.unsure] == [45]


def test_of_a_deleted_track_it_is_not_known_what_is_missing():
    """A passage from which all drums went says nothing about drums, and all about the others."""
    drums = Track.named("drums")
    hit = Note(1.5, 1.6, 36, track=drums)
    labels = Labels(
        audio=None,
        notes=(entry(1.0, 60, NoteState.ACCEPTED, 1),),
        accepted=(Passage(0.5, 3.0), Passage(5.0, 6.0)),
        rejected=(),
        model="melodic",
        dropped=(hit,),
    )
    known = corrections_from(labels)
    (silent,) = known.only(drums=True).passages
    assert (silent.start, silent.notes) == (5.0, ())
    first, second = known.only(drums=False).passages
    assert (first.unsure, second.notes) == ((), ())


def test_what_is_right_later_is_not_unsure_any_more():
    unsure = Note(1.5, 1.8, 45)
    earlier = Corrections((TaughtPassage(0.5, 3.0, (Note(1.0, 1.4, 60),), unsure=(unsure,)),))
    later = Corrections(right=(replace(unsure, onset=1.52),))
    (passage,) = joined(earlier, later).passages
    assert [note.pitch for note in passage.notes] == [60, 45]
    assert passage.unsure == ()


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


def _corrected(audio, project, *passages, notes=()):
    with Document.create(AudioReference.read(audio)) as document:
        for note in notes:
            document.add(note)
        for start, end in passages:
            document.accept_passage(start, end)
        document.save_as(project)
    return project


def test_two_projects_of_one_recording_teach_together(tmp_path):
    audio = tmp_path / "take.wav"
    soundfile.write(audio, np.full(64000, 0.1), 16000)
    early, late = tmp_path / "early.amts", tmp_path / "late.amts"
    _corrected(audio, early, (0.0, 2.0), notes=[Note(0.5, 0.7, 60), Note(1.5, 1.7, 62)])
    _corrected(audio, late, (1.0, 3.0), notes=[Note(1.2, 1.4, 64), Note(0.6, 0.8, 67)])
    known = gathered(Request("x", (early, late))).corrections[audio]
    told = {(p.start, p.end): [note.pitch for note in p.notes] for p in known.passages}
    assert told == {(0.0, 1.0): [60, 67], (1.0, 3.0): [64]}  # the later project is right
    assert (known.right, known.project) == ((), late)
    other = gathered(Request("x", (late, early))).corrections[audio]
    told = {(p.start, p.end): [note.pitch for note in p.notes] for p in other.passages}
    assert told == {(2.0, 3.0): [], (0.0, 2.0): [60, 62]}


@pytest.mark.parametrize("first", ["project", "recording"])
def test_a_recording_beside_its_project_is_one_however_it_is_named(
    takes, tmp_path, monkeypatch, first
):
    project, audio = takes[0]
    monkeypatch.chdir(tmp_path)
    (tmp_path / "link.wav").symlink_to(audio)
    names = [project, Path(audio.name), Path("link.wav")]
    score = Path("score.mid")
    said = Corrections(instruments=(InstrumentTag(0.0, 1.0, "drums", True),))
    request = gathered(
        Request(
            "x",
            tuple(names if first == "project" else names[::-1]),
            corrections={Path(audio.name): said},
            scores={Path(audio.name): score},
        )
    )
    (recording,) = request.recordings
    assert recording.samefile(audio)
    assert request.scores == {recording: score}
    (known,) = request.corrections.values()
    assert list(request.corrections) == [recording]
    assert len(known.passages) == len(known.instruments) == 1


def test_single_notes_decided_on_later_overrule_earlier_ones():
    earlier = Corrections(
        right=(Note(1.0, 1.2, 60), Note(2.0, 2.2, 62)), wrong=(Note(3.0, 3.2, 64),)
    )
    later = Corrections(right=(Note(3.01, 3.3, 64),), wrong=(Note(1.02, 1.2, 60),))
    both = joined(earlier, later)
    assert [note.pitch for note in both.right] == [62, 64]
    assert [note.pitch for note in both.wrong] == [60]


def test_what_is_known_of_a_copy_is_known_of_the_recording():
    grid = FrameGrid(16000, 512)
    passage = TaughtPassage(0.0, 5.0, (Note(1.0, 1.2, 60),))
    known = UserRecording("a.wav", "a" * 64, np.zeros(16000 * 30, np.float32), grid)
    copy = replace(known, name="copy of a.wav", corrections=Corrections(passages=(passage,)))
    other = replace(known, name="b.wav", sha256="b" * 64)
    for order in ((copy, known, other), (known, copy, other)):
        (taught,) = [e for e in split_recordings(order).everything if e.sha256 == known.sha256]
        assert taught.passages == (passage,)
