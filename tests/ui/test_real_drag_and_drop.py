"""On a virtual display: another program drags a recording onto the window, and the MIDI back."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from amtstudio.formats import read_transcription

ROOT = Path(__file__).resolve().parents[2]
PROGRAMS = Path(__file__).with_name("display_programs.py")
PATIENCE_S = 120.0


@pytest.fixture
def display():
    """The name of an X server of its own; skips the test where there can be none."""
    for program in ("Xvfb", "xdotool"):
        if shutil.which(program) is None:
            pytest.skip(f"needs {program}")
    reader, writer = os.pipe()
    command = ["Xvfb", "-displayfd", str(writer), "-screen", "0", "1600x1000x24"]
    with subprocess.Popen(
        [*command, "-nolisten", "tcp"], pass_fds=(writer,), stderr=subprocess.DEVNULL
    ) as server:
        os.close(writer)
        with os.fdopen(reader) as numbers:
            number = numbers.readline().strip()
        assert number, "Xvfb did not start"
        yield f":{number}"
        server.terminate()


class Program:
    """A process that prints lines of JSON; the latest value of each key is kept."""

    def __init__(self, *arguments: object, display: str) -> None:
        environment = os.environ | {
            "DISPLAY": display,
            "QT_QPA_PLATFORM": "xcb",
            "PYTHONPATH": str(ROOT),
            "OMP_NUM_THREADS": "1",
        }
        self.facts: dict[str, object] = {}
        self.events: list[dict[str, object]] = []
        self._errors: list[str] = []
        self._process = subprocess.Popen(
            [sys.executable, str(PROGRAMS), *map(str, arguments)],
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        streams = (
            (self._process.stdout, self._take),
            (self._process.stderr, self._errors.append),
        )
        self._readers = [threading.Thread(target=self._read, args=args) for args in streams]
        for reader in self._readers:
            reader.start()

    def wait_until(
        self, is_true: Callable[[], object], *, while_doing: Callable[[], object]
    ) -> None:
        deadline = time.monotonic() + PATIENCE_S
        while not is_true():
            assert self._process.poll() is None, "".join(self._errors)
            assert time.monotonic() < deadline, (self.facts, self.events, self._errors)
            while_doing()

    def said(self, event: str) -> bool:
        return any(words.get("event") == event for words in self.events)

    def end(self) -> None:
        if self._process.poll() is None:
            self._process.terminate()
        self._process.wait(timeout=60)
        for reader in self._readers:
            reader.join()

    def _take(self, line: str) -> None:
        words = json.loads(line)
        self.events.append(words)
        self.facts.update(words)

    @staticmethod
    def _read(stream, take: Callable[[str], object]) -> None:
        with stream:
            for line in stream:
                take(line)


class Mouse:
    def __init__(self, display: str) -> None:
        self._environment = os.environ | {"DISPLAY": display}
        self._place = (0, 0)

    def do(self, *words: object) -> None:
        subprocess.run(["xdotool", *map(str, words)], env=self._environment, check=True, timeout=30)

    def move(self, x: int, y: int) -> None:
        self._place = (x, y)
        self.do("mousemove", x, y)

    def jiggle(self) -> None:
        """A drag is seen through its moves."""
        x, y = self._place
        self.move(x + 3, y)
        self.move(x, y)

    def drag(
        self,
        start: list[int],
        end: list[int],
        *,
        begun: Callable[[], None],
        taken: Callable[[], None],
    ) -> None:
        """Let go once ``taken`` has returned; move far once ``begun`` has."""
        self.move(*start)
        self.do("mousedown", 1)
        for step in (8, 16, 24):
            self.move(start[0] - step, start[1])
        begun()
        for step in range(1, 9):
            self.move(*(a + (b - a) * step // 8 for a, b in zip(start, end, strict=True)))
        taken()
        self.do("mouseup", 1)


def nap() -> None:
    time.sleep(0.02)  # between two looks; what is waited for is a state


@pytest.fixture
def programs():
    started: list[Program] = []
    yield started
    for program in started:
        program.end()


def test_a_recording_dragged_in_becomes_the_midi_dragged_out(
    display, programs, recording, model_file, tmp_path
):
    drops = tmp_path / "drops"
    drops.mkdir()
    partner = Program("partner", recording, drops, display=display)
    programs.append(partner)
    partner.wait_until(lambda: partner.said("shown"), while_doing=nap)
    window = Program("window", model_file, display=display)
    programs.append(window)
    window.wait_until(lambda: "centre" in window.facts, while_doing=nap)
    assert window.facts["platform"] == "xcb"
    assert window.facts["file"] is None
    mouse = Mouse(display)

    def window_would_take_it() -> None:
        window.wait_until(lambda: window.facts["overlay"], while_doing=mouse.jiggle)
        partner.wait_until(
            lambda: partner.facts.get("action") == "CopyAction", while_doing=mouse.jiggle
        )

    mouse.drag(
        partner.facts["centre"], window.facts["centre"], begun=nap, taken=window_would_take_it
    )
    partner.wait_until(lambda: partner.said("given"), while_doing=nap)
    assert partner.facts["taken"]
    window.wait_until(lambda: window.facts["settled"], while_doing=nap)
    assert window.facts["file"] == str(recording)
    assert window.facts["n_notes"] > 0

    def partner_would_take_it() -> None:
        window.wait_until(lambda: window.facts["action"] == "CopyAction", while_doing=mouse.jiggle)

    def drag_has_begun() -> None:
        window.wait_until(lambda: window.facts["dragging"], while_doing=mouse.jiggle)
        assert not window.facts["overlay"]  # it does not take its own MIDI

    mouse.drag(
        window.facts["handle"],
        partner.facts["centre"],
        begun=drag_has_begun,
        taken=partner_would_take_it,
    )
    partner.wait_until(lambda: partner.said("dropped"), while_doing=nap)

    dragged, written = drops / f"{recording.stem}.mid", tmp_path / "by the command line.mid"
    options = ("-o", written, "--model", model_file, "--device", "cpu", "-q")
    subprocess.run(
        [sys.executable, "-m", "amtstudio", "transcribe", recording, *options],
        env=os.environ | {"PYTHONPATH": str(ROOT), "OMP_NUM_THREADS": "1"},
        check=True,
        timeout=300,
    )
    assert len(read_transcription(dragged).notes) == window.facts["n_notes"]
    assert dragged.read_bytes() == written.read_bytes()


def test_a_row_of_the_list_is_dragged_above_another(display, programs, recording, model_file):
    names = ["first.wav", "second.wav", "third.wav"]
    paths = [recording.with_name(name) for name in names]
    for path in paths:
        shutil.copy(recording, path)
    window = Program("window", model_file, *paths, display=display)
    programs.append(window)
    window.wait_until(
        lambda: list(window.facts.get("rows", ())) == names and window.facts["settled"],
        while_doing=nap,
    )
    mouse = Mouse(display)
    rows = window.facts["rows"]
    x, y = rows["first.wav"]
    above_first = [x, y - 14]
    mouse.move(*rows["third.wav"])
    mouse.do("mousedown", 1)
    window.wait_until(
        lambda: window.facts["file"] == str(paths[2]), while_doing=nap
    )  # a press shows the recording
    for step in range(1, 9):
        mouse.move(x, rows["third.wav"][1] + (above_first[1] - rows["third.wav"][1]) * step // 8)
    # The window has no part in the drag but as what it is dropped on.
    for _ in range(20):
        mouse.jiggle()
        nap()
    mouse.do("mouseup", 1)
    window.wait_until(
        lambda: list(window.facts["rows"]) == ["third.wav", "first.wav", "second.wav"],
        while_doing=nap,
    )
    assert not window.facts["overlay"]
