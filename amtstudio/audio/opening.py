"""Open a sound file for decoding: which decoder, which of its tracks, which mix of its channels.

What is decided here is decided once for a file, so that all readers (for notes, for its picture,
for playback) read the same.
"""

from __future__ import annotations

import logging
import os
import re
import threading
from collections import OrderedDict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import BinaryIO

import numpy as np

from amtstudio.audio.av_reader import AvReader
from amtstudio.audio.chained_reader import ChainedReader
from amtstudio.audio.file_start import search_sound_file, sound_file_in
from amtstudio.audio.file_view import FileView, Readable, read_at
from amtstudio.audio.flac_length import flac_streams, flac_told_samples
from amtstudio.audio.info import DecoderRefusedError, shown_name
from amtstudio.audio.mixdown import MEAN, Channels, Mix, choose_mix
from amtstudio.audio.ogg_links import ogg_links
from amtstudio.audio.protection import protected_error, protected_tracks
from amtstudio.audio.rumble import has_rumble
from amtstudio.audio.soundfile_reader import SoundfileReader, suits_soundfile
from amtstudio.errors import BadAudioError, OptionError

logger = logging.getLogger("amtstudio.audio")

OnWarning = Callable[[str], None]
Reader = SoundfileReader | AvReader | ChainedReader

N_WINDOWS = 32  # of a third of a second or so, in which channels and tracks are compared
SILENT = 1e-4  # RMS of the loudest window; -80 dBFS
# A track far below the loudest one is the hiss of a microphone that nobody used.
FAINT, FAR_BELOW = 3e-3, 5e-3
LEAST_WITHIN_S = 0.5  # a shorter sound within other things belongs to them: it is not a recording
LONGER_BY_S = 0.5  # longer than the header says: worth a warning
_MOST_REMEMBERED = 256
_HOLDS_NOTES = re.compile(
    rb"MThd|RIFF.{4}RMID|.*(?:<score-(?:partwise|timewise)|META-INF/container\.xml)", re.DOTALL
)
# CSV, JSON or JSON Lines of ours; the beats of JSON may come before its notes.
_HOLDS_TABLE = re.compile(
    rb"""\W*(?:onset_s.*offset_s|"onset_s".*"offset_s"|"file":.*"duration_s":)""", re.DOTALL
)
_IS_PROJECT = re.compile(rb"SQLite format 3\0.{52}AMTS", re.DOTALL)
_NOTES_WITHIN = 4096  # bytes within which a score identifies itself


@dataclass(frozen=True, slots=True)
class _Choice:
    """How a file is read.

    ``remarks`` are sentences for the user on what was taken and what was left.
    """

    track: int | None = None
    mix: Mix = MEAN
    remarks: tuple[str, ...] = ()


_Identity = tuple[int, int, int, int]  # of a file in its current state
_choices: OrderedDict[tuple[_Identity, int | None], _Choice] = OrderedDict()
_wanted_tracks: dict[_Identity, int] = {}  # by the user
_choices_lock = threading.Lock()


@contextmanager
def opened_reader(
    file: BinaryIO,
    path: Path,
    *,
    track: int | None = None,
    warn: OnWarning,
    remark: OnWarning,
) -> Iterator[Reader]:
    """A reader for the sound of a file.

    Parameters
    ----------
    file : BinaryIO
        Opened for reading; stays open.
    path : Path
    track : int, optional
        Which of its sound tracks, from 1; None: the first that can be decoded and is not silent.
    warn : callable
        Called with a sentence if the file turns out to be damaged.
    remark : callable
        Called with sentences about what was used and what was left out.

    Raises
    ------
    BadAudioError
        If no decoder accepts the file, or it is copy-protected.
    OptionError
        If the file does not have that many tracks.
    """
    reader, remarks = _open(file, path, track, warn)
    try:
        for sentence in remarks:
            remark(sentence)
        yield reader
    finally:
        reader.close()


