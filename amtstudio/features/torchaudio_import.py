"""The one place that imports torchaudio."""

from __future__ import annotations

import importlib
import sys
import threading
from types import ModuleType
from typing import Any

_EXTENSION = "torchaudio._extension"
_LOCK = threading.Lock()  # two models may be loaded at once, each on its thread


def import_torchaudio() -> Any:
    """torchaudio, also beside a torch for which its compiled library was not built.

    The wheels on PyPI are linked against CUDA; beside a CPU-only torch their library cannot be
    loaded, though nothing that we use needs it. In that case torchaudio is imported with its
    loader of the library replaced by one that reports the library as absent, which is how
    torchaudio behaves when built without it. Tried with torchaudio 2.9.1 to 2.11.0.

    Raises
    ------
    ImportError
        If torchaudio is not installed.
    """
    with _LOCK:
        try:
            return importlib.import_module("torchaudio")
        except OSError:  # libcudart or libc10_cuda is missing
            _forget_torchaudio()
        sys.modules[_EXTENSION] = _extension_without_library()
        try:
            return importlib.import_module("torchaudio")
        except Exception:
            _forget_torchaudio()  # half an import would make the next try fail in other ways
            raise


def _forget_torchaudio() -> None:
    # Other threads may import meanwhile: of a copy, which is made in one step.
    for name in [name for name in list(sys.modules) if name.partition(".")[0] == "torchaudio"]:
        del sys.modules[name]


def _extension_without_library() -> ModuleType:
    names: dict[str, Any] = {
        "__path__": [],
        "_IS_TORCHAUDIO_EXT_AVAILABLE": False,
        "_IS_ALIGN_AVAILABLE": False,
        "_load_lib": lambda _library: False,
        "fail_if_no_align": lambda function: function,
    }
    extension = ModuleType(_EXTENSION)
    for name, value in names.items():
        setattr(extension, name, value)
    return extension
