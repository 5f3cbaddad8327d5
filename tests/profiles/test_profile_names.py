"""Names that differ stay different, whatever they are made of; spellings of one name do not."""

from __future__ import annotations

import dataclasses
import itertools
import unicodedata

import pytest
import torch
from safetensors.torch import save

from amtstudio.errors import OutputExistsError, ProfileError
from amtstudio.learning.run_folder import REQUEST, run_path, runs_dir
from amtstudio.profiles import (
    Profile,
    delete_profile,
    export_profile,
    has_profile,
    import_profile,
    list_profiles,
    profiles_dir,
    read_profile,
    rename_profile,
)
from amtstudio.profiles.file_names import former_stem_of, stem_of
from amtstudio.profiles.profile import check_name
from amtstudio.profiles.store import (
    SUFFIX,
    find_profile,
    joined,
    path_of,
    rewrite_profile,
    write_profile,
)

DIFFERENT = (
    "Upright #1",
    "Upright (1",
    "Upright +1",
    "Upright 1",
    "Upright-1",
    "Upright--1",
    "Upright  1",
    "Upright1",
    "Sala 🎹1",
    "Sala 🎸1",
    "Sala 1",
    "ß piano",
    "SS piano",
    "①",
    "1",
    "ﬁne",
    "fine",
    "\uff26\uff49\uff4e\uff45",
    "x²",
    "x2",
    "a/b",
    "a\\b",
    "a:b",
    "a.b",
    "con",
    "con.",
    "nul 1",
    "com1",
    "é" * 60,
    "é" * 59 + "e",
    "琴" * 60,
    "琴" * 59 + "箏",
    "🎹" * 59 + "1",
    "🎹" * 58 + "🎸1",
    "Ι",  # the Greek one  # noqa: RUF001
    "I",
)


@pytest.fixture(autouse=True)
def _data_dir(tmp_path, monkeypatch):
    monkeypatch.setenv("AMTSTUDIO_DATA_DIR", str(tmp_path / "data"))


def profile_of(name, **changes):
    return Profile(name, "piano", "0" * 64, {"onset": 0.4, "frame": 0.3}, **changes)


def bytes_of(profile):
    return joined(profile, save({"head.bias": torch.ones(2)}))


def make(name, **changes):
    profile = profile_of(name, **changes)
    write_profile(bytes_of(profile), name, overwrite=False)
    return profile


def make_as_before(name, **changes):
    """Where a former version put it."""
    profiles_dir().mkdir(parents=True, exist_ok=True)
    path = profiles_dir() / f"{former_stem_of(name)}{SUFFIX}"
    path.write_bytes(bytes_of(profile_of(name, **changes)))
    return path


def names():
    return [profile.name for profile in list_profiles()[0]]


def test_different_names_have_different_files_on_every_file_system():
    stems = [stem_of(name) for name in DIFFERENT]
    # As a file system sees them that knows neither capitals nor how letters are composed.
    seen = [unicodedata.normalize("NFKC", stem).casefold() for stem in stems]
    plain = [stem for stem in seen if "=" not in stem]
    assert len(set(plain)) == len(plain)
    hashes = [stem.rpartition("=")[2] for stem in seen if "=" in stem]
    assert len(set(hashes)) == len(hashes)
    for stem in stems:
        assert len((stem + SUFFIX).encode()) < 160
        assert not set(stem) & set('<>:"/\\|?*\0')
        assert not stem.startswith(".")
        assert not stem.endswith((" ", "."))
        assert stem.split(".")[0] not in ("con", "nul", "aux", "com1")


def test_names_that_differ_stay_different():
    for name in DIFFERENT:
        check_name(name)
        with pytest.raises(ProfileError, match="there is no profile"):
            read_profile(name)
        make(name)
    assert sorted(names()) == sorted(DIFFERENT)
    for name in DIFFERENT:
        assert read_profile(name).name == name
        delete_profile(name)
        assert name not in names()
        assert not has_profile(name)
    assert not list(profiles_dir().iterdir())


