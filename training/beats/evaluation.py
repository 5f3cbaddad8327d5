"""Score a beat tracker on music that it was not trained on.

    python -m training.beats.evaluation [MODEL] --material MATERIAL --scores LIEDER [--pieces N]
                                        [--cache FILE.npz] [--transcribed]

prints, for popular songs, song accompaniments played with an expressive tempo, drumming, and songs
with drums (``bands.py``), the mean F1 of beats and of downbeats (mir_eval, within 70 ms, the first
five seconds left out), and the same for those of the popular songs on whose bars both of their
annotations agree. With ``--transcribed`` the first minute of each is played on the bundled
instruments, and the beats are found from the program's transcription of it.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path

import mir_eval
import numpy as np
import torch

from amtstudio.engine import BeatTracker, Transcriber, load_transcriber
from amtstudio.models import find_model
from amtstudio.models.beats import Beats
from amtstudio.models.checkpoint import load_model
from amtstudio.playback import write_transcription_sound
from amtstudio.symbolic import Note, NoteTable, TempoMap, Track, Transcription
from training.beats.bands import band_piece, drumming_in_four, songs_in_four
from training.beats.pieces import (
    KNOWN_BARS,
    BeatPiece,
    Doubles,
    add_material_options,
    chosen_pieces,
)
from training.beats.playing import played
from training.text_table import text_table

_LONGEST_S = 120.0
_LONGEST_PLAYED_S = 60.0


def main(arguments: list[str] | None = None) -> int:
    options = _parser().parse_args(arguments)
    torch.set_num_threads(1)
    model, _ = load_model(find_model(options.model))
    assert isinstance(model, Beats)
    pieces = [piece for piece in chosen_pieces(options, options.cache) if piece.split == "test"]
    ears = Ears() if options.transcribed else None
    rows = []
    for source in ("pop909", "lieder", "quartets", "keyboard", "groove", "bands"):
        music = [piece for piece in pieces if piece.source == source]
        if source == "bands" and ears is None:  # one instrument sounds when it is played
            music = bands_of(pieces)
        music = _spread(music, options.pieces)
        if not music:
            continue
        scores = np.array([score(model, piece, seed, ears) for seed, piece in enumerate(music)])
        is_sure = np.array([piece.is_sure.mean() > KNOWN_BARS for piece in music])
        rows.append(_row(source, scores))
        if not is_sure.all():
            rows.append(_row(f"{source}, known bars", scores[is_sure]))
    print(text_table(["music", "pieces", "beats", "downbeats", "beats x 2, / 2"], rows))
    return 0


def bands_of(pieces: list[BeatPiece]) -> list[BeatPiece]:
    """Every song in four whose bars are known, with some drumming."""
    songs, drumming = songs_in_four(pieces), drumming_in_four(pieces)
    if not drumming:
        return []
    return [
        band_piece(song, drumming, np.random.default_rng([98, seed]))
        for seed, song in enumerate(songs)
    ]


def _spread(music: list[BeatPiece], n_pieces: int) -> list[BeatPiece]:
    """As many pieces, spread over the list: those of one composer are next to each other."""
    places = np.linspace(0, len(music) - 1, min(n_pieces, len(music))).round().astype(int)
    return [music[place] for place in places]


def _row(name: str, scores: Doubles) -> list[str]:
    return [name, str(len(scores)), *(f"{value:.3f}" for value in scores.mean(axis=0))]


class Ears:
    """Notes as the program transcribes them when they are played."""

    def __init__(self) -> None:
        self._models: dict[str, Transcriber] = {}

    def hear(self, notes: Doubles) -> Doubles:
        """Notes like those of a piece, all of them of drums or none."""
        is_drums = bool(notes[:, 4].any())
        track = Track.named("drums") if is_drums else Track.named("piano")
        rows = [
            Note(onset, max(offset, onset + 0.03), int(pitch), int(velocity), track=track)
            for onset, offset, pitch, velocity, _ in notes.tolist()
            if onset >= 0.0
        ]
        music = Transcription(NoteTable.of(rows))
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "music.wav"
            write_transcription_sound(music, path)
            found = self._model("drums" if is_drums else "piano").transcribe_file(path)
        heard = found.transcription.notes
        columns = (heard.onset, heard.offset, heard.pitch, heard.velocity)
        table = np.stack([*columns, np.full(len(heard), float(is_drums))], axis=1)
        return table.astype(np.float64)

    def _model(self, name: str) -> Transcriber:
        if name not in self._models:
            self._models[name] = load_transcriber(name, device="cpu")
        return self._models[name]


def score(
    model: Beats, piece: BeatPiece, seed: int, ears: Ears | None = None
) -> tuple[float, float, float]:
    """F1 of beats, of downbeats, and of beats where twice and half the tempo are as good."""
    notes, beats = piece.notes, piece.beats
    if not piece.is_played:
        notes, beats = played(piece, np.random.default_rng([99, seed]))
    longest = _LONGEST_S if ears is None else _LONGEST_PLAYED_S
    inside = notes[:, 0] < longest
    notes, beats_in = notes[inside], beats < longest
    reference, downs = beats[beats_in], piece.is_downbeat[beats_in]
    heard = notes if ears is None else ears.hear(notes)
    found = track(model, heard) if len(heard) else None
    estimate = np.zeros(0) if found is None else found.beats
    bars = np.zeros(0) if found is None else found.downbeats
    # Before the first note and after the last there is nothing to go by.
    first, last = notes[0, 0] - 0.1, notes[-1, 0] + 0.1

    def f1(reference: Doubles, estimate: Doubles) -> float:
        parts = [part[(part >= first) & (part <= last)] for part in (reference, estimate)]
        return float(mir_eval.beat.f_measure(*map(mir_eval.beat.trim_beats, parts)))

    plain = f1(reference, estimate)
    halves = [estimate[::2], estimate[1::2]]
    between = np.sort(np.concatenate([estimate, estimate[:-1] + np.diff(estimate) / 2]))
    either = max(plain, *(f1(reference, other) for other in (*halves, between)))
    return plain, f1(reference[downs], bars), either


def track(model: Beats, notes: Doubles) -> TempoMap | None:
    """The beats of notes, shape (n_notes, 5), as the program finds them."""
    drums, others = Track.named("drums"), Track.named("piano")
    rows = [
        Note(onset, max(offset, onset + 0.01), int(pitch), int(velocity), track=track)
        for onset, offset, pitch, velocity, is_drum in notes.tolist()
        if onset >= 0.0
        for track in (drums if is_drum else others,)
    ]
    found = BeatTracker(model).track(NoteTable.of(rows).in_order())
    return None if found is None else found.tempo


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m training.beats.evaluation", description=__doc__
    )
    parser.add_argument("model", nargs="?", default="beats")
    add_material_options(parser)
    parser.add_argument("--pieces", type=int, default=40)
    parser.add_argument("--cache", type=Path)
    parser.add_argument("--transcribed", action="store_true")
    return parser


if __name__ == "__main__":
    sys.exit(main())
