"""One open recording: its header, overview, main view and read-out."""

from __future__ import annotations

import html

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QProgressBar,
    QSizePolicy,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from amtstudio.symbolic import Note, TrackKind
from amtstudio.symbolic.notes import bend_at
from amtstudio.ui.banner import Banner
from amtstudio.ui.codec_names import codec_name
from amtstudio.ui.document import Document
from amtstudio.ui.drum_rows import drum_name
from amtstudio.ui.elided_label import ElidedLabel
from amtstudio.ui.failure import describe
from amtstudio.ui.instrument_hint import InstrumentHint
from amtstudio.ui.instrument_names import instrument_name
from amtstudio.ui.midi_handle import MidiHandle
from amtstudio.ui.model_names import model_name
from amtstudio.ui.page_header import PageHeader
from amtstudio.ui.pitch_names import clock, pitch_name, signed
from amtstudio.ui.queue import QueueItem, State
from amtstudio.ui.roll.hover import Hover
from amtstudio.ui.roll.instrument_strip import InstrumentStrip
from amtstudio.ui.roll.overview import Overview
from amtstudio.ui.roll.roll_view import RollView
from amtstudio.ui.time_selection import TimeSelection
from amtstudio.ui.wrapped_label import WrappedLabel
from amtstudio.workbench.transcribing import AUTO

_BAR_STEPS = 1000
_SHARE_OF_NOTES = 0.5  # of the height at least
_SHARE_OF_INSTRUMENTS = 0.12  # at most
_SHARE_OF_OVERVIEW = 0.08


