import csv
import json

import pytest

from amtstudio.errors import BadFileError, InputNotFoundError
from training.datasets import (
    TEST_TITLES,
    find_pieces,
    folder_pieces,
    maestro_pieces,
    maps_pieces,
    smd_pieces,
)


@pytest.fixture
def maps(tmp_path, write_recording):
    def add(group, title, kind="MUS", between="-"):
        audio = tmp_path / group / kind / f"MAPS_{kind}{between}{title}_{group}.wav"
        return write_recording(audio)

    add("AkPnBcht", "a_study")
    add("AkPnBcht", "bach_847")
    add("SptkBGAm", "burg_quelle")
    add("AkPnBcht", "NO_F_S0_M21", kind="ISOL", between="_")
    add("ENSTDkAm", "a_study")
    return tmp_path


def table_of(pieces):
    return [(p.title, p.group, p.split, p.truth.suffix) for p in pieces]


def test_maps_splits_by_group_and_keeps_tested_music_out_of_training(maps):
    assert table_of(maps_pieces(maps)) == [
        ("bach_847", "AkPnBcht", "train", ".mid"),
        ("a_study", "ENSTDkAm", "test", ".mid"),
        ("burg_quelle", "SptkBGAm", "train", ".mid"),
    ]


def test_maps_leaves_tested_music_out_though_the_copy_has_no_test_group(
    tmp_path, write_recording, capsys
):
    """A copy of the synthesised pianos alone still holds music that the Disklavier is tested on."""
    for group, title in (
        ("AkPnBcht", "ty_mai"),
        ("SptkBGCl", "ty_mai"),
        ("AkPnBcht", "scn15_11"),
        ("SptkBGAm", "bach_846"),
    ):
        write_recording(tmp_path / group / f"MAPS_MUS-{title}_{group}.wav")
    assert [(p.title, p.split) for p in maps_pieces(tmp_path)] == [("bach_846", "train")]
    assert "3 of 4 recordings left out" in capsys.readouterr().err


@pytest.mark.shared
def test_no_title_that_figures_are_measured_on_is_for_training(shared):
    measured = (shared / "data" / "real" / "piano_disklavier").glob("*_ENSTDkAm.flac")
    titles = {path.stem.removesuffix("_ENSTDkAm") for path in measured}
    assert titles
    assert titles <= TEST_TITLES


def test_maps_reads_other_types(maps):
    (note,) = maps_pieces(maps, types=["ISOL"])
    assert (note.title, note.group) == ("NO_F_S0_M21", "AkPnBcht")


def test_maps_falls_back_to_the_text_file(maps):
    midi = maps / "AkPnBcht" / "MUS" / "MAPS_MUS-bach_847_AkPnBcht.mid"
    midi.with_suffix(".txt").write_text("OnsetTime\tOffsetTime\tMidiPitch\n0.5\t1.0\t60\n")
    midi.unlink()
    assert maps_pieces(maps)[0].truth == midi.with_suffix(".txt")


def test_maps_without_truth_is_refused(maps):
    (maps / "SptkBGAm" / "MUS" / "MAPS_MUS-burg_quelle_SptkBGAm.mid").unlink()
    with pytest.raises(BadFileError, match=r"no truth for .*burg_quelle_SptkBGAm\.wav"):
        maps_pieces(maps)


def test_maps_of_an_unknown_group_is_refused(maps, write_recording):
    write_recording(maps / "MAPS_MUS-alb_se2_MyPiano.wav")
    with pytest.raises(BadFileError, match="no group of MAPS: MyPiano"):
        maps_pieces(maps)


MAESTRO_ROWS = [
    ("Alban Berg", "Sonata Op. 1", "train", "2018", "2018/a.midi", "2018/a.wav"),
    ("Franz Liszt", "Mazeppa, S. 139", "validation", "2009", "2009/b.midi", "2009/b.wav"),
    ("Joseph Haydn", 'Sonata "Hob."', "test", "2004", "2004/c.midi", "2004/c.wav"),
    ("Not", "Downloaded", "test", "2004", "2004/d.midi", "2004/d.wav"),
]
COLUMNS = (
    "canonical_composer",
    "canonical_title",
    "split",
    "year",
    "midi_filename",
    "audio_filename",
)


