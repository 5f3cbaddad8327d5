"""Hits as notes of a drum track, all at once and as they arrive."""

import numpy as np
import pytest

from amtstudio.decoding import Activations, DrumDecoder, DrumSettings, decode
from amtstudio.decoding.drum_hits import decode_drum_hits
from amtstudio.features import FrameGrid
from amtstudio.symbolic.drums import DRUMS, GENERAL_MIDI_KEYS, KIT
from amtstudio.symbolic.heads import Drums, Head, HeadKind

GRID = FrameGrid(32000, 320)
HEADS = (
    Head("onset", HeadKind.EVENT, KIT),
    Head("velocity", HeadKind.VALUE, KIT, where="onset"),
)


def random_activations(n_frames=400, first_frame=0):
    rng = np.random.default_rng(8)
    onset = np.round(rng.random((n_frames, len(DRUMS))) ** 5, 2).astype(np.float32)
    velocity = rng.random((n_frames, len(DRUMS))).astype(np.float32)
    values = {"onset": onset, "velocity": velocity}
    return Activations(HEADS, values, GRID, first_frame, "drums")


def test_hits_become_notes_with_general_midi_numbers_on_a_drum_track():
    acts = random_activations()
    notes, pedals = decode(acts, DrumSettings())
    hits = decode_drum_hits(acts["onset"], acts["velocity"], GRID)
    assert len(hits) > 100
    assert pedals == []
    told = sorted((GENERAL_MIDI_KEYS[hit.drum], hit.time, hit.velocity) for hit in hits)
    written = sorted((note.pitch, note.onset, note.velocity) for note in notes)
    np.testing.assert_allclose(written, told, atol=1e-9)
    assert all(note.track.is_drums for note in notes)


def test_chunks_give_the_hits_of_the_whole():
    acts = random_activations(first_frame=70)
    expected, _ = decode(acts, DrumSettings())
    decoder = DrumDecoder(DrumSettings(), GRID)
    found = []
    for begin in range(0, 400, 33):
        values = {name: array[begin : begin + 33] for name, array in acts.values.items()}
        found += decoder.feed(Activations(HEADS, values, GRID, 70 + begin, "drums"))
    found += decoder.finish()
    assert sorted(found) == list(expected)


def test_each_drum_has_a_threshold_of_its_own():
    acts = random_activations()
    settings = DrumSettings.from_card({"onset": 0.3, "kick": 0.9})
    assert settings.value("kick_threshold") == 0.9
    assert settings.value("snare_threshold") == 0.3
    higher = settings.changed({"snare_threshold": 0.95})
    counts = [
        {
            drum: sum(n.pitch == GENERAL_MIDI_KEYS[drum] for n in decode(acts, used)[0])
            for drum in DRUMS
        }
        for used in (settings, higher)
    ]
    assert counts[1]["snare"] < counts[0]["snare"]
    assert counts[1]["ride"] == counts[0]["ride"]
    assert len(decode(acts, higher.lowered(settings, 0.5))[0]) > len(decode(acts, settings)[0])
    assert DrumSettings.from_plain(higher.to_plain()) == higher


def test_settings_and_activations_of_something_else_are_refused():
    with pytest.raises(ValueError, match="knows no setting 'frame'"):
        DrumSettings.from_card({"onset": 0.4, "frame": 0.4})
    with pytest.raises(ValueError, match="kick_threshold must lie"):
        DrumSettings().changed({"kick_threshold": 1.5})
    with pytest.raises(KeyError):
        DrumSettings().value("onset_threshold")
    decoder = DrumDecoder(DrumSettings(), GRID)
    decoder.feed(random_activations())
    with pytest.raises(ValueError, match="expected a chunk from frame 400"):
        decoder.feed(random_activations(first_frame=3))
    other = Drums(("gong",), (52,))
    heads = (
        Head("onset", HeadKind.EVENT, other),
        Head("velocity", HeadKind.VALUE, other, where="onset"),
    )
    zeros = {"onset": np.zeros((5, 1)), "velocity": np.zeros((5, 1))}
    with pytest.raises(ValueError, match="must be those of kick"):
        DrumDecoder(DrumSettings(), GRID).feed(Activations(heads, zeros, GRID, 0, "drums"))
