"""What is said of a run before it starts."""

from dataclasses import replace
from pathlib import Path

import pytest

from amtstudio.errors import BadAudioError
from amtstudio.learning.expectation import Known, expectation
from amtstudio.learning.request import NO_CORRECTIONS, Corrections, Passage
from amtstudio.symbolic import Note
from amtstudio.workbench.adaptation.chosen import Chosen, Total, known_of
from amtstudio.workbench.adaptation.corrected import Corrected
from amtstudio.workbench.adaptation.looking import Looked

TAKE = Path("take.wav")


def test_the_most_that_is_known_counts():
    score, keyboard = Chosen(TAKE, score=Path("a.mid")), Chosen(TAKE, keyboard=Path("b.mid"))
    corrected = Chosen(TAKE, corrected=Corrected(TAKE, 60.0, 4, Path("p.amts")))
    entries = [Chosen(TAKE), score, keyboard, corrected]
    for number, known in enumerate(Known, start=1):
        assert known_of(entries[:number], uses_corrections=True) is known
    assert known_of(entries, uses_corrections=False) is Known.KEYBOARD
    assert known_of([], uses_corrections=True) is Known.NOTHING
    refused = Chosen(
        TAKE, Looked(TAKE, 90.0, objection=BadAudioError("too short")), score=Path("a.mid")
    )
    assert known_of([refused], uses_corrections=True) is Known.NOTHING


def test_minutes_are_counted_by_what_is_known_of_them():
    looked = Looked(TAKE, 90.0)
    total = Total.of(
        [
            Chosen(TAKE, looked),
            Chosen(TAKE, looked, score=Path("a.mid")),
            Chosen(TAKE, looked, score=Path("a.mid"), keyboard=Path("b.mid")),
            Chosen(TAKE, Looked(TAKE, 9.0, objection=BadAudioError("no")), score=Path("a.mid")),
        ]
    )
    assert (total.seconds, total.score_s, total.keyboard_s) == (270.0, 90.0, 90.0)


def test_what_was_decided_on_a_recording_says_what_is_known_of_it():
    whole = Passage(0.0, 5.0, ())
    by_keyboard, by_score = replace(whole, knows="played"), replace(whole, knows="onsets")
    assert Known.of(NO_CORRECTIONS) is Known.NOTHING
    assert Known.of(Corrections((by_score,))) is Known.SCORE
    assert Known.of(Corrections((by_score, by_keyboard))) is Known.KEYBOARD
    assert Known.of(Corrections((by_keyboard, whole))) is Known.CORRECTED
    assert Known.of(Corrections(wrong=(Note(1.0, 2.0, 60),))) is Known.CORRECTED


@pytest.mark.parametrize("model", ["piano", "melodic", "drums"])
@pytest.mark.parametrize("known", Known)
def test_every_run_is_told_what_to_expect(model, known):
    said = expectation(model, known)
    assert said.startswith("What to expect: ")
    assert said.endswith("A result is kept only if tests show that it is better.")
    assert "{" not in said


def test_a_piano_in_good_order_hardly_changes():
    for known in Known:
        assert "on a piano in good order hardly any notes change" in expectation("piano", known)
    corrected = expectation("piano", Known.CORRECTED)
    assert "about as loud as played from 63 to 68 %" in corrected
    assert "from 84.4 to 85.3 %" in corrected


def test_other_instruments_are_promised_no_more_than_was_measured():
    corrected = expectation("melodic", Known.CORRECTED)
    assert "Of 10 measured runs" in corrected
    assert "8 were kept" in corrected
    assert "from 76 to 79 %" in corrected
    assert "from 73 to 74 %" in expectation("drums", Known.CORRECTED)
    for known in (Known.NOTHING, Known.SCORE, Known.KEYBOARD):
        assert "not been measured well enough" in expectation("melodic", known)
