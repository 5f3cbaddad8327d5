"""What a profile learned from a recording goes when the recording is forgotten."""

import hashlib
from dataclasses import replace

import numpy as np
import pytest
import soundfile

from amtstudio.errors import ProfileError
from amtstudio.learning.forgetting import forget, plan_forgetting, profiles_with
from amtstudio.learning.opinion import Trust
from amtstudio.learning.request import Request
from amtstudio.learning.run_folder import RunFolder, run_path
from amtstudio.models import find_model, sha256_of
from amtstudio.models.checkpoint import load_model
from amtstudio.profiles import LedgerEntry, Profile, export_profile, list_profiles, read_profile
from amtstudio.profiles.store import import_profile, rewrite_profile
from amtstudio.profiles.weights import load_profiled_model, save_profile
from amtstudio.session import Document
from amtstudio.session.audio_reference import AudioReference


@pytest.fixture(autouse=True)
def _data_dir(tmp_path, monkeypatch):
    monkeypatch.setenv("AMTSTUDIO_DATA_DIR", str(tmp_path / "data"))


@pytest.fixture
def takes(tmp_path):
    """Files with the names a.wav, b.wav, c.wav and contents of their own."""
    paths = {}
    for name in "abc":
        paths[name] = tmp_path / f"{name}.wav"
        paths[name].write_bytes(b"sound of " + name.encode())
    return paths


def digest(path):
    return hashlib.sha256(path.read_bytes()).hexdigest()


def keep_profile(takes, name="upright", **roles):
    """A profile that learned from the takes in these roles."""
    entries = [
        LedgerEntry(path.name, digest(path), 60.0, roles.get(key, "adapt"), source=str(path))
        for key, path in takes.items()
    ]
    model, card = load_model(find_model("piano"))
    base = model.state_dict()
    adapted = {key: value.clone() for key, value in base.items()}
    adapted["head.bias"] += 0.5
    report = {
        "reason": "Steadier",
        "before": {"agreement": 0.9},
        "recordings": {path.name: {"seconds": 60.0} for path in takes.values()},
        "asked": {
            "minutes": 3.0,
            "teacher": "ensemble",
            "trust": {"surely": 0.8, "surely_not": 0.2},
        },
    }
    profile = Profile(
        name=name,
        base="piano",
        base_sha256=sha256_of(find_model("piano")),
        thresholds=dict(card.thresholds),
        report=report,
        ledger=tuple(entries),
    )
    save_profile(profile, base, adapted)
    return profile


def test_a_profile_that_learned_from_it_is_withdrawn_and_asked_for_anew(takes):
    keep_profile(takes, c="accept")
    folder = run_path("upright")
    folder.mkdir(parents=True)
    (folder / "report.json").write_text("{}")  # names the recording
    plan = plan_forgetting("upright", "A.WAV")
    assert plan.was_learned
    request = plan.request()
    assert request == Request(
        "upright",
        (takes["b"], takes["c"]),
        minutes=3.0,
        teacher="ensemble",
        model="piano",
        trust=Trust(0.8, 0.2),
    )
    forget(plan)
    assert list_profiles() == ([], [])
    assert not folder.exists()


def test_what_only_judged_leaves_the_ledger_and_the_weights_stay(takes):
    keep_profile(takes, c="accept")
    weights = load_profiled_model("upright")[0].state_dict()["head.bias"]
    forget(plan_forgetting("upright", str(takes["c"])))
    profile = read_profile("upright")
    assert [entry.recording for entry in profile.ledger] == ["a.wav", "b.wav"]
    assert set(profile.report["recordings"]) == {"a.wav", "b.wav"}
    assert "before" not in profile.report  # it had a part in the figures
    assert "c.wav" not in profile.to_json()
    assert load_profiled_model("upright")[0].state_dict()["head.bias"].equal(weights)


def test_a_renamed_recording_is_known_by_its_content(takes, tmp_path):
    keep_profile(takes)
    renamed = takes["b"].rename(tmp_path / "another name.wav")
    plan = plan_forgetting("upright", str(renamed))
    assert [entry.recording for entry in plan.forgotten] == ["b.wav"]
    assert plan_forgetting("upright", digest(renamed)[:8]).forgotten == plan.forgotten
    assert profiles_with(str(renamed)) == ["upright"]


def test_what_is_gone_or_has_changed_is_not_learned_from_again(takes):
    keep_profile(takes)
    takes["b"].unlink()
    takes["c"].write_bytes(takes["a"].read_bytes())  # the forgotten one under another name
    plan = plan_forgetting("upright", "a.wav")
    assert [entry.recording for entry in plan.missing] == ["b.wav", "c.wav"]
    assert plan.request() is None


def test_projects_are_named_again_as_projects(takes, tmp_path):
    soundfile.write(takes["b"], np.zeros(16000), 16000)
    document = Document.create(AudioReference.read(takes["b"]))
    project = tmp_path / "b.amts"
    document.save_as(project)
    document.close()
    profile = keep_profile(takes)
    ledger = [
        replace(entry, source=str(project)) if entry.recording == "b.wav" else entry
        for entry in profile.ledger
    ]
    rewrite_profile(replace(profile, ledger=tuple(ledger)))
    assert plan_forgetting("upright", "a.wav").request().recordings == (project, takes["c"])


def test_what_the_profile_does_not_know_is_said_with_what_it_knows(takes):
    keep_profile(takes)
    told = "not made from 'd.wav'; it was made from: a.wav, b.wav, c.wav"
    with pytest.raises(ProfileError, match=told):
        plan_forgetting("upright", "d.wav")
    with pytest.raises(ProfileError, match="no profile"):
        plan_forgetting("other", "a.wav")


def test_two_recordings_of_one_name_have_to_be_told_apart(takes):
    profile = keep_profile(takes)
    ledger = tuple(replace(entry, recording="take.wav") for entry in profile.ledger)
    rewrite_profile(replace(profile, ledger=ledger))
    with pytest.raises(ProfileError, match=r"3 recordings called 'take\.wav'"):
        plan_forgetting("upright", "take.wav")
    assert plan_forgetting("upright", str(takes["a"])).forgotten == ledger[:1]


def test_nothing_is_withdrawn_under_a_run_that_is_at_work(takes):
    keep_profile(takes)
    plan = plan_forgetting("upright", "a.wav")
    with (
        RunFolder.open(Request("upright", (takes["b"],), overwrite=True), resume=False),
        pytest.raises(ProfileError, match="is running"),
    ):
        forget(plan)
    assert read_profile("upright") == plan.profile


def test_paths_of_recordings_never_leave_the_machine(takes, tmp_path):
    keep_profile(takes)
    target = tmp_path / "out.amtprofile"
    export_profile("upright", target)
    assert str(tmp_path).encode() not in target.read_bytes()
    assert import_profile(target, name="copy").ledger[0].source == ""
    assert plan_forgetting("copy", "a.wav").request() is None
