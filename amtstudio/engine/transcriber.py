"""From a recording to its transcription."""

from __future__ import annotations

import math
import threading
from collections.abc import Iterable
from contextlib import closing
from dataclasses import replace
from pathlib import Path

from amtstudio.audio import AudioInfo, AudioSource, FloatArray, opened
from amtstudio.computing.device import Device, choose_device
from amtstudio.computing.threads import set_thread_count
from amtstudio.decoding import (
    Activations,
    DecoderSettings,
    LiveSettings,
    make_decoder,
    settings_class,
)
from amtstudio.engine.freed_memory import give_back_freed_memory
from amtstudio.engine.inference import Inference, Precision
from amtstudio.engine.live import LiveTranscriber
from amtstudio.engine.run import (
    Callbacks,
    IsCancelled,
    OnNotes,
    OnProgress,
    OnWarning,
    Result,
    Run,
    Stretch,
)
from amtstudio.engine.segments import SegmentPlan, cut_into_segments
from amtstudio.engine.tuning import grid_in_tune
from amtstudio.errors import CheckpointError
from amtstudio.features import FrameGrid
from amtstudio.features.dereverberation import dereverberated
from amtstudio.models import ModelCard
from amtstudio.models.transcription_model import TranscriptionModel
from amtstudio.symbolic.heads import Pitches

# Long enough that the context on either side, computed twice, costs little.
SEGMENT_S = 20.0
FIRST_SEGMENT_S = 5.0
# So many lengths of windows there are but for the first: a finer choice would save the last
# segment of each recording a little work, and cost all memory.
WINDOW_SIZES = 5


