"""What a run reports about itself while it runs: ``events.jsonl``, one object per line."""

from __future__ import annotations

from pathlib import Path

import msgspec

from amtstudio.learning.report import JudgedStep, StepName

EVENTS = "events.jsonl"


class _Event(msgspec.Struct, kw_only=True, tag_field="stage"):
    time: float = 0.0  # seconds since 1970; set when it is sent


class Loading(_Event, tag="loading"):
    done: int = 0
    total: int = 0


class Listening(_Event, tag="listening"):
    pass


class Aligning(_Event, tag="aligning"):
    done: int = 0
    total: int = 0


class Tuning(_Event, tag="tuning"):
    pass


class Labelling(_Event, tag="labelling"):
    done: int = 0
    total: int = 0


class Learning(_Event, tag="learning"):
    """A step of the training; ``fraction`` of its time is over, in [0, 1].

    ``agreement``, of the student's onsets with its labels, and ``check``, the validation loss, are
    None where they were not measured.
    """

    step: int = 0
    fraction: float = 0.0
    minutes_left: float = 0.0
    loss: float | None = None
    check: float | None = None
    agreement: float | None = None


class Thresholds(_Event, tag="thresholds"):
    pass


class Calibrating(_Event, tag="calibrating"):
    pass


class Judging(_Event, tag="judging"):
    step: StepName


class Judged(_Event, tag="judged"):
    verdict: JudgedStep


class Paused(_Event, tag="paused"):
    pass


class GoingOn(_Event, tag="going on"):
    pass


class Done(_Event, tag="done"):
    adopted: bool


Event = (
    Loading
    | Aligning
    | Listening
    | Tuning
    | Labelling
    | Learning
    | Thresholds
    | Calibrating
    | Judging
    | Judged
    | Paused
    | GoingOn
    | Done
)


def stage_of(event: Event) -> str:
    """The name under which an event is written."""
    return str(event.__struct_config__.tag)


class EventTail:
    """Reads what was added to the events of a run: the whole of a long run takes too long."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / EVENTS
        self._place = 0
        self._decoder = msgspec.json.Decoder(Event)

    def read(self) -> list[Event]:
        """The events since the last call.

        An incomplete line is kept back; a line that was cut off when a run was killed, or that this
        program does not understand, is skipped.
        """
        try:
            with self._path.open("rb") as file:
                file.seek(0, 2)
                if file.tell() < self._place:  # another run of that name
                    self._place = 0
                file.seek(self._place)
                data = file.read()
        except OSError:
            return []
        whole, _, rest = data.rpartition(b"\n")
        self._place += len(data) - len(rest)
        events = []
        for line in whole.splitlines():
            try:
                events.append(self._decoder.decode(line))
            except ValueError:
                continue
        return events
