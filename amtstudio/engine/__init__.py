"""Audio in, Transcription out."""

from amtstudio.engine.device import Device, choose_device, other_devices
from amtstudio.engine.instrument_detector import InstrumentDetector
from amtstudio.engine.live import LiveTranscriber
from amtstudio.engine.run import Result
from amtstudio.engine.suitability import Mismatch, find_mismatch
from amtstudio.engine.transcriber import Transcriber

__all__ = [
    "Device",
    "InstrumentDetector",
    "LiveTranscriber",
    "Mismatch",
    "Result",
    "Transcriber",
    "choose_device",
    "find_mismatch",
    "other_devices",
]
