"""Settings of a network as words of a command line."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import argparse
    from collections.abc import Sequence


def network_settings(parser: argparse.ArgumentParser, pairs: Sequence[str]) -> dict[str, int | str]:
    """What ``--config KEY=VALUE``, given any number of times, says of a network."""
    settings = {}
    for pair in pairs:
        key, _, value = pair.partition("=")
        try:
            settings[key] = json.loads(value)
        except ValueError:
            parser.error(f"--config {pair}: give a number, true or false, or a text in quotes")
    return settings
