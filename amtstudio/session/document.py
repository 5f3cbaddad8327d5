"""The open document: what the window shows and edits, and the file that keeps it."""

from __future__ import annotations

import contextlib
import logging
import secrets
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from types import MappingProxyType
from typing import Self

from amtstudio.decoding import DecodingSettings
from amtstudio.errors import OutputWriteError, ProjectError, ProjectReadOnlyError
from amtstudio.session import edits
from amtstudio.session.audio_reference import (
    AudioReference,
    AudioStatus,
    copy_whole,
    hash_file,
)
from amtstudio.session.command import Change, Command, Content
from amtstudio.session.doubtful import next_doubtful
from amtstudio.session.folders import real_path, recovery_dir
from amtstudio.session.inspection import inspect
from amtstudio.session.labels import Labels, labels_of
from amtstudio.session.loading import Saved, Step
from amtstudio.session.replacing import replace_transcription
from amtstudio.session.store import ProjectStore, check_not_open
from amtstudio.session.values import Passage, SessionNote, Source
from amtstudio.symbolic import Note, Pedal, Transcription

logger = logging.getLogger("amtstudio.session")

SUFFIX = ".amts"
MAX_STEPS = 1000  # of undo
MAX_HISTORY = 32_000_000  # characters in the file; replacing a transcription takes one million

Observer = Callable[[Change], None]


