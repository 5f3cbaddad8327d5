"""Transcribe one recording with Transkun: ``run_transkun.py AUDIO OUT.mid FIGURES.json [--bf16]``.

Runs in Transkun's environment. Does what its command line does, without what that needs in vain:
pydub with an ffmpeg program, and torchaudio, whose package does not load beside a torch for CPUs.
"""

import argparse
import importlib.resources
import json
import sys
import time
import types
from pathlib import Path
from typing import Any

import moduleconf
import soundfile
import soxr
import torch


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("audio", type=Path)
    parser.add_argument("output", type=Path)
    parser.add_argument("figures", type=Path)
    parser.add_argument("--bf16", action="store_true")
    options = parser.parse_args()
    torch.set_grad_enabled(False)
    model = load_model()
    if options.bf16:
        in_bfloat16(model.backbone)
    started = time.perf_counter()
    audio, sample_rate = soundfile.read(options.audio, dtype="float32", always_2d=True)
    if sample_rate != model.fs:
        audio = soxr.resample(audio, sample_rate, model.fs)
    notes = model.transcribe(torch.from_numpy(audio))
    seconds = time.perf_counter() - started
    from transkun.Data import writeMidi  # noqa: PLC0415 - after the stand-in for torchaudio

    writeMidi(notes).write(str(options.output))
    options.figures.write_text(json.dumps({"seconds": seconds}))


def load_model() -> Any:
    """The network of the package with the weights of the package."""
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


def in_bfloat16(backbone: Any) -> None:
    """Let the backbone, four fifths of the work, compute in bfloat16; the rest stays as it is."""
    forward = backbone.forward

    def autocast_forward(*args: Any, **kwargs: Any) -> Any:
        with torch.autocast("cpu", dtype=torch.bfloat16):
            return forward(*args, **kwargs).float()

    backbone.forward = autocast_forward


if __name__ == "__main__":
    main()
