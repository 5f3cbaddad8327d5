"""What is shipped, under which licence, and what the code must never load."""

from __future__ import annotations

import ast
import os
import re
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

import pytest
from packaging.requirements import Requirement

import amtstudio

ROOT = Path(__file__).resolve().parents[1]
SOURCES = sorted([*ROOT.glob("amtstudio/**/*.py"), *ROOT.glob("training/**/*.py")])
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))

BUILD = PROJECT["tool"]["hatch"]["build"]["targets"]["wheel"]
PROJECT_SHARED_DATA = {inside: source for source, inside in BUILD["shared-data"].items()}


def shipped_resources() -> list[Path]:
    return sorted(path for path in (ROOT / "resources").rglob("*") if path.is_file())


def imported_modules(tree: ast.AST) -> set[str]:
    names = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names.update(alias.name.split(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            names.add(node.module.split(".")[0])
    return names


def test_the_wheel_holds_the_program_and_its_resources_and_nothing_else(tmp_path):
    builders = pytest.importorskip("hatchling.builders.wheel")
    (built,) = builders.WheelBuilder(str(ROOT)).build(directory=str(tmp_path))

    with zipfile.ZipFile(built) as wheel:
        names = [name for name in wheel.namelist() if ".dist-info/" not in name]
        metadata = wheel.read(f"amtstudio-{amtstudio.__version__}.dist-info/METADATA").decode()
        prefix = f"amtstudio-{amtstudio.__version__}.data/data/"
        for inside, source in PROJECT_SHARED_DATA.items():
            assert wheel.read(f"{prefix}{inside}") == (ROOT / source).read_bytes()
        names = [name for name in names if not name.startswith(prefix)]
        for path in shipped_resources():
            inside = f"amtstudio/_resources/{path.relative_to(ROOT / 'resources').as_posix()}"
            assert wheel.read(inside) == path.read_bytes()

    code = {path.relative_to(ROOT).as_posix() for path in ROOT.glob("amtstudio/**/*.py")}
    assert code <= set(names)
    assert {name.split("/")[0] for name in names} == {"amtstudio"}
    assert f"\nVersion: {amtstudio.__version__}\n" in metadata


def test_every_resource_is_listed_with_its_licence():
    notices = (ROOT / "resources/THIRD_PARTY_NOTICES.md").read_text(encoding="utf-8")
    listed = dict(re.findall(r"^\| `([^`]+)` \| ([^|]+?) \|", notices, flags=re.MULTILINE))

    for path in shipped_resources():
        name = path.relative_to(ROOT / "resources").as_posix()
        owners = [
            entry
            for entry in listed
            if name == entry or (entry.endswith("/") and name.startswith(entry))
        ]
        assert owners, f"resources/{name} is not in THIRD_PARTY_NOTICES.md"
        assert all(listed[entry] for entry in owners)


def test_the_weights_of_all_models_are_small():
    sizes = {path.name: path.stat().st_size for path in (ROOT / "resources/models").iterdir()}
    assert {"piano.safetensors", "melodic.safetensors", "drums.safetensors"} <= sizes.keys()
    assert sum(sizes.values()) <= 25_000_000


def test_every_dependency_is_listed_with_its_licence():
    notices = (ROOT / "resources/THIRD_PARTY_NOTICES.md").read_text(encoding="utf-8")
    rows = re.findall(
        r"^\| ([\w-]+)(?: \([\w ]+\))? \| ([^|]+?) \| [^|]+ \|$", notices, re.MULTILINE
    )
    needed = {Requirement(text).name for text in PROJECT["project"]["dependencies"]}

    assert needed <= dict(rows).keys()


def test_the_tested_versions_are_versions_that_the_project_allows():
    lines = (ROOT / "packaging/constraints.txt").read_text(encoding="utf-8").splitlines()
    pins = dict(line.split("==") for line in lines if not line.startswith("#"))
    setup = (ROOT / "packaging/setup.sh").read_text(encoding="utf-8")
    pins["torch"] = re.findall(r"^torch_version=(\S+)$", setup, re.MULTILINE)[0]
    project = PROJECT["project"]

    for text in [*project["dependencies"], *project["optional-dependencies"]["dev"]]:
        requirement = Requirement(text)
        assert pins[requirement.name] in requirement.specifier, text


def test_packaging_is_a_folder_and_not_a_package():
    # With an __init__.py it would hide the package "packaging" from pytest and pip.
    assert not (ROOT / "packaging/__init__.py").exists()


def ways_to_run_code(source: str) -> list[str]:
    """Calls and imports through which a data file could run code, each with its line."""
    tree = ast.parse(source)
    unsafe = imported_modules(tree) & {"pickle", "cPickle", "dill", "joblib", "marshal", "shelve"}
    found = [f"imports {name}" for name in sorted(unsafe)]
    for call in (node for node in ast.walk(tree) if isinstance(node, ast.Call)):
        options = {keyword.arg: ast.unparse(keyword.value) for keyword in call.keywords}
        name = ast.unparse(call.func)
        # torch.load unpickles, whatever it is told; weights are kept as safetensors.
        if options.get("allow_pickle", "False") != "False" or name == "torch.load":
            found.append(f"{call.lineno}: {ast.unparse(call)}")
        # Before NumPy 2.1 savez() takes it for the name of an array.
        if "allow_pickle" in options and name.startswith("np.savez"):
            found.append(f"{call.lineno}: {ast.unparse(call)}")
    return found


def test_no_source_can_run_code_from_a_data_file():
    sources = {
        path.relative_to(ROOT).as_posix(): path.read_text(encoding="utf-8") for path in SOURCES
    }
    assert len(sources) > 300
    found = {path: ways_to_run_code(source) for path, source in sources.items()}
    assert {path: ways for path, ways in found.items() if ways} == {}


def test_the_search_for_ways_to_run_code_finds_them():
    assert ways_to_run_code("import pickle") == ["imports pickle"]
    assert ways_to_run_code("from shelve import open") == ["imports shelve"]
    for call in (
        "np.load(path, allow_pickle=True)",
        "np.load(path, allow_pickle=choice)",
        "torch.load(path)",
        "torch.load(path, weights_only=True)",
        "np.savez(path, allow_pickle=False, a=a)",
    ):
        assert ways_to_run_code(call) == [f"1: {call}"]
    assert ways_to_run_code("load_file(path); np.load(path)") == []


def test_everything_but_the_window_imports_without_qt():
    code = """
import importlib, pkgutil, sys
for name in ("PySide6", "shiboken6", "pyqtgraph"):
    sys.modules[name] = None  # importing it raises ImportError
import amtstudio
for module in pkgutil.walk_packages(amtstudio.__path__, "amtstudio."):
    if "ui" not in module.name.split(".") and not module.name.endswith("__main__"):
        importlib.import_module(module.name)
"""
    environment = os.environ | {"PYTHONPATH": str(ROOT), "PYTHONWARNINGS": "default"}
    done = subprocess.run(
        [sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr


def test_qt_is_imported_in_ui_only():
    for path in SOURCES:
        if "ui" not in path.relative_to(ROOT).parts:
            tree = ast.parse(path.read_text(encoding="utf-8"))
            assert not imported_modules(tree) & {"PySide6", "pyqtgraph"}, path
