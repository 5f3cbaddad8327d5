"""Where a run is set up: recordings, minutes, a name, and one button."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QFormLayout,
    QLabel,
    QLineEdit,
    QVBoxLayout,
    QWidget,
)

from amtstudio.learning.opinion import Trust
from amtstudio.learning.report import Code, Reason
from amtstudio.learning.request import DETECTOR, LEAST_RECORDINGS, LEAST_TAGS, LEAST_TOTAL_S
from amtstudio.ui.adaptation.expecting import expectation_text
from amtstudio.ui.adaptation.parts import button, heading, row_of, text_label
from amtstudio.ui.adaptation.recording_list import RecordingList
from amtstudio.ui.adaptation.recordings import Recordings
from amtstudio.ui.adaptation.words import (
    length_text,
    objection_text,
    reason_text,
    recordings_text,
)
from amtstudio.ui.calm_controls import ComboBox, SpinBox
from amtstudio.workbench.adaptation.corrected import Corrected

MOST_MINUTES = 120
_MOST_REASONS = 3


class SetupPage(QWidget):
    """Emits requests; the listener knows where files and projects are."""

    start_wanted = Signal()
    files_wanted = Signal()
    all_wanted = Signal()
    score_wanted = Signal()  # of the one recording that is selected
    labels_wanted = Signal()  # to see what would be learned from it
    model_changed = Signal()
    changed = Signal()  # minutes, or whether it continues without the window

    def __init__(
        self,
        recordings: Recordings,
        name_problem: Callable[[str], str],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._recordings = recordings
        self._name_problem = name_problem
        self._can_start = True
        self.profile_exists = False
        self.trust: Trust | None = None
        self._build()
        recordings.changed.connect(self.refresh)
        self.refresh()

    # -- what is asked ----------------------------------------------------------------------------

    @property
    def model(self) -> str:
        """Name of the model that is to learn."""
        return str(self.model_box.currentData())

    @property
    def minutes(self) -> int:
        return self.minutes_box.value()

    @property
    def name(self) -> str:
        return self.name_box.text().strip()

    @property
    def corrected(self) -> list[Corrected]:
        """The corrections that are to be used."""
        paths = set(self._recordings.total.paths)
        return [
            entry.corrected
            for entry in self._recordings.entries
            if entry.corrected is not None
            and entry.corrected.teaches(self.model)
            and entry.path in paths
            and self.uses_corrections
        ]

    @property
    def is_of_instruments(self) -> bool:
        """Whether the instrument detector is to learn."""
        return self.model == DETECTOR

    @property
    def n_tags(self) -> int:
        """Stretches with a marked instrument that are to be used."""
        return sum(entry.n_tags for entry in self.corrected)

    @property
    def uses_corrections(self) -> bool:
        return self.corrections_box.isChecked()

    # -- layout -----------------------------------------------------------------------------------

    def _build(self) -> None:
        self.title = heading(self.tr("Teach it your instrument"))
        self.intro = text_label()
        self.limits = text_label(faint=True)
        self.list = RecordingList(self._recordings)
        self.list.chosen_changed.connect(self._enable)
        self.add_button = button(
            self.tr("Add files…"),
            self.files_wanted.emit,
            self.tr("Recordings or projects; you can also drop them here"),
        )
        self.all_button = button(
            self.tr("All my recordings"),
            self.all_wanted.emit,
            self.tr("Open and recent recordings, and your takes"),
        )
        self.score_button = button(
            self.tr("Its score…"),
            self.score_wanted.emit,
            self.tr(
                "The notes of the selected recording, as MIDI or MusicXML: they count as known"
            ),
        )
        self.labels_button = button(
            self.tr("What it would learn…"),
            self.labels_wanted.emit,
            self.tr(
                "Shows over the spectrogram which notes of the selected recording it is sure of"
            ),
        )
        self.remove_button = button(
            self.tr("Remove"), self.list.remove_selected, self.tr("Remove from this list (Del)")
        )
        self.empty_label = text_label(faint=True)
        self.empty_label.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.empty_label.setMargin(14)
        self.total_label = text_label()
        self.reason_label = text_label(faint=True)
        self.trust_label = text_label(faint=True)
        self.corrections_box = QCheckBox(self.tr("Use my corrections"))
        self.corrections_box.setChecked(True)
        self.corrections_box.toggled.connect(self.refresh)
        self.corrections_label = text_label(faint=True)
        self.start_button = button(self.tr("Learn my instrument"), self.start_wanted.emit)
        self.start_button.setMinimumHeight(34)
        self.start_label = text_label(faint=True)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(10, 10, 10, 10)
        layout.setSpacing(8)
        for widget in (self.title, self.intro, self.limits, self.empty_label, self.list):
            layout.addWidget(widget)
        layout.addWidget(
            row_of(
                self.add_button,
                self.all_button,
                self.score_button,
                self.labels_button,
                self.remove_button,
            )
        )
        layout.addWidget(self.total_label)
        layout.addWidget(self.reason_label)
        layout.addWidget(self.trust_label)
        layout.addWidget(self.corrections_box)
        layout.addWidget(self.corrections_label)
        layout.addLayout(self._make_form())
        layout.addWidget(self.background_box)
        layout.addWidget(self.start_button)
        layout.addWidget(self.start_label)
        layout.addStretch()

    def _make_form(self) -> QFormLayout:
        self.model_box = ComboBox()
        self.model_box.addItem(self.tr("Solo piano"), "piano")
        self.model_box.addItem(self.tr("Other instruments"), "melodic")
        self.model_box.addItem(self.tr("Drums"), "drums")
        self.model_box.addItem(self.tr("Any music (instrument detection)"), DETECTOR)
        self.model_box.setAccessibleName(self.tr("What is played"))
        self.model_box.setToolTip(self.tr("Decides which model learns"))
        self.model_box.currentIndexChanged.connect(self._take_model)
        self.minutes_box = SpinBox()
        self.minutes_box.setRange(1, MOST_MINUTES)
        self.minutes_box.setSuffix(self.tr(" min"))
        self.minutes_box.setAccessibleName(self.tr("Minutes to spend on learning"))
        self.minutes_box.setToolTip(
            self.tr(
                "For learning only. The tests before and after take extra time, and"
                " everything takes longer on a busy computer"
            )
        )
        self.minutes_box.valueChanged.connect(self.changed)
        self.name_box = QLineEdit()
        self.name_box.setAccessibleName(self.tr("Name of the profile"))
        self.name_box.setToolTip(self.tr("What is learned is kept under this name"))
        self.name_box.textChanged.connect(self.refresh)
        self.background_box = QCheckBox(self.tr("Continue when the window is closed"))
        self.background_box.toggled.connect(self.changed)
        form = QFormLayout()
        form.setRowWrapPolicy(QFormLayout.RowWrapPolicy.WrapLongRows)
        form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        for text, field in (
            (self.tr("&What is played"), self.model_box),
            (self.tr("&Time to learn"), self.minutes_box),
            (self.tr("Nam&e"), self.name_box),
        ):
            label = QLabel(text)
            label.setBuddy(field)
            form.addRow(label, field)
        return form

    # -- state ------------------------------------------------------------------------------------

    def offer_model(self, model: str) -> None:
        """Choose a model; one that is not offered yet is from now on."""
        at = self.model_box.findData(model)
        if at < 0:
            self.model_box.addItem(model, model)
            at = self.model_box.count() - 1
        self.model_box.setCurrentIndex(at)

    def set_trust(self, trust: Trust | None) -> None:
        """How sure the teacher has to be; None: its own default."""
        self.trust = trust
        self.refresh()

    def _take_model(self) -> None:
        self.trust = None  # each model is sure in its own way
        self.refresh()
        self.model_changed.emit()

    def _limits_text(self) -> str:
        entries = self._recordings.entries
        return expectation_text(self.model, entries, uses_corrections=self.uses_corrections)

    def _intro_text(self) -> str:
        if self.is_of_instruments:
            return self.tr(
                "From passages in which you marked instruments as heard or not heard, it learns to"
                " recognize them in your recordings. All of it happens on this computer, and"
                " nothing leaves it."
            )
        return self.tr(
            "From your recordings it learns how your instrument, your room and your microphone"
            " sound; you do not have to label anything. All of it happens on this computer, and"
            " nothing leaves it."
        )

    def _empty_text(self) -> str:
        if self.is_of_instruments:
            return self.tr("Drop recordings or projects here in which you marked instruments.")
        return self.tr(
            "Drop recordings of one instrument here: at least three, and at least a minute in"
            " all. Ten minutes are better."
        )

    def _too_little_text(self) -> str:
        if self.model == "drums":
            return self.tr("To learn anything, it needs {n} recordings and {length} of drums.")
        return self.tr(
            "With fewer than {n} recordings or less than {length} it can only learn how your"
            " instrument is tuned and, from corrected notes, the timing, loudness and length of"
            " notes."
        )

    def set_can_start(self, can_start: bool) -> None:
        self._can_start = can_start
        self._enable()

    def refresh(self) -> None:
        entries, total = self._recordings.entries, self._recordings.total
        self.intro.setText(self._intro_text())
        self.limits.setText(self._limits_text())
        self.empty_label.setText(self._empty_text())
        self.empty_label.setVisible(not entries)
        self.list.setVisible(bool(entries))
        self.total_label.setVisible(bool(entries))
        self.total_label.setText(self._total_text())
        reasons = [
            self.tr("{name}: {reason}").format(name=entry.path.name, reason=objection_text(entry))
            for entry in entries
            if not entry.is_usable
        ]
        if len(reasons) > _MOST_REASONS:
            more = len(reasons) - _MOST_REASONS
            reasons = [*reasons[:_MOST_REASONS], self.tr("… and {n} more").format(n=more)]
        self.reason_label.setText("\n".join(reasons))
        self.reason_label.setVisible(bool(reasons))
        self.trust_label.setText(self._trust_text())
        self.trust_label.setVisible(self.trust is not None)
        self._show_corrections()
        has_usable = bool(total.paths)
        problem = self._name_problem(self.name) if has_usable else ""
        if not problem and self.profile_exists and has_usable:
            problem = self.tr(
                "“{name}” already exists. It will be learned again, and replaced only if"
                " the new one passes the tests; discarding the new one brings the old one"
                " back."
            ).format(name=self.name)
        elif not problem and has_usable and self.is_of_instruments:
            if self.n_tags < LEAST_TAGS:
                problem = reason_text(Reason(Code.FEW_TAGS, self.n_tags, LEAST_TAGS))
        elif not problem and has_usable and not total.learns_weights:
            limits = {"n": LEAST_RECORDINGS, "length": length_text(LEAST_TOTAL_S)}
            problem = self._too_little_text().format(**limits)
        self.start_label.setText(problem)
        self.start_label.setVisible(bool(problem))
        self._enable()

    def _trust_text(self) -> str:
        if self.trust is None:
            return ""
        return self.tr(
            "You chose how sure it has to be: a note from {sure} %, silence up to {silent} %."
        ).format(sure=round(100 * self.trust.surely), silent=round(100 * self.trust.surely_not))

    def _total_text(self) -> str:
        total = self._recordings.total
        text = self.tr("{recordings}, {length}").format(
            recordings=recordings_text(len(total.paths)), length=length_text(total.seconds)
        )
        parts = [text]
        if self.model != "drums" and not self.is_of_instruments:
            for seconds, known in (
                (total.score_s, self.tr("{length} with a score")),
                (total.keyboard_s, self.tr("{length} with a keyboard recorded along")),
            ):
                if seconds:
                    parts.append(known.format(length=length_text(seconds)))
        if total.n_left_out:
            parts.append(self.tr("{n} left out").format(n=total.n_left_out))
        if total.n_unheard and self._recordings.is_listening:
            parts.append(self.tr("listening to {n} more…").format(n=total.n_unheard))
        return " · ".join(parts)

    def _show_corrections(self) -> None:
        known = [
            entry.corrected
            for entry in self._recordings.entries
            if entry.corrected is not None and entry.corrected.teaches(self.model)
        ]
        seconds = sum(entry.seconds for entry in known)
        n_notes = sum(entry.n_notes for entry in known)
        self.corrections_box.setEnabled(bool(known))
        self.corrections_box.setVisible(bool(self._recordings.entries))
        self.corrections_label.setVisible(bool(self._recordings.entries))
        if self.is_of_instruments:
            n_tags = sum(entry.n_tags for entry in known)
            text = self.tr("Passages with marked instruments: {n}, in {recordings}.").format(
                n=n_tags, recordings=recordings_text(len(known))
            )
        elif known:
            text = self.tr(
                "{seconds} s of corrected passages and {notes} single notes, in {recordings}:"
                " they count more than anything else."
            ).format(seconds=round(seconds), notes=n_notes, recordings=recordings_text(len(known)))
        else:
            text = self.tr(
                "These recordings have no corrections. Correct a passage in the editor, mark it on"
                " the ruler and accept it with Shift+Y: it then counts as known."
            )
        self.corrections_label.setText(text)

    def _enable(self) -> None:
        has_usable = bool(self._recordings.total.paths)
        self.remove_button.setEnabled(bool(self.list.selected))
        is_one = len(self.list.selected) == 1
        self.score_button.setEnabled(is_one and not self.is_of_instruments)
        self.minutes_box.setEnabled(not self.is_of_instruments)
        # On the keys of a roll, drums would stand where no drummer looks for them.
        self.labels_button.setEnabled(is_one and self.model not in ("drums", DETECTOR))
        is_named = not self._name_problem(self.name)
        is_enough = not self.is_of_instruments or self.n_tags >= LEAST_TAGS
        self.start_button.setEnabled(self._can_start and has_usable and is_named and is_enough)
