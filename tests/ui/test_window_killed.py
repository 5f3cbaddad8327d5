"""A window that is killed loses no edit that it has shown."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
CHILD = Path(__file__).with_name("edit_until_killed.py")


@pytest.mark.parametrize("n_edits", [1, 7])
def test_after_a_kill_the_window_offers_every_edit_that_it_had_shown(
    window, finish, recording, model_file, n_edits
):
    environment = os.environ | {"PYTHONPATH": str(ROOT), "OMP_NUM_THREADS": "1"}
    with subprocess.Popen(
        [sys.executable, CHILD, recording, model_file],
        stdout=subprocess.PIPE,
        text=True,
        env=environment,
    ) as child:
        lines = [child.stdout.readline() for _ in range(n_edits)]
        child.kill()
        lines += [line for line in child.stdout if line.endswith("\n")]
    count, pitches = lines[-1].split()
    assert int(count) >= n_edits

    window.projects.look_for_recoverable()
    finish()
    (found,) = window.projects.edited_recoverable
    assert found.audio_name == recording.name
    window.offer_banner.buttons[0].click()
    finish()
    project = window.document.project
    assert project.path == found.path
    # The edit after the last one that was told may be on the disk too.
    states = [sorted(window.document.notes.pitch.tolist())]
    window.editor.undo()
    states.append(sorted(window.document.notes.pitch.tolist()))
    assert [int(pitch) for pitch in pitches.split(",")] in states
