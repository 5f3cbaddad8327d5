"""Music with its beats: popular songs, accompaniments, quartets, keyboard music and drumming."""

from __future__ import annotations

import argparse
import csv
import hashlib
import io
import logging
import tarfile
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath

import numpy as np
import numpy.typing as npt
import pretty_midi

from amtstudio.symbolic import Meter
from training.beats.keyboard_scores import keyboard_score
from training.beats.score_bars import Bar, Score, bars_of, score_of

Doubles = npt.NDArray[np.float64]

logger = logging.getLogger("training")

KNOWN_BARS = 0.8  # of the beats of a piece that are sure: then its bars are taken for known
_FEWEST_NOTES = 40
# Beats of a bar by its time signature: in compound metres three eighths are a beat, in alla breve
# a half is.
_COMPOUND = {(6, 8): 2, (9, 8): 3, (12, 8): 4, (6, 4): 2}
_HALVES = {(2, 2): 2, (3, 2): 3, (4, 2): 4}
_SLOW = {(6, 4): Meter(2, 4, is_compound=True)}
_LENGTH_DIFFERS = 1.5  # quarters between the ends of a score and of its MIDI file
_SAME_S = 0.03
_SAME_BEAT_S = 0.07
_FEWEST_ON_BARS = 0.75  # of the bars begin with a note
_STRETCH = 64  # bars of a long score that make a piece
_ALL_PLAY = 0.6  # of the stretches of quartets; in the others two or three do
# Of the keyboard music; few of its composers have most of it.
_HELD_OUT = (
    *("BeethovenLv", "BurgmullerJFF", "CouperinF", "FischerJKF", "FrobergerJJ"),
    *("HandelGF", "HaydnFJ", "KuhlauF", "RameauJP", "ScarlattiD"),
)


@dataclass(frozen=True, eq=False)
class BeatPiece:
    """Notes, and where the beats are; times in seconds.

    Attributes
    ----------
    notes : np.ndarray, shape (n_notes, 5)
        Onset, offset, pitch, velocity, 1 for a drum; sorted by onset.
    beats : np.ndarray, shape (n_beats,)
    is_downbeat : np.ndarray of bool, shape (n_beats,)
    is_played : bool
        Whether the times are those of a performance; else they are as written.
    is_sure : np.ndarray of bool, shape (n_beats,)
        Whether it is beyond doubt which of the beats around each begin a bar.
    """

    name: str
    source: str
    split: str  # "train" or "test"
    notes: Doubles
    beats: Doubles
    is_downbeat: npt.NDArray[np.bool_]
    is_played: bool
    is_sure: npt.NDArray[np.bool_]


def load_pieces(
    midi: Path,
    cache: Path | None = None,
    *,
    scores: Path | None = None,
    quartets: Path | None = None,
    keyboard: Path | None = None,
) -> list[BeatPiece]:
    """All music below a folder ``midi`` as ``training/README.md`` describes it.

    The MIDI files of accompaniments have no time signatures: their bars are read from the scores
    of the same names below ``scores``, a copy of OpenScore/Lieder. Without it they are left out.
    ``quartets`` is a copy of OpenScore/StringQuartets, ``keyboard`` what
    ``training.beats.mutopia`` wrote.

    One song in ten, the accompaniments and quartets of one composer in ten, the keyboard music of
    ten composers, and the drumming that its authors set aside for tests are not for training.
    """
    if cache is not None and cache.is_file():
        return _from_cache(cache)
    accompaniments = [] if scores is None else _accompaniments(midi, scores)
    of_four = [] if quartets is None else _string_quartets(quartets)
    for_keys = [] if keyboard is None else load_keyboard_music(keyboard)
    pieces = [*_popular_songs(midi), *accompaniments, *of_four, *for_keys, *_drumming(midi)]
    if cache is not None:
        _to_cache(cache, pieces)
    return pieces


def add_material_options(parser: argparse.ArgumentParser) -> None:
    """What every command that needs the music asks for; see ``chosen_pieces``."""
    parser.add_argument("--material", type=Path, required=True)
    parser.add_argument("--scores", type=Path, help="a copy of OpenScore/Lieder")
    parser.add_argument("--quartets", type=Path, help="a copy of OpenScore/StringQuartets")
    parser.add_argument("--keyboard", type=Path, help="what training.beats.mutopia wrote")


