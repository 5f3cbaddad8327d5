"""Train the beat tracker on MIDI alone.

    python -m training.beats.train RUN --material MATERIAL --scores LIEDER --quartets QUARTETS
                                   --keyboard KEYBOARD [--steps N]
                                   [--start-from MODEL --learning-rate RATE]

MATERIAL is that of ``training/README.md``; only its ``midi`` counts. RUN gets the model file. Stop
it at any time; started again with the same command, it continues. If music.npz is in RUN, neither
is needed.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from dataclasses import asdict
from pathlib import Path

import numpy as np
import torch
from torch.nn import functional

from amtstudio.features.note_features import GRID
from amtstudio.learning.train_state import MovingAverage, Progress, restore_state, save_state
from amtstudio.models import DataSource, ModelCard
from amtstudio.models.beats import Beats, BeatsConfig
from amtstudio.models.card import BEATS
from amtstudio.models.checkpoint import load_model, save_checkpoint
from training.beats.pieces import KNOWN_BARS, BeatPiece, add_material_options, chosen_pieces
from training.beats.plain_music import plain_piece
from training.beats.playing import clip

N_FRAMES = 1500  # thirty seconds
BATCH = 8
CONFIG = BeatsConfig(n_channels=64, n_blocks=10, fold=2)
# How often music of each kind is drawn, whatever there is of it.
_SHARES = {"pop909": 0.22, "lieder": 0.2, "quartets": 0.2, "keyboard": 0.23, "groove": 0.15}
_PLAIN_SHARE = 0.1  # of all clips
_LEARNING_RATE = 3e-3
_WARMUP = 200
_AVERAGE_DECAY = 0.998
_LOG_EVERY = 100


def main(arguments: list[str] | None = None) -> int:
    options = _parser().parse_args(arguments)
    options.run.mkdir(parents=True, exist_ok=True)
    torch.set_num_threads(options.threads)
    music = chosen_pieces(options, options.run / "music.npz")
    pieces = [piece for piece in music if piece.split == "train"]
    n_known = sum(piece.is_sure.mean() > KNOWN_BARS for piece in pieces)
    print(f"{len(pieces)} pieces, the bars of {n_known} of them known", file=sys.stderr)
    start = None
    if options.start_from is not None:
        network, _ = load_model(options.start_from)
        assert isinstance(network, Beats)
        start = network
    train(options.run, pieces, n_steps=options.steps, start=start, peak=options.learning_rate)
    return 0


def train(
    run: Path,
    pieces: list[BeatPiece],
    *,
    n_steps: int,
    config: BeatsConfig = CONFIG,
    start: Beats | None = None,
    peak: float = _LEARNING_RATE,
) -> Beats:
    """Train to ``n_steps``, from the start, a model, or where the run stopped.

    ``peak`` is the highest learning rate.

    Writes ``log.jsonl``, the state and the model into ``run`` every hundred steps. The model has
    the moving average of the weights.
    """
    torch.manual_seed(1)
    model = Beats(config)
    if start is not None:
        model.load_state_dict(start.state_dict())
    average = MovingAverage(model, _AVERAGE_DECAY)
    optimizer = torch.optim.AdamW(model.parameters(), lr=peak, weight_decay=1e-3)
    progress, state = Progress(), run / "state.safetensors"
    if state.is_file():
        progress = restore_state(state, model, average, optimizer)
    by_source = {
        source: [piece for piece in pieces if piece.source == source] for source in _SHARES
    }
    sources = [source for source in _SHARES if by_source[source]]
    shares = np.array([_SHARES[source] for source in sources])
    started, losses = time.monotonic(), []
    model.train()
    while progress.step < n_steps:
        rng = np.random.default_rng([7, progress.step])
        chosen = rng.choice(len(sources), size=BATCH, p=shares / shares.sum())
        batch = []
        for source in chosen:
            if rng.random() < _PLAIN_SHARE:
                batch.append(clip(plain_piece(rng), rng, n_frames=N_FRAMES))
                continue
            music = by_source[sources[int(source)]]
            batch.append(clip(music[int(rng.integers(len(music)))], rng, n_frames=N_FRAMES))
        features = torch.from_numpy(np.stack([one for one, _ in batch]))
        wanted = torch.from_numpy(np.stack([other for _, other in batch]))
        for group in optimizer.param_groups:
            group["lr"] = _rate(progress.step, n_steps, peak)
        logits = torch.stack(model(features), dim=-1)
        # Not weighted: the network's output is used as a probability.
        known = torch.isfinite(wanted)
        loss = functional.binary_cross_entropy_with_logits(logits[known], wanted[known])
        optimizer.zero_grad(set_to_none=True)
        torch.autograd.backward(loss)
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0, error_if_nonfinite=True)
        optimizer.step()
        average.update(model, progress.step)
        progress.step += 1
        losses.append(float(loss.detach()))
        if progress.step % _LOG_EVERY == 0 or progress.step == n_steps:
            told = {"step": progress.step, "loss": round(float(np.mean(losses)), 5)}
            told["seconds"] = round(time.monotonic() - started, 1)
            with (run / "log.jsonl").open("a") as log:
                log.write(json.dumps(told) + "\n")
            losses = []
            kept = {"model": "beats", "model_config": asdict(config)}
            save_state(state, model, average, optimizer, progress=progress, config=kept)
            save_checkpoint(
                run / "beats.safetensors", averaged(average, config), card(progress.step, config)
            )
    return averaged(average, config)


def averaged(average: MovingAverage, config: BeatsConfig) -> Beats:
    """A network with the averaged weights."""
    model = Beats(config)
    model.load_state_dict(average.values)
    return model


def _rate(step: int, n_steps: int, peak: float) -> float:
    """Rises for some steps, and falls to nothing as half a cosine."""
    warm = min(1.0, (step + 1) / _WARMUP)
    return peak * warm * 0.5 * (1.0 + float(np.cos(np.pi * step / n_steps)))


def card(step: int, config: BeatsConfig) -> ModelCard:
    return ModelCard(
        name="beats",
        model="beats",
        config=asdict(config),
        sample_rate=GRID.sample_rate,
        hop_length=GRID.hop_length,
        thresholds={},
        licence="MIT",
        data=(
            DataSource("POP909", "MIT", "Wang et al., Music X Lab"),
            DataSource("OpenScore Lieder Corpus", "CC0-1.0", "OpenScore"),
            DataSource("OpenScore String Quartets", "CC0-1.0", "OpenScore"),
            DataSource("Mutopia Project", "public domain, CC-BY", "each score's typesetter"),
            DataSource("Groove MIDI Dataset", "CC-BY-4.0", "Google LLC"),
        ),
        decoder=BEATS,
        training={"steps": step, "batch_size": BATCH, "frames": N_FRAMES},
        description="Beats and bars from notes.",
    )


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m training.beats.train", description=__doc__)
    parser.add_argument("run", type=Path)
    add_material_options(parser)
    parser.add_argument("--steps", type=int, default=7000)
    parser.add_argument("--start-from", type=Path, metavar="MODEL")
    parser.add_argument("--learning-rate", type=float, default=_LEARNING_RATE)
    parser.add_argument("--threads", type=int, default=1)
    return parser


if __name__ == "__main__":
    sys.exit(main())
