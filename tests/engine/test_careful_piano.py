"""The careful piano model that ships, as the engine runs it."""

from __future__ import annotations

import pytest

from amtstudio.engine import load_transcriber
from amtstudio.formats import read_transcription
from amtstudio.models import list_models
from amtstudio.resources import resource_path
from amtstudio.scoring import score_notes

EXAMPLE = resource_path("examples", "schumann_im_wunderschoenen.mp3")

pytestmark = pytest.mark.skipif(
    "piano_large" not in list_models(), reason="needs the bundled models"
)


def test_it_hears_the_example_at_least_as_well_as_the_quick_one():
    truth = read_transcription(EXAMPLE.with_suffix(".notes.csv"))
    f1 = {}
    for name in ("piano", "piano_large"):
        heard = load_transcriber(name, device="cpu").transcribe_file(EXAMPLE).transcription
        f1[name] = score_notes(truth, heard).note_aligned.f1
    assert f1["piano_large"] >= f1["piano"] - 0.005
    assert f1["piano_large"] > 0.95


def test_it_was_taught_only_on_what_may_be_used_for_anything():
    card = load_transcriber("piano_large", device="cpu").card
    assert card.licence == "MIT"
    assert card.data
    for source in card.data:
        assert "NC" not in source.licence.split("-"), source
        assert "ND" not in source.licence.split("-"), source
