"""Which files of a folder are recordings, and what they are called."""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np
import pytest
from media_files import Media, beeps, write_media

from amtstudio.audio import (
    RECORDING_SUFFIXES,
    Namesakes,
    find_recordings,
    probe,
    stem_of,
    suffix_of,
)
from amtstudio.errors import Cancelled


def make(folder: Path, *names: str, data: bytes = b"") -> None:
    for name in names:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(data)


def found(folder: Path, **options) -> list[str]:
    return [str(path.relative_to(folder)) for path in find_recordings([folder], **options)]


@pytest.mark.parametrize(
    ("name", "stem", "suffix"),
    [
        ("take.wav", "take", ".wav"),
        ("take.WaV", "take", ".WaV"),
        ("Op.10 No.3.flac", "Op.10 No.3", ".flac"),
        ("Etude No.1", "Etude No.1", ""),
        ("Sonata in C.K545", "Sonata in C.K545", ""),
        ("J.S. Bach", "J.S. Bach", ""),
        ("take.wav.bak", "take.wav.bak", ""),
        ("take", "take", ""),
        (".wav", ".wav", ""),
        ("New Recording 12.qta", "New Recording 12", ".qta"),
    ],
)
def test_only_the_suffix_of_a_recording_is_taken_off(name, stem, suffix):
    assert (stem_of(Path("x.y") / name), suffix_of(Path("x.y") / name)) == (stem, suffix)


def test_suffixes_in_any_spelling(tmp_path):
    kinds = (
        *("wav", "WAVE", "Aifc", "CAF", "au", "W64", "oga", "QTA", "3gp", "amr", "m4b", "mka"),
        *("m4v", "AVI", "MP4", "spx"),
    )
    make(tmp_path, *(f"a.{kind}" for kind in kinds), "a.txt", "a.mid", "a.jpg", "a.wav.txt")
    assert found(tmp_path) == sorted(f"a.{kind}" for kind in kinds)


@pytest.mark.parametrize(
    "media",
    [
        Media(".qta", "aac", container="mov"),
        Media(".3gp", "aac", container="3gp"),
        Media(".m4b", "aac", container="ipod"),
        Media(".mka", "libopus", sample_rate=48000, container="matroska"),
        Media(".oga", "flac", container="ogg"),
        Media(".avi", "pcm_s16le", container="avi"),
        Media(".m4v", "aac", container="mp4", with_video=True),
        Media(".wave", "pcm_s16le", container="wav"),
        Media(".aifc", "pcm_s16be", container="aiff"),
        Media(".wma", "wmav2", container="asf"),
        Media(".w64", "pcm_s16le", container="w64"),
        Media(".ts", "mp2", container="mpegts"),
        Media(".mpg", "mp2", container="mpeg"),
    ],
    ids=str,
)
def test_what_counts_can_be_read_and_is_known_by_its_first_bytes_too(tmp_path, media):
    make(tmp_path, "sub/x.wav")
    path = tmp_path / f"take{media.suffix}"
    write_media(path, media, beeps(media.sample_rate))
    assert probe(path).sample_rate == media.sample_rate
    assert path in find_recordings([tmp_path])
    plain = tmp_path / "Etude No.1"
    path.rename(plain)
    assert plain in find_recordings([tmp_path])


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"notes on fingering",
        b"RIFF\0\0\0\0WEBP",
        b"MThd\0\0\0\6",
        b"\0\0\0\x18ftypheic",
        b"\xff\xd8\xff\xe0\0\x10JFIF",
        b"\xff\xfet\0e\0x\0t\0",
        b"\0\5\x16\7" + b"\0" * 500,
    ],
)
def test_files_without_a_suffix_that_are_something_else(tmp_path, data):
    make(tmp_path, "Etude No.1", "main.ts", "README", data=data)
    assert found(tmp_path) == []


def test_files_of_other_kinds_are_not_opened(tmp_path):
    make(tmp_path, "letter.doc", "data.7z", "Sonata.K545", data=b"RIFF\0\0\0\0WAVE")
    assert found(tmp_path) == []


def test_hidden_files_and_folders_are_left_out(tmp_path):
    make(tmp_path, "a.wav", "._a.wav", ".b.wav", ".Trashes/c.wav", "__MACOSX/._a.wav", "d/e.wav")
    assert found(tmp_path) == ["a.wav", "d/e.wav"]


