"""The window on a virtual sound card: real sound comes out, and the card is pulled out."""

from __future__ import annotations

import subprocess
import sys
import textwrap

import numpy as np
import pytest
from virtual_sound_card import read_recorded

RATE = 48_000  # Hz

# In a process of its own: PortAudio reads the environment of the card when it is loaded.
WINDOW = """
    import sys, time
    from pathlib import Path
    from amtstudio.symbolic import Note
    from amtstudio.ui.app import make_app
    from amtstudio.ui.document import Document
    from studio import Studio
    from amtstudio.ui.queue import QueueItem, State
    from amtstudio.ui.redecoder import Redecoder
    from amtstudio.workbench.transcribing import Engine

    def wait_for(condition):
        deadline = time.monotonic() + 60.0
        while not condition():
            assert time.monotonic() < deadline
            app.processEvents()
            time.sleep(0.002)

    app = make_app()
    window = Studio(Engine(), keeps_state=False)
    window.show()
    window.playback.look_for_devices()
    wait_for(lambda: not window.playback.devices.is_looking)
    document = Document(Path(sys.argv[1]))
    item = QueueItem(document, Redecoder(document, window.pool), window.queue)
    document.set_notes([Note(2.0 * i, 2.0 * i + 1.9, 69, 120) for i in range(60)])
    item.set_state(State.DONE)
    window.queue.items.append(item)
    window.queue.added.emit(item)
    window.show_item(item)
    window.playback.set_balance(1.0)
    window.playback_actions.play.trigger()
    roll = window.page.roll
    wait_for(lambda: roll.cursor_line.time > 1.0 and 69 in roll.keyboard.sounding)
    print("heard", flush=True)
    wait_for(lambda: not window.playback.is_playing and bool(window.playback.message))
    print(window.transport.word.text())
    wait_for(lambda: not window.playback.devices.is_looking)
    place = window.playback.position
    assert place > 1.0
    assert not window.playback_actions.play.text().endswith("Pause")
    window.close()
"""


@pytest.mark.shared
def test_notes_come_out_of_a_sound_card_until_it_is_unplugged(sound_card, tmp_path):
    environment = sound_card.environment | {
        "QT_QPA_PLATFORM": "offscreen",
        "AMTSTUDIO_CONFIG_DIR": str(tmp_path / "config"),
    }
    heard = tmp_path / "heard.raw"
    with sound_card.recorded(heard, RATE):
        window = subprocess.Popen(
            [sys.executable, "-c", textwrap.dedent(WINDOW), str(tmp_path / "gone.wav")],
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        try:
            first = window.stdout.readline()
            sound_card.do("unplug")
            told, complaint = window.communicate(timeout=120)
        finally:
            window.kill()

    assert first == "heard\n", complaint
    assert window.returncode == 0, complaint
    assert "sound device" in told
    samples = read_recorded(heard)
    spectrum = np.abs(np.fft.rfft(samples))
    assert np.abs(samples).max() > 0.02
    assert np.argmax(spectrum) * RATE / len(samples) == pytest.approx(440.0, abs=3.0)
