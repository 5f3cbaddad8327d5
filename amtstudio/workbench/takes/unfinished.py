"""Takes that a crash cut short, made whole."""

from __future__ import annotations

import logging
from dataclasses import dataclass

from amtstudio.audio.wav_repair import repair_take
from amtstudio.errors import AmtStudioError
from amtstudio.session.take_marks import UnfinishedTake, find_unfinished_takes

logger = logging.getLogger("amtstudio.workbench")


@dataclass(frozen=True, slots=True)
class RepairedTake:
    """A take that can be opened again."""

    take: UnfinishedTake
    duration: float  # seconds


def repair_unfinished_takes(**_callbacks: object) -> list[RepairedTake]:
    """Make the headers of unfinished takes count all that was written. Waits for the disk."""
    repaired = []
    for take in find_unfinished_takes():
        try:
            duration = repair_take(take.path)
        except OSError as error:  # it may be a disk that is there the next time
            logger.warning("%s: %s", take.path, error)
            continue
        except AmtStudioError as error:
            logger.warning("%s", error)
            take.forget()
            continue
        if duration > 0.0:
            repaired.append(RepairedTake(take, duration))
        else:
            take.forget()
    return repaired