class Transcriber:
    """A model on a device, ready to transcribe one recording after another.

    All work and all callbacks run on the calling thread. A second thread that calls the same
    transcriber waits for the first to finish.

    Parameters
    ----------
    model : TranscriptionModel
    card : ModelCard
    device : str
        ``auto``, ``cpu``, ``cuda``, ``cuda:N`` or ``mps``.
    batch_size : int, optional
        Segments computed at a time; by default as suits the device.
    n_threads : int, optional
        For computing on the CPU; by default the cores that this process may use. Holds for all of
        the process.
    precision : str
        ``float32``, ``bfloat16``, or ``auto``: bfloat16 where the hardware is faster with it.
    segment_s : float, seconds
        Length of the segments, without their overlap.
    profile : str, optional
        Name of the personal profile that the model was made with; transcriptions bear it.

    Raises
    ------
    DeviceError
        If the device is not there or its memory cannot hold the model.
    CheckpointError
        If the card holds thresholds that decoding does not know.
    """

    def __init__(
        self,
        model: TranscriptionModel,
        card: ModelCard,
        *,
        device: str = "auto",
        batch_size: int | None = None,
        n_threads: int | None = None,
        precision: Precision = "float32",
        segment_s: float = SEGMENT_S,
        profile: str | None = None,
    ) -> None:
        self.card = card
        self.profile = profile
        try:
            self.settings: DecoderSettings = settings_class(card.decoder).from_card(
                card.thresholds, onset_shift_s=card.onset_shift_s
            )
        except ValueError as error:
            raise CheckpointError(f"the model {card.name} cannot be used: {error}") from error
        if not segment_s > 0:
            raise ValueError(f"segment_s must be positive, got {segment_s}")
        self.n_threads = set_thread_count(n_threads)
        self._model = model
        self._grid = model.grid
        self._tells_pitches = any(isinstance(head.axis, Pitches) for head in model.heads)
        self._inference = Inference(
            model, choose_device(device), batch_size=batch_size, precision=precision
        )
        core_frames = max(1, model.grid.to_frame(segment_s))
        self._plan = SegmentPlan(
            grid=model.grid,
            margin=model.margin,
            context=model.context,
            uses_level=model.uses_level,
            core_frames=core_frames,
            first_core_frames=max(1, model.grid.to_frame(min(segment_s, FIRST_SEGMENT_S))),
            size_step=-(-(core_frames + 2 * model.context) // WINDOW_SIZES),
        )
        self._in_use = threading.Lock()

    @property
    def name(self) -> str:
        """Of the model."""
        return self.card.name

    @property
    def device(self) -> Device:
        """Where it computes; becomes the CPU where the memory of another device ran out."""
        return self._inference.device

    def live(
        self,
        *,
        settings: DecoderSettings | None = None,
        live: LiveSettings | None = None,
        sample_rate: int | None = None,
        step_frames: int | None = None,
        max_lag_s: float | None = None,
        precision: Precision = "auto",
        on_warning: OnWarning | None = None,
    ) -> LiveTranscriber:
        """A separate stream for live audio, with the model of this transcriber.

        While this transcriber is at work on another recording, the stream waits for it.
        ``settings`` are by default those of the model's card, ``precision`` is as for the class,
        the rest as for ``LiveTranscriber``.
        """
        return LiveTranscriber(
            self._model,
            Inference(self._model, self.device, batch_size=1, precision=precision, is_live=True),
            settings or self.settings,
            live=live,
            sample_rate=sample_rate,
            step_frames=step_frames,
            max_lag_s=max_lag_s,
            lock=self._in_use,
            on_warning=on_warning,
        )

    def grid_for(
        self,
        source: Path | AudioSource,
        *,
        start: float = 0.0,
        end: float | None = None,
        is_cancelled: IsCancelled | None = None,
        on_warning: OnWarning | None = None,
    ) -> FrameGrid:
        """The grid with which the model reads a recording in tune, from ``grid_in_tune``.

        That of the model itself if it has no pitches.
        """
        if not self._tells_pitches:
            return self._grid
        return grid_in_tune(
            source,
            self._grid,
            nominal_rate=self.card.sample_rate,
            start=start,
            end=end,
            is_cancelled=is_cancelled,
            on_warning=on_warning,
        )

    def transcribe_file(
        self,
        source: Path | AudioSource,
        *,
        start: float = 0.0,
        end: float | None = None,
        track: int | None = None,
        settings: DecoderSettings | None = None,
        on_progress: OnProgress | None = None,
        on_notes: OnNotes | None = None,
        is_cancelled: IsCancelled | None = None,
        keep_activations: bool = False,
        on_warning: OnWarning | None = None,
        retune: bool = True,
        grid: FrameGrid | None = None,
    ) -> Result:
        """Transcribe a sound file, or a stretch of it.

        For a model that was made for it, late echo is removed from the stretch.

        Parameters
        ----------
        source : Path or AudioSource
            A file, or a source shared with other readers.
        start, end : float, seconds
            The stretch; ``end`` None or beyond the end of the file: to its end. Reading begins at
            the first frame of the recording that is not before ``start``. Note times still count
            from the start of the file.
        track : int, optional
            Which sound track of several, as for ``audio.stream_mono``; a source has its own.
        settings : DecoderSettings, optional
            By default those of the model's card.
        on_progress : callable, optional
            Called after each segment with the seconds done and the total; None: not known.
        on_notes : callable, optional
            Called with the notes that became complete, in the order of their ends.
        is_cancelled : callable, optional
            Checked before every block of audio and every layer of the model.
        keep_activations : bool
        on_warning : callable, optional
            Called with a sentence for the user about damage to the file, lack of memory, or an
            uncertain tuning.
        retune : bool
            Whether an out-of-tune instrument is retuned: networks trained on pianos in tune output
            two notes for one that is 40 cents flat. The times and the tuning stated in the
            transcription are those of the recording either way.
        grid : FrameGrid, optional
            The result of ``grid_for`` for this stretch, if already known.

        Returns
        -------
        Result
            ``transcription.duration`` is where the transcribed stretch ends.

        Raises
        ------
        Cancelled
            Soon after ``is_cancelled()`` has become true.
        InputNotFoundError, InputUnreadableError, BadAudioError
            As ``audio.stream_mono``.
        DeviceError
            If memory runs out, on the CPU as well.
        """
        callbacks = Callbacks(on_progress, on_notes, is_cancelled, on_warning)
        with opened(source, track=track, start=start) as audio:
            if grid is None:
                grid = self._grid
                if retune:
                    grid = self.grid_for(
                        audio,
                        start=start,
                        end=end,
                        is_cancelled=is_cancelled,
                        on_warning=callbacks.warn,
                    )
            first_frame = _frame_from(grid, start, end)
            begin = grid.to_seconds(first_frame)
            stream = audio.stream_mono(
                sample_rate=grid.sample_rate, start=begin, end=end, on_warning=callbacks.warn
            )
            length = _length(audio.info, begin, end)
            tags = dict(audio.info.tags)
            stretch = Stretch(stream, length, first_frame, audio.path.name, tags)
            with closing(stream):
                return self._transcribe(
                    grid, stretch, settings, callbacks, keep_activations=keep_activations
                )

    def transcribe_blocks(
        self,
        blocks: Iterable[FloatArray],
        duration: float | None = None,
        *,
        settings: DecoderSettings | None = None,
        on_progress: OnProgress | None = None,
        on_notes: OnNotes | None = None,
        is_cancelled: IsCancelled | None = None,
        keep_activations: bool = False,
        on_warning: OnWarning | None = None,
    ) -> Result:
        """Transcribe audio as it arrives: mono float32 blocks at the sample rate of the model.

        It is not retuned. ``duration``, in seconds, is only for ``on_progress``. Otherwise as
        ``transcribe_file``.
        """
        callbacks = Callbacks(on_progress, on_notes, is_cancelled, on_warning)
        stretch = Stretch(blocks, duration)
        return self._transcribe(
            self._grid, stretch, settings, callbacks, keep_activations=keep_activations
        )

    def _transcribe(
        self,
        grid: FrameGrid,
        stretch: Stretch,
        settings: DecoderSettings | None,
        callbacks: Callbacks,
        *,
        keep_activations: bool,
    ) -> Result:
        with self._in_use:
            settings = settings or self.settings
            decoder = make_decoder(self.card.decoder, settings, grid)
            run = Run(grid, stretch, decoder, settings, callbacks)
            run.report_progress()
            blocks = run.blocks()
            if self._model.dereverberates:
                blocks = dereverberated(blocks, grid.sample_rate)
            chunks = self._inference.run(
                cut_into_segments(blocks, replace(self._plan, grid=grid)),
                is_cancelled=callbacks.cancelled,
                on_warning=callbacks.warn,
            )
            kept = []
            try:
                # Closed at once when a callback raises: it has its hooks on the model until then.
                with closing(chunks):
                    for chunk in chunks:
                        placed = run.take(chunk)
                        if keep_activations:
                            kept.append(placed)
            finally:
                give_back_freed_memory()
            transcription = run.finish(self.card.name, self.profile)
            cents = 1200.0 * math.log2(grid.sample_rate / self._grid.sample_rate)
            activations, decoded = Activations.joined(kept), transcription.notes
            return Result(transcription, activations, settings, cents, decoded)


def _frame_from(grid: FrameGrid, start: float, end: float | None) -> int:
    """The first frame at or after ``start``, or the one before if ``end`` comes sooner."""
    frame = max(0.0, start) * grid.sample_rate / grid.hop_length
    # A start that was itself computed from a frame must give this frame again.
    first_frame = math.ceil(frame - 1e-6)
    if end is not None and grid.to_seconds(first_frame) >= end:
        return math.floor(frame)
    return first_frame


def _length(info: AudioInfo, begin: float, end: float | None) -> float | None:
    """Seconds from ``begin`` to ``end`` or to where the header says that the file ends."""
    ends = [time for time in (info.duration, end) if time is not None]
    return max(0.0, min(ends) - begin) if info.duration is not None else None
