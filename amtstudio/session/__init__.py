"""The open document: recording, notes, edits with undo, and the project file that keeps them."""

from amtstudio.session.audio_reference import AudioReference, AudioStatus
from amtstudio.session.command import Change, Command, Content
from amtstudio.session.document import SUFFIX, Document
from amtstudio.session.doubtful import is_doubtful, next_doubtful
from amtstudio.session.edits import limit_move
from amtstudio.session.folders import recovery_dir
from amtstudio.session.kept_activations import KeptActivations
from amtstudio.session.labels import Labels
from amtstudio.session.reading import ProjectContent, read_project
from amtstudio.session.recovery import (
    RecoverableDocument,
    find_recoverable,
    read_labels,
    remove_untouched,
)
from amtstudio.session.replacing import KeptNotes, Replaced
from amtstudio.session.shown_notes import Preview, ShownNotes
from amtstudio.session.track_list import NO_TRACKS, TrackEntry, TrackList
from amtstudio.session.values import Passage, SessionNote, Source, models_in
from amtstudio.symbolic import NoteState
from amtstudio.user_folders import data_dir

__all__ = [
    "NO_TRACKS",
    "SUFFIX",
    "AudioReference",
    "AudioStatus",
    "Change",
    "Command",
    "Content",
    "Document",
    "KeptActivations",
    "KeptNotes",
    "Labels",
    "NoteState",
    "Passage",
    "Preview",
    "ProjectContent",
    "RecoverableDocument",
    "Replaced",
    "SessionNote",
    "ShownNotes",
    "Source",
    "TrackEntry",
    "TrackList",
    "data_dir",
    "find_recoverable",
    "is_doubtful",
    "limit_move",
    "models_in",
    "next_doubtful",
    "read_labels",
    "read_project",
    "recovery_dir",
    "remove_untouched",
]