def _open(
    file: BinaryIO, path: Path, track: int | None, warn: OnWarning
) -> tuple[Reader, list[str]]:
    name = shown_name(path)
    source, n_unknown = sound_file_in(file)
    try:
        choice = _choice_for(file, source, path, track)
        reader = _reader(source, path, choice.track, warn)
    except (DecoderRefusedError, BadAudioError) as refusal:
        found = search_sound_file(file)
        if found is None or n_unknown:
            raise _refused(refusal, name, file) from refusal
        source, n_unknown = found
        try:
            choice = _choice_for(file, source, path, track)
            reader = _reader(source, path, choice.track, warn)
        except (DecoderRefusedError, BadAudioError):
            raise _refused(refusal, name, file) from refusal
    if n_unknown and (reader.info.duration or LEAST_WITHIN_S) < LEAST_WITHIN_S:
        reader.close()
        raise not_audio(name)
    reader.mix = choice.mix
    remarks = list(choice.remarks)
    if n_unknown:
        remarks.append(
            f"{name} begins with {n_unknown} bytes that are not sound; it is read from there on"
        )
    remarks += _length_remarks(reader, name)
    return reader, remarks


def _refused(refusal: Exception, name: str, file: Readable) -> BadAudioError:
    head = read_at(file, 0, _NOTES_WITHIN)
    if _IS_PROJECT.match(head):
        return BadAudioError(
            f"{name} is a project, not a recording", hint="open it in the window and export there"
        )
    if _HOLDS_TABLE.match(head):
        return BadAudioError(
            f"{name} already contains notes, but no sound to transcribe",
            hint="open the recording instead",
        )
    if _HOLDS_NOTES.match(head):
        return BadAudioError(
            f"{name} is MIDI or MusicXML: it already contains notes, but no sound to transcribe",
            hint="open a recording of the piece instead; this file can serve as its score"
            " in Adapt > My Instrument",
        )
    if isinstance(refusal, BadAudioError):
        return refusal
    return not_audio(name)


def not_audio(name: str) -> BadAudioError:
    return BadAudioError(
        f"{name} cannot be read as audio",
        hint="it is damaged, or not a sound file; check whether another program can play it",
    )


def _length_remarks(reader: Reader, name: str) -> list[str]:
    told = reader.told_samples
    if told is None or isinstance(reader, AvReader):
        return []
    told_s, found_s = told / reader.sample_rate, reader.n_samples / reader.sample_rate
    if found_s < told_s + LONGER_BY_S:
        return []
    return [
        f"{name} holds {found_s:.1f} s of sound, but its header says {told_s:.1f} s; all of "
        "it is read"
    ]


# -- which decoder ---------------------------------------------------------------------------------
def _reader(source: Readable, path: Path, track: int | None, warn: OnWarning) -> Reader:
    """Use libsndfile for the formats it reads well, FFmpeg for others and as a fallback."""
    head = read_at(source, 0, 4)
    if head == b"OggS":
        return _ogg_reader(source, path, track, warn)
    if head == b"fLaC":
        streams = flac_streams(source)
        if len(streams) > 1:
            return _chained(list(streams), path, warn)
        return _single_reader(streams[0], path, track, warn, told_samples=flac_told_samples(source))
    return _single_reader(source, path, track, warn)


def _ogg_reader(source: Readable, path: Path, track: int | None, warn: OnWarning) -> Reader:
    links = ogg_links(source)
    damage = next((link.damaged_at for link in links if link.damaged_at is not None), None)
    if damage is None and len(links) > 1:
        parts = [FileView(source, [(link.offset, link.size)]) for link in links]
        return _chained(list(parts), path, warn)
    if damage is None:
        return _single_reader(source, path, track, warn)
    # Where pages are missing libsndfile loses the time, and often the rest; FFmpeg does not.
    try:
        reader = AvReader(source, path, track=track, warn=warn)
    except (DecoderRefusedError, BadAudioError):
        return _single_reader(source, path, track, warn)
    near = f" near {damage / reader.sample_rate:.1f} s" if len(links) == 1 else ""
    warn(f"{shown_name(path)} is damaged{near}; what can be read is used")
    return reader


