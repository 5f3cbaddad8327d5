"""The options that every command has which compares a model with the truth."""

from __future__ import annotations

import argparse
from pathlib import Path


def add_measuring_options(parser: argparse.ArgumentParser) -> None:
    """``folder``, ``--device``, ``--split`` and ``--key-offsets``."""
    parser.add_argument(
        "folder", type=Path, nargs="+", help="MAPS, MAESTRO, SMD, GuitarSet, MusicNet, or plain"
    )
    parser.add_argument("--device", default="auto", help="auto, cpu, cuda, cuda:N or mps")
    parser.add_argument("--split", choices=["train", "validation", "test"], help="all by default")
    parser.add_argument(
        "--key-offsets",
        action="store_true",
        help="reference notes end with the key, also while the sustain pedal is down",
    )
