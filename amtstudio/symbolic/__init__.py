"""Notes, pedal and transcriptions: plain values that cannot be wrong.

``symbolic.instruments``, which needs numpy, is imported by its own name.
"""

from amtstudio.symbolic.notes import Note, Pedal
from amtstudio.symbolic.transcription import Transcription

__all__ = ["Note", "Pedal", "Transcription"]
