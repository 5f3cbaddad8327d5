r"""What was played on recordings with truth, played again on a sampled piano.

    python -m training.replay_truth RECORDINGS OUTPUT --material MATERIAL [--in-rooms] [--touch 20]
    python -m training.evaluate piano OUTPUT

The music is the same and the truth exact, so the difference between the scores on RECORDINGS and on
OUTPUT is what the sound and the truth of the recordings cost. The piano is the one that training
never uses. With ``--cut 3``, stretches of three seconds stand alone in silence: what a program
hears less of there, it had from the music around.
"""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from amtstudio.errors import AmtStudioError
from amtstudio.learning.recording_conditions import filter_sound
from amtstudio.learning.rooms import RoomPool, load_rooms
from amtstudio.symbolic import Note, NoteTable, Transcription
from training.datasets import write_piece
from training.documented_parser import documented_parser
from training.evaluation import pieces_of
from training.synthesis.clips import PLAIN_LEVEL_DB, at_level, render
from training.synthesis.dataset import Material
from training.synthesis.performance import LEAD_S, Performance
from training.synthesis.piano_bank import SAMPLE_RATE
from training.synthesis.playing import draw_playing
from training.truth import read_truth

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt

    from training.synthesis.piano_bank import PianoBank

NOISE_DB = -75.0
_MIDDLE_VELOCITY = 64.0
_SEED = 5
_SILENCE_S = 8.0  # between stretches: longer than anything rings on or is looked back to
_FADE_S = 0.01
_LATEST_S = 0.05  # before the end of its stretch a note has to begin, to be audible


def opening(truth: Transcription, seconds: float) -> NoteTable:
    """The notes that begin within so many seconds, cut off at their end."""
    return NoteTable.of(
        Note(note.onset, min(note.offset, seconds), note.pitch, note.velocity)
        for note in truth.notes
        if note.onset < seconds
    )


def played(
    notes: NoteTable,
    bank: PianoBank,
    rooms: RoomPool | None,
    rng: np.random.Generator,
    *,
    seconds: float,
    touch_db: float = 0.0,
) -> npt.NDArray[np.float32]:
    """The notes as the bank sounds, shape (n_samples,) at ``SAMPLE_RATE``.

    Parameters
    ----------
    notes : NoteTable
    bank : PianoBank
    rooms : RoomPool or None
        One of them is drawn, with a microphone; None: as dry as the samples are.
    rng : np.random.Generator
    seconds : float
    touch_db : float
        By how much a note of a tenth of the velocity is softer, on top of the bank's own.
    """
    columns = (notes.onset, notes.offset, notes.offset, notes.pitch, notes.velocity)
    performance = Performance(np.stack(columns, axis=1).astype(np.float64), np.zeros((0, 2)))
    playing = draw_playing(performance, rng, as_sampled=True)
    touch = touch_db * np.log10(notes.velocity / _MIDDLE_VELOCITY)
    playing.gains[:] *= 10.0 ** (touch / 20.0)
    sound = render(playing, bank, round((LEAD_S + seconds) * SAMPLE_RATE))
    if rooms is not None:
        sound = filter_sound(sound, rooms.choose(rng), rng)
    return at_level(sound[round(LEAD_S * SAMPLE_RATE) :], PLAIN_LEVEL_DB)


def cut_apart(
    audio: npt.NDArray[np.float32], notes: NoteTable, seconds: float
) -> tuple[npt.NDArray[np.float32], NoteTable]:
    """Every second stretch of so many seconds, alone in near silence, and what begins in it.

    Parameters
    ----------
    audio : np.ndarray, shape (n_samples,)
        At ``SAMPLE_RATE``.
    notes : NoteTable
    seconds : float
    """
    fade = np.linspace(0.0, 1.0, round(_FADE_S * SAMPLE_RATE), dtype=np.float32)
    parts: list[npt.NDArray[np.float32]] = []
    kept: list[Note] = []
    for index, start in enumerate(np.arange(0.0, len(audio) / SAMPLE_RATE - seconds, 2 * seconds)):
        part = audio[round(start * SAMPLE_RATE) :][: round(seconds * SAMPLE_RATE)].copy()
        part[: len(fade)] *= fade
        part[-len(fade) :] *= fade[::-1]
        parts += [part, np.zeros(round(_SILENCE_S * SAMPLE_RATE), dtype=np.float32)]
        moved = index * (seconds + _SILENCE_S) - start
        kept += [
            replace(
                note, onset=note.onset + moved, offset=min(note.offset, start + seconds) + moved
            )
            for note in notes
            if start <= note.onset < start + seconds - _LATEST_S
        ]
    return np.concatenate(parts), NoteTable.of(kept)


def main(arguments: Sequence[str] | None = None) -> int:
    parser = documented_parser("training.replay_truth", __doc__)
    parser.add_argument("recordings", type=Path, help="audio with truth")
    parser.add_argument("output", type=Path)
    parser.add_argument("--material", type=Path, required=True, help="pianos/, midi/, rir/")
    parser.add_argument("--cache", type=Path, help="for prepared material (default: OUTPUT/cache)")
    parser.add_argument("--seconds", type=float, default=30.0, help="of each, from its start")
    parser.add_argument("--in-rooms", action="store_true", help="each in a room, for a microphone")
    parser.add_argument(
        "--touch",
        type=float,
        default=0.0,
        metavar="DB",
        help="how much softer a tenth of the velocity is than sampled",
    )
    parser.add_argument(
        "--cut", type=float, metavar="SECONDS", help="into stretches so long, alone in silence"
    )
    options = parser.parse_args(arguments)
    if options.cut is not None and not 0.5 <= options.cut < options.seconds:
        parser.error(f"--cut must be from 0.5 to {options.seconds:g} seconds, got {options.cut:g}")
    bank = Material(options.material, options.cache or options.output / "cache").banks(
        held_out=True
    )[0]
    rooms = None
    if options.in_rooms:
        rooms = RoomPool(load_rooms(options.material / "rir"), n_simulated=400, seed=909)
    try:
        pieces = pieces_of([options.recordings], split=None)
        options.output.mkdir(parents=True, exist_ok=True)
        for number, piece in enumerate(pieces):
            notes = opening(read_truth(piece.truth, extend_by_pedal=True), options.seconds)
            rng = np.random.default_rng([_SEED, number])
            audio = played(notes, bank, rooms, rng, seconds=options.seconds, touch_db=options.touch)
            if options.cut:
                audio, notes = cut_apart(audio, notes, options.cut)
            noise = rng.standard_normal(len(audio)) * 10.0 ** (NOISE_DB / 20.0)
            audio = np.clip(audio + noise, -1.0, 1.0).astype(np.float32)
            write_piece(options.output, piece.audio.stem, audio, SAMPLE_RATE, notes)
    except AmtStudioError as error:
        print(f"training.replay_truth: error: {error}", file=sys.stderr)
        return error.exit_code
    return 0


if __name__ == "__main__":
    sys.exit(main())
