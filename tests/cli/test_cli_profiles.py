"""``adapt``, ``profiles`` and ``--profile``, as far as they need no minutes."""

from __future__ import annotations

import json

import numpy as np
import pytest
import soundfile
import torch

from amtstudio.cli import main
from amtstudio.engine import PlannedTranscriber, SuitabilityCheck
from amtstudio.engine.plan import Plan, Reason
from amtstudio.models import find_model, sha256_of
from amtstudio.models.checkpoint import load_model
from amtstudio.profiles import LedgerEntry, Profile
from amtstudio.profiles.weights import save_profile
from amtstudio.session import AudioReference, Document
from amtstudio.symbolic import Note
from amtstudio.symbolic.instruments import INSTRUMENT_CLASSES, InstrumentActivity


@pytest.fixture(autouse=True)
def _profile(tmp_path, monkeypatch):
    monkeypatch.setenv("AMTSTUDIO_DATA_DIR", str(tmp_path / "data"))
    model, card = load_model(find_model("piano"))
    base = model.state_dict()
    adapted = {name: value.clone() for name, value in base.items()}
    adapted["head.bias"] += torch.tensor([-30.0, 0.0, 0.0, 0.0])  # deaf: it is seen when used
    profile = Profile(
        name="Deaf grand",
        base="piano",
        base_sha256=sha256_of(find_model("piano")),
        thresholds=dict(card.thresholds),
        created="2026-01-31T12:00:00+00:00",
        ledger=(LedgerEntry("a.wav", "0" * 64, 90.0, "adapt"),),
    )
    save_profile(profile, base, adapted)


def save_unchanged(name, *instruments):
    """A profile with the weights of the piano, made with these instruments."""
    path = find_model("piano")
    model, card = load_model(path)
    mine = Profile(name, "piano", sha256_of(path), dict(card.thresholds), instruments=instruments)
    save_profile(mine, model.state_dict(), model.state_dict())


def test_a_profile_changes_what_is_heard_and_is_named_in_the_result(recording, tmp_path):
    outputs = {}
    for name, options in (("plain", []), ("deaf", ["--profile", "deaf GRAND"])):
        path = tmp_path / f"{name}.json"
        assert (
            main(["transcribe", str(recording), "-o", str(path), "--device", "cpu", *options]) == 0
        )
        outputs[name] = json.loads(path.read_text())
    assert outputs["plain"]["profile"] is None
    assert outputs["plain"]["notes"]
    assert outputs["deaf"]["profile"] == "Deaf grand"
    assert outputs["deaf"]["model"] == "piano"
    assert outputs["deaf"]["notes"] == []


def test_profile_and_model_exclude_each_other(recording, capsys):
    code = main(["transcribe", str(recording), "--profile", "Deaf grand", "--model", "piano"])
    assert code == 2
    assert "cannot be combined" in capsys.readouterr().err


def test_an_unknown_profile_is_said_with_those_there_are(recording, capsys):
    assert main(["transcribe", str(recording), "--profile", "other"]) == 78
    assert "there are: Deaf grand" in capsys.readouterr().err


def test_profiles_are_listed_shown_moved_and_deleted(tmp_path, capsys):
    assert main(["profiles", "list"]) == 0
    line = capsys.readouterr().out
    assert line.startswith("Deaf grand  for piano, 2026-01-31, 1 recording, 1.5 minutes")
    assert main(["profiles", "list", "--format", "json"]) == 0
    assert json.loads(capsys.readouterr().out)[0]["seconds"] == 90.0
    assert main(["profiles", "show", "Deaf grand"]) == 0
    assert json.loads(capsys.readouterr().out)["ledger"][0]["recording"] == "a.wav"
    exported = str(tmp_path / "x.amtprofile")
    assert main(["profiles", "export", "Deaf grand", exported]) == 0
    assert main(["profiles", "export", "Deaf grand", exported]) == 73
    assert main(["profiles", "rename", "Deaf grand", "Old grand"]) == 0
    assert main(["profiles", "import", exported, "--name", "New grand"]) == 0
    assert main(["profiles", "delete", "Old grand"]) == 0
    capsys.readouterr()
    assert main(["profiles", "list"]) == 0
    assert capsys.readouterr().out.startswith("New grand")
    assert main(["profiles", "show", "Old grand"]) == 78


