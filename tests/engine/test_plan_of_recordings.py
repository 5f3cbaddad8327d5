"""The model that is chosen for recordings of a piano, by the detector that ships."""

from __future__ import annotations

import pytest

from amtstudio.engine import SuitabilityCheck
from amtstudio.resources import resource_path


@pytest.fixture(scope="module")
def check():
    return SuitabilityCheck()


def test_the_example_is_for_the_piano(check):
    example = resource_path("examples", "schumann_im_wunderschoenen.mp3")
    plan = check.plan_of(check.heard(example))
    assert plan.models == ("piano",)


def test_every_recording_of_a_disklavier_is_for_the_piano(check, shared):
    recordings = sorted((shared / "data/real/piano_disklavier").glob("*.flac"))
    assert len(recordings) == 23
    chosen = {path.stem: check.plan_of(check.heard(path)).models for path in recordings}
    assert chosen == dict.fromkeys(chosen, ("piano",))
