"""Activations to notes and pedal."""

from amtstudio.decoding.activations import LOWEST_PITCH, N_PITCHES, Activations
from amtstudio.decoding.live_decoder import LiveDecoder, LiveEvent, LiveSettings
from amtstudio.decoding.note_columns import NoteColumns
from amtstudio.decoding.note_decoder import NoteDecoder, decode, decode_columns
from amtstudio.decoding.onsets import Peaks, onset_evidence, peak_onsets
from amtstudio.decoding.settings import DecodingSettings

__all__ = [
    "LOWEST_PITCH",
    "N_PITCHES",
    "Activations",
    "DecodingSettings",
    "LiveDecoder",
    "LiveEvent",
    "LiveSettings",
    "NoteColumns",
    "NoteDecoder",
    "Peaks",
    "decode",
    "decode_columns",
    "onset_evidence",
    "peak_onsets",
]
