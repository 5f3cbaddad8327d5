"""The window of the program: a shell, and the features that it has."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtWidgets import QWidget

from amtstudio.ui.adaptation.feature import Adaptation
from amtstudio.ui.beats.feature import Beats
from amtstudio.ui.customizing.feature import Customizing
from amtstudio.ui.edit.feature import Editing
from amtstudio.ui.export.feature import Exports
from amtstudio.ui.help.feature import Help
from amtstudio.ui.instruments.feature import Instruments
from amtstudio.ui.opening.feature import Opening
from amtstudio.ui.playback.feature import Playback
from amtstudio.ui.recording.feature import Recording
from amtstudio.ui.score.feature import Score
from amtstudio.ui.shell import Shell
from amtstudio.ui.sound_devices import SoundSystem
from amtstudio.ui.tracks.feature import Tracks
from amtstudio.ui.transcribe.feature import Transcribing
from amtstudio.ui.view.feature import Viewing
from amtstudio.workbench.transcribing import Engine

# Any of them can be left out. Their order is that of panels and bars, and of what stands in the
# same section of a menu.
FEATURES: tuple[Callable[[Shell], object], ...] = (
    Opening,
    Exports,
    Editing,
    Viewing,
    Transcribing,
    Instruments,
    Tracks,
    Playback,
    Beats,
    Score,
    Recording,
    Adaptation,
    Customizing,
    Help,
)


class MainWindow(Shell):
    """The studio window.

    Parameters
    ----------
    features : sequence of callables
        Each is made with the window; see ``Shell`` for them and for the other parameters.
    """

    def __init__(
        self,
        engine: Engine,
        *,
        keeps_state: bool = True,
        sound: SoundSystem | None = None,
        features: Sequence[Callable[[Shell], object]] = FEATURES,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(engine, keeps_state=keeps_state, sound=sound, parent=parent)
        for feature in features:
            self.install(feature)
        self.finish()
