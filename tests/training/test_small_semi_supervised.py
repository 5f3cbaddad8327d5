"""The small version of the seed's experiment: what its table says."""

from amtstudio.scoring import score_notes
from amtstudio.symbolic import Note, Transcription
from training.small_semi_supervised import TESTS, table


def scores(n_right):
    """Of ten notes, with as many found and ``n_right`` of them at the right place."""
    truth = [Note(float(n), n + 0.5, 60) for n in range(10)]
    found = [Note(n + (0.0 if n < n_right else 0.4), n + 0.9, 60) for n in range(10)]
    one = score_notes(Transcription(truth, duration=11.0), Transcription(found, duration=11.0))
    return dict.fromkeys(TESTS, one)


def test_means_and_spread_over_seeds_and_gains_on_the_same_seed():
    first = {"start": scores(3), "OF": scores(5), "SS1": scores(4)}
    second = {"start": scores(5), "OF": scores(9), "SS1": scores(8)}
    head, start, base, alone, against, start_gain, gain = table([first, second]).splitlines()
    assert head.split() == [word for test in TESTS for word in (test, "note", test, "frame")]
    assert start.split()[:4] == ["start", "40.0", "+-", "14.1"]
    assert base.split()[:4] == ["OF", "70.0", "+-", "28.3"]
    assert alone.split()[:4] == ["SS1", "60.0", "+-", "28.3"]
    assert against == "against OF"
    assert start_gain.split()[:4] == ["start", "-30.0", "+-", "14.1"]
    assert gain.split()[:4] == ["SS1", "-10.0", "+-", "0.0"]
    assert len(table([first]).splitlines()) == 7
    assert "against" not in table([{"start": scores(3)}])
