import pytest

from amtstudio.learning.label_free import LabelFreeScores
from training.gate_trials import Change, Hearing, change, summary


def hearing(f1, balance, support=0.95, agreement=0.9):
    return Hearing(f1, LabelFreeScores(agreement, support, 5.0, 2.0, 0.9, balance))


def test_changes_are_in_points_and_in_shares_of_the_notes():
    found = change("a", hearing(0.80, 4.0), hearing(0.85, 4.5, support=0.94, agreement=0.95))
    # Half a note a second more of five.
    assert (found.f1, found.balance) == (pytest.approx(5.0), pytest.approx(10.0))
    assert (found.support, found.agreement) == (pytest.approx(-1.0), pytest.approx(5.0))


def test_a_score_that_follows_f1_is_told_from_one_that_does_not():
    changes = [
        Change("a", -5.0, -8.0, 1.0, -1.0),
        Change("b", 0.0, 0.5, 0.0, 0.0),
        Change("c", 4.0, 6.0, -1.0, 0.5),
    ]
    lines = [line.split() for line in summary(changes).splitlines()]
    rows = {line[0]: line[1:] for line in lines if len(line) == 3}
    assert rows["balance"][0] == "1.00"
    assert rows["support"][0] == "-1.00"
