"""Timing, loudness and lengths set by known notes, with the shipped piano model."""

from dataclasses import replace

import numpy as np
import pytest

from amtstudio.errors import Cancelled
from amtstudio.learning import calibration
from amtstudio.learning.adaptation import adapt
from amtstudio.learning.calibration import (
    Pairs,
    calibrate,
    calibrate_by,
    judged,
    known_parts,
    velocity_curve,
)
from amtstudio.learning.candidate import Candidate
from amtstudio.learning.control import RunControl
from amtstudio.learning.recordings import UserRecording
from amtstudio.learning.replay import bundled_music, played
from amtstudio.learning.report import Code, Quality, StepName
from amtstudio.learning.request import Corrections, Passage, Request
from amtstudio.learning.split import split_recordings
from amtstudio.learning.wording import sentences
from amtstudio.models import find_model
from amtstudio.models.checkpoint import load_transcription_model
from amtstudio.profiles import read_profile
from amtstudio.symbolic import Note

SECONDS = 24.0


@pytest.fixture(scope="module")
def base():
    model, card = load_transcription_model(find_model("piano"))
    return Candidate(model, card, model.grid, "cpu")


@pytest.fixture(scope="module")
def excerpt():
    return played(bundled_music("replay")[0], 50, seconds=SECONDS)


def known(excerpt, *, late=0.0, softer=0, longer=0.0, knows="all"):
    """What was played, as if the model were off by so much."""
    notes = tuple(
        Note(
            max(note.onset - late, 0.0),
            max(note.offset + longer, note.onset + 0.05),
            note.pitch,
            int(np.clip(note.velocity - softer, 1, 127)),
        )
        for note in excerpt.truth.notes
        if note.offset < SECONDS
    )
    return Corrections((Passage(0.0, SECONDS, notes, knows=knows),))


def split_of(base, excerpt, corrections, count=1):
    """One recording, or the same thing as several."""
    return split_recordings(
        [
            UserRecording(
                f"take {digest}.wav", digest * 64, excerpt.audio, base.grid, corrections,
                dereverberates=base.model.dereverberates,
            )
            for digest in "abc"[:count]
        ]
    )  # fmt: skip


def test_timing_and_loudness_are_set_by_the_notes_that_are_known(base, excerpt, tmp_path):
    split = split_of(base, excerpt, known(excerpt, late=0.03, softer=25), count=3)
    calibrated, found = calibrate(base, split, RunControl(tmp_path))
    by = {entry.quality: entry for entry in found}
    assert by[Quality.TIMING].adopted
    assert by[Quality.LOUDNESS].adopted
    assert by[Quality.TIMING].before > 0.025 > 0.02 > by[Quality.TIMING].after
    assert by[Quality.LOUDNESS].after > by[Quality.LOUDNESS].before + 0.2
    settings, former = calibrated.transcriber().settings, base.transcriber().settings
    assert settings.onset_shift_s == pytest.approx(former.onset_shift_s - 0.03, abs=0.01)
    assert settings.velocity_at_64 < 50.0
    # The network is the same one: nothing was trained.
    assert calibrated.model is base.model


def test_a_clock_apart_and_a_score_say_nothing_of_the_lag(base, excerpt, tmp_path):
    for knows, expected in (("played", {Quality.LOUDNESS}), ("onsets", set())):
        corrections = known(excerpt, late=0.03, softer=25, knows=knows)
        split = split_of(base, excerpt, corrections, count=3)
        calibrated, found = calibrate(base, split, RunControl(tmp_path))
        assert {entry.quality for entry in found if entry.adopted} == expected
        assert calibrated.card.onset_shift_s == base.card.onset_shift_s


def test_each_recording_is_decoded_once_with_the_same_settings_and_not_after_cancelling(
    base, excerpt, tmp_path, monkeypatch
):
    split = split_of(base, excerpt, known(excerpt, late=0.03, softer=25, longer=0.1))
    (part,) = known_parts(base, split, RunControl(tmp_path))
    # As if it were four recordings.
    copies = [replace(part.heard, activations=replace(part.heard.activations)) for _ in range(4)]
    parts = [replace(part, heard=heard, _decoded={}) for heard in copies]
    decoded = []
    decode = calibration.decode

    def counted(activations, settings):
        decoded.append((id(activations), settings))
        return decode(activations, settings)

    monkeypatch.setattr(calibration, "decode", counted)
    _, found = calibrate_by(base, parts)
    assert {entry.quality for entry in found} == set(Quality)
    assert len(decoded) == len(set(decoded))
    count = len(decoded)
    given_up = replace(parts[0], is_cancelled=lambda: True, _decoded={})
    with pytest.raises(Cancelled):
        calibrate_by(base, [given_up, *parts[1:]])
    assert len(decoded) == count


