"""Print what a MIDI file holds: its size in notes and seconds, and the first notes."""

from __future__ import annotations

import sys
from pathlib import Path

import pretty_midi

SHOWN = 12


def describe(path: Path) -> str:
    """The number of notes, their range and the first few of them, one a line."""
    midi = pretty_midi.PrettyMIDI(str(path))
    notes = sorted(
        (note for track in midi.instruments for note in track.notes),
        key=lambda note: (note.start, note.pitch),
    )
    if not notes:
        return f"{path}: no notes"
    name = pretty_midi.note_number_to_name
    lowest, highest = (pick(note.pitch for note in notes) for pick in (min, max))
    lines = [
        f"{path}: {len(notes)} notes from {name(lowest)} to {name(highest)},"
        f" {midi.get_end_time():.1f} s",
        "   onset    offset  note  velocity",
    ]
    lines += [
        f"{note.start:7.3f} s {note.end:7.3f} s  {name(note.pitch):<4}  {note.velocity:>8}"
        for note in notes[:SHOWN]
    ]
    if len(notes) > SHOWN:
        lines.append(f"... and {len(notes) - SHOWN} more")
    return "\n".join(lines)


if __name__ == "__main__":
    print(describe(Path(sys.argv[1])))
