"""Which precision the processor computes faster."""

from __future__ import annotations

import pytest

from amtstudio.computing import device


@pytest.mark.parametrize(
    ("features", "prefers"),
    [
        ({"GenuineIntel", "avx512f", "avx512_bf16", "amx_bf16"}, True),
        ({"GenuineIntel", "avx512f", "avx512_bf16"}, False),  # slower than float32
        ({"AuthenticAMD", "avx512f", "avx512_bf16"}, True),
        ({"AuthenticAMD", "avx2"}, False),
        (set(), False),
    ],
)
def test_bfloat16_is_taken_where_it_is_faster(monkeypatch, features, prefers):
    monkeypatch.setattr(device, "_cpu_features", lambda: features)

    assert device.prefers_bfloat16(device.cpu_device("a test")) is prefers
