"""One recording transcribed by one program, in a separate process, with time and memory."""

from __future__ import annotations

import hashlib
import json
import os
import shlex
import subprocess
import sys
import tempfile
import time
from dataclasses import asdict, dataclass
from pathlib import Path

import amtstudio
from amtstudio.symbolic import Transcription
from training.peers.environments import BASIC_PITCH, TRANSKUN, Environment, PeerError, python_of
from training.truth import read_truth

WORKERS = Path(__file__).resolve().parent / "workers"
TRANSKUN_PROGRAM = Path(amtstudio.__file__).parent / "engine" / "transkun_program.py"
_ERROR_LINES = 8


@dataclass(frozen=True, slots=True)
class Cost:
    """What a run took.

    Attributes
    ----------
    seconds : float
        From the file to the notes, once program and model are loaded.
    wall_s : float, seconds
        Of the whole process, start included.
    cpu_s : float, seconds
        Of all its threads, start included: hardly depends on what else the machine does.
    peak_memory_mb : float
        Largest resident size, in MB of 10^6 bytes.
    """

    seconds: float
    wall_s: float
    cpu_s: float
    peak_memory_mb: float


@dataclass(frozen=True, slots=True)
class Heard:
    """The notes that a program found, with time and memory."""

    transcription: Transcription
    cost: Cost
    at_cents: float = 0.0  # what the notes' pitches stand for


@dataclass(frozen=True, slots=True)
class Peer:
    """A program to compare with.

    ``worker`` is a script in ``workers/``, called with the recording, the MIDI file and the file
    of figures to write, and ``options``; ``uses`` are the files of this program that it runs.
    """

    name: str
    label: str
    environment: Environment
    worker: str
    options: tuple[str, ...] = ()
    uses: tuple[Path, ...] = ()

    def key(self, audio: Path, threads: int) -> str:
        """Changes with everything that the notes depend on, and with the number of threads."""
        parts = [
            audio.read_bytes(),
            *(path.read_bytes() for path in (WORKERS / self.worker, *self.uses)),
            self.environment.contents().encode(),
            json.dumps([self.options, threads]).encode(),
        ]
        hashed = hashlib.sha256()
        for part in parts:
            hashed.update(hashlib.sha256(part).digest())
        return hashed.hexdigest()[:20]


PEERS = {
    peer.name: peer
    for peer in (
        Peer("basic-pitch", "Basic Pitch 0.4.0", BASIC_PITCH, "run_basic_pitch.py"),
        Peer("transkun", "Transkun 2.0.1", TRANSKUN, "run_transkun.py", uses=(TRANSKUN_PROGRAM,)),
        Peer(
            "transkun-bf16",
            "Transkun 2.0.1, backbone in bfloat16",
            TRANSKUN,
            "run_transkun.py",
            ("--bf16",),
            (TRANSKUN_PROGRAM,),
        ),
    )
}


def heard_by_peer(peer: Peer, audio: Path, cache: Path, *, threads: int) -> Heard:
    """A peer's transcription; from ``cache`` if it has transcribed this audio before.

    Its notes are extended until its own predicted sustain pedal, if any, comes up.

    Raises
    ------
    PeerError
        If the peer cannot be installed, or fails.
    """
    folder = cache / "heard" / peer.name
    key = peer.key(audio, threads)
    midi, cost = folder / f"{key}.mid", folder / f"{key}.json"
    if not cost.is_file():
        folder.mkdir(parents=True, exist_ok=True)
        python = python_of(peer.environment, cache)
        with tempfile.TemporaryDirectory(dir=folder) as name:
            output, figures = Path(name) / "heard.mid", Path(name) / "figures.json"
            arguments = [str(audio), str(output), str(figures), *peer.options]
            wall_s, cpu_s, peak_mb = measured(
                [str(python), "-I", str(WORKERS / peer.worker), *arguments], threads
            )
            seconds = json.loads(figures.read_text(encoding="utf-8"))["seconds"]
            output.replace(midi)
        # Last, so that a run that was stopped is begun again.
        cost.write_text(json.dumps(asdict(Cost(seconds, wall_s, cpu_s, peak_mb))), encoding="utf-8")
    taken = Cost(**json.loads(cost.read_text(encoding="utf-8")))
    return Heard(read_truth(midi, extend_by_pedal=True), taken)


