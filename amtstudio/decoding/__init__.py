"""Activations to notes and pedal."""

from amtstudio.decoding.activations import LOWEST_PITCH, N_PITCHES, Activations
from amtstudio.decoding.candidates import candidates_beyond
from amtstudio.decoding.live_decoder import LiveDecoder, LiveEvent, LiveSettings
from amtstudio.decoding.note_decoder import NoteDecoder, decode
from amtstudio.decoding.onsets import Peaks, peak_onsets
from amtstudio.decoding.settings import DecodingSettings

__all__ = [
    "LOWEST_PITCH",
    "N_PITCHES",
    "Activations",
    "DecodingSettings",
    "LiveDecoder",
    "LiveEvent",
    "LiveSettings",
    "NoteDecoder",
    "Peaks",
    "candidates_beyond",
    "decode",
    "peak_onsets",
]
