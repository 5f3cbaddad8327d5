"""From the channels of a decoder to mono float."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from amtstudio.audio.info import FloatArray


def mix_down(block: npt.NDArray[Any]) -> FloatArray:
    """Mean of the channels, full scale 1.

    Parameters
    ----------
    block : np.ndarray, shape (n_samples, n_channels)
        Float, or integers of full width; unsigned bytes have their zero at 128.

    Returns
    -------
    np.ndarray, shape (n_samples,)
        Not finite wherever a channel is not: a mean hides neither NaN nor infinity.
    """
    # A sum of values near the largest float overflows; the caller refuses what comes of it.
    with np.errstate(over="ignore", invalid="ignore"):
        wide = block.mean(axis=1, dtype=np.float64) if block.shape[1] > 1 else block[:, 0]
        if block.dtype.kind == "u":
            wide = (wide.astype(np.float64) - 128.0) / 128.0
        elif block.dtype.kind == "i":
            wide = wide / -float(np.iinfo(block.dtype).min)
        return wide.astype(np.float32)
