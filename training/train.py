"""Supervised training on synthesised pianos: ``python -m training.train --help``.

A run in the output folder is resumed by itself. Several GPUs, cores or machines train one model
together when torchrun starts them: ``torchrun --nproc-per-node 2 -m training.train ...``. On a CPU
one process a core is faster than one process with several threads, above all where other programs
run beside.
"""

from __future__ import annotations

import argparse
from dataclasses import replace
from pathlib import Path

from training.network_options import network_settings
from training.peer_processes import peers_of_torchrun
from training.presets import PRESETS
from training.run import OPTIMIZERS, Run
from training.synthesis.dataset import Material
from training.training_config import TrainingConfig


def _parse(arguments: list[str] | None) -> TrainingConfig:
    parser = argparse.ArgumentParser(description="Train a model on synthesised pianos.")
    parser.add_argument("output", help="folder of the run; a run in it is resumed")
    parser.add_argument("--material", help="folder with pianos/, midi/ and rir/ to synthesise from")
    parser.add_argument(
        "--recordings", action="append", metavar="FOLDER", help="audio with truth; may be repeated"
    )
    parser.add_argument("--recorded-share", type=float, help="where there is --material as well")
    parser.add_argument("--preset", choices=sorted(PRESETS), default="piano")
    parser.add_argument("--cache", help="folder for prepared material (default: OUTPUT/cache)")
    parser.add_argument(
        "--start-from", metavar="MODEL", help="model file that a new run begins with"
    )
    parser.add_argument("--steps", type=int, help="length of the run")
    parser.add_argument("--decay-steps", type=int, help="last steps, in which the rate falls to 0")
    parser.add_argument("--batch-size", type=int, help="clips a step, over all processes")
    parser.add_argument("--optimizer", choices=sorted(OPTIMIZERS))
    parser.add_argument("--learning-rate", type=float)
    parser.add_argument("--average-decay", type=float, help="of the averaged weights")
    parser.add_argument("--frozen-blocks", type=int, help="first blocks that stay as they are")
    parser.add_argument(
        "--piano-share", type=float, help="solo pianos among a melodic model's clips"
    )
    parser.add_argument(
        "--hard-note-weight", type=float, help="of onsets of soft notes under loud ones, of repeats"
    )
    parser.add_argument(
        "--reconstruction-weight",
        type=float,
        help="of the error of a spectrogram that is drawn again from the notes (default: 0)",
    )
    parser.add_argument("--seed", type=int)
    parser.add_argument(
        "--workers", type=int, help="processes that make clips, for each GPU (default: none beside)"
    )
    parser.add_argument(
        "--minutes", type=float, help="time given, over all parts of a run; ends it, and its decay"
    )
    parser.add_argument("--device", help="cpu (default), cuda, cuda:N, mps, or auto")
    parser.add_argument("--save-minutes", type=float, help="between two saved states")
    parser.add_argument("--config", action="append", default=[], metavar="KEY=VALUE")
    parser.add_argument("--float32", action="store_true", help="no bfloat16 autocast")
    options = vars(parser.parse_args(arguments))
    preset = PRESETS[options.pop("preset")]
    model_config = dict(preset.model_config) | network_settings(parser, options.pop("config"))
    if options.pop("float32"):
        options["bfloat16"] = False
    options["recordings"] = tuple(options["recordings"] or ())
    if not (options["material"] or options["recordings"]):
        parser.error("give --material, --recordings or both")
    options["cache"] = options["cache"] or str(Path(options["output"]) / "cache")
    given = {name: value for name, value in options.items() if value is not None}
    return replace(preset, model_config=model_config, **given)


def main(arguments: list[str] | None = None) -> None:
    config = _parse(arguments)
    peers = peers_of_torchrun()
    if config.batch_size % peers.count:
        raise SystemExit(f"--batch-size must be a multiple of the {peers.count} processes")
    Path(config.output).mkdir(parents=True, exist_ok=True)
    try:
        run = Run(config, peers)
        # The material is prepared once, before several processes would do it at the same time.
        if config.material and peers.is_first_here:
            material = Material(Path(config.material), Path(config.cache))
            material.banks(held_out=False)
            material.repertoire(validation=False)
        peers.wait()
        run.train()
    finally:
        peers.leave()


if __name__ == "__main__":
    main()
