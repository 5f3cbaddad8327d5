"""Phrases of real music, fitted to an instrument: its range, its polyphony, its articulation."""

from __future__ import annotations

import io
import tarfile
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

import numpy as np
import pretty_midi

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    import numpy.typing as npt

    Notes = npt.NDArray[np.float64]  # (n_notes, 4): onset, offset in seconds, pitch, velocity

Style = Literal["melody", "chords", "bass", "drums"]

_MIN_NOTES = 3
_TOGETHER_S = 0.03  # onsets closer than this are one chord
_GRACE_S = 0.02


@dataclass
class Songs:
    """Parts of real music by the style that they are good for; each array sorted by onset."""

    parts: dict[str, list[Notes]] = field(default_factory=dict)

    def save(self, path: Path) -> None:
        arrays = {
            f"{style}_{index:05d}": notes
            for style, parts in self.parts.items()
            for index, notes in enumerate(parts)
        }
        np.savez_compressed(path, **arrays)  # type: ignore[arg-type]

    @classmethod
    def load(cls, path: Path) -> Songs:
        songs = cls()
        with np.load(path, allow_pickle=False) as arrays:
            for key in sorted(arrays):
                songs.parts.setdefault(key.rsplit("_", 1)[0], []).append(arrays[key])
        return songs


def read_songs(midi: Path, *, n_songs: int, n_scores: int, n_drums: int) -> Songs:
    """Parts from POP909, the OpenScore Lieder accompaniments and the Groove MIDI data set.

    Parameters
    ----------
    midi : Path
        Folder with ``pop909_main.tar.xz``, ``openscore_lieder_piano.tar.xz``, ``groove.tar.xz``.
    n_songs, n_scores, n_drums : int
        How many files of each to read.
    """
    songs = Songs({"melody": [], "chords": [], "drums": []})
    for content in _first_files(midi / "pop909_main.tar.xz", n_songs):
        for track in pretty_midi.PrettyMIDI(io.BytesIO(content)).instruments:
            style = "chords" if "PIANO" in track.name.upper() else "melody"
            _keep(songs, style, track.notes)
    for content in _first_files(midi / "openscore_lieder_piano.tar.xz", n_scores):
        score = pretty_midi.PrettyMIDI(io.BytesIO(content))
        _keep(songs, "chords", [note for track in score.instruments for note in track.notes])
    for content in _first_files(midi / "groove.tar.xz", n_drums):
        tracks = pretty_midi.PrettyMIDI(io.BytesIO(content)).instruments
        _keep(songs, "drums", [note for track in tracks for note in track.notes])
    return songs


def _first_files(archive: Path, count: int) -> list[bytes]:
    contents: list[bytes] = []
    with tarfile.open(archive, "r:xz") as tar:
        for member in tar:
            if len(contents) == count:
                break
            file = tar.extractfile(member) if member.name.endswith(".mid") else None
            if file is not None:
                contents.append(file.read())
    return contents


def _keep(songs: Songs, style: str, notes: list[pretty_midi.Note]) -> None:
    rows = sorted((n.start, n.end, float(n.pitch), float(n.velocity)) for n in notes)
    if len(rows) >= 20:
        songs.parts[style].append(np.array(rows))


def make_phrase(
    songs: Songs,
    rng: np.random.Generator,
    *,
    style: Style,
    lowest: int,
    highest: int,
    n_voices: int = 1,
    seconds: float = 10.0,
) -> Notes:
    """A phrase of up to ``seconds``, within a range of pitches.

    Parameters
    ----------
    style : str
        ``melody``: one note at a time; ``chords``: up to ``n_voices`` at a time; ``bass``: the
        lowest line of an accompaniment; ``drums``: as they are, pitch being the General MIDI drum.
    lowest, highest : int
        MIDI pitches; what lies outside is moved by octaves, drums excepted.

    Returns
    -------
    np.ndarray, shape (n_notes, 4)
        Onset and offset in seconds from the start, pitch, velocity; sorted by onset.
    """
    source = {"bass": "chords"}.get(style, style)
    if style == "melody" and rng.random() < 0.3:
        source = "chords"  # its upper line
    parts = songs.parts[source]
    for _ in range(20):
        notes = _stretch(parts[int(rng.integers(len(parts)))], rng, seconds)
        if style != "drums":
            notes = _thinned(notes, rng, style, n_voices)
        if len(notes) >= _MIN_NOTES:
            break
    if style == "drums":
        return notes
    notes = _fitted(notes, rng, lowest, highest)
    return _articulated(notes, rng, style, seconds)