def chosen_pieces(options: argparse.Namespace, cache: Path | None) -> list[BeatPiece]:
    """``load_pieces`` of the material that the options name."""
    return load_pieces(
        options.material / "midi",
        cache,
        scores=options.scores,
        quartets=options.quartets,
        keyboard=options.keyboard,
    )


def _to_cache(cache: Path, pieces: list[BeatPiece]) -> None:
    arrays: dict[str, npt.NDArray[np.generic]] = {}
    for index, piece in enumerate(pieces):
        arrays[f"notes_{index}"] = piece.notes
        arrays[f"beats_{index}"] = np.stack([piece.beats, piece.is_downbeat, piece.is_sure])
    labels = [(p.name, p.source, p.split, str(int(p.is_played))) for p in pieces]
    np.savez_compressed(cache, labels=np.array(labels), **arrays)  # type: ignore[arg-type]


def _from_cache(cache: Path) -> list[BeatPiece]:
    with np.load(cache, allow_pickle=False) as arrays:
        pieces = []
        for index, (name, source, split, is_played) in enumerate(arrays["labels"].tolist()):
            beats, downs, sure = arrays[f"beats_{index}"]
            notes, marks = arrays[f"notes_{index}"], (beats, downs > 0.5)
            pieces.append(
                BeatPiece(name, source, split, notes, *marks, is_played == "1", sure > 0.5)
            )
        return pieces


def _popular_songs(midi: Path) -> Iterator[BeatPiece]:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        _unpack(midi / "pop909_main.tar.xz", folder)
        _unpack(midi / "pop909_annotations.tar.xz", folder)
        for path in sorted(folder.rglob("*.mid")):
            beats = folder / path.stem / "beat_midi.txt"
            if not beats.is_file():
                continue
            table = np.loadtxt(beats, ndmin=2)
            # Its third column marks bars of four, or of three with two halves; where that column
            # is empty, the second marks bars of two and three.
            marks = table[:, 2] if table[:, 2].sum() >= 2 else table[:, 1]
            split = "test" if int(path.stem) % 10 == 7 else "train"
            piece = _piece(
                path.stem,
                "pop909",
                split,
                path.read_bytes(),
                (table[:, 0], marks > 0.5),
                played=True,
            )
            if piece is not None:
                other = np.loadtxt(folder / path.stem / "beat_audio.txt", ndmin=2)
                yield replace(piece, is_sure=_agreed(piece, other))


def _agreed(piece: BeatPiece, other: Doubles) -> npt.NDArray[np.bool_]:
    """Which beats lie between bar lines that a second annotation has too.

    Both were made by programs, one from the notes and one from the recording, and agree on the
    bars of less than half of the songs.

    Parameters
    ----------
    other : np.ndarray, shape (n_beats, 2)
        Times, and the place of each beat in its bar, 1 for the first.
    """
    sure = np.zeros(len(piece.beats), dtype=bool)
    downs, others = piece.beats[piece.is_downbeat], other[other[:, 1] == 1.0, 0]
    if len(downs) < 2 or len(others) < 2:
        return sure
    # The recording may begin a little before or after the notes.
    others = others - np.median(_distance(piece.beats, other[:, 0]))
    is_shared = np.abs(_distance(downs, others)) < _SAME_BEAT_S
    is_found = np.abs(_distance(others, downs)) < _SAME_BEAT_S
    bar = np.searchsorted(downs, piece.beats + 1e-6, side="right") - 1
    for index in range(len(downs) - 1):
        inside = (others > downs[index]) & (others < downs[index + 1])
        if is_shared[index] and is_shared[index + 1] and bool(is_found[inside].all()):
            sure[bar == index] = True
    return sure


def _distance(times: Doubles, others: Doubles) -> Doubles:
    """From each time to the nearest of others, which are sorted; shape (n_times,)."""
    after = np.clip(np.searchsorted(others, times), 1, len(others) - 1)
    before = others[after - 1] - times
    later = others[after] - times
    nearest: Doubles = np.where(np.abs(before) < np.abs(later), before, later)
    return nearest


def _accompaniments(midi: Path, scores: Path) -> Iterator[BeatPiece]:
    by_name = {path.stem: path for path in scores.rglob("*.mxl")}
    with tarfile.open(midi / "openscore_lieder_piano.tar.xz") as archive:
        for member in archive:
            if not member.name.lower().endswith(".mid"):
                continue
            file = archive.extractfile(member)
            assert file is not None
            data = file.read()
            composer = PurePosixPath(member.name).parts[0]
            score = by_name.get(PurePosixPath(member.name).stem)
            music = _read(data)
            if score is None or music is None:
                continue
            per_quarter = music.resolution
            end = music.time_to_tick(music.get_end_time()) / per_quarter
            quarters = np.arange(int(np.ceil(end)) + 1)
            seconds = np.array([music.tick_to_time(int(q * per_quarter)) for q in quarters])
            piece = _piece(
                member.name, "lieder", _split(composer), data, (seconds, quarters > 0), played=False
            )
            if piece is not None:
                piece = with_bars(piece, bars_of(score))
            if piece is not None:
                yield piece


