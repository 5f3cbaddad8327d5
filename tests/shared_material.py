"""Where the development recordings lie; not in ``conftest``, of which there are several."""

from __future__ import annotations

from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
SHARED = ROOT.parent / "shared"
