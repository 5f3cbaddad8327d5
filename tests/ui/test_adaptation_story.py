"""What is made of the events of a run, without a window."""

from __future__ import annotations

import pytest

from amtstudio.learning.control import RunControl
from amtstudio.ui.adaptation.story import EventTail, Story
from amtstudio.ui.adaptation.words import (
    detail_text,
    figures,
    left_text,
    length_text,
    reason_text,
    stage_text,
    tuning_text,
    used_text,
)


def told(*events):
    story = Story()
    for event in events:
        story.take({"time": 0.0, **event})
    return story


def test_events_are_read_on_and_half_a_line_waits(tmp_path):
    tail = EventTail(tmp_path)
    assert tail.read() == []
    control = RunControl(tmp_path)
    control.tell("loading", total=2)
    control.tell("learning", fraction=0.5)
    assert [event["stage"] for event in tail.read()] == ["loading", "learning"]
    assert tail.read() == []
    path = tmp_path / "events.jsonl"
    with path.open("ab") as file:
        file.write(b'{"stage": "do')
    assert tail.read() == []
    with path.open("ab") as file:
        file.write(b'ne"}\nno JSON\n7\n')
    assert [event["stage"] for event in tail.read()] == ["done"]
    path.write_bytes(b'{"stage": "anew"}\n')  # another run of that name
    assert [event["stage"] for event in tail.read()] == ["anew"]


def test_a_pause_is_no_stage_of_its_own():
    story = told({"stage": "listening"}, {"stage": "paused"})
    assert (story.stage, story.is_paused) == ("listening", True)
    story.take({"stage": "going on"})
    assert (story.stage, story.is_paused) == ("listening", False)


def test_the_curve_is_evened_out_and_goes_back_with_a_run_that_was_killed():
    story = told(
        {"stage": "learning", "fraction": 0.1, "minutes_left": 4.5, "agreement": 0.80},
        {"stage": "learning", "fraction": 0.2, "minutes_left": 4.0, "agreement": 0.90},
        {"stage": "learning", "fraction": 0.3, "minutes_left": 3.5, "agreement": None},
    )
    assert story.points == [(0.1, 0.80), (0.2, 0.90)]
    assert story.smooth == [(0.1, 0.80), (0.2, pytest.approx(0.85))]
    assert story.minutes_left == 3.5
    story.take({"stage": "learning", "fraction": 0.15, "minutes_left": 4.2, "agreement": 0.84})
    assert [place for place, _ in story.points] == [0.1, 0.15]
    assert len(story.smooth) == 2


def test_how_long_it_still_takes():
    story = told({"stage": "listening", "time": 100.0})
    assert left_text(story, 5.0) == ""  # before it has judged once, nobody knows
    story.take({"stage": "tuning", "time": 160.0})
    assert story.seconds_left(5.0) == 5 * 60 + 1.5 * 60
    story.take({"stage": "learning", "fraction": 0.8, "minutes_left": 1.0})
    assert left_text(story, 5.0) == "About 2 minutes left"
    story.take({"stage": "judging", "step": "weights"})
    assert story.seconds_left(5.0) == 60.0


def test_stages_in_words_and_one_of_a_newer_engine():
    assert stage_text(told({"stage": "tuning"})) == "Measuring how your piano is tuned"
    assert stage_text(told({"stage": "weighing"})) == "Working"
    labelling = told({"stage": "labelling", "done": 1, "total": 3})
    assert detail_text(labelling) == "Recording 2 of 3"


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(1.0, "1 second"), (80.0, "80 seconds"), (612.0, "10 minutes"), (7500.0, "2 h 5 min")],
)
def test_lengths_in_words(seconds, text):
    assert length_text(seconds) == text


def test_a_report_in_words():
    report = {
        "adopted": True,
        "reason": "Steadier: 63.0 before, 91.2 after.",
        "minutes_used": 0.0,
        "seconds": 95.0,
        "tuning_cents": -31.4,
        "before": {"agreement": 0.63, "teacher_agreement": None, "guard_f1": 0.94},
        "after": {"agreement": 0.912, "teacher_agreement": 0.9, "guard_f1": 0.941},
    }
    steadiness, others = figures(report)
    assert (steadiness.name, others.name) == ("Steadiness", "On other pianos")
    assert steadiness.change == pytest.approx(28.2)
    assert steadiness.text.endswith("hears 91.2 % of the notes alike; before: 63.0 %.")
    assert tuning_text(report) == "Your piano is 31 cents flat; it is heard in tune now."
    assert used_text(report).startswith("It took 2 minutes; the network itself was left")
    assert reason_text(report) == report["reason"]
    refused = {"reason": "No improvement found. Your model is unchanged. It would be less steady."}
    assert reason_text(refused) == "It would be less steady."
