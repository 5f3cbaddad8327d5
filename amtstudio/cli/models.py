"""``amtstudio models``."""

from __future__ import annotations

import argparse
import json
import os
from pathlib import Path

from amtstudio.cli.console import Console, printable
from amtstudio.cli.failures import joint_exit_code, report
from amtstudio.cli.process import write_output
from amtstudio.errors import AmtStudioError
from amtstudio.models import find_model, list_models, load_card, sha256_of, verify_model
from amtstudio.resources import resource_path


def run_models(arguments: argparse.Namespace, console: Console) -> int:
    if arguments.action == "list":
        return _list(console, as_json=arguments.format == "json")
    if arguments.action == "verify":
        return _verify(arguments.names or list_models(), console)
    return _path(arguments.name)


def _list(console: Console, *, as_json: bool) -> int:
    rows = []
    codes = []
    for name in list_models():
        try:
            rows.append(_describe(name))
            codes.append(0)
        except AmtStudioError as error:
            codes.append(report(console, error, file=name))
    if as_json:
        write_output(json.dumps(rows, indent=2) + "\n")
    elif rows:
        write_output("".join(f"{_line(row)}\n" for row in rows))
    else:
        console.message(f"no models in {resource_path('models')}")
    return joint_exit_code(codes)


def _describe(name: str) -> dict[str, str | float | dict[str, float]]:
    path = find_model(name)
    card = load_card(path)
    return {
        "name": name,
        "network": card.model,
        "description": card.description,
        "licence": card.licence,
        "size_mb": round(path.stat().st_size / 1e6, 3),
        "thresholds": card.thresholds,
        "path": str(path),
    }


def _line(row: dict[str, str | float | dict[str, float]]) -> str:
    text = f"{row['name']}  {row['network']}, {row['size_mb']:.1f} MB, {row['licence']}"
    return printable(f"{text}: {row['description']}" if row["description"] else text)


def _verify(names: list[str], console: Console) -> int:
    """Compare checksums, and load each model as ``transcribe`` would."""
    from amtstudio.models.checkpoint import load_model  # noqa: PLC0415 - imports torch

    if not names:
        console.message(f"no models in {resource_path('models')}")
    codes = []
    for name in names:
        try:
            # A file of the user's own has no checksum to compare with.
            checksum = verify_model(name) if name in list_models() else sha256_of(find_model(name))
            load_model(find_model(name))
        except AmtStudioError as error:
            codes.append(report(console, error, file=name))
        else:
            codes.append(0)
            write_output(f"{printable(name)}: good, SHA-256 {checksum}\n")
    return joint_exit_code(codes)


def _path(name: str | None) -> int:
    path: Path = resource_path("models") if name is None else find_model(name)
    # The name as the system has it, whatever its bytes: this line is for other programs.
    write_output(os.fsencode(path) + os.linesep.encode())
    return 0
