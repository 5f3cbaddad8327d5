"""The music of recordings, played again on a sampled piano."""

import numpy as np
import pytest
import soundfile

from amtstudio.formats import write_transcription
from amtstudio.learning.rooms import RoomPool, load_rooms
from amtstudio.symbolic import Note, NoteTable, Transcription
from training.datasets import find_pieces
from training.replay_truth import cut_apart, main, opening, played
from training.synthesis.clips import PLAIN_LEVEL_DB
from training.synthesis.dataset import Material
from training.truth import read_truth

NOTES = (Note(0.5, 1.2, 60, 30), Note(1.0, 2.6, 72, 100), Note(2.5, 3.0, 48, 64))


@pytest.fixture
def recordings(tmp_path):
    folder = tmp_path / "recordings"
    folder.mkdir()
    truth = Transcription(notes=NoteTable.of(NOTES))
    write_transcription(truth, folder / "piece.notes.csv", format_name="csv")
    soundfile.write(folder / "piece.flac", np.zeros(64000), 16000)
    return folder


def replay(recordings, output, root, cache, *words):
    given = [str(recordings), str(output), "--material", str(root), "--cache", str(cache)]
    assert main([*given, "--seconds", "2", *words]) == 0
    audio, rate = soundfile.read(output / "piece.flac")
    assert rate == 16000
    return audio


def test_only_what_begins_in_time_is_played_and_ends_in_time():
    notes = opening(Transcription(notes=NoteTable.of(NOTES)), 2.0)
    assert [(note.onset, note.offset, note.pitch, note.velocity) for note in notes] == [
        (0.5, 1.2, 60, 30),
        (1.0, 2.0, 72, 100),
    ]


def test_the_truth_is_where_the_sound_begins(recordings, tmp_path, material_root, material_cache):
    audio = replay(recordings, tmp_path / "dry", material_root, material_cache)
    assert len(audio) == 2 * 16000
    assert 20 * np.log10(np.sqrt(np.mean(audio**2))) == pytest.approx(PLAIN_LEVEL_DB, abs=1.0)
    first = np.flatnonzero(np.abs(audio) > 10 * np.abs(audio[:6000]).max())[0]
    assert first / 16000 == pytest.approx(0.5, abs=0.02)
    (piece,) = find_pieces(tmp_path / "dry")
    assert [note.onset for note in read_truth(piece.truth).notes] == [0.5, 1.0]


def test_a_steeper_touch_makes_soft_notes_softer(
    recordings, tmp_path, material_root, material_cache
):
    def contrast(*words):
        audio = replay(recordings, tmp_path / "".join(words), material_root, material_cache, *words)
        soft, loud = audio[9000:15500], audio[16500:24000]
        return 20 * np.log10(np.std(loud) / np.std(soft))

    # From velocity 30 to 100: half a decade, so ten of the twenty decibels.
    steeper = contrast("--touch", "20") - contrast("--touch", "0")
    assert steeper == pytest.approx(20 * np.log10(100 / 30), abs=1.5)


def test_rooms_ring_on_where_dampers_stop_a_note(material_root, material_cache):
    bank = Material(material_root, material_cache).banks(held_out=True)[0]
    rooms = RoomPool(load_rooms(material_root / "rir"), n_simulated=6, seed=4)
    notes = NoteTable.of([Note(0.2, 0.5, 84, 90)])

    def ringing(rooms):
        """How much of the sound is left half a second after the key came up; of many rooms."""
        heard = [
            played(notes, bank, rooms, np.random.default_rng(seed), seconds=1.6)
            for seed in range(6)
        ]
        return np.mean([np.std(audio[16000:]) / np.std(audio) for audio in heard])

    assert ringing(rooms) > 3 * ringing(None)


def test_a_folder_without_truth_is_told(tmp_path, material_root, material_cache, capsys):
    (tmp_path / "empty").mkdir()
    given = [str(tmp_path / "empty"), str(tmp_path / "out"), "--material", str(material_root)]
    assert main([*given, "--cache", str(material_cache)]) != 0
    assert "training.replay_truth: error:" in capsys.readouterr().err


def test_stretches_stand_alone_in_silence(recordings, tmp_path, material_root, material_cache):
    heard = np.full(5 * 16000, 0.5, dtype=np.float32)
    audio, notes = cut_apart(heard, NoteTable.of(NOTES), 1.0)
    # Of 0 to 1 s and 2 to 3 s: what is struck at 1.0 is in neither, 1.2 is beyond the first.
    assert [(note.onset, note.offset) for note in notes] == [(0.5, 1.0), (9.5, 10.0)]
    loud = np.flatnonzero(np.abs(audio) > 0.4) / 16000
    assert (len(audio), loud.min(), loud.max()) == (
        18 * 16000,
        pytest.approx(0, abs=0.01),
        pytest.approx(10, abs=0.01),
    )
    assert not np.any((loud > 1.0) & (loud < 9.0))
    cut = replay(recordings, tmp_path / "cut", material_root, material_cache, "--cut", "0.7")
    assert len(cut) == round((0.7 + 8) * 16000)


@pytest.mark.parametrize("seconds", ["0", "-1", "nan", "2"])
def test_stretches_that_cannot_be_cut_are_refused(seconds, recordings, tmp_path, capsys):
    given = [str(recordings), str(tmp_path / "out"), "--material", str(tmp_path)]
    with pytest.raises(SystemExit):
        main([*given, "--seconds", "2", "--cut", seconds])
    assert "--cut must be from 0.5 to 2 seconds" in capsys.readouterr().err
