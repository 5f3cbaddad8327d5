"""What a model gets wrong on recordings with truth."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Sequence

import numpy as np

from amtstudio.cli.evaluate import clipped
from amtstudio.engine import load_transcriber
from amtstudio.errors import AmtStudioError
from amtstudio.scoring import PRF
from amtstudio.scoring.matching import velocities_within
from amtstudio.symbolic import NoteTable
from training.error_analysis import (
    Labels,
    PieceErrors,
    band_order,
    chord_labels,
    compare,
    deviations,
    false_positive_labels,
    gap_labels,
    matched_velocities,
    polyphony_labels,
    pooled,
    register_labels,
    relation_labels,
    velocity_labels,
    velocity_line,
)
from training.evaluation import pieces_of
from training.measuring_options import add_measuring_options
from training.text_table import percent, text_table
from training.truth import read_truth

_RECALL_BY: dict[str, Callable[[NoteTable], Labels]] = {
    "true velocity": velocity_labels,
    "register": register_labels,
    "notes sounding": polyphony_labels,
    "notes struck together": chord_labels,
    "silence of the key before": gap_labels,
    "harmonic of a note struck together": relation_labels,
}
_QUANTILES = (5, 25, 50, 75, 95)


def main(arguments: Sequence[str] | None = None) -> int:
    options = _parser().parse_args(arguments)
    try:
        pieces = _heard(options)
    except AmtStudioError as error:
        print(f"training.analyse_errors: error: {error}", file=sys.stderr)
        return error.exit_code
    print(analysis(pieces))
    return 0


def analysis(pieces: Sequence[PieceErrors]) -> str:
    """All tables as text.

    Raises
    ------
    ValueError
        If there are no pieces.
    """
    if not pieces:
        raise ValueError("need at least one piece")
    parts = [("Pieces", _pieces_table(pieces))]
    parts += [
        (f"Recall by {name}, in percent", _recall_table(pieces, labels_of))
        for name, labels_of in _RECALL_BY.items()
    ]
    parts.append(("False notes (first kind that fits)", _false_table(pieces)))
    parts.append(("Onsets: estimated minus true in ms, aligned", _timing_table(pieces)))
    parts.append(("Velocities: estimated minus true", _velocity_table(pieces)))
    return "\n\n".join(f"{title}\n{table}" for title, table in parts)


def _heard(options: argparse.Namespace) -> list[PieceErrors]:
    transcriber = load_transcriber(options.checkpoint, device=options.device)
    pieces = pieces_of(options.folder, split=options.split)[: options.pieces]
    heard = []
    for piece in pieces:
        truth = clipped(
            read_truth(piece.truth, extend_by_pedal=not options.key_offsets), options.seconds
        )
        result = transcriber.transcribe_file(piece.audio, end=options.seconds)
        heard.append(compare(piece.audio.stem, truth, result.transcription))
        print(f"{len(heard)}/{len(pieces)} {piece.audio.name}", file=sys.stderr)
    return heard


def _pieces_table(pieces: Sequence[PieceErrors]) -> str:
    headings = ["piece", "notes", "P", "R", "F1", "100ms", "lag ms"]
    headings += ["vel ok", "slope", "offset", "spread", "bias", "corr."]
    return text_table(headings, [_piece_row(piece) for piece in pieces])


def _piece_row(piece: PieceErrors) -> list[str]:
    n_ref, n_est = len(piece.reference), len(piece.estimate)
    aligned = PRF.from_counts(len(piece.pairs), n_ref, n_est)
    wide = PRF.from_counts(len(piece.wide_pairs), n_ref, n_est)
    shares = [aligned.precision, aligned.recall, aligned.f1, wide.f1]
    row = [piece.name, str(n_ref), *map(percent, shares), f"{1000 * piece.median_deviation:+.0f}"]
    if len(piece.pairs) < 2:
        return row + 6 * ["-"]
    line = velocity_line(*matched_velocities(piece))
    within = velocities_within(piece.reference, piece.estimate, piece.pairs) / len(piece.pairs)
    row += [percent(within), f"{line.slope:.2f}", f"{line.offset:+.0f}"]
    return [*row, f"{line.spread:.1f}", f"{line.bias:+.1f}", f"{line.correlation:.2f}"]


def _recall_table(pieces: Sequence[PieceErrors], labels_of: Callable[[NoteTable], Labels]) -> str:
    """The share of all missed notes beside it says where most is to be gained."""
    labels, found, found_wide = pooled(pieces, labels_of)
    n_missed = max(1, int(np.count_nonzero(~found)))
    rows = []
    for label in band_order(labels):
        here = labels == label
        missed = int(np.count_nonzero(~found[here]))
        rows.append(
            [
                label,
                str(np.count_nonzero(here)),
                percent(float(found[here].mean())),
                percent(float(found_wide[here].mean())),
                percent(missed / n_missed),
            ]
        )
    return text_table(["", "notes", "50 ms", "100 ms", "of all missed"], rows)


def _false_table(pieces: Sequence[PieceErrors]) -> str:
    labels = np.concatenate([false_positive_labels(piece) for piece in pieces])
    n_heard = sum(len(piece.estimate) for piece in pieces)
    kinds, counts = np.unique(labels, return_counts=True)
    rows = [
        [str(kinds[at]), str(counts[at]), percent(counts[at] / len(labels))]
        for at in np.argsort(-counts)
    ]
    share = percent(len(labels) / max(1, n_heard))
    foot = [["all", str(len(labels)), "100.0"], [f"of {n_heard} notes heard", "", share]]
    return text_table(["", "notes", "%"], rows, foot=foot)


def _timing_table(pieces: Sequence[PieceErrors]) -> str:
    parts = [deviations(piece) for piece in pieces]
    late = 1000.0 * np.concatenate([part[0] for part in parts])
    labels = np.concatenate([part[1] for part in parts])
    rows = []
    for label in [*band_order(labels), "all"]:
        here = late if label == "all" else late[labels == label]
        quantiles = (f"{value:+.0f}" for value in np.percentile(here, _QUANTILES))
        rows.append([label, str(len(here)), *quantiles])
    headings = ["true velocity", "notes", *(f"{quantile} %" for quantile in _QUANTILES)]
    return text_table(headings, rows)


def _velocity_table(pieces: Sequence[PieceErrors]) -> str:
    parts = [matched_velocities(piece) for piece in pieces]
    true, estimated = (np.concatenate(side) for side in zip(*parts, strict=True))
    labels = np.concatenate(
        [velocity_labels(piece.reference)[piece.pairs[:, 0]] for piece in pieces]
    )
    rows = []
    for label in [*band_order(labels), "all"]:
        errors = (estimated - true)[(labels == label) | (label == "all")]
        rows.append([label, str(len(errors)), f"{np.mean(errors):+.1f}", f"{np.std(errors):.1f}"])
    return text_table(["true velocity", "notes", "mean", "spread"], rows)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m training.analyse_errors",
        description="Print where a model misses notes, what it invents, and how its times and"
        " velocities scatter. Estimates are aligned as for note_aligned; recall is within 50 ms"
        " where nothing else is said; notes of all pieces are pooled.",
    )
    parser.add_argument("checkpoint", help="a shipped model's name, or a path")
    parser.add_argument("--pieces", type=int, help="the first so many; by default all")
    parser.add_argument("--seconds", type=float, help="only the beginning of each piece")
    add_measuring_options(parser)
    return parser


if __name__ == "__main__":
    sys.exit(main())
