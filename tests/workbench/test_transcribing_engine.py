"""Which models the engine of the window loads."""

from __future__ import annotations

import pytest

from amtstudio.engine import PlannedTranscriber
from amtstudio.workbench.transcribing import Engine


def test_instruments_that_are_named_choose_the_models_even_if_one_is_fixed():
    engine = Engine("piano", "cpu")
    fixed = engine.transcriber()
    assert fixed.name == "piano"
    chosen = engine.transcriber(for_instruments=True)
    assert isinstance(chosen, PlannedTranscriber)
    assert engine.transcriber() is fixed
    assert engine.transcriber(for_instruments=True) is chosen


def test_a_take_is_heard_by_a_model_that_keeps_up():
    engine = Engine("piano_large", "cpu")
    assert engine.choice == "piano_large"
    assert engine.live_model == "piano"
    live = engine.load_live(sample_rate=16_000, max_lag_s=1.0, on_warning=pytest.fail)
    engine.restore_threads()
    assert live.model == "piano"
    assert engine.transcriber().name == "piano_large"
