"""Transfer among instruments, as Leś and Woźniak tried it: ``python -m training.transfer --help``.

A network is trained on synthesised instruments, on a piano and on a guitar; each of these continues
with the piano or the guitar, with all of its weights or with the contracting path of its U-net
frozen; and every one is scored on the piano and the guitar, whether trained on it or not
("zero-shot"). During training, the validation recordings of its target are scored at regular
intervals: the paper's Figure 3, plotted into ``curves.svg``.

Without your own data sets, everything is rendered at a small scale (``transfer_material``).
``training/TRANSFER.md`` has the results, and what the paper's scale needs. The same command resumes
an interrupted run.
"""

from __future__ import annotations

import argparse
import json
import signal
import sys
from collections.abc import Mapping, Sequence
from copy import deepcopy
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch.utils.data import DataLoader

from amtstudio.atomic_file import write_atomically
from amtstudio.decoding.frame_runs import FRAME_RUNS
from amtstudio.engine import Transcriber
from amtstudio.errors import AmtStudioError, BadFileError
from amtstudio.models import ModelCard
from amtstudio.models.checkpoint import load_transcription_model, save_checkpoint
from amtstudio.models.transcription_model import TranscriptionModel
from amtstudio.models.unet_bilstm import UnetBilstm, UnetReconstruction
from training.datasets import Piece, SegmentDataset
from training.documented_parser import documented_parser
from training.frame_hearing import HeardFrames, best_threshold, hear_frames
from training.material import renderer
from training.network_options import network_settings
from training.paper_scores import PaperScores, paper_table
from training.presets import PRESETS
from training.run import ClipNumbers, Run
from training.synthesis.dataset import Material
from training.training_config import TrainingConfig
from training.transfer_figure import CurvePoint, draw_curves
from training.transfer_material import (
    DOMAINS,
    GUITAR,
    PIANO,
    SYNTH,
    ClipCounts,
    Domain,
    Instruments,
    folder_domain,
    rendered_domain,
)

TESTED = (PIANO, GUITAR)  # as in the paper: the synthesised recordings are for training alone


@dataclass(frozen=True, slots=True)
class Stage:
    """One training: on what, after what, and whether the way down of the U-net stays as it was."""

    target: str
    source: str = ""  # "": from random weights
    is_frozen: bool = False

    @property
    def name(self) -> str:
        if not self.source:
            return self.target
        return f"{self.source}-{self.target}{'-frozen' if self.is_frozen else ''}"

    @property
    def label(self) -> str:
        """As tables and pictures name it."""
        if not self.source:
            return self.target
        return f"{self.source} → {self.target}{', frozen' if self.is_frozen else ''}"


_TRANSFERS = ((SYNTH, PIANO), (SYNTH, GUITAR), (GUITAR, PIANO), (PIANO, GUITAR))
STAGES = (
    *(Stage(domain) for domain in DOMAINS),
    *(
        Stage(target, source, is_frozen)
        for is_frozen in (False, True)
        for source, target in _TRANSFERS
    ),
)


class TransferRun(Run):
    """A run on given recordings; with ``is_frozen`` the way down of the U-net stays as it was."""

    def __init__(
        self, config: TrainingConfig, pieces: Sequence[Piece], *, is_frozen: bool = False
    ) -> None:
        self._pieces = pieces
        super().__init__(config)
        if is_frozen:
            if not isinstance(self.model, UnetBilstm | UnetReconstruction):
                raise ValueError(f"the network {config.model} has no U-net to freeze")
            self.model.freeze_encoder()

    def batches(self) -> DataLoader[dict[str, torch.Tensor]]:
        config, model = self.config, self.model
        segments = SegmentDataset(
            self._pieces,
            renderer(model.grid, config.targets),
            grid=model.grid,
            n_frames=config.n_frames,
            margin=model.margin,
            seed=config.seed,
        )
        return DataLoader(
            segments,
            batch_sampler=ClipNumbers(config, self.peers, self.progress.step),
            num_workers=config.workers,
        )


