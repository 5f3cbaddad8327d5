"""What is said of the models that were chosen."""

import pytest

from amtstudio.cli.plan_words import plan_in_words
from amtstudio.engine.plan import Plan, Reason


@pytest.mark.parametrize(
    ("heard", "words"),
    [
        (("drums",), "drums heard,"),
        (("bass", "drums"), "bass and drums heard,"),
        (("bass", "mallet_percussion", "drums"), "bass, mallet percussion and drums heard,"),
    ],
)
def test_the_instruments_are_listed_as_in_a_sentence(heard, words):
    said = plan_in_words(Plan(("melodic", "drums"), Reason.OTHER_INSTRUMENTS, heard))
    assert said is not None
    assert said.startswith(words)
    assert "melodic and drums" in said


def test_the_usual_piano_is_not_worth_a_word():
    assert plan_in_words(Plan(("piano",), Reason.SOLO_PIANO, ("piano",))) is None
