"""A file for each track."""

from __future__ import annotations

import pytest

from amtstudio.errors import OutputExistsError
from amtstudio.formats import read_transcription, track_files, write_track_files
from amtstudio.symbolic import Note, Pedal, Track, Transcription

PIANO, BASS, DRUMS = (Track.named(name) for name in ("piano", "bass", "drums"))
ODD = Track("1/2: high?", 40)
BAND = Transcription(
    (
        Note(0.0, 0.5, 60),
        Note(0.1, 0.5, 40, track=BASS),
        Note(0.2, 0.3, 36, track=DRUMS),
        Note(0.3, 0.9, 76, track=ODD),
        Note(0.5, 0.9, 64),
    ),
    (Pedal(0.1, 0.8),),
    duration=1.0,
)


@pytest.mark.parametrize(("name", "suffix"), [("midi", ".mid"), ("csv", ".csv"), ("json", ".json")])
def test_each_file_holds_its_track_and_all_together_everything(tmp_path, name, suffix):
    write_track_files(BAND, tmp_path / f"song{suffix}", format_name=name)
    files = sorted(path.name for path in tmp_path.iterdir())
    names = ("1_2_ high_", "bass", "drums", "piano")
    assert files == [f"song ({track}){suffix}" for track in names]
    read = [read_transcription(tmp_path / file) for file in files]
    assert [len(part.notes) for part in read] == [1, 1, 1, 2]
    assert read[2].notes.tracks[0].is_drums
    if name == "midi":
        assert [len(part.pedals) for part in read] == [0, 0, 0, 1]
        assert read[1].notes.tracks == (BASS,)


def test_names_that_are_alike_get_numbers(tmp_path):
    alike = [PIANO, Track("piano", 5), Track("Piano", 5), Track("piano 2", 5)]
    notes = [Note(0.1 * n, 1.0, 60, track=track) for n, track in enumerate(alike)]
    files = track_files(Transcription(tuple(notes)), tmp_path / "a.mid")
    names = ["a (piano).mid", "a (piano 2).mid", "a (Piano 3).mid", "a (piano 2 2).mid"]
    assert [file.name for file in files] == names


def test_the_name_of_a_track_is_cut_to_what_a_file_can_be_called(tmp_path):
    long = [Track("ギター" * 26, program) for program in (25, 26)]
    notes = tuple(Note(0.1 * n, 1.0, 60, track=track) for n, track in enumerate(long))
    write_track_files(Transcription(notes), tmp_path / "歌.mid", format_name="midi")
    assert len(list(tmp_path.iterdir())) == 2
    assert all(path.name.startswith("歌 (ギターギター") for path in tmp_path.iterdir())
    assert all(path.suffix == ".mid" for path in tmp_path.iterdir())


def test_where_one_exists_none_is_written(tmp_path):
    (tmp_path / "song (bass).mid").write_bytes(b"mine")
    with pytest.raises(OutputExistsError, match="bass"):
        write_track_files(BAND, tmp_path / "song.mid", format_name="midi")
    assert [path.name for path in tmp_path.iterdir()] == ["song (bass).mid"]
    write_track_files(BAND, tmp_path / "song.mid", format_name="midi", overwrite=True)
    assert len(list(tmp_path.iterdir())) == 4