def _chained(links: list[Readable], path: Path, warn: OnWarning) -> Reader:
    readers = []
    for link in links:
        try:
            readers.append(_single_reader(link, path, None, warn))
        except (DecoderRefusedError, BadAudioError) as refusal:
            logger.debug("%s: %s", path.name, refusal)
            warn(f"{shown_name(path)} is damaged in one of the recordings joined into it")
    if not readers:
        raise DecoderRefusedError("no link can be read")
    return readers[0] if len(readers) == 1 else ChainedReader(readers, warn=warn)


def _single_reader(
    source: Readable,
    path: Path,
    track: int | None,
    warn: OnWarning,
    *,
    told_samples: int | None = None,
) -> SoundfileReader | AvReader:
    first: SoundfileReader | None = None
    if suits_soundfile(source):
        try:
            first = SoundfileReader(source, path, told_samples=told_samples)
        except DecoderRefusedError as refusal:
            logger.debug("%s: libsndfile: %s", path.name, refusal)
    if first is not None and first.n_samples > 0:
        return first
    try:
        # If libsndfile does not know the length, FFmpeg reads on to the end of the file.
        second = AvReader(source, path, track=track, warn=warn)
    except (DecoderRefusedError, BadAudioError):
        if first is not None:
            return first
        raise
    if first is not None:
        first.close()
    return second


# -- which track, and which mix --------------------------------------------------------------------
def choose_track(path: Path, track: int | None) -> None:
    """Make this the default track for every reader of the file in this process.

    ``track`` counts from 1; None restores the first that can be decoded and is not silent. A file
    that is missing or replaced keeps no choice.
    """
    try:
        identity = _identity(os.stat(path))  # noqa: PTH116 - Path refuses what open takes
    except (OSError, ValueError):
        return
    with _choices_lock:
        _wanted_tracks.pop(identity, None)
        if track is not None:
            _wanted_tracks[identity] = track


def _identity(status: os.stat_result) -> _Identity:
    return (status.st_dev, status.st_ino, status.st_size, status.st_mtime_ns)


def _choice_for(file: BinaryIO, source: Readable, path: Path, track: int | None) -> _Choice:
    """The choice for this content, remembered."""
    identity = _identity(os.fstat(file.fileno()))
    with _choices_lock:
        track = _wanted_tracks.get(identity) if track is None else track
        known = _choices.get((identity, track))
    if known is not None:
        return known
    choice = _choose(source, path, track)
    with _choices_lock:
        _choices[identity, track] = choice
        while len(_choices) > _MOST_REMEMBERED:
            _choices.popitem(last=False)
    return choice


def _choose(source: Readable, path: Path, track: int | None) -> _Choice:
    name = shown_name(path)
    schemes = protected_tracks(source)
    if schemes and all(schemes):
        raise protected_error(name, schemes[0] or "")
    reader = _reader(source, path, None, _ignored)
    try:
        descriptions = reader.info.tracks
        _check_track(name, track, descriptions)
        if not descriptions:
            return _mix_choice(reader, name)
    finally:
        reader.close()
    return _track_choice(source, path, track, schemes, descriptions)


def _check_track(name: str, track: int | None, descriptions: tuple[str, ...]) -> None:
    n_tracks = max(len(descriptions), 1)
    if track is None or 1 <= track <= n_tracks:
        return
    if n_tracks == 1:
        raise OptionError(f"{name} has one sound track, but no track {track}")
    raise OptionError(
        f"{name} has {n_tracks} sound tracks, but no track {track}",
        hint=f"there are {_listed(descriptions)}",
    )


def _mix_choice(reader: Reader, name: str, track: int | None = None) -> _Choice:
    mix = _mix_of(list(reader.windows(N_WINDOWS)), reader.sample_rate)
    return _Choice(track, mix, (f"{name} {mix.reason}",) if mix.reason else ())