class Document:
    """A recording, its notes and what the user did to them; every edit is on the disk at once.

    Make one with ``create`` or ``open``. An edit that returns is committed to the file, and
    observers have been told; one that raises has changed nothing. Use it on one thread.

    Edits raise ``EditError`` where the notes do not allow them, ``ProjectReadOnlyError`` in a
    document open for reading only, ``OutputWriteError`` if the disk is full or fails, and
    ``ProjectError`` if the file was moved away.
    """

    def __init__(
        self, saved: Saved, *, path: Path, store: ProjectStore | None, read_only_reason: str = ""
    ) -> None:
        self._saved = saved
        self._path = path
        self._store = store
        self._read_only_reason = read_only_reason
        self._observers: list[Observer] = []

    # -- making, opening, saving, closing

    @classmethod
    def create(cls, audio: AudioReference | None = None) -> Document:
        """A new document, kept in a recovery file until it is saved somewhere.

        Raises ``CannotCreateOutputError`` or ``OutputWriteError``.
        """
        folder = recovery_dir()
        with contextlib.suppress(OSError):  # writing says what is wrong with it
            folder.mkdir(parents=True, exist_ok=True)
        stamp = datetime.now(UTC).strftime("%Y%m%d-%H%M%S")
        path = folder / f"{stamp}-{secrets.token_hex(4)}{SUFFIX}"
        saved = Saved(audio=audio)
        store = ProjectStore.create(path, saved, [], overwrite=False)
        return cls(saved, path=path, store=store)

    @classmethod
    def open(cls, path: Path) -> Document:
        """Open a project; a damaged or write-protected one for reading only.

        ``problems`` says what could not be read. The bytes of a damaged file stay as they are.

        Raises
        ------
        InputNotFoundError, InputUnreadableError
            If there is no file, or this user may not read it.
        ProjectLockedError
            If it is open already, here or in another process.
        ProjectError
            If it is no project, was made by a newer program, holds what no project has, or
            nothing can be read.
        """
        path = real_path(path)
        check_not_open(path)
        saved = inspect(path)
        if saved.problems:
            reason = "; ".join(saved.problems)
            return cls(saved, path=path, store=None, read_only_reason=f"It is damaged: {reason}")
        try:
            store = ProjectStore.open(path)
        except (ProjectReadOnlyError, OutputWriteError) as error:
            return cls(saved, path=path, store=None, read_only_reason=error.cause)
        try:
            saved = store.load()
        except BaseException:
            store.close()
            raise
        if saved.problems:
            store.close()
            raise ProjectError(f"{path.name} changed while it was opened")
        return cls(saved, path=path, store=store)

    def save_as(self, path: Path, *, overwrite: bool = False) -> None:
        """Write the document, its history too, to ``path`` and go on there.

        At every moment there is the old file or the new one, whole. A recovery file is removed
        afterwards; another project stays as it is. Also for a document open for reading only.

        Raises
        ------
        OutputExistsError
            If there is a file and ``overwrite`` is false.
        ProjectLockedError
            If there is a project that is open.
        CannotCreateOutputError, OutputWriteError
            If the folder may not be written to; if the disk is full or fails.
        """
        path = real_path(path)
        if self._store is not None and _is_same(path, self._store.path):
            self.save()
            return
        journal = [] if self._store is None else self._store.journal_rows()
        audio = self._saved.audio and self._saved.audio.moved_to(self.audio_path).seen_from(path)
        copy = Saved(
            self._saved.content, audio, self.view, self._saved.history, self._saved.position
        )
        store = ProjectStore.create(path, copy, journal, overwrite=overwrite)
        old, recovery = self._store, self.is_recovery
        old_path, self._path, self._store, self._read_only_reason = self._path, path, store, ""
        self._saved.audio = audio
        self._saved.problems = []
        if old is not None:
            old.close()
            if recovery:
                old_path.unlink(missing_ok=True)
        self._tell(Change(audio=True))

    def save(self) -> None:
        """Bring the file in order for being copied: every edit is in it and none in a log beside.

        Edits are kept without it.
        """
        self._writable().fold()

    def close(self) -> None:
        """Close the file. What was never edited nor saved leaves nothing behind."""
        if self._store is None:
            return
        empty = not (self._saved.content.notes or self._saved.history or self._saved.audio)
        self._store.close()
        self._store = None
        self._read_only_reason = "It is closed"
        if empty and self._path.parent == recovery_dir():
            self._path.unlink(missing_ok=True)

    def discard(self) -> None:
        """Close, and delete the recovery file of a document that was never saved."""
        recovery = self.is_recovery
        self.close()
        if recovery:
            self._path.unlink(missing_ok=True)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    # -- what it holds

    @property
    def content(self) -> Content:
        """To be read only; edit through the methods."""
        return self._saved.content

    @property
    def notes(self) -> Mapping[int, SessionNote]:
        """All notes by id: those that sound, candidates, and rejected ones (see ``state``)."""
        return MappingProxyType(self._saved.content.notes)

    @property
    def pedals(self) -> tuple[Pedal, ...]:
        return self._saved.content.pedals

    @property
    def passages(self) -> tuple[Passage, ...]:
        """The accepted passages, sorted and apart from each other."""
        return self._saved.content.passages

    @property
    def source(self) -> Source:
        """Model, settings and duration of the transcription."""
        return self._saved.content.source

    def transcription(self, ids: Iterable[int] | None = None) -> Transcription:
        """What to play and export: the notes that sound, or those of ``ids`` that do."""
        return self._saved.content.transcription(ids)

    def labels(self) -> Labels:
        """What the user's decisions teach."""
        return labels_of(self._saved.content, self._saved.audio)

    def next_doubtful(
        self, after: float | SessionNote, *, backwards: bool = False
    ) -> SessionNote | None:
        return next_doubtful(self._saved.content, after, backwards=backwards)

    @property
    def path(self) -> Path:
        return self._path

    @property
    def is_recovery(self) -> bool:
        """Whether it has not been saved under a name of the user's yet."""
        return self._path.parent == recovery_dir()

    @property
    def name(self) -> str:
        """For the title of the window."""
        audio = self._saved.audio
        if self.is_recovery:
            return audio.path.stem if audio is not None else "Untitled"
        return self._path.stem

    @property
    def is_read_only(self) -> bool:
        return self._store is None

    @property
    def read_only_reason(self) -> str:
        return self._read_only_reason

    @property
    def problems(self) -> tuple[str, ...]:
        """What of a damaged file could not be read, in sentences."""
        return tuple(self._saved.problems)

    @property
    def view(self) -> str:
        """What the window wants to remember of its view, opaque to us."""
        return self._saved.view

    def set_view(self, view: str) -> None:
        """Keep ``view`` with the document; no edit, and not undone."""
        self._writable().set_view(view)
        self._saved.view = view

    # -- the recording

    @property
    def audio(self) -> AudioReference | None:
        return self._saved.audio

    @property
    def audio_status(self) -> AudioStatus:
        """Whether the recording is where it should be, by its size (``verify_audio``: by hash)."""
        audio = self._saved.audio
        return AudioStatus.NONE if audio is None else audio.locate(self._path)[0]

    @property
    def audio_path(self) -> Path | None:
        """Where the recording lies, or None if it is missing."""
        if self._saved.audio is None:
            return None
        status, path = self._saved.audio.locate(self._path)
        return path if status is AudioStatus.PRESENT else None

    def verify_audio(self) -> bool:
        """Whether the recording is there, byte for byte. Reads all of it."""
        path = self.audio_path
        audio = self._saved.audio
        return path is not None and audio is not None and hash_file(path)[0] == audio.sha256

    def relink(self, path: Path, *, accept_changed: bool = False) -> None:
        """Say where the recording is now.

        Parameters
        ----------
        path : Path
        accept_changed : bool
            Take a file with other bytes whose length in seconds is the same: one with new tags,
            say.

        Raises
        ------
        ProjectError
            If it is another recording.
        InputNotFoundError, InputUnreadableError, BadAudioError
        """
        found = AudioReference.read(path)
        old = self._saved.audio
        if old is not None and found.sha256 != old.sha256:
            same_length = old.duration is None or (
                found.duration is not None and abs(found.duration - old.duration) <= 0.5
            )
            if not (accept_changed and same_length):
                raise ProjectError(
                    f"{path.name} is not the recording that was transcribed",
                    hint="its bytes differ" if same_length else "its length differs",
                )
        self._set_audio(found.seen_from(self._path))

    def copy_audio(self) -> Path:
        """Put a copy of the recording beside the project and refer to that from now on.

        Raises ``ProjectError`` if the recording is missing or the document was not saved yet, and
        ``CannotCreateOutputError`` or ``OutputWriteError``.
        """
        self._writable()
        path, audio = self.audio_path, self._saved.audio
        if path is None or audio is None:
            raise ProjectError("The recording is missing", hint="say where it is first")
        if self.is_recovery:
            raise ProjectError("The document has no file yet", hint="save it first")
        target = self._path.with_name(self._path.stem + path.suffix)
        if not _is_same(path, target):
            copy_whole(path, target)
        self._set_audio(audio.moved_to(target).seen_from(self._path))
        return target

    def _set_audio(self, audio: AudioReference) -> None:
        self._writable().set_audio(audio)
        self._saved.audio = audio
        self._tell(Change(audio=True))

    # -- steps

    def perform(self, command: Command) -> Change:
        """Take a step, which can then be undone. An empty one leaves no trace."""
        store = self._writable()
        if not command:
            return Change()
        history, seq = self._saved.history, self._saved.position + 1
        kept = [step for step in history if step.seq < seq]
        step = Step(seq, command.text, _size(command))
        kept = _bounded([*kept, step])
        self._saved.content.check(command)
        store.add_step(command, self._saved.content, step, kept[0].seq)
        self._saved.content.apply(command)
        self._saved.history, self._saved.position = kept, seq
        return self._tell(command.change())

    @property
    def undo_text(self) -> str | None:
        """What would be undone ("Move 3 notes"), or None."""
        step = self._step(self._saved.position)
        return None if step is None else step.text

    @property
    def redo_text(self) -> str | None:
        step = self._step(self._saved.position + 1)
        return None if step is None else step.text

    def undo(self) -> Change:
        """Take the last step back; does nothing if there is none."""
        return self._travel(self._saved.position, self._saved.position - 1)

    def redo(self) -> Change:
        return self._travel(self._saved.position + 1, self._saved.position + 1)

    def _travel(self, seq: int, position: int) -> Change:
        store, step = self._writable(), self._step(seq)
        if step is None:
            return Change()
        command = store.command(step)
        if position < seq:
            command = command.inverse()
        try:
            self._saved.content.check(command)
        except ValueError as error:
            raise ProjectError("The history of edits does not fit the notes") from error
        store.take_step(command, self._saved.content, position)
        self._saved.content.apply(command)
        self._saved.position = position
        return self._tell(command.change())

    def _step(self, seq: int) -> Step | None:
        history = self._saved.history
        if not history or self._store is None:
            return None
        index = seq - history[0].seq
        return history[index] if 0 <= index < len(history) else None

    # -- edits

    def replace_transcription(
        self,
        transcription: Transcription,
        *,
        candidates: Sequence[Note] = (),
        settings: DecodingSettings | None = None,
        keep_corrections: bool = True,
        text: str = "Transcribe",
    ) -> Change:
        """See ``session.replacing.replace_transcription``."""
        return self.perform(
            replace_transcription(
                self.content,
                transcription,
                candidates=candidates,
                settings=settings,
                keep_corrections=keep_corrections,
                text=text,
            )
        )

    def move(self, ids: Iterable[int], *, seconds: float = 0.0, semitones: int = 0) -> Change:
        return self.perform(
            edits.move_notes(self.content, ids, seconds=seconds, semitones=semitones)
        )

    def resize(
        self, ids: Iterable[int], *, onset_by: float = 0.0, offset_by: float = 0.0
    ) -> Change:
        return self.perform(
            edits.resize_notes(self.content, ids, onset_by=onset_by, offset_by=offset_by)
        )

    def add(self, note: Note) -> int:
        """Add a note; returns its id."""
        (key,) = self.perform(edits.add_note(self.content, note)).inserted
        return key

    def delete(self, ids: Iterable[int]) -> Change:
        return self.perform(edits.delete_notes(self.content, ids))

    def split(self, ids: Iterable[int], time: float) -> Change:
        return self.perform(edits.split_notes(self.content, ids, time))

    def merge(self, ids: Iterable[int]) -> Change:
        return self.perform(edits.merge_notes(self.content, ids))

    def shift_octave(self, ids: Iterable[int], octaves: int) -> Change:
        return self.perform(edits.shift_octave(self.content, ids, octaves))

    def set_velocity(self, ids: Iterable[int], velocity: int) -> Change:
        return self.perform(edits.set_velocity(self.content, ids, velocity))

    def change_velocity(self, ids: Iterable[int], by: int) -> Change:
        return self.perform(edits.change_velocity(self.content, ids, by))

    def accept(self, ids: Iterable[int]) -> Change:
        return self.perform(edits.accept_notes(self.content, ids))

    def reject(self, ids: Iterable[int]) -> Change:
        return self.perform(edits.reject_notes(self.content, ids))

    def accept_passage(self, onset: float, offset: float) -> Change:
        return self.perform(edits.accept_passage(self.content, onset, offset))

    def withdraw_passage(self, onset: float, offset: float) -> Change:
        return self.perform(edits.withdraw_passage(self.content, onset, offset))

    # -- observers

    def subscribe(self, observer: Observer) -> Callable[[], None]:
        """Call ``observer(change)`` after every change; returns what ends that.

        An observer must not edit: the others would hear of that edit first.
        """
        self._observers.append(observer)

        def unsubscribe() -> None:
            with contextlib.suppress(ValueError):
                self._observers.remove(observer)

        return unsubscribe

    def _tell(self, change: Change) -> Change:
        for observer in tuple(self._observers):
            try:
                observer(change)
            except Exception:
                # The change is made and on the disk: an error here must not look as if it failed,
                # nor keep the others from hearing of it.
                logger.exception("an observer of the document failed")
        return change

    def _writable(self) -> ProjectStore:
        if self._store is None:
            raise ProjectReadOnlyError(
                f"{self._path.name} is open for reading only", hint=self._read_only_reason
            )
        return self._store


def _is_same(one: Path, other: Path) -> bool:
    try:
        return one.samefile(other)
    except OSError:
        return False


def _size(command: Command) -> int:
    """About how many characters the command takes in the file."""
    pedals = 0 if command.pedals is None else len(command.pedals.old) + len(command.pedals.new)
    return 100 * (1 + len(command.removed) + len(command.inserted)) + 40 * pedals


def _bounded(history: list[Step]) -> list[Step]:
    """The latest steps that may be kept; the last one whatever its size."""
    history = history[-MAX_STEPS:]
    total = sum(step.size for step in history)
    while total > MAX_HISTORY and len(history) > 1:
        total -= history.pop(0).size
    return history
