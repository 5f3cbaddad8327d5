"""Recordings of other instruments than pianos are told from pianos, with the shipped detector."""

from __future__ import annotations

import pytest

from amtstudio.audio import read_mono
from amtstudio.engine.instrument_detector import InstrumentDetector
from amtstudio.errors import Cancelled
from amtstudio.learning.guard import guard_set
from amtstudio.learning.suitability import foreign_instruments


@pytest.fixture(scope="module")
def detector():
    return InstrumentDetector.load(device="cpu")


@pytest.fixture(scope="module")
def piano():
    return guard_set(count=1)[0].audio


def test_a_piano_is_no_foreign_instrument(detector, piano):
    assert foreign_instruments([piano], detector) == ()


@pytest.mark.shared
def test_a_guitar_is_named_where_pianos_are_not_the_most(shared, detector, piano):
    path = next((shared / "data/real").glob("*guitar*/*.flac"))
    guitar = read_mono(path, sample_rate=detector.sample_rate, end=30.0)
    told = foreign_instruments([guitar], detector)
    assert "guitar" in told
    assert foreign_instruments([guitar, guitar, piano], detector) == told
    assert foreign_instruments([guitar, piano, piano], detector) == ()


def test_it_can_be_cancelled(detector, piano):
    with pytest.raises(Cancelled):
        foreign_instruments([piano], detector, is_cancelled=lambda: True)
