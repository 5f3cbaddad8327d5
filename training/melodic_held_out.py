"""Measure or tune a melodic model on clips of held-out instruments and music.

``python -m training.melodic_held_out --help``
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import torch

from amtstudio.decoding import Activations, DecodingSettings
from amtstudio.learning.instruments.playing import CONTROL_HZ
from amtstudio.models.checkpoint import load_transcription_model
from amtstudio.models.melodic import FAMILIES
from amtstudio.symbolic.heads import PIANO_KEYS
from training.evaluate_melodic import FractionalNotes, as_fractional, score
from training.melodic_hearing import bends, hear_clip, notes_of
from training.synthesis.dataset import Material
from training.synthesis.melodic_clips import instrument_clip_maker
from training.text_table import text_table
from training.tune_thresholds import write_card

if TYPE_CHECKING:
    from amtstudio.learning.instruments.truth import InstrumentTruth
    from amtstudio.models.transcription_model import TranscriptionModel
    from training.synthesis.instrument_clips import InstrumentClipMaker

ONSETS = tuple(round(0.1 + 0.05 * step, 2) for step in range(16))
FRAMES = (0.2, 0.3, 0.4, 0.5, 0.6, 0.7)
OFFSETS = (None, 0.15, 0.25, 0.35, 0.45)
MOVING_CENTS = 12.0  # standard deviation of a contour that counts as vibrato or a slide
_ENSEMBLE = 3  # parts


@dataclass(frozen=True)
class HeldOutClip:
    """A clip that was listened to, and what was played."""

    group: str
    heard: Activations
    truth: InstrumentTruth
    seconds: float

    @property
    def reference(self) -> FractionalNotes:
        notes = self.truth.notes
        inside = (notes[:, 0] >= 0.0) & (notes[:, 0] < self.seconds - 0.05)
        notes = notes[inside]
        return FractionalNotes(notes[:, :2], notes[:, 2])


@dataclass(frozen=True)
class FamilyThresholds:
    """Onset thresholds tuned on either half of a family's clips, and F1 on the other halves."""

    family: str
    thresholds: tuple[float, float]
    with_one: float  # threshold for all families, tuned on the same halves
    with_own: float


def clips(
    maker: InstrumentClipMaker,
    model: TranscriptionModel,
    *,
    per_group: int,
    seed: int,
    with_ensembles: bool = True,
) -> Iterator[HeldOutClip]:
    """Solo clips of every family that has instruments, and ensembles of three.

    ``three parts`` play a piece each, ``one piece`` together.
    """
    present = {bank.family for bank in maker.banks}
    groups = [
        *((name, number, 1, 0.0) for number, name in enumerate(FAMILIES) if number in present),
        ("three parts", None, _ENSEMBLE, 0.0),
        ("one piece", None, _ENSEMBLE, 1.0),
    ]
    if not with_ensembles:
        groups = [group for group in groups if group[1] is not None]
    seconds = maker.grid.to_seconds(maker.n_frames)
    for index, (name, family, n_parts, together) in enumerate(groups):
        one = replace(maker, family=family, n_parts=n_parts, together_share=together)
        for number in range(per_group if family is not None else 2 * per_group):
            clip = one.make(np.random.default_rng([seed, index, number]))
            yield HeldOutClip(name, hear_clip(model, clip.audio, clip.level), clip.truth, seconds)


def mean_scores(heard: Sequence[HeldOutClip], settings: DecodingSettings) -> dict[str, float]:
    rows = []
    for clip in heard:
        reference = clip.reference
        if len(reference.pitches):
            estimate = as_fractional(notes_of(clip.heard, settings), is_bent=False)
            rows.append(score(reference, estimate))
    return {name: float(np.mean([row[name] for row in rows])) for name in rows[0]}


def tuned(heard: Sequence[HeldOutClip], settings: DecodingSettings) -> DecodingSettings:
    """Onset threshold by notes, then frame and offset thresholds by notes with offsets."""

    def f1(candidate: DecodingSettings, name: str) -> float:
        return mean_scores(heard, candidate)[name]

    def moved(onset: float, frame: float, offset: float | None) -> DecodingSettings:
        return replace(
            settings, onset_threshold=onset, frame_threshold=frame, offset_threshold=offset
        )

    onset = max(ONSETS, key=lambda value: f1(moved(value, 0.4, None), "F50"))
    frame = max(FRAMES, key=lambda value: f1(moved(onset, value, None), "F50+off"))
    offset = max(OFFSETS, key=lambda value: f1(moved(onset, frame, value), "F50+off"))
    return moved(onset, frame, offset)


def onset_threshold(heard: Sequence[HeldOutClip], settings: DecodingSettings) -> float:
    """The one with the best mean F1 of notes."""
    return max(
        ONSETS,
        key=lambda value: mean_scores(heard, replace(settings, onset_threshold=value))["F50"],
    )


