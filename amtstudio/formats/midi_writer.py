"""A transcription as a Standard MIDI File."""

from __future__ import annotations

import io
import json
from collections.abc import Iterable
from dataclasses import replace
from operator import itemgetter

import mido
import numpy as np
import numpy.typing as npt

from amtstudio import __version__
from amtstudio.formats.midi_bends import (
    Voices,
    are_alone,
    bend_range,
    range_messages,
    wheel_positions,
)
from amtstudio.formats.midi_clock import Clock, clock_of
from amtstudio.symbolic import PIANO, Note, NoteTable, Pedal, Track, Transcription, joined_presses
from amtstudio.symbolic.general_midi import DRUM_CHANNEL

PROVENANCE = "AMT Studio "  # how the text event begins that says where the file comes from

_LONGEST_TAG = 1000  # characters; lyrics and the like stay out of the provenance
_MELODIC_CHANNELS = tuple(channel for channel in range(16) if channel != DRUM_CHANNEL)

# Order of events on one tick: ends come before beginnings, or a repeated note would be cut.
_NOTE_OFF, _PEDAL_UP, _PEDAL_DOWN, _BEND, _NOTE_ON = range(5)
_Event = tuple[int, int, mido.Message]  # tick, order on the tick, message


def dump_midi(transcription: Transcription) -> bytes:
    """Write format 1: a track for the tempo and one for each that plays, with its pedal.

    Where beats are known, tempos and time signatures put the notes on bars and beats as they were
    played. Without, the tempo is 120 BPM throughout, and ticks are a clock: at most 0.52 ms wide
    of the true time wherever in the file, and 0.98 ms in one of 2 h 53 min to 5 h 25 min; longer
    ones have coarser ticks, so that other programs open them. With beats it is less than a
    millisecond: where beats are slow, ticks are finer, or the tempo bends to meet the notes. Where
    two notes of one pitch and track overlap, the earlier ends as the later begins; two that begin
    on the same tick become one. Bends move the pitch wheel, and a note that bends has a channel to
    itself meanwhile; where all are taken, it is played straight. Confidence is not kept.
    """
    clock = clock_of(transcription.tempo, _last_second(transcription), _times(transcription))
    file = mido.MidiFile(type=1, ticks_per_beat=clock.ticks_per_beat)
    file.tracks.append(_conductor_track(transcription, clock))
    parts = _parts(transcription)
    spare = sorted(set(_MELODIC_CHANNELS) - {channel for _, channel, _, _ in parts}, reverse=True)
    n_melodic = 0
    for track, channel, notes, pedals in parts:
        port = 0 if track.is_drums else n_melodic // len(_MELODIC_CHANNELS)
        n_melodic += not track.is_drums
        if notes.bends is None or track.is_drums:
            events = [*_note_events(notes, channel, clock), *_pedal_events(pedals, channel, clock)]
            file.tracks.append(_part_track(track, [channel], events, port=port))
            continue
        voices = Voices(channel, lambda: spare.pop() if spare else None, are_alone(notes))
        semitones = bend_range([note.bend for note in notes])
        events = _bent_events(notes, voices, semitones, clock)
        channels = [voice.number for voice in voices.channels]
        for number in channels:
            events += _pedal_events(pedals, number, clock)
        file.tracks.append(_part_track(track, channels, events, semitones, port=port))
    buffer = io.BytesIO()
    file.save(file=buffer)
    return buffer.getvalue()


def _last_second(transcription: Transcription) -> float:
    pedal_offsets = (pedal.offset for pedal in transcription.pedals)
    last_note = float(transcription.notes.offset.max(initial=0.0))
    return max(transcription.duration, last_note, *pedal_offsets, 0.0)


def _times(transcription: Transcription) -> npt.NDArray[np.float64]:
    """When something begins or ends."""
    pedals = [time for pedal in transcription.pedals for time in (pedal.onset, pedal.offset)]
    notes = transcription.notes
    return np.concatenate([notes.onset, notes.offset, np.array(pedals, np.float64)])


def _parts(transcription: Transcription) -> list[tuple[Track, int, NoteTable, list[Pedal]]]:
    """(track, channel, notes, pedal) with the piano first, then in order of appearance."""
    notes, pedals = transcription.notes, joined_presses(transcription.pedals)
    tracks = sorted(notes.playing(), key=lambda track: track.name != PIANO.name)
    if not tracks and pedals:
        tracks = [pedals[0].track]
    parts = []
    melodic = 0
    for track in tracks:
        channel = DRUM_CHANNEL
        if not track.is_drums:
            channel = _MELODIC_CHANNELS[melodic % len(_MELODIC_CHANNELS)]
            melodic += 1
        # A press of a track that plays nothing goes with the first part.
        is_first = track is tracks[0]
        own = [p for p in pedals if p.track == track or (is_first and p.track not in tracks)]
        own = joined_presses(replace(pedal, track=track) for pedal in own)
        parts.append((track, channel, notes.of_track(track), own))
    return parts


