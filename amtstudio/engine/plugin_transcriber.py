"""A plug-in engine in place of a model: it transcribes whole files and has no thresholds."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Unpack

import soundfile

from amtstudio.audio import AudioSource, FloatArray, opened
from amtstudio.decoding import DecoderSettings, NoSettings
from amtstudio.engine.plugins import TranscriptionEngine, load_engine
from amtstudio.engine.run import FileOptions, IsCancelled, Result
from amtstudio.errors import BadAudioError, Cancelled

SAMPLE_RATE = 44100  # Hz: every engine can do with less by itself


class PluginTranscriber:
    """An engine of another package, used like a ``Transcriber``.

    Attributes
    ----------
    name : str
    profile : None
        Profiles are for models of ours.
    device : str
        The engine chooses by itself.
    settings : DecoderSettings
        It has none.
    n_threads : int
        0: the engine's own choice.
    """

    profile = None
    device = "its own choice"
    n_threads = 0

    def __init__(self, engine: TranscriptionEngine) -> None:
        self.name = engine.name
        self.settings: DecoderSettings = NoSettings()
        self._engine = engine

    @classmethod
    def load(cls, name: str) -> PluginTranscriber:
        """Raises ``CheckpointError`` if the engine does not exist, or a package is missing."""
        return cls(load_engine(name))

    def transcribe_file(self, source: Path | AudioSource, **options: Unpack[FileOptions]) -> Result:
        """Transcribe a sound file, or a stretch of it, as ``Transcriber.transcribe_file``.

        The engine gets audio from our decoder, so it need not know the format. It returns all its
        notes at the end, and there are no activations to keep.

        Raises
        ------
        Cancelled
        InputNotFoundError, InputUnreadableError, BadAudioError
        CheckpointError
            If the engine fails.
        """
        on_progress, on_notes = options.get("on_progress"), options.get("on_notes")
        is_cancelled = options.get("is_cancelled")
        begin = max(options.get("start", 0.0), 0.0)
        with tempfile.TemporaryDirectory(prefix="amtstudio-") as folder:
            decoded = Path(folder) / "recording.wav"
            with opened(source, track=options.get("track"), start=begin) as audio:
                name, tags = audio.path.name, dict(audio.info.tags)
                stream = audio.stream_mono(
                    sample_rate=SAMPLE_RATE,
                    start=begin,
                    end=options.get("end"),
                    on_warning=options.get("on_warning"),
                )
                with closing(stream):
                    seconds = _write(stream, decoded, is_cancelled)
            if not seconds:
                raise BadAudioError(f"{name} contains no sound", hint="choose a file with sound")
            if on_progress is not None:
                on_progress(0.0, seconds)
            heard = self._engine.transcribe(
                decoded, on_progress=on_progress, is_cancelled=is_cancelled
            )
        if on_progress is not None:
            on_progress(seconds, seconds)
        notes = heard.notes.shifted(begin)
        if on_notes is not None:
            on_notes(notes)
        return Result(
            replace(
                heard,
                notes=notes,
                pedals=tuple(
                    replace(pedal, onset=pedal.onset + begin, offset=pedal.offset + begin)
                    for pedal in heard.pedals
                ),
                duration=begin + seconds,
                file=name,
                model=self.name,
                profile=None,
                metadata=tags,
            )
        )


def _write(blocks: Iterable[FloatArray], target: Path, is_cancelled: IsCancelled | None) -> float:
    """Write what is read; its length in seconds.

    With 16 bits: pure Python readers, such as Transkun's, support no other format.
    """
    n_samples = 0
    with soundfile.SoundFile(target, "w", SAMPLE_RATE, 1, "PCM_16") as file:
        for block in blocks:
            if is_cancelled is not None and is_cancelled():
                raise Cancelled
            file.write(block)
            n_samples += len(block)
    return n_samples / SAMPLE_RATE
