"""The profiles there are, what each was made from, and what can be done with them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QShowEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from amtstudio.profiles import LedgerEntry, Profile
from amtstudio.ui.adaptation.parts import button, heading, row_of, text_label
from amtstudio.ui.adaptation.words import length_text, recordings_text, role_text
from amtstudio.ui.instrument_names import instrument_name
from amtstudio.ui.pitch_names import clock

_KEY = Qt.ItemDataRole.UserRole
_NAME, _USE = range(2)
AS_SHIPPED = ""  # the model without any profile


@dataclass(frozen=True, slots=True)
class Uses:
    """The profiles with which notes and instruments are found; None: not known."""

    notes: str = AS_SHIPPED
    instruments: str | None = AS_SHIPPED

    def are_all_of(self, name: str) -> bool:
        """Whether choosing this profile would change nothing; ``AS_SHIPPED`` is for both."""
        if name == AS_SHIPPED:
            return self.notes == self.instruments == AS_SHIPPED
        return name in (self.notes, self.instruments)


class ProfileList(QWidget):
    """Emits wishes, each with the name of a profile; "" is the model as it ships."""

    use_wanted = Signal(str)  # for the recording that is shown
    default_wanted = Signal(str)  # for new recordings
    rename_wanted = Signal(str)
    export_wanted = Signal(str)
    import_wanted = Signal()
    delete_wanted = Signal(str)
    undo_wanted = Signal()
    compare_wanted = Signal(str)
    forget_wanted = Signal(str, str)  # profile, and the hash of a recording

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._profiles: dict[str, Profile] = {}
        self._of_new = Uses()
        self._of_shown: Uses | None = None  # None: no recording is shown
        self._build()
        self.show_profiles((), ())

    # -- layout -----------------------------------------------------------------------------------

    def _build(self) -> None:
        self.title = heading(self.tr("Profiles"))
        self.tree = _Tree()
        self.tree.setAccessibleName(self.tr("Profiles"))
        self.tree.setHeaderLabels([self.tr("Name"), self.tr("Used for")])
        self.tree.currentItemChanged.connect(self._show_current)
        self.tree.delete_pressed.connect(self._delete)
        self.problem_label = text_label()
        self.use_button = button(
            self.tr("Use for this recording"),
            lambda: self.use_wanted.emit(self.current),
            self.tr(
                "Transcribes the open recording again, or finds its instruments again; your edits"
                " are kept"
            ),
        )
        self.default_button = button(
            self.tr("Use for new recordings"), lambda: self.default_wanted.emit(self.current)
        )
        self.compare_button = button(
            self.tr("Compare…"),
            lambda: self.compare_wanted.emit(self.current),
            self.tr("See and hear how it differs from the standard model"),
        )
        self.rename_button = button(
            self.tr("Rename…"), lambda: self.rename_wanted.emit(self.current)
        )
        self.export_button = button(
            self.tr("Export…"), lambda: self.export_wanted.emit(self.current)
        )
        self.import_button = button(self.tr("Import…"), self.import_wanted.emit)
        self.delete_button = button(self.tr("Delete"), self._delete)
        self.undo_label = text_label()
        self.undo_button = button(self.tr("Undo"), self.undo_wanted.emit)
        self._undo_row = row_of(self.undo_label, self.undo_button)
        self.ledger_title = text_label()
        self.ledger = _Tree()
        self.ledger.setHeaderLabels([self.tr("Recording"), self.tr("Purpose")])
        self.ledger.setAccessibleName(self.tr("Recordings that the profile was made from"))
        self.ledger.currentItemChanged.connect(self._enable)
        self.forget_button = button(
            self.tr("Forget this recording…"),
            self._forget,
            self.tr("Removes what the profile learned from this recording"),
        )
        layout = QVBoxLayout(self)
        layout.setContentsMargins(10, 10, 10, 10)
        layout.setSpacing(8)
        layout.addWidget(self.title)
        layout.addWidget(self.tree)
        layout.addWidget(self._undo_row)
        layout.addWidget(self.problem_label)
        layout.addWidget(row_of(self.use_button, self.default_button, self.compare_button))
        layout.addWidget(
            row_of(self.rename_button, self.export_button, self.import_button, self.delete_button)
        )
        layout.addWidget(self.ledger_title)
        layout.addWidget(self.ledger)
        layout.addWidget(row_of(self.forget_button))
        layout.addStretch()
        self.set_deleted("")

    # -- what is shown ----------------------------------------------------------------------------

    @property
    def current(self) -> str:
        """The name of the chosen profile; "": the model as it ships."""
        item = self.tree.currentItem()
        return AS_SHIPPED if item is None else str(item.data(_NAME, _KEY))

    @property
    def names(self) -> list[str]:
        return list(self._profiles)

    def profile(self, name: str) -> Profile | None:
        return self._profiles.get(name)

    def choose(self, name: str) -> None:
        for row in range(self.tree.topLevelItemCount()):
            item = self.tree.topLevelItem(row)
            if item is not None and item.data(_NAME, _KEY) == name:
                self.tree.setCurrentItem(item)

    def show_profiles(self, profiles: Sequence[Profile], problems: Sequence[str]) -> None:
        chosen = self.current
        self._profiles = {profile.name: profile for profile in profiles}
        self.tree.clear()
        for name in (AS_SHIPPED, *self._profiles):
            text = name or self.tr("Standard model")
            item = QTreeWidgetItem([text, ""])
            item.setData(_NAME, _KEY, name)
            self.tree.addTopLevelItem(item)
        self.choose(chosen if chosen in self._profiles else AS_SHIPPED)
        self.problem_label.setText("\n".join(problems))
        self.problem_label.setVisible(bool(problems))
        self._show_uses()
        self._show_current()

    def set_uses(self, of_new: Uses, of_shown: Uses | None) -> None:
        """Which ones are used for new recordings, and for the one shown; None: there is none."""
        if (of_new, of_shown) != (self._of_new, self._of_shown):
            self._of_new, self._of_shown = of_new, of_shown
            self._show_uses()
            self._enable()

    def set_deleted(self, name: str) -> None:
        """Offer to bring back what was deleted last; "": there is nothing."""
        self.undo_label.setText(self.tr("“{name}” was deleted.").format(name=name))
        self._undo_row.setVisible(bool(name))

    def _show_uses(self) -> None:
        for row in range(self.tree.topLevelItemCount()):
            item = self.tree.topLevelItem(row)
            if item is None:
                continue
            name = item.data(_NAME, _KEY)
            uses = []
            if name == self._of_new.notes:
                uses.append(self.tr("new recordings"))
            elif name and name == self._of_new.instruments:
                uses.append(self.tr("instruments"))
            shown = self._of_shown
            if shown and (name == shown.notes or (name and name == shown.instruments)):
                uses.append(self.tr("this one"))
            item.setText(_USE, ", ".join(uses))
        self.tree.resizeColumnToContents(_USE)

    def _show_current(self) -> None:
        profile = self._profiles.get(self.current)
        self.ledger.clear()
        for widget in (self.ledger, self.forget_button):  # its columns fit while it is shown
            widget.setVisible(profile is not None and bool(profile.ledger))
        if profile is None:
            self.ledger_title.setText(
                self.tr("The standard model. It is never changed; profiles are kept beside it.")
            )
        else:
            self.ledger_title.setText(self._about(profile))
            for entry in profile.ledger:
                self.ledger.addTopLevelItem(self._ledger_row(entry))
            self.ledger.resizeColumnToContents(_USE)
        self._enable()

    def _about(self, profile: Profile) -> str:
        learned = [entry for entry in profile.ledger if entry.role != "accept"]
        seconds = sum(entry.seconds for entry in profile.ledger)
        corrected = sum(entry.corrected_s for entry in profile.ledger)
        parts = [
            self.tr("Made {day} for the model “{model}” from {recordings}, {length}.").format(
                day=profile.created[:10],
                model=profile.base,
                recordings=recordings_text(len(profile.ledger)),
                length=length_text(seconds),
            )
        ]
        if profile.instruments:
            parts.append(
                self.tr("Instruments: {names}.").format(
                    names=", ".join(instrument_name(name) for name in profile.instruments)
                )
            )
        if learned and corrected:
            parts.append(
                self.tr("You had corrected {length} of that.").format(length=length_text(corrected))
            )
        if abs(profile.tuning_cents) >= 1.0:
            parts.append(
                self.tr("Tuning: {cents} cents.").format(cents=f"{profile.tuning_cents:+.0f}")
            )
        return " ".join(parts)

    def _ledger_row(self, entry: LedgerEntry) -> QTreeWidgetItem:
        row = QTreeWidgetItem(
            [
                entry.recording,
                self.tr("{length}, {role}").format(
                    length=clock(entry.seconds), role=role_text(entry.role)
                ),
            ]
        )
        row.setData(_NAME, _KEY, entry.sha256)
        row.setToolTip(_NAME, f"{entry.recording}\nSHA-256 {entry.sha256}")
        return row

    def _enable(self) -> None:
        is_profile = self.current in self._profiles
        profile = self._profiles.get(self.current)
        self.compare_button.setEnabled(profile is not None and not profile.is_of_instruments)
        for control in (
            self.rename_button,
            self.export_button,
            self.delete_button,
        ):
            control.setEnabled(is_profile)
        shown = self._of_shown
        self.use_button.setEnabled(shown is not None and not shown.are_all_of(self.current))
        self.default_button.setEnabled(not self._of_new.are_all_of(self.current))
        self.forget_button.setEnabled(self.ledger.currentItem() is not None)

    def _delete(self) -> None:
        if self.current in self._profiles:
            self.delete_wanted.emit(self.current)

    def _forget(self) -> None:
        item = self.ledger.currentItem()
        if item is not None:
            self.forget_wanted.emit(self.current, str(item.data(_NAME, _KEY)))


class _Tree(QTreeWidget):
    """A list of two columns that is as high as what is in it, within bounds."""

    delete_pressed = Signal()
    _MOST_ROWS = 8

    def __init__(self) -> None:
        super().__init__()
        self.setRootIsDecorated(False)
        self.setUniformRowHeights(True)
        self.setTextElideMode(Qt.TextElideMode.ElideMiddle)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        header = self.header()
        header.setStretchLastSection(False)
        header.setSectionResizeMode(_NAME, QHeaderView.ResizeMode.Stretch)
        header.setSectionResizeMode(_USE, QHeaderView.ResizeMode.Interactive)
        self.model().rowsInserted.connect(self.updateGeometry)
        self.model().rowsRemoved.connect(self.updateGeometry)

    def showEvent(self, event: QShowEvent) -> None:  # noqa: N802
        super().showEvent(event)
        self.resizeColumnToContents(_USE)

    def sizeHint(self) -> QSize:  # noqa: N802
        rows = min(max(self.topLevelItemCount(), 3), self._MOST_ROWS)
        height = rows * max(self.sizeHintForRow(0), 20) + self.header().sizeHint().height()
        return QSize(240, height + 2 * self.frameWidth() + 2)

    def minimumSizeHint(self) -> QSize:  # noqa: N802
        return QSize(80, 88)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802
        if event.key() == Qt.Key.Key_Delete:
            self.delete_pressed.emit()
        else:
            super().keyPressEvent(event)
