"""What the instrument detector found, as JSON, CSV or text."""

from __future__ import annotations

import csv
import io
import json

from amtstudio.symbolic.instruments import InstrumentActivity

_BAR_CELLS = 20
_MOST_PASSAGES = 6


def dump_activity_json(activity: InstrumentActivity) -> bytes:
    """One object: the contract of ``amtstudio instruments --format json``."""
    classes, named = activity.classes, activity.named()
    instances = [
        {
            "onset_s": round(float(activity.onsets[i]), 3),
            "offset_s": round(float(activity.offsets[i]), 3),
            "scores": _by_class(classes, activity.scores[i].tolist(), digits=4),
            # Shares of a long recording are small: they must still sum to one when read back.
            "attention": {
                name: float(f"{share:.6g}")
                for name, share in zip(classes, activity.attention[i].tolist(), strict=True)
            },
            "instruments": [name for name in named if activity.heard[i, classes.index(name)]],
        }
        for i in range(activity.n_instances)
    ]
    content = {
        "file": activity.file,
        "duration_s": round(activity.duration, 3),
        "model": activity.model,
        "classes": list(classes),
        "scores": _by_class(classes, activity.track_scores.tolist(), digits=4),
        "thresholds": _by_class(classes, activity.track_thresholds.tolist(), digits=4),
        "instruments": named,
        "instances": instances,
    }
    return (json.dumps(content, ensure_ascii=False) + "\n").encode()


def dump_activity_csv(
    activity: InstrumentActivity, *, file: str | None = None, with_header: bool = True
) -> bytes:
    """A row for each second: its span, then the score of every class.

    ``file``: put into a first column, as the rows of one of several files.
    """
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\n")
    names, values = ([], []) if file is None else (["file"], [file])
    if with_header:
        writer.writerow([*names, "onset_s", "offset_s", *activity.classes])
    for onset, offset, scores in zip(
        activity.onsets, activity.offsets, activity.scores, strict=True
    ):
        told = (f"{score:.4f}" for score in scores)
        writer.writerow([*values, f"{onset:.3f}", f"{offset:.3f}", *told])
    return text.getvalue().encode()


def dump_activity_text(activity: InstrumentActivity) -> bytes:
    """For people: every class with its level, and where the named ones play."""
    named = activity.named()
    order = sorted(
        range(len(activity.classes)),
        key=lambda i: (activity.classes[i] not in named, -activity.track_scores[i]),
    )
    lines = []
    for i in order:
        name = activity.classes[i]
        score = float(activity.track_scores[i])
        cells = round(score * _BAR_CELLS)
        mark = "*" if name in named else " "
        line = f"{mark} {name:<18}{score:5.2f}  {'#' * cells:<{_BAR_CELLS}}"
        if name in named:
            line += "  " + _where(activity, name)
        lines.append(line.rstrip())
    if not named:
        lines.append("no instrument is heard with certainty")
    return ("\n".join(lines) + "\n").encode()


def _where(activity: InstrumentActivity, name: str) -> str:
    passages = activity.passages(name)
    spans = [f"{_clock(p.onset)}-{_clock(p.offset)}" for p in passages[:_MOST_PASSAGES]]
    more = len(passages) - len(spans)
    return ", ".join(spans) + (f" and {more} more" if more > 0 else "")


def _clock(seconds: float) -> str:
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02d}:{rest:02d}" if hours else f"{minutes}:{rest:02d}"


def _by_class(classes: tuple[str, ...], values: list[float], *, digits: int) -> dict[str, float]:
    return {name: round(value, digits) for name, value in zip(classes, values, strict=True)}
