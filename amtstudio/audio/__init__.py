"""Decode, mix down, resample: from any sound file to mono blocks at the rate asked for."""

from amtstudio.audio.decode import probe, read_mono, stream_mono
from amtstudio.audio.info import AudioInfo, FloatArray
from amtstudio.audio.input_file import check_input
from amtstudio.audio.opening import choose_track
from amtstudio.audio.resampler import StreamResampler

__all__ = [
    "AudioInfo",
    "FloatArray",
    "StreamResampler",
    "check_input",
    "choose_track",
    "probe",
    "read_mono",
    "stream_mono",
]
