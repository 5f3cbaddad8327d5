from __future__ import annotations

import io
import sys
from collections import Counter
from xml.etree import ElementTree as ET

import numpy as np
import pytest

from amtstudio.errors import OptionError
from amtstudio.formats import FORMATS
from amtstudio.symbolic import Note, Transcription

# partitura reports its progress by warnings.
pytestmark = pytest.mark.filterwarnings("ignore")


def test_without_partitura_the_error_says_what_to_install(monkeypatch):
    monkeypatch.setitem(sys.modules, "partitura", None)
    with pytest.raises(OptionError, match=r'pip install "amtstudio\[musicxml\]"'):
        FORMATS["musicxml"].dumps(Transcription())


@pytest.fixture
def load_score():
    """The notes of a MusicXML file, (onset in quarters, duration in quarters, pitch)."""
    partitura = pytest.importorskip("partitura", reason="needs the extra musicxml")

    def load(transcription):
        data = FORMATS["musicxml"].dumps(transcription)
        array = partitura.load_musicxml(io.BytesIO(data)).note_array()
        names = ("onset_quarter", "duration_quarter", "pitch")
        return sorted(tuple(row[name].item() for name in names) for row in array)

    return load


def test_a_steady_scale_over_a_bass_is_written_as_played(load_score):
    scale = [
        Note(0.5 * i, 0.5 * i + 0.48, 60 + (0, 2, 4, 5, 7, 9, 11, 12)[i % 8]) for i in range(32)
    ]
    bass = [Note(2.0 * i, 2.0 * i + 1.98, 48) for i in range(8)]
    expected = [(float(i), 1.0, note.pitch) for i, note in enumerate(scale)]
    expected += [(4.0 * i, 4.0, 48) for i in range(8)]
    assert load_score(Transcription(notes=(*scale, *bass))) == sorted(expected)


def test_every_note_is_there_with_its_pitch(load_score, rng):
    onsets = np.sort(rng.uniform(0.0, 60.0, size=400)).tolist()
    notes = tuple(
        Note(t, t + float(rng.uniform(0.01, 3.0)), int(rng.integers(21, 109))) for t in onsets
    )
    silence = tuple(Note(100.0 + i, 100.2 + i, 60) for i in range(3))
    trill = tuple(Note(110.0 + 0.02 * i, 110.01 + 0.02 * i, 72) for i in range(20))
    written = load_score(Transcription(notes=(*notes, *silence, *trill)))
    expected = Counter(note.pitch for note in (*notes, *silence, *trill))
    assert Counter(pitch for _, _, pitch in written) == expected


def test_every_bar_is_full_on_both_staves(rng):
    pytest.importorskip("partitura", reason="needs the extra musicxml")
    notes = tuple(Note(0.3 * i, 0.3 * i + 1, int(rng.integers(40, 80))) for i in range(100))
    score = ET.fromstring(FORMATS["musicxml"].dumps(Transcription(notes=notes)))
    for bar in score.iter("measure"):
        lengths: Counter[str] = Counter()
        for note in bar.iter("note"):
            if note.find("chord") is None:
                lengths[note.findtext("staff")] += int(note.findtext("duration"))
        assert lengths == {"1": 16, "2": 16}


@pytest.mark.parametrize("notes", [(), (Note(0.5, 1.0, 60),)])
def test_few_notes_and_odd_titles(notes):
    pytest.importorskip("partitura", reason="needs the extra musicxml")
    transcription = Transcription(notes=notes, metadata={"title": "A <b>\x01 & Ü\udcff"})
    score = ET.fromstring(FORMATS["musicxml"].dumps(transcription))
    assert score.findtext("movement-title") == "A <b> & Ü"
    pitched = [note for note in score.iter("note") if note.find("pitch") is not None]
    assert len(pitched) == len(notes)
