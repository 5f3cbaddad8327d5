"""A transcription as a Standard MIDI File."""

from __future__ import annotations

import io
import json
from collections.abc import Iterable
from operator import itemgetter

import mido

from amtstudio import __version__
from amtstudio.formats.general_midi import DRUM_CHANNEL, is_drums, program_of
from amtstudio.symbolic import Note, Pedal, Transcription

PROVENANCE = "AMT Studio "  # how the text event begins that says where the file comes from

_TEMPO = 500_000  # microseconds a quarter: 120 BPM, what a reader without tempo map assumes
_QUARTERS_PER_SECOND = 1_000_000 / _TEMPO
# Ticks a quarter, all of them usual in sequencers. The finest that fits is taken: down to 256, for
# 5 h 25 min, times are rounded by less than a millisecond; the last is for a week.
_DIVISIONS = (960, 480, 384, 320, 256, 240, 192, 160, 120, 96, 72, 48, 24, 12, 8)
# pretty_midi, and what is built on it, refuses files of 10,000,000 as damaged. Some to spare, as
# the shortest notes and presses of the pedal are lengthened to a tick.
_MOST_TICKS = 9_990_000
_LONGEST_TAG = 1000  # characters; lyrics and the like stay out of the provenance
_MELODIC_CHANNELS = tuple(channel for channel in range(16) if channel != DRUM_CHANNEL)

# Order of events on one tick: what ends goes before what begins, or a repeated note is cut.
_NOTE_OFF, _PEDAL_UP, _PEDAL_DOWN, _NOTE_ON = range(4)
_Event = tuple[int, int, mido.Message]  # tick, order on the tick, message


def dump_midi(transcription: Transcription) -> bytes:
    """Write format 1: a track for the tempo and one for each instrument.

    The tempo is 120 BPM throughout: ticks are a clock here, at most 0.52 ms wide of the true time
    wherever in the file, and 0.98 ms in one of 2 h 53 min to 5 h 25 min; longer ones have coarser
    ticks, so that other programs open them. Where two notes of one pitch and instrument overlap,
    the earlier ends as the later begins; two that begin on the same tick become one. Confidence is
    not kept.
    """
    clock = _Clock(_last_second(transcription))
    file = mido.MidiFile(type=1, ticks_per_beat=clock.ticks_per_beat)
    end = clock.tick(transcription.duration)
    file.tracks.append(_conductor_track(transcription, end))
    pedals = merge_pedals(transcription.pedals)
    for name, channel, notes in _parts(transcription):
        events = [*_note_events(notes, channel, clock), *_pedal_events(pedals, channel, clock)]
        pedals = []  # with the first part only: it belongs to the piano
        file.tracks.append(_part_track(name, channel, events))
    buffer = io.BytesIO()
    file.save(file=buffer)
    return buffer.getvalue()


class _Clock:
    """Seconds to ticks, each rounded on its own so that errors do not add up."""

    def __init__(self, last_second: float) -> None:
        self.ticks_per_beat = next(
            (
                division
                for division in _DIVISIONS
                if last_second * _QUARTERS_PER_SECOND * division < _MOST_TICKS
            ),
            _DIVISIONS[-1],
        )

    def tick(self, seconds: float) -> int:
        return round(seconds * _QUARTERS_PER_SECOND * self.ticks_per_beat)


def _last_second(transcription: Transcription) -> float:
    note_offsets = (note.offset for note in transcription.notes)
    pedal_offsets = (pedal.offset for pedal in transcription.pedals)
    return max(transcription.duration, *note_offsets, *pedal_offsets, 0.0)


def _parts(transcription: Transcription) -> list[tuple[str, int, list[Note]]]:
    """(instrument, channel, notes) with the piano first, then in order of appearance."""
    notes_of: dict[str, list[Note]] = {}
    for note in transcription.notes:
        notes_of.setdefault(note.instrument, []).append(note)
    if not notes_of and transcription.pedals:
        notes_of["piano"] = []
    parts = []
    melodic = 0
    for name in sorted(notes_of, key=lambda name: name != "piano"):
        channel = DRUM_CHANNEL
        if not is_drums(name):
            channel = _MELODIC_CHANNELS[melodic % len(_MELODIC_CHANNELS)]
            melodic += 1
        parts.append((name, channel, notes_of[name]))
    return parts


def _note_events(notes: Iterable[Note], channel: int, clock: _Clock) -> list[_Event]:
    events = []
    for onset, offset, pitch, velocity in _without_overlaps(notes, clock):
        on = mido.Message("note_on", channel=channel, note=pitch, velocity=velocity)
        off = mido.Message("note_off", channel=channel, note=pitch, velocity=64)
        events += [(onset, _NOTE_ON, on), (offset, _NOTE_OFF, off)]
    return events


def _without_overlaps(notes: Iterable[Note], clock: _Clock) -> list[tuple[int, int, int, int]]:
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


def merge_pedals(pedals: Iterable[Pedal]) -> list[Pedal]:
    """Presses that overlap are one; those that only touch stay two."""
    merged: list[Pedal] = []
    for pedal in pedals:
        if merged and pedal.onset < merged[-1].offset:
            merged[-1] = Pedal(merged[-1].onset, max(merged[-1].offset, pedal.offset))
        else:
            merged.append(pedal)
    return merged


def _pedal_events(pedals: Iterable[Pedal], channel: int, clock: _Clock) -> list[_Event]:
    events = []
    free_from = 0
    for pedal in pedals:
        # A press shorter than a tick must not lift the next one.
        onset = max(clock.tick(pedal.onset), free_from)
        free_from = max(clock.tick(pedal.offset), onset + 1)
        down = mido.Message("control_change", channel=channel, control=64, value=127)
        events += [(onset, _PEDAL_DOWN, down), (free_from, _PEDAL_UP, down.copy(value=0))]
    return events


def _conductor_track(transcription: Transcription, end: int) -> mido.MidiTrack:
    track = mido.MidiTrack()
    if title := transcription.metadata.get("title", ""):
        track.append(mido.MetaMessage("track_name", name=_meta_text(title)))
    track.append(mido.MetaMessage("text", text=_meta_text(_provenance(transcription))))
    track.append(mido.MetaMessage("set_tempo", tempo=_TEMPO))
    track.append(mido.MetaMessage("time_signature", numerator=4, denominator=4))
    # The length of the recording: silence after the last note is kept.
    track.append(mido.MetaMessage("end_of_track", time=end))
    return track


def _part_track(name: str, channel: int, events: list[_Event]) -> mido.MidiTrack:
    track = mido.MidiTrack()
    track.append(mido.MetaMessage("track_name", name=_meta_text(name)))
    program = 0 if channel == DRUM_CHANNEL else program_of(name)
    track.append(mido.Message("program_change", channel=channel, program=program))
    now = 0
    for tick, _, message in sorted(events, key=itemgetter(0, 1)):
        message.time = tick - now
        now = tick
        track.append(message)
    return track


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
