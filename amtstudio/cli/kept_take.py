"""The sound of a take of which only the notes are wanted, for as long as these are not written."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from amtstudio.audio.take_files import recordings_folder, take_path
from amtstudio.cli.console import Console


@contextmanager
def kept_until_written(console: Console) -> Iterator[Path]:
    """A file to record to, removed at the end; if that is an error, it goes to the user's takes."""
    folder = Path(tempfile.mkdtemp(prefix="amtstudio-"))
    path = folder / "take.wav"
    begin = datetime.now().astimezone()
    try:
        yield path
    except BaseException:
        if path.is_file():
            place = _among_takes(path, begin)
            console.warning(
                f"the recording of the take is kept in {place}"
                " ('amtstudio transcribe' makes its notes)"
            )
            if place == path:
                raise
        shutil.rmtree(folder, ignore_errors=True)
        raise
    shutil.rmtree(folder, ignore_errors=True)


def _among_takes(path: Path, begin: datetime) -> Path:
    """Where the take is from now on: where it was if it cannot be moved."""
    folder = recordings_folder()
    try:
        folder.mkdir(parents=True, exist_ok=True)
        place = take_path(folder, begin)
        shutil.move(path, place)
    except OSError:
        return path
    return place