def test_the_profile_of_an_instrument_is_named_where_it_is_heard_again(
    recording, tmp_path, capsys, monkeypatch
):
    save_unchanged("My piano", "piano")
    assert main(["profiles", "list"]) == 0
    assert "My piano  for piano (piano)," in capsys.readouterr().out
    heard = Plan(("piano",), Reason.SOLO_PIANO, ("piano",))
    monkeypatch.setattr(PlannedTranscriber, "plan", lambda *_args, **_options: heard)
    one, other = tmp_path / "one.mid", tmp_path / "two.mid"
    assert main(["transcribe", str(recording), "-o", str(one)]) == 0
    assert "there is a profile for this: --profile 'My piano'" in capsys.readouterr().err
    assert main(["transcribe", str(recording), "-o", str(other), "--model", "piano"]) == 0
    assert "there is a profile" not in capsys.readouterr().err


@pytest.mark.parametrize("instrument", ["violin", "piano"])
def test_a_profile_of_another_instrument_is_told(
    recording, tmp_path, capsys, monkeypatch, instrument
):
    save_unchanged("Mine", instrument, "cello")
    scores = np.where(np.array(INSTRUMENT_CLASSES) == "piano", 0.9, 0.1)
    heard = InstrumentActivity(
        INSTRUMENT_CLASSES,
        onsets=np.arange(4.0),
        offsets=np.arange(4.0) + 1.0,
        scores=np.tile(scores, (4, 1)),
        attention=np.full((4, len(INSTRUMENT_CLASSES)), 0.25),
        track_scores=scores,
        thresholds=np.full(len(INSTRUMENT_CLASSES), 0.5),
        duration=4.0,
        file="a.wav",
        model="instruments",
    )
    monkeypatch.setattr(SuitabilityCheck, "heard", lambda *_args, **_options: heard)
    out = str(tmp_path / "out.mid")
    assert main(["transcribe", str(recording), "-o", out, "--profile", "mine"]) == 0
    is_told = "piano is heard, and the profile Mine was made with violin and cello"
    assert (is_told in capsys.readouterr().err) == (instrument == "violin")


def test_adapt_says_what_stands_in_the_way_before_it_begins(recording, tmp_path, capsys):
    assert main(["adapt", str(recording), "--name", "Deaf grand"]) == 73
    assert "already" in capsys.readouterr().err
    assert main(["adapt", str(recording), "--name", "x", "--resume"]) == 2
    assert "no stopped adaptation" in capsys.readouterr().err
    assert main(["adapt", str(tmp_path / "nothing.wav"), "--name", "x"]) == 66
    capsys.readouterr()
    (tmp_path / "empty").mkdir()
    (tmp_path / "empty" / "._take.wav").write_bytes(b"")
    assert main(["adapt", str(recording), str(tmp_path / "empty"), "--name", "x"]) == 66
    assert "contains no recordings" in capsys.readouterr().err
    (tmp_path / "empty" / "TAKE.WAV").write_bytes(b"")
    assert main(["adapt", str(tmp_path / "empty"), "--name", "x"]) == 65
    assert "TAKE.WAV is empty" in capsys.readouterr().err
    assert main(["adapt", str(recording), "--name", "..."]) == 78
    said = capsys.readouterr().err
    assert "must contain a letter or a digit" in said
    assert "What to expect" not in said
    assert main(["adapt", str(recording), "--name", "x", "--trust", "0.2", "0.9"]) == 2
    said = capsys.readouterr().err
    assert "how sure a note has to be, and up to where" in said
    assert "the first is the greater one" in said
    other = tmp_path / "other.wav"
    other.write_bytes(recording.read_bytes())
    options = ["--report", str(other), "--overwrite"]
    assert main(["adapt", str(recording), str(other), "--name", "x", *options]) == 73
    assert "is one of the files that are read" in capsys.readouterr().err
    assert other.read_bytes() == recording.read_bytes()


