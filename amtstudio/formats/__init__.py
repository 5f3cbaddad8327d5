"""Files that hold a transcription: MIDI, scores, CSV, JSON."""

from __future__ import annotations

import importlib.util
import os
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING

from amtstudio.atomic_file import write_atomically
from amtstudio.errors import BadFileError, OptionError, OutputExistsError
from amtstudio.formats.drum_maps import DRUM_MAPS, GENERAL_MIDI, with_drum_map
from amtstudio.formats.input_file import OnWarning, say_nothing
from amtstudio.formats.note_csv import dump_csv, read_csv
from amtstudio.formats.note_json import dump_json, dump_jsonl, note_line, read_json, read_jsonl
from amtstudio.symbolic import Transcription

if TYPE_CHECKING:
    from amtstudio.notation import NotationSettings  # imports numpy

__all__ = [
    "DRUM_MAPS",
    "FORMATS",
    "GENERAL_MIDI",
    "MIDI_SUFFIXES",
    "TRUTH_SUFFIXES",
    "Format",
    "check_format",
    "dump_transcription",
    "note_line",
    "read_csv",
    "read_json",
    "read_jsonl",
    "read_midi",
    "read_transcription",
    "track_files",
    "track_files_of",
    "write_atomically",
    "write_track_files",
    "write_transcription",
]


@dataclass(frozen=True, slots=True)
class Format:
    """A kind of file that a transcription can be written to.

    ``packages``: the additional packages that it needs, installed with ``extra``.
    ``dumps_score``: as ``dumps``, written as ``NotationSettings`` say; None: it has no staves.
    ``has_beats``: whether it holds the tempo and bars.
    """

    name: str  # what the command line calls it
    label: str  # what people call it, in every language
    suffix: str
    dumps: Callable[[Transcription], bytes]
    packages: tuple[str, ...] = ()
    extra: str = ""
    has_beats: bool = False
    dumps_score: Callable[[Transcription, NotationSettings], bytes] | None = None


def _dump_midi(transcription: Transcription) -> bytes:
    # mido takes some 50 ms to import, which `amtstudio --help` would feel.
    from amtstudio.formats.midi_writer import dump_midi  # noqa: PLC0415

    return dump_midi(transcription)


def _dump_musicxml(transcription: Transcription, settings: NotationSettings | None = None) -> bytes:
    from amtstudio.formats.musicxml import dump_musicxml  # noqa: PLC0415 - imports numpy

    return dump_musicxml(transcription, *_given(settings))


def _dump_mei(transcription: Transcription, settings: NotationSettings | None = None) -> bytes:
    from amtstudio.formats.engraving import dump_mei  # noqa: PLC0415 - an extra

    return dump_mei(transcription, *_given(settings))


def _dump_svg(transcription: Transcription, settings: NotationSettings | None = None) -> bytes:
    from amtstudio.formats.engraving import dump_svg  # noqa: PLC0415 - an extra

    return dump_svg(transcription, *_given(settings))


def _dump_pdf(transcription: Transcription, settings: NotationSettings | None = None) -> bytes:
    from amtstudio.formats.score_pdf import dump_pdf  # noqa: PLC0415 - an extra

    return dump_pdf(transcription, *_given(settings))


def _given(settings: NotationSettings | None) -> tuple[NotationSettings, ...]:
    return () if settings is None else (settings,)


def read_midi(path: Path, *, on_warning: OnWarning = say_nothing) -> Transcription:
    """See ``midi_reader.read_midi``."""
    from amtstudio.formats import midi_reader  # noqa: PLC0415 - as above

    return midi_reader.read_midi(path, on_warning=on_warning)


def _score(name: str, label: str, dumps: Callable[..., bytes], *packages: str) -> Format:
    return Format(
        name,
        label,
        f".{name}",
        dumps,
        packages,
        "score" if packages else "",
        has_beats=True,
        dumps_score=dumps,
    )


FORMATS: Mapping[str, Format] = MappingProxyType(
    {
        entry.name: entry
        for entry in (
            Format("midi", "MIDI", ".mid", _dump_midi, has_beats=True),
            Format("json", "JSON", ".json", dump_json, has_beats=True),
            Format("jsonl", "JSON Lines", ".jsonl", dump_jsonl),
            Format("csv", "CSV", ".csv", dump_csv),
            _score("musicxml", "MusicXML", _dump_musicxml),
            _score("mei", "MEI", _dump_mei, "verovio"),
            _score("svg", "SVG", _dump_svg, "verovio"),
            _score("pdf", "PDF", _dump_pdf, "verovio", "reportlab"),
        )
    }
)

_FORBIDDEN = re.compile(r'[<>:"/\\|?*\x00-\x1f]')  # in names of files, on one system or another
_MOST_NAME_BYTES = 255  # of a file, on the usual systems
_FEWEST_NAME_BYTES = 16  # that are left of the name of a track
MIDI_SUFFIXES = (".mid", ".midi", ".rmi", ".smf")
# Of the truth beside a recording. Tables of notes first: a .mid may be what `transcribe` wrote.
TRUTH_SUFFIXES = (".notes.csv", ".notes.json", *MIDI_SUFFIXES)
_KINDS = (*MIDI_SUFFIXES, ".csv", ".json", ".jsonl")


