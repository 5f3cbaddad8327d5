"""Audio in, Transcription out."""

from amtstudio.computing.device import Device, choose_device, other_devices
from amtstudio.decoding.suitability import Mismatch, find_mismatch
from amtstudio.engine.beat_tracker import BeatHints, BeatTracker, FoundBeats
from amtstudio.engine.instrument_detector import InstrumentDetector
from amtstudio.engine.live import LiveTranscriber
from amtstudio.engine.loading import FileTranscriber, load_file_transcriber, load_transcriber
from amtstudio.engine.plan import MADE_FOR, Plan, Reason, suits
from amtstudio.engine.plan_by_ear import SuitabilityCheck
from amtstudio.engine.planned_live import PlannedLive, Switch
from amtstudio.engine.planned_transcriber import PlannedTranscriber
from amtstudio.engine.plugins import engine_names, register_engine
from amtstudio.engine.run import Result
from amtstudio.engine.settings_of_models import settings_with
from amtstudio.engine.transcriber import Transcriber

__all__ = [
    "MADE_FOR",
    "BeatHints",
    "BeatTracker",
    "Device",
    "FileTranscriber",
    "FoundBeats",
    "InstrumentDetector",
    "LiveTranscriber",
    "Mismatch",
    "Plan",
    "PlannedLive",
    "PlannedTranscriber",
    "Reason",
    "Result",
    "SuitabilityCheck",
    "Switch",
    "Transcriber",
    "choose_device",
    "engine_names",
    "find_mismatch",
    "load_file_transcriber",
    "load_transcriber",
    "other_devices",
    "register_engine",
    "settings_with",
    "suits",
]
