"""The seed's seven variants at a scale that an afternoon and one computer allow.

``python -m training.small_semi_supervised OUTPUT --material FOLDER``

A few labelled pieces on one piano; another piano's recordings without labels; tests on other music
on the second piano and on a third. All are synthesised dry, without the rooms and equalisers of our
own training: these variations would leave the semi-supervised stage little to do. The network is
that of ``piano`` with few channels, for Onsets and Frames learns nothing in the time; targets fill
one frame each, as in the paper. Thresholds are tuned on held-out music of the labelled piano.

What to look for is what the paper found: that pseudo-labels alone (SS1) collapse, and that
distribution matching with augmentation (SS4) gains on the supervised baseline (OF). Each of
``--seeds`` draws its own clips, first weights and batches, so that the spread is seen as well.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

import numpy as np
import numpy.typing as npt

from amtstudio.decoding import DecodingSettings
from amtstudio.engine import Transcriber, load_transcriber
from amtstudio.features import FrameGrid
from amtstudio.models.checkpoint import load_transcription_model
from amtstudio.scoring import PieceScores, mean_scores, score_notes
from training.datasets import find_pieces
from training.documented_parser import documented_parser
from training.export import export
from training.presets import PIANO
from training.render_clips import render_clips
from training.run import Run
from training.semi_supervised import VARIANTS, SemiSupervisedRun, Stage, chosen, without_labels
from training.synthesis.clips import ClipMaker
from training.synthesis.dataset import Material
from training.synthesis.piano_bank import load_bank
from training.threshold_search import tune
from training.truth import read_truth
from training.tune_thresholds import heard_pieces, tuned_card, write_card

GRID = FrameGrid(16000, 512)


@dataclass(frozen=True, slots=True)
class Part:
    """A set of clips: on which piano, how many, and whether of music that training may hear."""

    name: str
    piano: str
    n_clips: int
    is_validation: bool
    seed: int


PARTS = (
    Part("labelled", "fluidr3_gm_piano", 12, is_validation=False, seed=1),
    Part("tuning", "fluidr3_gm_piano", 6, is_validation=True, seed=2),
    Part("unlabelled", "headroom_yamaha_c3_decca", 40, is_validation=False, seed=3),
    Part("test-same", "headroom_yamaha_c3_decca", 10, is_validation=True, seed=4),
    Part("test-other", "upright_kw_kawai_HELDOUT", 10, is_validation=True, seed=5),
)
TESTS = ("test-same", "test-other")


def render(part: Part, material: Material, folder: Path, seconds: float, seed: int) -> None:
    """Write the clips of a part as a seed draws them, unless they are there."""
    if folder.is_dir():
        return
    maker = ClipMaker(
        banks=[load_bank(material.root / "pianos" / part.piano, material.cache)],
        repertoire=material.repertoire(validation=part.is_validation),
        rooms=None,
        grid=GRID,
        margin=0,
        n_frames=GRID.to_frame(seconds),
        detune_cents=0.0,
        silent_share=0.0,
    )
    render_clips(maker, folder, n_clips=part.n_clips, seed=part.seed + 100 * seed)


def pretrain(output: Path, *, steps: int, channels: int, seed: int) -> Path:
    """The supervised stage on the labelled part; its state."""
    config = replace(
        PIANO,
        model_config={"n_channels": channels, "hop_length": GRID.hop_length},
        output=str(output / "supervised"),
        recordings=(str(output / "labelled"),),
        targets="nearest",
        steps=steps,
        decay_steps=steps // 3,
        seed=seed,
        average_decay=0.99,
    )
    Path(config.output).mkdir(parents=True, exist_ok=True)
    Run(config).train()
    return output / "supervised/state.safetensors"


def measure(state: Path, output: Path) -> dict[str, PieceScores]:
    """Tune the thresholds of a state on the labelled piano, and score it on the tests."""
    checkpoint = state.with_name("model.safetensors")
    export(state, checkpoint, name="small")
    transcriber = load_transcriber(checkpoint, device="cpu")
    pieces = find_pieces(output / "tuning")
    tuned = tune(heard_pieces(pieces, transcriber, extend_by_pedal=True), frame_start=0.5)
    card = tuned_card(transcriber.card, tuned, pieces, "note_offset_aligned")
    write_card(checkpoint, checkpoint, card)
    model, card = load_transcription_model(checkpoint)
    transcribe = partial(
        Transcriber(model, card, device="cpu").transcribe_file,
        settings=DecodingSettings.from_card(card.thresholds),
    )
    return {
        test: mean_scores(
            [
                score_notes(read_truth(piece.truth), transcribe(piece.audio).transcription)
                for piece in find_pieces(output / test)
            ]
        )
        for test in TESTS
    }


def table(results: Sequence[dict[str, dict[str, PieceScores]]]) -> str:
    """A line for each variant: note F1 and frame F1 on either test, in points.

    The mean over the seeds, and their standard deviation; in the second half what the variant gains
    on ``OF`` of the same seed, where there is one.
    """
    names = [f"{test} {kind}" for test in TESTS for kind in ("note", "frame")]
    rows = {name: 100.0 * np.array([_f1(one[name]) for one in results]) for name in results[0]}
    lines = [" " * 6 + "".join(f"{name:>20}" for name in names)]
    lines += [_line(name, scores) for name, scores in rows.items()]
    if "OF" in rows:
        lines.append("against OF")
        lines += [_line(name, rows[name] - rows["OF"]) for name in rows if name != "OF"]
    return "\n".join(lines)


def _f1(scores: dict[str, PieceScores]) -> list[float]:
    return [f1 for test in TESTS for f1 in (scores[test].note.f1, scores[test].frame.f1)]


def _line(name: str, values: npt.NDArray[np.float64]) -> str:
    """``values``: (n_seeds, n_columns)."""
    spread = np.std(values, axis=0, ddof=1) if len(values) > 1 else np.zeros(values.shape[1])
    cells = zip(np.mean(values, axis=0), spread, strict=True)
    return f"{name:<6}" + "".join(f"{f'{mean:.1f} +- {sd:.1f}':>20}" for mean, sd in cells)


def run_seed(
    output: Path, material: Material, options: argparse.Namespace, seed: int
) -> dict[str, dict[str, PieceScores]]:
    """The supervised start and each variant, from what one seed draws."""
    for part in PARTS:
        render(part, material, output / part.name, options.seconds, seed)
    supervised = pretrain(output, steps=options.steps, channels=options.channels, seed=seed)
    stage = Stage(
        steps=options.semi_steps, batch_size=4, learning_rate=options.learning_rate, seed=seed
    )
    results = {"start": measure(supervised, output)}
    for name in options.variants:
        run = SemiSupervisedRun(
            supervised,
            output / name,
            VARIANTS[name],
            stage,
            labelled=chosen([output / "labelled"]),
            unlabelled=without_labels(output / "unlabelled"),
        )
        run.train()
        results[name] = measure(output / name / "state.safetensors", output)
        rows = {
            key: {test: scores.to_dict() for test, scores in tests.items()}
            for key, tests in results.items()
        }
        (output / "results.json").write_text(json.dumps(rows, indent=2))
    return results


def main(arguments: Sequence[str] | None = None) -> None:
    options = _parser().parse_args(arguments)
    material = Material(options.material, options.output / "cache")
    results = []
    for seed in options.seeds:
        results.append(run_seed(options.output / f"seed_{seed}", material, options, seed))
        print(table(results), flush=True)


def _parser() -> argparse.ArgumentParser:
    parser = documented_parser("training.small_semi_supervised", __doc__)
    parser.add_argument("output", type=Path)
    parser.add_argument("--material", type=Path, required=True, help="pianos/, midi/, rir/")
    parser.add_argument("--seconds", type=float, default=30.0, help="of each clip")
    parser.add_argument("--steps", type=int, default=600, help="of the supervised stage")
    parser.add_argument("--semi-steps", type=int, default=400, help="of each variant")
    parser.add_argument("--channels", type=int, default=16)
    parser.add_argument("--learning-rate", type=float, default=3e-4, help="of each variant")
    parser.add_argument("--seeds", type=int, nargs="+", default=[1, 2, 3, 4, 5], metavar="SEED")
    parser.add_argument("--variants", nargs="+", choices=VARIANTS, default=list(VARIANTS))
    return parser


if __name__ == "__main__":
    main()
