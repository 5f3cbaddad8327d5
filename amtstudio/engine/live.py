"""Transcription while the music plays."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import numpy as np

from amtstudio.audio import FloatArray, LiveResampler
from amtstudio.decoding import (
    Activations,
    DecoderSettings,
    LiveEvent,
    LiveSettings,
    make_live_decoder,
)
from amtstudio.engine.inference import Inference
from amtstudio.engine.live_buffer import SIZE_STEP, LiveBuffer
from amtstudio.engine.run import OnWarning
from amtstudio.engine.segments import Segment
from amtstudio.models.transcription_model import TranscriptionModel

_WARM_UP_S = 1  # windows as long as those after a stall of half a second


class LiveTranscriber:
    """Takes audio as it arrives and reports notes as soon as they are found.

    The model is the one of ``Transcriber``, run every ``step_frames`` frames on the newest second
    or two with the future cut off. ``Transcriber.live`` makes one.

    Parameters
    ----------
    model : TranscriptionModel
    inference : Inference
        Of the same model, for live use.
    settings : DecoderSettings
    live : LiveSettings, optional
    sample_rate : int, Hz, optional
        Of the audio that will be fed; by default that of the model.
    step_frames : int, optional
        Step size, in frames of the model; by default every frame if the model has a head for live
        use, and every second one otherwise.
    max_lag_s : float, seconds, optional
        If more audio than this is waiting, steps are skipped to catch up: for real-time streams on
        a busy machine. None: never, so that the events depend on nothing but the audio.
    lock : threading.Lock, optional
        Held while the model computes.
    on_warning : callable, optional
        Called with a sentence for the user if memory runs out.
    """

    def __init__(
        self,
        model: TranscriptionModel,
        inference: Inference,
        settings: DecoderSettings,
        *,
        live: LiveSettings | None = None,
        sample_rate: int | None = None,
        step_frames: int | None = None,
        max_lag_s: float | None = None,
        lock: threading.Lock | None = None,
        on_warning: OnWarning | None = None,
    ) -> None:
        if step_frames is None:
            step_frames = 2 if model.live_look_ahead is None else 1
        if step_frames < 1:
            raise ValueError(f"step_frames must be 1 or more, got {step_frames}")
        self._grid = model.grid
        self._inference = inference
        self._step = step_frames
        self._max_lag = (
            None if max_lag_s is None else max(step_frames, self._grid.to_frame(max_lag_s))
        )
        self._lock = lock or threading.Lock()
        self._on_warning = on_warning
        self._resampler = LiveResampler(
            sample_rate or self._grid.sample_rate, self._grid.sample_rate
        )
        self._decoder = make_live_decoder(model.decoder, settings, self._grid, live)
        self._model = model
        # The newest frames, for which the model does not have enough context yet.
        self._n_unheard = 0
        if model.live_look_ahead is not None:
            n_samples = round(model.live_look_ahead * self._grid.sample_rate)
            self._n_unheard = -(-n_samples // self._grid.hop_length) - 1
        self._buffer = self._new_buffer()
        self._n_done = 0  # frames processed
        self._finished = False

    @property
    def duration(self) -> float:
        """Seconds of audio that have arrived."""
        return self._buffer.n_samples / self._grid.sample_rate

    def warm_up(self) -> None:
        """Run the model on silence, so that the first notes need not wait for its setting up."""
        longest = _WARM_UP_S * self._grid.sample_rate // self._grid.hop_length
        silence = self._new_buffer()
        silence.append(np.zeros(longest * self._grid.hop_length, dtype=np.float32))
        for n_frames in range(self._step, longest, SIZE_STEP):
            self._activations(silence.window(longest - n_frames, longest))

    def feed(self, block: FloatArray) -> list[LiveEvent]:
        """Take the next block of the stream; return what there is to tell.

        Parameters
        ----------
        block : np.ndarray, shape (n,)
            Mono float32, full scale 1, of any length.

        Raises
        ------
        ValueError
            If the block is not 1-D float32, or the stream has been finished.
        BadAudioError
            If the model's output is not finite.
        DeviceError
            If memory runs out, on the CPU as well.
        """
        self._check_open()
        self._buffer.append(self._resampler.process(block))
        return list(self._steps())

    def finish(self) -> list[LiveEvent]:
        """End the stream: pending notes are decided, and sounding notes are ended."""
        self._check_open()
        self._buffer.append(self._resampler.flush())
        events = list(self._steps())
        self._finished = True
        # The last hop may be incomplete.
        end = self._grid.n_frames(self._buffer.n_samples)
        if end:
            events += self._look(end, is_last=True)
        return events

    def _check_open(self) -> None:
        if self._finished:
            raise ValueError("finish has ended this stream; make a new LiveTranscriber")

    def _steps(self) -> Iterator[LiveEvent]:
        while self._buffer.n_complete >= self._n_done + self._step:
            n_waiting = self._buffer.n_complete - self._n_done
            is_late = self._max_lag is not None and n_waiting > self._max_lag
            n_steps = n_waiting // self._step if is_late else 1
            yield from self._look(self._n_done + n_steps * self._step)

    def _look(self, end: int, *, is_last: bool = False) -> list[LiveEvent]:
        """Look at the frames up to ``end`` (exclusive)."""
        self._n_done = end
        n_unheard = 0 if is_last else self._n_unheard
        if end - n_unheard <= self._decoder.first_needed:
            return []
        view = self._activations(self._buffer.window(self._decoder.first_needed, end))
        events = self._decoder.update(view.without_last(n_unheard), is_last=is_last)
        self._buffer.forget_before(self._decoder.first_needed)
        return events

    def _activations(self, window: Segment) -> Activations:
        with self._lock:
            (view,) = self._inference.run(
                [window], is_cancelled=lambda: False, on_warning=self._warn
            )
        return view

    def _new_buffer(self) -> LiveBuffer:
        model = self._model
        return LiveBuffer(
            model.grid,
            margin=model.margin,
            context=model.live_context,
            uses_level=model.uses_level,
        )

    def _warn(self, message: str) -> None:
        if self._on_warning is not None:
            self._on_warning(message)