class Experiment:
    """All stages in one folder, each done once.

    Parameters
    ----------
    output : Path
    config : TrainingConfig
        Of every stage; its ``steps`` are those from random weights.
    domains : mapping of Domain
        By name: ``synth``, ``piano``, ``guitar``.
    transfer_steps : int
        Of the stages that go on from another one.
    every : int, steps
        Between two looks at the validation recordings; divides both.
    threshold : float, optional
        Of a frame that sounds. None: what does best on the validation recordings of the domain
        that a network was trained on last.
    """

    def __init__(
        self,
        output: Path,
        config: TrainingConfig,
        domains: Mapping[str, Domain],
        *,
        transfer_steps: int,
        every: int,
        threshold: float | None = None,
    ) -> None:
        if every < 1 or config.steps % every or transfer_steps % every:
            raise ValueError(f"every must divide {config.steps} and {transfer_steps}, got {every}")
        self._output, self._config, self._domains = output, config, domains
        self._transfer_steps = transfer_steps
        self._every, self._threshold = every, threshold

    def train(self, stage: Stage) -> bool:
        """Train and look at the validation recordings on the way; False if asked to stop."""
        domain = self._domains[stage.target]
        folder = self._output / stage.name
        folder.mkdir(parents=True, exist_ok=True)
        points = self.curve(stage)
        last = self._transfer_steps if stage.source else self._config.steps
        for step in range(0, last + 1, self._every):
            if any(point.step == step for point in points):
                continue
            run = TransferRun(
                self._stage_config(stage, step), domain.train, is_frozen=stage.is_frozen
            )
            if run.progress.step < step:
                run.train()
                # The run's own answer to a request to stop ends with it.
                signal.signal(signal.SIGTERM, signal.SIG_DFL)
            if run.progress.step < step:
                return False
            # Before the curve marks the stage as done: a killed stage must not lack it.
            if step == last:
                card = self._card(run.model, stage, step)
                save_checkpoint(folder / "model.safetensors", run.model, card)
            points.append(self._look(run.model, stage, step))
            _write_json(folder / "curve.json", [asdict(point) for point in points])
        return True

    def curve(self, stage: Stage) -> list[CurvePoint]:
        """What was seen on the way so far."""
        path = self._output / stage.name / "curve.json"
        if not path.exists():
            return []
        return [CurvePoint(**entry) for entry in json.loads(path.read_text(encoding="utf-8"))]

    def test(self, stage: Stage) -> dict[str, list[PaperScores]]:
        """Scores of each test recording of either instrument, with one threshold for both."""
        path = self._output / stage.name / "model.safetensors"
        model, card = load_transcription_model(path)
        threshold = self._threshold
        if threshold is None:
            threshold = best_threshold(
                self._hear(model, card, self._domains[stage.target].validation)
            )
        return {
            name: [
                heard.scores(threshold)
                for heard in self._hear(model, card, self._domains[name].test)
            ]
            for name in TESTED
        }

    def _look(self, model: TranscriptionModel, stage: Stage, step: int) -> CurvePoint:
        # A copy: the network goes into evaluation mode there.
        card = self._card(model, stage, step)
        heard = self._hear(deepcopy(model), card, self._domains[stage.target].validation)
        threshold = best_threshold(heard) if self._threshold is None else self._threshold
        scores = [recording.scores(threshold) for recording in heard]
        point = CurvePoint(
            step,
            frame_f1=float(np.mean([score.frame.f1 for score in scores])),
            note_f1=float(np.mean([score.note.f1 for score in scores])),
            note_offset_f1=float(np.mean([score.note_offset.f1 for score in scores])),
            average_precision=float(np.mean([score.average_precision for score in scores])),
            threshold=threshold,
        )
        told = f"frame {point.frame_f1:.3f}, note {point.note_f1:.3f}"
        print(f"{stage.label}, step {step}: {told}", file=sys.stderr)
        return point

    def _hear(
        self, model: TranscriptionModel, card: ModelCard, pieces: Sequence[Piece]
    ) -> list[HeardFrames]:
        # As it is tuned: what is tried is a network, not what the program does around it.
        return hear_frames(
            Transcriber(model, card, device=self._config.device), pieces, retune=False
        )

    def _stage_config(self, stage: Stage, steps: int) -> TrainingConfig:
        source = self._output / stage.source / "model.safetensors" if stage.source else ""
        output = str(self._output / stage.name)
        return replace(self._config, output=output, start_from=str(source), steps=steps)

    def _card(self, model: TranscriptionModel, stage: Stage, steps: int) -> ModelCard:
        config = self._config
        threshold = 0.5 if self._threshold is None else self._threshold
        return ModelCard(
            name=f"transfer-{stage.name}",
            model=config.model,
            config=dict(config.model_config),
            sample_rate=model.grid.sample_rate,
            hop_length=model.grid.hop_length,
            thresholds={"frame": threshold},
            licence="not to be passed on: that of the recordings was not looked at",
            data=(),
            decoder=FRAME_RUNS,
            training={"stage": stage.name, "steps": steps},
        )


