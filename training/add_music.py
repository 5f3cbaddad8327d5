"""Make packs of written music for clips of instruments: ``python -m training.add_music --help``.

- ``MutopiaProject/MutopiaProject`` at 2144afd: what is written there for one guitar or two, or for
  the piano, and is in the public domain or under CC BY according to its header; without the works
  of which there are recordings to measure with. LilyPond 2.24, which must be installed, takes some
  seconds for each score; stopped and started again, it continues.
- ``OpenScore/StringQuartets`` at 2c723a5 (CC0).

A pack has the notes of each piece with its title, composer, licence and origin. Clips are made
without the packs where they are missing.
"""

from __future__ import annotations

import argparse
import logging
import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from amtstudio.notation.tablature import GUITARS, likely_tuning, places_of
from amtstudio.symbolic.heads import PIANO_KEYS
from training.beats.keyboard_scores import keyboard_score
from training.beats.mutopia import LilyPondScore, free_scores, typeset_all
from training.beats.score_bars import Score, score_of
from training.instruments.written_music import (
    GUITAR_PACK,
    PIANO_PACK,
    QUARTET_PACK,
    WrittenPiece,
    save_pack,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    import numpy.typing as npt

    Doubles = npt.NDArray[np.float64]

logger = logging.getLogger("training")

_GUITARS = re.compile(
    r"(?:(?:classical )?guitar|(?:two|2) guitars|guitar duet|(?:lute, )?(?:vihuela, )?guitar"
    r"|lute, guitar, vihuela)",
    re.IGNORECASE,
)
_PIANO = re.compile(
    r"(?:solo )?(?:piano(?:forte)?|fortepiano)(?: solo)?"
    r"|(?:harpsichord|clavichord|clavier)[\s,/]+(?:or )?piano(?:forte)?(?:[\s,/]+clavichord)?",
    re.IGNORECASE,
)
# Works of ``data/real/piano_disklavier``, or their opus.
_MEASURED_ON_THE_PIANO = (
    "BeethovenLv/O13/",
    "ChopinFF/O7/",
    "ChopinFF/O28/",
    "ChopinFF/O66/",
    "MussorgskyM/pictures-at-an-exhibition/",
    "SchumannR/O16/",
)
_OF_TWO = re.compile(r"two|2|duet", re.IGNORECASE)
_LOWEST, _HIGHEST = 36, 88  # what a guitar plays, the lowest string tuned down included
_LOWEST_IF_AS_WRITTEN = 50  # guitars are written an octave above their sound; some files sound so
_SAME_S = 0.002
_FEWEST_NOTES = 24
_N_QUARTET = 4


def main(arguments: Sequence[str] | None = None) -> int:
    logging.basicConfig(level=logging.INFO, format="%(message)s")
    options = _parser().parse_args(arguments)
    if options.mutopia:
        root, typeset = options.mutopia / "ftp", options.typeset or options.music / "typeset"
        scores = list(free_scores(root, _GUITARS))
        typeset_all(scores, root, typeset)
        pieces = [piece for score in scores for piece in guitar_pieces(score, typeset)]
        save_pack(options.music / GUITAR_PACK, pieces)
        logger.info("%d pieces for guitar, from %d scores", len(pieces), len(scores))
        scores = [score for score in free_scores(root, _PIANO) if not _is_measured(score, root)]
        typeset_all(scores, root, typeset)
        pieces = [piece for score in scores for piece in piano_pieces(score, typeset)]
        save_pack(options.music / PIANO_PACK, pieces)
        logger.info("%d pieces for piano, from %d scores", len(pieces), len(scores))
    if options.quartets:
        pieces = list(quartets(options.quartets))
        save_pack(options.music / QUARTET_PACK, pieces)
        logger.info("%d quartets", len(pieces))
    return 0


def guitar_pieces(score: LilyPondScore, typeset: Path) -> Iterator[WrittenPiece]:
    """The movements of a score for one guitar, and of one for two the parts, with their strings."""
    for path in _movements(score, typeset):
        written = keyboard_score(path)
        parts = written.parts if _OF_TWO.search(score.instrument) else [_merged(written.parts)]
        for part in parts:
            notes = _on_guitar(_timed(written, part))
            if notes is not None:
                origin = f"Mutopia Project, {score.composer}/{path.stem}"
                yield WrittenPiece(
                    score.title, score.composer, score.typed_by, score.licence, origin, notes
                )


def piano_pieces(score: LilyPondScore, typeset: Path) -> Iterator[WrittenPiece]:
    """The movements of a score for piano, all voices as one part."""
    for path in _movements(score, typeset):
        written = keyboard_score(path)
        notes = _timed(written, _merged(written.parts))
        if len(notes) >= _FEWEST_NOTES and _is_on_the_keyboard(notes):
            rows = np.column_stack([notes, np.full((len(notes), 2), (0, -1))])
            origin = f"Mutopia Project, {score.composer}/{path.stem}"
            yield WrittenPiece(
                score.title, score.composer, score.typed_by, score.licence, origin, rows
            )


def _is_measured(score: LilyPondScore, root: Path) -> bool:
    return score.path.relative_to(root).as_posix().startswith(_MEASURED_ON_THE_PIANO)


def _is_on_the_keyboard(notes: Doubles) -> bool:
    keys = notes[:, 2] - PIANO_KEYS.lowest
    return bool(keys.min() >= 0 and keys.max() < len(PIANO_KEYS))


def _movements(score: LilyPondScore, typeset: Path) -> list[Path]:
    folder = score.done(typeset).parent
    names = re.compile(rf"{re.escape(score.stem)}(-\d{{1,2}})?\.mid")
    return sorted(path for path in folder.glob("*.mid") if names.fullmatch(path.name))


def _merged(parts: Sequence[Doubles]) -> Doubles:
    """All parts, without what staff and tablature, or two voices, both have."""
    notes = np.concatenate([np.zeros((0, 4)), *parts])
    notes = notes[np.lexsort((-notes[:, 1], notes[:, 2], np.round(notes[:, 0], 3)))]
    again = (np.diff(notes[:, 2]) == 0) & (np.abs(np.diff(notes[:, 0])) < _SAME_S)
    kept = notes[np.concatenate([[True], ~again])[: len(notes)]]
    in_order: Doubles = kept[np.argsort(kept[:, 0], kind="stable")]
    return in_order


def _timed(score: Score, part: Doubles) -> Doubles:
    """Onsets and offsets in seconds."""
    return np.column_stack([score.seconds(part[:, :2]), part[:, 2:4]])


def _on_guitar(notes: Doubles) -> Doubles | None:
    """Notes in the octave in which they sound, with their strings; None where no guitar has them.

    Notes that a hand cannot reach are left out.
    """
    if len(notes) < _FEWEST_NOTES:
        return None
    notes = notes.copy()
    if notes[:, 2].min() >= _LOWEST_IF_AS_WRITTEN:
        notes[:, 2] -= 12
    if notes[:, 2].min() < _LOWEST or notes[:, 2].max() > _HIGHEST:
        return None
    pitches = notes[:, 2].astype(np.int64)
    milliseconds = np.round(1000 * notes[:, 0]).astype(np.int64)
    tuning = likely_tuning(pitches, GUITARS)
    places = places_of(milliseconds, pitches, tuning=tuning)
    strings = [-1 if place is None else len(tuning) - place.string for place in places]
    rows = np.column_stack([notes, np.zeros(len(notes)), strings])
    reached: Doubles = rows[rows[:, 5] >= 0]
    return reached if len(reached) >= _FEWEST_NOTES else None


def quartets(folder: Path) -> Iterator[WrittenPiece]:
    """The scores with four parts, the first of which is the highest."""
    for path in sorted(folder.rglob("*.mxl")):
        score = score_of(path)
        if len(score.parts) != _N_QUARTET or min(map(len, score.parts)) < _FEWEST_NOTES:
            continue
        parts = [
            np.column_stack([_timed(score, part), np.full((len(part), 2), (number, -1))])
            for number, part in enumerate(score.parts)
        ]
        notes = np.concatenate(parts)
        notes = notes[np.argsort(notes[:, 0], kind="stable")]
        composer, work = (name.replace("_", " ") for name in path.parts[-3:-1])
        origin = f"OpenScore String Quartets, {path.stem}"
        yield WrittenPiece(work, composer, "OpenScore", "CC0 1.0", origin, notes)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m training.add_music", description=__doc__)
    parser.add_argument("music", type=Path, help="where the packs go: MATERIAL/music")
    parser.add_argument("--mutopia", type=Path, help="a copy of MutopiaProject/MutopiaProject")
    parser.add_argument("--typeset", type=Path, help="for MIDI files of its scores")
    parser.add_argument("--quartets", type=Path, help="a copy of OpenScore/StringQuartets")
    return parser


if __name__ == "__main__":
    sys.exit(main())
