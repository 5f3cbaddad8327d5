"""The open document: what the window shows and edits, and the file that keeps it."""

from __future__ import annotations

import contextlib
import secrets
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Self

from amtstudio.errors import (
    AmtStudioError,
    OutputWriteError,
    ProjectError,
    ProjectReadOnlyError,
)
from amtstudio.session.audio_reference import (
    AudioReference,
    AudioStatus,
    FileLook,
    IsCancelled,
    OnProgress,
    hash_file,
)
from amtstudio.session.command import Change
from amtstudio.session.edited_notes import EditedNotes
from amtstudio.session.folders import real_path, recovery_dir
from amtstudio.session.inspection import inspect
from amtstudio.session.kept_activations import KeptActivations
from amtstudio.session.kept_instruments import instruments_from_text, instruments_to_text, key_of
from amtstudio.session.loading import Saved
from amtstudio.session.log import sentence_on_aside, sentence_on_left_out
from amtstudio.session.store import ProjectStore, check_not_open
from amtstudio.symbolic.instruments import InstrumentActivity

SUFFIX = ".amts"


class Document(EditedNotes):
    """A recording, its notes and what the user did to them; every edit is on the disk at once.

    Make one with ``create`` or ``open``. When an edit returns, it is committed to the file and
    observers have been notified; one that raises has changed nothing. Use it on one thread at a
    time.

    Edits raise ``EditError`` where the notes do not allow them, ``ProjectReadOnlyError`` in a
    document open for reading only, ``OutputWriteError`` if the disk is full or fails, and
    ``ProjectError`` if the file was moved away.
    """

    _other_files: frozenset[FileLook] = frozenset()  # in place of the recording

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

        ``problems`` says what could not be read. A damaged file is not modified. A log beside it
        that belongs to another file of that name is kept aside, which ``problems`` also reports.

        Raises
        ------
        InputNotFoundError, InputUnreadableError
            If there is no file, or this user may not read it.
        ProjectLockedError
            If it is already open, here or in another process.
        ProjectError
            If it is not a project, was made by a newer program, has content that no project has, or
            nothing can be read.
        """
        path = real_path(path)
        check_not_open(path)
        saved = inspect(path)
        damage = "; ".join(saved.problems)
        if saved.has_foreign_log:
            saved.problems.append(sentence_on_left_out(path))
        if damage:
            return cls(saved, path=path, store=None, read_only_reason=f"It is damaged: {damage}")
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
            raise ProjectError(
                f"{path.name} changed while it was being opened", hint="open it again"
            )
        if store.log_aside is not None:
            saved.problems.append(sentence_on_aside(path, store.log_aside))
        return cls(saved, path=path, store=store)

    def save_as(self, path: Path, *, overwrite: bool = False) -> None:
        """Write the document, its history too, to ``path`` and go on there.

        At every moment either the old file or the new one exists in full. A recovery file is
        removed afterwards; another project is left unchanged. Also works for a document open for
        reading only.

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
        if not journal:
            self._saved.history = []
        audio = self._saved.audio and self._saved.audio.moved_to(self.audio_path).seen_from(path)
        copy = replace(self._saved, audio=audio, problems=[])
        store = ProjectStore.create(path, copy, journal, overwrite=overwrite)
        old, recovery = self._store, self.is_recovery
        old_path, self._path, self._store, self._read_only_reason = self._path, path, store, ""
        self._saved.audio = audio
        self._saved.problems = []
        self._mark_saved()
        if old is not None:
            old.close()
            if recovery:
                old_path.unlink(missing_ok=True)
        self._tell(Change(audio=True))

    def write_copy(self, path: Path) -> None:
        """Write what the document holds now to ``path``, over what is there, and go on as before.

        For others to read while this one is open, and locked. The copy has no history. Also for a
        document open for reading only.

        Raises
        ------
        ProjectLockedError
            If the project at ``path`` is open.
        CannotCreateOutputError, OutputWriteError
        """
        path = real_path(path)
        audio = self._saved.audio and self._saved.audio.moved_to(self.audio_path).seen_from(path)
        copy = Saved(content=self._saved.content, audio=audio, view=self.view)
        ProjectStore.create(path, copy, [], overwrite=True).close()

    def save(self) -> None:
        """Bring the file in order for being copied: every edit is in it and none in a log beside.

        Edits are kept without it.
        """
        self._writable().fold()
        self._mark_saved()

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

    # -- what is known of it

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
            # Only here: decoders take half a second to import, and a document opens without them.
            from amtstudio.audio import stem_of  # noqa: PLC0415

            return stem_of(audio.path) if audio is not None else "Untitled"
        return self._path.stem

    @property
    def is_read_only(self) -> bool:
        return self._store is None

    @property
    def read_only_reason(self) -> str:
        return self._read_only_reason

    @property
    def problems(self) -> tuple[str, ...]:
        """The parts of a file that could not be read, or were left out, in sentences."""
        return tuple(self._saved.problems)

    @property
    def view(self) -> str:
        """The window's saved view state, opaque to us."""
        return self._saved.view

    def set_view(self, view: str) -> None:
        """Keep ``view`` with the document; no edit, and not undone."""
        self._writable().set_view(view)
        self._saved.view = view

    @property
    def instruments(self) -> InstrumentActivity | None:
        """The instruments detected in the recording, if kept and it is still the same recording.

        Read again each time: a few milliseconds for ten minutes.
        """
        return instruments_from_text(self._saved.instruments, self._recording)

    def set_instruments(self, activity: InstrumentActivity) -> None:
        """Keep the detected instruments with the document; not an edit, and not undone."""
        text = instruments_to_text(activity, self._recording)
        self._writable().set_instruments(text)
        self._saved.instruments = text

    @property
    def _recording(self) -> str:
        return key_of(self._saved.audio)

    @property
    def activations(self) -> Mapping[str, KeptActivations]:
        """The models' activations that the notes were decoded from, by model name, if kept.

        Undoing a transcription restores the previous activations, if those are the latest ones.
        """
        source, kept = self.source, self._saved.activations
        names = {model: source.heard_of(model) for model in source.models}
        return {model: kept[name] for model, name in names.items() if name in kept}

    # -- the recording

    @property
    def audio(self) -> AudioReference | None:
        return self._saved.audio

    @property
    def audio_status(self) -> AudioStatus:
        """Whether the recording is there: by its size, and by what ``check_audio`` saw."""
        audio = self._saved.audio
        if audio is None:
            return AudioStatus.NONE
        return audio.locate(self._path, others=self._other_files)[0]

    @property
    def audio_path(self) -> Path | None:
        """The path of the recording, or None if it is missing."""
        if self._saved.audio is None:
            return None
        status, path = self._saved.audio.locate(self._path, others=self._other_files)
        return path if status is AudioStatus.PRESENT else None

    def check_audio(
        self,
        *,
        always: bool = False,
        on_progress: OnProgress | None = None,
        is_cancelled: IsCancelled | None = None,
    ) -> AudioStatus:
        """Compare the content of the recording, where its size or time is not what it was.

        Reads the file in that case, some 2 s per gigabyte; ``always``: in any case. A file with the
        same content is accepted silently, wherever it was found; one with different content counts
        as changed from now on. Raises ``ProjectError`` if it cannot be read, and ``Cancelled``.
        """
        audio = self._saved.audio
        if audio is None:
            return AudioStatus.NONE
        found = audio.verify(
            self._path, always=always, on_progress=on_progress, is_cancelled=is_cancelled
        )
        self._other_files = frozenset(found.others)
        reference = found.reference.seen_from(self._path)
        if found.status is AudioStatus.PRESENT and reference != audio and self._store is not None:
            with contextlib.suppress(AmtStudioError):  # it is compared again next time
                self._store.set_audio(reference)
                self._saved.audio = reference
        return found.status

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
        self.relink_to(AudioReference.read(path), accept_changed=accept_changed)

    def relink_to(self, found: AudioReference, *, accept_changed: bool = False) -> None:
        """As ``relink``, with a recording that was read already. Raises ``ProjectError``."""
        old = self._saved.audio
        if old is not None and found.sha256 != old.sha256:
            same_length = old.duration is None or (
                found.duration is not None and abs(found.duration - old.duration) <= 0.5
            )
            if not (accept_changed and same_length):
                raise ProjectError(
                    f"{found.path.name} is not the recording that was transcribed",
                    hint="its bytes differ" if same_length else "its length differs",
                )
        self._set_audio(found.seen_from(self._path))

    def _set_audio(self, audio: AudioReference) -> None:
        self._writable().set_audio(audio)
        self._saved.audio = audio
        self._other_files = frozenset()
        self._tell(Change(audio=True))


def _is_same(one: Path, other: Path) -> bool:
    try:
        return one.samefile(other)
    except OSError:
        return False
