"""The parser of a command whose help is the text at the head of its module."""

from __future__ import annotations

import argparse


def documented_parser(module: str, text: str | None) -> argparse.ArgumentParser:
    """Of ``python -m MODULE``; ``text`` is shown as it is laid out."""
    return argparse.ArgumentParser(
        prog=f"python -m {module}",
        description=text,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
