"""The recordings chosen to learn from, and what is known of each."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from amtstudio import session
from amtstudio.audio import MOST_IN_FOLDER, find_recordings
from amtstudio.errors import AmtStudioError
from amtstudio.learning.expectation import Known
from amtstudio.learning.request import LEAST_RECORDINGS, LEAST_TOTAL_S
from amtstudio.workbench.adaptation.corrected import Corrected, recording_of
from amtstudio.workbench.adaptation.looking import Looked, Objection

MOST_TOTAL_S = 7200.0  # what fits into the memory of a small machine with room to spare


@dataclass(frozen=True, slots=True)
class Chosen:
    """One recording.

    ``corrected`` is None where no project of it is known; ``score`` is a file of what is played,
    ``keyboard`` one of what a MIDI keyboard sent meanwhile.
    """

    path: Path
    looked: Looked | None = None
    corrected: Corrected | None = None
    score: Path | None = None
    keyboard: Path | None = None

    @property
    def seconds(self) -> float:
        found = None if self.looked is None else self.looked.seconds
        return found or 0.0

    @property
    def objection(self) -> Objection | None:
        """Why it is left out; None if it is not."""
        return None if self.looked is None else self.looked.objection

    @property
    def is_usable(self) -> bool:
        """As far as known so far."""
        return self.objection is None


@dataclass(frozen=True, slots=True)
class Total:
    """The recordings that will be learned from.

    ``score_s``, ``keyboard_s``: seconds of those with a score, or with what a keyboard sent.
    """

    paths: tuple[Path, ...] = ()
    seconds: float = 0.0
    n_left_out: int = 0
    n_unheard: int = 0
    too_much: frozenset[Path] = field(default_factory=frozenset)
    score_s: float = 0.0
    keyboard_s: float = 0.0

    @property
    def learns_weights(self) -> bool:
        return len(self.paths) >= LEAST_RECORDINGS and self.seconds >= LEAST_TOTAL_S

    @classmethod
    def of(cls, entries: Sequence[Chosen]) -> Total:
        paths: list[Path] = []
        seconds, n_unheard = 0.0, 0
        score_s = keyboard_s = 0.0
        too_much = set()
        for entry in entries:
            if not entry.is_usable:
                continue
            if paths and seconds + entry.seconds > MOST_TOTAL_S:
                too_much.add(entry.path)
                continue
            paths.append(entry.path)
            seconds += entry.seconds
            n_unheard += entry.looked is None or not entry.looked.was_heard
            if entry.keyboard is not None:
                keyboard_s += entry.seconds
            elif entry.score is not None:
                score_s += entry.seconds
        n_left_out = len(entries) - len(paths)
        return cls(
            tuple(paths),
            seconds,
            n_left_out,
            n_unheard,
            frozenset(too_much),
            score_s,
            keyboard_s,
        )


def known_of(entries: Sequence[Chosen], *, uses_corrections: bool, model: str = "piano") -> Known:
    """The most that is known of any of the recordings that can be used."""
    return max((_known(entry, model, uses_corrections) for entry in entries), default=Known.NOTHING)


def _known(entry: Chosen, model: str, uses_corrections: bool) -> Known:
    if not entry.is_usable:
        return Known.NOTHING
    if uses_corrections and entry.corrected is not None and entry.corrected.teaches(model):
        return Known.CORRECTED
    if entry.keyboard is not None:
        return Known.KEYBOARD
    return Known.NOTHING if entry.score is None else Known.SCORE


@dataclass(frozen=True, slots=True)
class Found:
    """The recordings in files and folders, and those that the projects among them belong to."""

    recordings: list[Path]
    projects: list[Path]
    error: AmtStudioError | None  # of the last project that could not be read


def find_chosen(
    paths: tuple[Path, ...],
    open_projects: dict[Path, Path],
    *,
    is_cancelled: Callable[[], bool],
    **_callbacks: object,
) -> Found:
    recordings, projects, error = [], [], None
    for path in find_recordings(paths, most_in_folder=MOST_IN_FOLDER, is_cancelled=is_cancelled):
        place = path.absolute()
        if place.suffix.lower() != session.SUFFIX:
            recordings.append(place)
            continue
        try:
            recordings.append(open_projects.get(place) or recording_of(place))
        except AmtStudioError as refused:
            error = refused
        else:
            projects.append(place)
    return Found(recordings, projects, error)
