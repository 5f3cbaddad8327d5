from __future__ import annotations

import hashlib
import json
import os
import sqlite3
from pathlib import PureWindowsPath

import numpy as np
import pytest
import soundfile

from amtstudio.audio import choose_track, probe, read_mono
from amtstudio.errors import BadAudioError, Cancelled, ProjectError
from amtstudio.session import AudioReference, AudioStatus, Document, audio_reference
from amtstudio.session.audio_reference import is_remote
from amtstudio.session.rows import sealed, to_json


@pytest.fixture
def project(sound, tmp_path):
    folder = tmp_path / "songs"
    folder.mkdir()
    with Document.create(AudioReference.read(sound)) as document:
        document.save_as(folder / "a.amts")
        yield document


def test_a_reference_holds_the_hash_and_length(sound):
    reference = AudioReference.read(sound)
    assert reference.sha256 == hashlib.sha256(sound.read_bytes()).hexdigest()
    assert (reference.path, reference.n_bytes, reference.duration) == (sound, 16044, 1.0)


def test_a_reference_to_what_is_no_audio_is_refused(tmp_path):
    (tmp_path / "text.wav").write_text("no sound at all")
    with pytest.raises(BadAudioError, match=r"text\.wav"):
        AudioReference.read(tmp_path / "text.wav")


def test_hashing_can_be_cancelled(sound):
    with pytest.raises(Cancelled):
        AudioReference.read(sound, is_cancelled=lambda: True)


def test_a_missing_recording_is_told_and_can_be_found_again(project, sound, tmp_path):
    assert (project.audio_status, project.audio_path) == (AudioStatus.PRESENT, sound)
    moved = tmp_path / "moved.wav"
    sound.rename(moved)
    path = project.path
    project.close()
    with Document.open(path) as reopened:
        heard = []
        reopened.subscribe(heard.append)
        assert (reopened.audio_status, reopened.audio_path) == (AudioStatus.MISSING, None)
        assert not reopened.verify_audio()
        reopened.relink(moved)
        assert heard[0].audio
        assert reopened.audio_path == moved
        assert reopened.verify_audio()
    with Document.open(path) as reopened:
        assert reopened.audio_path == moved


def test_another_recording_is_not_taken_for_the_one_transcribed(project, sound, tmp_path):
    other = tmp_path / "other.wav"
    soundfile.write(other, np.full(8000, 0.5), 8000, subtype="PCM_16")
    with pytest.raises(ProjectError, match=r"not the recording .*its bytes differ"):
        project.relink(other)
    project.relink(other, accept_changed=True)
    assert project.audio_path == other
    longer = tmp_path / "longer.wav"
    soundfile.write(longer, np.zeros(16000), 8000, subtype="PCM_16")
    with pytest.raises(ProjectError, match="its length differs"):
        project.relink(longer, accept_changed=True)
    assert project.audio_path == other


def test_a_recording_that_changed_is_told(project, sound):
    data = sound.read_bytes()
    sound.write_bytes(data[:-1] + b"\x01")
    assert project.audio_status is AudioStatus.PRESENT  # the size is the same
    assert not project.verify_audio()
    sound.write_bytes(data + b"\x00")
    assert project.audio_status is AudioStatus.CHANGED
    assert project.audio_path is None


def test_project_and_recording_can_move_together(project, sound, tmp_path):
    project.close()
    (tmp_path / "new" / "songs").mkdir(parents=True)
    sound.rename(tmp_path / "new" / "a.wav")
    project.path.rename(tmp_path / "new" / "songs" / "a.amts")
    with Document.open(tmp_path / "new" / "songs" / "a.amts") as reopened:
        assert reopened.audio_path == tmp_path / "new" / "a.wav"
        (tmp_path / "far" / "away").mkdir(parents=True)
        reopened.save_as(tmp_path / "far" / "away" / "b.amts")
        assert reopened.audio_path == tmp_path / "new" / "a.wav"


def test_no_other_machine_is_asked_for_the_recording_of_a_strange_project(project, monkeypatch):
    assert is_remote(PureWindowsPath("//server/share/a.wav"), windows=True)
    assert is_remote(PureWindowsPath(r"\\server\share\a.wav"), windows=True)
    assert not is_remote(PureWindowsPath(r"C:\music\a.wav"), windows=True)
    assert not is_remote(PureWindowsPath("//server/share/a.wav"), windows=False)
    monkeypatch.setattr(audio_reference, "is_remote", lambda path: path.suffix == ".wav")
    assert project.audio_status is AudioStatus.MISSING
    # A project that lies on a server itself may have its recording there.
    monkeypatch.setattr(audio_reference, "is_remote", lambda path: True)
    assert project.audio_status is AudioStatus.PRESENT


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="POSIX")
def test_a_pipe_in_the_place_of_the_recording_is_not_opened(project, sound):
    sound.unlink()
    os.mkfifo(sound)
    assert project.audio_status is AudioStatus.MISSING
    assert not project.verify_audio()


