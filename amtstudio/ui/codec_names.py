"""Readable names of audio codecs."""

from __future__ import annotations

import re

from PySide6.QtCore import QCoreApplication

_NAMES = {
    "aac": "AAC",
    "ac3": "AC-3",
    "alac": "Apple Lossless",
    "eac3": "E-AC-3",
    "flac": "FLAC",
    "mp2": "MP2",
    "mp3": "MP3",
    "mpeg_layer_iii": "MP3",
    "opus": "Opus",
    "vorbis": "Ogg Vorbis",
    "wmav2": "Windows Media Audio",
}
_CONTAINERS = {"aiff": "AIFF", "caf": "CAF", "flac": "FLAC", "w64": "WAV"}
_CONTAINERS |= dict.fromkeys(("wav", "wavex", "rf64"), "WAV")
_WHOLE = re.compile(r"pcm_[a-z]*?(\d+)[a-z]*")
_FLOATING = {"float": 32, "double": 64, "pcm_f32le": 32, "pcm_f64le": 64}


def codec_name(codec: str, container: str) -> str:
    """Such as ``16-bit WAV`` for ``pcm_16`` in ``wav``, and ``MP3`` for ``mpeg_layer_iii``."""
    if codec in _NAMES:
        return _NAMES[codec]
    kind = _CONTAINERS.get(container, "PCM")
    if codec in _FLOATING:
        return _tr("{bits}-bit float {kind}").format(bits=_FLOATING[codec], kind=kind)
    if (found := _WHOLE.fullmatch(codec)) is not None:
        return _tr("{bits}-bit {kind}").format(bits=found[1], kind=kind)
    return codec.replace("_", " ").upper()


def _tr(text: str) -> str:
    return QCoreApplication.translate("Codec", text)
