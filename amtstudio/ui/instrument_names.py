"""Readable names of the instruments."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication

from amtstudio.decoding.players import INSTRUMENTS
from amtstudio.symbolic import Track
from amtstudio.symbolic.families import FAMILY_TRACKS
from amtstudio.symbolic.general_midi import PROGRAM_GROUPS, PROGRAM_NAMES

_GIVEN = {*INSTRUMENTS, *(track.name for track in FAMILY_TRACKS.values())}


def instrument_name(name: str) -> str:
    """``mallet_percussion`` as a readable name, in the user's language if that is known."""
    return QCoreApplication.translate("Instrument", name.replace("_", " "))


def track_name(track: Track) -> str:
    """In the language of the user, where the program has given the name and not the user."""
    return instrument_name(track.name) if track.name in _GIVEN else track.name


def program_name(program: int) -> str:
    """A program of General MIDI, counted from 0, in the language of the user if that is known."""
    return QCoreApplication.translate("Program", PROGRAM_NAMES[program])


def program_group_name(group: int) -> str:
    """Eight programs of General MIDI from ``8 * group`` on."""
    return QCoreApplication.translate("Program", PROGRAM_GROUPS[group])


def player_name(track: Track) -> str:
    """What plays a track."""
    if track.is_drums:
        return QCoreApplication.translate("Program", "Drum kit")
    return program_name(track.program)
