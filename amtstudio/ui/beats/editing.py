"""The user's edits of the beats and bars of the document that is shown."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QObject, QTimer, Signal

from amtstudio import session
from amtstudio.symbolic import Meter, TempoMap, beat_edits
from amtstudio.ui.document import Document
from amtstudio.ui.jobs import Job, JobPool
from amtstudio.ui.playback_controller import PlaybackController
from amtstudio.ui.plurals import counted
from amtstudio.ui.translation import translated_message
from amtstudio.workbench.recording_work import find_beats
from amtstudio.workbench.transcribing import Engine

_TAPS_END_MS = 2000  # without another tap


class BeatEditing(QObject):
    """Each wish becomes one step of the project, which can be undone.

    What cannot be done is ``said``; other failures come from the document, or are ``failed``.
    """

    said = Signal(str)
    failed = Signal(Exception)
    changed = Signal()  # what can be done now

    def __init__(
        self, engine: Engine, pool: JobPool, playback: PlaybackController, parent: QObject
    ) -> None:
        super().__init__(parent)
        self._engine, self._pool, self._playback = engine, pool, playback
        self._document: Document | None = None
        self._search: tuple[Job, Document] | None = None
        self._taps: list[float] = []
        self._rest = QTimer(self, singleShot=True, interval=_TAPS_END_MS)
        self._rest.timeout.connect(self.take_taps)

    @property
    def document(self) -> Document | None:
        return self._document

    @property
    def tempo(self) -> TempoMap | None:
        return None if self._document is None else self._document.tempo

    @property
    def can_edit(self) -> bool:
        return self._document is not None and self._document.can_edit

    @property
    def is_finding(self) -> bool:
        return self._search is not None

    def set_document(self, document: Document | None) -> None:
        self.take_taps()
        if self._search is not None and self._search[1] is not document:
            self._search[0].cancel()
        if self._document is not None:
            self._document.beats_changed.disconnect(self.changed)
            self._document.notes_changed.disconnect(self.changed)
        self._document = document
        if document is not None:
            document.beats_changed.connect(self.changed)
            document.notes_changed.connect(self.changed)
        self.changed.emit()

    # -- finding ----------------------------------------------------------------------------------

    def find(self, tempo: float | None = None) -> None:
        """Find the beats of the notes again, about ``tempo`` beats a minute where it is known.

        Of what is being found already, it is the end.
        """
        if self._search is not None:
            self._search[0].cancel()
            return
        if not self.can_edit or self._document is None:
            self.said.emit(self.tr("Beats can be found once there are notes."))
            return
        document = self._document
        document.settle()
        meter = None if document.tempo is None or tempo is None else document.tempo.meter
        job = Job(partial(find_beats, self._engine, document.notes, tempo, meter))
        job.signals.finished.connect(self._take_found)
        job.signals.failed.connect(self._take_failure)
        job.signals.cancelled.connect(self._forget_search)
        job.signals.progressed.connect(self._tell_progress)
        self._search = job, document
        self.changed.emit()
        self._pool.start(job)

    def _tell_progress(self, done: float, _total: object) -> None:
        if self._search is not None and self._search[1] is self._document:
            self.said.emit(
                self.tr("Finding beats… {percent} %").format(percent=round(100.0 * done))
            )

    def _take_found(self, found: object) -> None:
        from amtstudio.engine import FoundBeats  # noqa: PLC0415 - torch is there by now

        search = self._search
        self._end_search()
        if search is None or search[1] is not self._document:
            return
        if not isinstance(found, FoundBeats):
            self.said.emit(self.tr("No beats were found: there are too few notes."))
            return
        self._set(found.tempo, self.tr("Find Beats"), is_users=False)
        bpm, meter = round(found.tempo.tempo), found.tempo.meter
        if meter is None:
            said = self.tr("About {tempo} beats a minute.").format(tempo=bpm)
        else:
            said = self.tr("About {tempo} beats a minute, {meter}.").format(tempo=bpm, meter=meter)
        if not found.is_sure:
            said += " " + self.tr(
                "The beats are not certain: you can correct them in the Beats menu."
            )
        self.said.emit(said)

    def _take_failure(self, error: Exception) -> None:
        self._end_search()
        self.failed.emit(error)

    def _forget_search(self) -> None:
        if self._search is not None and self._search[1] is self._document:
            self.said.emit(self.tr("Stopped: the beats are as they were."))
        self._end_search()

    def _end_search(self) -> None:
        self._search = None
        self.changed.emit()

    # -- all of them ------------------------------------------------------------------------------

    def halve(self) -> None:
        self._change(beat_edits.halved, self.tr("Half Tempo"))

    def double(self) -> None:
        self._change(beat_edits.doubled, self.tr("Double Tempo"))

    def set_meter(self, meter: Meter) -> None:
        text = self.tr("Time Signature {meter}").format(meter=meter)
        self._change(lambda tempo: beat_edits.with_meter(tempo, meter), text)

    def set_steady(self, bpm: float, second: float) -> None:
        """One tempo throughout; the bar nearest to ``second`` stays, or a bar begins there."""
        document = self._document
        if document is None:
            return
        former = document.tempo
        meter = (former.meter if former is not None else None) or Meter()
        if former is not None and len(former.downbeats):
            second = min(former.downbeats.tolist(), key=lambda bar: abs(bar - second))
        duration = max(document.duration, float(document.notes.offset.max(initial=0.0)))
        try:
            tempo = beat_edits.even_beats(bpm, meter, first=second, duration=duration)
        except ValueError as error:
            self.said.emit(_sentence(error))
            return
        self._set(tempo, self.tr("Fixed Tempo"))

    def remove(self) -> None:
        self._set(None, self.tr("Remove Bars and Beats"))

    def set_meter_from(self, meter: Meter, second: float) -> None:
        """Of the bars from a time on; those before stay."""
        text = self.tr("Time Signature {meter} From Here On").format(meter=meter)
        self._change(lambda tempo: beat_edits.with_bars_from(tempo, second, meter), text)

    # -- single ones ------------------------------------------------------------------------------

    def begin_bar_at(self, second: float) -> None:
        """The beat nearest to a time begins a bar."""
        self._change(
            lambda tempo: beat_edits.with_bar_at(tempo, second), self.tr("Bar Begins Here")
        )

    def begin_bars_from(self, second: float) -> None:
        """Bars are counted anew from the nearest beat on; those before stay."""
        self._change(
            lambda tempo: beat_edits.with_bars_from(tempo, second),
            self.tr("Bars Counted From Here On"),
        )

    def move_beat(self, index: int, second: float) -> None:
        self._change(
            lambda tempo: beat_edits.with_beat_moved(tempo, index, second), self.tr("Move a Beat")
        )

    def move_nearest(self, second: float) -> None:
        if self.tempo is not None:
            self.move_beat(_nearest(self.tempo, second), second)

    def add_beat(self, second: float) -> None:
        self._change(lambda tempo: beat_edits.with_beat_added(tempo, second), self.tr("Add a Beat"))

    def remove_nearest(self, second: float) -> None:
        self._change(
            lambda tempo: beat_edits.without_beat(tempo, _nearest(tempo, second)),
            self.tr("Remove a Beat"),
        )

    def tap(self) -> None:
        """Add a beat at the playback position; taps are kept two seconds after the last."""
        if not self.can_edit:
            self.said.emit(self.tr("Beats can be tapped once there are notes."))
            return
        if not self._playback.is_playing:
            self.said.emit(self.tr("Start playing first, then tap T on every beat."))
            return
        position = self._playback.position
        if self._taps and position <= self._taps[-1]:
            self.take_taps()  # it was wound back, or began again in a loop
        self._taps.append(position)
        self._rest.start()
        self.said.emit(counted(len(self._taps), "%n beat tapped", "%n beats tapped"))

    def take_taps(self) -> None:
        """Put what was tapped in place of the beats there."""
        self._rest.stop()
        taps, self._taps = self._taps, []
        if len(taps) < 2:
            return
        try:
            tempo = beat_edits.tapped(self.tempo, taps)
        except ValueError as error:
            self.said.emit(_sentence(error))
            return
        self._set(tempo, self.tr("Tap Beats"))

    # -- how --------------------------------------------------------------------------------------

    def _change(self, edit: Callable[[TempoMap], TempoMap], text: str) -> None:
        if self.tempo is None:
            self.said.emit(self.tr("There are no beats yet: choose Beats > Find Beats first."))
            return
        try:
            tempo = edit(self.tempo)
        except ValueError as error:
            self.said.emit(_sentence(error))
            return
        self._set(tempo, text)

    def _set(self, tempo: TempoMap | None, text: str, *, is_users: bool = True) -> None:
        if self._document is None or self._document.edits is None:
            return
        if self._document.edits.is_read_only:
            self.said.emit(self.tr("This project is open for reading only."))
            return
        self._document.settle()

        def step(project: session.Document) -> None:
            project.set_beats(tempo, text=text, is_users=is_users)

        self._document.edits.take(step)


def _nearest(tempo: TempoMap, second: float) -> int:
    return int(abs(tempo.beats - second).argmin())


def _sentence(error: ValueError) -> str:
    text = translated_message(str(error))
    return f"{text[:1].upper()}{text[1:]}."
