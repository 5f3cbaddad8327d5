"""What the gate sees of models that have learned, beside what is true of them."""

import soundfile

from amtstudio.formats import write_transcription
from amtstudio.learning import adaptation, lesson
from amtstudio.playback import render_transcription
from amtstudio.symbolic import Note, Transcription
from training import learned_trials

PIECE_S = 8.0


def test_each_candidate_is_scored_and_judged(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(adaptation, "guard_of", lambda _model: [])
    monkeypatch.setattr(lesson, "THRESHOLD_PIECES", 1)
    folder = tmp_path / "takes"
    folder.mkdir()
    for number in range(4):
        notes = [Note(0.5 * n, 0.5 * n + 0.4, 50 + number + n, 80) for n in range(1, 14)]
        piece = Transcription(tuple(notes), duration=PIECE_S)
        soundfile.write(folder / f"{number}.wav", render_transcription(piece, 16000), 16000)
        write_transcription(piece, folder / f"{number}.notes.csv", format_name="csv")
    options = ["--model", "piano", "--minutes", str(3 * PIECE_S / 60), "--corrected", "8"]
    options += ["--train-minutes", "0.001", "--ways", "1"]
    learned_trials.main([str(folder), str(tmp_path / "run"), *options])
    head, before, after = capsys.readouterr().out.splitlines()
    assert head.startswith("test at 50 ms")
    figures = [float(word) for word in before.split()[1:]]
    assert len(figures) == 8  # notes are known, and so are their ends
    near, wide, with_ends, repeats = figures[:4]
    assert min(near, wide) > 80.0
    assert with_ends <= wide
    assert repeats == 0.0
    assert after.split()[0] == "100"
    assert "adopted." in after or "refused." in after
    assert (tmp_path / "run/state.safetensors").is_file()
