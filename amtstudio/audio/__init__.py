"""Decode, mix down, resample: from any sound file to mono blocks at a given sample rate."""

from amtstudio.audio.audio_source import AudioSource, opened
from amtstudio.audio.decode import probe, read_mono, stream_mono
from amtstudio.audio.info import AudioInfo, FloatArray
from amtstudio.audio.input_file import check_input
from amtstudio.audio.live_resampler import LiveResampler
from amtstudio.audio.namesakes import Namesakes
from amtstudio.audio.opening import choose_track
from amtstudio.audio.recording_files import (
    MOST_IN_FOLDER,
    RECORDING_SUFFIXES,
    files_below,
    find_recordings,
    stem_of,
    suffix_of,
)
from amtstudio.audio.resampler import StreamResampler

__all__ = [
    "MOST_IN_FOLDER",
    "RECORDING_SUFFIXES",
    "AudioInfo",
    "AudioSource",
    "FloatArray",
    "LiveResampler",
    "Namesakes",
    "StreamResampler",
    "check_input",
    "choose_track",
    "files_below",
    "find_recordings",
    "opened",
    "probe",
    "read_mono",
    "stem_of",
    "stream_mono",
    "suffix_of",
]
