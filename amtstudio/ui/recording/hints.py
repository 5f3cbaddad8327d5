"""Hints for the current moment of a recording."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication

from amtstudio.ui.failure import describe
from amtstudio.ui.instrument_names import instrument_name
from amtstudio.ui.model_names import model_name
from amtstudio.ui.pitch_names import clock
from amtstudio.ui.plurals import counted
from amtstudio.ui.recording.controller import RecordingController
from amtstudio.ui.recording.take import LiveTake

SILENT_S = 3.0
LITTLE_SPACE_S = 15 * 60.0
_LATE_S = 2.0


def hints(controller: RecordingController, seconds_left: float) -> list[str]:
    """Sentences, the most urgent first."""
    found = []
    if controller.devices.reason:
        found.append(controller.devices.reason)
    if seconds_left < LITTLE_SPACE_S:
        found.append(
            _tr("The disk has room for {minutes} more minutes; then the take ends.").format(
                minutes=int(seconds_left // 60)
            )
        )
    recorder, take = controller.recorder, controller.take
    if recorder is not None and recorder.silent_s > SILENT_S:
        found.append(_tr("This device delivers only silence. Is it muted, or the wrong one?"))
    if recorder is not None and recorder.clipped:
        found.append(_tr("The input was too loud at least once: turn its gain down."))
    if take is not None and take.recorder is not None:
        found += _of_notes(take)
    return found or [_usual(controller)]


def _usual(controller: RecordingController) -> str:
    if controller.is_idle:
        return _tr("Play something loud: the level should stay out of the red. R records.")
    return _tr("What you play is saved as you go. R stops.")


def _of_notes(take: LiveTake) -> list[str]:
    if take.problem is not None:
        cause = describe(take.problem).cause
        return [_tr("No notes while you play: {cause} Recording continues.").format(cause=cause)]
    backlog = take.live.backlog_s if take.live is not None else 0.0
    if not take.is_ready:
        return [_tr("Loading the model; recording is in progress.")]
    if backlog > _LATE_S or take.lag > _LATE_S:
        return [
            _tr(
                "The computer is busy: the notes are {seconds} s behind, the recording is not."
            ).format(seconds=round(max(backlog, take.lag)))
        ]
    found = _of_model(take) + _of_keyboard(take)
    if take.gaps:
        found.append(_tr("Some notes were left out to keep up; all will be found after you stop."))
    return found


def _of_model(take: LiveTake) -> list[str]:
    """Why another model hears by now."""
    plan = take.plan
    if plan is None:
        return []
    return [
        _tr(
            "Notes since {time} are from the model “{model}”, which suits what is heard:"
            " {instruments}."
        ).format(
            time=clock(take.heard_from),
            model=model_name(take.model),
            instruments=", ".join(instrument_name(name) for name in plan.heard),
        )
    ]


def _of_keyboard(take: LiveTake) -> list[str]:
    if take.keyboard is None:
        return []
    n_struck = take.keyboard.n_struck
    if n_struck:
        return [
            counted(
                n_struck,
                "Your keyboard is being recorded, too: %n key so far.",
                "Your keyboard is being recorded, too: %n keys so far.",
            )
        ]
    return [_tr("Your keyboard is being recorded, too. Nothing has been received from it yet.")]


def _tr(text: str) -> str:
    return QCoreApplication.translate("RecordingHints", text)
