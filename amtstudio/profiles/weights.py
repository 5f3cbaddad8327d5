"""A base model with what a profile changes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TypeVar

import torch
from safetensors import SafetensorError
from safetensors.torch import load as load_tensors
from safetensors.torch import save as tensors_to_bytes
from torch import Tensor

from amtstudio.errors import ProfileError
from amtstudio.models import ModelCard, find_model, sha256_of
from amtstudio.models.audio_model import AudioModel
from amtstudio.models.checkpoint import load_model, load_transcription_model
from amtstudio.models.transcription_model import TranscriptionModel
from amtstudio.profiles.profile import Profile
from amtstudio.profiles.store import find_profile, joined, read_header_of, write_profile

ModelT = TypeVar("ModelT", bound=AudioModel)

_MOST_NAMED = 4  # recordings in a sentence


def save_profile(
    profile: Profile,
    base: dict[str, Tensor],
    adapted: dict[str, Tensor],
    *,
    overwrite: bool = False,
) -> None:
    """Keep the difference of two sets of weights under the profile's name.

    Parameters
    ----------
    profile : Profile
    base, adapted : dict of Tensor
        States of the base model and of the adapted one; what is equal is not stored.
    overwrite : bool
        Whether a profile of this name may be replaced.

    Raises
    ------
    ValueError
        If the two are not of one network, or a weight is not finite.
    OutputExistsError, CannotCreateOutputError, OutputWriteError
    """
    if base.keys() != adapted.keys():
        raise ValueError("base and adapted weights are not those of one network")
    deltas = {}
    for name, value in adapted.items():
        if not torch.isfinite(value).all():
            raise ValueError(f"{name} holds values that are not finite")
        if not torch.equal(value.cpu(), base[name].cpu()):
            deltas[name] = (value.cpu() - base[name].cpu()).contiguous()
    write_profile(joined(profile, tensors_to_bytes(deltas)), profile.name, overwrite=overwrite)


def load_profiled_model(
    name: str, *, device: torch.device | str = "cpu"
) -> tuple[TranscriptionModel, ModelCard, Profile]:
    """The model that a profile makes of its base, in eval mode, with the profile's thresholds.

    An instrument that is out of tune is retuned: the model's grid gets the rate to which the audio
    has to be resampled for that, so that times stay those of the recording.

    Raises
    ------
    ProfileError
        If the profile does not exist, is damaged, or its base is not the installed model.
    CheckpointError
        If the base model cannot be loaded.
    """
    model, card, profile = _load_profiled(name, load_transcription_model, device)
    model.grid = model.grid.retuned(profile.tuning_cents)
    shift = card.onset_shift_s + profile.onset_shift_s
    return model, replace(card, onset_shift_s=shift), profile


def load_profiled_detector(
    name: str, *, device: torch.device | str = "cpu"
) -> tuple[AudioModel, ModelCard, Profile]:
    """As ``load_profiled_model``, for a profile of the instrument detector."""
    return _load_profiled(name, load_model, device, of_instruments=True)


def _load_profiled(
    name: str,
    load_base: Callable[..., tuple[ModelT, ModelCard]],
    device: torch.device | str,
    *,
    of_instruments: bool = False,
) -> tuple[ModelT, ModelCard, Profile]:
    path = find_profile(name)
    profile = read_header_of(path)
    if of_instruments and not profile.is_of_instruments:
        raise ProfileError(
            f"the profile {profile.name!r} transcribes and does not detect instruments",
            hint="use it with 'transcribe'",
        )
    if profile.is_of_instruments and not of_instruments:
        raise ProfileError(
            f"the profile {profile.name!r} detects instruments and does not transcribe",
            hint="use it with 'instruments'",
        )
    base = find_model(profile.base)
    if sha256_of(base) != profile.base_sha256:
        raise ProfileError(
            f"the profile {profile.name!r} was made for another version of the model "
            f"{profile.base!r}",
            hint=f"make it again under the same name, from the same recordings:"
            f" {_sources(profile)}",
        )
    model, card = load_base(base, device=device)
    try:
        _add(model, load_tensors(path.read_bytes()))
    except (OSError, ValueError, RuntimeError, SafetensorError) as error:
        raise ProfileError(f"cannot load the profile {profile.name!r}: {error}") from error
    return model, replace(card, thresholds=dict(profile.thresholds)), profile


def _sources(profile: Profile) -> str:
    names = [entry.recording for entry in profile.ledger]
    more = len(names) - _MOST_NAMED
    return ", ".join(names[:_MOST_NAMED]) + (f" (+{more})" if more > 0 else "")


@torch.no_grad()
def _add(model: AudioModel, deltas: dict[str, Tensor]) -> None:
    state = model.state_dict()
    for name, delta in deltas.items():
        if name not in state or state[name].shape != delta.shape:
            raise ValueError(f"its tensor {name[:80]!r} does not fit the model")
        if not torch.isfinite(delta).all():
            raise ValueError(f"{name} holds values that are not finite")
        state[name].add_(delta.to(state[name].device, state[name].dtype))
