"""Recordings whose notes the user has: what a score says of each, as passages to learn from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from amtstudio.decoding import Activations
from amtstudio.engine.tuning import RETUNE_FROM_CENTS
from amtstudio.errors import BadFileError
from amtstudio.features.tuning import estimate_tuning
from amtstudio.formats.score_reader import read_score
from amtstudio.learning.candidate import Candidate
from amtstudio.learning.control import RunControl
from amtstudio.learning.events import Aligning
from amtstudio.learning.hearing import hear, note_settings
from amtstudio.learning.recordings import UserRecording
from amtstudio.learning.report import ScoreFit
from amtstudio.learning.score_alignment import (
    LEAST_COVERED,
    LEAST_FIT,
    Alignment,
    align_score,
)
from amtstudio.symbolic import NoteTable


def with_scores(
    recordings: list[UserRecording],
    scores: Mapping[Path, Path],
    base: Candidate,
    control: RunControl,
) -> tuple[list[UserRecording], dict[str, ScoreFit]]:
    """The recordings with what their scores say, and how well each score fits.

    Raises
    ------
    BadFileError
        If a score cannot be read, or does not fit its recording; the message gives the figures.
    Cancelled
    """
    total = sum(entry.path in scores for entry in recordings)
    found: list[UserRecording] = []
    fits: dict[str, ScoreFit] = {}
    for entry in recordings:
        score = None if entry.path is None else scores.get(entry.path)
        if score is None:
            found.append(entry)
            continue
        control.tell(Aligning(done=len(fits), total=total))
        aligned = _aligned(entry, read_score(score), base, control)
        fits[entry.name] = ScoreFit(
            score.name,
            round(aligned.matched, 4),
            round(aligned.extra, 4),
            round(aligned.covered, 4),
        )
        if aligned.agrees and not aligned.fits:
            raise BadFileError(
                f"{score.name} is not all that is played in {entry.name}:"
                f" {100 * aligned.missing:.0f} % of the notes that are clearly heard are not in it",
                hint="use a score with all parts and both hands",
            )
        if not aligned.fits:
            raise BadFileError(
                f"{score.name} does not fit {entry.name}: {100 * aligned.matched:.0f} % of its"
                f" notes are found where they should be, in {100 * aligned.covered:.0f} % of"
                f" the recording; at least {100 * LEAST_FIT:.0f} % and {100 * LEAST_COVERED:.0f} %"
                " are needed",
                hint="check that it is this piece, in this key and with its repeats as played",
            )
        known = entry.corrections
        passages = (*aligned.passages, *known.passages)
        found.append(replace(entry, corrections=replace(known, passages=passages)))
    return found, fits


def heard_in_tune(
    entry: UserRecording, base: Candidate, control: RunControl
) -> tuple[Activations, float]:
    """A model's output on a recording, retuned as the engine does, and its onset threshold."""
    cents = estimate_tuning(entry.audio, entry.grid.sample_rate)
    if cents is not None and abs(cents) >= RETUNE_FROM_CENTS:
        base = replace(base, tuning_cents=round(cents, 1))
    transcriber = base.transcriber()
    audio = entry.at(base.heard_grid).audio
    activations = hear(transcriber, audio, is_cancelled=control.is_cancelled).activations
    return activations, note_settings(transcriber).onset_threshold


def _aligned(
    entry: UserRecording, variants: tuple[NoteTable, ...], base: Candidate, control: RunControl
) -> Alignment:
    """By the order of playing that fits best."""
    activations, threshold = heard_in_tune(entry, base, control)
    aligned = [align_score(notes, activations, onset_threshold=threshold) for notes in variants]
    return max(aligned, key=lambda entry: entry.matched * entry.covered)
