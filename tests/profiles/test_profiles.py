import json
from dataclasses import replace

import pytest
import torch

from amtstudio.engine import load_transcriber
from amtstudio.errors import OutputExistsError, ProfileError
from amtstudio.features import FrameGrid
from amtstudio.models import find_model, sha256_of
from amtstudio.models.checkpoint import load_model
from amtstudio.profiles import (
    LedgerEntry,
    Profile,
    delete_profile,
    export_profile,
    import_profile,
    list_profiles,
    profiles_dir,
    read_profile,
    rename_profile,
)
from amtstudio.profiles.weights import load_profiled_model, save_profile


@pytest.fixture(autouse=True)
def _data_dir(tmp_path, monkeypatch):
    monkeypatch.setenv("AMTSTUDIO_DATA_DIR", str(tmp_path / "data"))


def make_profile(name="My upright", **changes):
    base = find_model("piano")
    values = {
        "base": "piano",
        "base_sha256": sha256_of(base),
        "thresholds": {"onset": 0.37, "frame": 0.25},
        "tuning_cents": -28.0,
        "created": "2026-01-31T12:00:00+00:00",
        "report": {"adopted": True, "before": {"agreement": 0.8}},
        "ledger": (LedgerEntry("étude.wav", "a" * 64, 312.5, "adapt", corrected_s=20.0),),
    }
    return Profile(name, **{**values, **changes})


def save_changed(profile, scale=0.5):
    model, _ = load_model(find_model("piano"))
    base = {name: value.clone() for name, value in model.state_dict().items()}
    adapted = {name: value.clone() for name, value in base.items()}
    adapted["head.bias"] += scale
    save_profile(profile, base, adapted)
    return base


def test_a_profile_comes_back_as_it_was_saved():
    profile = make_profile()
    save_changed(profile)
    assert read_profile("My upright") == profile
    assert list_profiles() == ([profile], [])


def test_the_calibrations_of_a_profile_reach_the_decoding():
    thresholds = {"onset": 0.4, "frame": 0.6, "release_s": -0.02, "velocity_at_64": 70.0}
    save_changed(make_profile(thresholds=thresholds, onset_shift_s=-0.022))
    settings = load_transcriber("", profile="My upright", device="cpu").settings
    assert (settings.onset_shift_s, settings.release_s) == (-0.022, -0.02)
    assert settings.velocity_curve == (32.0, 70.0, 96.0)


def test_the_model_of_a_profile_differs_only_in_what_was_learned():
    base = save_changed(make_profile())
    model, card, profile = load_profiled_model("My upright")
    for name, value in model.state_dict().items():
        expected = base[name] + 0.5 if name == "head.bias" else base[name]
        torch.testing.assert_close(value, expected)
    assert card.thresholds == profile.thresholds
    assert not model.training
    assert pytest.approx(model.grid.sample_rate, abs=0.5) == 16_000 * 2 ** (-28 / 1200)
    stored = next(profiles_dir().iterdir())
    assert stored.stat().st_size < 3000  # four numbers and the card, not a model


def test_the_base_model_stays_as_it_is_to_the_byte():
    before = find_model("piano").read_bytes()
    save_changed(make_profile())
    load_profiled_model("My upright")
    assert find_model("piano").read_bytes() == before


def test_a_rate_for_each_tuning():
    grid = FrameGrid(16000, 512)
    assert grid.retuned(0.0) == grid
    assert grid.retuned(1200.0).sample_rate == 32000  # an octave sharp: twice as slow


def test_names_in_use_are_kept():
    save_changed(make_profile())
    with pytest.raises(OutputExistsError, match="already"):
        save_changed(make_profile("my UPRIGHT"))
    assert read_profile("My upright").name == "My upright"


def test_renaming_exporting_importing_and_deleting(tmp_path):
    save_changed(make_profile())
    rename_profile("My upright", "Flügel im Saal")
    target = tmp_path / "hall.amtprofile"
    export_profile("Flügel im Saal", target)
    delete_profile("Flügel im Saal")
    assert list_profiles() == ([], [])
    assert import_profile(target).name == "Flügel im Saal"
    assert import_profile(target, name="copy").ledger[0].recording == "étude.wav"
    with pytest.raises(OutputExistsError, match="already"):
        import_profile(target)
    assert [profile.name for profile in list_profiles()[0]] == ["copy", "Flügel im Saal"]
    model, _, _ = load_profiled_model("copy")
    assert model is not None


@pytest.mark.parametrize("name", ["", " x", "a\nb", "x" * 61, "...", "\u202e"])
def test_names_that_are_none_are_refused(name):
    with pytest.raises(ProfileError, match=r"name"):
        make_profile(name)


def test_a_path_in_a_name_leads_nowhere_else():
    save_changed(make_profile("../../etc/passwd"))
    assert [path.parent for path in profiles_dir().iterdir()] == [profiles_dir()]


def test_what_is_not_there_is_said_with_what_is():
    save_changed(make_profile())
    with pytest.raises(ProfileError, match="there are: My upright"):
        read_profile("other")


def test_a_profile_for_another_model_is_refused():
    save_changed(make_profile(base_sha256="0" * 64))
    with pytest.raises(ProfileError, match="another version of the model") as refused:
        load_profiled_model("My upright")
    assert refused.value.hint == (
        "make it again under the same name, from the same recordings: étude.wav"
    )


def test_damaged_files_are_refused_and_named(tmp_path):
    save_changed(make_profile())
    path = next(profiles_dir().iterdir())
    data = path.read_bytes()
    for wrong in (b"", b"\0" * 64, data[:100], data.replace(b"accept", b"xccept"), data[:-4]):
        path.write_bytes(wrong)
        if wrong != data:
            with pytest.raises(ProfileError, match="profile"):
                load_profiled_model("My upright")
    path.write_bytes(data[:50])
    assert list_profiles()[0] == []
    assert "my-upright" in list_profiles()[1][0]


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"thresholds": {"onset": 0.5}}, "frame"),
        ({"thresholds": {"onset": 2.0, "frame": 0.5}}, "onset"),
        ({"tuning_cents": 300.0}, "tuning_cents"),
        ({"tuning_cents": float("nan")}, "tuning_cents"),
        ({"report": []}, "report"),
        ({"format_version": 2}, "format"),
    ],
)
def test_values_out_of_range_are_refused(change, message):
    with pytest.raises(ProfileError, match=message):
        replace(make_profile(), **change)


def test_a_ledger_from_elsewhere_is_checked():
    text = json.loads(make_profile().to_json())
    text["ledger"][0]["role"] = "judge"
    with pytest.raises(ProfileError, match="role"):
        Profile.from_json(json.dumps(text))
    with pytest.raises(ProfileError, match="damaged"):
        Profile.from_json('{"name": "x"}')


def test_weights_that_are_not_finite_are_not_saved():
    state = {"w": torch.ones(2)}
    with pytest.raises(ValueError, match="finite"):
        save_profile(make_profile(), state, {"w": torch.tensor([1.0, float("nan")])})
    with pytest.raises(ValueError, match="one network"):
        save_profile(make_profile(), state, {"v": torch.ones(2)})


def test_a_file_that_is_no_profile_is_named_once(tmp_path):
    with pytest.raises(ProfileError) as folder:
        import_profile(tmp_path)
    assert str(folder.value) == f"cannot load the profile {tmp_path.name}: it is a folder"
    with pytest.raises(ProfileError) as missing:
        import_profile(tmp_path / "model.amtprofile")
    assert str(missing.value) == f"there is no profile file {tmp_path / 'model.amtprofile'}"
