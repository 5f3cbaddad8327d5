"""A model's outputs: its heads, and the axis of each.

Every model declares its heads, so that what lies between a network and its notes (inference, the
activations that a project keeps, overlays, losses) works for any of them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

_MOST_NAMES = 256
_LONGEST_NAME = 64
_MOST_HEADS = 32


def _check_names(what: str, names: Sequence[object]) -> None:
    is_text = all(isinstance(name, str) and 0 < len(name) <= _LONGEST_NAME for name in names)
    if not names or not is_text or len(set(names)) != len(names) or len(names) > _MOST_NAMES:
        raise ValueError(f"the names of {what} must be texts that differ, got {names!r:.120}")


class HeadKind(StrEnum):
    """What the numbers of a head mean; all of them lie in [0, 1]."""

    EVENT = "event"  # probability that something happens in this frame: an onset, an offset
    SOUND = "sound"  # probability that something lasts in this frame: a key, the pedal
    VALUE = "value"  # a quantity that holds where the head named by ``where`` is high
    CLASS = "class"  # probabilities of ``classes``, likewise; they sum to 1


@dataclass(frozen=True, slots=True)
class Pitches:
    """One column for each pitch of a range without gaps."""

    lowest: int = 21  # MIDI; A0, the lowest key of a piano
    count: int = 88

    def __post_init__(self) -> None:
        if not (self.lowest >= 0 and self.count >= 1 and self.lowest + self.count <= 128):
            raise ValueError(
                f"pitches must lie in 0 to 127, got {self.count} from {self.lowest} on"
            )

    def __len__(self) -> int:
        return self.count

    def __contains__(self, pitch: object) -> bool:
        return isinstance(pitch, int) and self.lowest <= pitch <= self.highest

    def column(self, pitch: int) -> int:
        """Of a pitch that is ``in`` it."""
        return pitch - self.lowest

    @property
    def highest(self) -> int:
        return self.lowest + self.count - 1

    @property
    def pitches(self) -> tuple[int, ...]:
        return tuple(range(self.lowest, self.highest + 1))


@dataclass(frozen=True, slots=True)
class Drums:
    """One column for each drum of a kit.

    Attributes
    ----------
    names : tuple of str
    pitches : tuple of int
        The General MIDI numbers of these drums in notes.
    """

    names: tuple[str, ...]
    pitches: tuple[int, ...]

    def __post_init__(self) -> None:
        _check_names("drums", self.names)
        if len(self.pitches) != len(self.names):
            raise ValueError(f"need a pitch for each drum, got {len(self.pitches)}")
        if len(set(self.pitches)) != len(self.pitches):
            raise ValueError("the pitches of drums must differ")
        if not all(isinstance(pitch, int) and 0 <= pitch <= 127 for pitch in self.pitches):
            raise ValueError(f"pitches must be 0 to 127, got {self.pitches}")

    def __len__(self) -> int:
        return len(self.names)

    def __contains__(self, pitch: object) -> bool:
        return pitch in self.pitches

    def column(self, pitch: int) -> int:
        """Of a pitch that is ``in`` it."""
        return self.pitches.index(pitch)


Axis = Pitches | Drums
PIANO_KEYS = Pitches()


@dataclass(frozen=True, slots=True)
class Head:
    """One output of a model.

    Attributes
    ----------
    name : str
    kind : HeadKind
    axis : Pitches, Drums, or None
        What its columns are. None: one number for each frame.
    where : str
        Name of the event or sound beside which a value or a class holds; "" for other kinds.
    classes : tuple of str
        What the third axis of a ``CLASS`` head runs along; () for other kinds.

    Raises
    ------
    ValueError
        If these do not fit together.
    """

    name: str
    kind: HeadKind
    axis: Axis | None = PIANO_KEYS
    where: str = ""
    classes: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        _check_names("heads", (self.name,))
        needs_where = self.kind in (HeadKind.VALUE, HeadKind.CLASS)
        if bool(self.where) is not needs_where:
            raise ValueError(f"where must be given for values and classes only, got {self}")
        if bool(self.classes) is not (self.kind is HeadKind.CLASS):
            raise ValueError(f"classes must be given for a class head only, got {self}")
        if self.classes:
            _check_names("classes", self.classes)

    def shape(self, n_frames: int) -> tuple[int, ...]:
        """Shape of its array over ``n_frames``: frames, columns, classes, as far as there are."""
        columns = () if self.axis is None else (len(self.axis),)
        return (n_frames, *columns, *((len(self.classes),) if self.classes else ()))


# What a piano model tells; others have some of these, and more.
ONSET = Head("onset", HeadKind.EVENT)
OFFSET = Head("offset", HeadKind.EVENT)
FRAME = Head("frame", HeadKind.SOUND)
VELOCITY = Head("velocity", HeadKind.VALUE, where="onset")
PEDAL = Head("pedal", HeadKind.SOUND, axis=None)
NOTE_HEADS = (ONSET, OFFSET, FRAME, VELOCITY)
PIANO_HEADS = (*NOTE_HEADS, PEDAL)


def check_heads(heads: Sequence[Head]) -> None:
    """Raise ``ValueError`` unless the heads make up what one model can tell."""
    names = [head.name for head in heads]
    if not names or len(set(names)) != len(names) or len(names) > _MOST_HEADS:
        raise ValueError(f"need 1 to {_MOST_HEADS} heads with names that differ, got {names}")
    by_name = {head.name: head for head in heads}
    for head in heads:
        if not head.where:
            continue
        other = by_name.get(head.where)
        if other is None or other.where or other.axis != head.axis:
            raise ValueError(f"{head.name} holds beside {head.where!r}, which is no such head")


def heads_to_plain(heads: Sequence[Head]) -> list[dict[str, Any]]:
    """Heads as JSON can hold them."""
    return [_head_to_plain(head) for head in heads]


def heads_from_plain(values: object) -> tuple[Head, ...]:
    """The heads that ``heads_to_plain`` made.

    Raises
    ------
    ValueError
        If ``values`` are not that.
    """
    if not isinstance(values, list):
        raise ValueError("heads must be a list")  # noqa: TRY004 - a bad value, as the others
    heads = tuple(_head_from_plain(entry) for entry in values)
    check_heads(heads)
    return heads


def _head_to_plain(head: Head) -> dict[str, Any]:
    plain: dict[str, Any] = {"name": head.name, "kind": str(head.kind)}
    if isinstance(head.axis, Pitches):
        plain["pitches"] = [head.axis.lowest, head.axis.count]
    elif isinstance(head.axis, Drums):
        plain["drums"] = list(map(list, zip(head.axis.names, head.axis.pitches, strict=True)))
    if head.where:
        plain["where"] = head.where
    if head.classes:
        plain["classes"] = list(head.classes)
    return plain


def _head_from_plain(entry: object) -> Head:
    if not isinstance(entry, Mapping):
        raise ValueError(f"a head must be a table, got {entry!r:.60}")  # noqa: TRY004
    try:
        axis: Axis | None = None
        if "pitches" in entry:
            lowest, count = entry["pitches"]
            axis = Pitches(int(lowest), int(count))
        elif "drums" in entry:
            names, pitches = zip(*entry["drums"], strict=True)
            axis = Drums(names, pitches)
        return Head(
            entry["name"],
            HeadKind(entry["kind"]),
            axis,
            entry.get("where", ""),
            tuple(entry.get("classes", ())),
        )
    except (KeyError, TypeError, AttributeError) as error:
        raise ValueError(f"not a head: {entry!r:.60}") from error