def heard_by_command(command: str, audio: Path, cache: Path, *, name: str, threads: int) -> Heard:
    """The transcription of a program of the user's; from ``cache`` if it exists.

    For programs that must not be fetched from here, such as those without a licence. ``seconds``
    are those of the whole process, because nothing else is known.

    Parameters
    ----------
    command : str
        With ``{audio}`` and ``{midi}`` where the recording and the file to write go.
    name : str
        The folder below ``cache/heard``.

    Raises
    ------
    PeerError
        If it cannot be started, fails, or writes no MIDI file.
    """
    folder = cache / "heard" / name
    parts = [audio.read_bytes(), command.encode(), str(threads).encode()]
    hashed = hashlib.sha256(b"".join(hashlib.sha256(part).digest() for part in parts))
    key = hashed.hexdigest()[:20]
    midi, cost = folder / f"{key}.mid", folder / f"{key}.json"
    if not cost.is_file():
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=folder) as made:
            output = Path(made) / "heard.mid"
            words = [
                word.replace("{audio}", str(audio)).replace("{midi}", str(output))
                for word in shlex.split(command)
            ]
            wall_s, cpu_s, peak_mb = measured(words, threads)
            if not output.is_file():
                raise PeerError(f"{name} wrote no {output.name}", hint="is {midi} in its command?")
            output.replace(midi)
        taken = asdict(Cost(wall_s, wall_s, cpu_s, peak_mb))
        cost.write_text(json.dumps(taken), encoding="utf-8")
    return Heard(
        read_truth(midi, extend_by_pedal=True), Cost(**json.loads(cost.read_text(encoding="utf-8")))
    )


def heard_by_us(audio: Path, *, model: str, threads: int) -> Heard:
    """What ``amtstudio transcribe`` hears; never from a cache, for the program changes."""
    with tempfile.TemporaryDirectory() as name:
        output, log = Path(name) / "heard.json", Path(name) / "log.jsonl"
        command = [sys.executable, "-m", "amtstudio", "transcribe", str(audio), "--json-progress"]
        command += ["--format", "json", "-o", str(output), "--model", model]
        wall_s, cpu_s, peak_mb = measured(command, threads, log=log)
        events = [json.loads(line) for line in log.read_text(encoding="utf-8").splitlines()]
        finished = next(event for event in events if event["event"] == "finished")
        cost = Cost(finished["seconds"], wall_s, cpu_s, peak_mb)
        return Heard(read_truth(output), cost, finished["heard_at_cents"])


def measured(
    command: list[str], threads: int, *, log: Path | None = None
) -> tuple[float, float, float]:
    """Run a program; wall seconds, CPU seconds and the largest resident size in MB.

    ``log`` takes its standard error. The size is at least that of this process when it started
    the program, which is why nothing here imports torch.

    Raises
    ------
    PeerError
        If it ends with an error; with the end of what it said.
    """
    environment = {**os.environ, "OMP_NUM_THREADS": str(threads)}
    with tempfile.TemporaryDirectory() as name:
        log = log or Path(name) / "log.txt"
        with log.open("wb") as said:
            started = time.perf_counter()
            try:
                process = subprocess.Popen(
                    command, env=environment, stdout=subprocess.DEVNULL, stderr=said
                )
            except OSError as error:
                raise PeerError(f"{command[0]} cannot be started: {error.strerror}") from error
            _, status, usage = os.wait4(process.pid, 0)
            wall_s = time.perf_counter() - started
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode != 0:
            lines = log.read_text(encoding="utf-8", errors="replace").splitlines()
            end = "\n".join(lines[-_ERROR_LINES:])
            raise PeerError(f"{' '.join(command)} failed with code {process.returncode}:\n{end}")
    unit = 1 if sys.platform == "darwin" else 1024  # of ru_maxrss
    return wall_s, usage.ru_utime + usage.ru_stime, usage.ru_maxrss * unit / 1e6
