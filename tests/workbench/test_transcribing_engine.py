"""Which models the engine of the window loads."""

from __future__ import annotations

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