def test_forgetting_what_was_learned_withdraws_the_profile(capsys):
    assert main(["profiles", "forget", "Deaf grand", "a.wav"]) == 0
    said = capsys.readouterr().err
    assert "withdrew 'Deaf grand', which had learned from a.wav" in said
    assert "nothing left to make 'Deaf grand' from" in said
    assert main(["profiles", "show", "Deaf grand"]) == 78
    capsys.readouterr()
    assert main(["profiles", "forget", "Deaf grand", "a.wav"]) == 78
    assert "no profile" in capsys.readouterr().err


def test_adapt_says_what_to_expect_before_it_begins(tmp_path, rng, capsys):
    path = tmp_path / "take.wav"
    soundfile.write(path, 0.1 * rng.standard_normal(16000), 16000)  # too short to learn from
    assert main(["adapt", str(path), "--name", "x"]) == 65
    assert "on a piano in good order hardly any notes change" in capsys.readouterr().err
    (tmp_path / "take.keyboard.mid").write_bytes(b"")
    assert main(["adapt", str(path), "--name", "x"]) == 65
    assert "about as loud as played from 63 to 68" in capsys.readouterr().err
    assert main(["adapt", str(path), "--name", "x", "--model", "melodic"]) == 65
    assert "not been measured well enough to say" in capsys.readouterr().err


def test_adapt_says_what_it_does_and_writes_what_came_of_it(tmp_path, rng, capsys):
    for name in ("a", "b"):
        soundfile.write(tmp_path / f"{name}.wav", 0.1 * rng.standard_normal(6 * 16000), 16000)
    paths = [str(tmp_path / "a.wav"), str(tmp_path / "b.wav")]
    out = tmp_path / "report.json"
    options = ["--name", "noise", "--device", "cpu", "--report", str(out), "--json-progress"]
    assert main(["adapt", *paths, *options]) == 0
    events = [json.loads(line) for line in capsys.readouterr().err.splitlines()]
    stages = [event["stage"] for event in events if event["event"] == "adapting"]
    assert stages[0] == "loading"
    assert stages[-2:] == ["listening", "done"]
    report = json.loads(out.read_text())
    assert report["reason"] == (
        "These recordings contain hardly any notes. No improvement found. Your model is unchanged."
    )
    assert [reason["code"] for reason in report["reasons"]] == [
        "hardly-any-notes",
        "nothing-gained",
    ]
    assert report["adopted"] is False
    keys = {"minutes_used", "recordings", "before", "after", "guard_set", "seconds", "steps"}
    assert keys <= report.keys()
    assert {use["role"] for use in report["recordings"].values()} == {"adapt", "accept"}
    assert main(["adapt", *paths, "--name", "noise", "--resume"]) == 2
    assert "no stopped adaptation" in capsys.readouterr().err


def test_adapt_learns_no_wrong_notes_from_a_recording_that_was_replaced(tmp_path, capsys):
    audio, project = tmp_path / "take.wav", tmp_path / "take.amts"
    soundfile.write(audio, np.zeros(16000), 16000)
    with Document.create(AudioReference.read(audio)) as document:
        document.add(Note(0.2, 0.4, 60))
        document.accept_passage(0.1, 0.9)
        document.save_as(project)
    soundfile.write(audio, np.full(16000, 0.1), 16000)
    assert main(["adapt", str(project), "--name", "x"]) == 65
    said = capsys.readouterr().err
    assert "take.wav is not the recording that take.amts was made from" in said
    assert "say where the recording is" in said
