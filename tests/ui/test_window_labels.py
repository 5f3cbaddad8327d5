"""What a run would learn from a recording, seen before it begins."""

from __future__ import annotations

from collections import Counter

import pytest
import soundfile
from struck_tones import SAMPLE_RATE, struck_tones
from test_accessibility import controls_of, describe_widget, spoken_name

from amtstudio.learning.opinion import Trust, Verdict

PATIENCE_MS = 120_000


@pytest.fixture
def shown(qtbot, window, tmp_path):
    """The window for a recording of eight seconds, once it has listened."""
    path = tmp_path / "etüde.wav"
    soundfile.write(path, struck_tones(8.0), SAMPLE_RATE)
    feature = window.adaptation
    feature.show_learning()
    feature.recordings.close()  # it looks at nothing by itself any more
    feature.recordings.add_found([path])
    assert not feature.setup.labels_button.isEnabled()
    feature.setup.list.selectAll()
    feature.setup.labels_button.click()
    found = feature.comparing.labels_window
    qtbot.waitUntil(lambda: found.is_settled, timeout=PATIENCE_MS)
    return found


def counted(notes, trust):
    return Counter(trust.verdict(note) for note in notes)


def test_every_note_is_shown_by_what_becomes_of_it_and_sliders_move_the_line(shown, window):
    opinion = shown.opinion
    usual = opinion.trust
    found = counted(opinion.notes, usual)
    assert found[Verdict.TAKEN] >= 8
    assert [shown.item.count(verdict) for verdict in Verdict] == [found[v] for v in Verdict]
    assert shown.summary.text().startswith(f"It would learn {found[Verdict.TAKEN]} notes")
    shown.surely_not.setValue(98)  # pushes the other before it
    shown.surely.setValue(2)
    assert shown.trust == Trust(0.02, 0.01)
    for surely, surely_not in ((0.95, 0.05), (0.5, 0.4)):
        shown.surely.setValue(round(100 * surely))
        shown.surely_not.setValue(round(100 * surely_not))
        asked = counted(opinion.notes, Trust(surely, surely_not))
        assert [shown.item.count(verdict) for verdict in Verdict] == [asked[v] for v in Verdict]
    shown.usual_button.click()
    assert shown.item.count(Verdict.TAKEN) == found[Verdict.TAKEN]
    nameless = [part for part in controls_of(shown) if not spoken_name(part)]
    assert not list(map(describe_widget, nameless))
    shown.close()
    assert window.adaptation.comparing.labels_window is None


def test_thresholds_that_are_chosen_are_learned_with(shown, window):
    setup = window.adaptation.setup
    assert setup.trust is None
    assert not setup.trust_label.isVisible()
    shown.surely.setValue(90)
    assert setup.trust is None  # it was only looked at
    shown.use_box.setChecked(True)
    assert setup.trust == Trust(0.9, shown.surely_not.value() / 100)
    shown.surely_not.setValue(20)
    assert setup.trust == Trust(0.9, 0.2)
    assert "a note from 90 %, silence up to 20 %" in setup.trust_label.text()
    shown.usual_button.click()
    assert setup.trust is None
    shown.use_box.setChecked(True)
    setup.model_box.setCurrentIndex(1)
    assert setup.trust is None  # another model is sure in another way


def test_drums_are_not_shown_on_the_keys_of_a_piano(window, tmp_path):
    feature = window.adaptation
    feature.recordings.close()
    feature.recordings.add_found([tmp_path / "schlagzeug.wav"])
    feature.setup.list.selectAll()
    assert feature.setup.labels_button.isEnabled()
    feature.setup.offer_model("drums")
    feature.setup.list.selectAll()
    assert not feature.setup.labels_button.isEnabled()


def test_a_recording_that_cannot_be_read_is_told(qtbot, window, tmp_path):
    path = tmp_path / "kein ton.wav"
    path.write_bytes(b"no sound")
    window.adaptation.comparing.show_labels(path, window.adaptation.setup)
    found = window.adaptation.comparing.labels_window
    qtbot.waitUntil(lambda: found.is_settled, timeout=PATIENCE_MS)
    assert path.name in found.summary.text()
    assert not found.surely.isEnabled()
    found.close()
