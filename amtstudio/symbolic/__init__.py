"""Notes, pedal, transcriptions and instruments: plain values that cannot be wrong."""

from amtstudio.symbolic.instruments import INSTRUMENT_CLASSES, InstrumentActivity, Passage
from amtstudio.symbolic.notes import Note, Pedal
from amtstudio.symbolic.transcription import Transcription

__all__ = [
    "INSTRUMENT_CLASSES",
    "InstrumentActivity",
    "Note",
    "Passage",
    "Pedal",
    "Transcription",
]
