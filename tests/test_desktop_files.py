"""The entry in the desktop's menu, its icon, and the kinds of files it opens."""

from __future__ import annotations

import configparser
import os
import shutil
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from PySide6.QtGui import QIcon

import amtstudio
from amtstudio.resources import resource_path

FOLDER = Path(__file__).resolve().parents[1] / "packaging" / "desktop"
MIME = "{http://www.freedesktop.org/standards/shared-mime-info}"


def desktop_entry() -> configparser.SectionProxy:
    parser = configparser.ConfigParser(interpolation=None)
    parser.optionxform = str  # type: ignore[assignment]
    parser.read(FOLDER / "amtstudio.desktop", encoding="utf-8")
    return parser["Desktop Entry"]


def test_the_entry_opens_the_window_with_the_icon_that_ships():
    entry = desktop_entry()
    assert entry["Exec"] == "amtstudio gui %F"
    assert resource_path("icons", f"{entry['Icon']}.svg").is_file()
    assert entry["StartupWMClass"] == "amtstudio"  # as QApplication is told


def test_projects_have_a_kind_of_their_own_that_the_entry_opens():
    kinds = {
        kind.attrib["type"]: [glob.attrib["pattern"] for glob in kind.findall(f"{MIME}glob")]
        for kind in ET.parse(FOLDER / "amtstudio.xml").iter(f"{MIME}mime-type")
    }
    assert kinds == {
        "application/x-amtstudio-project": ["*.amts"],
        "application/x-amtstudio-profile": ["*.amtprofile"],
    }
    assert "application/x-amtstudio-project" in desktop_entry()["MimeType"].split(";")


def test_the_description_is_that_of_this_version():
    root = ET.parse(FOLDER / "amtstudio.metainfo.xml").getroot()
    (release,) = root.findall("releases/release")
    assert release.attrib["version"] == amtstudio.__version__
    assert root.findtext("launchable") == "amtstudio.desktop"


@pytest.mark.parametrize(
    "command",
    [
        ["desktop-file-validate", "amtstudio.desktop"],
        ["appstreamcli", "validate", "--no-net", "amtstudio.metainfo.xml"],
    ],
)
def test_the_validators_of_the_desktop_are_content(command):
    if shutil.which(command[0]) is None:
        pytest.skip(f"{command[0]} is not installed")
    done = subprocess.run(
        command, cwd=FOLDER, capture_output=True, text=True, timeout=60, check=False
    )
    assert (done.returncode, done.stderr) == (0, ""), done.stdout


@pytest.mark.parametrize("size", [16, 32, 128])
def test_the_icon_can_be_painted_small_and_large(qapp, size):
    image = QIcon(str(resource_path("icons", "amtstudio.svg"))).pixmap(size, size).toImage()
    assert image.width() == size
    assert image.pixelColor(0, 0).alpha() < 128  # outside the rounded corner
    colours = {image.pixelColor(x, y).name() for x in range(size) for y in range(size)}
    assert len(colours) > 20


def test_the_application_has_the_icon():
    code = "from amtstudio.ui.app import make_app; print(make_app().windowIcon().isNull())"
    done = subprocess.run(
        [sys.executable, "-c", code],
        env=os.environ | {"QT_QPA_PLATFORM": "offscreen", "PYTHONPATH": str(FOLDER.parents[1])},
        capture_output=True,
        text=True,
        timeout=120,
        check=True,
    )
    assert done.stdout == "False\n"
