"""Which device computes, and why."""

from __future__ import annotations

import contextlib
import re
import warnings
from dataclasses import dataclass
from pathlib import Path

import torch

from amtstudio.errors import DeviceError

_NAME = re.compile(r"cpu|mps|cuda(:\d{1,3})?")
# Features with which bfloat16 is faster than float32. With "avx512_bf16" alone, a 3x3 convolution
# takes half as long on AMD's processors, but twice as long on Intel's
# (``tests/benchmarks/precision_speed.py``).
_FAST_BFLOAT16 = ({"amx_bf16"}, {"avx512_bf16", "AuthenticAMD"})
_FIRST_BFLOAT16_CUDA = 8  # compute capability of Ampere


@dataclass(frozen=True, slots=True)
class Device:
    """A compute device. ``str()`` gives its name on the command line, such as ``cuda:0``."""

    torch_device: torch.device
    label: str  # for people, such as "NVIDIA GeForce RTX 3060"
    reason: str  # why this one

    def __str__(self) -> str:
        return str(self.torch_device)

    @property
    def is_cpu(self) -> bool:
        return self.torch_device.type == "cpu"


def cpu_device(reason: str) -> Device:
    return Device(torch.device("cpu"), "CPU", reason)


def choose_device(name: str = "auto") -> Device:
    """Find a device: ``auto`` takes CUDA, then MPS, then the CPU.

    Parameters
    ----------
    name : str
        ``auto``, ``cpu``, ``cuda``, ``cuda:N`` or ``mps``.

    Raises
    ------
    DeviceError
        If the requested device is missing or not responding, or there is none of this name.
    """
    if name == "auto":
        return _best_device()
    if _NAME.fullmatch(name) is None:
        raise DeviceError(
            f"there is no device called {name!r}", hint="auto, cpu, cuda, cuda:N or mps"
        )
    if name == "cpu":
        return cpu_device("as chosen")
    if name == "mps":
        return _mps_device("as chosen")
    return _cuda_device(int(name.partition(":")[2] or 0), "as chosen")


def other_devices() -> list[Device]:
    """The devices available in addition to the CPU."""
    found = []
    for index in range(torch.cuda.device_count()):
        with contextlib.suppress(DeviceError):
            found.append(_cuda_device(index, "as chosen"))
    with contextlib.suppress(DeviceError):
        found.append(_mps_device("as chosen"))
    return found


def prefers_bfloat16(device: Device) -> bool:
    """Whether the hardware computes bfloat16 faster than float32."""
    if device.torch_device.type == "cuda":
        major, _ = torch.cuda.get_device_capability(device.torch_device)
        return major >= _FIRST_BFLOAT16_CUDA
    if not device.is_cpu:
        return False
    features = _cpu_features()
    return any(needed <= features for needed in _FAST_BFLOAT16)


def _best_device() -> Device:
    try:
        return _cuda_device(0, "the fastest one here")
    except DeviceError:
        pass
    try:
        return _mps_device("the fastest one here")
    except DeviceError:
        return cpu_device("no graphics processor that can be used")


def _cuda_device(index: int, reason: str) -> Device:
    with warnings.catch_warnings():
        # An old driver makes a warning of several lines; the error below says it in one.
        warnings.simplefilter("ignore")
        n_devices = torch.cuda.device_count() if torch.cuda.is_available() else 0
    if index >= n_devices:
        count = f"there are {n_devices}" if n_devices else "no CUDA device is usable here"
        raise DeviceError(
            f"the device cuda:{index} is not available: {count}", hint="try --device cpu"
        )
    device = torch.device("cuda", index)
    _try_out(device)
    return Device(device, torch.cuda.get_device_name(device), reason)


def _mps_device(reason: str) -> Device:
    if not torch.backends.mps.is_available():
        raise DeviceError("the device mps is not available", hint="try --device cpu")
    device = torch.device("mps")
    _try_out(device)
    return Device(device, "Apple GPU", reason)


def _try_out(device: torch.device) -> None:
    """A device may be listed and yet be unusable: too old for this torch, or taken by others."""
    try:
        torch.ones(1, device=device).add(1).item()
    except RuntimeError as error:
        first_line = str(error).partition("\n")[0]
        raise DeviceError(
            f"the device {device} is not responding: {first_line}", hint="try --device cpu"
        ) from error


def _cpu_features() -> set[str]:
    """The processor's flags and its maker as in /proc/cpuinfo; empty where that does not exist."""
    try:
        text = Path("/proc/cpuinfo").read_text(encoding="ascii", errors="replace")
    except OSError:
        return set()
    lines = re.findall(r"^(?:flags|vendor_id)\s*:(.*)$", text, re.MULTILINE)
    return {name for line in lines for name in line.split()}
