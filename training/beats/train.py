"""Train the beat tracker on MIDI alone; a matter of minutes, so a run is not taken up again.

    python -m training.beats.train RUN --material MATERIAL [--steps N]

MATERIAL is that of ``training/README.md``; only its ``midi`` counts. RUN gets the model file.
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
from amtstudio.models import DataSource, ModelCard
from amtstudio.models.beats import Beats, BeatsConfig
from amtstudio.models.card import BEATS
from amtstudio.models.checkpoint import save_checkpoint
from training.beats.pieces import BeatPiece, load_pieces
from training.beats.playing import clip

N_FRAMES = 1500  # thirty seconds
BATCH = 8
# How often music of each kind is drawn, whatever there is of it.
_SHARES = {"pop909": 0.4, "lieder": 0.4, "groove": 0.2}
_POSITIVE_WEIGHT = torch.tensor([5.0, 10.0])
_LEARNING_RATE = 3e-3


def main(arguments: list[str] | None = None) -> int:
    options = _parser().parse_args(arguments)
    options.run.mkdir(parents=True, exist_ok=True)
    torch.set_num_threads(options.threads)
    music = load_pieces(options.material / "midi", options.run / "music.npz")
    pieces = [piece for piece in music if piece.split == "train"]
    print(f"{len(pieces)} pieces", file=sys.stderr)
    train(options.run, pieces, n_steps=options.steps)
    return 0


def train(run: Path, pieces: list[BeatPiece], *, n_steps: int) -> Beats:
    """Train, write ``log.jsonl`` and the model as it is every 200 steps into ``run``."""
    torch.manual_seed(1)
    model = Beats(BeatsConfig())
    optimizer = torch.optim.AdamW(model.parameters(), lr=_LEARNING_RATE, weight_decay=1e-3)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, _LEARNING_RATE, n_steps)
    by_source = {
        source: [piece for piece in pieces if piece.source == source] for source in _SHARES
    }
    sources = [source for source in _SHARES if by_source[source]]
    shares = np.array([_SHARES[source] for source in sources])
    started, losses = time.monotonic(), []
    model.train()
    for step in range(1, n_steps + 1):
        rng = np.random.default_rng([7, step])
        chosen = rng.choice(len(sources), size=BATCH, p=shares / shares.sum())
        batch = []
        for source in chosen:
            music = by_source[sources[int(source)]]
            batch.append(clip(music[int(rng.integers(len(music)))], rng, n_frames=N_FRAMES))
        features = torch.from_numpy(np.stack([one for one, _ in batch]))
        wanted = torch.from_numpy(np.stack([other for _, other in batch]))
        logits = torch.stack(model(features), dim=-1)
        loss = functional.binary_cross_entropy_with_logits(
            logits, wanted, pos_weight=_POSITIVE_WEIGHT
        )
        optimizer.zero_grad(set_to_none=True)
        torch.autograd.backward(loss)
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
        schedule.step()
        losses.append(float(loss.detach()))
        if step % 200 == 0 or step == n_steps:
            told = {"step": step, "loss": round(float(np.mean(losses)), 4)}
            told["seconds"] = round(time.monotonic() - started, 1)
            with (run / "log.jsonl").open("a") as log:
                log.write(json.dumps(told) + "\n")
            losses = []
            save_checkpoint(run / "beats.safetensors", model, card(step))
    return model


def card(step: int) -> ModelCard:
    return ModelCard(
        name="beats",
        model="beats",
        config=asdict(BeatsConfig()),
        sample_rate=GRID.sample_rate,
        hop_length=GRID.hop_length,
        thresholds={},
        licence="MIT",
        data=(
            DataSource("POP909", "MIT", "Wang et al., Music X Lab"),
            DataSource("OpenScore Lieder Corpus", "CC0-1.0", "OpenScore"),
            DataSource("Groove MIDI Dataset", "CC-BY-4.0", "Google LLC"),
        ),
        decoder=BEATS,
        training={"steps": step, "batch_size": BATCH, "frames": N_FRAMES},
        description="Beats and bars from notes.",
    )


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m training.beats.train", description=__doc__)
    parser.add_argument("run", type=Path)
    parser.add_argument("--material", type=Path, required=True)
    parser.add_argument("--steps", type=int, default=3000)
    parser.add_argument("--threads", type=int, default=1)
    return parser


if __name__ == "__main__":
    sys.exit(main())
