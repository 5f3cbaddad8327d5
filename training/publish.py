"""Put a model among those that ship: ``python -m training.publish --help``."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from amtstudio.atomic_file import write_atomically
from amtstudio.errors import AmtStudioError
from amtstudio.models.checkpoint import load_model, save_checkpoint
from amtstudio.models.shipped import SUFFIX, SUMS_NAME, sha256_of

RESOURCES = Path(__file__).resolve().parent.parent / "resources" / "models"


def publish(
    checkpoint: Path, folder: Path, reports: Sequence[tuple[str, Path]], *, description: str = ""
) -> Path:
    """Write the model with its measured scores into ``folder`` and renew ``SHA256SUMS``.

    Parameters
    ----------
    checkpoint : Path
    folder : Path
    reports : sequence of (str, Path)
        What was measured, in words, and the file that ``training.evaluate --report`` wrote;
        without any, the scores of the checkpoint's card stay.
    description : str
        Replaces that of the card unless empty.
    """
    model, card = load_model(checkpoint)
    scores = {name: _mean(json.loads(path.read_text())) for name, path in reports}
    card = replace(card, scores=scores or card.scores, description=description or card.description)
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{card.name}{SUFFIX}"
    save_checkpoint(path, model, card)
    sums = [f"{sha256_of(path)}  {path.name}\n" for path in sorted(folder.glob(f"*{SUFFIX}"))]
    write_atomically(folder / SUMS_NAME, "".join(sums).encode(), overwrite=True)
    return path


def _mean(report: dict[str, Any]) -> dict[str, float]:
    """The F1 of each score of a report's mean, and the number of recordings."""
    mean = report["mean"]
    scores = {name: round(prf["f1"], 4) for name, prf in mean.items() if isinstance(prf, dict)}
    return scores | {"n_recordings": len(report["pieces"])}


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description="Put a model among those that ship.")
    parser.add_argument("checkpoint", type=Path)
    parser.add_argument("--folder", type=Path, default=RESOURCES)
    parser.add_argument("--description", default="")
    parser.add_argument(
        "--report",
        nargs=2,
        action="append",
        default=[],
        metavar=("WHAT", "FILE.json"),
        help="scores to put into the card; may be repeated",
    )
    options = parser.parse_args(arguments)
    reports = [(what, Path(file)) for what, file in options.report]
    try:
        path = publish(options.checkpoint, options.folder, reports, description=options.description)
    except AmtStudioError as error:
        print(f"training.publish: error: {error}", file=sys.stderr)
        return error.exit_code
    print(path)
    return 0


if __name__ == "__main__":
    sys.exit(main())
