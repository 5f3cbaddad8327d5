"""Make ``resources/replay``: the music by which an adaptation is kept honest.

``python -m training.build_replay_music MATERIAL`` with the folder that training takes its music
from. Song accompaniments of composers long dead, out of the OpenScore Lieder Corpus (CC0 1.0), are
brought to life as training does it and cut to a minute each. Twelve pieces are for rehearsal while
an adaptation learns, up to ten others for the guard that judges it; those of the guard are among
the pieces that the shipped model was never trained on.
"""

from __future__ import annotations

import argparse
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import numpy.typing as npt

from amtstudio.formats import write_transcription
from amtstudio.resources import resource_path
from amtstudio.symbolic import Note, NoteTable, Pedal, Transcription
from training.synthesis.performance import play_score
from training.synthesis.pieces import Piece, load_pieces

ARCHIVE = "openscore_lieder_piano.tar.xz"
SECONDS = 60.0
COUNTS = {"replay": 12, "guard": 10}
# Died more than 70 years ago, and with pieces enough in the corpus to choose from.
COMPOSERS = ("Schubert", "Schumann", "Brahms", "Wolf", "Hensel", "Chaminade", "Franz", "Fauré")


@dataclass(frozen=True)
class _Chosen:
    role: str
    piece: Piece


def choose(pieces: list[Piece], seed: int = 17) -> list[_Chosen]:
    """Long enough pieces, at most two of a composer in a role."""
    rng = np.random.default_rng(seed)
    chosen: list[_Chosen] = []
    for role, count in COUNTS.items():
        counts: dict[str, int] = {}
        for index in rng.permutation(len(pieces)):
            piece = pieces[int(index)]
            composer = piece.name.split("/")[0].partition(",")[0]
            suits = piece.is_validation == (role == "guard") and piece.duration > SECONDS
            if composer not in COMPOSERS or not suits or counts.get(composer, 0) >= 2:
                continue
            counts[composer] = counts.get(composer, 0) + 1
            chosen.append(_Chosen(role, piece))
            if sum(counts.values()) == count:
                break
    return chosen


def performed(piece: Piece, seed: int) -> Transcription:
    """A minute of a piece as somebody may play it, with pedal, in milliseconds."""
    notes, pedals = play_score(piece, SECONDS, np.random.default_rng(seed))
    return Transcription(
        notes=NoteTable.of(_notes(notes)),
        pedals=tuple(
            Pedal(_ms(max(down, 0.0)), _ms(up)) for down, up in pedals if up > max(down, 0.0) + 0.01
        ),
        duration=SECONDS,
        metadata={"title": piece.name},
    )


def _notes(rows: npt.NDArray[np.float64]) -> list[Note]:
    return [
        Note(_ms(onset), _ms(max(offset, onset + 0.03)), int(pitch), int(np.clip(velocity, 1, 127)))
        for onset, offset, pitch, velocity in rows
        if 0.0 <= onset < SECONDS
    ]


def _ms(seconds: float) -> float:
    return round(float(seconds), 3)


def main(arguments: list[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("material", type=Path)
    parser.add_argument("-o", "--output", type=Path, default=resource_path("replay"))
    options = parser.parse_args(arguments)
    options.output.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory() as cache:
        pieces = load_pieces(options.material / "midi" / ARCHIVE, Path(cache))
    lines = ["file,role,composer,title,score"]
    for number, entry in enumerate(choose(pieces), 1):
        composer, *_, title, score = entry.piece.name.split("/")
        name = f"{entry.role}_{number:02d}.mid"
        lines.append(",".join([name, entry.role, *map(_plain, (composer, title, score))]))
        music = performed(entry.piece, number)
        write_transcription(music, options.output / name, format_name="midi", overwrite=True)
    (options.output / "pieces.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")


def _plain(text: str) -> str:
    return text.removesuffix(".mid").replace("_", " ").replace(",", "").strip()


if __name__ == "__main__":
    main()
