"""What a recording may suffer before notes are lost: aligned note F1 clean and degraded.

    python tests/benchmarks/robustness.py FOLDER [--pieces 8] [--seconds 40] [--model piano]
        [--conditions +40c -40c hall noise mp3 aac] [--room RESPONSE.flac ...] [--per-piece]
        [--write FOLDER]

FOLDER holds recordings beside ``<stem>.notes.csv`` or ``.mid``, as for ``amtstudio evaluate``. The
beginning of each is transcribed unaltered, and

+40c, -40c  played 2.3 % faster or slower, which raises or lowers it by 40 cents; the times of the
            truth are scaled alike
hall        in a simulated hall: 1.8 s of reverberation, as loud as the direct sound
noise       with white noise 15 dB below the recording, in the band that the model hears
mp3, aac    encoded as mono of 44.1 kHz with 64 kbit/s, and decoded

and in the room of each ``--room``, a measured impulse response. Delays of rooms and codecs are
taken off. F1 is ``note_aligned`` of ``amtstudio.scoring``, the mean over pieces. Bar: 3 points lost
at most by each. ``--write`` keeps the degraded recordings and their truth instead of scoring them:
thresholds may be tuned on them.
"""

from __future__ import annotations

import argparse
import dataclasses
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import av
import numpy as np
import numpy.typing as npt
import scipy.signal
import soundfile
import soxr

from amtstudio.audio import read_mono
from amtstudio.cli.evaluate import clipped
from amtstudio.cli.pieces import Piece, find_pieces
from amtstudio.engine import Transcriber, load_transcriber
from amtstudio.formats import read_transcription, write_transcription
from amtstudio.scoring import PieceScores, mean_scores, score_notes
from amtstudio.symbolic import Transcription

BAR_POINTS = 3.0
SNR_DB = 15.0
CODEC_RATE, CODEC_BITS = 44100, 64_000
LONGEST_CODEC_DELAY_S = 0.2
HALL_RT60_S = 1.8

Floats = npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Degraded:
    """A recording that has suffered; ``time_scale`` is by what the times of its notes grew."""

    audio: Floats
    time_scale: float = 1.0


Degrade = Callable[[Floats, int], Degraded]  # (audio, sample rate)


def untouched(audio: Floats, _: int) -> Degraded:
    return Degraded(audio)


def detuned(audio: Floats, sample_rate: int, *, cents: float) -> Degraded:
    speed = 2.0 ** (cents / 1200.0)
    # Said to be of the faster rate, and brought back to the true one: there are fewer samples.
    return Degraded(soxr.resample(audio, sample_rate * speed, sample_rate), 1.0 / speed)


def with_noise(audio: Floats, _: int) -> Degraded:
    noise = np.random.default_rng(1).standard_normal(len(audio))
    level = np.sqrt(np.mean(audio.astype(float) ** 2)) * 10.0 ** (-SNR_DB / 20.0)
    return Degraded((audio + level * noise).astype(np.float32))


def in_simulated_hall(audio: Floats, sample_rate: int) -> Degraded:
    return Degraded(_in_room(audio, simulated_hall(sample_rate)))


def in_measured_room(audio: Floats, sample_rate: int, *, path: Path) -> Degraded:
    response, own_rate = soundfile.read(path, dtype="float32", always_2d=True)
    return Degraded(_in_room(audio, soxr.resample(response.mean(axis=1), own_rate, sample_rate)))


def simulated_hall(sample_rate: int) -> Floats:
    """Direct sound, 20 ms of nothing, then noise that decays, its treble three times as fast."""
    rng = np.random.default_rng(2)
    times = np.arange(round(1.1 * HALL_RT60_S * sample_rate)) / sample_rate
    tail = np.zeros(len(times))
    corners = (50.0, 500.0, 2000.0, 0.49 * sample_rate)
    for low, high, rt60 in zip(
        corners, corners[1:], (HALL_RT60_S, HALL_RT60_S, HALL_RT60_S / 3), strict=False
    ):
        band = scipy.signal.butter(2, (low, high), "bandpass", fs=sample_rate, output="sos")
        noise = scipy.signal.sosfilt(band, rng.standard_normal(len(times)))
        tail += noise * 10.0 ** (-3.0 * times / rt60)
    tail[: round(0.02 * sample_rate)] = 0.0
    response = tail / np.sqrt(np.sum(tail**2))
    response[0] = 1.0
    return np.asarray(response, np.float32)


def _in_room(audio: Floats, response: Floats) -> Floats:
    """Convolved; the direct sound, the largest sample of the response, comes when it came."""
    delay = int(np.argmax(np.abs(response)))
    heard = scipy.signal.fftconvolve(audio, response)[delay : delay + len(audio)]
    loudest = np.abs(heard).max()
    return np.asarray(heard * (np.abs(audio).max() / max(loudest, 1e-9)), np.float32)


def through_codec(audio: Floats, sample_rate: int, *, codec: str, suffix: str) -> Degraded:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"coded{suffix}"
        _encode(soxr.resample(audio, sample_rate, CODEC_RATE), path, codec)
        decoded = read_mono(path, sample_rate=sample_rate)
    delay = _delay(audio, decoded, sample_rate)
    shifted = decoded[delay:] if delay >= 0 else np.pad(decoded, (-delay, 0))
    return Degraded(shifted[: len(audio)])


