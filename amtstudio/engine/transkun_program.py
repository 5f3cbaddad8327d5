"""Transcribe one recording with Transkun: ``transkun_program.py AUDIO OUT.mid``.

Run by ``Transkun`` with the Python that has the package, and imports nothing of ours. It does what
the package's own command does, without what that needs in vain: pydub, an ffmpeg program,
setuptools for an import of old, and torchaudio, whose package does not load beside every torch.
"""

from __future__ import annotations

import importlib.resources
import sys
import types
from typing import Any

import soundfile
import soxr
import torch


def main(audio_path: str, output: str) -> None:
    torch.set_grad_enabled(False)
    model = load_model()
    audio, sample_rate = soundfile.read(audio_path, dtype="float32", always_2d=True)
    if sample_rate != model.fs:
        audio = soxr.resample(audio, sample_rate, model.fs)
    notes = model.transcribe(torch.from_numpy(audio))
    from transkun.Data import writeMidi  # noqa: PLC0415 - after the stand-in for torchaudio

    writeMidi(notes).write(output)


def load_model() -> Any:
    """The network of the package with the weights of the package."""
    import moduleconf  # noqa: PLC0415 - comes with transkun, which is not ours to require

    sys.modules["torchaudio"] = stand_in_for_torchaudio()
    folder = importlib.resources.files("transkun") / "pretrained"
    entry = moduleconf.parseFromFile(str(folder / "2.0.conf"))["Model"]
    model = entry.module.TransKun(conf=entry.config)
    checkpoint = torch.load(str(folder / "2.0.pt"), map_location="cpu", weights_only=True)
    weights = checkpoint.get("best_state_dict", checkpoint.get("state_dict"))
    if "framewiseFeatureExtractor.freq2mels" not in weights:
        sys.exit("the checkpoint lacks the mel filters, which the stand-in leaves empty")
    model.load_state_dict(weights, strict=False)
    return model.eval()


def stand_in_for_torchaudio() -> types.ModuleType:
    """Only gives the filters their shape: their values come with the weights."""

    def melscale_fbanks(*, n_freqs: int, n_mels: int, **_: object) -> torch.Tensor:
        return torch.zeros(n_freqs, n_mels)

    module = types.ModuleType("torchaudio")
    functional = types.SimpleNamespace(melscale_fbanks=melscale_fbanks)
    module.functional = functional  # type: ignore[attr-defined]
    return module


if __name__ == "__main__":
    main(*sys.argv[1:])