def test_the_sound_track_of_a_recording_is_kept_with_its_reference(tmp_path):
    import av  # noqa: PLC0415

    path = tmp_path / "two.mkv"
    with av.open(str(path), "w") as container:
        streams = [container.add_stream("pcm_s16le", rate=8000, layout="mono") for _ in range(2)]
        for stream, value in zip(streams, (1000, 2000), strict=True):
            frame = av.AudioFrame.from_ndarray(np.full((1, 8000), value, np.int16), "s16", "mono")
            frame.sample_rate, frame.pts = 8000, 0
            container.mux(stream.encode(frame))
            container.mux(stream.encode(None))
    choose_track(path, 2)
    assert probe(path).track == 2
    assert read_mono(path, sample_rate=8000)[0] == pytest.approx(2000 / 32768)
    with Document.create(AudioReference.read(path)) as document:
        document.save_as(tmp_path / "two.amts")
    with Document.open(tmp_path / "two.amts") as reopened:
        assert reopened.audio is not None
        assert reopened.audio.track == 2
    choose_track(path, None)
    assert AudioReference.read(path).track == 1


# -- known by its content


def changed(path):
    """The same size, and another content."""
    data = bytearray(path.read_bytes())
    data[-1] ^= 1
    path.write_bytes(data)


def hashed(monkeypatch):
    """Counts how often a recording is read through."""
    read = []
    real = audio_reference.hash_file
    monkeypatch.setattr(
        audio_reference,
        "hash_file",
        lambda path, **options: read.append(path) or real(path, **options),
    )
    return read


def test_an_untouched_recording_is_not_read_again(project, monkeypatch):
    read = hashed(monkeypatch)
    assert project.check_audio() is AudioStatus.PRESENT
    assert read == []
    assert project.check_audio(always=True) is AudioStatus.PRESENT
    assert len(read) == 1


def test_a_touched_recording_is_read_once_and_taken_without_a_word(project, sound, monkeypatch):
    read = hashed(monkeypatch)
    os.utime(sound, (1e9, 1e9))
    path = project.path
    assert project.check_audio() is AudioStatus.PRESENT
    assert (project.check_audio(), len(read)) == (AudioStatus.PRESENT, 1)
    assert project.undo_text is None
    project.close()
    with Document.open(path) as reopened:
        assert (reopened.check_audio(), len(read)) == (AudioStatus.PRESENT, 1)


def test_a_recording_of_the_same_size_and_another_content_is_told(project, sound, tmp_path):
    original = sound.read_bytes()
    changed(sound)
    os.utime(sound, (1e9, 1e9))
    assert project.check_audio() is AudioStatus.CHANGED
    assert (project.audio_status, project.audio_path) == (AudioStatus.CHANGED, None)
    sound.write_bytes(original)  # put back
    assert project.check_audio() is AudioStatus.PRESENT
    assert project.audio_path == sound
    changed(sound)
    project.check_audio()
    project.relink(sound, accept_changed=True)
    assert (project.audio_status, project.audio_path) == (AudioStatus.PRESENT, sound)


def test_only_a_full_look_finds_another_content_with_the_same_size_and_time(project, sound):
    status = sound.stat()
    changed(sound)
    os.utime(sound, ns=(status.st_atime_ns, status.st_mtime_ns))
    assert project.check_audio() is AudioStatus.PRESENT
    assert project.check_audio(always=True) is AudioStatus.CHANGED
    assert project.audio_status is AudioStatus.CHANGED


def test_a_recording_that_was_moved_to_the_project_is_found(project, sound):
    beside = project.path.with_name(sound.name)
    sound.rename(beside)
    assert project.check_audio() is AudioStatus.PRESENT
    assert project.audio.path == beside
    beside.write_bytes(b"RIFF")
    assert project.check_audio() is AudioStatus.CHANGED
    beside.unlink()
    assert project.check_audio() is AudioStatus.MISSING


def test_another_file_in_its_place_does_not_hide_the_recording(project, sound):
    beside = project.path.with_name(sound.name)
    beside.write_bytes(sound.read_bytes())
    changed(sound)
    os.utime(sound, (1e9, 1e9))
    assert project.check_audio() is AudioStatus.PRESENT
    assert project.audio_path == beside


def test_a_project_that_kept_no_time_reads_the_recording_once(project, sound, monkeypatch):
    path = project.path
    project.close()
    with sqlite3.connect(path) as connection:
        (value,) = connection.execute("SELECT value FROM property WHERE key='audio'").fetchone()
        values = json.loads(value)
        del values["modified_ns"]
        row = sealed(("audio", to_json(values)))
        connection.execute("REPLACE INTO property VALUES (?, ?, ?)", row)
    connection.close()
    read = hashed(monkeypatch)
    with Document.open(path) as former:
        assert former.audio.modified_ns is None
        assert former.check_audio() is AudioStatus.PRESENT
    with Document.open(path) as again:
        assert again.check_audio() is AudioStatus.PRESENT
    assert len(read) == 1


def test_checking_can_be_cancelled(project, sound):
    os.utime(sound, (1e9, 1e9))
    with pytest.raises(Cancelled):
        project.check_audio(is_cancelled=lambda: True)
