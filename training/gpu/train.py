"""Train on a GPU from a pack: ``python -m training.gpu.train PACK RUN --minutes 9 ...``.

Processor cores plan the clips (what is played, by whom, where), the GPU renders them a batch at a
time and learns from them. RUN is resumed by itself, and has at all times, beside the whole state,
``<model>.safetensors``: a model file of the averaged weights, ready to be tuned and evaluated.
"""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import torch
from torch.utils.data import DataLoader

from training.documented_parser import documented_parser
from training.export import export
from training.gpu.pack import read_pianos, read_repertoire, read_rooms
from training.gpu.planning import N_SIMULATED, PlannedClips, Planner, together
from training.gpu.rendering import ClipRenderer
from training.network_options import network_settings
from training.peer_processes import PeerProcesses, peers_of_torchrun
from training.presets import PIANO_LARGE
from training.run import ALONE, OPTIMIZERS, ClipNumbers, Run

if TYPE_CHECKING:
    from collections.abc import Iterator

    from torch import Tensor

    from training.training_config import TrainingConfig

MODEL_SUFFIX = ".safetensors"
_NOISE_SEED = 77


class GpuRun(Run):
    """A run whose clips are planned by workers and rendered where the network is.

    Parameters
    ----------
    pack : Path
        As ``training.gpu.pack`` writes it.
    n_simulated_rooms : int
        Fewer than are planned only for tests.
    """

    def __init__(
        self,
        config: TrainingConfig,
        pack: Path,
        peers: PeerProcesses = ALONE,
        *,
        n_simulated_rooms: int = N_SIMULATED,
    ) -> None:
        super().__init__(config, peers)
        pianos, rooms = read_pianos(pack), read_rooms(pack)
        model = self.model
        self._clips = PlannedClips(
            Planner(
                pianos=pianos,
                repertoire=read_repertoire(pack),
                n_recorded_rooms=len(rooms),
                grid=model.grid,
                n_frames=config.n_frames,
                dereverberates=model.dereverberates,
            ),
            seed=config.seed,
        )
        place = (_NOISE_SEED, config.seed, peers.rank, self.progress.step)
        self._renderer = ClipRenderer(
            pianos,
            rooms,
            grid=model.grid,
            n_frames=config.n_frames,
            margin=model.margin,
            device=self.device,
            # Another noise for each process, and for each part of a run.
            seed=int(np.random.SeedSequence(place).generate_state(1)[0]),
            n_simulated=n_simulated_rooms,
        )

    def batches(self) -> Iterator[dict[str, Tensor]]:
        config = self.config
        plans = DataLoader(
            self._clips,
            batch_sampler=ClipNumbers(config, self.peers, self.progress.step),
            num_workers=config.workers,
            collate_fn=together,
            prefetch_factor=8 if config.workers else None,
            pin_memory=self.device.type == "cuda",
        )
        for plan in plans:
            yield self._renderer.render(plan)

    def save(self) -> None:
        super().save()
        if self.peers.is_first:
            model_file = self.output / f"{self.config.model}{MODEL_SUFFIX}"
            partial = model_file.with_name(f"partial{MODEL_SUFFIX}")
            export(self.state_file, partial, name=self.config.model)
            partial.replace(model_file)


def _parse(arguments: list[str] | None) -> tuple[Path, TrainingConfig]:
    parser = documented_parser("training.gpu.train", __doc__)
    parser.add_argument("pack", type=Path, help="as training.gpu.pack writes it")
    parser.add_argument("output", help="folder of the run; a run in it is resumed")
    parser.add_argument("--minutes", type=float, help="time given, over all parts of the run")
    parser.add_argument("--start-from", metavar="MODEL", help="that a new run begins with")
    parser.add_argument("--steps", type=int, help="length of the run, where no time is given")
    parser.add_argument("--batch-size", type=int, help="clips a step, over all GPUs")
    parser.add_argument("--optimizer", choices=sorted(OPTIMIZERS))
    parser.add_argument("--learning-rate", type=float)
    parser.add_argument("--average-decay", type=float, help="of the averaged weights")
    parser.add_argument("--hard-note-weight", type=float)
    parser.add_argument("--n-frames", type=int, help="of a clip")
    parser.add_argument("--seed", type=int)
    parser.add_argument("--workers", type=int, help="cores that plan (default: all but one)")
    parser.add_argument("--device", help="cuda (default), or cpu for a rehearsal")
    parser.add_argument("--save-minutes", type=float)
    parser.add_argument("--config", action="append", default=[], metavar="KEY=VALUE")
    options = vars(parser.parse_args(arguments))
    pack = options.pop("pack")
    model_config = PIANO_LARGE.model_config | network_settings(parser, options.pop("config"))
    given = {name: value for name, value in options.items() if value is not None}
    given.setdefault("workers", max((os.cpu_count() or 2) - 1, 1))
    return pack, replace(PIANO_LARGE, model_config=model_config, **given)


def main(arguments: list[str] | None = None) -> None:
    pack, config = _parse(arguments)
    peers = peers_of_torchrun()
    if config.batch_size % peers.count:
        raise SystemExit(f"--batch-size must be a multiple of the {peers.count} processes")
    Path(config.output).mkdir(parents=True, exist_ok=True)
    torch.backends.cudnn.benchmark = True
    torch.set_float32_matmul_precision("high")
    try:
        run = GpuRun(config, pack, peers)
        print(f"ready on {run.device} with {config.workers} planners", flush=True)
        run.train()
        progress = run.progress
        print(f"{progress.step} steps, {progress.audio_hours:.1f} hours of audio", flush=True)
    finally:
        peers.leave()


if __name__ == "__main__":
    main()
