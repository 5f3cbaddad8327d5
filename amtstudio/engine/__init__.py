"""Audio in, Transcription out."""

from amtstudio.engine.device import Device, choose_device, other_devices
from amtstudio.engine.live import LiveTranscriber
from amtstudio.engine.run import Result
from amtstudio.engine.transcriber import Transcriber

__all__ = ["Device", "LiveTranscriber", "Result", "Transcriber", "choose_device", "other_devices"]
