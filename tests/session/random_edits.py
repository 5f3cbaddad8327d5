"""Random edits of every kind: the same seed gives the same edits on the same document."""

from __future__ import annotations

import contextlib
import hashlib
from collections.abc import Callable

import numpy as np

from amtstudio.errors import EditError
from amtstudio.session import Document
from amtstudio.symbolic import Note, Pedal, Transcription

Edit = Callable[[Document, np.random.Generator], object]


def random_note(rng: np.random.Generator) -> Note:
    onset = rng.uniform(0.0, 20.0)
    return Note(
        onset,
        onset + rng.uniform(0.02, 2.0),
        rng.integers(21, 109),  # of NumPy's types, as a decoder's
        rng.integers(1, 128),
        np.float32(rng.uniform(0.0, 1.0)),
    )


def random_transcription(rng: np.random.Generator, n_notes: int = 12) -> Transcription:
    notes = tuple(random_note(rng) for _ in range(n_notes))
    onset = rng.uniform(0.0, 10.0)
    return Transcription(notes, (Pedal(onset, onset + 1.0),), duration=22.0, model="piano")


def _some(document: Document, rng: np.random.Generator) -> list[int]:
    ids = sorted(document.notes)
    return [ids[index] for index in rng.integers(0, len(ids), size=rng.integers(1, 4))]


def _merge(document: Document, rng: np.random.Generator) -> None:
    ids = sorted(document.notes)
    pitch = document.notes[ids[rng.integers(len(ids))]].note.pitch
    document.merge([key for key in ids if document.notes[key].note.pitch == pitch])


def _passage(document: Document, rng: np.random.Generator, *, accept: bool) -> None:
    onset = rng.uniform(0.0, 20.0)
    act = document.accept_passage if accept else document.withdraw_passage
    act(onset, onset + rng.uniform(0.1, 3.0))


def _split(document: Document, rng: np.random.Generator) -> None:
    key = _some(document, rng)[0]
    note = document.notes[key].note
    document.split([key], note.onset + rng.uniform(0.0, 1.0) * note.duration)


def _retranscribe(document: Document, rng: np.random.Generator) -> None:
    document.replace_transcription(
        random_transcription(rng),
        candidates=[random_note(rng) for _ in range(3)],
        keep_corrections=bool(rng.integers(2)),
    )


EDITS: tuple[Edit, ...] = (
    lambda d, r: d.move(_some(d, r), seconds=r.normal(), semitones=int(r.integers(-5, 6))),
    lambda d, r: d.resize(_some(d, r), onset_by=r.normal() / 4, offset_by=r.normal() / 4),
    lambda d, r: d.add(random_note(r)),
    lambda d, r: d.add(random_note(r)),
    lambda d, r: d.delete(_some(d, r)),
    _split,
    _merge,
    lambda d, r: d.shift_octave(_some(d, r), int(r.choice([-1, 1]))),
    lambda d, r: d.set_velocity(_some(d, r), int(r.integers(1, 128))),
    lambda d, r: d.change_velocity(_some(d, r), int(r.integers(-40, 41))),
    lambda d, r: d.accept(_some(d, r)),
    lambda d, r: d.reject(_some(d, r)),
    lambda d, r: _passage(d, r, accept=True),
    lambda d, r: _passage(d, r, accept=False),
    _retranscribe,
)


def random_edit(document: Document, rng: np.random.Generator) -> None:
    """One edit; now and then one that the notes refuse, or that changes nothing."""
    edit = EDITS[rng.integers(len(EDITS))] if document.notes else _retranscribe
    with contextlib.suppress(EditError):
        edit(document, rng)


def fingerprint(document: Document) -> str:
    """Tells two states of a document apart; not by the moments at which passages were accepted."""
    content = document.content
    passages = [(passage.onset, passage.offset) for passage in content.passages]
    notes = sorted(content.notes.items())
    state = repr((notes, content.pedals, passages, content.source))
    return hashlib.sha256(state.encode()).hexdigest()[:16]
