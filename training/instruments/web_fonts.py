"""Banks of GeneralUser GS: ``python -m training.instruments.web_fonts REPOSITORY OUTPUT``.

REPOSITORY is a clone of surikov/webaudiofontdata, which has each recorded note of the SoundFont in
a script of its own. They are decoded, held by their loops, and written as banks of instruments like
those of ``training.add_instruments``.
"""

from __future__ import annotations

import argparse
import base64
import io
import json
import logging
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import soundfile
import soxr

from amtstudio.learning.instruments.musicians import Manner
from training.add_instruments import (
    SAMPLE_RATE,
    RecordedNote,
    refined_pitch,
    trimmed,
    write_bank,
)
from training.instruments.catalogue import WEB_FONT_PROGRAMS, library

if TYPE_CHECKING:
    import numpy.typing as npt

    Audio = npt.NDArray[np.float32]

logger = logging.getLogger("training.instruments.web_fonts")

HELD_S = 5.0
LIBRARY = "generaluser"
_CROSSFADE_S = 0.004
_DECAY_S = {"plucked": 0.9, "struck": 1.2}  # of a looped tail: the player's envelope does it
_ZONE = re.compile(r"\{([^{}]*?file:[^{}]*?)\}", re.DOTALL)


@dataclass(frozen=True)
class Zone:
    """A recorded note of a script; loop points in samples at ``sample_rate``."""

    pitch: float
    sample_rate: float
    loop: tuple[float, float]
    data: bytes


def zones_of(script: str) -> Iterator[Zone]:
    """The recorded notes of a script, those of more than one key range once."""
    seen = set()
    for match in _ZONE.finditer(script):
        text = match[1]
        data = re.search(r"file\s*:\s*'([^']*)'", text)
        if data is None or data[1] in seen:
            continue
        seen.add(data[1])
        fields = {
            key: float(value)
            for key, value in re.findall(r"(\w+)\s*:\s*(-?\d+(?:\.\d+)?)(?=[\s,}])", text)
        }
        pitch = fields["originalPitch"] / 100 - fields["coarseTune"] - fields["fineTune"] / 100
        loop = fields["loopStart"], fields["loopEnd"]
        yield Zone(pitch, fields["sampleRate"], loop, base64.b64decode(data[1]))


def held(zone: Zone, manner: Manner) -> Audio:
    """``HELD_S`` of a note at 16 kHz: its loop goes round, and decays if the manner does."""
    audio, rate = soundfile.read(io.BytesIO(zone.data), dtype="float32", always_2d=True)
    mono = audio.mean(axis=1)
    begin, end = (round(point * rate / zone.sample_rate) for point in zone.loop)
    end = min(end, len(mono))
    fade = min(round(_CROSSFADE_S * rate), begin, (end - begin) // 4)
    if end - begin >= 16 and fade >= 4:
        ramp = np.linspace(0.0, 1.0, fade, dtype=np.float32)
        turn = mono[begin:end].copy()
        turn[-fade:] = turn[-fade:] * (1 - ramp) + mono[begin - fade : begin] * ramp
        times = max(1, int((HELD_S * rate - begin) // len(turn)) + 1)
        looped = np.tile(turn, times)
        if manner in _DECAY_S:
            decay = np.arange(len(looped)) / (rate * _DECAY_S[manner])
            looped = looped * np.exp(-decay).astype(np.float32)
        mono = np.concatenate([mono[:begin], looped])
    cut: Audio = mono[: round(HELD_S * rate)].astype(np.float32)
    return cut if rate == SAMPLE_RATE else soxr.resample(cut, rate, SAMPLE_RATE)


def bank_notes(script: str, manner: Manner, lowest: int, highest: int) -> list[RecordedNote]:
    """The notes of a script that lie near a range, their pitches refined."""
    notes = []
    for zone in zones_of(script):
        if not lowest - 6 <= zone.pitch <= highest + 6:
            continue
        audio, attack = trimmed(held(zone, manner))
        if np.abs(audio).max() > 1e-3:
            pitch = refined_pitch(audio, attack, zone.pitch)
            notes.append(RecordedNote(audio, pitch, (1, 127), attack))
    return notes


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", maxsplit=1)[0])
    parser.add_argument("repository", type=Path, help="clone of surikov/webaudiofontdata")
    parser.add_argument("output", type=Path, help="folder for the banks")
    options = parser.parse_args(arguments)
    logging.basicConfig(level=logging.INFO, format="%(message)s")
    about = library(LIBRARY)
    for program in WEB_FONT_PROGRAMS:
        path = options.repository / "sound" / f"{program.script}_GeneralUserGS_sf2_file.js"
        notes = bank_notes(path.read_text(), program.manner, program.lowest, program.highest)
        write_bank(
            notes,
            options.output / program.name,
            {
                "family": program.family, "manner": program.manner, "lowest": program.lowest,
                "highest": program.highest, "weight": 1.0, "library": LIBRARY,
                "role": about.role, "licence": about.licence, "attribution": about.attribution,
                "origin": json.dumps(program.script),
            },
        )  # fmt: skip
        logger.info("%s: %d notes", program.name, len(notes))


if __name__ == "__main__":
    main()
