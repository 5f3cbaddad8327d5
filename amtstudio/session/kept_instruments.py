"""The instruments detected in the recording, kept in the project for the next time."""

from __future__ import annotations

import base64
import json
import logging
import zlib
from typing import Any

import numpy as np

from amtstudio.session.audio_reference import AudioReference
from amtstudio.session.rows import PARSE_ERRORS
from amtstudio.symbolic.instruments import InstrumentActivity

logger = logging.getLogger("amtstudio.session")

_VERSION = 1
_MOST_CLASSES = 1000
_MOST_CELLS = 10_000_000  # of seconds and classes: five days of the shipped model
_LEVEL = 6


def key_of(audio: AudioReference | None) -> str:
    """Tells a recording, and which of its sound tracks; "" for none."""
    return "" if audio is None else f"{audio.sha256}:{audio.track or 1}"


def instruments_to_text(activity: InstrumentActivity, recording: str) -> str:
    """All of it, in single precision: some 12 kB for a minute.

    ``recording`` identifies the analysed content, for example by a checksum.
    """
    content = {
        "version": _VERSION,
        "recording": recording,
        "classes": list(activity.classes),
        "n_instances": activity.n_instances,
        "duration": activity.duration,
        "file": activity.file,
        "model": activity.model,
        "data": _packed(activity),
    }
    return json.dumps(content, separators=(",", ":"))


def instruments_from_text(text: str, recording: str) -> InstrumentActivity | None:
    """The result of ``instruments_to_text`` for this recording; None if there is none.

    Nothing but time depends on it, so what is damaged counts as not there.
    """
    if not text:
        return None
    try:
        content = json.loads(text)
        if content["version"] != _VERSION or content["recording"] != recording:
            return None
        return _unpacked(content)
    except (*PARSE_ERRORS, zlib.error) as error:
        logger.warning("the instruments of a project cannot be read: %s", error)
        return None


def _packed(activity: InstrumentActivity) -> str:
    arrays = (
        activity.onsets, activity.offsets, activity.scores, activity.attention,
        activity.track_scores, activity.thresholds, activity.track_thresholds,
    )  # fmt: skip
    floats = b"".join(np.ascontiguousarray(array, dtype="<f4").tobytes() for array in arrays)
    bits = np.packbits(np.append(activity.heard.ravel(), activity.is_named)).tobytes()
    return base64.b85encode(zlib.compress(floats + bits, _LEVEL)).decode()


def _unpacked(content: dict[str, Any]) -> InstrumentActivity:
    classes = tuple(str(name) for name in content["classes"])
    n, width = int(content["n_instances"]), len(classes)
    if not (n >= 0 and 0 < width <= _MOST_CLASSES and n * width <= _MOST_CELLS):
        raise ValueError(f"there are {n} instances of {width} classes")
    shapes = ((n,), (n,), (n, width), (n, width), (width,), (width,), (width,))
    sizes = [int(np.prod(shape)) for shape in shapes]
    n_floats, n_bits = sum(sizes), (n + 1) * width
    n_bytes = 4 * n_floats + -(-n_bits // 8)
    # Bounded: a few bytes can be packed zeros without end.
    raw = zlib.decompressobj().decompress(base64.b85decode(content["data"]), n_bytes + 1)
    if len(raw) != n_bytes:
        raise ValueError(f"expected {n_bytes} bytes, got {len(raw)}")
    floats = np.frombuffer(raw, dtype="<f4", count=n_floats).astype(np.float32)
    if not np.isfinite(floats).all():
        raise ValueError("a number is not finite")
    bits = np.unpackbits(np.frombuffer(raw, dtype=np.uint8, offset=4 * n_floats), count=n_bits)
    parts = np.split(floats, np.cumsum(sizes)[:-1])
    arrays = [part.reshape(shape) for part, shape in zip(parts, shapes, strict=True)]
    heard = bits.astype(bool)
    onsets, offsets, scores, attention, track_scores, thresholds, track_thresholds = arrays
    return InstrumentActivity(
        classes=classes,
        onsets=onsets,
        offsets=offsets,
        scores=scores,
        attention=attention,
        track_scores=track_scores,
        thresholds=thresholds,
        duration=float(content["duration"]),
        file=str(content["file"]),
        model=str(content["model"]),
        track_thresholds=track_thresholds,
        heard=heard[: n * width].reshape(n, width),
        is_named=heard[n * width :],
    )
