"""Make a careful piano model of two that were taught: ``python -m training.pair_pianos --help``."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from amtstudio.errors import AmtStudioError, CheckpointError
from amtstudio.models.checkpoint import load_transcription_model, save_checkpoint
from amtstudio.models.piano import Piano
from amtstudio.models.piano_large import PianoLargeConfig, second_config
from amtstudio.models.registry import build_config, build_transcription_model


def pair(careful: Path, plain: Path, output: Path) -> None:
    """Write a ``piano_large`` whose second network is ``plain``, with the thresholds of that.

    Raises
    ------
    CheckpointError
        If a file cannot be read, the first is not a single ``piano_large``, or the second not a
        ``piano`` of as many channels, windows and links.
    """
    model, card = load_transcription_model(careful)
    second, second_card = load_transcription_model(plain)
    if card.model != "piano_large" or card.config.get("second_n_further", -1) >= 0:
        raise CheckpointError(f"{careful.name} is not a piano_large of one network")
    if second_card.model != "piano":
        raise CheckpointError(f"{plain.name} is not a piano model")
    config = {**card.config, "second_n_further": second_card.config.get("n_further", 0)}
    built: PianoLargeConfig = build_config("piano_large", config)
    if second_config(built) != build_config("piano", second_card.config):
        raise CheckpointError(
            f"{plain.name} differs from {careful.name} in more than further blocks",
            hint="both need the same n_channels, n_windows, n_linked, knows_keys, dereverberates",
        )
    together = build_transcription_model("piano_large", config)
    assert isinstance(second, Piano)
    weights = model.state_dict()
    weights |= {f"second.{name}": value for name, value in second.state_dict().items()}
    together.load_state_dict(weights)
    card = replace(
        card,
        config=config,
        thresholds=second_card.thresholds,
        onset_shift_s=second_card.onset_shift_s,
        data=tuple(dict.fromkeys((*card.data, *second_card.data))),
        training={**card.training, "second": second_card.training},
    )
    save_checkpoint(output, together, card)


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(
        description="Join a piano_large and a piano to one model, which averages what they hear."
    )
    parser.add_argument("careful", type=Path, help="a piano_large")
    parser.add_argument("plain", type=Path, help="a piano; its thresholds are kept")
    parser.add_argument("output", type=Path)
    options = parser.parse_args(arguments)
    try:
        pair(options.careful, options.plain, options.output)
    except AmtStudioError as error:
        print(f"training.pair_pianos: error: {error}", file=sys.stderr)
        return error.exit_code
    return 0


if __name__ == "__main__":
    sys.exit(main())
