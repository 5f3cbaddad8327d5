"""The open recording: what is known of it, and word of every change."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from amtstudio.audio import AudioInfo
from amtstudio.decoding import Activations, DecodingSettings
from amtstudio.features.pitch_spectrogram import N_BINS
from amtstudio.symbolic import InstrumentActivity, Note, Pedal, Transcription
from amtstudio.ui.growing import GrowingEnvelope, GrowingPyramid
from amtstudio.ui.note_arrays import NoteArrays
from amtstudio.ui.recording_picture import HOP_LENGTH, SAMPLE_RATE, PicturePart
from amtstudio.ui.transcribing import Transcribed


class Document(QObject):
    """One recording with its picture, its activations and the notes decoded from them.

    Views read the attributes and listen to the signals; whoever changes something calls a method.

    Attributes
    ----------
    path : Path
    start, end : float, and float or None
        The stretch that is transcribed, in seconds of the recording; None: to its end.
    info : AudioInfo, or None
        What the header tells; None until it was read.
    spectrogram : GrowingPyramid
        Columns ``seconds_per_frame`` apart, see ``PitchSpectrogram``.
    envelope : GrowingEnvelope
    settings : DecodingSettings
        Thresholds as the user has set them.
    activations : Activations, or None
        Kept from the transcription; None until it is complete.
    pictures : dict of GrowingPyramid
        The activation of each head, to draw.
    notes, candidates : NoteArrays
        Candidates are notes that a lower threshold would find.
    pedals : tuple of Pedal
    instruments : InstrumentActivity, or None
        None until they were looked for.
    """

    info_changed = Signal()
    picture_changed = Signal()
    activations_changed = Signal()
    notes_changed = Signal()
    candidates_changed = Signal()
    settings_changed = Signal()
    instruments_changed = Signal()

    seconds_per_frame = HOP_LENGTH / SAMPLE_RATE

    def __init__(
        self,
        path: Path,
        *,
        settings: DecodingSettings | None = None,
        start: float = 0.0,
        end: float | None = None,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self.path = path
        self.start = start
        self.end = end
        self.info: AudioInfo | None = None
        self.spectrogram = GrowingPyramid(N_BINS)
        self.envelope = GrowingEnvelope(HOP_LENGTH, SAMPLE_RATE)
        self.default_settings = settings or DecodingSettings()
        self.settings = self.default_settings
        self.activations: Activations | None = None
        self.pictures: dict[str, GrowingPyramid] = {}
        self.notes = NoteArrays()
        self.candidates = NoteArrays()
        self.pedals: tuple[Pedal, ...] = ()
        self.instruments: InstrumentActivity | None = None
        self.picture_complete = False
        self._transcription: Transcription | None = None
        self._duration_read = 0.0

    @property
    def name(self) -> str:
        return self.path.name

    @property
    def duration(self) -> float:
        """Seconds, as far as known: what the header announces, or what was read already."""
        told = self.info.duration if self.info is not None else None
        if self.picture_complete or told is None:
            return self._duration_read
        return max(told, self._duration_read)

    @property
    def is_transcribed(self) -> bool:
        return self._transcription is not None

    @property
    def transcription(self) -> Transcription:
        """The notes as they are now, with what the engine told about them."""
        base = self._transcription or Transcription(file=self.name, duration=self.duration)
        return replace(base, notes=self.notes.notes, pedals=self.pedals)

    @property
    def is_part(self) -> bool:
        """Whether only a stretch of the recording is transcribed."""
        return self.start > 0.0 or self.end is not None

    @property
    def span(self) -> tuple[float, float]:
        """Begin and end, in seconds, of what is transcribed, as far as the length is known."""
        return self.start, self.duration if self.end is None else self.end

    def set_span(self, start: float, end: float | None) -> None:
        """Choose the stretch for the next transcription. Raises ``ValueError`` if it is none."""
        if not (start >= 0.0 and (end is None or start < end)):
            raise ValueError(f"need 0 <= start < end, got {start} and {end}")
        self.start, self.end = start, end
        self.info_changed.emit()

    def set_info(self, info: AudioInfo) -> None:
        self.info = info
        self.info_changed.emit()

    def add_picture(self, part: PicturePart) -> None:
        self.spectrogram.append(part.spectrogram)
        self.envelope.append(part.extremes)
        self._duration_read = part.duration
        self.picture_changed.emit()

    def end_picture(self) -> None:
        self.picture_complete = True
        self.info_changed.emit()

    def clear_notes(self) -> None:
        """Forget the transcription, before another one."""
        self._transcription = None
        self.activations = None
        self.pictures = {}
        self.pedals = ()
        self.set_notes(())
        self.set_candidates(())
        self.activations_changed.emit()

    def add_notes(self, notes: Sequence[Note]) -> None:
        """Notes found while the transcription goes on."""
        self.set_notes([*self.notes.notes, *notes])

    def set_notes(
        self, notes: Sequence[Note], *, pedals: Sequence[Pedal] = (), sort: bool = True
    ) -> None:
        self.notes = NoteArrays(sorted(notes) if sort else notes)
        self.pedals = tuple(pedals)
        self.notes_changed.emit()

    def set_candidates(self, notes: Sequence[Note]) -> None:
        self.candidates = NoteArrays(notes)
        self.candidates_changed.emit()

    def finish(self, transcribed: Transcribed) -> None:
        """Take what the engine found."""
        self._transcription = transcribed.transcription
        self.activations = transcribed.activations
        self.pictures = transcribed.pictures
        self.set_notes(
            transcribed.transcription.notes, pedals=transcribed.transcription.pedals, sort=False
        )
        self.activations_changed.emit()

    def set_instruments(self, activity: InstrumentActivity | None) -> None:
        self.instruments = activity
        self.instruments_changed.emit()

    def change_settings(self, **changes: float) -> None:
        """Set thresholds by their names in ``DecodingSettings``.

        Raises ``ValueError`` if one is out of range.
        """
        settings = replace(self.settings, **changes)  # type: ignore[arg-type]
        if settings != self.settings:
            self.settings = settings
            self.settings_changed.emit()
