import json
import sys
from dataclasses import asdict, replace

import numpy as np
import pytest
import soundfile

from amtstudio.resources import resource_path
from amtstudio.scoring import score_notes
from amtstudio.symbolic import Note, Transcription
from training.peers.__main__ import excerpt, main
from training.peers.comparison import Outcome, pieces_table, report, systems_table
from training.peers.environments import BASIC_PITCH, MADE, Environment, PeerError, python_of
from training.peers.runs import (
    PEERS,
    Cost,
    heard_by_command,
    heard_by_peer,
    heard_by_us,
    measured,
)

EXAMPLE = resource_path("examples", "schumann_im_wunderschoenen.mp3")


def outcome(*pitches: int, **cost: float) -> Outcome:
    """Of a piece of two notes, 60 and 64, where ``pitches`` were heard."""

    def notes(pitches):
        return Transcription(tuple(Note(i, i + 0.5, pitch) for i, pitch in enumerate(pitches, 1)))

    scores = score_notes(notes((60, 64)), notes(pitches))
    costs = {"seconds": 2.0, "wall_s": 4.0, "cpu_s": 3.0, "peak_memory_mb": 100.0} | cost
    return Outcome("prelude", 10.0, scores, **costs)


def test_systems_table_tells_scores_and_costs():
    rows = systems_table({"ours": [outcome(60, 64)], "other": [outcome(60, 65, peak_memory_mb=7)]})
    ours, other = (row.split() for row in rows.splitlines()[2:])
    assert ours[:4] == ["ours", "100.0", "100.0", "100.0"]
    assert other[:4] == ["other", "50.0", "50.0", "50.0"]
    # 10 s of audio in 2 s, in 4 s with the start, in 3 s of processor time
    assert ours[-4:] == ["5.0", "2.5", "0.300", "100"]
    assert other[-1] == "7"


def test_systems_table_has_the_largest_memory_and_the_sum_of_times():
    row = systems_table(
        {"ours": [outcome(60, seconds=1.0), outcome(60, seconds=4.0, peak_memory_mb=300.0)]}
    )
    assert row.splitlines()[-1].split()[-4] == "4.0"
    assert row.splitlines()[-1].split()[-1] == "300"


def test_pieces_table_tells_the_lead_over_each_other():
    table = pieces_table({"ours": [outcome(60, 64)], "other": [outcome(60, 65)]})
    assert table.splitlines()[0].split()[-3:] == ["ours", "-", "other"]
    assert table.splitlines()[-1].split()[-1] == "+50.0"


def test_report_has_every_figure():
    figures = report({"ours": [outcome(60, 64)]})
    assert figures["ours"]["mean"]["note"]["f1"] == 1.0
    assert figures["ours"]["pieces"][0]["cpu_s"] == 3.0
    json.dumps(figures, allow_nan=False)


def test_measured_tells_time_and_memory():
    # Random, so that the pages are really there.
    program = "import os, time; held = os.urandom(200_000_000); time.sleep(0.2)"
    wall_s, cpu_s, peak_mb = measured([sys.executable, "-c", program], threads=1)
    assert wall_s >= 0.2
    assert 0.0 < cpu_s <= wall_s + 0.5
    assert peak_mb > 200.0


def test_measured_sets_the_threads(tmp_path):
    log = tmp_path / "log.txt"
    program = "import os, sys; print(os.environ['OMP_NUM_THREADS'], file=sys.stderr)"
    measured([sys.executable, "-c", program], threads=3, log=log)
    assert log.read_text() == "3\n"


def test_a_program_that_fails_is_quoted():
    with pytest.raises(PeerError, match="no such note"):
        measured([sys.executable, "-c", "import sys; sys.exit('no such note')"], threads=1)


def test_excerpt_is_cut_once_and_mono(tmp_path):
    source = tmp_path / "stereo.wav"
    soundfile.write(source, np.tile([[0.5, -0.25]], (3000, 1)), 1000)
    cut = excerpt(source, tmp_path / "cache", 2.0)
    samples, sample_rate = soundfile.read(cut)
    assert sample_rate == 1000
    np.testing.assert_allclose(samples, np.full(2000, 0.125), atol=1e-4)
    made = cut.stat().st_mtime_ns
    assert excerpt(source, tmp_path / "cache", 2.0) == cut
    assert cut.stat().st_mtime_ns == made
    assert excerpt(source, tmp_path / "cache", 1.0) != cut


def test_what_a_peer_heard_before_is_not_heard_again(tmp_path, write_midi):
    # Its environment is not there, and is not missed.
    peer, audio = PEERS["transkun"], tmp_path / "piece.wav"
    audio.write_bytes(b"sound")
    key = peer.key(audio, 1)
    folder = tmp_path / "heard" / peer.name
    write_midi(folder / f"{key}.mid", [(1.0, 1.5, 60, 70)], [(1.2, 127), (2.0, 0)])
    cost = Cost(1.0, 2.0, 3.0, 4.0)
    (folder / f"{key}.json").write_text(json.dumps(asdict(cost)))
    heard = heard_by_peer(peer, audio, tmp_path, threads=1)
    assert heard.cost == cost
    (note,) = heard.transcription.notes
    assert note.pitch == 60
    assert note.offset == pytest.approx(2.0, abs=1e-3)  # its own pedal holds it