def test_a_hidden_folder_that_was_named_is_searched(tmp_path):
    make(tmp_path, ".takes/a.wav")
    assert find_recordings([tmp_path / ".takes"]) == [tmp_path / ".takes" / "a.wav"]


def test_links_are_followed_and_each_folder_is_searched_once(tmp_path):
    make(tmp_path, "here/b/a.wav", "elsewhere/c.wav", "elsewhere/deep/d.wav")
    here = tmp_path / "here"
    (here / "a link").symlink_to(tmp_path / "elsewhere", target_is_directory=True)
    (here / "another").symlink_to(tmp_path / "elsewhere", target_is_directory=True)
    (here / "b" / "up").symlink_to(here, target_is_directory=True)
    (tmp_path / "elsewhere" / "deep" / "back").symlink_to(here, target_is_directory=True)
    (here / "0").symlink_to(here / "b", target_is_directory=True)
    (here / "itself.wav").symlink_to(here / "itself.wav")
    (here / "gone.wav").symlink_to(here / "nothing.wav")
    (here / "file.wav").symlink_to(tmp_path / "elsewhere" / "c.wav")
    assert found(here) == ["a link/c.wav", "a link/deep/d.wav", "b/a.wav", "file.wav"]


def test_only_regular_files_count(tmp_path):
    make(tmp_path, "folder.wav/inside.wav")
    os.mkfifo(tmp_path / "pipe.wav")
    assert found(tmp_path) == ["folder.wav/inside.wav"]


def test_folders_that_may_not_be_read_are_told(tmp_path, monkeypatch):
    make(tmp_path, "a.wav", "locked/b.wav")
    scandir = os.scandir

    def refusing(path):
        if Path(path).name == "locked":  # root may read everything, so it is refused here
            raise PermissionError(13, "Permission denied", str(path))
        return scandir(path)

    monkeypatch.setattr(os, "scandir", refusing)
    told: list[Path] = []
    assert found(tmp_path, on_unreadable=told.append) == ["a.wav"]
    assert told == [tmp_path / "locked"]


def test_the_nearest_are_taken_where_there_are_too_many(tmp_path):
    make(tmp_path, *(f"a/b/{i}.wav" for i in range(20)), "x.wav", "y.wav", "a/z.wav")
    assert found(tmp_path, most_in_folder=3) == ["a/z.wav", "x.wav", "y.wav"]


def test_a_search_can_be_cancelled(tmp_path):
    with pytest.raises(Cancelled):
        find_recordings([tmp_path], is_cancelled=lambda: True)


def test_suffixes_are_told_once_and_small():
    assert len(set(RECORDING_SUFFIXES)) == len(RECORDING_SUFFIXES)
    assert all(suffix == suffix.lower() and suffix[0] == "." for suffix in RECORDING_SUFFIXES)


@pytest.mark.parametrize(
    ("names", "expected"),
    [
        (["a.mid"], "a.mid"),
        (["a.MID"], "a.MID"),
        (["a.MiDi"], "a.MiDi"),
        (["A.MID"], "A.MID"),
        (["A.mid", "a.MID"], "a.MID"),
        (["a.MID", "a.mid"], "a.mid"),
        (["a.mid", "a.Notes.Csv"], "a.Notes.Csv"),
        (["A.mid", "A.wav"], None),  # the other recording's
        (["._a.mid", "a.txt", "b.mid", "a.b.mid"], None),
    ],
)
def test_namesakes(tmp_path, names, expected):
    make(tmp_path, "a.wav", *names)
    (tmp_path / "a.midi").mkdir()
    truth = Namesakes().find(tmp_path / "a.wav", (".notes.csv", ".mid", ".midi"))
    assert (truth and truth.name) == expected


def test_accents_in_either_encoding(tmp_path):
    make(tmp_path, "E\u0301tude.wav", "\u00c9tude.mid")
    truth = Namesakes().find(tmp_path / "E\u0301tude.wav", (".mid",))
    assert truth == tmp_path / "\u00c9tude.mid"


def test_a_folder_of_many_is_searched_in_no_time(tmp_path, rng):
    make(tmp_path, *(f"{number}.wav" for number in rng.permutation(2000)))
    make(tmp_path, *(f"{number}.mid" for number in range(0, 2000, 2)))
    namesakes = Namesakes()
    truths = [namesakes.find(path, (".mid",)) for path in find_recordings([tmp_path])]
    assert np.count_nonzero(truths) == 1000