def _encode(audio: Floats, path: Path, codec: str) -> None:
    with av.open(str(path), "w") as container:
        stream = container.add_stream(codec, rate=CODEC_RATE, layout="mono")
        assert isinstance(stream, av.AudioStream)
        stream.bit_rate = CODEC_BITS
        frame = av.AudioFrame.from_ndarray(
            np.clip(audio, -1.0, 1.0)[np.newaxis], format="fltp", layout="mono"
        )
        frame.sample_rate = CODEC_RATE
        frame.pts = 0
        fifo = av.AudioFifo()  # encoders take frames of a certain length
        fifo.write(frame)
        while (
            part := fifo.read(stream.codec_context.frame_size or 1152, partial=True)
        ) is not None:
            container.mux(stream.encode(part))
        container.mux(stream.encode(None))


def _delay(clean: Floats, late: Floats, sample_rate: int) -> int:
    """Samples by which ``late`` lags behind, from the peak of their correlation."""
    longest = round(LONGEST_CODEC_DELAY_S * sample_rate)
    correlation = scipy.signal.correlate(late, clean, method="fft")
    lags = scipy.signal.correlation_lags(len(late), len(clean))
    near = np.abs(lags) <= longest
    return int(lags[near][np.argmax(correlation[near])])


CONDITIONS: dict[str, Degrade] = {
    "+40c": partial(detuned, cents=40.0),
    "-40c": partial(detuned, cents=-40.0),
    "hall": in_simulated_hall,
    "noise": with_noise,
    "mp3": partial(through_codec, codec="libmp3lame", suffix=".mp3"),
    "aac": partial(through_codec, codec="aac", suffix=".m4a"),
}


def scaled(truth: Transcription, factor: float) -> Transcription:
    """``truth`` with all times multiplied by ``factor``."""
    notes = dataclasses.replace(
        truth.notes, onset=truth.notes.onset * factor, offset=truth.notes.offset * factor
    )
    return dataclasses.replace(truth, notes=notes, duration=truth.duration * factor)


def main() -> None:
    arguments = parsed()
    transcriber = load_transcriber(arguments.model)
    conditions = {"clean": untouched} | {name: CONDITIONS[name] for name in arguments.conditions}
    conditions |= {
        f"room {path.stem}": partial(in_measured_room, path=path) for path in arguments.room
    }
    pieces = find_pieces(arguments.folder)[: arguments.pieces]
    if arguments.write:
        write_degraded(pieces, conditions, transcriber.card.sample_rate, arguments)
        return
    scores: dict[str, list[PieceScores]] = {name: [] for name in conditions}
    for piece in pieces:
        audio, truth = beginning(piece, transcriber.card.sample_rate, arguments.seconds)
        for name, degrade in conditions.items():
            degraded = degrade(audio, transcriber.card.sample_rate)
            estimate = transcribed(transcriber, degraded.audio)
            scores[name].append(score_notes(scaled(truth, degraded.time_scale), estimate))
        if arguments.per_piece:
            f1s = (
                f"{name} {100 * found[-1].note_aligned.f1:.1f}" for name, found in scores.items()
            )
            print(f"{piece.name}: {', '.join(f1s)}", flush=True)
    print(f"{len(pieces)} pieces, {arguments.seconds:g} s of each, model {arguments.model}")
    print(f"{'':34}  aligned F1    lost       P       R  plain F1")
    clean = mean_scores(scores["clean"]).note_aligned.f1
    for name, found in scores.items():
        mean = mean_scores(found)
        lost = 100.0 * (clean - mean.note_aligned.f1)
        print(
            f"{name:34}  {100 * mean.note_aligned.f1:10.1f}  {lost:6.1f}"
            f"  {100 * mean.note_aligned.precision:6.1f}  {100 * mean.note_aligned.recall:6.1f}"
            f"  {100 * mean.note.f1:8.1f}{'   over the bar' if lost > BAR_POINTS else ''}"
        )


def write_degraded(
    pieces: list[Piece],
    conditions: dict[str, Degrade],
    sample_rate: int,
    arguments: argparse.Namespace,
) -> None:
    arguments.write.mkdir(parents=True, exist_ok=True)
    for piece in pieces:
        audio, truth = beginning(piece, sample_rate, arguments.seconds)
        for name, degrade in conditions.items():
            degraded = degrade(audio, sample_rate)
            stem = f"{piece.audio.stem}.{name}"
            path = arguments.write / f"{stem}.wav"
            soundfile.write(path, degraded.audio, sample_rate, subtype="FLOAT")
            write_transcription(
                scaled(truth, degraded.time_scale),
                arguments.write / f"{stem}.notes.csv",
                format_name="csv",
                overwrite=True,
            )


def transcribed(transcriber: Transcriber, audio: Floats) -> Transcription:
    """As the program transcribes a file: retuned where the instrument is out of tune."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "degraded.wav"
        soundfile.write(path, audio, transcriber.card.sample_rate, subtype="FLOAT")
        return transcriber.transcribe_file(path).transcription


def beginning(piece: Piece, sample_rate: int, seconds: float) -> tuple[Floats, Transcription]:
    audio = read_mono(piece.audio, sample_rate=sample_rate, end=seconds)
    return audio, clipped(read_transcription(piece.truth), seconds)


def parsed() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--pieces", type=int, help="the first so many; default: all")
    parser.add_argument("--seconds", type=float, default=40.0, help="of each; default: 40")
    parser.add_argument("--model", default="piano")
    parser.add_argument("--write", type=Path, metavar="FOLDER")
    parser.add_argument(
        "--conditions", nargs="*", choices=list(CONDITIONS), default=list(CONDITIONS)
    )
    parser.add_argument("--room", type=Path, nargs="+", default=[], help="impulse responses")
    parser.add_argument("--per-piece", action="store_true")
    return parser.parse_args()


if __name__ == "__main__":
    main()