@dataclass(frozen=True)
class Role:
    """What one part of an ensemble plays: a line, or up to ``n_voices`` notes at a time."""

    lowest: int  # MIDI pitches
    highest: int
    n_voices: int = 1


def make_ensemble(
    songs: Songs, rng: np.random.Generator, roles: Sequence[Role], *, seconds: float = 10.0
) -> list[Notes]:
    """The same bars of one piece for several parts: together in time and in harmony.

    Of the notes that start together in an accompaniment, the highest part plays the highest, and so
    on down; a part for which there is none holds its last note. Sometimes a part doubles another in
    unison or octaves. Players are some milliseconds apart.

    Returns
    -------
    list of np.ndarray, shape (n_notes, 4)
        As ``make_phrase`` does, for each role in the order given; may be empty.
    """
    pieces = songs.parts["chords"]
    for _ in range(20):
        notes = _stretch(pieces[int(rng.integers(len(pieces)))], rng, seconds)
        if len(notes) >= _MIN_NOTES * len(roles):
            break
    notes[:, 2] += rng.integers(-5, 7)
    downwards = np.argsort([-(role.lowest + role.highest) for role in roles], kind="stable")
    lines = _split(notes, len(roles))
    if rng.random() < 0.25:
        one, other = rng.choice(len(roles), 2, replace=False)
        lines[int(other)] = lines[int(one)].copy()
    apart = rng.uniform(0.002, 0.025)
    parts: list[Notes] = [np.zeros((0, 4))] * len(roles)
    for line, place in zip(lines, downwards.tolist(), strict=True):
        role = roles[place]
        style: Style = "chords" if role.n_voices > 1 else "melody"
        own = line if role.n_voices == 1 else _thinned(notes, rng, style, role.n_voices)
        played = _articulated(within(own, role), rng, style, seconds)
        if len(played):
            moved = rng.normal(0.0, apart, len(played)).clip(-0.05, 0.05)
            played[:, 0] = np.maximum(played[:, 0] + moved, 0.0)
            played[:, 1] = np.maximum(played[:, 1] + moved, played[:, 0] + 0.05)
            played = played[np.argsort(played[:, 0], kind="stable")]
            if role.n_voices == 1:
                played[:-1, 1] = np.minimum(played[:-1, 1], played[1:, 0])
        parts[place] = played
    return parts


def _split(notes: Notes, n_lines: int) -> list[Notes]:
    """Lines from the highest to the lowest, one note at a time each."""
    lines: list[list[npt.NDArray[np.float64]]] = [[] for _ in range(n_lines)]
    middles = np.quantile(notes[:, 2], 1.0 - (np.arange(n_lines) + 0.5) / n_lines)
    for chord in _chords(notes):
        order = chord[np.argsort(-chord[:, 2], kind="stable")]
        if len(order) == 1:
            last = [
                line[-1][2] if line else middle for line, middle in zip(lines, middles, strict=True)
            ]
            lines[int(np.argmin(np.abs(np.array(last) - order[0, 2])))].append(order[0])
        elif len(order) >= n_lines:
            for line, at in zip(lines, np.linspace(0, len(order) - 1, n_lines), strict=True):
                line.append(order[round(float(at))])
        else:
            for note, at in zip(order, np.linspace(0, n_lines - 1, len(order)), strict=True):
                lines[round(float(at))].append(note)
    return [np.array(line).reshape(-1, 4) for line in lines]


