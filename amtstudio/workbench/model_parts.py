"""The models that listen to one recording: the thresholds and activations of each."""

from __future__ import annotations

from dataclasses import dataclass, field

from amtstudio.decoding import Activations, DecoderSettings
from amtstudio.symbolic import TrackKind
from amtstudio.symbolic.heads import Drums
from amtstudio.workbench.growing import GrowingPyramid


@dataclass(slots=True, eq=False)
class ModelPart:
    """One model's part of a document.

    Attributes
    ----------
    model : str
        As named in ``session.Source.models``; empty if none has run yet.
    default_settings : DecoderSettings
        Thresholds as the model suggests them.
    settings : DecoderSettings
        Thresholds as the user has set them.
    decoded_settings : DecoderSettings, or None
        Those with which the notes shown were decoded; None if not decoded, or from other
        activations.
    activations : Activations, or None
        Kept from the transcription; None until it is complete, and for engines that return notes
        directly.
    pictures : dict of GrowingPyramid
        The activation of each head, to draw.
    heard : str
        The name under which the project keeps the activations.
    """

    model: str
    default_settings: DecoderSettings
    settings: DecoderSettings
    decoded_settings: DecoderSettings | None = None
    activations: Activations | None = None
    pictures: dict[str, GrowingPyramid] = field(default_factory=dict)
    heard: str = ""

    @property
    def kind(self) -> TrackKind | None:
        """Of the tracks of its notes; None where that is not known."""
        return None if self.activations is None else self.activations.kind

    @property
    def is_behind(self) -> bool:
        """Whether thresholds were moved since its notes were decoded."""
        return self.activations is not None and self.settings != self.decoded_settings

    def pictures_of(self, kind: TrackKind) -> dict[str, GrowingPyramid]:
        """Those of heads for notes of a kind: on keys, or on the rows of drums."""
        heads = () if self.activations is None else self.activations.pictured
        is_drums = kind is TrackKind.DRUMS
        return {
            head.name: self.pictures[head.name]
            for head in heads
            if isinstance(head.axis, Drums) == is_drums
        }

    def forget(self) -> None:
        """Its activations are no longer valid; the thresholds are kept."""
        self.activations = self.decoded_settings = None
        self.pictures = {}
        self.heard = ""
