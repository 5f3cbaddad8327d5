"""What was in view comes back: with another recording in between, and with the project."""

from __future__ import annotations

import dataclasses

import pytest
from PySide6.QtWidgets import QFileDialog

from amtstudio import session
from amtstudio.workbench.view_range import View

VIEW = View(0.5, 1.25, 48.0, 72.0, ("onset", "frame"), ("notes", "table"))


def test_a_view_is_the_same_after_the_project_kept_it():
    assert View.from_json(VIEW.to_json()) == VIEW


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        '{"version":2,"start":0,"end":1,"low":21,"high":60,"heads":[],"panels":[]}',
        '{"version":1,"start":0,"end":NaN,"low":21,"high":60,"heads":[],"panels":[]}',
        '{"version":1,"start":2,"end":1,"low":21,"high":60,"heads":[],"panels":[]}',
        '{"version":1,"start":0,"end":1,"low":21,"high":60,"heads":[1],"panels":[]}',
        '{"version":1,"start":0,"end":1,"low":21,"high":60,"heads":[]}',
        "[" * 100_000,
    ],
)
def test_what_is_no_view_of_ours_is_none(text: str):
    assert View.from_json(text) is None


def look_at(window, view: View) -> None:
    window.page.roll.show_range(view.start, view.end)
    window.page.roll.box.setYRange(view.low, view.high, padding=0.0)


def in_view(window) -> list[float]:
    time, pitch = window.page.roll.box.viewRange()
    return [*time, *pitch]


def test_a_project_opens_where_it_was_left(window, finish, project, tmp_path, monkeypatch):
    path = tmp_path / "mine.amts"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_args, **_options: (str(path), ""))
    window.show_item(window.queue.add_project(project))
    finish()
    window.project_actions.save_as()
    finish()
    look_at(window, VIEW)
    window.notes_panel.head_boxes["onset"].setChecked(True)
    window.table_dock.show()
    window.docks[1].hide()
    finish()
    wanted = in_view(window)
    window.queue.remove(window.item)

    window.notes_panel.head_boxes["onset"].setChecked(False)
    window.open_paths([path])
    finish()
    assert in_view(window) == pytest.approx(wanted, abs=1e-6)
    assert window.notes_panel.head_boxes["onset"].isChecked()
    assert not window.notes_panel.head_boxes["frame"].isChecked()
    assert window.table_dock.isVisible()
    assert window.docks[1].isHidden()

    look_at(window, dataclasses.replace(VIEW, start=1.0, end=2.0))
    window.close()
    with session.Document.open(path) as kept:
        view = View.from_json(kept.view)
        assert (view.start, view.end) == pytest.approx((1.0, 2.0))
        # The tabs beside the notes are there where there is a detector.
        assert {"notes", "table"} <= set(view.panels) <= {"notes", "instruments", "tracks", "table"}
        assert kept.undo_text is None  # a look is not an edit


def test_each_recording_of_the_list_keeps_its_place(window, finish, project, long_recording):
    window.show_item(window.queue.add_project(project))
    finish()
    first = window.item
    look_at(window, VIEW)
    wanted = in_view(window)
    window.queue.hold()
    window.open_paths([long_recording])
    window.show_item(first)
    assert in_view(window) == pytest.approx(wanted, abs=1e-6)
    window.queue.cancel(window.queue.items[-1])
    window.queue.release()
