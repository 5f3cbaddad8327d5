"""Which recordings are learned from, which choose thresholds, and which only judge."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from amtstudio.features import FrameGrid
from amtstudio.learning.joined_corrections import joined
from amtstudio.learning.recordings import UserRecording
from amtstudio.learning.report import Code, Reason
from amtstudio.learning.request import (
    LEAST_RECORDINGS,
    LEAST_TOTAL_S,
    Corrections,
    Passage,
)
from amtstudio.profiles.profile import Role
from amtstudio.symbolic import Note

_ABOUT_S = 1.0  # three recordings of a minute are often some samples short of it
_JUDGING_SHARE, _LEAST_JUDGING_S = 0.25, 2.0
_ACCEPT_SHARE, _TUNE_SHARE = 0.2, 0.15


@dataclass(frozen=True, slots=True)
class Split:
    """Recordings by role; ``too_little``: why the weights cannot be adapted, or None."""

    adapt: tuple[UserRecording, ...]
    tune: tuple[UserRecording, ...]
    accept: tuple[UserRecording, ...]
    too_little: Reason | None = None

    @property
    def everything(self) -> list[UserRecording]:
        """Each recording once, in the order of their hashes."""
        unique = {entry.sha256: entry for entry in (*self.adapt, *self.tune, *self.accept)}
        return [unique[key] for key in sorted(unique)]

    def role(self, recording: UserRecording) -> Role:
        """Its purpose; the first of *adapt*, *tune*, *accept* if it has several."""
        if recording.sha256 in {entry.sha256 for entry in self.adapt}:
            return "adapt"
        return "tune" if recording.sha256 in {entry.sha256 for entry in self.tune} else "accept"

    def judging(self, recording: UserRecording) -> tuple[Passage, ...]:
        """The parts of its known passages that judge: the last quarter of each one learned from."""
        if self.role(recording) == "accept":
            return recording.passages
        return tuple(filter(None, map(_last_part, recording.passages)))

    def teaching(self, recording: UserRecording) -> tuple[Passage, ...]:
        """Its known passages without what judges of them."""
        begins = {passage.end: passage.start for passage in self.judging(recording)}
        return tuple(
            replace(passage, end=end, notes=tuple(n for n in passage.notes if n.onset < end))
            for passage in recording.passages
            if (end := begins.get(passage.end, passage.end)) > passage.start
        )

    @property
    def judges_apart(self) -> bool:
        """Whether there are known passages that nothing is learned from."""
        return any(self.judging(entry) for entry in self.everything)

    @property
    def judging_passages(self) -> list[UserRecording]:
        """Recordings with those passages alone; with all that are known where that leaves none."""
        found = [
            replace(entry, corrections=Corrections(passages=passages))
            for entry in self.everything
            if (passages := self.judging(entry))
        ]
        return found or [entry for entry in self.everything if entry.passages]

    def at(self, grid: FrameGrid) -> Split:
        """The same recordings in the same roles, at the rate of another grid."""
        again = {entry.sha256: entry.at(grid) for entry in self.everything}

        def of(role: Sequence[UserRecording]) -> tuple[UserRecording, ...]:
            return tuple(again[entry.sha256] for entry in role)

        return Split(of(self.adapt), of(self.tune), of(self.accept), self.too_little)


def _last_part(passage: Passage) -> Passage | None:
    start = passage.end - _JUDGING_SHARE * (passage.end - passage.start)
    if passage.end - start < _LEAST_JUDGING_S:
        return None

    def inside(notes: Sequence[Note]) -> tuple[Note, ...]:
        return tuple(note for note in notes if note.onset >= start)

    return replace(passage, start=start, notes=inside(passage.notes), unsure=inside(passage.unsure))


def split_recordings(recordings: Sequence[UserRecording]) -> Split:
    """Whole recordings to each role, for parts of one would know each other.

    They are taken in the order of their hashes, as good as random, and the same every time; those
    in which passages are known come last, so that they are learned from where there are others.
    Each
    of *accept* and *tune* gets at least one, and no more than its share of the whole asks for; a
    recording is never so long that *adapt* would be left with less than half of the whole, where
    that can be avoided. Two recordings: one judges, the other does the rest. One: it does it all,
    and the weights are left alone.

    Raises
    ------
    ValueError
        If there is none.
    """
    if not recordings:
        raise ValueError("need at least one recording")
    unique: dict[str, UserRecording] = {}
    for recording in recordings:
        former = unique.get(recording.sha256, recording)
        if former is not recording:
            # A copy: what is known of either is known of both.
            known = joined(former.corrections, recording.corrections)
            former = replace(former, corrections=known)
        unique[recording.sha256] = former
    # What is labelled is learned from, as far as may be; parts of it are kept back to judge by.
    ordered = sorted(unique.values(), key=lambda entry: (bool(entry.passages), entry.sha256))
    total = sum(recording.seconds for recording in ordered)
    if len(ordered) == 1:
        alone = tuple(ordered)
        return Split(alone, alone, alone, Reason(Code.ONE_RECORDING, 1, LEAST_RECORDINGS))
    left = ordered
    accept, left = _take(left, _ACCEPT_SHARE * total)
    tune: tuple[UserRecording, ...] = tuple(left)
    if len(left) > 1:
        tune, left = _take(left, _TUNE_SHARE * total)
    reason = None
    if len(ordered) < LEAST_RECORDINGS:
        reason = Reason(Code.FEW_RECORDINGS, len(ordered), LEAST_RECORDINGS)
    elif total < LEAST_TOTAL_S - _ABOUT_S:
        reason = Reason(Code.FEW_SECONDS, total, LEAST_TOTAL_S)
    return Split(tuple(left), tune, accept, reason)


def _take(
    recordings: list[UserRecording], wanted_s: float
) -> tuple[tuple[UserRecording, ...], list[UserRecording]]:
    """Recordings of ``wanted_s`` seconds or a little more, and the others: at least one."""
    # From those that fit: a single long one would leave too little to learn from.
    most = max(1.7 * wanted_s, min(recording.seconds for recording in recordings))
    taken: list[UserRecording] = []
    for recording in recordings:
        seconds = sum(entry.seconds for entry in taken)
        if seconds >= wanted_s or len(taken) == len(recordings) - 1:
            break
        if seconds + recording.seconds <= most:
            taken.append(recording)
    return tuple(taken), [entry for entry in recordings if entry not in taken]