@pytest.fixture(params=["csv", "json"])
def maestro(tmp_path, write_recording, request):
    for row in MAESTRO_ROWS[:3]:
        write_recording(tmp_path / row[5], tmp_path / row[4])
    table = tmp_path / f"maestro-v3.0.0.{request.param}"
    if request.param == "csv":
        with table.open("w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows([COLUMNS, *MAESTRO_ROWS])
    else:
        columns = {
            name: {str(i): row[c] for i, row in enumerate(MAESTRO_ROWS)}
            for c, name in enumerate(COLUMNS)
        }
        table.write_text(json.dumps(columns))
    return tmp_path


def test_maestro_takes_the_split_from_its_table_and_leaves_out_what_is_not_there(maestro):
    pieces = maestro_pieces(maestro)
    assert [(p.group, p.split, p.title) for p in pieces] == [
        ("2004", "test", 'Joseph Haydn: Sonata "Hob."'),
        ("2009", "validation", "Franz Liszt: Mazeppa, S. 139"),
        ("2018", "train", "Alban Berg: Sonata Op. 1"),
    ]
    assert pieces[0].audio == maestro / "2004/c.wav"
    assert pieces[0].truth == maestro / "2004/c.midi"


def test_maestro_finds_converted_audio(maestro):
    (maestro / "2018/a.wav").rename(maestro / "2018/a.flac")
    assert maestro_pieces(maestro)[-1].audio == maestro / "2018/a.flac"


def test_maestro_audio_without_midi_is_refused(maestro):
    (maestro / "2009/b.midi").unlink()
    with pytest.raises(BadFileError, match=r"no truth for .*b\.wav"):
        maestro_pieces(maestro)


@pytest.mark.parametrize(
    ("name", "text", "reason"),
    [
        ("maestro-v3.0.0.csv", "split\ntrain\n", "no canonical_composer"),
        ("maestro-v3.0.0.json", "[1, 2]", "not a table of MAESTRO"),
        ("maestro-v3.0.0.json", '{"split": {"0": "train"}}', "no canonical_composer"),
        (
            "maestro-v3.0.0.csv",
            ",".join(COLUMNS) + "\na,b,dev,2018,x.midi,x.wav\n",
            "no split 'dev'",
        ),
    ],
)
def test_damaged_maestro_table_is_refused(tmp_path, name, text, reason):
    (tmp_path / name).write_text(text)
    with pytest.raises(BadFileError, match=reason):
        maestro_pieces(tmp_path)


def test_maestro_without_table_is_refused(tmp_path):
    with pytest.raises(InputNotFoundError, match=r"maestro-v3\.0\.0\.csv"):
        maestro_pieces(tmp_path)


STEM = "Bach_BWV849-01_001_20090916-SMD"


def test_smd_first_edition_has_audio_and_midi_in_one_folder(tmp_path, write_recording):
    audio = write_recording(tmp_path / f"{STEM}.flac")
    (piece,) = smd_pieces(tmp_path)
    assert (piece.audio, piece.truth) == (audio, tmp_path / f"{STEM}.mid")
    assert (piece.title, piece.split) == ("Bach_BWV849-01", "test")


def test_smd_second_edition_takes_the_real_recording_at_the_higher_rate(tmp_path, write_recording):
    midi = tmp_path / "midi" / f"{STEM}.mid"
    for folder in ("midi_wav_22050_mono", "wav_22050_mono", "wav_44100_stereo"):
        write_recording(tmp_path / folder / f"{STEM}.wav", midi)
    (piece,) = smd_pieces(tmp_path)
    assert piece.audio == tmp_path / "wav_44100_stereo" / f"{STEM}.wav"
    assert piece.truth == midi


def test_smd_without_midi_is_refused(tmp_path, write_recording):
    write_recording(tmp_path / f"{STEM}.wav").with_suffix(".mid").unlink()
    with pytest.raises(BadFileError, match="no truth"):
        smd_pieces(tmp_path)


def test_folder_prefers_the_csv_and_leaves_out_audio_without_truth(tmp_path, write_recording):
    both = write_recording(tmp_path / "room" / "both.wav")
    table = both.with_name("both.notes.csv")
    table.write_text("onset_s,offset_s,midi_pitch,velocity,instrument\n0.5,1.0,60,80,piano\n")
    midi_only = write_recording(tmp_path / "midi_only.flac")
    write_recording(tmp_path / "bare.wav").with_suffix(".mid").unlink()
    pieces = folder_pieces(tmp_path, split="train")
    assert [(p.audio, p.truth, p.split) for p in pieces] == [
        (midi_only, midi_only.with_suffix(".mid"), "train"),
        (both, table, "train"),
    ]
    assert pieces[1].group == "room"


@pytest.mark.parametrize("reader", [maps_pieces, smd_pieces, folder_pieces, find_pieces])
def test_empty_and_missing_folders_are_refused(tmp_path, reader):
    with pytest.raises(InputNotFoundError, match=r"No recording with truth.*expected"):
        reader(tmp_path)
    with pytest.raises(InputNotFoundError, match="There is no folder"):
        reader(tmp_path / "gone")


def test_find_pieces_tells_the_layouts_apart(maps, tmp_path_factory, write_recording):
    assert find_pieces(maps) == maps_pieces(maps)
    smd = tmp_path_factory.mktemp("smd")
    write_recording(smd / f"{STEM}.wav")
    assert find_pieces(smd) == smd_pieces(smd)
    plain = tmp_path_factory.mktemp("plain")
    write_recording(plain / "take.wav")
    assert find_pieces(plain) == folder_pieces(plain)


def test_find_pieces_knows_maestro(maestro):
    assert find_pieces(maestro) == maestro_pieces(maestro)


def test_a_plain_folder_is_searched_as_the_program_does(tmp_path, write_recording):
    write_recording(tmp_path / "music" / "No.1.wav")
    (tmp_path / "music" / "No.1.mid").rename(tmp_path / "music" / "No.1.MID")
    for name in ("._No.1.wav", "._No.1.MID", ".hidden.wav", ".hidden.mid"):
        (tmp_path / "music" / name).write_bytes(b"")
    root = tmp_path / "linked"
    root.mkdir()
    (root / "music").symlink_to(tmp_path / "music", target_is_directory=True)
    (root / "music" / "back").symlink_to(root, target_is_directory=True)
    (piece,) = find_pieces(root)
    assert (piece.title, piece.truth.name) == ("No.1", "No.1.MID")
