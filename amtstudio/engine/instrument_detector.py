"""From a recording to the instruments in it."""

from __future__ import annotations

import threading
from collections.abc import Generator, Iterable, Iterator
from contextlib import closing
from pathlib import Path

import numpy as np
import numpy.typing as npt
import torch

from amtstudio.audio import AudioSource, FloatArray, opened
from amtstudio.computing.device import Device, choose_device, cpu_device
from amtstudio.computing.threads import set_thread_count
from amtstudio.decoding.instrument_naming import NamingThresholds, renamed
from amtstudio.engine.freed_memory import give_back_freed_memory
from amtstudio.engine.inference import is_out_of_memory
from amtstudio.engine.run import IsCancelled, OnProgress, OnWarning
from amtstudio.errors import Cancelled, CheckpointError, DeviceError
from amtstudio.models import ModelCard, find_model
from amtstudio.models.checkpoint import load_model
from amtstudio.models.instrument_attention import MIN_WEIGHT, InstrumentAttention
from amtstudio.profiles.weights import load_profiled_detector
from amtstudio.symbolic.instruments import INSTRUMENT_CLASSES, InstrumentActivity

DEFAULT_MODEL = "instruments"
BATCH_INSTANCES = 16  # a few MB of layers at a time; more is no faster on a CPU
_TRIM_EVERY = 16  # batches: memory in use between freed blocks keeps these from being returned
# Of full scale: below this a second is silence, whatever the network's output.
SILENCE_RMS = 10 ** (-75 / 20)


class InstrumentDetector:
    """The instrument network on a device, ready for one recording after another.

    Of each second only a score and a weight a class are kept, 160 bytes: memory does not grow with
    the recording otherwise. All work and the callbacks run on the calling thread; a second thread
    waits for the first.

    Raises
    ------
    DeviceError
        If the device is not there.
    CheckpointError
        If the model is none for instruments.
    """

    def __init__(
        self,
        model: object,
        card: ModelCard,
        *,
        device: str = "auto",
        n_threads: int | None = None,
    ) -> None:
        if not isinstance(model, InstrumentAttention):
            raise CheckpointError(
                f"the model {card.name} is not an instrument detector", hint="see 'models list'"
            )
        self.card = card
        self.n_threads = set_thread_count(n_threads)
        self.device: Device = choose_device(device)
        self._model = model.eval().to(self.device.torch_device)
        self._in_use = threading.Lock()

    @classmethod
    def load(
        cls,
        name_or_path: str | Path = DEFAULT_MODEL,
        *,
        profile: str | None = None,
        device: str = "auto",
        n_threads: int | None = None,
    ) -> InstrumentDetector:
        """Load a shipped model by its name, any by its path, or what a profile makes of its base.

        Raises as the class, and ``ProfileError`` if the profile is none of a detector, is damaged,
        or was made for another version of its model.
        """
        if profile is None:
            model, card = load_model(find_model(name_or_path))
        else:
            model, card, _ = load_profiled_detector(profile)
        return cls(model, card, device=device, n_threads=n_threads)

    @property
    def sample_rate(self) -> int:
        """Of the audio that it listens to, in Hz."""
        return self._model.grid.sample_rate

    def detect_file(
        self,
        source: Path | AudioSource,
        *,
        track: int | None = None,
        on_progress: OnProgress | None = None,
        is_cancelled: IsCancelled | None = None,
        on_warning: OnWarning | None = None,
    ) -> InstrumentActivity:
        """The instruments of a sound file.

        Parameters
        ----------
        source : Path or AudioSource
            A file, or a source shared with other readers.
        track : int, optional
            Which sound track of several, as for ``audio.stream_mono``; a source has its own.
        on_progress : callable, optional
            Called with the seconds done and the total; None: not known.
        is_cancelled : callable, optional
            Checked before every block of audio.
        on_warning : callable, optional
            Called with a sentence for the user about damage to the file or lack of memory.

        Raises
        ------
        Cancelled
            Soon after ``is_cancelled()`` has become true.
        InputNotFoundError, InputUnreadableError, BadAudioError
            As ``audio.stream_mono``.
        DeviceError
            If memory runs out, on the CPU as well.
        """
        with opened(source, track=track) as audio:
            stream = audio.stream_mono(sample_rate=self.sample_rate, on_warning=on_warning)
            with closing(stream):
                return self.detect_blocks(
                    stream,
                    duration=audio.info.duration,
                    file=audio.path.name,
                    on_progress=on_progress,
                    is_cancelled=is_cancelled,
                    on_warning=on_warning,
                )

    def detect_blocks(
        self,
        blocks: Iterable[FloatArray],
        *,
        duration: float | None = None,
        file: str = "",
        on_progress: OnProgress | None = None,
        is_cancelled: IsCancelled | None = None,
        on_warning: OnWarning | None = None,
    ) -> InstrumentActivity:
        """The instruments of mono float32 blocks at the sample rate of the model.

        ``duration``, in seconds, is only for ``on_progress``. Otherwise as ``detect_file``.
        """
        rate = self._model.grid.sample_rate
        counter = SampleCounter(blocks, is_cancelled)
        found: list[tuple[FloatArray, FloatArray]] = []
        n_done = 0
        with self._in_use:
            for chunk in instance_chunks(self._model, counter):
                found.append(self._compute(chunk, on_warning))
                if len(found) % _TRIM_EVERY == 0:
                    give_back_freed_memory()
                n_done += len(found[-1][0])
                if on_progress is not None:
                    on_progress(float(min(n_done, counter.n_samples / rate)), duration)
        return self._activity(found, counter.n_samples / rate, file)

    def _compute(
        self, chunk: FloatArray, on_warning: OnWarning | None
    ) -> tuple[FloatArray, FloatArray]:
        """Scores and weights of the instances of a chunk, each (n_instances, n_classes)."""
        try:
            scores, weights = self._forward(chunk)
        except (RuntimeError, MemoryError) as error:
            if not is_out_of_memory(error):
                raise
            if self.device.is_cpu:
                raise DeviceError(
                    "there is too little memory for this model", hint="close other programs"
                ) from error
            if on_warning is not None:
                on_warning(
                    f"{self.device.label} ran out of memory; continuing on the CPU, more slowly"
                )
            self.device = cpu_device(f"{self.device.label} ran out of memory")
            self._model.to(self.device.torch_device)
            scores, weights = self._forward(chunk)
        silent = silent_instances(self._model, chunk, len(scores))
        scores[silent] = 0.0
        weights[silent] = MIN_WEIGHT
        return scores, weights

    @torch.inference_mode()
    def _forward(self, chunk: FloatArray) -> tuple[FloatArray, FloatArray]:
        audio = torch.from_numpy(np.ascontiguousarray(chunk)).to(self.device.torch_device)
        scores, weights = self._model.instances(audio[None])
        return scores[0].float().cpu().numpy(), weights[0].float().cpu().numpy()

    def _activity(
        self, found: list[tuple[FloatArray, FloatArray]], duration: float, file: str
    ) -> InstrumentActivity:
        empty = np.zeros((0, len(INSTRUMENT_CLASSES)), dtype=np.float32)
        scores = np.concatenate([part for part, _ in found]) if found else empty
        weights = np.concatenate([part for _, part in found]) if found else empty
        return activity_of(scores, weights, self._model, self.card, duration=duration, file=file)