def by_family(heard: Sequence[HeldOutClip], settings: DecodingSettings) -> list[FamilyThresholds]:
    """What an onset threshold for each family would gain on solo clips, if the family were known.

    Thresholds are tuned on one half of the clips, of each family and of all together, and measured
    on the other half; then the other way round.
    """
    solos = [clip for clip in heard if clip.group in FAMILIES]
    groups = dict.fromkeys(clip.group for clip in solos)
    halves = [
        {name: [clip for clip in solos if clip.group == name][half::2] for name in groups}
        for half in (0, 1)
    ]
    together = [
        onset_threshold([clip for clips in half.values() for clip in clips], settings)
        for half in halves
    ]
    found = []
    for name in groups:
        own = [onset_threshold(half[name], settings) for half in halves]
        scores = [
            float(
                np.mean(
                    [
                        mean_scores(other[name], replace(settings, onset_threshold=value))["F50"]
                        for value, other in zip(values, reversed(halves), strict=True)
                    ]
                )
            )
            for values in (together, own)
        ]
        found.append(FamilyThresholds(name, (own[0], own[1]), *scores))
    return found


def expression_scores(heard: Sequence[HeldOutClip], settings: DecodingSettings) -> dict[str, float]:
    """Median error of contours that move, in cents, and the share of notes of the right family."""
    errors, right = [], []
    for clip in heard:
        if "bend" not in clip.heard:
            return {}
        grid, notes, curves = clip.heard.grid, clip.truth.notes, bends(clip.heard)
        found = notes_of(clip.heard, settings)
        for index, (onset, end, pitch, _) in enumerate(notes):
            near = [
                h for h in found
                if h.note.pitch == pitch and abs(h.note.onset - onset) < 0.05
            ]  # fmt: skip
            if not near:
                continue
            right.append(near[0].family == clip.truth.families[index])
            curve = clip.truth.bends[index]
            first = max(int(np.ceil((onset + 0.03) * grid.sample_rate / grid.hop_length)), 0)
            last = int((end - 0.02) * grid.sample_rate / grid.hop_length)
            frames = np.arange(first, min(last, clip.heard.n_frames))
            if not len(frames) or not len(curve):
                continue
            at = (frames * grid.hop_length / grid.sample_rate - onset) * CONTROL_HZ
            true = np.interp(at, np.arange(len(curve)), curve)
            if 100.0 * true.std() > MOVING_CENTS:
                heard_bend = curves[frames, int(pitch) - PIANO_KEYS.lowest]
                errors += list(100.0 * np.abs(heard_bend - true))
    return {
        "contour cents": float(np.median(errors)) if errors else float("nan"),
        "family": float(np.mean(right)) if right else float("nan"),
    }


def _families_table(found: Sequence[FamilyThresholds]) -> str:
    rows = [
        [each.family, f"{each.with_one:.3f}", f"{each.with_own:.3f}", *map(str, each.thresholds)]
        for each in found
    ]
    means = [np.mean([each.with_one for each in found]), np.mean([each.with_own for each in found])]
    rows.append(["all", *(f"{mean:.3f}" for mean in means), "", ""])
    headings = ["onset F1", "one threshold", "one for each", "first half", "second half"]
    return text_table(headings, rows)


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m training.melodic_held_out")
    parser.add_argument("checkpoint", type=Path)
    parser.add_argument("--material", type=Path, required=True)
    parser.add_argument("--cache", type=Path, required=True)
    parser.add_argument("--banks", default="held_out", help="folder in the material")
    parser.add_argument("--clips", type=int, default=12, help="of each group")
    parser.add_argument("--seed", type=int, default=31)
    parser.add_argument("--tune", type=Path, metavar="MODEL", help="write thresholds to a copy")
    parser.add_argument(
        "--by-family", action="store_true", help="what thresholds for each family would gain"
    )
    options = parser.parse_args(arguments)
    torch.set_num_threads(1)
    model, card = load_transcription_model(options.checkpoint)
    model.eval()
    maker = instrument_clip_maker(
        Material(options.material, options.cache),
        grid=model.grid,
        margin=model.margin,
        dereverberates=model.dereverberates,
        folder=options.banks,
        validation=True,
    )
    settings = DecodingSettings.from_card(card.thresholds)
    if options.by_family:
        # Ensembles are played by several.
        solos = clips(
            maker, model, per_group=options.clips, seed=options.seed, with_ensembles=False
        )
        print(_families_table(by_family(list(solos), settings)))
        return 0
    heard = list(clips(maker, model, per_group=options.clips, seed=options.seed))
    if options.tune:
        settings = tuned(heard, settings)
        thresholds = {
            **card.thresholds,
            "onset": settings.onset_threshold,
            "frame": settings.frame_threshold,
        }
        thresholds.pop("offset", None)
        if all(head.name != "pedal" for head in model.heads):
            thresholds.pop("pedal", None)
        if settings.offset_threshold is not None:
            thresholds["offset"] = settings.offset_threshold
        write_card(options.checkpoint, options.tune, replace(card, thresholds=thresholds))
        print(f"thresholds: {thresholds}")
    columns = ("F50", "P50", "R50", "F100", "F50+off", "octave")
    lines = []
    for group in [*dict.fromkeys(clip.group for clip in heard), "all"]:
        chosen = [clip for clip in heard if group in ("all", clip.group)]
        means = mean_scores(chosen, settings)
        extra = expression_scores(chosen, settings)
        cents, family = (extra.get(name, float("nan")) for name in ("contour cents", "family"))
        shown = [f"{means[name]:.3f}" for name in columns]
        lines.append([group, *shown, f"{cents:.1f}", f"{family:.2f}"])
    print(text_table(["held out", *columns, "cents", "family"], lines))
    return 0


if __name__ == "__main__":
    sys.exit(main())
