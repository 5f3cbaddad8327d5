"""Layouts and labels of GuitarSet and MusicNet, on copies in miniature."""

import json

import numpy as np
import pytest
import soundfile

from amtstudio.errors import BadFileError, InputNotFoundError
from amtstudio.features import FrameGrid
from amtstudio.symbolic import Note, Track
from training.datasets import (
    SegmentDataset,
    find_pieces,
    folder_pieces,
    guitarset_pieces,
    musicnet_pieces,
)
from training.label_files import read_jams, read_musicnet_table
from training.material import renderer
from training.truth import read_truth

RATE = 16000


def write_tone(path, *, seconds=2.0):
    path.parent.mkdir(parents=True, exist_ok=True)
    times = np.arange(round(seconds * RATE)) / RATE
    soundfile.write(path, 0.1 * np.sin(2 * np.pi * 220.0 * times), RATE)


def write_jams(path, strings):
    """``strings`` as a list of notes (onset, duration, pitch) for each."""
    path.parent.mkdir(parents=True, exist_ok=True)
    annotations = [{"namespace": "beat_position", "data": [{"time": 0.0, "value": {"beat": 1}}]}]
    for number, notes in enumerate(strings):
        rows = [
            {"time": time, "duration": duration, "value": pitch, "confidence": None}
            for time, duration, pitch in notes
        ]
        data_source = {"data_source": str(number)}
        annotations += [
            {"namespace": "pitch_contour", "annotation_metadata": data_source, "data": []},
            {"namespace": "note_midi", "annotation_metadata": data_source, "data": rows},
        ]
    path.write_text(json.dumps({"annotations": annotations, "file_metadata": {}, "sandbox": {}}))


@pytest.fixture
def guitarset(tmp_path):
    names = [
        "00_BN1-129-Eb_comp",
        "03_Rock2-85-F_solo",
        "04_BN1-129-Eb_comp",
        "05_Jazz3-137-Eb_solo",
    ]
    for name in names:
        write_tone(tmp_path / "audio_mono-mic" / f"{name}_mic.wav")
        write_tone(tmp_path / "audio_mono-pickup_mix" / f"{name}_mix.wav")
        write_jams(
            tmp_path / "annotation" / f"{name}.jams", [[(0.5, 1.0, 40.02)], [(0.25, 0.5, 45.6)]]
        )
    return tmp_path


def test_guitarset_is_split_by_player(guitarset):
    pieces = guitarset_pieces(guitarset)
    assert [(p.group, p.split, p.title) for p in pieces] == [
        ("player 00", "train", "BN1-129-Eb comp"),
        ("player 03", "train", "Rock2-85-F solo"),
        ("player 04", "validation", "BN1-129-Eb comp"),
        ("player 05", "test", "Jazz3-137-Eb solo"),
    ]
    assert find_pieces(guitarset) == pieces
    others = guitarset_pieces(guitarset, test_player=0, validation_player=3)
    assert [piece.split for piece in others] == ["test", "validation", "train", "train"]


def test_guitarset_takes_the_microphone_before_the_mix_of_pickups(guitarset):
    first = guitarset / "audio_mono-mic" / "00_BN1-129-Eb_comp_mic.wav"
    assert guitarset_pieces(guitarset)[0].audio == first
    first.unlink()
    mixed = guitarset / "audio_mono-pickup_mix" / "00_BN1-129-Eb_comp_mix.wav"
    assert mixed in [piece.audio for piece in guitarset_pieces(guitarset)]
    assert len(guitarset_pieces(guitarset)) == 4


def test_guitarset_audio_without_labels_is_refused(guitarset):
    (guitarset / "annotation" / "05_Jazz3-137-Eb_solo.jams").unlink()
    with pytest.raises(BadFileError, match=r"no truth for .*05_Jazz3"):
        guitarset_pieces(guitarset)


def test_the_notes_of_all_strings_are_read_and_rounded_to_semitones(guitarset):
    truth = read_truth(guitarset_pieces(guitarset)[0].truth, extend_by_pedal=True)
    assert list(truth.notes) == [
        Note(0.25, 0.75, 46, track=Track.named("guitar")),
        Note(0.5, 1.5, 40, track=Track.named("guitar")),
    ]
    assert truth.duration == 1.5


def test_older_jams_hold_a_column_a_key(tmp_path):
    columns = {"time": [1.0, 0.5], "duration": [0.5, 0.25], "value": [60.4, 59.6]}
    path = tmp_path / "old.jams"
    path.write_text(json.dumps({"annotations": [{"namespace": "note_midi", "data": columns}]}))
    assert [(n.onset, n.offset, n.pitch) for n in read_jams(path).notes] == [
        (0.5, 0.75, 60),
        (1.0, 1.5, 60),
    ]


@pytest.mark.parametrize(
    ("content", "match"),
    [
        ("{", "not a JAMS file"),
        ("[]", "not a JAMS file"),
        ('{"annotations": [{"namespace": "note_midi", "data": [{"time": 1}]}]}', "not a JAMS"),
        (
            '{"annotations": [{"namespace": "note_midi", "data":'
            ' [{"time": 1, "duration": -1, "value": 60}]}]}',
            "not a JAMS file",
        ),
        ('{"annotations": []}', "no annotation of notes"),
        (b"\xff\xfe\x00", "not a text file"),
    ],
)
def test_what_is_not_jams_is_refused(tmp_path, content, match):
    path = tmp_path / "bad.jams"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    with pytest.raises(BadFileError, match=match):
        read_jams(path)
    with pytest.raises(InputNotFoundError, match="There is no file"):
        read_jams(tmp_path / "gone.jams")


