"""A score engraved in a separate process, page by page.

``python -m amtstudio.formats.engraving_process`` reads notes from standard input and writes to
standard output a line of JSON for each page; where a file is wanted, its bytes come last. So a long
engraving can be stopped at any time and never blocks a window, and a crash of the engraver affects
nothing else.
"""

from __future__ import annotations

import base64
import contextlib
import json
import os
import subprocess
import sys
import threading
from collections.abc import Callable, Generator, Iterator
from typing import Any, NamedTuple

import numpy as np

from amtstudio.errors import AmtStudioError, Cancelled
from amtstudio.formats.engraving import Engraver, dump_mei, dump_svg
from amtstudio.formats.musicxml import score_as_musicxml
from amtstudio.formats.score_pdf import dump_pdf
from amtstudio.notation import NotationSettings, arrange
from amtstudio.symbolic import (
    NoteTable,
    Pedal,
    StaffPlace,
    TempoMap,
    Track,
    TrackKind,
    Transcription,
)
from amtstudio.symbolic.parts import part_of

_DEFAULT = NotationSettings()
_DUMPS = {"mei": dump_mei, "svg": dump_svg, "pdf": dump_pdf}
_POLL_S = 0.05
_MANY_NOTES = 1200  # of more the beginning is shown first
_BEGINNING_S = 40.0
# No console window.
_WINDOWS_FLAGS = 0x08000000 if os.name == "nt" else 0


class EngravedPage(NamedTuple):
    """One page, as it is finished.

    ``number`` counts from 1. ``seconds``, by row of the notes, are where on the recording what is
    written begins: the beats are even on paper only. ``is_provisional``: of a long piece the first
    page alone comes before the piece as a whole.
    """

    number: int
    n_pages: int
    svg: str
    seconds: tuple[float, ...]
    is_provisional: bool


class EngravingFailedError(AmtStudioError):
    """The engraver has come to an end without a score."""


def engraved_pages(
    transcription: Transcription,
    settings: NotationSettings = _DEFAULT,
    *,
    is_cancelled: Callable[[], bool] = lambda: False,
) -> Generator[EngravedPage, None, None]:
    """Engrave the notes as a score; pages come as they are done.

    Raises
    ------
    Cancelled
        A moment after ``is_cancelled`` says so.
    EngravingFailedError
        If the process of the engraver failed.
    """
    for fields in _told(_to_plain(transcription, settings), is_cancelled):
        yield EngravedPage(**(fields | {"seconds": tuple(fields["seconds"])}))


def engraved_file(
    transcription: Transcription,
    format_name: str,
    settings: NotationSettings = _DEFAULT,
    *,
    on_progress: Callable[[float, float | None], None] = lambda _done, _total: None,
    is_cancelled: Callable[[], bool] = lambda: False,
) -> bytes:
    """What ``dump_transcription`` gives for ``mei``, ``svg`` or ``pdf``, the same bytes.

    ``on_progress`` is told the pages that are done and how many there are, once they are laid out.

    Raises as ``engraved_pages``.
    """
    data = b""
    plain = _to_plain(transcription, settings) | {"format": format_name}
    for fields in _told(plain, is_cancelled):
        if "data" in fields:
            data = base64.b64decode(fields["data"])
        else:
            on_progress(fields["done"], fields["total"])
    return data


