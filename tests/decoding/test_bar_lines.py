"""Bar lines by accents of notes, where the network for beats tells nothing or is unsure."""

import numpy as np
import pytest

from amtstudio.decoding.bar_lines import WEIGHTS, Listener, PitchedNotes, Weights
from amtstudio.decoding.beat_decoder import bars_of, decode_beats
from amtstudio.features import FrameGrid

GRID = FrameGrid(16000, 320)
BEATS = np.arange(0.5, 38.0, 0.5)


def accompaniment(meter, phase, rng):
    """A long bass note and a new chord on each first beat, chords on the others."""
    rows = []
    chords = [(0, 4, 7), (5, 9, 12), (7, 11, 14), (2, 5, 9)]
    bar = -1
    for number, beat in enumerate(BEATS.tolist()):
        is_first = number % meter == phase
        bar += is_first or number == 0
        chord = chords[bar % 4]
        if is_first:
            rows.append((beat, beat + 0.45 * meter, 36 + chord[0]))
        rows += [(beat, beat + 0.4, 60 + step) for step in chord[is_first:]]
    onset, offset, pitch = np.array(rows).T
    onset = onset + rng.normal(0.0, 0.008, len(onset))
    order = np.argsort(onset)
    return PitchedNotes(onset[order], offset[order], pitch[order].astype(np.int64))


@pytest.mark.parametrize("meter", [2, 3, 4])
@pytest.mark.parametrize("phase", [0, 1])
def test_bars_begin_where_bass_and_harmony_change(meter, phase, rng):
    notes = accompaniment(meter, phase, rng)
    listener = Listener(BEATS, np.full(len(BEATS), 1.0 / 3.0), notes)
    is_downbeat = bars_of(listener, (2, 3, 4))
    begins = np.flatnonzero(is_downbeat)
    # Bars of two may be taken for halves of bars of four, but none is cut elsewhere.
    assert np.mean(begins % (2 if meter == 4 else meter) == phase % meter) > 0.9


def test_what_the_network_is_sure_of_is_kept(rng):
    notes = accompaniment(3, 0, rng)
    share = np.where(np.arange(len(BEATS)) % 3 == 1, 0.97, 0.03)
    found = np.flatnonzero(bars_of(Listener(BEATS, share, notes), (2, 3, 4)))
    assert np.mean(found % 3 == 1) > 0.9


def test_a_meter_that_is_told_is_kept(rng):
    listener = Listener(BEATS, np.full(len(BEATS), 0.3), accompaniment(3, 0, rng))
    assert set(np.diff(np.flatnonzero(bars_of(listener, (4,))))) == {4}


def test_there_is_a_weight_for_each_feature(rng):
    listener = Listener(BEATS, np.full(len(BEATS), 0.3), accompaniment(4, 0, rng))
    assert listener.bar_features(4, 0).shape == (len(WEIGHTS.of_bars),)
    assert listener.beat_features().shape == (len(BEATS), len(WEIGHTS.of_beats))


def test_few_notes_tell_nothing():
    few = PitchedNotes(BEATS[:5], BEATS[:5] + 0.1, np.full(5, 60))
    assert not Listener.can_hear(BEATS, few)
    heard = np.full(2000, 0.02)
    heard[np.round(BEATS * 50).astype(int)] = 0.9
    bars = np.full(2000, 0.02)
    bars[np.round(BEATS[::3] * 50).astype(int)] = 0.8
    alone = decode_beats(heard, bars, GRID)
    assert alone == decode_beats(heard, bars, GRID, notes=few)
    assert set(alone.meters) == {3}


def test_weights_of_nothing_but_the_network_leave_its_bars(rng):
    plain = Weights((1.0, *[0.0] * 14), (1.0, *[0.0] * 5), 0.0)
    share = np.where(np.arange(len(BEATS)) % 4 == 2, 0.8, 0.1)
    found = bars_of(Listener(BEATS, share, accompaniment(3, 0, rng)), (2, 3, 4), plain)
    assert np.all(np.flatnonzero(found) % 4 == 2)