HEADER = "start_time,end_time,instrument,note,start_beat,end_beat,note_value\n"
LABELS = HEADER + "44100,66150,41,67,4.0,1.5,Dotted Quarter\n22050,88200,1,60,0,2,Half\n"


@pytest.fixture(params=["", "musicnet"])
def musicnet(tmp_path, request):
    base = tmp_path / request.param
    for part, number in (("train", "1727"), ("train", "1728"), ("test", "1759")):
        write_tone(base / f"{part}_data" / f"{number}.wav")
        labels = base / f"{part}_labels" / f"{number}.csv"
        labels.parent.mkdir(parents=True, exist_ok=True)
        labels.write_text(LABELS)
    # Labels of a recording that this copy does not have.
    (base / "test_labels" / "1819.csv").write_text(LABELS)
    return tmp_path


def test_musicnet_s_split_is_that_of_its_folders(musicnet):
    pieces = musicnet_pieces(musicnet)
    assert sorted((p.title, p.split, p.group) for p in pieces) == [
        ("1727", "train", "MusicNet"),
        ("1728", "train", "MusicNet"),
        ("1759", "test", "MusicNet"),
    ]
    assert find_pieces(musicnet) == pieces


def test_musicnet_s_table_tells_the_works(musicnet):
    (musicnet / "musicnet_metadata.csv").write_text(
        "id,composer,composition,movement,ensemble,source,transcriber,catalog_name,seconds\n"
        "1727,Schubert,Piano Quintet in A major,2. Andante,Piano Quintet,E,W,OP114,447\n"
    )
    titles = {piece.title: piece.group for piece in musicnet_pieces(musicnet)}
    assert titles["Schubert: Piano Quintet in A major"] == "Piano Quintet"
    assert titles["1759"] == "MusicNet"
    (musicnet / "musicnet_metadata.csv").write_text("number,composer\n1727,Schubert\n")
    with pytest.raises(BadFileError, match="not the table of MusicNet"):
        musicnet_pieces(musicnet)


def test_musicnet_audio_without_labels_is_refused(musicnet):
    next(musicnet.rglob("1727.csv")).unlink()
    with pytest.raises(BadFileError, match=r"no truth for .*1727"):
        musicnet_pieces(musicnet)


def test_times_of_musicnet_are_samples_and_instruments_programs(musicnet):
    truth = read_truth(next(musicnet.rglob("1728.csv")), extend_by_pedal=True)
    assert list(truth.notes) == [
        Note(0.5, 2.0, 60, track=Track("piano", 0)),
        Note(1.0, 1.5, 67, track=Track("violin", 40)),
    ]


def test_a_damaged_table_names_the_line(tmp_path):
    path = tmp_path / "1.csv"
    path.write_text(LABELS + "10,5,1,60,0,1,Half\n")
    with pytest.raises(BadFileError, match=r"1\.csv, line 4"):
        read_musicnet_table(path)
    path.write_text(LABELS + "10,x,1,60,0,1,Half\n")
    with pytest.raises(BadFileError, match="line 4"):
        read_truth(path)


def test_tables_of_the_program_are_still_read(tmp_path):
    path = tmp_path / "take.notes.csv"
    path.write_text("onset_s,offset_s,midi_pitch,velocity,instrument\n1.0,2.0,60,64,piano\n")
    assert list(read_truth(path).notes) == [Note(1.0, 2.0, 60, 64)]


@pytest.mark.parametrize("reader", [guitarset_pieces, musicnet_pieces])
def test_empty_and_missing_folders_are_refused(tmp_path, reader):
    with pytest.raises(InputNotFoundError, match=r"No recording with truth.*expected"):
        reader(tmp_path)
    with pytest.raises(InputNotFoundError, match="There is no folder"):
        reader(tmp_path / "gone")


def test_a_folder_without_jams_is_a_plain_one(tmp_path):
    write_tone(tmp_path / "00_BN1-129-Eb_comp_mic.wav")
    (tmp_path / "00_BN1-129-Eb_comp_mic.notes.csv").write_text(
        "onset_s,offset_s,midi_pitch,velocity,instrument\n1.0,2.0,60,64,guitar\n"
    )
    assert find_pieces(tmp_path) == folder_pieces(tmp_path)


def test_segments_of_guitarset_carry_its_notes(guitarset):
    grid = FrameGrid()
    pieces = [piece for piece in guitarset_pieces(guitarset) if piece.split == "train"]
    segments = SegmentDataset(
        pieces, renderer(grid, "nearest"), grid=grid, n_frames=63, margin=0, seed=1
    )
    frame = segments[0]["frame"].numpy()
    # 0.25 to 0.75 s and 0.5 to 1.5 s, 31.25 frames a second.
    assert sorted(np.flatnonzero(frame.sum(axis=0))) == [40 - 21, 46 - 21]
    np.testing.assert_array_equal(np.flatnonzero(frame[:, 46 - 21]), np.arange(8, 23))
    np.testing.assert_array_equal(np.flatnonzero(frame[:, 40 - 21]), np.arange(16, 47))
