"""Transcribe one recording with Transkun: ``transkun_program.py AUDIO OUT.mid``.

Run by ``Transkun`` with the Python that has the package, and imports nothing of ours. It calls the
package's own command, and stands in for what that needs in vain: pydub with an ffmpeg program,
setuptools for an import of old, and torchaudio, whose package does not load beside every torch.
"""

from __future__ import annotations

import importlib
import importlib.resources
import os
import sys
import types
from typing import Any

import soundfile
import torch

MEL_FILTERS = "framewiseFeatureExtractor.freq2mels"
# From this version on, torch honours the request to load weights without running code.
OLDEST_TORCH = (2, 6)


def main(audio_path: str, output: str) -> None:
    run(audio_path, output, checked_network())


def run(audio_path: str, output: str, network: type[Any]) -> None:
    """Call the package's command with this class in the place of its network."""
    package_command = importlib.import_module("transkun.transcribe")
    package_command.readAudio = read_audio  # type: ignore[attr-defined]
    importlib.import_module("transkun.ModelTransformer").TransKun = network  # type: ignore[attr-defined]
    sys.argv = ["transkun", audio_path, output]
    package_command.main()


def checked_network() -> type[Any]:
    """The network of the package, which does not go on without the filters left out below."""
    if tuple(int(part) for part in torch.__version__.split(".")[:2]) < OLDEST_TORCH:
        sys.exit(f"Transkun takes torch {OLDEST_TORCH[0]}.{OLDEST_TORCH[1]} or newer")
    os.environ["TORCH_FORCE_WEIGHTS_ONLY_LOAD"] = "1"
    sys.modules["torchaudio"] = stand_in(
        "torchaudio", functional=types.SimpleNamespace(melscale_fbanks=empty_filters)
    )
    sys.modules["pkg_resources"] = stand_in("pkg_resources", resource_filename=path_in_package)
    network: type[Any] = importlib.import_module("transkun.ModelTransformer").TransKun

    class Checked(network):  # type: ignore[misc]
        def load_state_dict(self, weights: dict[str, Any], strict: bool = False) -> None:
            if MEL_FILTERS not in weights:
                sys.exit("the weights lack the mel filters, which the stand-in leaves empty")
            super().load_state_dict(weights, strict=strict)

    return Checked


def read_audio(path: str) -> tuple[int, Any]:
    """Sample rate and samples, shape (n_samples, n_channels), at the rate of the network."""
    audio, sample_rate = soundfile.read(path, dtype="float32", always_2d=True)
    return sample_rate, audio


def path_in_package(module: str, name: str) -> str:
    return str(importlib.resources.files(module.partition(".")[0]) / name)


def empty_filters(*, n_freqs: int, n_mels: int, **_: object) -> torch.Tensor:
    """Only their shape: the values come with the weights."""
    return torch.zeros(n_freqs, n_mels)


def stand_in(name: str, **contents: object) -> types.ModuleType:
    module = types.ModuleType(name)
    vars(module).update(contents)
    return module


if __name__ == "__main__":
    main(*sys.argv[1:])
