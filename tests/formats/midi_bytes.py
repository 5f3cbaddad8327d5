"""MIDI files for tests to read, well formed or not."""

from __future__ import annotations

import io
import struct

import mido

END = b"\x00\xff\x2f\x00"


def smf(*tracks: bytes, division: int = 480, midi_format: int = 1) -> bytes:
    chunks = [b"MThd" + struct.pack(">LHHH", 6, midi_format, len(tracks), division & 0xFFFF)]
    chunks += [b"MTrk" + struct.pack(">L", len(track)) + track for track in tracks]
    return b"".join(chunks)


def midi_of(*events: mido.Message | mido.MetaMessage, **kwargs: int) -> bytes:
    """One track of messages whose ``time`` is an absolute tick."""
    now, track = 0, mido.MidiTrack()
    for event in events:
        track.append(event.copy(time=event.time - now))
        now = event.time
    buffer = io.BytesIO()
    mido.MidiFile(type=1, tracks=[track], **kwargs).save(file=buffer)
    return buffer.getvalue()


def on(tick: int, pitch: int = 60, velocity: int = 80, channel: int = 0) -> mido.Message:
    return mido.Message("note_on", note=pitch, velocity=velocity, channel=channel, time=tick)


def off(tick: int, pitch: int = 60, channel: int = 0) -> mido.Message:
    return mido.Message("note_off", note=pitch, channel=channel, time=tick)


def tempo(tick: int, bpm: float) -> mido.MetaMessage:
    return mido.MetaMessage("set_tempo", tempo=round(6e7 / bpm), time=tick)


def pedal(tick: int, value: int, channel: int = 0) -> mido.Message:
    return mido.Message("control_change", control=64, value=value, channel=channel, time=tick)


def control(tick: int, number: int, value: int = 0, channel: int = 0) -> mido.Message:
    return mido.Message("control_change", control=number, value=value, channel=channel, time=tick)