def check_format(format_name: str) -> None:
    """Say before the work what would fail after it.

    Raises ``ValueError`` for a name that is not in ``FORMATS``, and ``OptionError`` where its
    package is not installed.
    """
    if format_name not in FORMATS:
        raise ValueError(f"format must be one of {', '.join(FORMATS)}, got {format_name!r}")
    entry = FORMATS[format_name]
    missing = [name for name in entry.packages if importlib.util.find_spec(name) is None]
    if missing:
        raise OptionError(
            f"{entry.label} needs the package {missing[0]}",
            hint=f'pip install "amtstudio[{entry.extra}]"',
        )


def dump_transcription(
    transcription: Transcription,
    format_name: str,
    *,
    drum_map: str = GENERAL_MIDI,
    notation: NotationSettings | None = None,
) -> bytes:
    """The bytes of a file in a format of ``FORMATS``.

    ``drum_map``, a name of ``DRUM_MAPS``, is for MIDI; other formats keep General MIDI numbers.
    ``notation`` is for scores.

    Raises ``ValueError`` if the map does not exist, and as ``check_format``.
    """
    check_format(format_name)
    if format_name == "midi":
        transcription = with_drum_map(transcription, drum_map)
    dumps_score = FORMATS[format_name].dumps_score
    if notation is not None and dumps_score is not None:
        return dumps_score(transcription, notation)
    return FORMATS[format_name].dumps(transcription)


def write_transcription(
    transcription: Transcription,
    path: Path,
    *,
    format_name: str,
    overwrite: bool = False,
    drum_map: str = GENERAL_MIDI,
    notation: NotationSettings | None = None,
) -> None:
    """Write ``transcription`` to ``path``, whole or not at all.

    Raises what ``dump_transcription`` and ``write_atomically`` raise.
    """
    data = dump_transcription(transcription, format_name, drum_map=drum_map, notation=notation)
    write_atomically(path, data, overwrite=overwrite)


def track_files(transcription: Transcription, path: Path) -> dict[Path, Transcription]:
    """The content of each track, by the file that it would be written to: ``song (bass).mid``.

    In the order of the first notes. A track that has only presses of the pedal has no file.
    """
    files: dict[Path, Transcription] = {}
    given: set[str] = set()  # many a system takes "Bass" and "bass" for one name
    for track in transcription.notes.playing():
        name = _FORBIDDEN.sub("_", track.name)
        room = _MOST_NAME_BYTES - len(f"{path.stem} ( 999){path.suffix}".encode("utf-8", "ignore"))
        name = name.encode("utf-8", "ignore")[: max(room, _FEWEST_NAME_BYTES)].decode(
            "utf-8", "ignore"
        )
        name = name.strip(" .") or "track"
        number, file = 1, path.with_name(f"{path.stem} ({name}){path.suffix}")
        while file.name.casefold() in given:
            number += 1
            file = path.with_name(f"{path.stem} ({name} {number}){path.suffix}")
        given.add(file.name.casefold())
        files[file] = transcription.of_track(track)
    return files


def track_files_of(path: Path, names: Iterable[str]) -> list[Path]:
    """The files that are there already and that tracks with these names would be written to.

    Beside ``path``, sorted; also those with a number behind the name. Raises ``OSError``.
    """
    choice = "|".join(re.escape(_FORBIDDEN.sub("_", name)) for name in names)
    name = re.compile(
        rf"{re.escape(path.stem)} \((?:{choice})(?: \d+)*\){re.escape(path.suffix)}",
        re.IGNORECASE,
    )
    return sorted(file for file in path.parent.iterdir() if name.fullmatch(file.name))


def write_track_files(
    transcription: Transcription,
    path: Path,
    *,
    format_name: str,
    overwrite: bool = False,
    drum_map: str = GENERAL_MIDI,
    notation: NotationSettings | None = None,
) -> None:
    """Write a file for each track, beside ``path``; where one exists already, none.

    Raises what ``write_transcription`` raises.
    """
    files = track_files(transcription, path)
    for file in files:
        if os.path.lexists(file) and not overwrite:
            raise OutputExistsError(f"{file} already exists", hint="use --overwrite")
    for file, part in files.items():
        write_transcription(
            part,
            file,
            format_name=format_name,
            overwrite=overwrite,
            drum_map=drum_map,
            notation=notation,
        )


def read_transcription(
    path: Path, *, on_warning: OnWarning = say_nothing, nearest_key: bool = False
) -> Transcription:
    """Read the file, of the kind that its suffix says.

    Parameters
    ----------
    path : Path
    on_warning : callable
        Called with a sentence about what was left out, or is uncertain.
    nearest_key : bool
        As for ``read_csv``; MIDI has keys only.

    Raises
    ------
    BadFileError
        If the suffix is unknown, or the file does not say what it should.
    InputNotFoundError, InputUnreadableError
    """
    match path.suffix.lower():
        case suffix if suffix in MIDI_SUFFIXES:
            return read_midi(path, on_warning=on_warning)
        case ".csv":
            return read_csv(path, on_warning=on_warning, nearest_key=nearest_key)
        case ".json":
            return read_json(path, nearest_key=nearest_key)
        case ".jsonl":
            return read_jsonl(path)
    hint = f"known are {', '.join(_KINDS)}"
    raise BadFileError(f"{path.name} has an unsupported file type", hint=hint)