def _split(composer: str) -> str:
    return "test" if hashlib.sha256(composer.encode()).digest()[0] % 10 == 0 else "train"


def _string_quartets(folder: Path) -> Iterator[BeatPiece]:
    for path in sorted(folder.rglob("*.mxl")):
        composer = path.relative_to(folder).parts[-3]
        yield from quartet_pieces(path, _split(composer))


def quartet_pieces(path: Path, split: str) -> Iterator[BeatPiece]:
    """A string quartet, some two minutes to a piece, now and then with fewer than four players."""
    score = score_of(path)
    rng = np.random.default_rng(int.from_bytes(hashlib.sha256(path.stem.encode()).digest()[:8]))
    for piece, first in _stretches(score, "quartets", split, rng):
        yield replace(piece, name=f"{path.stem}, from bar {first + 1}")


def load_keyboard_music(folder: Path) -> Iterator[BeatPiece]:
    """What ``training.beats.mutopia`` wrote, some two minutes to a piece."""
    for path in sorted(folder.rglob("*.mid")):
        split = "test" if path.parent.name in _HELD_OUT else "train"
        for piece, first in _stretches(keyboard_score(path), "keyboard", split):
            yield replace(piece, name=f"{path.parent.name}/{path.stem}, from bar {first + 1}")


