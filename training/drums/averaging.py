"""The mean of a run's averaged weights and of a model file: ``... averaging --help``."""

from __future__ import annotations

import argparse
from pathlib import Path

import torch
from safetensors import safe_open
from safetensors.torch import save_file

from training.drums.evaluation import load_drums

_AVERAGE = "average."  # before the names of the moving average in a state


def write_mean(state: Path, model: Path, output: Path, *, share: float = 0.5) -> None:
    """Copy ``state``, with the mean of its moving average and of ``model`` in its place.

    Two sets of weights on one path of training often err in different places. Running statistics
    of the norms are averaged like the weights.

    Parameters
    ----------
    state : Path
        ``state.safetensors`` of a run.
    model : Path
        A model file of the same sizes.
    output : Path
        Is overwritten; to be tuned and exported like a state.
    share : float, in [0, 1]
        Of the state in the mean.

    Raises
    ------
    ValueError
        If ``share`` is out of range or the networks differ in size.
    """
    if not 0.0 <= share <= 1.0:
        raise ValueError(f"the share must be in [0, 1], got {share}")
    network, _ = load_drums(model)
    others = network.state_dict()
    with safe_open(state, "pt") as file:
        metadata = file.metadata()
        tensors = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118
    for name in [name for name in tensors if name.startswith(_AVERAGE)]:
        own, other = tensors[name], others[name.removeprefix(_AVERAGE)]
        if own.shape != other.shape:
            raise ValueError(f"{name} is {tuple(own.shape)} here and {tuple(other.shape)} there")
        tensors[name] = torch.lerp(other.to(own.dtype), own, share)
    save_file(tensors, output, metadata)


def main() -> None:
    parser = argparse.ArgumentParser(description="Write the mean of a run and a model file.")
    parser.add_argument("state", type=Path, help="state.safetensors of a run")
    parser.add_argument("model", type=Path, help="drums.safetensors of the same sizes")
    parser.add_argument("output", type=Path, help="a state, to be tuned and exported")
    parser.add_argument("--share", type=float, default=0.5, help="of the run")
    options = parser.parse_args()
    write_mean(options.state, options.model, options.output, share=options.share)


if __name__ == "__main__":
    main()
