"""The parser of a command whose help is the text at the head of its module."""

from __future__ import annotations

import argparse


def documented_parser(module: str, text: str | None) -> argparse.ArgumentParser:
    """The parser of ``python -m MODULE``; the layout of ``text`` is kept."""
    return argparse.ArgumentParser(
        prog=f"python -m {module}",
        description=text,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