def within(notes: Notes, role: Role) -> Notes:
    """Moved by octaves into the range of who plays it, as a whole where that is enough."""
    if not len(notes):
        return notes
    notes = notes.copy()
    margin = 0.2 * (role.highest - role.lowest)
    middle = float(np.median(notes[:, 2]))
    octaves = np.ceil(max(role.lowest + margin - middle, 0.0) / 12)
    octaves -= np.ceil(max(middle - role.highest + margin, 0.0) / 12)
    notes[:, 2] += 12 * octaves
    while np.any(below := notes[:, 2] < role.lowest):
        notes[below, 2] += 12
    while np.any(above := notes[:, 2] > role.highest):
        notes[above, 2] -= 12
    return notes


def _chords(notes: Notes) -> Iterator[Notes]:
    """Notes that start together, from the first on; ``notes`` are sorted by onset."""
    first = 0
    for index in range(1, len(notes) + 1):
        if index < len(notes) and notes[index, 0] - notes[first, 0] < _TOGETHER_S:
            continue
        if index > first:
            yield notes[first:index]
        first = index


def _stretch(part: Notes, rng: np.random.Generator, seconds: float) -> Notes:
    """Some seconds of a part at a random tempo, at times only a piece of them."""
    tempo = float(np.exp(rng.uniform(np.log(0.75), np.log(1.4))))
    begin = part[int(rng.integers(len(part))), 0] - rng.uniform(0.0, 0.5)
    notes: Notes = part[(part[:, 0] >= begin) & (part[:, 0] < begin + seconds * tempo)].copy()
    notes[:, :2] = (notes[:, :2] - begin) / tempo
    if rng.random() < 0.35:  # comes in late or leaves early
        length = rng.uniform(2.0, 7.0)
        start = rng.uniform(0.0, seconds - length)
        notes = notes[(notes[:, 0] >= start) & (notes[:, 0] < start + length)]
        notes[:, 1] = np.minimum(notes[:, 1], start + length)
    notes[:, 1] = np.minimum(notes[:, 1], seconds)
    return notes


def _thinned(notes: Notes, rng: np.random.Generator, style: Style, n_voices: int) -> Notes:
    """Of notes that start together the lowest, the highest, or a handful."""
    if not len(notes):
        return notes
    kept = []
    for chord in _chords(notes):
        order = np.argsort(chord[:, 2])
        if style == "bass":
            kept.append(chord[order[:1]])
        elif style == "melody" or n_voices == 1:
            kept.append(chord[order[-1:]])
        else:
            count = min(len(chord), n_voices)
            kept.append(chord[np.sort(rng.choice(len(chord), count, replace=False))])
    return np.concatenate(kept)


def _fitted(notes: Notes, rng: np.random.Generator, lowest: int, highest: int) -> Notes:
    if not len(notes):
        return notes
    low = lowest + 0.25 * (highest - lowest)
    high = lowest + 0.75 * (highest - lowest)
    notes = notes.copy()
    notes[:, 2] += round(rng.uniform(low, high) - float(np.median(notes[:, 2])))
    while np.any(below := notes[:, 2] < lowest):
        notes[below, 2] += 12
    while np.any(above := notes[:, 2] > highest):
        notes[above, 2] -= 12
    return notes


def _articulated(notes: Notes, rng: np.random.Generator, style: Style, seconds: float) -> Notes:
    if not len(notes):
        return notes
    notes = notes.copy()
    manner = rng.random()
    if style in ("melody", "bass"):
        following = np.append(notes[1:, 0], seconds)
        if manner < 0.5:  # legato
            notes[:, 1] = np.minimum(following, notes[:, 0] + 2.5)
        else:
            notes[:, 1] = np.minimum(notes[:, 1], following)
    if manner > 0.85:  # staccato
        notes[:, 1] = notes[:, 0] + (notes[:, 1] - notes[:, 0]) * rng.uniform(0.3, 0.6)
    if style == "chords":  # hands and plectra take their time
        notes[:, 0] += rng.uniform(0.0, rng.choice([0.005, 0.04]), len(notes))
    notes[:, 1] = np.clip(notes[:, 1], notes[:, 0] + 0.06, seconds + 0.1)
    loudness = rng.uniform(0.6, 1.25)
    notes[:, 3] = np.clip(notes[:, 3] * loudness + rng.normal(0, 6, len(notes)), 20, 127)
    in_order: Notes = notes[np.argsort(notes[:, 0], kind="stable")]
    return in_order