def results_table(results: Mapping[str, Mapping[str, Sequence[PaperScores]]]) -> str:
    """For each instrument that is tested a table with a line for each stage."""
    tables = []
    for name in TESTED:
        rows = {stage: scores[name] for stage, scores in results.items()}
        tables.append(f"Tested on {name}\n{paper_table(rows)}")
    return "\n\n".join(tables)


def main(arguments: Sequence[str] | None = None) -> int:
    parser = _parser()
    options = parser.parse_args(arguments)
    options.config = network_settings(parser, options.config)
    if options.every < 1 or options.steps % options.every or options.transfer_steps % options.every:
        parser.error("--every must divide --steps and --transfer-steps")
    needed = [name for name in DOMAINS if getattr(options, name) is None]
    if needed and options.material is None:
        folders = ", ".join(f"--{name}" for name in needed)
        parser.error(f"give {folders}, or --material to render from")
    try:
        return _run(options)
    except AmtStudioError as error:
        print(f"training.transfer: error: {error}", file=sys.stderr)
        return error.exit_code


def _run(options: argparse.Namespace) -> int:
    output: Path = options.output
    output.mkdir(parents=True, exist_ok=True)
    _check_settings(options)
    config = _config(options)
    experiment = Experiment(
        output,
        config,
        {name: _domain(name, options) for name in DOMAINS},
        transfer_steps=options.transfer_steps,
        every=options.every,
        threshold=options.threshold,
    )
    stages = [stage for stage in STAGES if options.frozen or not stage.is_frozen]
    results = {}
    for stage in stages:
        if not experiment.train(stage):
            print("stopped; start again with the same words to go on", file=sys.stderr)
            return 0
        results[stage.label] = experiment.test(stage)
    plain = {
        label: {name: [score.to_dict() for score in scores] for name, scores in tests.items()}
        for label, tests in results.items()
    }
    _write_json(output / "results.json", plain)
    print(results_table(results))
    lines: dict[str, dict[str, list[CurvePoint]]] = {target: {} for target in TESTED}
    for stage in stages:
        if stage.target in TESTED:
            lines[stage.target][_start(stage)] = experiment.curve(stage)
    draw_curves(lines, output / "curves.svg")
    print(f"\nThe curves are in {output / 'curves.svg'}")
    return 0


def _start(stage: Stage) -> str:
    """What a line of the picture starts from."""
    if not stage.source:
        return "random weights"
    return f"{stage.source}{', frozen' if stage.is_frozen else ''}"


