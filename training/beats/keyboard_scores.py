"""Keyboard scores: MIDI files made from scores, each with a file that lists its bars.

``training.beats.mutopia`` writes them. A ``.bars`` file has a line for each bar: where it begins
and how long it is, in quarters, and its meter, as in ``0 1 3/4``.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import mido
import numpy as np

from amtstudio.formats.midi_pairing import NotePairing, Stroke
from amtstudio.symbolic import PIANO, Meter
from training.beats.score_bars import Bar, Doubles, Score

_UNTOLD = 60.0  # quarters per minute: LilyPond writes it if a score states no tempo
_USUAL_RATE = 270.0  # a minute, of moments at which notes begin
_SLOWEST, _FASTEST = 45.0, 150.0  # quarters a minute, where it is guessed


def write_bars(path: Path, bars: Sequence[Bar]) -> None:
    lines = [f"{bar.start:.12g} {bar.length:.12g} {bar.meter}" for bar in bars]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")


def read_bars(path: Path) -> list[Bar]:
    """Raises ``ValueError`` for any other file."""
    bars = []
    for line in path.read_text(encoding="utf-8").splitlines():
        start, length, meter = line.split()
        bars.append(Bar(float(start), float(length), Meter.parse(meter)))
    return bars


def keyboard_score(path: Path) -> Score:
    """The score of a MIDI file that has its bars beside it.

    If it states no tempo, it gets one with the usual number of onsets per second. Raises
    ``ValueError`` or ``OSError`` for any other file.
    """
    music = mido.MidiFile(path)
    parts, tempos = [], {0.0: _UNTOLD}
    for track in music.tracks:
        pairing = NotePairing()  # a track's alone: each is a part
        now = 0.0  # quarters
        for message in track:
            now += message.time / music.ticks_per_beat
            if message.type == "set_tempo":
                tempos[now] = mido.tempo2bpm(message.tempo)
            elif message.type in ("note_on", "note_off"):
                key = 0, message.channel, message.note
                if message.type == "note_on" and message.velocity:
                    pairing.note_on(key, Stroke(now, message.velocity, PIANO))
                else:
                    pairing.note_off(key, now)
        if notes := [
            (note.onset, note.offset, pitch, note.velocity) for pitch, note in pairing.notes(now)[0]
        ]:
            parts.append(np.array(sorted(notes), dtype=np.float64))
    if set(tempos.values()) == {_UNTOLD} and parts:
        tempos[0.0] = _guessed_tempo(np.concatenate(parts)[:, 0])
    end = max((float(part[:, 1].max()) for part in parts), default=0.0)
    bars = [bar for bar in read_bars(path.with_suffix(".bars")) if bar.start < end]
    return Score(bars, parts, np.array(sorted(tempos.items())))


def _guessed_tempo(onsets: Doubles) -> float:
    moments = len(np.unique(np.round(onsets, 3))) / max(float(onsets.max()), 1.0)
    return float(np.clip(_USUAL_RATE / max(moments, 1e-3), _SLOWEST, _FASTEST))
