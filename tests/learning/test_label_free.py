import numpy as np
import pytest

from amtstudio.learning.label_free import agreement, onset_support, polyphony, recoloured
from amtstudio.playback import render_transcription
from amtstudio.symbolic import Note, Transcription

RATE = 16000
SCALE = [Note(0.5 + 0.4 * step, 0.8 + 0.4 * step, 55 + 2 * step, 80) for step in range(10)]


def test_agreement_worked_out_by_hand():
    moved = [Note(note.onset + 0.03, note.offset, note.pitch) for note in SCALE[:8]]
    # 8 of 10 and of 8: 2 * 8 / 18.
    assert agreement(SCALE, moved) == pytest.approx(16 / 18)
    late = [Note(note.onset + 0.06, note.offset + 0.1, note.pitch) for note in SCALE]
    assert agreement(SCALE, late) == 0.0
    assert agreement([], []) == 1.0
    assert agreement(SCALE, []) == 0.0


def test_polyphony_counts_only_the_time_with_sound():
    # 1 s alone, then silence, then 2 s of which 1 s doubled: 4 note seconds in 3 s.
    notes = [Note(0, 1, 60), Note(5, 7, 60), Note(6, 7, 64)]
    assert polyphony(notes) == pytest.approx(4 / 3)
    assert polyphony([]) == 0.0


def test_struck_notes_are_supported_and_imagined_ones_are_not():
    audio = render_transcription(Transcription(tuple(SCALE), duration=6.0), RATE)
    assert onset_support(SCALE, audio, RATE) == 1.0
    imagined = [Note(note.onset + 0.2, note.offset + 0.2, note.pitch) for note in SCALE]
    assert onset_support(imagined, audio, RATE) < 0.4
    assert onset_support([], audio, RATE) == 0.0


def test_other_colours_keep_the_length_and_the_level(rng):
    audio = 0.1 * rng.standard_normal(RATE).astype(np.float32)
    changed = recoloured(audio, RATE)
    assert changed.shape == audio.shape
    assert 0.5 < np.std(changed) / np.std(audio) < 2.0
    np.testing.assert_array_equal(changed, recoloured(audio, RATE))
    assert np.abs(changed - audio).max() > 0.01
