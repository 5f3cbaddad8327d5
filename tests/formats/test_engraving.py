from __future__ import annotations

import re
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from xml.etree import ElementTree as ET

import numpy as np
import pytest

from amtstudio.errors import Cancelled, OptionError
from amtstudio.formats import FORMATS
from amtstudio.formats.drawing import drawing_of, parsed_path
from amtstudio.formats.engraving import Engraver, joined_svg
from amtstudio.formats.engraving_process import EngravingFailedError, engraved_file, engraved_pages
from amtstudio.formats.musicxml import dump_musicxml, note_id, row_of_id
from amtstudio.symbolic import Note, TempoMap, Transcription

pytest.importorskip("verovio", reason="needs the extra score")


@pytest.fixture(scope="module")
def transcription():
    notes = [Note(0.25 * i, 0.25 * i + 0.25, 48 + (7 * i) % 36) for i in range(320)]
    beats = np.arange(161) * 0.5
    return Transcription(notes, tempo=TempoMap(beats, np.arange(161) % 4 == 0), file="Étude.wav")


@pytest.fixture(scope="module")
def engraver(transcription):
    return Engraver(dump_musicxml(transcription))


def test_every_note_lies_somewhere_on_the_pages(engraver, transcription):
    rows = set()
    for page in range(1, engraver.n_pages + 1):
        drawing = drawing_of(engraver.svg(page))
        for element, (x, y) in drawing.heads.items():
            assert 0 < x < drawing.width
            assert 0 < y < drawing.height
            rows.add(row_of_id(element))
        assert drawing.systems == sorted(drawing.systems)
    assert rows == set(range(len(transcription.notes)))


def test_higher_notes_lie_higher(engraver, transcription):
    drawing = drawing_of(engraver.svg(1))
    assert note_id(0) in drawing.heads
    top, bottom = drawing.systems[0]
    first = {row_of_id(element): y for element, (_, y) in drawing.heads.items() if y < bottom + 500}
    rows = [row for row in first if row is not None]
    highest = max(rows, key=lambda row: transcription.notes.pitch[row])
    lowest = min(rows, key=lambda row: transcription.notes.pitch[row])
    assert top - 2000 < first[highest] < first[lowest]


def test_svg_holds_all_pages_one_below_the_other(transcription, engraver):
    picture = ET.fromstring(FORMATS["svg"].dumps(transcription))
    pages = [child for child in picture if child.tag.endswith("svg")]
    assert len(pages) == engraver.n_pages > 1
    heights = [float(page.get("y")) for page in pages]
    assert heights == [place * heights[1] for place in range(len(pages))]
    alone = engraver.svg(1)
    assert joined_svg([alone]) == alone


def test_mei_holds_every_note(transcription):
    mei = ET.fromstring(FORMATS["mei"].dumps(transcription))
    notes = mei.findall(".//{http://www.music-encoding.org/ns/mei}note")
    assert len(notes) >= len(transcription.notes)


def test_pdf_has_the_pages_and_says_the_same_each_time(transcription, engraver):
    pytest.importorskip("reportlab", reason="needs the extra score")
    data = FORMATS["pdf"].dumps(transcription)
    assert data.startswith(b"%PDF-")
    assert data.count(b"/Type /Page\n") + data.count(b"/Type /Page ") == engraver.n_pages
    assert FORMATS["pdf"].dumps(transcription) == data


@pytest.mark.parametrize("name", ["mei", "svg", "pdf"])
def test_files_written_on_another_thread_are_the_same(name):
    few = Transcription([Note(0.5 * i, 0.5 * i + 0.5, 60 + i) for i in range(8)])
    with ThreadPoolExecutor(1) as beside:
        written = beside.submit(FORMATS[name].dumps, few).result()
    assert undated(written) == undated(FORMATS[name].dumps(few))


def undated(data):
    """MEI says when it was written, to the second."""
    return re.sub(rb'isodate="[^"]*"', b"", data)


def test_a_process_of_its_own_tells_the_pages_as_they_come(transcription, engraver):
    pages = list(engraved_pages(transcription))
    assert [page.number for page in pages] == list(range(1, engraver.n_pages + 1))
    assert drawing_of(pages[0].svg).heads == drawing_of(engraver.svg(1)).heads
    np.testing.assert_allclose(pages[0].seconds, transcription.notes.onset, atol=1e-9)


def test_of_a_long_piece_the_first_page_comes_first(transcription):
    notes = [Note(0.1 * i, 0.1 * i + 0.1, 48 + (5 * i) % 30) for i in range(1500)]
    beats = np.arange(400) * 0.4
    long = Transcription(notes, tempo=TempoMap(beats, np.arange(400) % 4 == 0))
    pages = list(engraved_pages(long))
    assert [page.is_provisional for page in pages] == [True] + [False] * (len(pages) - 1)
    assert pages[0].number == pages[1].number == 1
    # What is seen first is not moved about by what comes then.
    first, then = (drawing_of(page.svg).heads for page in pages[:2])
    assert len(first.keys() & then.keys()) > 100


def test_engraving_stops_within_a_second(transcription):
    asked = time.monotonic()
    with pytest.raises(Cancelled):
        list(engraved_pages(transcription, is_cancelled=lambda: True))
    assert time.monotonic() - asked < 20.0  # a second, on a machine that is not busy


@pytest.mark.parametrize("name", ["mei", "svg", "pdf"])
def test_a_file_from_a_process_of_its_own_is_the_same(transcription, name):
    told = []
    data = engraved_file(transcription, name, on_progress=lambda *done: told.append(done))
    assert undated(data) == undated(FORMATS[name].dumps(transcription))
    assert [done for done, _ in told] == list(range(1, len(told) + 1))
    assert name == "mei" or told[-1][0] == told[-1][1] > 1


def test_a_file_is_given_up_at_once(transcription):
    with pytest.raises(Cancelled):
        engraved_file(transcription, "svg", is_cancelled=lambda: True)


def test_an_engraver_that_fails_says_why(transcription, monkeypatch):
    monkeypatch.setattr("sys.executable", "/bin/false")
    with pytest.raises(EngravingFailedError, match="could not be engraved"):
        list(engraved_pages(transcription))


def test_what_is_no_score_is_refused():
    with pytest.raises(ValueError, match="cannot read"):
        Engraver(b"no score at all")


def test_without_verovio_the_error_says_what_to_install(monkeypatch):
    monkeypatch.setitem(sys.modules, "verovio", None)
    with pytest.raises(OptionError, match=r'pip install "amtstudio\[score\]"'):
        FORMATS["svg"].dumps(Transcription())


def test_without_reportlab_the_error_says_what_to_install(monkeypatch):
    monkeypatch.setitem(sys.modules, "reportlab.pdfgen.canvas", None)
    with pytest.raises(OptionError, match=r'pip install "amtstudio\[score\]"'):
        FORMATS["pdf"].dumps(Transcription())


def test_paths_become_absolute():
    assert parsed_path("M1 2l3 4h-1v2c0 0 1 1 2 2s1 1 2 2z") == (
        ("M", 1.0, 2.0),
        ("L", 4.0, 6.0),
        ("L", 3.0, 6.0),
        ("L", 3.0, 8.0),
        ("C", 3.0, 8.0, 4.0, 9.0, 5.0, 10.0),
        ("C", 6.0, 11.0, 6.0, 11.0, 7.0, 12.0),
        ("Z",),
    )
    with pytest.raises(ValueError, match="command 'A'"):
        parsed_path("M0 0A1 1 0 0 0 1 1")
