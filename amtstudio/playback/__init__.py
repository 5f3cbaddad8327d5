"""Hear a recording and its notes: sampled instruments, a transport, the sound device."""

from amtstudio.playback.device import (
    DeviceOutput,
    OutputDevice,
    output_devices,
    playback_available,
)
from amtstudio.playback.instrument_set import Instruments, InstrumentSet
from amtstudio.playback.original import OriginalAudio
from amtstudio.playback.output import AudioOutput, ManualOutput, VirtualOutput
from amtstudio.playback.player import Player
from amtstudio.playback.sample_bank import SampleBank
from amtstudio.playback.soundfont import SoundFont
from amtstudio.playback.synthesizer import Synthesizer, render_transcription
from amtstudio.playback.time_stretch import TimeStretcher
from amtstudio.playback.wav_file import write_transcription_sound

__all__ = [
    "AudioOutput",
    "DeviceOutput",
    "InstrumentSet",
    "Instruments",
    "ManualOutput",
    "OriginalAudio",
    "OutputDevice",
    "Player",
    "SampleBank",
    "SoundFont",
    "Synthesizer",
    "TimeStretcher",
    "VirtualOutput",
    "output_devices",
    "playback_available",
    "render_transcription",
    "write_transcription_sound",
]
