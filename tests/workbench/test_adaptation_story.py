"""What is made of the events of a run, without a window."""

from __future__ import annotations

import msgspec
import pytest
from PySide6.QtCore import QTranslator

from amtstudio.json_files import from_json, to_json
from amtstudio.learning.control import RunControl
from amtstudio.learning.events import (
    EventTail,
    GoingOn,
    Judging,
    Labelling,
    Learning,
    Listening,
    Loading,
    Paused,
    Tuning,
    stage_of,
)
from amtstudio.learning.report import (
    Calibrated,
    Code,
    JudgedStep,
    Quality,
    Reason,
    RecordingUse,
    Report,
    StepName,
)
from amtstudio.ui.adaptation.words import (
    calibrations_text,
    detail_text,
    figures,
    headline,
    left_text,
    length_text,
    reason_text,
    report_reasons,
    stage_text,
    step_text,
    trained_on_text,
    tuning_text,
    used_text,
)
from amtstudio.workbench.adaptation.story import Story


def told(*events):
    story = Story()
    for event in events:
        story.take(event)
    return story


def test_events_are_read_on_and_half_a_line_waits(tmp_path):
    tail = EventTail(tmp_path)
    assert tail.read() == []
    control = RunControl(tmp_path)
    control.tell(Loading(total=2))
    control.tell(Learning(fraction=0.5))
    loading, learning = tail.read()
    assert (loading.total, learning.fraction) == (2, 0.5)
    assert tail.read() == []
    path = tmp_path / "events.jsonl"
    with path.open("ab") as file:
        file.write(b'{"stage": "do')
    assert tail.read() == []
    with path.open("ab") as file:
        file.write(b'ne", "adopted": true}\nno JSON\n7\n{"stage": "weighing"}\n')
    assert [stage_of(event) for event in tail.read()] == ["done"]  # a newer engine weighs
    path.write_bytes(b'{"stage": "tuning"}\n')  # another run of that name
    assert [stage_of(event) for event in tail.read()] == ["tuning"]


def test_a_pause_is_no_stage_of_its_own():
    story = told(Listening(), Paused())
    assert (story.stage, story.is_paused) == ("listening", True)
    story.take(GoingOn())
    assert (story.stage, story.is_paused) == ("listening", False)


def test_the_curve_is_evened_out_and_goes_back_with_a_run_that_was_killed():
    story = told(
        Learning(fraction=0.1, minutes_left=4.5, agreement=0.80),
        Learning(fraction=0.2, minutes_left=4.0, agreement=0.90),
        Learning(fraction=0.3, minutes_left=3.5, agreement=None),
    )
    assert story.points == [(0.1, 0.80), (0.2, 0.90)]
    assert story.smooth == [(0.1, 0.80), (0.2, pytest.approx(0.85))]
    assert story.minutes_left == 3.5
    story.take(Learning(fraction=0.15, minutes_left=4.2, agreement=0.84))
    assert [place for place, _ in story.points] == [0.1, 0.15]
    assert len(story.smooth) == 2


def test_how_long_it_still_takes():
    story = told(Listening(time=100.0))
    assert left_text(story, 5.0) == ""  # before it has judged once, nobody knows
    story.take(Tuning(time=160.0))
    assert story.seconds_left(5.0) == 5 * 60 + 1.5 * 60
    story.take(Learning(fraction=0.8, minutes_left=1.0))
    assert left_text(story, 5.0) == "About 2 minutes left"
    story.take(Judging(step=StepName.WEIGHTS))
    assert story.seconds_left(5.0) == 60.0


def test_stages_in_words():
    assert stage_text(told(Tuning())) == "Measuring how your instrument is tuned"
    labelling = told(Labelling(done=1, total=3))
    assert detail_text(labelling) == "Recording 2 of 3"


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(1.0, "1 second"), (80.0, "80 seconds"), (612.0, "10 minutes"), (7500.0, "2 h 5 min")],
)
def test_lengths_in_words(seconds, text):
    assert length_text(seconds) == text


