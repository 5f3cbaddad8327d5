import json
from pathlib import Path

import pytest

from amtstudio.errors import InputNotFoundError
from amtstudio.formats import read_midi
from amtstudio.symbolic import Transcription
from training.evaluation import evaluate, pieces_of, report


def perfect(audio: Path) -> Transcription:
    return Transcription(read_midi(audio.with_suffix(".mid")).notes, duration=2.0)


def deaf(_audio: Path) -> Transcription:
    return Transcription(duration=2.0)


@pytest.fixture
def maps(tmp_path, write_recording):
    for group, title in [("AkPnBcht", "a"), ("SptkBGAm", "b"), ("ENSTDkAm", "c")]:
        write_recording(tmp_path / group / f"MAPS_MUS-{title}_{group}.wav")
    return tmp_path


def test_pieces_of_one_split_from_several_folders(maps, tmp_path_factory, write_recording):
    plain = tmp_path_factory.mktemp("plain")
    write_recording(plain / "d.wav")
    assert [p.title for p in pieces_of([maps, plain], split="test")] == ["c", "d"]
    assert len(pieces_of([maps, plain], split=None)) == 4
    with pytest.raises(InputNotFoundError, match="split validation"):
        pieces_of([maps], split="validation")


def test_report_has_means_by_group_and_survives_json(maps):
    pieces = pieces_of([maps], split=None)

    def transcribe(audio):
        return deaf(audio) if "AkPnBcht" in audio.name else perfect(audio)

    results = list(evaluate(pieces, transcribe))
    figures = json.loads(json.dumps(report(results, Path("models/piano.safetensors"))))
    assert figures["checkpoint"] == "piano.safetensors"
    assert figures["mean"]["note_aligned"]["f1"] == pytest.approx(2 / 3)
    assert figures["groups"]["AkPnBcht"]["note"]["f1"] == 0.0
    assert figures["groups"]["SptkBGAm"]["note_offset"]["f1"] == 1.0
    assert [(p["group"], p["split"]) for p in figures["pieces"]] == [
        ("AkPnBcht", "train"),
        ("ENSTDkAm", "test"),
        ("SptkBGAm", "train"),
    ]
    assert figures["real_time_factor"] == pytest.approx(
        6.0 / sum(p["seconds"] for p in figures["pieces"])
    )


@pytest.mark.parametrize(("extend", "right"), [(True, 0.0), (False, 1.0)])
def test_reference_offsets_include_the_pedal_unless_told(
    tmp_path, write_recording, write_midi, extend, right
):
    audio = write_recording(tmp_path / "take.wav")
    write_midi(audio.with_suffix(".mid"), [(0.2, 0.5, 60, 80)], [(0.3, 127), (1.5, 0)])
    (result,) = evaluate(pieces_of([tmp_path], split=None), perfect, extend_by_pedal=extend)
    assert result.scores.note.f1 == 1.0
    assert result.scores.note_offset.f1 == right