def test_the_key_of_what_was_heard_depends_on_everything(tmp_path):
    audio, other = tmp_path / "a.wav", tmp_path / "b.wav"
    audio.write_bytes(b"sound")
    other.write_bytes(b"another sound")
    peer = PEERS["transkun"]
    newer = replace(peer, environment=replace(peer.environment, package="transkun==9"))
    keys = {
        peer.key(audio, 1),
        peer.key(other, 1),
        peer.key(audio, 2),
        PEERS["transkun-bf16"].key(audio, 1),
        newer.key(audio, 1),
    }
    assert len(keys) == 5
    assert peer.key(audio, 1) == peer.key(audio, 1)


def test_an_environment_that_is_complete_is_used(tmp_path):
    folder = tmp_path / BASIC_PITCH.name
    folder.mkdir()
    (folder / MADE).write_text(BASIC_PITCH.contents())
    assert python_of(BASIC_PITCH, tmp_path).parent.parent == folder


def test_an_environment_that_cannot_be_made_says_why(tmp_path, monkeypatch):
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.delenv("PIP_FIND_LINKS", raising=False)
    monkeypatch.setenv("PIP_CONFIG_FILE", "/dev/null")
    absent = Environment("absent", "absent==1", ("amtstudio-absent-package==1",))
    with pytest.raises(PeerError, match="amtstudio-absent-package"):
        python_of(absent, tmp_path)
    assert not (tmp_path / "absent" / MADE).exists()


def test_we_are_heard_through_the_command_line(tmp_path):
    heard = heard_by_us(excerpt(EXAMPLE, tmp_path, 4.0), model="piano", threads=1)
    assert len(heard.transcription.notes) > 5
    assert 0.0 < heard.cost.seconds < heard.cost.wall_s


def test_command_prints_both_tables(tmp_path, capsys):
    arguments = [str(EXAMPLE.parent), "--cache", str(tmp_path), "--seconds", "4", "--peers", "ours"]
    assert main([*arguments, "--report", str(tmp_path / "report.json")]) == 0
    text = capsys.readouterr().out
    assert "AMT Studio, piano" in text
    assert "schumann_im_wunderschoenen" in text
    assert json.loads((tmp_path / "report.json").read_text())["seconds"] == 4.0


def test_command_without_recordings_says_so(tmp_path, capsys):
    assert main([str(tmp_path), "--cache", str(tmp_path)]) == 66
    assert "no recording" in capsys.readouterr().err


@pytest.fixture
def own_program(tmp_path, write_midi):
    """A transcriber of the user's own: it hears the same note in everything, and counts calls."""
    write_midi(tmp_path / "same.mid", [(1.0, 1.5, 60, 70)], [])
    script = tmp_path / "own program.py"
    script.write_text(
        "import pathlib, shutil, sys\n"
        "here = pathlib.Path(__file__).parent\n"
        "with (here / 'calls.txt').open('a') as calls: calls.write('x')\n"
        "shutil.copy(here / 'same.mid', sys.argv[2])\n"
    )
    return f"{sys.executable} '{script}' {{audio}} {{midi}}"


def test_a_program_of_ones_own_is_run_once_for_each_recording(tmp_path, own_program):
    audio = tmp_path / "a.wav"
    audio.write_bytes(b"sound")
    for _ in range(2):
        heard = heard_by_command(own_program, audio, tmp_path, name="own", threads=1)
    assert [note.pitch for note in heard.transcription.notes] == [60]
    assert heard.cost.wall_s > 0.0
    assert (tmp_path / "calls.txt").read_text() == "x"


def test_a_program_of_ones_own_that_is_not_there_or_writes_nothing_says_so(tmp_path):
    audio = tmp_path / "a.wav"
    audio.write_bytes(b"sound")
    with pytest.raises(PeerError, match="no-such-program cannot be started"):
        heard_by_command("no-such-program {audio} {midi}", audio, tmp_path, name="x", threads=1)
    with pytest.raises(PeerError, match=r"wrote no heard\.mid"):
        heard_by_command(
            f"{sys.executable} -c pass {{audio}} {{midi}}", audio, tmp_path, name="y", threads=1
        )


def test_a_program_of_ones_own_has_its_place_in_the_table(tmp_path, own_program, capsys):
    arguments = [str(EXAMPLE.parent), "--cache", str(tmp_path), "--seconds", "2", "--peers", "ours"]
    assert main([*arguments, "--command", f"my-amt={own_program}"]) == 0
    out = capsys.readouterr().out
    assert "my-amt" in out
    assert "ours - my-amt" in out


@pytest.mark.parametrize("value", ["no command", "ours=x {audio} {midi}", "own=x {audio}"])
def test_a_command_that_cannot_be_is_refused(tmp_path, capsys, value):
    with pytest.raises(SystemExit):
        main([str(tmp_path), "--cache", str(tmp_path), "--command", value])
    assert "--command needs" in capsys.readouterr().err
