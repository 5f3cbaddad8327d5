"""What is said of the models that were chosen."""

import pytest

from amtstudio.cli.plan_words import mismatch_in_words, plan_in_words, switch_in_words
from amtstudio.engine.plan import Plan, Reason, suits


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


def test_a_model_that_was_not_made_for_it_is_told_with_what_to_do():
    plan = Plan(("melodic", "drums"), Reason.OTHER_INSTRUMENTS, ("guitar", "mallet_percussion"))
    assert mismatch_in_words("piano", plan) == (
        "guitar and mallet percussion are heard, which the model piano was not made for, so many"
        " notes may be wrong; leave --model out, or use --model melodic"
    )
    alone = Plan(("piano",), Reason.NOTHING_ELSE, ("voice",))
    assert mismatch_in_words("piano", alone).endswith("so many notes may be wrong")


@pytest.mark.parametrize(
    ("model", "plan", "does"),
    [
        ("piano", Plan(("piano",), Reason.SOLO_PIANO, ("piano",)), True),
        ("piano", Plan(("melodic",), Reason.OTHER_INSTRUMENTS, ("guitar",)), False),
        ("piano", Plan(("piano",), Reason.NOTHING_ELSE, ("guitar",)), False),
        ("piano", Plan(("piano",), Reason.NOT_TOLD), True),
        ("piano_large", Plan(("piano",), Reason.SOLO_PIANO, ("piano",)), True),
        ("piano_large", Plan(("melodic",), Reason.OTHER_INSTRUMENTS, ("guitar",)), False),
        ("piano_large", Plan(("piano",), Reason.NOTHING_ELSE, ("guitar",)), False),
        ("melodic", Plan(("piano",), Reason.SOLO_PIANO, ("piano",)), True),
        ("melodic", Plan(("drums",), Reason.ONLY_DRUMS, ("drums",)), False),
        ("drums", Plan(("melodic",), Reason.OTHER_INSTRUMENTS, ("guitar",)), False),
        ("drums", Plan(("piano", "drums"), Reason.SOLO_PIANO, ("piano",)), True),
        ("trained", Plan(("melodic",), Reason.OTHER_INSTRUMENTS, ("guitar",)), True),
    ],
)
def test_what_each_model_was_made_for(model, plan, does):
    assert suits(model, plan) is does


def test_a_model_that_takes_over_is_told_with_the_time_and_the_reason():
    plan = Plan(("melodic",), Reason.OTHER_INSTRUMENTS, ("guitar", "mallet_percussion"))
    words = "guitar and mallet percussion heard, so melodic listens (choose with --model)"
    assert switch_in_words(None, "melodic", plan) == words
    assert switch_in_words(5.4, "melodic", plan) == f"5 s: {words}"
