"""The item under the pointer."""

from __future__ import annotations

from dataclasses import dataclass

from amtstudio.symbolic import Note, TrackKind
from amtstudio.symbolic.heads import Drums
from amtstudio.ui.document import Document


@dataclass(frozen=True, slots=True)
class Hover:
    """The item under the pointer, on a key of the roll or in the row of a drum."""

    time: float  # seconds
    pitch: int
    note: Note | None
    is_candidate: bool
    activations: dict[str, float]  # probability of each head here; empty if not known
    kind: TrackKind = TrackKind.PITCHED


def activations_at(
    document: Document, time: float, pitch: int, kind: TrackKind
) -> dict[str, float]:
    """The values of the heads of a kind at a time, in seconds, and a note number."""
    is_drums = kind is TrackKind.DRUMS
    told: dict[str, float] = {}
    for activations in (part.activations for part in document.parts):
        if activations is None:
            continue
        frame = activations.grid.to_frame(time) - activations.first_frame
        if not 0 <= frame < activations.n_frames:
            continue
        told |= {
            head.name: float(activations[head.name][frame, head.axis.pitches.index(pitch)])
            for head in activations.pictured
            if head.axis is not None
            and isinstance(head.axis, Drums) == is_drums
            and pitch in head.axis.pitches
        }
    return told
