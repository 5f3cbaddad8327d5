"""Run a model over segments: batches, precision, lack of memory, cancelling."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterable, Iterator
from contextlib import contextmanager
from typing import Any, Literal

import numpy as np
import torch
from torch import Tensor

from amtstudio.computing.device import Device, cpu_device, prefers_bfloat16
from amtstudio.decoding import Activations
from amtstudio.engine.run import IsCancelled, OnWarning
from amtstudio.engine.segments import Segment
from amtstudio.errors import BadAudioError, Cancelled, DeviceError
from amtstudio.models.transcription_model import TranscriptionModel
from amtstudio.symbolic.heads import Head, HeadKind

Precision = Literal["auto", "float32", "bfloat16"]

_GPU_BATCH_SIZE = 8


class Inference:
    """A model on a device.

    If memory runs out, the batch is halved, and with a single segment the work continues on the
    CPU; both remain in force. ``is_live``: use the model's ``forward_live``.
    """

    def __init__(
        self,
        model: TranscriptionModel,
        device: Device,
        *,
        batch_size: int | None = None,
        precision: Precision = "float32",
        is_live: bool = False,
    ) -> None:
        if batch_size is not None and batch_size < 1:
            raise ValueError(f"batch_size must be 1 or more, got {batch_size}")
        if precision not in ("auto", "float32", "bfloat16"):
            raise ValueError(f"precision must be auto, float32 or bfloat16, got {precision!r}")
        self.device = device
        # One segment keeps all cores busy; more would only delay the notes.
        self.batch_size = batch_size or (1 if device.is_cpu else _GPU_BATCH_SIZE)
        self._precision = precision
        self._is_live = is_live
        self._model = model.eval()
        try:
            self._model.to(device.torch_device)
        except (RuntimeError, MemoryError) as error:
            if not is_out_of_memory(error):
                raise
            raise DeviceError(
                f"{device.label} has too little memory for the model",
                hint="close other programs, or choose the CPU",
            ) from error

    def run(
        self, segments: Iterable[Segment], *, is_cancelled: IsCancelled, on_warning: OnWarning
    ) -> Generator[Activations, None, None]:
        """The activations of each segment's valid frames, in order, in half precision.

        Raises
        ------
        Cancelled
            As soon as ``is_cancelled()`` is true; checked before every layer of the model.
        DeviceError
            If memory runs out on the CPU with a single segment.
        BadAudioError
            If the model's output is not finite.
        """

        def stop_if_cancelled(*_: object) -> None:
            if is_cancelled():
                raise Cancelled

        with _called_before_each_layer(self._model, stop_if_cancelled):
            for batch in self._batches(segments, stop_if_cancelled):
                waiting = batch
                while waiting:
                    stop_if_cancelled()
                    part = waiting[: self.batch_size]
                    outputs = self._try_forward(part)
                    if outputs is None:
                        self._make_do_with_less(on_warning)
                        continue
                    for index, segment in enumerate(part):
                        yield self._activations(segment, outputs, index)
                    waiting = waiting[len(part) :]

    def _batches(
        self, segments: Iterable[Segment], stop_if_cancelled: Callable[[], None]
    ) -> Iterator[list[Segment]]:
        """Segments of one length together; the first alone, for its notes to be there early."""
        batch: list[Segment] = []
        for segment in segments:
            stop_if_cancelled()
            if batch and len(segment.audio) != len(batch[0].audio):
                yield batch
                batch = []
            batch.append(segment)
            if len(batch) >= self.batch_size or segment.first_frame == 0:
                yield batch
                batch = []
        if batch:
            yield batch

    def _try_forward(self, batch: list[Segment]) -> dict[str, Tensor] | None:
        """Probabilities in half precision on the CPU; None if there is too little memory."""
        try:
            return self._forward(batch)
        except (RuntimeError, MemoryError) as error:
            if not is_out_of_memory(error):
                raise
        return None

    @torch.inference_mode()
    def _forward(self, batch: list[Segment]) -> dict[str, Tensor]:
        device = self.device.torch_device
        audio = torch.from_numpy(np.stack([segment.audio for segment in batch])).to(device)
        level = None
        if batch[0].level is not None:
            levels = [segment.level for segment in batch if segment.level is not None]
            level = torch.from_numpy(np.stack(levels)).to(device)
        with torch.autocast(device.type, dtype=torch.bfloat16, enabled=self._uses_bfloat16()):
            forward = self._model.forward_live if self._is_live else self._model
            logits = forward(audio, level)
        # Half precision before decoding: activations that are kept then give the same notes.
        return {
            head.name: _probabilities(head, logits[head.name].float()).half().cpu()
            for head in self._model.heads
        }

    def _uses_bfloat16(self) -> bool:
        if self._precision == "auto":
            return prefers_bfloat16(self.device)
        return self._precision == "bfloat16"

    def _make_do_with_less(self, on_warning: OnWarning) -> None:
        if self.device.torch_device.type == "cuda":
            torch.cuda.empty_cache()
        if self.batch_size > 1:
            self.batch_size //= 2
            on_warning(
                f"{self.device.label} ran out of memory; continuing with {self.batch_size} "
                f"{'segment' if self.batch_size == 1 else 'segments'} at a time"
            )
        elif self.device.is_cpu:
            raise DeviceError(
                "there is too little memory for this model", hint="close other programs"
            )
        else:
            on_warning(f"{self.device.label} ran out of memory; continuing on the CPU, more slowly")
            self.device = cpu_device(f"{self.device.label} ran out of memory")
            self._model.to(self.device.torch_device)

    def _activations(self, segment: Segment, outputs: dict[str, Tensor], index: int) -> Activations:
        valid = slice(segment.skip, segment.skip + segment.n_frames)
        # Copied, so that a chunk that is kept does not keep the whole batch.
        values = {name: value[index, valid].numpy().copy() for name, value in outputs.items()}
        model = self._model
        for array in values.values():
            if not np.isfinite(array.sum(dtype=np.float32)):
                raise BadAudioError(
                    f"the model produced invalid output near "
                    f"{model.grid.to_seconds(segment.first_frame):.0f} s",
                    hint="the audio may be extremely loud; lower its level and try again",
                )
        return Activations(model.heads, values, model.grid, segment.first_frame, model.decoder)


def _probabilities(head: Head, logits: Tensor) -> Tensor:
    return logits.softmax(dim=-1) if head.kind is HeadKind.CLASS else logits.sigmoid()


@contextmanager
def _called_before_each_layer(
    model: TranscriptionModel, check: Callable[..., None]
) -> Iterator[None]:
    handles: list[Any] = [module.register_forward_pre_hook(check) for module in model.modules()]
    try:
        yield
    finally:
        for handle in handles:
            handle.remove()


def is_out_of_memory(error: RuntimeError | MemoryError) -> bool:
    if isinstance(error, torch.OutOfMemoryError | MemoryError):
        return True
    # The allocators of the CPU and of MPS have no class of their own.
    text = str(error).lower()
    return "out of memory" in text or "can't allocate memory" in text