def _mix_of(windows: list[Channels], sample_rate: int) -> Mix:
    mix = choose_mix(windows, sample_rate)
    return replace(mix, rumbles=True) if has_rumble(windows, mix, sample_rate) else mix


@dataclass(frozen=True, slots=True)
class _Heard:
    """Properties of a sound track: its level, RMS of the loudest window, and the mix for it."""

    level: float
    mix: _Choice


def _track_choice(
    source: Readable,
    path: Path,
    track: int | None,
    schemes: tuple[str | None, ...],
    descriptions: tuple[str, ...],
) -> _Choice:
    name = shown_name(path)
    numbers = range(1, len(descriptions) + 1)
    protected = {number for number, scheme in zip(numbers, schemes, strict=False) if scheme}
    if track in protected:
        raise protected_error(f"track {track} of {name}", schemes[(track or 1) - 1] or "")
    if track is not None:
        heard = _listen(source, path, track)
        return _Choice(track) if heard is None else heard.mix
    found = {
        number: heard
        for number in numbers
        if number not in protected and (heard := _listen(source, path, number)) is not None
    }
    if not found:
        return _Choice()
    loudest = max(heard.level for heard in found.values())
    chosen = next(
        (
            number
            for number, heard in found.items()
            if not _is_silent(heard.level, loudest)
            or (heard.level < SILENT and _has_sound(source, path, number))
        ),
        next(iter(found)),
    )
    because = ", ".join(
        f"track {number} {_why_not(number, protected, found)}"
        for number in numbers
        if number < chosen
    )
    remark = (
        f"{name} has {len(descriptions)} sound tracks: {_listed(descriptions)}; track {chosen} is "
        f"used{f' ({because})' if because else ''}, and another can be chosen (--track N, or "
        "“Sound Track” in the menu of its row)"
    )
    choice = found[chosen].mix
    return _Choice(chosen, choice.mix, (remark, *choice.remarks))


def _listen(source: Readable, path: Path, track: int) -> _Heard | None:
    """Compare the channels of a track; None if it cannot be decoded."""
    try:
        reader = AvReader(source, path, track=track, warn=_ignored)
    except (DecoderRefusedError, BadAudioError) as refusal:
        logger.debug("%s, track %d: %s", path.name, track, refusal)
        return None
    try:
        windows = [window for window in reader.windows(N_WINDOWS) if len(window)]
        if not windows:
            return None
        level = max(float(np.sqrt(np.mean(np.square(window)))) for window in windows)
        mix = _mix_of(windows, reader.sample_rate)
        remarks = (f"{shown_name(path)} {mix.reason}",) if mix.reason else ()
        return _Heard(level, _Choice(track, mix, remarks))
    except (DecoderRefusedError, BadAudioError) as refusal:
        logger.debug("%s, track %d: %s", path.name, track, refusal)
        return None
    finally:
        reader.close()


def _is_silent(level: float, loudest: float) -> bool:
    return level < SILENT or (level < FAINT and level < FAR_BELOW * loudest)


def _has_sound(source: Readable, path: Path, track: int) -> bool:
    """Whether a track that was silent where it was sampled is silent everywhere."""
    reader = AvReader(source, path, track=track, warn=_ignored)
    try:
        return any(
            float(np.sqrt(np.mean(np.square(block)))) >= SILENT for block in reader.blocks(0)
        )
    except (DecoderRefusedError, BadAudioError):
        return False
    finally:
        reader.close()


def _why_not(number: int, protected: set[int], found: dict[int, _Heard]) -> str:
    if number in protected:
        return "is protected against copying"
    return "is silent" if number in found else "cannot be decoded"


def _listed(descriptions: tuple[str, ...]) -> str:
    return "; ".join(f"{number}: {text}" for number, text in enumerate(descriptions, start=1))


def _ignored(_sentence: str) -> None:
    """Warnings about a file that is only inspected are repeated when it is read."""