def test_a_report_in_words():
    report = Report(
        adopted=True,
        reasons=(Reason(Code.STEADIER, 0.63, 0.912),),
        minutes_used=0.0,
        recordings={"a.wav": RecordingUse("accept", 61.0)},
        before={"agreement": 0.63, "teacher_agreement": None, "guard_f1": 0.94},
        after={"agreement": 0.912, "teacher_agreement": 0.9, "guard_f1": 0.941},
        guard_set={},
        seconds=95.0,
        steps=[],
        tuning_cents=-31.4,
    )
    steadiness, others = figures(report)
    assert (steadiness.name, others.name) == ("Steadiness", "On other recordings")
    assert steadiness.change == pytest.approx(28.2)
    assert steadiness.text.endswith("finds 91.2 % of the notes again; before: 63.0 %.")
    assert (
        tuning_text(report) == "Your instrument is 31 cents flat; this is now taken into account."
    )
    assert used_text(report).startswith("It took 2 minutes; the network itself was not changed")
    assert report_reasons(report) == "Steadier: 63.0 before, 91.2 after."
    assert trained_on_text(report) == "a.wav (1:01): only used for testing"
    reasons = (Reason(Code.NOTHING_GAINED), Reason(Code.NOTE_RATE, 4.0, 8.0))
    refused = msgspec.structs.replace(report, adopted=False, reasons=reasons)
    assert report_reasons(refused) == "It would find 2.00 times as many notes."
    step = JudgedStep(StepName.HALF_WAY, False, reasons[1:], {}, {})
    assert step_text(step) == (
        "Half of what was learned: not kept. It would find 2.00 times as many notes."
    )


def test_the_sentences_of_the_gate_are_translated_as_those_of_the_window(qapp):
    translated = []

    class German(QTranslator):
        def translate(self, context, text, _disambiguation=None, _n=-1):
            translated.append((context, text))
            return "Ruhiger: {before:.1f}, jetzt {after:.1f}." if text.startswith("Stead") else text

        def isEmpty(self):  # noqa: N802
            return False

    translator = German()
    qapp.installTranslator(translator)
    try:
        said = reason_text(Reason(Code.STEADIER, 0.63, 0.912))
    finally:
        qapp.removeTranslator(translator)
    assert said == "Ruhiger: 63.0, jetzt 91.2."
    assert translated[-1][0] == "Adaptation"


def test_calibrations_are_said_in_words_of_music():
    refused = Reason(Code.LESS_STEADY, 0.97, 0.96)
    report = Report(
        adopted=True,
        reasons=(Reason(Code.NOTES_UNCHANGED), refused, Reason(Code.BETTER_TIMING, 24.1, 9.4)),
        minutes_used=1.0,
        recordings={},
        before={},
        after={},
        guard_set={},
        seconds=95.0,
        steps=[JudgedStep(StepName.WEIGHTS, False, (refused,), {}, {})],
        calibrations=(
            Calibrated(Quality.TIMING, True, 0.0241, 0.0094, (0.84, 0.86), 120),
            Calibrated(Quality.LOUDNESS, True, 0.63, 0.741, (0.84, 0.86), 120),
            Calibrated(Quality.LENGTHS, False, 0.61, 0.6, (0.84, 0.86), 120),
        ),
    )
    assert headline(report) == "The same notes, with better timing and loudness"
    assert calibrations_text(report).splitlines() == [
        "Timing: notes were 24 ms off on average; now they are 9 ms off.",
        "Loudness: 63 % of notes were about as loud as played; now 74 % are.",
        "Lengths: left as they were. 61 % of notes end when they should; with the change that was"
        " tried, 60 %.",
    ]
    assert report_reasons(report).startswith("It finds the same notes as before")
    assert "vary more" not in report_reasons(report)  # said where it is told what was tried
    step = JudgedStep(StepName.WEIGHTS, True, (Reason(Code.STEADIER, 0.8, 0.9),), {}, {})
    assert headline(msgspec.structs.replace(report, steps=[step])).startswith("It transcribes")
    assert from_json(to_json(report), Report) == report


def test_a_refused_report_shows_what_was_tried():
    tried = JudgedStep(
        StepName.HALF_WAY,
        False,
        (Reason(Code.GUARD_FELL, 0.94, 0.93),),
        {"agreement": 0.8, "corrected_f1": 0.7, "corrected_ends": 0.4, "guard_f1": 0.94},
        {"agreement": 0.82, "corrected_f1": 0.75, "corrected_ends": 0.38, "guard_f1": 0.93},
    )
    report = Report(
        adopted=False,
        reasons=(Reason(Code.NOTHING_GAINED), *tried.reasons),
        minutes_used=1.0,
        recordings={},
        before={"agreement": 0.8, "guard_f1": 0.94},
        after={"agreement": 0.8, "guard_f1": 0.94},
        guard_set={},
        seconds=95.0,
        steps=[tried],
    )
    changes = {figure.name: round(figure.change, 1) for figure in figures(report)}
    assert changes == {
        "Steadiness": 2.0,
        "Known notes": 5.0,
        "Starts and ends of known notes": -2.0,
        "On other recordings": -1.0,
    }