def _told(
    plain: dict[str, Any], is_cancelled: Callable[[], bool]
) -> Generator[dict[str, Any], None, None]:
    """Each line that the process writes."""
    with subprocess.Popen(
        [sys.executable, "-m", "amtstudio.formats.engraving_process"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        creationflags=_WINDOWS_FLAGS,
    ) as process:
        done = threading.Event()
        watch = threading.Thread(target=_watch, args=(process, is_cancelled, done), daemon=True)
        said: list[bytes] = []
        assert process.stdin is not None
        assert process.stdout is not None
        assert process.stderr is not None
        listen = threading.Thread(target=_listen, args=(process.stderr, said), daemon=True)
        watch.start()
        listen.start()
        try:
            with contextlib.suppress(OSError):  # stopped, or has failed and reports why below
                process.stdin.write(json.dumps(plain).encode())
                process.stdin.close()
            for line in process.stdout:
                with contextlib.suppress(ValueError):  # stopped in the middle of the line
                    yield json.loads(line)
            code = process.wait()
        finally:
            done.set()
            if process.poll() is None:
                process.kill()
            watch.join()
            listen.join()
    if is_cancelled():
        raise Cancelled
    if code != 0:
        last = b"".join(said).decode("utf-8", "replace").strip().splitlines()[-1:]
        raise EngravingFailedError(
            "The score could not be engraved" + "".join(f": {line}" for line in last),
            hint="export MusicXML and open it in a notation program",
        )


def _watch(
    process: subprocess.Popen[bytes], is_cancelled: Callable[[], bool], done: threading.Event
) -> None:
    while not done.wait(_POLL_S):
        if is_cancelled():
            process.kill()
            return


def _listen(stream: Any, said: list[bytes]) -> None:
    said.extend(stream)


# -- between the processes ------------------------------------------------------------------------


def _to_plain(transcription: Transcription, settings: NotationSettings) -> dict[str, Any]:
    notes, tempo = transcription.notes, transcription.tempo
    return {
        "title": transcription.title,
        "settings": settings.with_choices(transcription.score_choices).to_text(),
        "hands": _wanted(transcription),
        "onset": notes.onset.tolist(),
        "offset": notes.offset.tolist(),
        "pitch": notes.pitch.tolist(),
        "velocity": notes.velocity.tolist(),
        "track": notes.track.tolist(),
        "tracks": [_track_to_plain(track) for track in notes.tracks],
        "pedals": [(p.onset, p.offset, _track_to_plain(p.track)) for p in transcription.pedals],
        "tempo": None
        if tempo is None
        else {
            "beats": tempo.beats.tolist(),
            "is_downbeat": tempo.is_downbeat.tolist(),
            "beat_unit": tempo.beat_unit,
            "is_compound": tempo.is_compound,
        },
    }


def _wanted(transcription: Transcription) -> list[tuple[int, int | None, int | None]]:
    """Row, hand and voice of the notes that the user has placed."""
    places = transcription.staff_places
    return [
        (row, place.hand, place.voice)
        for row, key in enumerate(transcription.notes.id.tolist())
        if (place := places.get(key)) is not None
    ]


def _track_to_plain(track: Track) -> tuple[str, int, str]:
    return track.name, track.program, track.kind.value


def _track_of(plain: list[Any]) -> Track:
    name, program, kind = plain
    return Track(name, program, TrackKind(kind))


def _transcription_of(plain: dict[str, Any]) -> Transcription:
    none = np.zeros(len(plain["onset"]), np.int64)
    ids = np.arange(1, len(none) + 1)
    notes = NoteTable(
        np.array(plain["onset"], np.float64),
        np.array(plain["offset"], np.float64),
        np.array(plain["pitch"], np.int64),
        np.array(plain["velocity"], np.int64),
        np.ones(len(none)),
        np.array(plain["track"], np.int64),
        ids,
        none,
        tuple(_track_of(track) for track in plain["tracks"]),
    )
    tempo = plain["tempo"]
    return Transcription(
        notes,
        tuple(Pedal(onset, offset, _track_of(t)) for onset, offset, t in plain["pedals"]),
        metadata={"title": plain["title"]},
        tempo=None if tempo is None else TempoMap(**tempo),
        staff_places={row + 1: StaffPlace(hand, voice) for row, hand, voice in plain["hands"]},
    )


def _lines(plain: dict[str, Any]) -> Iterator[str]:
    transcription = _transcription_of(plain)
    settings = NotationSettings.of_text(plain["settings"])
    if len(transcription.notes) > _MANY_NOTES:
        first = float(transcription.notes.onset[0])
        beginning = part_of(transcription, 0.0, first + _BEGINNING_S)
        yield from _pages(beginning, settings, is_provisional=True)
    yield from _pages(transcription, settings)


def _pages(
    transcription: Transcription, settings: NotationSettings, *, is_provisional: bool = False
) -> Iterator[str]:
    score = arrange(transcription, settings)
    seconds = np.zeros(len(transcription.notes))
    for part in score.parts:
        rows = [note.row for note in part.notes]
        seconds[rows] = score.bars.to_seconds([note.onset for note in part.notes])
    engraver = Engraver(score_as_musicxml(score))
    n_pages = 1 if is_provisional else engraver.n_pages
    for number in range(1, n_pages + 1):
        page = EngravedPage(
            number, n_pages, engraver.svg(number), tuple(seconds.tolist()), is_provisional
        )
        yield json.dumps(page._asdict())


def _say_file(plain: dict[str, Any]) -> None:
    data = _DUMPS[plain["format"]](
        _transcription_of(plain),
        NotationSettings.of_text(plain["settings"]),
        on_page=lambda done, total: _say(json.dumps({"done": done, "total": total})),
    )
    _say(json.dumps({"data": base64.b64encode(data).decode()}))


def _say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def main() -> None:
    plain = json.load(sys.stdin)
    if "format" in plain:
        _say_file(plain)
        return
    for line in _lines(plain):
        _say(line)


if __name__ == "__main__":
    main()
