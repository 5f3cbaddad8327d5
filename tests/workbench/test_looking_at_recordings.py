"""What is found out about a recording before it is learned from."""

from __future__ import annotations

import numpy as np
import soundfile

from amtstudio.workbench.adaptation.looking import Looker


def test_a_recording_is_decoded_once_for_all_that_is_asked_of_it(tmp_path, openings):
    path = tmp_path / "noise.wav"
    rng = np.random.default_rng(1)
    soundfile.write(path, 0.1 * rng.standard_normal(8 * 16000), 16000)
    looked = Looker("piano", "cpu").hear(path, lambda: False)
    assert looked.was_heard
    assert looked.seconds == 8.0
    assert looked.objection  # so it was also asked whether it is a piano out of tune
    assert openings == [path]


def test_what_is_short_or_no_sound_is_said_without_listening(tmp_path):
    short, text = tmp_path / "short.wav", tmp_path / "text.wav"
    soundfile.write(short, np.zeros(16000), 16000)
    text.write_text("no sound")
    looker = Looker("no such model", "cpu")
    assert "short" in str(looker.hear(short, lambda: False).objection)
    assert looker.hear(text, lambda: False).objection
