from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from amtstudio import settings as settings_module
from amtstudio.errors import CannotCreateOutputError
from amtstudio.settings import Settings, config_dir, load_settings, save_settings


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    monkeypatch.setenv("AMTSTUDIO_CONFIG_DIR", str(tmp_path / "config"))
    return tmp_path / "config"


def names(folder):
    return sorted(entry.name for entry in folder.iterdir())


def test_without_a_file_there_are_defaults_and_no_file_is_made(folder):
    assert load_settings() == Settings()
    assert not folder.exists()
    assert Settings().device == "auto"
    assert Settings().onset_threshold is None


def test_settings_come_back_as_they_were_saved(folder):
    settings = Settings(
        recent_files=("/music/Ünïcode.wav", "b\udcff.wav"),  # a name that is not UTF-8
        device="cuda:1",
        onset_threshold=0.25,
        minimum_duration_s=0.05,
        theme="dark",
        window_geometry="AdnQywAD",
    )
    save_settings(Settings(theme="light"))
    save_settings(settings)
    assert load_settings() == settings
    assert names(folder) == ["settings.json"]


def test_the_folder_is_that_of_the_system_without_the_override(monkeypatch):
    monkeypatch.delenv("AMTSTUDIO_CONFIG_DIR")
    assert config_dir().name == "amtstudio"


def test_recent_files_are_few_and_the_latest_is_first():
    settings = Settings()
    for number in range(20):
        settings = settings.with_recent(Path(f"{number}.wav"))
    settings = settings.with_recent(Path("15.wav"))
    assert len(settings.recent_files) == 12
    assert settings.recent_files[:4] == ("15.wav", "19.wav", "18.wav", "17.wav")


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "Expecting value"),
        (b"\xff\xfe\x00", "decode"),
        (b"[]", "not a JSON object"),
        (b"[" * 100_000, ""),
        (b"{}", "version"),
        (b'{"version": 2}', "version 2"),
        (b'{"version": "1"}', "version '1'"),
        (b'{"version": 1, "colour": 3}', "nothing is known of colour"),
        (b'{"version": 1, "theme": "pink"}', "theme: Invalid enum value 'pink'"),
        (b'{"version": 1, "device": 3}', "device: Expected `str`, got `int`"),
        (b'{"version": 1, "recent_files": "abc"}', "recent_files"),
        (b'{"version": 1, "recent_files": [1]}', "recent_files[0]: Expected `str`"),
        (b'{"version": 1, "onset_threshold": 1.5}', "onset_threshold: Expected `float` <= 1.0"),
        (b'{"version": 1, "onset_threshold": NaN}', "NaN is not a number"),
        (b'{"version": 1, "frame_threshold": true}', "frame_threshold: Expected `float | null`"),
        (b'{"version": 1, "volume": null}', "volume: Expected `float`, got `null`"),
        (b"1" * 2_000_000, "too large"),
    ],
)
def test_a_file_that_cannot_be_used_is_kept_aside_and_told(folder, content, reason):
    folder.mkdir()
    (folder / "settings.json").write_bytes(content)
    warnings = []
    assert load_settings(on_warning=warnings.append) == Settings()
    (warning,) = warnings
    assert "the defaults are used; the old ones are kept in settings.damaged-1.json" in warning
    assert reason in warning
    assert (folder / "settings.damaged-1.json").read_bytes() == content
    assert names(folder) == ["settings.damaged-1.json"]


def test_damaged_files_do_not_replace_each_other(folder):
    folder.mkdir()
    for content in ("one", "two"):
        (folder / "settings.json").write_text(content)
        load_settings()
    assert (folder / "settings.damaged-1.json").read_text() == "one"
    assert (folder / "settings.damaged-2.json").read_text() == "two"


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="POSIX")
def test_a_pipe_in_the_place_of_the_file_is_not_waited_for(folder):
    folder.mkdir()
    os.mkfifo(folder / "settings.json")
    assert load_settings() == Settings()


def test_an_older_file_is_upgraded_step_by_step(folder, monkeypatch):
    def rename(values):
        values["theme"] = values.pop("colours")
        return values

    monkeypatch.setattr(settings_module, "VERSION", 3)
    monkeypatch.setitem(settings_module.UPGRADES, 1, rename)
    monkeypatch.setitem(settings_module.UPGRADES, 2, lambda values: {**values, "device": "cpu"})
    folder.mkdir()
    (folder / "settings.json").write_text(json.dumps({"version": 1, "colours": "dark"}))
    assert load_settings() == Settings(theme="dark", device="cpu")


def test_a_place_that_cannot_be_written_to_is_told(tmp_path, monkeypatch):
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("AMTSTUDIO_CONFIG_DIR", str(tmp_path / "file" / "config"))
    with pytest.raises(CannotCreateOutputError, match=r"settings\.json"):
        save_settings(Settings())
    assert load_settings() == Settings()


def test_settings_that_cannot_be_are_a_mistake_of_the_caller():
    with pytest.raises(ValueError, match="theme: Invalid enum value"):
        Settings(theme="pink")
    with pytest.raises(ValueError, match="onset_threshold: Expected `float"):
        Settings(onset_threshold="0.5")
