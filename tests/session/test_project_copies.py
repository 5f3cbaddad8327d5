"""A copy of an open project, for another process to read."""

import pytest

from amtstudio.errors import ProjectLockedError
from amtstudio.session import AudioReference, Document, read_labels


def test_a_copy_holds_the_labels_while_the_project_stays_open(transcription, sound, tmp_path):
    target = tmp_path / "elsewhere" / "copy.amts"
    target.parent.mkdir()
    with Document.create(AudioReference.read(sound)) as document:
        document.replace_transcription(transcription)
        document.accept_passage(0.5, 2.5)
        with pytest.raises(ProjectLockedError):
            read_labels(document.path)
        document.write_copy(target)
        labels = read_labels(target)
        assert (labels.notes, labels.accepted) == (
            document.labels().notes,
            document.labels().accepted,
        )
        assert labels.audio.locate(target)[1] == sound
        assert document.undo_text is not None
        document.undo()
        document.write_copy(target)  # over the former one
        assert read_labels(target).accepted == ()
        assert document.path != target
        assert not document.is_read_only
