"""The music: notes, tracks, pedal, tempo; values that cannot be wrong.

``symbolic.instruments`` is imported by its own name.
"""

from amtstudio.symbolic.meter import Meter
from amtstudio.symbolic.note_table import NO_NOTES, NoteTable
from amtstudio.symbolic.notes import Note, NoteState, Pedal
from amtstudio.symbolic.pedals import held_until, joined_presses
from amtstudio.symbolic.score_choices import NO_CHOICES, ScoreChoices
from amtstudio.symbolic.staff_places import NO_PLACES, StaffPlace, StaffPlaces
from amtstudio.symbolic.tempo import TempoMap
from amtstudio.symbolic.tracks import PIANO, Track, TrackKind
from amtstudio.symbolic.transcription import Transcription

__all__ = [
    "NO_CHOICES",
    "NO_NOTES",
    "NO_PLACES",
    "PIANO",
    "Meter",
    "Note",
    "NoteState",
    "NoteTable",
    "Pedal",
    "ScoreChoices",
    "StaffPlace",
    "StaffPlaces",
    "TempoMap",
    "Track",
    "TrackKind",
    "Transcription",
    "held_until",
    "joined_presses",
]
