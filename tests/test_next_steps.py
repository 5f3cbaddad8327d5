"""What stops the user at a file comes with a next step, and the reason is no such step."""

from __future__ import annotations

from contextlib import closing

import pytest

from amtstudio.atomic_file import write_atomically
from amtstudio.audio import check_input
from amtstudio.audio.info import check_limits
from amtstudio.errors import AmtStudioError
from amtstudio.session import Document


def test_an_empty_file_is_to_be_copied_again(tmp_path):
    (tmp_path / "song.wav").touch()
    with pytest.raises(AmtStudioError) as caught:
        check_input(tmp_path / "song.wav")
    assert caught.value.cause == "song.wav is empty: 0 bytes"
    assert caught.value.hint == "copy or record it again"


@pytest.mark.parametrize(("rate", "channels"), [(44100, 0), (1, 2), (44100, 999)])
def test_a_header_that_cannot_be_leads_on(rate, channels):
    with pytest.raises(AmtStudioError) as caught:
        check_limits("song.wav", sample_rate=rate, channels=channels)
    assert caught.value.hint.split("; ")[-1].startswith(("check whether", "mix it down"))


@pytest.mark.parametrize(
    ("name", "hint"), [("x" * 300, "choose a shorter name"), ("a\0b", "choose another name")]
)
def test_a_name_that_cannot_be_written_leads_to_another(tmp_path, name, hint):
    with pytest.raises(AmtStudioError) as caught:
        write_atomically(tmp_path / name, b"notes", overwrite=False)
    assert caught.value.hint.startswith(hint)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "content", [b"", b"not a project", b"SQLite format 3\0" + bytes(84), b"SQLite format 3\0 cut"]
)
def test_a_project_that_cannot_be_opened_leads_to_a_backup(tmp_path, content):
    path = tmp_path / "take.amts"
    path.write_bytes(content)
    with pytest.raises(AmtStudioError) as caught:
        Document.open(path)
    assert "backup" in caught.value.hint


def test_a_project_that_is_cut_off_leads_to_a_backup(tmp_path, monkeypatch):
    monkeypatch.setenv("AMTSTUDIO_DATA_DIR", str(tmp_path / "data"))
    path = tmp_path / "take.amts"
    with closing(Document.create()) as document:
        document.save_as(path)
    whole = path.read_bytes()
    (tmp_path / "cut.amts").write_bytes(whole[: len(whole) // 3])
    with pytest.raises(AmtStudioError) as caught:
        Document.open(tmp_path / "cut.amts")
    assert caught.value.hint == "open a backup of it"