def _note_events(notes: Iterable[Note], channel: int, clock: Clock) -> list[_Event]:
    events = []
    for onset, offset, pitch, velocity in _without_overlaps(notes, clock):
        on = mido.Message("note_on", channel=channel, note=pitch, velocity=velocity)
        off = mido.Message("note_off", channel=channel, note=pitch, velocity=64)
        events += [(onset, _NOTE_ON, on), (offset, _NOTE_OFF, off)]
    return events


def _bent_events(
    notes: Iterable[Note], voices: Voices, semitones: int, clock: Clock
) -> list[_Event]:
    """Notes on the channels of their voices, with the wheels of these."""
    by_channel: dict[int, list[Note]] = {}
    events: list[_Event] = []
    wheels: dict[int, list[tuple[float, int]]] = {}
    bent: set[int] = set()
    for note in notes:
        channel, bends = voices.channel_of(note)
        by_channel.setdefault(channel, []).append(note)
        moves = wheels.setdefault(channel, [])
        while moves and moves[-1][0] >= note.onset:  # of a note that this one is joined to
            moves.pop()
        if bends:
            bent.add(channel)
            moves += wheel_positions(note, semitones)
        elif channel in bent:
            bent.remove(channel)
            moves.append((note.onset, 0))
    for channel, own in by_channel.items():
        wheel = mido.Message("pitchwheel", channel=channel)
        events += [
            (clock.tick(second), _BEND, wheel.copy(pitch=position))
            for second, position in wheels[channel]
        ]
        events += _note_events(own, channel, clock)
    return events


def _without_overlaps(notes: Iterable[Note], clock: Clock) -> list[tuple[int, int, int, int]]:
    """(onset, offset, pitch, velocity) in ticks, at least a tick long, no overlap in a pitch."""
    spans: list[tuple[int, int, int, int]] = []
    latest: dict[int, int] = {}  # pitch -> index in spans
    for note in notes:
        onset = clock.tick(note.onset)
        offset = max(clock.tick(note.offset), onset + 1)
        velocity = note.velocity
        if note.pitch in latest:
            index = latest[note.pitch]
            earlier_onset, earlier_offset, _, earlier_velocity = spans[index]
            if earlier_onset == onset:
                louder = max(velocity, earlier_velocity)
                spans[index] = (onset, max(offset, earlier_offset), note.pitch, louder)
                continue
            end = min(earlier_offset, onset)
            spans[index] = (earlier_onset, end, note.pitch, earlier_velocity)
        latest[note.pitch] = len(spans)
        spans.append((onset, offset, note.pitch, velocity))
    return spans


def _pedal_events(pedals: Iterable[Pedal], channel: int, clock: Clock) -> list[_Event]:
    events = []
    free_from = 0
    for pedal in pedals:
        # A press shorter than a tick must not lift the next one.
        onset = max(clock.tick(pedal.onset), free_from)
        free_from = max(clock.tick(pedal.offset), onset + 1)
        down = mido.Message("control_change", channel=channel, control=64, value=127)
        events += [(onset, _PEDAL_DOWN, down), (free_from, _PEDAL_UP, down.copy(value=0))]
    return events


def _conductor_track(transcription: Transcription, clock: Clock) -> mido.MidiTrack:
    end = clock.tick(transcription.duration)
    track = mido.MidiTrack()
    if title := transcription.metadata.get("title", ""):
        track.append(mido.MetaMessage("track_name", name=_meta_text(title)))
    track.append(mido.MetaMessage("text", text=_meta_text(_provenance(transcription))))
    now = 0
    for tick, message in clock.events():
        message.time, now = tick - now, tick
        track.append(message)
    # The length of the recording: silence after the last note is kept.
    track.append(mido.MetaMessage("end_of_track", time=max(0, end - now)))
    return track


def _part_track(
    track: Track,
    channels: list[int],
    events: list[_Event],
    semitones: int | None = None,
    *,
    port: int = 0,
) -> mido.MidiTrack:
    """``semitones``: how far the wheels of the channels reach, where any moves."""
    written = mido.MidiTrack()
    written.append(mido.MetaMessage("track_name", name=_meta_text(track.name)))
    if port:  # or synthesisers would take it for another part on its channel
        written.append(mido.MetaMessage("midi_port", port=port))
    program = 0 if track.is_drums else track.program
    for channel in channels:
        written.append(mido.Message("program_change", channel=channel, program=program))
        if semitones is not None:
            written.extend(range_messages(channel, semitones))
    now = 0
    for tick, _, message in sorted(events, key=itemgetter(0, 1)):
        message.time = tick - now
        now = tick
        written.append(message)
    return written


def _provenance(transcription: Transcription) -> str:
    tags = {key: tag for key, tag in transcription.metadata.items() if len(tag) <= _LONGEST_TAG}
    origin = {
        "file": transcription.file,
        "model": transcription.model,
        "profile": transcription.profile,
        "tuning_cents": transcription.tuning_cents,
        "metadata": tags,
    }
    return f"{PROVENANCE}{__version__} {json.dumps(origin, ensure_ascii=False)}"


def _meta_text(text: str) -> str:
    # mido's charset is a global of the process; its default, Latin-1, passes our bytes as they are.
    return text.encode("utf-8", "replace").decode("latin-1")
