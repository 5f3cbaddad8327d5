"""Which precision the processor computes faster."""

from __future__ import annotations

import pytest

from amtstudio.computing import device


@pytest.mark.parametrize(
    ("flags", "prefers"),
    [
        ({"avx512f", "avx512_bf16", "amx_bf16"}, True),
        ({"avx512f", "avx512_bf16"}, False),  # slower than float32
        ({"avx2"}, False),
        (set(), False),
    ],
)
def test_bfloat16_is_taken_with_amx_only(monkeypatch, flags, prefers):
    monkeypatch.setattr(device, "_cpu_flags", lambda: flags)

    assert device.prefers_bfloat16(device.cpu_device("a test")) is prefers
