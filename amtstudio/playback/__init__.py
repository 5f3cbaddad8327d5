"""Hear a recording and its notes: a sampled piano, a transport, the sound device."""

from amtstudio.playback.piano_bank import PianoBank
from amtstudio.playback.synthesizer import Synthesizer, render_transcription

__all__ = ["PianoBank", "Synthesizer", "render_transcription"]
