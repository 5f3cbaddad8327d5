"""From a model's activations to notes and pedal."""

from amtstudio.decoding.activations import Activations
from amtstudio.decoding.candidates import among_tracks_of, candidates_beyond
from amtstudio.decoding.decoder import (
    Adjustable,
    Decoder,
    DecoderSettings,
    LiveDecoder,
    NoSettings,
    decode,
    decoder_names,
    make_decoder,
    make_live_decoder,
    register_decoder,
    register_live_decoder,
    settings_class,
)
from amtstudio.decoding.drum_decoder import DrumDecoder, DrumSettings
from amtstudio.decoding.drum_live_decoder import DrumLiveDecoder
from amtstudio.decoding.frame_runs import FrameRunDecoder, FrameRunSettings
from amtstudio.decoding.live_decoder import NoteLiveDecoder
from amtstudio.decoding.live_events import LiveEvent, LiveSettings
from amtstudio.decoding.note_decoder import NoteDecoder
from amtstudio.decoding.onsets import Peaks, onset_evidence, peak_onsets
from amtstudio.decoding.players import Players, with_players
from amtstudio.decoding.settings import DecodingSettings

__all__ = [
    "Activations",
    "Adjustable",
    "Decoder",
    "DecoderSettings",
    "DecodingSettings",
    "DrumDecoder",
    "DrumLiveDecoder",
    "DrumSettings",
    "FrameRunDecoder",
    "FrameRunSettings",
    "LiveDecoder",
    "LiveEvent",
    "LiveSettings",
    "NoSettings",
    "NoteDecoder",
    "NoteLiveDecoder",
    "Peaks",
    "Players",
    "among_tracks_of",
    "candidates_beyond",
    "decode",
    "decoder_names",
    "make_decoder",
    "make_live_decoder",
    "onset_evidence",
    "peak_onsets",
    "register_decoder",
    "register_live_decoder",
    "settings_class",
    "with_players",
]
