from __future__ import annotations

import sys
import threading

import pytest

from amtstudio.features import torchaudio_import
from amtstudio.features.torchaudio_import import import_torchaudio


def test_twice_gives_the_same_module():
    assert import_torchaudio() is import_torchaudio()


def test_works_where_the_compiled_library_cannot_be_loaded(monkeypatch):
    """As beside a torch that it was not built for, whatever is installed here."""
    for name in [name for name in sys.modules if name.partition(".")[0] == "torchaudio"]:
        monkeypatch.delitem(sys.modules, name)
    real, calls = torchaudio_import.importlib.import_module, []

    def first_fails(name):
        calls.append(name)
        if len(calls) == 1:
            raise OSError("libcudart.so.13: cannot open shared object file")
        return real(name)

    monkeypatch.setattr(torchaudio_import.importlib, "import_module", first_fails)
    filters = import_torchaudio().functional.melscale_fbanks(513, 30.0, 8000.0, 20, 16000)
    assert filters.shape == (513, 20)
    assert calls == ["torchaudio", "torchaudio"]


def test_other_threads_may_import_meanwhile(monkeypatch):
    """Two models are loaded at once when a project is opened at the start."""
    interval = sys.getswitchinterval()
    is_done = threading.Event()

    def import_others():
        while not is_done.is_set():
            for n in range(50):
                sys.modules[f"_made_up_{n}"] = sys
            for n in range(50):
                del sys.modules[f"_made_up_{n}"]

    thread = threading.Thread(target=import_others)
    monkeypatch.setattr(sys, "modules", dict(sys.modules))  # torchaudio is needed by other tests
    sys.setswitchinterval(1e-6)
    thread.start()
    try:
        for _ in range(200):
            torchaudio_import._forget_torchaudio()
    finally:
        is_done.set()
        thread.join()
        sys.setswitchinterval(interval)
    assert not any(name.partition(".")[0] == "torchaudio" for name in sys.modules)


def test_another_failure_is_passed_on_and_leaves_nothing_behind(monkeypatch):
    for name in [name for name in sys.modules if name.partition(".")[0] == "torchaudio"]:
        monkeypatch.delitem(sys.modules, name)
    errors = [OSError("no library"), ImportError("too old")]

    def fails(_name):
        raise errors.pop(0)

    monkeypatch.setattr(torchaudio_import.importlib, "import_module", fails)
    with pytest.raises(ImportError, match="too old"):
        import_torchaudio()
    assert not any(name.startswith("torchaudio.") for name in sys.modules)
