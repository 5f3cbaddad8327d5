from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import platformdirs
import pytest

from amtstudio.audio.take_files import check_recordings_folder, recordings_folder, take_path
from amtstudio.errors import CannotCreateOutputError

BEGIN = datetime(2026, 11, 3, 14, 5, 9, tzinfo=UTC)


def test_a_take_is_called_after_its_date_and_time_and_never_like_another(tmp_path):
    first = take_path(tmp_path, BEGIN)
    assert first == tmp_path / "Take 2026-11-03 14.05.09.wav"
    first.write_bytes(b"mine")
    second = take_path(tmp_path, BEGIN)
    assert second.name == "Take 2026-11-03 14.05.09 (2).wav"
    second.symlink_to(tmp_path / "nowhere")  # a dangling link is a name that is taken, too
    assert take_path(tmp_path, BEGIN).name == "Take 2026-11-03 14.05.09 (3).wav"


def test_takes_go_to_the_folder_chosen_or_to_the_music_folder(tmp_path, monkeypatch):
    monkeypatch.delenv("AMTSTUDIO_RECORDINGS_DIR", raising=False)
    music = Path(platformdirs.user_music_dir())
    assert recordings_folder() == music / "AMT Studio"
    monkeypatch.setenv("AMTSTUDIO_RECORDINGS_DIR", str(tmp_path / "named"))
    assert recordings_folder() == tmp_path / "named"
    assert recordings_folder(str(tmp_path / "chosen")) == tmp_path / "chosen"


def test_a_folder_that_takes_can_go_to_is_made_and_left_empty(tmp_path):
    folder = tmp_path / "new" / "Übung"
    check_recordings_folder(folder)
    assert folder.is_dir()
    assert list(folder.iterdir()) == []


def test_a_folder_that_cannot_be_written_to_is_refused_and_nothing_is_left(tmp_path, monkeypatch):
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(CannotCreateOutputError, match=r"takes cannot be written to .*file"):
        check_recordings_folder(tmp_path / "file" / "takes")
    with pytest.raises(CannotCreateOutputError, match="takes cannot be written"):
        check_recordings_folder(tmp_path / "a\0b")

    def refuse(**_options: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("tempfile.TemporaryFile", refuse)  # root may write everywhere
    with pytest.raises(CannotCreateOutputError, match="Permission denied"):
        check_recordings_folder(tmp_path / "far" / "away")
    assert not (tmp_path / "far").exists()
