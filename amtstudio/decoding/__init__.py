"""What a model heard to notes and pedal."""

from amtstudio.decoding.activations import Activations
from amtstudio.decoding.decoder import (
    Adjustable,
    Decoder,
    DecoderSettings,
    LiveDecoder,
    NoSettings,
    decode,
    decode_columns,
    decoder_names,
    make_decoder,
    make_live_decoder,
    register_decoder,
    register_live_decoder,
    settings_class,
)
from amtstudio.decoding.frame_runs import FrameRunDecoder, FrameRunSettings
from amtstudio.decoding.live_decoder import NoteLiveDecoder
from amtstudio.decoding.live_events import LiveEvent, LiveSettings
from amtstudio.decoding.note_columns import NoteColumns
from amtstudio.decoding.note_decoder import NoteDecoder
from amtstudio.decoding.onsets import Peaks, peak_onsets
from amtstudio.decoding.settings import DecodingSettings

__all__ = [
    "Activations",
    "Adjustable",
    "Decoder",
    "DecoderSettings",
    "DecodingSettings",
    "FrameRunDecoder",
    "FrameRunSettings",
    "LiveDecoder",
    "LiveEvent",
    "LiveSettings",
    "NoSettings",
    "NoteColumns",
    "NoteDecoder",
    "NoteLiveDecoder",
    "Peaks",
    "decode",
    "decode_columns",
    "decoder_names",
    "make_decoder",
    "make_live_decoder",
    "peak_onsets",
    "register_decoder",
    "register_live_decoder",
    "settings_class",
]
