"""Where the files that ship with the program lie."""

from __future__ import annotations

import sys
from pathlib import Path


def resource_path(*parts: str) -> Path:
    """The path of a shipped file or folder: ``resource_path("models", "piano.safetensors")``.

    Looks in an installed package, a frozen build and a source tree, in this order. The path is
    returned whether or not something is there; who opens it reports what is missing.
    """
    package = Path(__file__).resolve().parent
    roots = [package / "_resources", package.parent / "resources"]
    frozen_root = getattr(sys, "_MEIPASS", None)  # set by PyInstaller
    if frozen_root is not None:
        roots.insert(1, Path(frozen_root) / "resources")
    root = next((root for root in roots if root.is_dir()), roots[-1])
    return root.joinpath(*parts)
