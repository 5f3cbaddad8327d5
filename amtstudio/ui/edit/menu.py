"""The menu of edits, with the keys that editors of notes have in common."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QAction, QActionGroup, QKeySequence
from PySide6.QtWidgets import QMenu

from amtstudio.session import Document as Project
from amtstudio.symbolic.staff_places import LEFT_HAND, LOWER_VOICE, RIGHT_HAND, UPPER_VOICE
from amtstudio.ui.calls import without_arguments
from amtstudio.ui.editor import BEND_FACTOR, BEND_STEP_CENTS, VELOCITY_STEP, Editor
from amtstudio.ui.instrument_names import track_name
from amtstudio.ui.menus import Section
from amtstudio.ui.roll.gestures import Tool
from amtstudio.ui.roll.roll_view import RollView
from amtstudio.ui.translation import translated_message


class EditMenu(QObject):
    """Fills the menu, and keeps its entries in step with what can be done."""

    def __init__(self, section: Section, editor: Editor, roll: RollView) -> None:
        super().__init__(editor)
        self._editor = editor
        self._roll = roll
        self._needs_project: list[QAction] = []
        self._section = section
        self._add_history()
        self._add_selecting()
        self._add_edits()
        self._add_reviewing()
        self._add_tools()
        editor.state_changed.connect(self._refresh)
        self._refresh()

    def _add(self, text: str, slot: object, *keys: object, editing: bool = True) -> QAction:
        action = self._section.add(text, slot, *keys)  # type: ignore[arg-type]
        if editing:
            self._needs_project.append(action)
        return action

    def _add_history(self) -> None:
        editor = self._editor
        self.undo = self._add(self.tr("&Undo"), editor.undo, QKeySequence.StandardKey.Undo)
        self.redo = self._add(self.tr("&Redo"), editor.redo, "Ctrl+Shift+Z", "Ctrl+Y")
        self._section.add_line()

    def _add_selecting(self) -> None:
        editor, tr = self._editor, self.tr
        self.select_all = self._add(
            tr("Select &All"), editor.select_all, QKeySequence.StandardKey.SelectAll
        )
        self._add(tr("Dese&lect"), self._let_go, "Esc", editing=False)
        self._add(tr("Mark the &Time of the Selected Notes"), editor.mark_selected, "Ctrl+T")
        self._section.add_line()

    def _add_edits(self) -> None:
        editor, tr = self._editor, self.tr
        self.for_notes: list[QAction | QMenu | None] = [
            self._add(tr("&Delete"), editor.delete, Qt.Key.Key_Delete, Qt.Key.Key_Backspace),
            self._add(tr("&Split at the Pointer"), self._split, "/"),
            self._add(tr("&Merge"), partial(editor.change, Project.merge), "\\"),
        ]
        self._add(tr("Add a Note for the &Marked Time"), self._add_note, "=")
        pitch = self._section.add_menu(tr("&Pitch, Time and Velocity"))
        self.for_notes += [None, pitch.menu]
        change, velocity, step = editor.change, Project.change_velocity, VELOCITY_STEP
        for text, slot, key in (
            (tr("&Octave Up"), lambda: editor.shift_octave(1), "Ctrl+Up"),
            (tr("O&ctave Down"), lambda: editor.shift_octave(-1), "Ctrl+Down"),
            (tr("&Semitone Up"), lambda: editor.move(steps=1), "Shift+Up"),
            (tr("S&emitone Down"), lambda: editor.move(steps=-1), "Shift+Down"),
            (tr("Ea&rlier"), lambda: editor.nudge(-1), "Alt+Left"),
            (tr("&Later"), lambda: editor.nudge(1), "Alt+Right"),
            (tr("S&horter"), lambda: editor.stretch(-1), "Alt+Shift+Left"),
            (tr("Lo&nger"), lambda: editor.stretch(1), "Alt+Shift+Right"),
            (tr("Lo&uder"), partial(change, velocity, step), "Alt+Up"),
            (tr("So&fter"), partial(change, velocity, -step), "Alt+Down"),
        ):
            self._needs_project.append(pitch.add(text, slot, key))
        bend = self._section.add_menu(tr("&Bend"))
        self._add_bends(bend)
        places = self._section.add_menu(tr("Hand and V&oice in the Score"))
        self._add_score_places(places)
        tracks = self._section.add_menu(tr("Move to &Track"))
        self.track_menu = tracks.menu
        self.for_notes += [bend.menu, places.menu, self.track_menu, None]
        self.track_menu.aboutToShow.connect(self._list_tracks)
        self._new_track = tracks.add(tr("&New Track"), editor.move_to_new_track, "Ctrl+Shift+T")
        self._needs_project.append(self._new_track)
        self._section.add_line()

    def _list_tracks(self) -> None:
        for action in self.track_menu.actions():
            if action is not self._new_track:
                self.track_menu.removeAction(action)
        document = self._editor.document
        tracks = () if document is None else document.shown_tracks
        if tracks:
            self.track_menu.addSeparator()
        for track in tracks:
            action = self.track_menu.addAction(track_name(track).replace("&", "&&"))
            action.setEnabled(self._editor.can_edit)
            move = partial(self._editor.change, Project.move_to_track, track)
            action.triggered.connect(without_arguments(move))

    def _add_score_places(self, menu: Section) -> None:
        tr = self.tr
        for text, name, key, hand, voice in (
            (tr("&Right Hand"), tr("Right Hand"), "Ctrl+Shift+Right", RIGHT_HAND, None),
            (tr("&Left Hand"), tr("Left Hand"), "Ctrl+Shift+Left", LEFT_HAND, None),
            (tr("&Upper Voice"), tr("Upper Voice"), "", None, UPPER_VOICE),
            (tr("Lo&wer Voice"), tr("Lower Voice"), "", None, LOWER_VOICE),
            (tr("As &Found by the Program"), tr("Hand and Voice as Found"), "", None, None),
        ):
            edit = Project.place_in_score
            slot = partial(self._editor.change, edit, hand=hand, voice=voice, text=name)
            keys = (key,) if key else ()
            self._needs_project.append(menu.add(text, slot, *keys))

    def _add_bends(self, menu: Section) -> None:
        change, tr = self._editor.change, self.tr
        shift, scale = Project.shift_bends, Project.scale_bends
        for text, slot, key in (
            (tr("&Flatten"), partial(change, Project.flatten_bends), "B"),
            (tr("Hi&gher by 10 Cents"), partial(change, shift, BEND_STEP_CENTS), "Shift+PgUp"),
            (tr("&Lower by 10 Cents"), partial(change, shift, -BEND_STEP_CENTS), "Shift+PgDown"),
            (tr("&Deeper"), partial(change, scale, BEND_FACTOR), "Shift+B"),
            (tr("&Shallower"), partial(change, scale, 1.0 / BEND_FACTOR), "Ctrl+Shift+B"),
        ):
            self._needs_project.append(menu.add(text, slot, key))

    def _add_reviewing(self) -> None:
        editor, tr = self._editor, self.tr
        next_ = self._add(tr("&Next Doubtful Note"), self._next, "N")
        self._add(tr("Pre&vious Doubtful Note"), self._previous, "Shift+N")
        self.for_notes.append(self._add(tr("A&ccept"), partial(editor.change, Project.accept), "Y"))
        self.for_view: list[QAction | QMenu | None] = [next_]
        self._add(tr("Acc&ept the Marked Passage"), editor.accept_passage, "Shift+Y")
        self._add(
            tr("&Withdraw Acceptance of the Marked Passage"),
            editor.withdraw_passage,
            "Ctrl+Shift+Y",
        )
        self._section.add_line()

    def _add_tools(self) -> None:
        group = QActionGroup(self)
        self.tools: dict[Tool, QAction] = {}
        for tool, text, key in (
            (Tool.NAVIGATE, self.tr("Tool: Mo&ve the View"), "1"),
            (Tool.EDIT, self.tr("Tool: &Edit"), "2"),
            (Tool.DRAW, self.tr("Tool: &Draw Notes"), "3"),
            (Tool.BEND, self.tr("Tool: &Bend Notes"), "4"),
        ):
            action = self._add(text, lambda tool=tool: self.set_tool(tool), key, editing=False)
            action.setCheckable(True)
            group.addAction(action)
            self.tools[tool] = action
        self.tools[Tool.EDIT].setChecked(True)

    def set_tool(self, tool: Tool) -> None:
        self.tools[tool].setChecked(True)
        if self._roll.editing is not None:
            self._roll.editing.set_tool(tool)

    def _refresh(self) -> None:
        can_edit = self._editor.can_edit
        for action in self._needs_project:
            action.setEnabled(can_edit)
        for action, step, bare in (
            (self.undo, self._editor.undo_text, self.tr("&Undo")),
            (self.redo, self._editor.redo_text, self.tr("&Redo")),
        ):
            action.setEnabled(can_edit and step is not None)
            name = "" if step is None else translated_message(step).replace("&", "&&")
            action.setText(f"{bare}: {name}" if name else bare)

    def _let_go(self) -> None:
        if self._roll.editing is None or not self._roll.editing.cancel():
            self._editor.select_none()

    def _split(self) -> None:
        pointer = self._roll.pointer
        self._editor.split(None if pointer is None else pointer[0])

    def _add_note(self) -> None:
        pointer = self._roll.pointer
        entries = self._editor.selected_entries()
        if pointer is not None:
            kind = self._roll.pointer_kind
            self._editor.add_note_at_marked_time(round(pointer[1]), kind=kind)
        elif entries:
            note = entries[0].note
            self._editor.add_note_at_marked_time(note.pitch, kind=note.track.kind)
        else:
            self._editor.add_note_at_marked_time(60)

    def _next(self) -> None:
        self._editor.next_doubtful(now=self._roll.visible_range[0])
        self._show_lane()

    def _previous(self) -> None:
        self._editor.next_doubtful(backwards=True, now=self._roll.visible_range[1])
        self._show_lane()

    def _show_lane(self) -> None:
        """Unfold the drum lane if the note to judge is in it."""
        if any(entry.note.track.is_drums for entry in self._editor.selected_entries()):
            self._roll.lane_wanted.emit("drums")
