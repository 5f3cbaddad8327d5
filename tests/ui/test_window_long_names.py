"""Names as long as a disk allows, and names that look like HTML, in texts of the window."""

from __future__ import annotations

import shutil

from PySide6.QtCore import Qt

from amtstudio.errors import OutputWriteError
from amtstudio.ui.error_box import ErrorBox
from amtstudio.ui.failure import describe
from amtstudio.ui.queue import State
from amtstudio.ui.wrapped_label import WrappedLabel, breakable

LONG = "x" * 240


def test_lines_may_end_within_long_words_only():
    text = f"The recording {LONG}.wav is not where it was, nor is short_name-2.flac."
    broken = breakable(text)
    assert broken.replace("\N{ZERO WIDTH SPACE}", "") == text
    longest = max(len(word) for word in broken.replace("\N{ZERO WIDTH SPACE}", " ").split())
    assert longest == 20
    assert " short_name-2.flac." in broken


def test_a_long_name_is_shown_in_lines(qtbot):
    label = WrappedLabel(f"{LONG}.wav is damaged")
    qtbot.addWidget(label)
    assert label.text() == f"{LONG}.wav is damaged"
    assert label.minimumSizeHint().width() < 400
    narrow, wide = label.heightForWidth(250), label.heightForWidth(5000)
    assert narrow > 4 * wide  # on several lines, and none cut off


def test_the_window_stays_as_wide_as_it_is(window, finish, recording):
    """A long name that failed in the list, and in the banner of a project without recording."""
    broken = recording.with_name(f"{LONG}.wav")
    broken.write_bytes(b"no sound")
    moved = recording.with_name(f"y{LONG[1:]}.wav")
    shutil.copy(recording, moved)
    window.open_paths([moved, broken])
    finish()
    assert [item.state for item in window.queue.items] == [State.DONE, State.FAILED]
    for item in window.queue.items:
        window.show_item(item)
        finish()
        assert window.width() == 1200
        assert window.queue_panel.view.horizontalScrollBar().maximum() == 0
    project = window.queue.items[0].document.project
    path = recording.with_name("moved.amts")
    project.save_as(path)
    window.queue.remove(window.queue.items[0])
    finish()
    moved.unlink()
    window.open_paths([path])
    finish()
    assert LONG[1:] in window.page.banner.label.text()
    assert window.page.banner.isVisible()
    assert window.width() == 1200


def test_a_name_is_not_taken_for_html(qtbot):
    error = OutputWriteError("Cannot write <b>bold</b>.mid")
    box = ErrorBox(describe(error, subject="<b>bold</b>.mid"))
    qtbot.addWidget(box)
    assert box.textFormat() is Qt.TextFormat.PlainText
    assert "<b>bold</b>" in box.text()
