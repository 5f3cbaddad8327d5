"""Calls as signals and jobs make them."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")


def without_arguments(call: Callable[[], T]) -> Callable[..., T]:
    """The same call, ignoring the arguments of a signal or a job."""
    return lambda *_, **__: call()
