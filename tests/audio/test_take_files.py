from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import platformdirs

from amtstudio.audio.take_files import recordings_folder, take_path

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
