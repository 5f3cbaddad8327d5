"""The request for an adaptation, kept as ``request.json`` in the run folder."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Literal

import msgspec

from amtstudio.json_files import from_json, to_json
from amtstudio.learning.opinion import Trust
from amtstudio.symbolic import Note
from amtstudio.symbolic.instrument_tags import NO_TAGS, InstrumentTags

FORMAT = 2
DETECTOR = "instruments"  # the model that tells instruments and no notes
LEAST_TAGS = 4  # stretches in which an instrument was marked: one of them judges
LEAST_SECONDS = 5.0  # of a recording
# To learn weights; below, only the tuning is adapted. One recording for each role.
LEAST_RECORDINGS, LEAST_TOTAL_S = 3, 60.0
UNSURE_S = 0.15  # on either side of a note that may or may not be there


@dataclass(frozen=True, slots=True)
class Passage:
    """A stretch of a recording, in seconds, in which every note is known.

    ``unsure``: notes that may or may not be there, or not exactly then, for example where a score
    and the transcription disagree: they are excluded from the labels. ``knows``: whether ends and
    velocities of the notes are known as well ("all", for example where the user corrected them), or
    only the onsets. "played": everything except the time offset between sound and notes, as with a
    keyboard that was recorded along.
    """

    start: float
    end: float
    notes: tuple[Note, ...]
    unsure: tuple[Note, ...] = ()
    knows: Literal["all", "played", "onsets"] = "all"


def may_be_same(note: Note, others: Iterable[Note]) -> bool:
    """Whether a note that is unsure may be one of ``others``: within 150 ms at its pitch."""
    return any(
        other.pitch == note.pitch and abs(other.onset - note.onset) < UNSURE_S for other in others
    )


@dataclass(frozen=True, slots=True)
class Corrections:
    """The user's decisions about a recording.

    Attributes
    ----------
    passages : tuple of Passage
        Within these all is known.
    right, wrong : tuple of Note
        Single notes outside of them that are there, or that the model found but that are not there.
    project : Path or None
        In which the user made these decisions.
    sha256 : str
        Of the file they are about; "" if not known.
    instruments : tuple of InstrumentTag
        Which instruments are heard where, and which are not.
    """

    passages: tuple[Passage, ...] = ()
    right: tuple[Note, ...] = ()
    wrong: tuple[Note, ...] = ()
    project: Path | None = None
    sha256: str = ""
    instruments: InstrumentTags = NO_TAGS

    def only(self, *, drums: bool) -> Corrections:
        """Those of drum tracks, or of all others: a project may hold both."""

        def of(notes: tuple[Note, ...]) -> tuple[Note, ...]:
            return tuple(note for note in notes if note.track.is_drums is drums)

        split = (
            replace(passage, notes=of(passage.notes), unsure=of(passage.unsure))
            for passage in self.passages
        )
        # Where all that is left is unsure, as of a deleted track, it is not known what is missing.
        passages = tuple(passage for passage in split if passage.notes or not passage.unsure)
        return replace(self, passages=passages, right=of(self.right), wrong=of(self.wrong))


NO_CORRECTIONS = Corrections()


@dataclass(frozen=True, slots=True)
class Request:
    """What the user requested.

    ``recordings`` are audio files; a project among them stands for its recording and the
    corrections in it. ``minutes`` of learning are for the weights (``LearningClock``); the judging
    around it takes about as long again for ten minutes of audio on two cores. ``corrections`` maps
    recordings to what the user decided, ``scores`` to a MIDI or MusicXML file of what is played in
    them. ``trust`` is how sure the teacher has to be, in place of its own; it has no effect on a
    teacher that labels during training.
    """

    name: str
    recordings: tuple[Path, ...]
    minutes: float = 5.0
    model: str = "piano"
    device: str = "auto"
    teacher: str = "auto"
    n_threads: int | None = None
    overwrite: bool = False
    corrections: Mapping[Path, Corrections] = field(default_factory=dict)
    scores: Mapping[Path, Path] = field(default_factory=dict)
    trust: Trust | None = None

    def is_same_run(self, other: Request) -> bool:
        """Whether a run for the one can be taken up by the other."""
        return _essentials(self) == _essentials(other)

    def to_json(self) -> bytes:
        """With absolute paths: the run may be resumed from another folder."""
        recordings = tuple(path.absolute() for path in self.recordings)
        corrections = {str(path.absolute()): known for path, known in self.corrections.items()}
        scores = {str(path.absolute()): str(of.absolute()) for path, of in self.scores.items()}
        request = replace(self, recordings=recordings, corrections={}, scores={})
        return to_json(_Stored(FORMAT, request, corrections, scores))

    @classmethod
    def from_json(cls, data: bytes) -> Request:
        """Read what ``to_json`` wrote.

        Raises ``ValueError``, which names the place, for anything else.
        """
        stored = from_json(data, _Stored)
        if stored.format != FORMAT:
            raise ValueError(f"the request has format {stored.format}; this reads {FORMAT}")
        corrections = {Path(name): known for name, known in stored.corrections.items()}
        scores = {Path(name): Path(of) for name, of in stored.scores.items()}
        return replace(stored.request, corrections=corrections, scores=scores)


class _Stored(msgspec.Struct):
    format: int
    request: Request
    corrections: dict[str, Corrections]  # JSON has no other keys than text
    scores: dict[str, str] = {}


def _essentials(request: Request) -> tuple[object, ...]:
    paths = tuple(path.absolute() for path in request.recordings)
    scores = sorted((path.absolute(), of.absolute()) for path, of in request.scores.items())
    asked = request.name, request.minutes, request.model, request.teacher, request.trust
    return *asked, paths, scores