def test_notes_that_all_have_one_velocity_teach_no_loudness():
    heard = np.arange(30, 90)
    assert velocity_curve(heard, np.full(60, 80)) is None
    assert velocity_curve(heard, np.resize([40, 90], 60)) is None  # nothing to do with it
    assert velocity_curve(heard, heard + 20) == pytest.approx((52, 84, 116), abs=6.0)


def pairs(late, n_heard=100):
    rows = np.zeros((80, 6))
    rows[:, 0] = late
    return Pairs(rows, n_known=100, n_heard=n_heard)


def test_a_calibration_that_costs_notes_or_gains_nothing_is_refused():
    assert judged(Quality.TIMING, [pairs(0.03)], [pairs(0.01)]).adopted
    assert not judged(Quality.TIMING, [pairs(0.03)], [pairs(0.029)]).adopted
    assert not judged(Quality.TIMING, [pairs(0.03)], [pairs(0.01, n_heard=102)]).adopted
    assert not judged(Quality.TIMING, [pairs(0.01)], [pairs(0.03)]).adopted


def test_lengths_that_a_few_notes_speak_for_are_luck():
    def lengths(n_right):
        rows = np.zeros((80, 6))
        rows[:, 5] = 0.2
        rows[n_right:, 3] = 1.0
        return Pairs(rows, n_known=100, n_heard=100)

    assert not judged(Quality.LENGTHS, [lengths(30)], [lengths(33)]).adopted
    assert judged(Quality.LENGTHS, [lengths(30)], [lengths(50)]).adopted
    # Half of the recordings the worse for it: the next one may be, too.
    before = [lengths(30), lengths(30)]
    assert not judged(Quality.LENGTHS, before, [lengths(70), lengths(29)]).adopted


def test_a_loudness_that_suits_some_pieces_only_is_luck():
    def loud(n_right):
        rows = np.zeros((80, 6))
        rows[n_right:, 1] = 60.0  # velocities heard; those that were played are 0
        return Pairs(rows, n_known=100, n_heard=100)

    def gaining(*gains):
        before = [loud(30) for _ in gains]
        return judged(Quality.LOUDNESS, before, [loud(30 + gain) for gain in gains]).adopted

    # As many more are right in all of them, twice: in one piece, or in most of them.
    assert not gaining(48, 0, 0, 0)
    assert gaining(20, 16, 12, 0)
    # Most gain, and one loses more than they do.
    assert not gaining(10, 10, 10, -24)
    assert gaining(10, 10, 10, -2)


def test_one_recording_with_known_notes_gives_a_profile_that_leaves_the_weights(
    excerpt, tmp_path, monkeypatch
):
    import soundfile  # noqa: PLC0415 - here alone

    monkeypatch.setenv("AMTSTUDIO_DATA_DIR", str(tmp_path / "data"))
    path = tmp_path / "take.wav"
    soundfile.write(path, excerpt.audio, 16000)
    corrections = known(excerpt, late=0.03, softer=25)
    request = Request("mine", (path,), device="cpu", corrections={path: corrections})
    report = adapt(request, RunControl(tmp_path))
    assert report.adopted
    assert not report.hears_better
    assert [reason.code for reason in report.reasons] == [
        Code.NOTES_UNCHANGED,
        Code.BETTER_TIMING,
        Code.ONE_RECORDING,
    ]
    assert "Timing: notes were 3" in sentences(report.reasons)
    assert StepName.WEIGHTS not in {step.step for step in report.steps}
    profile = read_profile("mine")
    assert profile.onset_shift_s == pytest.approx(-0.03, abs=0.01)
    # How loud one piece is played says little of the next.
    assert "velocity_at_64" not in profile.thresholds
    assert replace(profile, report={}).ledger[0].corrected_s == pytest.approx(SECONDS)
