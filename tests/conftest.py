"""Fixtures that every test may use."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

SHARED = Path(__file__).resolve().parents[2] / "shared"


@pytest.fixture
def rng() -> np.random.Generator:
    return np.random.default_rng(20240817)


@pytest.fixture
def shared() -> Path:
    """The development recordings beside the project; skips the test where there are none."""
    if not SHARED.is_dir():
        pytest.skip("needs the development recordings in ../shared")
    return SHARED
