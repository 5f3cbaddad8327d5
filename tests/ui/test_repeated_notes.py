"""Notes that are struck again and again stay apart, however small they are drawn."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import QPointF

from amtstudio import session
from amtstudio.symbolic import Note, Transcription

N_NOTES = 10


@pytest.fixture
def roll(window, finish, recording):
    """Ten notes of one key without a gap."""
    project = session.Document.create(session.AudioReference.read(recording))
    notes = [Note(0.3 * n, 0.3 * n + 0.3, 60, 90) for n in range(N_NOTES)]
    project.replace_transcription(
        Transcription(notes, (), duration=3.0, file=recording.name, model="piano"), settings=None
    )
    window.show_item(window.queue.add_project(project))
    finish()
    return window.page.roll


def runs_of_note(roll, finish) -> int:
    """How many bars of colour lie on the key, along a line through its middle."""
    finish()
    image = roll.grab().toImage()
    box = roll.box
    left = roll.mapFromScene(box.mapViewToScene(QPointF(0.0, 60.0)))
    right = roll.mapFromScene(box.mapViewToScene(QPointF(3.0, 60.0)))
    colours = [image.pixelColor(x, left.y()) for x in range(left.x() + 2, right.x() - 2)]
    ground = roll.notes._theme.background
    is_note = np.array([colour.saturation() - ground.saturation() > 60 for colour in colours])
    return int(np.count_nonzero(np.diff(is_note.astype(int)) == 1)) + int(is_note[0])


@pytest.mark.parametrize("height", [500, 800, 1100])
def test_each_of_them_is_a_bar_of_its_own(window, roll, finish, height):
    window.resize(1200, height)
    assert runs_of_note(roll, finish) == N_NOTES


def test_also_where_each_is_a_few_pixels_long(window, roll, finish):
    window.resize(1200, 500)
    roll.box.setXRange(0.0, 100.0, padding=0.0)  # 3 px each
    assert runs_of_note(roll, finish) == N_NOTES


def test_what_stands_alone_has_no_line_through_it(roll):
    gaps = roll.notes._gaps
    assert gaps[0] == np.inf
    assert gaps[1:] == pytest.approx(0.0, abs=1e-9)