class DocumentPage(QWidget):
    """Shows the item that was chosen in the queue."""

    cancel_wanted = Signal()
    export_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._item: QueueItem | None = None
        self.time_selection = TimeSelection(self)
        self.roll = RollView(self.time_selection)
        self.overview = Overview(self.time_selection)
        self.instrument_strip = InstrumentStrip()
        self.instrument_hint = InstrumentHint()
        self.handle = MidiHandle()
        self.handle.clicked.connect(self.export_wanted)
        layout = self._layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self._make_header())
        layout.addWidget(self._make_progress())
        layout.addWidget(self.instrument_hint)
        self.banner = Banner(self.tr("About this project"))
        layout.addWidget(self.banner)
        layout.addWidget(self.overview)
        layout.addWidget(self.instrument_strip)
        layout.addWidget(self.roll, 1)
        self.read_out = self._make_read_out()
        self.roll.range_changed.connect(self.overview.set_range)
        self.roll.range_changed.connect(self.instrument_strip.set_range)
        self.instrument_strip.hovered.connect(self._show_instrument)
        self.roll.hovered.connect(self._show_hover)
        self.overview.moved_to.connect(self._centre_on)
        self._show_hover(None)

    # -- layout -----------------------------------------------------------------------------------

    def _make_header(self) -> QWidget:
        self.info_label = ElidedLabel(where=Qt.TextElideMode.ElideRight)
        self.info_label.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        header = PageHeader(self.info_label, self.handle)
        self.name_label = header.name_label
        self.add_to_header = header.add
        return header

    def _make_progress(self) -> QWidget:
        self._progress = QWidget()
        self.bar = QProgressBar()
        self.bar.setTextVisible(False)
        self.bar.setFixedHeight(6)
        self.bar.setAccessibleName(self.tr("Progress of the transcription"))
        self.cancel_button = QToolButton()
        self.cancel_button.setText(self.tr("Cancel"))
        self.cancel_button.setAutoRaise(True)
        self.cancel_button.clicked.connect(self.cancel_wanted)
        self.message_label = WrappedLabel()
        layout = QHBoxLayout(self._progress)
        layout.setContentsMargins(12, 0, 10, 5)
        layout.setSpacing(10)
        layout.addWidget(self.message_label)
        layout.addWidget(self.bar, 1)
        layout.addWidget(self.cancel_button)
        return self._progress

    def _make_read_out(self) -> QLabel:
        """A label for the status bar of the window."""
        label = QLabel()
        label.setContentsMargins(8, 0, 8, 0)
        label.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        label.setAccessibleName(self.tr("What is under the pointer"))
        return label

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802
        super().resizeEvent(event)
        self.roll.leave_to_notes(_SHARE_OF_NOTES * self.height())
        self.instrument_strip.set_room(_SHARE_OF_INSTRUMENTS * self.height())
        self.overview.set_room(_SHARE_OF_OVERVIEW * self.height())

    def add_below(self, bar: QWidget) -> None:
        """Put a bar below the notes."""
        self._layout.addWidget(bar)

    # -- document ---------------------------------------------------------------------------------

    @property
    def document(self) -> Document | None:
        return None if self._item is None else self._item.document

    def set_item(self, item: QueueItem | None) -> None:
        if self._item is not None:
            self._item.changed.disconnect(self._show_state)
            self._item.document.info_changed.disconnect(self._show_info)
            self._item.document.notes_changed.disconnect(self._arm_handle)
            self._item.document.notes_changed.disconnect(self._colour_instruments)
            self._item.document.project_changed.disconnect(self._colour_instruments)
            self._item.document.activations_changed.disconnect(self._show_info)
            self._item.document.instruments_changed.disconnect(self._show_instruments)
        if item is not self._item:
            self.time_selection.clear()
        self._item = item
        if item is not None:
            item.changed.connect(self._show_state)
            item.document.info_changed.connect(self._show_info)
            item.document.notes_changed.connect(self._arm_handle)
            item.document.notes_changed.connect(self._colour_instruments)
            item.document.project_changed.connect(self._colour_instruments)
            item.document.activations_changed.connect(self._show_info)
            item.document.instruments_changed.connect(self._show_instruments)
        self.roll.set_document(self.document)
        self.overview.set_document(self.document)
        self._show_instruments()
        self._show_info()
        self._show_state()
        self._arm_handle()

    def _show_info(self) -> None:
        document = self.document
        if document is None:
            return
        self.name_label.setText(document.name)
        facts = _facts(document, self)
        self.info_label.setText(facts)
        # Of a file, so that it may look like markup.
        self.info_label.setToolTip(f"<p>{html.escape(facts)}</p>")

    def _show_state(self) -> None:
        item = self._item
        if item is None:
            return
        is_open = item.state in (State.WAITING, State.HELD, State.RUNNING, State.PAUSED)
        self.bar.setVisible(item.is_active)
        self.cancel_button.setVisible(is_open)
        if item.is_active and item.fraction is None:
            self.bar.setMaximum(0)
        else:
            self.bar.setMaximum(_BAR_STEPS)
            self.bar.setValue(round((item.fraction or 0.0) * _BAR_STEPS))
        self.message_label.setText(self._message(item))
        self._progress.setVisible(is_open or bool(self.message_label.text()))
        self._arm_handle()

    def _message(self, item: QueueItem) -> str:
        if item.state is State.FAILED and item.error is not None:
            failure = describe(item.error, subject=str(item.document.path))
            return failure.sentences
        text = {
            State.WAITING: self.tr("Waiting for earlier recordings"),
            State.HELD: self.tr("Paused before starting"),
            State.PAUSED: self.tr("Paused"),
            State.CANCELLED: self.tr("Cancelled: transcription incomplete"),
            State.RUNNING: self.tr("Transcribing") if item.done_s else self.tr("Loading the model"),
        }.get(item.state, "")
        return "\n".join(part for part in (text, *item.warnings) if part)

    def _arm_handle(self) -> None:
        document = self.document
        is_ready = document is not None and document.is_transcribed
        self.handle.set_document(document if is_ready else None)

    # -- pointer ----------------------------------------------------------------------------------

    def show_passage(self, onset: float, offset: float) -> None:
        """Go to a stretch of the recording, in seconds; where it fits, it stands in the middle."""
        start, end = self.roll.visible_range
        self._centre_on(onset + min(offset - onset, end - start) / 2.0)

    def _centre_on(self, seconds: float) -> None:
        start, end = self.roll.visible_range
        length = end - start
        begin = min(max(seconds - length / 2.0, 0.0), max(self.roll.box.duration - length, 0.0))
        self.roll.show_range(begin, begin + length)

    def _show_instruments(self) -> None:
        document = self.document
        if document is None:
            self.instrument_strip.set_activity(None)
        else:
            self.instrument_strip.set_activity(document.instruments, document.instrument_tags)
        self._colour_instruments()

    def _colour_instruments(self) -> None:
        document = self.document
        self.instrument_strip.set_colours({} if document is None else document.track_colours())

    def _show_instrument(self, text: str) -> None:
        if text:
            self.read_out.setText(text)
        else:
            self._show_hover(None)

    def _show_hover(self, hover: Hover | None) -> None:
        if hover is None:
            self.read_out.setText(
                self.tr(
                    "Wheel: scroll · Ctrl+wheel: zoom · middle drag: move the view · F: fit ·"
                    " double-click: add a note · N: next doubtful note"
                )
            )
            return
        is_drum = hover.kind is TrackKind.DRUMS
        name = drum_name(hover.pitch) if is_drum else pitch_name(hover.pitch)
        parts = [clock(hover.time, 3), f"{name} ({hover.pitch})"]
        if hover.note is not None:
            note = hover.note
            kind = self.tr("hit") if is_drum else self.tr("note")
            kind = self.tr("candidate") if hover.is_candidate else kind
            told = (
                self.tr("{kind} at {onset} s, velocity {velocity}, confidence {sure} %")
                if is_drum
                else self.tr(
                    "{kind} {onset} to {offset} s, velocity {velocity}, confidence {sure} %"
                )
            )
            parts.append(
                told.format(
                    kind=kind,
                    onset=f"{note.onset:.3f}",
                    offset=f"{note.offset:.3f}",
                    velocity=note.velocity,
                    sure=round(100 * note.confidence),
                )
            )
            if note.bend:
                parts.append(self._bend_text(note, hover.time))
        if hover.activations:
            heads = (f"{head} {round(100 * value)} %" for head, value in hover.activations.items())
            parts.append(", ".join(heads))
        self.read_out.setText("  ·  ".join(parts))

    def _bend_text(self, note: Note, time: float) -> str:
        """How far a note bends, and where its contour is under the pointer."""
        cents = [value for _, value in note.bend]
        return self.tr("bend {lowest} to {highest} cents, {here} here").format(
            lowest=signed(min(cents)),
            highest=signed(max(cents)),
            here=signed(bend_at(note.bend, time - note.onset)),
        )