@pytest.mark.parametrize("name", ["Flügel", "Café №2", "Ångström 3", "Żółw", "ガレージ"])
def test_spellings_of_one_name_are_the_same(name):
    spellings = [unicodedata.normalize("NFC", name), unicodedata.normalize("NFD", name)]
    spellings += [spelling.upper() for spelling in spellings]
    for one, other in itertools.permutations(spellings, 2):
        make(one)
        assert read_profile(other).name == one
        with pytest.raises(OutputExistsError, match="already"):
            make(other)
        delete_profile(other)
        assert not has_profile(one)


def test_ordinary_names_keep_the_file_that_they_had():
    for name in ("My upright", "Flügel im Saal", "grand", "Klavier 2"):
        assert stem_of(name) == former_stem_of(name)


def test_a_profile_of_a_former_version_is_found_by_its_name_and_no_other():
    path = make_as_before("Upright #1")
    assert read_profile("upright #1").name == "Upright #1"
    assert find_profile("Upright #1") == path
    for other in ("Upright (1", "Upright  1", "Upright--1"):
        assert not has_profile(other)
        with pytest.raises(ProfileError, match="there is no profile"):
            delete_profile(other)
    with pytest.raises(OutputExistsError, match="already"):
        make("Upright #1")
    make("Upright (1")
    assert names() == ["Upright #1", "Upright (1"]
    delete_profile("Upright #1")
    assert names() == ["Upright (1"]


def test_a_profile_of_a_former_version_makes_way_for_the_owner_of_its_file():
    make_as_before("Upright#1")
    assert not has_profile("Upright 1")
    make("Upright 1")
    assert names() == ["Upright 1", "Upright#1"]
    assert find_profile("Upright#1") == path_of("Upright#1")
    # The two that were one file for a former version.
    rename_profile("Upright#1", "Upright/1")
    rename_profile("Upright 1", "Upright#1")
    assert names() == ["Upright#1", "Upright/1"]


def test_a_profile_of_a_former_version_takes_its_own_file_when_it_is_written():
    former = make_as_before("Upright #1")
    rewrite_profile(dataclasses.replace(read_profile("Upright #1"), created="2026"))
    assert not former.exists()
    assert read_profile("Upright #1").created == "2026"
    assert names() == ["Upright #1"]
    former = make_as_before("Sala 🎹1")
    rename_profile("Sala 🎹1", "sala 🎹1")
    assert not former.exists()
    assert "sala 🎹1" in names()
    former = make_as_before("Saal#1")
    rename_profile("Saal#1", "Saal 1")  # to the file in which it lies
    assert names() == ["Saal 1", "sala 🎹1", "Upright #1"]


def test_exporting_and_importing_keep_the_name(tmp_path):
    make_as_before("Upright #1")
    export_profile("Upright #1", tmp_path / "x.amtprofile")
    with pytest.raises(OutputExistsError, match="already"):
        import_profile(tmp_path / "x.amtprofile")
    assert import_profile(tmp_path / "x.amtprofile", name="Upright (1").name == "Upright (1"
    assert names() == ["Upright #1", "Upright (1"]


def test_a_file_that_the_user_called_otherwise_is_found_and_listed_once():
    make("My upright")
    copy = profiles_dir() / f"copy{SUFFIX}"
    copy.write_bytes(find_profile("My upright").read_bytes())
    assert names() == ["My upright"]
    assert find_profile("My upright") == path_of("My upright")
    path_of("My upright").unlink()
    assert find_profile("My upright") == copy


def test_a_damaged_profile_can_be_deleted_by_its_name():
    make("Upright #1")
    find_profile("Upright #1").write_bytes(b"\0" * 30)
    assert has_profile("Upright #1")
    assert not has_profile("Upright (1")
    delete_profile("Upright #1")
    assert not has_profile("Upright #1")


def test_a_stopped_run_of_a_former_version_is_found():
    folder = runs_dir() / former_stem_of("Upright #1")
    folder.mkdir(parents=True)
    (folder / REQUEST).write_text('{"name": "Upright #1"}')
    assert run_path("Upright #1") == folder
    assert run_path("Upright (1") != folder
    assert len({run_path(name) for name in DIFFERENT}) == len(DIFFERENT)
