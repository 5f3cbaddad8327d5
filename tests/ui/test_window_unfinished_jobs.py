"""What a window had still to do when its process was killed comes back at the next start."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
import soundfile
from struck_tones import SAMPLE_RATE, struck_tones
from studio import Studio

from amtstudio.models import list_models
from amtstudio.session.unfinished_jobs import (
    JobNote,
    UnfinishedJob,
    find_unfinished,
    jobs_folder,
)
from amtstudio.ui.queue import State
from amtstudio.workbench.transcribing import Engine

ROOT = Path(__file__).resolve().parents[2]
CHILD = Path(__file__).with_name("queue_until_killed.py")


def kill_when(states, model, *names):
    """Run a window on these files, and kill it as soon as its list stands so."""
    environment = os.environ | {"PYTHONPATH": str(ROOT), "OMP_NUM_THREADS": "1"}
    with subprocess.Popen(
        [sys.executable, CHILD, model, *map(str, names)],
        stdout=subprocess.PIPE,
        text=True,
        env=environment,
    ) as child:
        told = []
        for line in child.stdout:
            told.append(line.strip())
            if told[-1] == states:
                break
        child.kill()
    assert told[-1] == states, told


@pytest.fixture
def short_recording(tmp_path):
    path = tmp_path / "short.wav"
    soundfile.write(path, struck_tones(2.0), SAMPLE_RATE)
    return path


def listed(window):
    return [
        (item.document.path.name, item.document.start, item.document.end)
        for item in window.queue.items
    ]


def test_after_a_kill_what_ran_and_what_waited_come_back_and_nothing_else(
    window, qtbot, finish, recording, short_recording, long_recording, model_file
):
    kill_when(
        "done running waiting waiting",
        model_file,
        short_recording,
        long_recording,
        f"{recording}@1.0-2.5",
        f"{long_recording}@3.0-4.0",
    )
    window.unfinished_jobs.look()
    finish()
    banner = window.jobs_banner
    assert banner.isVisible()
    text = f"{long_recording.name}, {recording.name}, {long_recording.name}."
    assert banner.label.text().endswith(text)
    assert window.queue.items == []  # offered, not begun

    banner.buttons[0].click()
    assert not banner.isVisible()
    assert listed(window) == [
        (long_recording.name, 0.0, None),
        (recording.name, 1.0, 2.5),
        (long_recording.name, 3.0, 4.0),
    ]
    assert window.item is window.queue.items[0]
    window.queue.cancel(window.queue.items[0])
    finish()
    assert [item.state for item in window.queue.items] == [
        State.CANCELLED,
        State.DONE,
        State.DONE,
    ]
    assert find_unfinished() == []
    assert not list(jobs_folder().iterdir())


def test_a_queue_that_is_killed_a_second_time_comes_back_again(
    window, finish, recording, short_recording, long_recording, model_file, qtbot
):
    kill_when("running waiting", model_file, long_recording, recording)
    kill_when("running", model_file, long_recording)
    window.unfinished_jobs.look()
    finish()
    assert [len(queue.jobs) for queue in window.unfinished_jobs.found] in ([1, 2], [2, 1])
    window.jobs_banner.buttons[0].click()
    assert sorted(name for name, _, _ in listed(window)) == sorted(
        [long_recording.name, recording.name]
    )
    window.queue.cancel(window.queue.items[0])
    finish()


def test_a_project_that_was_transcribed_again_is_taken_up_with_its_edits(
    window, finish, project, model_file, tmp_path
):
    path = tmp_path / "take.amts"
    project.shift_octave([1], 1)
    project.save_as(path)
    project.close()
    kill_when("running", model_file, path)
    window.unfinished_jobs.look()
    finish()
    runs = []
    window.queue.added.connect(lambda item: item.changed.connect(lambda: runs.append(item.state)))
    window.jobs_banner.buttons[0].click()
    finish()
    (item,) = window.queue.items
    assert State.RUNNING in runs
    assert item.state is State.DONE
    assert item.document.project.path == path
    assert 72 in item.document.notes.pitch
    assert item.document.project.undo_text == "Transcribe"


def test_what_is_forgotten_is_not_offered_again(window, finish, long_recording, model_file):
    kill_when("running", model_file, long_recording)
    window.unfinished_jobs.look()
    finish()
    window.jobs_banner.buttons[1].click()
    assert not window.jobs_banner.isVisible()
    window.unfinished_jobs.look()
    finish()
    assert not window.jobs_banner.isVisible()
    assert window.queue.items == []


def test_a_message_that_was_only_closed_comes_again(window, finish, long_recording, model_file):
    kill_when("running", model_file, long_recording)
    for _ in range(2):
        window.unfinished_jobs.look()
        finish()
        assert window.jobs_banner.isVisible()
        window.jobs_banner._close.click()
        assert not window.jobs_banner.isVisible()


def test_what_a_window_had_to_do_when_it_was_closed_is_offered_too(
    qtbot, recording, long_recording, model_file
):
    first = Studio(Engine(str(model_file), "cpu"))
    qtbot.addWidget(first)
    first.open_paths([long_recording, recording])
    first.queue.move(first.queue.items[1], -1)
    qtbot.waitUntil(lambda: first.queue.items[1].state is State.RUNNING, timeout=60_000)
    assert find_unfinished() == []  # its process lives
    first.close()
    (queue,) = find_unfinished()
    assert [job.path for job in queue.jobs] == [recording, long_recording]


def test_a_finished_queue_leaves_no_note(window, finish, short_recording):
    window.open_paths([short_recording])
    finish()
    assert window.item.state is State.DONE
    assert not list(jobs_folder().glob("*"))


def test_a_cancelled_job_does_not_come_back(window, qtbot, finish, long_recording):
    window.open_paths([long_recording])
    qtbot.waitUntil(lambda: window.item.state is State.RUNNING, timeout=60_000)
    window.queue.cancel(window.item)
    finish()
    assert not list(jobs_folder().glob("*"))


def test_a_picture_of_the_window_notes_nothing(qtbot, recording, model_file):
    window = Studio(Engine(str(model_file), "cpu"), keeps_state=False)
    qtbot.addWidget(window)
    window.open_paths([recording])
    qtbot.waitUntil(lambda: window.is_settled, timeout=60_000)
    assert not jobs_folder().exists()
    window.close()


def test_a_folder_that_takes_no_notes_stops_no_work(window, finish, recording, tmp_path):
    jobs_folder().parent.mkdir(parents=True, exist_ok=True)
    jobs_folder().write_text("in the way")
    window.open_paths([recording])
    finish()
    assert window.item.state is State.DONE
    assert find_unfinished() == []


def test_a_note_comes_back_as_it_was_written():
    jobs = [
        UnfinishedJob(Path("/music/\udce9t\udce9.wav"), 1.5, None, "My upright"),
        UnfinishedJob(Path("/music/été #1 🎹.wav"), 0.0, 2.0, "", Path("/music/a.amts"), "drums"),
    ]
    note = JobNote()
    note.write([UnfinishedJob(Path("/other.wav"))])
    note.write(jobs)
    assert find_unfinished() == []
    note.close()
    (found,) = find_unfinished()
    assert list(found.jobs) == jobs
    found.forget()
    assert find_unfinished() == []
    assert not list(jobs_folder().iterdir())


@pytest.mark.skipif("piano" not in list_models(), reason="needs the bundled models")
def test_a_recording_comes_back_with_its_model(window, finish, recording):
    note = JobNote()
    note.write([UnfinishedJob(recording, model="piano")])
    note.close()
    window.unfinished_jobs.look()
    finish()
    window.jobs_banner.buttons[0].click()
    finish()
    assert window.item.document.model == "piano"
    assert window.item.document.project.source.asked_model == "piano"
    assert window.queue.engine.choice != "piano"


@pytest.mark.parametrize("rubbish", [b"", b"rubbish" * 100, b"SQLite format 3\0" + b"\xff" * 2000])
def test_a_note_that_cannot_be_read_is_cleared_away_once_it_is_old(rubbish):
    jobs_folder().mkdir(parents=True)
    path = jobs_folder() / "x.jobs"
    path.write_bytes(rubbish)
    assert find_unfinished() == []
    assert path.exists()  # another start may be about to make it
    os.utime(path, (1.0, 1.0))
    assert find_unfinished() == []
    assert not path.exists()
