from __future__ import annotations

import subprocess
import sys

import pytest

from amtstudio.errors import BadFileError
from amtstudio.formats import write_transcription
from amtstudio.formats.score_reader import read_score
from amtstudio.symbolic import Note, Transcription

REPEATED = """<?xml version="1.0"?>
<score-partwise version="3.1"><part-list><score-part id="P1"><part-name>P</part-name></score-part>
</part-list><part id="P1"><measure number="1">
<attributes><divisions>1</divisions><time><beats>2</beats><beat-type>4</beat-type></time></attributes>
<note><pitch><step>C</step><octave>4</octave></pitch><duration>1</duration></note>
<note><pitch><step>E</step><octave>4</octave></pitch><duration>1</duration></note>
<barline location="right"><repeat direction="backward"/></barline></measure>
<measure number="2">
<note><pitch><step>G</step><octave>4</octave></pitch><duration>2</duration></note>
</measure></part></score-partwise>"""


def test_a_midi_file_says_what_to_play(tmp_path):
    path = tmp_path / "a.mid"
    notes = (Note(0.0, 0.5, 60), Note(1.0, 1.5, 64))
    write_transcription(Transcription(notes), path, format_name="midi")
    (read,) = read_score(path)
    assert list(read.pitch) == [60, 64]


@pytest.mark.filterwarnings("ignore")
@pytest.mark.usefixtures("partitura")
def test_repeats_are_played_and_left_out(tmp_path):
    path = tmp_path / "a.musicxml"
    path.write_text(REPEATED)
    with_repeat, without = read_score(path)
    assert list(with_repeat.pitch) == [60, 64, 60, 64, 67]
    assert list(without.pitch) == [60, 64, 67]
    assert list(with_repeat.onset) == [0.0, 0.5, 1.0, 1.5, 2.0]


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("text", ["<score", "<html></html>", ""])
@pytest.mark.usefixtures("partitura")
def test_what_is_no_score_is_refused(tmp_path, text):
    path = tmp_path / "a.xml"
    path.write_text(text)
    with pytest.raises(BadFileError):
        read_score(path)


def test_a_score_without_notes_is_refused(tmp_path):
    path = tmp_path / "a.mid"
    write_transcription(Transcription(), path, format_name="midi")
    with pytest.raises(BadFileError, match="no notes"):
        read_score(path)


@pytest.mark.usefixtures("partitura")
def test_reading_scores_asks_no_network_for_sounds(tmp_path):
    """Partitura itself would fetch a SoundFont where pyfluidsynth is installed."""
    (tmp_path / "fluidsynth.py").write_text("class Synth: ...\n")
    program = (
        "import socket, sys\n"
        "def refuse(*_, **__): raise SystemExit('the network was asked')\n"
        "socket.socket.connect = socket.getaddrinfo = socket.gethostbyname = refuse\n"
        f"sys.path.insert(0, {str(tmp_path)!r})\n"
        "from amtstudio.formats.partitura_import import import_partitura\n"
        "import_partitura()\n"
        "import fluidsynth\n"
        "print(fluidsynth.Synth.__name__)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=False
    )
    assert done.stdout == "Synth\n", done.stdout + done.stderr
