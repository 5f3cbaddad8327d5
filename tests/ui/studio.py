"""The window as tests know it: the parts of its features by their names."""

from __future__ import annotations

from amtstudio.ui.adaptation.feature import Adaptation
from amtstudio.ui.beats.feature import Beats
from amtstudio.ui.customizing.feature import Customizing
from amtstudio.ui.edit.feature import Editing
from amtstudio.ui.export.feature import Exports
from amtstudio.ui.instruments.feature import Instruments
from amtstudio.ui.main_window import MainWindow
from amtstudio.ui.opening.feature import Opening
from amtstudio.ui.playback.feature import Playback
from amtstudio.ui.recording.feature import Recording
from amtstudio.ui.score.feature import Score
from amtstudio.ui.tracks.feature import Tracks
from amtstudio.ui.transcribe.feature import Transcribing
from amtstudio.ui.view.feature import Viewing

# The class of a feature, and where in it the part is; "": the feature itself.
_PARTS = {
    "adaptation": (Adaptation, ""),
    "badge": (Transcribing, "badge"),
    "beat_menu": (Beats, "menu"),
    "beats": (Beats, "editing"),
    "customizing": (Customizing, ""),
    "edit_menu": (Editing, "menu"),
    "exporter": (Exports, "exporter"),
    "export_feature": (Exports, ""),
    "exports": (Exports, "actions"),
    "instrument_finder": (Instruments, "finder"),
    "instruments": (Instruments, ""),
    "instruments_panel": (Instruments, "panel"),
    "jobs_banner": (Opening, "jobs_banner"),
    "model_loader": (Transcribing, "loader"),
    "model_menu": (Transcribing, "model_menu"),
    "note_table": (Editing, "table"),
    "notes_panel": (Viewing, "panel"),
    "offer_banner": (Opening, "offer_banner"),
    "opening": (Opening, "opener"),
    "opening_feature": (Opening, ""),
    "playback_actions": (Playback, "actions"),
    "project_actions": (Opening, "project_actions"),
    "queue_panel": (Transcribing, "queue_panel"),
    "recording": (Recording, ""),
    "score_dock": (Score, "dock"),
    "score_panel": (Score, "panel"),
    "table_dock": (Editing, "table_dock"),
    "tracks_panel": (Tracks, "panel"),
    "transcribe_actions": (Transcribing, "actions"),
    "transport": (Playback, "transport"),
    "unfinished_jobs": (Opening, "unfinished_jobs"),
    "viewing": (Viewing, ""),
}


class Studio(MainWindow):
    """A window whose features have their parts at hand."""

    def __getattr__(self, name: str) -> object:
        if name not in _PARTS:
            raise AttributeError(f"the window has no {name}")
        kind, part = _PARTS[name]
        feature = self.feature(kind)
        return getattr(feature, part) if part else feature
