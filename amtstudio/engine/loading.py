"""The one way to a model that transcribes: by its name, its path, a profile, or as a plug-in."""

from __future__ import annotations

from pathlib import Path
from typing import Protocol, Unpack

from amtstudio.audio import AudioSource
from amtstudio.computing.device import Device
from amtstudio.decoding import DecoderSettings
from amtstudio.engine.inference import Precision
from amtstudio.engine.plugin_transcriber import PluginTranscriber
from amtstudio.engine.plugins import engine_names
from amtstudio.engine.run import FileOptions, Result
from amtstudio.engine.transcriber import Transcriber
from amtstudio.models import find_model
from amtstudio.models.checkpoint import load_transcription_model
from amtstudio.models.folding import fold_batch_norms
from amtstudio.profiles.weights import load_profiled_model


class FileTranscriber(Protocol):
    """Anything that transcribes recordings: a model, or an external program."""

    @property
    def name(self) -> str: ...

    @property
    def profile(self) -> str | None: ...

    @property
    def device(self) -> Device | str: ...

    @property
    def settings(self) -> DecoderSettings: ...

    @property
    def n_threads(self) -> int: ...

    def transcribe_file(
        self, source: Path | AudioSource, **options: Unpack[FileOptions]
    ) -> Result: ...


def load_transcriber(
    model: str | Path,
    *,
    profile: str | None = None,
    device: str = "auto",
    batch_size: int | None = None,
    n_threads: int | None = None,
    precision: Precision = "float32",
) -> Transcriber:
    """Load a shipped model by its name, any by its path, or a profile's version of its base.

    With ``profile`` the base that it names is loaded, whatever ``model`` says.

    Raises
    ------
    CheckpointError
        If the model does not exist, or its file cannot be used.
    ProfileError
        If the profile does not exist, or does not fit the installed model.
    DeviceError
        As ``Transcriber``.
    """
    if profile is None:
        network, card = load_transcription_model(find_model(model))
    else:
        network, card, found = load_profiled_model(profile)
        profile = found.name
    fold_batch_norms(network)
    return Transcriber(
        network,
        card,
        device=device,
        batch_size=batch_size,
        n_threads=n_threads,
        precision=precision,
        profile=profile,
    )


def load_file_transcriber(
    model: str | Path,
    *,
    profile: str | None = None,
    device: str = "auto",
    n_threads: int | None = None,
) -> FileTranscriber:
    """As ``load_transcriber``, where ``model`` may also be the name of a plug-in engine."""
    if profile is None and model in engine_names():
        return PluginTranscriber.load(str(model))
    return load_transcriber(model, profile=profile, device=device, n_threads=n_threads)