def _domain(name: str, options: argparse.Namespace) -> Domain:
    folder: Path | None = getattr(options, name)
    if folder is not None:
        return folder_domain(name, folder)
    material = Material(options.material, options.cache or options.output / "cache")
    instruments = Instruments(
        options.synth_bank,
        options.piano_bank,
        options.guitar_samples or options.material / "instruments/spanish_guitar",
    )
    counts = ClipCounts(options.clips, options.clips // 4, options.clips // 2, options.clip_seconds)
    return rendered_domain(name, material, instruments, options.output / "clips" / name, counts)


def _config(options: argparse.Namespace) -> TrainingConfig:
    preset = PRESETS[options.preset]
    return replace(
        preset,
        model_config={
            **preset.model_config,
            "n_channels": options.channels,
            **options.config,
        },
        n_frames=round(options.seconds * 31.25),
        steps=options.steps,
        batch_size=options.batch_size,
        learning_rate=options.learning_rate,
        device=options.device,
        workers=options.workers,
        seed=options.seed,
    )


_FREE = {"output", "device", "workers", "cache"}  # that may differ when a run is resumed


def _check_settings(options: argparse.Namespace) -> None:
    """Keep the words of the first start, and refuse others.

    Raises
    ------
    BadFileError
        If the folder holds an experiment with other settings.
    """
    path = options.output / "settings.json"
    settings: dict[str, Any] = {
        name: str(value) if isinstance(value, Path) else value
        for name, value in vars(options).items()
        if name not in _FREE
    }
    if not path.exists():
        _write_json(path, settings)
        return
    kept = json.loads(path.read_text(encoding="utf-8"))
    if kept != settings:
        names = sorted(n for n in {*kept, *settings} if kept.get(n) != settings.get(n))
        told = ", ".join(f"--{name.replace('_', '-')} {kept.get(name)}" for name in names)
        raise BadFileError(
            f"{options.output} holds an experiment with other settings: {told}",
            hint="give another folder, or the same words as at first",
        )


def _write_json(path: Path, value: object) -> None:
    write_atomically(path, json.dumps(value, indent=1).encode(), overwrite=True)


def _parser() -> argparse.ArgumentParser:
    parser = documented_parser("training.transfer", __doc__)
    parser.add_argument("output", type=Path, help="folder of the experiment; one in it goes on")
    own = parser.add_argument_group("recordings of one's own, in any layout that training knows")
    own.add_argument("--synth", type=Path, metavar="FOLDER", help="synthesised instruments")
    own.add_argument("--piano", type=Path, metavar="FOLDER", help="such as MAPS")
    own.add_argument("--guitar", type=Path, metavar="FOLDER", help="such as GuitarSet")
    rendered = parser.add_argument_group("recordings that are rendered in their place")
    rendered.add_argument("--material", type=Path, help="folder with pianos/, midi/ and rir/")
    rendered.add_argument("--synth-bank", default="fluidr3_gm_piano", help="in pianos/")
    rendered.add_argument("--piano-bank", default="salamander_yamaha_c5", help="in pianos/")
    rendered.add_argument("--guitar-samples", type=Path, help="single notes, such as C#4.ogg")
    rendered.add_argument("--cache", type=Path, help="for prepared material")
    rendered.add_argument("--clips", type=int, default=24, help="that train, for each domain")
    rendered.add_argument("--clip-seconds", type=float, default=10.0)
    presets = sorted(name for name in PRESETS if name.startswith("unet_"))
    parser.add_argument("--preset", choices=presets, default="unet_bilstm")
    parser.add_argument("--channels", type=int, default=4, help="of the U-net; the paper has 16")
    parser.add_argument(
        "--config", action="append", default=[], metavar="KEY=VALUE", help="of the network"
    )
    parser.add_argument("--seconds", type=float, default=3.2, help="of a training segment")
    parser.add_argument("--steps", type=int, default=480, help="from random weights")
    parser.add_argument("--transfer-steps", type=int, default=120, help="from another stage on")
    parser.add_argument("--every", type=int, default=40, help="steps between two looks")
    parser.add_argument("--batch-size", type=int, default=4)
    parser.add_argument("--learning-rate", type=float, default=3e-3)
    parser.add_argument(
        "--threshold", type=float, help="of a frame; the paper has 0.5 (default: tuned)"
    )
    parser.add_argument("--no-frozen", dest="frozen", action="store_false")
    parser.add_argument("--device", default="cpu")
    parser.add_argument("--workers", type=int, default=0, help="that read segments, for a GPU")
    parser.add_argument("--seed", type=int, default=1)
    return parser


if __name__ == "__main__":
    sys.exit(main())