def _chosen(document: Document, widget: QWidget) -> str | None:
    """Which models transcribed it, and for which instruments; None for the usual piano."""
    plan = document.plan
    if plan is None and document.model != AUTO:
        return None  # it was chosen by the user: the button beside this says so
    if plan is None:  # in a project that was opened again
        models = [name for name in document.models if name in ("melodic", "drums")]
        names = " + ".join(model_name(name) for name in models)
        return widget.tr("transcribed as: {models}").format(models=names) if models else None
    if not plan.heard or plan.models == ("piano",):
        return None
    return widget.tr("{models}, chosen for {instruments}").format(
        models=" + ".join(model_name(name) for name in plan.models),
        instruments=", ".join(instrument_name(name) for name in plan.heard),
    )


def _facts(document: Document, widget: QWidget) -> str:
    """What one wants to know first comes first: a narrow window cuts off the rest."""
    info = document.info
    parts = [clock(document.duration)] if document.duration > 0.0 else []
    if (chosen := _chosen(document, widget)) is not None:
        parts.append(chosen)
    if document.profile and document.is_transcribed:
        parts.append(widget.tr("transcribed with “{profile}”").format(profile=document.profile))
    if document.is_part:
        begin, end = document.span
        parts.append(
            widget.tr("last transcribed: {begin} to {end}").format(
                begin=clock(begin), end=clock(end)
            )
        )
    if info is not None:
        channels = {1: widget.tr("mono"), 2: widget.tr("stereo")}.get(
            info.channels, widget.tr("{count} channels").format(count=info.channels)
        )
        parts += [
            f"{info.sample_rate / 1000:g} kHz",
            channels,
            codec_name(info.codec, info.container),
        ]
        if title := info.tags.get("title"):
            parts.append(title)
    return " · ".join(parts)
