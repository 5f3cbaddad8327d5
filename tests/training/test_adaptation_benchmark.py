import numpy as np
import pytest
import soundfile

from amtstudio.formats import read_transcription, write_transcription
from amtstudio.symbolic import Note, Transcription
from training.adaptation_benchmark import Outcome, Scores, scores_of, table
from training.adaptation_conditions import SHIFTS, Condition, Recording, recorded


def outcome(condition, before, after, *, adopted, learned=True):
    scores = [Scores(0.7, aligned, 0.9, 0.5, 0.6) for aligned in (before, after)]
    learned = adopted and learned
    return Outcome(condition, 3.0, 0.0, adopted, learned, "", *scores, 0.0, 0.001, 60.0)


def test_harm_is_what_was_adopted_and_scores_worse():
    rows = [
        outcome("a", 0.80, 0.85, adopted=True),
        outcome("b", 0.80, 0.79, adopted=True),
        outcome("c", 0.80, 0.80, adopted=False),
        outcome("d", 0.80, 0.798, adopted=True, learned=False),
    ]
    assert [row.is_harm for row in rows] == [False, True, False, False]
    lines = table(rows).splitlines()
    assert [line.split()[-2] for line in lines[1:-1]] == ["yes", "yes", "no", "settings"]
    assert lines[-1] == (
        "4 runs, 3 adopted, 2 of them for what was learned, mean gain +0.95 points (aligned), "
        "harm in 1 of 3 adopted"
    )


@pytest.mark.parametrize("name", [name for name, change in SHIFTS.items() if change is not None])
def test_a_shift_keeps_sound_and_truth_together(name):
    audio = np.zeros(3 * 16000, np.float32)
    audio[32000:32200] = 0.5
    moved, truth = SHIFTS[name](audio, Transcription((Note(2.0, 2.5, 60),), duration=3.0))
    loudest = np.argmax(np.abs(moved)) / 16000
    assert loudest == pytest.approx(truth.notes[0].onset, abs=0.03)
    assert len(moved) / 16000 == pytest.approx(3.0 * truth.notes[0].onset / 2.0, abs=0.001)


def test_recordings_to_test_on_are_none_of_those_adapted_on(tmp_path, write_recording):
    for number in range(6):
        write_recording(tmp_path / f"grand/piece{number}.wav", pitch=60 + number)
    condition = recorded(
        tmp_path / "grand", tmp_path / "out", shift="detuned+30", minutes=5 / 60, limit_s=1.5
    )
    assert condition.name == "grand, detuned+30"
    names = [{entry.audio.stem for entry in part} for part in (condition.adapt, condition.test)]
    assert not names[0] & names[1]
    assert len(names[0] | names[1]) == 6
    assert sum(entry.seconds for entry in condition.adapt) >= 5.0
    first = condition.test[0]
    assert soundfile.info(first.audio).duration == pytest.approx(1.5 / 2 ** (30 / 1200), abs=0.001)
    onsets = [note.onset for note in read_transcription(first.truth).notes]
    assert onsets == pytest.approx([0.5 / 2 ** (30 / 1200), 1.2 / 2 ** (30 / 1200)], abs=0.002)


def test_scores_are_of_whole_recordings_in_another_tempo_and_not_complete(tmp_path):
    notes = tuple(Note(0.25 * n, 0.25 * n + 0.2, 40 + n % 40, 90) for n in range(200))
    recordings = []
    for name in "abc":
        path = tmp_path / f"{name}.notes.csv"
        write_transcription(Transcription(notes, duration=50.0), path, format_name="csv")
        recordings.append(Recording(tmp_path / f"{name}.wav", path, 50.0))
    scores = dict(scores_of(recordings, 60.0))
    assert [audio.stem for audio in scores] == ["a", "b"]
    first, second = (read_transcription(path).notes for path in scores.values())
    assert all(180 <= len(score) < 200 for score in (first, second))
    assert {int(value) for value in first.velocity} == {80}
    # The tempo wanders, otherwise in each of them.
    assert 0.85 * 50 <= first[-1].offset <= 1.15 * 50
    assert abs(first[-1].offset - second[-1].offset) > 0.05
    assert list(scores_of(recordings, 0.0)) == []


def test_minutes_are_whole_recordings(tmp_path):
    recordings = tuple(Recording(tmp_path, tmp_path, 60.0) for _ in range(5))
    condition = Condition("x", recordings, ())
    assert [len(condition.first_minutes(minutes)) for minutes in (0.1, 1.0, 3.0, 30.0)] == [
        1,
        1,
        3,
        5,
    ]
