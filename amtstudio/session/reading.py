"""What a project holds, for programs that only read it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

from amtstudio.session.audio_reference import AudioReference
from amtstudio.session.folders import real_path
from amtstudio.session.inspection import inspect
from amtstudio.session.kept_instruments import instruments_from_text, key_of
from amtstudio.session.store import check_not_open
from amtstudio.symbolic import Transcription
from amtstudio.symbolic.instrument_tags import InstrumentTags
from amtstudio.symbolic.instruments import InstrumentActivity


@dataclass(frozen=True, slots=True)
class ProjectContent:
    """The notes as they would be exported, and which instruments play.

    ``problems`` says in sentences what of it could not be read. ``audio`` is the recording, None if
    there is none; ``instruments`` are those detected in it, None if they are not kept;
    ``instrument_tags`` is what the user says of them.
    """

    transcription: Transcription
    audio: AudioReference | None
    instruments: InstrumentActivity | None
    instrument_tags: InstrumentTags
    problems: tuple[str, ...] = ()


def read_project(path: Path) -> ProjectContent:
    """The content of a project without opening it for editing; its recording may be missing.

    Of a damaged project what can be read; raises what ``inspect`` raises.
    """
    path = real_path(path)
    check_not_open(path)
    saved = inspect(path)
    transcription = saved.content.transcription()
    return ProjectContent(
        replace(transcription, notes=saved.content.note_filter.filtered(transcription.notes)),
        saved.audio,
        instruments_from_text(saved.instruments, key_of(saved.audio)),
        saved.content.instrument_tags,
        tuple(saved.problems),
    )