def _stretches(
    score: Score, source: str, split: str, rng: np.random.Generator | None = None
) -> Iterator[tuple[BeatPiece, int]]:
    """A score in pieces, with the number of the first bar of each; ``rng`` makes parts rest."""
    if not score.bars or not score.parts:
        return
    beats, downs = _score_beats(score.bars)
    for first in range(0, max(len(score.bars) - _STRETCH // 2, 1), _STRETCH):
        last = min(first + _STRETCH, len(score.bars)) - 1
        start, end = score.bars[first].start, score.bars[last].start + score.bars[last].length
        players = np.arange(len(score.parts))
        if rng is not None:
            n_players = len(players) if rng.random() < _ALL_PLAY else int(rng.integers(2, 4))
            players = rng.permutation(len(players))[:n_players]
        notes = np.concatenate([score.parts[player] for player in players])
        notes = notes[(notes[:, 0] >= start) & (notes[:, 0] < end)]
        inside = (beats >= start - 0.01) & (beats <= end + 0.01)
        times = score.seconds(beats[inside])
        if len(notes) < _FEWEST_NOTES or len(times) < 8 or np.any(np.diff(times) <= 1e-3):
            continue
        rows = np.column_stack(
            [*score.seconds(notes[:, :2]).T, *notes[:, 2:4].T, np.zeros(len(notes))]
        )
        rows[:, :2] -= times[0]
        piece = BeatPiece(
            "",
            source,
            split,
            rows[np.argsort(rows[:, 0], kind="stable")],
            times - times[0],
            downs[inside],
            is_played=False,
            is_sure=np.ones(len(times), bool),
        )
        yield piece, first


def with_bars(piece: BeatPiece, bars: Sequence[Bar]) -> BeatPiece | None:
    """A piece whose beats are quarters from its beginning on, with the beats of its score instead.

    None where the score is not that of the notes: its length differs, or few bars begin with one.
    """
    quarters, downs = _score_beats(bars)
    n_quarters = len(piece.beats)
    end = bars[-1].start + bars[-1].length if bars else 0.0
    if len(quarters) < 8 or n_quarters < 8 or abs(end - n_quarters) > _LENGTH_DIFFERS:
        return None
    known = np.concatenate([piece.beats, piece.beats[-1] + np.diff(piece.beats[-2:])])
    seconds = np.interp(quarters, np.arange(n_quarters + 1), known)
    onsets = piece.notes[:, 0]
    near = np.abs(onsets[:, None] - seconds[downs][None, :]).min(axis=0) < _SAME_S
    if near.mean() < _FEWEST_ON_BARS or np.any(np.diff(seconds) <= 1e-3):
        return None
    return replace(piece, beats=seconds, is_downbeat=downs, is_sure=np.ones(len(downs), bool))


def _score_beats(bars: Sequence[Bar]) -> tuple[Doubles, npt.NDArray[np.bool_]]:
    """Beats in quarters, and which begin a bar; an upbeat, or half of a cut bar, does not."""
    beats: list[float] = []
    downs: list[bool] = []
    open_length = 0.0  # of a bar that is cut in two
    for number, bar in enumerate(bars):
        meter = _SLOW.get((bar.meter.n_beats, bar.meter.beat_unit), bar.meter)
        whole = meter.n_beats * meter.quarters
        is_short = bar.length < whole - 0.01
        goes_on = number == 0 and is_short
        if is_short and open_length and abs(open_length + bar.length - whole) < 0.01:
            goes_on, open_length = True, 0.0
        else:
            open_length = bar.length if is_short and number > 0 else 0.0
        count = max(int(np.ceil(bar.length / meter.quarters - 0.01)), 1)
        # Beats are counted from the end where an upbeat is cut off at its beginning.
        first = bar.start + bar.length - count * meter.quarters if goes_on else bar.start
        for place in range(count):
            at = first + place * meter.quarters
            if at >= bar.start - 0.01:
                beats.append(at)
                downs.append(place == 0 and not goes_on)
    return np.array(beats), np.array(downs, dtype=bool)


def _drumming(midi: Path) -> Iterator[BeatPiece]:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        _unpack(midi / "groove.tar.xz", folder)
        (table,) = folder.rglob("info.csv")
        with table.open(newline="", encoding="utf-8") as file:
            rows = list(csv.DictReader(file))
        for row in rows:
            path = table.parent / row["midi_filename"]
            if row["beat_type"] != "beat" or not path.is_file():
                continue
            data = path.read_bytes()
            written = written_beats(data)
            if written is None:
                continue
            split = "test" if row["split"] == "test" else "train"
            piece = _piece(row["id"], "groove", split, data, written, played=True)
            if piece is not None:
                yield piece


def _unpack(archive: Path, folder: Path) -> None:
    with tarfile.open(archive) as file:
        file.extractall(folder, filter="data")


def _read(data: bytes) -> pretty_midi.PrettyMIDI | None:
    try:
        return pretty_midi.PrettyMIDI(io.BytesIO(data))
    except (ValueError, OSError, EOFError, KeyError, IndexError) as error:
        logger.warning("left out: %s", error)
        return None


def _piece(
    name: str,
    source: str,
    split: str,
    data: bytes,
    marks: tuple[Doubles, npt.NDArray[np.bool_]],
    *,
    played: bool,
) -> BeatPiece | None:
    beats, is_downbeat = marks
    music = _read(data)
    if music is None or len(beats) < 8:
        return None
    rows = [
        (note.start, note.end, note.pitch, note.velocity, float(part.is_drum))
        for part in music.instruments
        for note in part.notes
    ]
    if len(rows) < _FEWEST_NOTES:
        return None
    notes = np.array(sorted(rows), dtype=np.float64)
    sure = np.ones(len(beats), dtype=bool)
    return BeatPiece(name, source, split, notes, beats, is_downbeat, played, sure)


def written_beats(data: bytes) -> tuple[Doubles, npt.NDArray[np.bool_]] | None:
    """Beats and downbeats by the time signatures and tempos of a MIDI file."""
    music = _read(data)
    if music is None or not music.time_signature_changes:
        return None
    end = music.time_to_tick(music.get_end_time())
    changes = music.time_signature_changes
    beats: list[float] = []
    downs: list[bool] = []
    for index, change in enumerate(changes):
        tick = music.time_to_tick(change.time)
        stop = music.time_to_tick(changes[index + 1].time) if index + 1 < len(changes) else end + 1
        signature = change.numerator, change.denominator
        bar = music.resolution * 4 * change.numerator / change.denominator
        n_beats = _COMPOUND.get(signature) or _HALVES.get(signature) or change.numerator
        if not 1 <= n_beats <= 6:
            return None
        at = 0
        while tick + at * bar / n_beats < stop - 1:
            beats.append(float(music.tick_to_time(round(tick + at * bar / n_beats))))
            downs.append(at % n_beats == 0)
            at += 1
    times, is_down = np.array(beats), np.array(downs)
    rising = np.concatenate([[True], np.diff(times) > 1e-3]) if len(times) else np.zeros(0, bool)
    return times[rising], is_down[rising]
