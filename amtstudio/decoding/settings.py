"""How probabilities are turned into notes: the thresholds that a user may move."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields, replace
from typing import Any, ClassVar, Self

from amtstudio.decoding.activations import NOTES
from amtstudio.decoding.decoder import Adjustable, FieldSettings
from amtstudio.decoding.melody_line import MELODY_ONLY
from amtstudio.decoding.velocity_curve import KNOTS, Curve, check_curve

_HEADS = ("onset", "frame", "offset", "pedal")


@dataclass(frozen=True, slots=True)
class DecodingSettings(FieldSettings):
    """Thresholds and durations of the note decoder.

    Attributes
    ----------
    onset_threshold : float
        Lowest onset score, in [0, 1], that starts a note.
    frame_threshold : float
        A note lasts while its frame probability stays at or above this.
    offset_threshold : float, or None
        Lowest score of an offset peak that ends a note early. None: the offset head is not used.
    minimum_duration_s : float, seconds
        Shorter notes are lengthened to this, because their onset was found.
    drop_shorter_than_s : float, seconds
        Notes that last less than this, before any lengthening, are left out.
    pedal_threshold : float
        The sustain pedal goes down where its probability reaches this.
    pedal_hysteresis : float
        It comes up where its probability falls this far below ``pedal_threshold``.
    onset_half_width : int, frames
        An onset must be the largest value within this distance on either side.
    repeat_threshold : float
        Lowest onset score, in [0, 1], that repeats a note that is still sounding. At or below
        ``onset_threshold``, every onset does.
    onset_shift_s : float, seconds
        Added to every onset: corrects a constant delay of the model.
    melody_only : bool
        One note at a time, see ``melody_line``; also given as 0 and 1.
    release_s : float, seconds
        Added to the end of every note that is not struck again before then.
    velocity_at_32, velocity_at_64, velocity_at_96 : float
        What these predicted velocities are written as; see ``along_curve``.
    """

    decoder: ClassVar[str] = NOTES
    movable: ClassVar[tuple[Adjustable, ...]] = (
        Adjustable("onset_threshold", 0.05, 0.99),
        Adjustable("frame_threshold", 0.05, 0.99),
        Adjustable("drop_shorter_than_s", 0.0, 0.3, unit="s"),
        Adjustable(MELODY_ONLY, 0.0, 1.0, unit="switch"),
    )

    onset_threshold: float = 0.5
    frame_threshold: float = 0.5
    offset_threshold: float | None = None
    minimum_duration_s: float = 0.03
    drop_shorter_than_s: float = 0.0
    pedal_threshold: float = 0.5
    pedal_hysteresis: float = 0.1
    onset_half_width: int = 2
    onset_shift_s: float = 0.0
    melody_only: bool = False
    release_s: float = 0.0
    velocity_at_32: float = KNOTS[0]
    velocity_at_64: float = KNOTS[1]
    velocity_at_96: float = KNOTS[2]
    repeat_threshold: float = 0.0

    def __post_init__(self) -> None:
        for head in (*_HEADS, "repeat"):
            threshold = getattr(self, f"{head}_threshold")
            if threshold is not None and not 0.0 <= threshold <= 1.0:
                raise ValueError(f"{head}_threshold must lie in [0, 1], got {threshold}")
        for name in ("minimum_duration_s", "drop_shorter_than_s", "pedal_hysteresis"):
            if not 0.0 <= getattr(self, name) < float("inf"):
                raise ValueError(f"{name} must not be negative, got {getattr(self, name)}")
        if self.onset_half_width < 1:
            raise ValueError(f"onset_half_width must be 1 or more, got {self.onset_half_width}")
        for name in ("onset_shift_s", "release_s"):
            if not abs(getattr(self, name)) < float("inf"):
                raise ValueError(f"{name} must be finite, got {getattr(self, name)}")
        check_curve(self.velocity_curve)
        if self.melody_only not in (0, 1):
            raise ValueError(f"melody_only must be true or false, got {self.melody_only}")
        object.__setattr__(self, MELODY_ONLY, bool(self.melody_only))

    @property
    def velocity_curve(self) -> Curve:
        return self.velocity_at_32, self.velocity_at_64, self.velocity_at_96

    @classmethod
    def required(cls) -> tuple[str, ...]:
        """The thresholds that a card must hold."""
        return ("onset", "frame")

    @classmethod
    def from_card(cls, thresholds: Mapping[str, float], *, onset_shift_s: float = 0.0) -> Self:
        """The settings that a model's card asks for.

        Parameters
        ----------
        thresholds : mapping
            Thresholds in [0, 1] by head (``onset``, ``frame``, ``offset``, ``pedal``), and any
            other settings by their own names, such as ``minimum_duration_s``. Settings not given
            keep their defaults.
        onset_shift_s : float, seconds

        Raises
        ------
        ValueError
            If a key is unknown or a value out of range.
        """
        values: dict[str, Any] = {"onset_shift_s": onset_shift_s}
        for key, value in thresholds.items():
            name = f"{key}_threshold" if key in _HEADS else key
            if name not in _NAMES - {"onset_shift_s"}:
                raise ValueError(f"decoding knows no setting {key!r}")
            values[name] = int(value) if name == "onset_half_width" else value
        return cls(**values)

    def lowered(self, default: Self, share: float) -> Self:
        """To find candidates: onsets above ``share`` times the threshold of ``default``.

        Notes outside the melody are candidates, too, and so are repeats.
        """
        lowest = min(share * default.onset_threshold, self.onset_threshold)
        return replace(self, onset_threshold=lowest, melody_only=False, repeat_threshold=0.0)

    def to_plain(self) -> dict[str, Any]:
        """The settings as JSON can hold them."""
        plain = asdict(self)
        for name in _LATER:
            if plain[name] == _DEFAULTS[name]:
                del plain[name]  # older programs do not know it
        return plain


_DEFAULTS = {field.name: field.default for field in fields(DecodingSettings)}
_NAMES = set(_DEFAULTS)
_LATER = (
    *(MELODY_ONLY, "release_s", "repeat_threshold"),
    *("velocity_at_32", "velocity_at_64", "velocity_at_96"),
)
