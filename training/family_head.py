"""Fit the family classifier of a melodic model: ``python -m training.family_head``.

The network itself is frozen. It is run on clips of one to five instruments, including pianos, and
the features of its first and later blocks are kept for each note; a separate small network learns
to predict the family from these. Repeat this after further training of the melodic model.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import torch
from torch import Tensor, nn

from amtstudio.models.checkpoint import load_transcription_model, save_checkpoint
from amtstudio.models.melodic import FAMILIES, Melodic
from amtstudio.models.registry import build_transcription_model
from amtstudio.symbolic.heads import PIANO_KEYS
from training.synthesis.dataset import Material
from training.synthesis.instrument_bank import piano_as_instrument
from training.synthesis.melodic_clips import instrument_clip_maker

if TYPE_CHECKING:
    import numpy.typing as npt

    from training.synthesis.instrument_clips import InstrumentClip, InstrumentClipMaker

_FRAMES = 6  # of each note, from its onset to its end
_LONGEST_FRAMES = 90
_HEARD = 0.3  # a note that the model does not hear is none to learn from
_PARTS = ((1, 2, 3, 4, 5), (0.2, 0.2, 0.25, 0.2, 0.15))
_SOLO = (0.14, 0.14, 0.08, 0.16, 0.16, 0.12, 0.06, 0.06, 0.08)  # of the families
_PIANOS, _PIANO_WEIGHT = 14, 10.0
_BATCH, _RATE, _DECAY = 256, 3e-3, 1e-2
_DROPPED_INPUTS, _DROPPED_UNITS = 0.2, 0.3


def clips(maker: InstrumentClipMaker, count: int, seed: int) -> Iterator[InstrumentClip]:
    """Clips of all families about alike, alone and together."""
    for index in range(count):
        rng = np.random.default_rng([seed, index])
        n_parts = int(rng.choice(_PARTS[0], p=_PARTS[1]))
        family = int(rng.choice(len(FAMILIES), p=_SOLO)) if n_parts == 1 else None
        yield replace(maker, n_parts=n_parts, family=family).make(rng)


@torch.inference_mode()
def heard_notes(
    model: Melodic, clip: InstrumentClip
) -> tuple[list[npt.NDArray[np.float16]], list[int]]:
    """Inputs of the layer for each note found, (_FRAMES, n_inputs), and the families."""
    audio, level = torch.from_numpy(clip.audio)[None], torch.from_numpy(clip.level)[None]
    heard, inputs = model.timbre_inputs(model.spectrogram(audio, level))
    frame = model.outputs(heard)[0, 2].sigmoid().numpy()
    cells = inputs[0].permute(1, 2, 0).numpy()
    found, families = [], []
    for (onset, end, pitch, _), family in zip(clip.truth.notes, clip.truth.families, strict=True):
        key = int(pitch) - PIANO_KEYS.lowest
        first = round(onset * model.grid.sample_rate / model.grid.hop_length)
        last = int(end * model.grid.sample_rate / model.grid.hop_length)
        last = min(last, len(frame), first + _LONGEST_FRAMES)
        if first < 0 or last - first < 2 or frame[first:last, key].max() < _HEARD:
            continue
        at = np.linspace(first, last - 1, _FRAMES).round().astype(int)
        found.append(cells[at, key].astype(np.float16))
        families.append(int(family))
    return found, families


def fit(inputs: Tensor, families: Tensor, *, n_units: int, passes: float) -> nn.Sequential:
    """The layer, learned from (n_notes, n_frames, n_inputs); what it says is a mean over frames."""
    mean, spread = inputs[::20].float().mean((0, 1)), inputs[::20].float().std((0, 1)) + 1e-3
    counts = torch.bincount(families, minlength=len(FAMILIES)).clamp(min=1).float()
    weights = (counts.mean() / counts).sqrt()
    network = nn.Sequential(
        nn.Dropout(_DROPPED_INPUTS), nn.Linear(inputs.shape[2], n_units), nn.ReLU(),
        nn.Dropout(_DROPPED_UNITS), nn.Linear(n_units, n_units), nn.ReLU(),
        nn.Dropout(_DROPPED_UNITS), nn.Linear(n_units, len(FAMILIES)),
    )  # fmt: skip
    steps = round(passes * len(families) / _BATCH)
    optimizer = torch.optim.AdamW(network.parameters(), _RATE, weight_decay=_DECAY)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, _RATE, total_steps=steps + 1)
    for _ in range(steps):
        rows = torch.randint(len(families), (_BATCH,))
        told = network((inputs[rows].float() - mean) / spread).mean(1)
        loss = nn.functional.cross_entropy(told, families[rows], weight=weights)
        optimizer.zero_grad()
        loss.backward()  # type: ignore[no-untyped-call]
        optimizer.step()
        schedule.step()
    print(f"{len(families)} notes, last loss {float(loss.detach()):.2f}")
    first, second, third = (module for module in network if isinstance(module, nn.Linear))
    with torch.no_grad():  # the scales of the inputs go into the first weights
        first.weight /= spread
        first.bias.copy_(first.bias - first.weight @ mean)
    return _as_convolutions(first, second, third)


def _as_convolutions(*layers: nn.Linear) -> nn.Sequential:
    modules: list[nn.Module] = []
    for layer in layers:
        convolution = nn.Conv2d(layer.in_features, layer.out_features, 1)
        convolution.load_state_dict(
            {"weight": layer.weight[:, :, None, None].detach(), "bias": layer.bias.detach()}
        )
        modules += [convolution, nn.ReLU(inplace=True)]
    return nn.Sequential(*modules[:-1])


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(
        prog="python -m training.family_head",
        description=(__doc__ or "").split("\n", maxsplit=1)[0],
    )
    parser.add_argument("checkpoint", type=Path)
    parser.add_argument("output", type=Path)
    parser.add_argument("--material", type=Path, required=True)
    parser.add_argument("--cache", type=Path, required=True)
    parser.add_argument("--heard", type=Path, help=".npz: what is heard is kept there, or taken")
    parser.add_argument("--clips", type=int, default=450, help="of ten seconds")
    parser.add_argument("--units", type=int, default=64)
    parser.add_argument("--passes", type=float, default=3.0, help="over all notes")
    parser.add_argument("--seed", type=int, default=1001)
    options = parser.parse_args(arguments)
    torch.set_num_threads(1)
    torch.manual_seed(options.seed)
    model, card = load_transcription_model(options.checkpoint)
    if not isinstance(model, Melodic):
        parser.error(f"{options.checkpoint} is no melodic model")
    if options.heard and options.heard.exists():
        with np.load(options.heard, allow_pickle=False) as kept:
            inputs, families = torch.from_numpy(kept["inputs"]), torch.from_numpy(kept["families"])
    else:
        inputs, families = _listen(model, options)
    layer = fit(inputs, families, n_units=options.units, passes=options.passes)
    config = dict(card.config) | {"n_timbre": options.units}
    fitted = build_transcription_model(card.model, config)
    weights = {name: value for name, value in model.state_dict().items() if "timbre" not in name}
    weights |= {f"timbre.{name}": value for name, value in layer.state_dict().items()}
    fitted.load_state_dict(weights)
    told = {"notes": len(families), "clips": options.clips, "passes": options.passes}
    training = dict(card.training) | {"family_head": told}
    save_checkpoint(options.output, fitted, replace(card, config=config, training=training))


def _listen(model: Melodic, options: argparse.Namespace) -> tuple[Tensor, Tensor]:
    material = Material(options.material, options.cache)
    maker = instrument_clip_maker(
        material, grid=model.grid, margin=model.margin, dereverberates=model.dereverberates
    )
    pianos = material.banks(held_out=False)
    chosen = np.random.default_rng(options.seed).permutation(len(pianos))[:_PIANOS]
    weight = _PIANO_WEIGHT / max(len(chosen), 1)
    maker = replace(
        maker, banks=[*maker.banks, *(piano_as_instrument(pianos[i], weight) for i in chosen)]
    )
    found: list[npt.NDArray[np.float16]] = []
    families: list[int] = []
    began = time.monotonic()
    for number, clip in enumerate(clips(maker, options.clips, options.seed), start=1):
        notes, of_notes = heard_notes(model, clip)
        found += notes
        families += of_notes
        if number % 50 == 0:
            print(
                f"{number} clips, {len(found)} notes, {time.monotonic() - began:.0f} s", flush=True
            )
    inputs = np.stack(found)
    if options.heard:
        np.savez(options.heard, inputs=inputs, families=np.array(families))
    return torch.from_numpy(inputs), torch.tensor(families)


if __name__ == "__main__":
    main()