class SampleCounter:
    """Hands on blocks and counts their samples; raises ``Cancelled`` once that is asked for."""

    def __init__(self, blocks: Iterable[FloatArray], is_cancelled: IsCancelled | None) -> None:
        self._blocks, self._is_cancelled = blocks, is_cancelled
        self.n_samples = 0

    def __iter__(self) -> Iterator[FloatArray]:
        for block in self._blocks:
            if self._is_cancelled is not None and self._is_cancelled():
                raise Cancelled
            self.n_samples += len(block)
            yield block


def instance_chunks(
    model: InstrumentAttention, blocks: Iterable[FloatArray]
) -> Generator[FloatArray, None, None]:
    """Audio of up to ``BATCH_INSTANCES`` instances, with the margin on either side."""
    step, margin = model.instance_samples, model.margin
    # Frame 0 is centred on sample 0: half a window before it lies outside of the recording.
    waiting = np.zeros(margin, dtype=np.float32)
    overlap = model.samples_of(1) - step
    wanted = model.samples_of(BATCH_INSTANCES)
    n_samples = n_instances = 0
    for block in blocks:
        n_samples += len(block)
        waiting = np.concatenate([waiting, block])
        while len(waiting) >= wanted:
            yield waiting[:wanted]
            n_instances += BATCH_INSTANCES
            waiting = waiting[wanted - overlap :]
    left = -(-n_samples // step) - n_instances
    if left > 0:
        length = model.samples_of(left)
        yield np.pad(waiting[:length], (0, max(0, length - len(waiting))))


def silent_instances(
    model: InstrumentAttention, chunk: FloatArray, n_instances: int
) -> npt.NDArray[np.bool_]:
    """Which instances of a chunk hold no sound, whatever the network makes of them."""
    step, margin = model.instance_samples, model.margin
    sound = chunk[margin : margin + n_instances * step]
    sound = np.pad(sound, (0, n_instances * step - len(sound))).reshape(n_instances, step)
    silent: npt.NDArray[np.bool_] = (
        np.sqrt(np.mean(sound.astype(np.float64) ** 2, axis=1)) < SILENCE_RMS
    )
    return silent


def activity_of(
    scores: FloatArray,
    weights: FloatArray,
    model: InstrumentAttention,
    card: ModelCard,
    *,
    duration: float,
    file: str = "",
) -> InstrumentActivity:
    """What a recording of ``duration`` seconds is said to hold.

    ``scores`` and unnormalised ``weights`` are those of its instances, (n_instances, n_classes).
    """
    step = model.instance_samples / model.grid.sample_rate
    onsets = np.arange(len(scores)) * step
    # In double precision: the sum over hours of single numbers would miss one by a thousandth.
    shares = np.maximum(weights.astype(np.float64), MIN_WEIGHT)
    attention = shares / shares.sum(axis=0) if len(shares) else shares
    activity = InstrumentActivity(
        classes=INSTRUMENT_CLASSES,
        onsets=onsets.astype(np.float32),
        offsets=np.minimum(onsets + step, duration).astype(np.float32),
        scores=np.clip(scores, 0.0, 1.0),
        attention=attention.astype(np.float32),
        track_scores=np.clip((attention * scores).sum(axis=0), 0, 1).astype(np.float32),
        thresholds=thresholds_of(card),
        duration=duration,
        file=file,
        model=card.name,
    )
    naming = NamingThresholds.of(card.thresholds, INSTRUMENT_CLASSES)
    return activity if naming is None else renamed(activity, naming)


def thresholds_of(card: ModelCard) -> npt.NDArray[np.float32]:
    """The probability above which each class is named: its own, or the common one."""
    common = card.thresholds["presence"]
    own = [card.thresholds.get(f"presence_{name}", common) for name in INSTRUMENT_CLASSES]
    return np.clip(np.array(own, dtype=np.float32), 0.0, 1.0)
