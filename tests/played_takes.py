"""What somebody plays into a microphone: drums and instruments, computed; a piano, the example."""

from __future__ import annotations

import numpy as np

from amtstudio.audio import FloatArray, stream_mono
from amtstudio.learning.instruments.clips import PLAYERS, recorded_excerpt
from amtstudio.playback import render_transcription
from amtstudio.resources import resource_path
from amtstudio.symbolic import Note, NoteTable, Track, Transcription
from amtstudio.symbolic.drums import GENERAL_MIDI_KEYS

RATE = 16_000
_DRUMS = Track.named("drums")


def played_drums(seconds: float) -> tuple[FloatArray, NoteTable]:
    """A beat at 120 a minute on the bundled kit, and its hits."""
    hits = []
    for eighth in range(int(seconds / 0.25)):
        drums = ["hihat_closed"]
        drums += {0: ["kick"], 2: ["snare"]}.get(eighth % 4, [])
        for drum in drums:
            onset = 0.25 * eighth + 0.1
            hits.append(Note(onset, onset + 0.1, GENERAL_MIDI_KEYS[drum], 100, 1.0, _DRUMS))
    notes = NoteTable.of(hits)
    sound = render_transcription(Transcription(notes, duration=seconds), sample_rate=RATE)
    return sound[: round(seconds * RATE)].astype(np.float32), notes


def played_on(name: str, seconds: float, *, seed: int = 1) -> tuple[FloatArray, NoteTable]:
    """One of the computed instruments, and its notes."""
    (player,) = (player for player in PLAYERS if player.name == name)
    excerpt = recorded_excerpt(player, seed, seconds)
    return excerpt.audio, excerpt.truth.notes


def played_piano(seconds: float) -> FloatArray:
    """The beginning of the example: a piano, and later a singer."""
    path = resource_path("examples", "schumann_im_wunderschoenen.mp3")
    return np.concatenate(list(stream_mono(path, sample_rate=RATE, end=seconds)))
