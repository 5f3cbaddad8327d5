"""Virtual environments for the peers, made from the package index."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from amtstudio.errors import AmtStudioError

MADE = "made.txt"  # in the environment, once it is complete: what was installed
_ERROR_LINES = 12


class PeerError(AmtStudioError):
    """A peer could not be installed, or failed."""


@dataclass(frozen=True, slots=True)
class Environment:
    """What is installed for a peer.

    Attributes
    ----------
    package : str
        The peer itself. Its dependencies are not followed: they ask for TensorFlow, or for
        hundreds of megabytes that transcribing never imports.
    requirements : tuple of str
        What it does need, with versions known to work together.
    """

    name: str
    package: str
    requirements: tuple[str, ...]

    def contents(self) -> str:
        """What decides whether an environment that is there can be used."""
        python = f"python {sys.version_info.major}.{sys.version_info.minor}"
        return "\n".join([python, self.package, *self.requirements])


BASIC_PITCH = Environment(
    "basic-pitch",
    "basic-pitch==0.4.0",
    (
        "setuptools<81",  # resampy imports pkg_resources
        "onnxruntime>=1.20",
        "librosa>=0.10,<0.12",
        "resampy>=0.2.2,<0.4.3",
        "mir_eval>=0.7,<0.9",
        "pretty_midi>=0.2.10,<0.3",
        "scipy>=1.11,<1.18",
    ),
)
TRANSKUN = Environment(
    "transkun",
    "transkun==2.0.1",
    (
        "torch>=2.10,<2.14",
        "moduleconf==0.1.4",
        "mir_eval>=0.7,<0.9",
        "pretty_midi>=0.2.10,<0.3",
        "scipy>=1.11,<1.18",
        "soundfile>=0.13,<0.15",
        "soxr>=0.5,<2",
        "tqdm>=4.66",
    ),
)


def python_of(environment: Environment, cache: Path) -> Path:
    """The Python of an environment below ``cache``; the environment is made if it is not there.

    ``AMTSTUDIO_TORCH_INDEX``, the address of a further package index to take torch from, is
    heeded as by the set-up of the program.

    Raises
    ------
    PeerError
        If it cannot be made; with the end of what pip said.
    """
    folder = cache / environment.name
    python = folder / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    made = folder / MADE
    if made.is_file() and made.read_text(encoding="utf-8") == environment.contents():
        return python
    if folder.exists():
        shutil.rmtree(folder)
    print(f"installing {environment.package} into {folder}", file=sys.stderr)
    _run([sys.executable, "-m", "venv", str(folder)], environment)
    install = [str(python), "-m", "pip", "install", "--quiet"]
    index = os.environ.get("AMTSTUDIO_TORCH_INDEX")
    further = ["--extra-index-url", index] if index else []
    _run([*install, *further, *environment.requirements], environment)
    _run([*install, "--no-deps", environment.package], environment)
    made.write_text(environment.contents(), encoding="utf-8")
    return python


def _run(command: list[str], environment: Environment) -> None:
    run = subprocess.run(command, capture_output=True, text=True, check=False)
    if run.returncode != 0:
        said = "\n".join(run.stderr.splitlines()[-_ERROR_LINES:])
        raise PeerError(
            f"{environment.package} could not be installed:\n{said}",
            hint="an index of Python packages must be in reach",
        )
