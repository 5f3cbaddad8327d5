"""MAESTRO v3 (Hawthorne et al. 2019): ten years of the International Piano-e-Competition."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any, cast, get_args

from amtstudio.errors import BadFileError, InputNotFoundError
from training.datasets.piece import (
    Piece,
    Split,
    check_root,
    missing_truth,
    require_pieces,
    same_recording,
)

CSV_NAME, JSON_NAME = "maestro-v3.0.0.csv", "maestro-v3.0.0.json"
_COLUMNS = ("canonical_composer", "canonical_title", "split", "year", "midi_filename")


def maestro_pieces(root: Path) -> list[Piece]:
    """Read a MAESTRO folder by its table, which also fixes the split.

    Recordings in the table and not on the disk are left out: copies of a part are usual, for the
    whole is over 100 GB. Audio converted to another format is found by its stem.

    Parameters
    ----------
    root : Path
        Holds ``maestro-v3.0.0.csv`` or ``.json`` and the folders of the years.

    Raises
    ------
    InputNotFoundError
        If ``root`` is not a folder, has no table, or none of the table's recordings.
    BadFileError
        If the table is damaged, or a recording is there without its MIDI file.
    """
    check_root(root)
    pieces = [piece for row in _rows(root) if (piece := _piece(root, row))]
    return require_pieces(pieces, root, "the folders 2004 to 2018 beside the table")


def _rows(root: Path) -> list[dict[str, Any]]:
    table = next((root / name for name in (CSV_NAME, JSON_NAME) if (root / name).is_file()), None)
    if table is None:
        raise InputNotFoundError(f"There is no {CSV_NAME} or {JSON_NAME} in {root}")
    try:
        rows = _csv_rows(table) if table.suffix == ".csv" else _json_rows(table)
        for row in rows:
            _check(row)
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise BadFileError(f"{table} is not a table of MAESTRO v3: {error}") from error
    return rows


def _csv_rows(table: Path) -> list[dict[str, Any]]:
    with table.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _json_rows(table: Path) -> list[dict[str, Any]]:
    """The JSON table holds a column a key: ``{"split": {"0": "train", ...}, ...}``."""
    columns = json.loads(table.read_text(encoding="utf-8"))
    return [{name: column[index] for name, column in columns.items()} for index in columns["split"]]


def _check(row: dict[str, Any]) -> None:
    for column in (*_COLUMNS, "audio_filename"):
        if not row.get(column):
            raise ValueError(f"a row has no {column}")
    if row["split"] not in get_args(Split):
        raise ValueError(f"there is no split {row['split']!r}")


def _piece(root: Path, row: dict[str, Any]) -> Piece | None:
    audio = same_recording(root / row["audio_filename"])
    if audio is None:
        return None
    truth = root / row["midi_filename"]
    if not truth.is_file():
        raise missing_truth(audio)
    title = f"{row['canonical_composer']}: {row['canonical_title']}"
    return Piece(audio, truth, cast(Split, row["split"]), str(row["year"]), title)
