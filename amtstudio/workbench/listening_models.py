"""The models that listen to one recording, of which one is in front of the user."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from amtstudio import session
from amtstudio.decoding import Activations, DecoderSettings
from amtstudio.symbolic import TrackKind
from amtstudio.workbench.growing import GrowingPyramid
from amtstudio.workbench.model_parts import ModelPart
from amtstudio.workbench.transcribing import HeardModel, Recalled, Suggest


class ListeningModels:
    """The models of a recording, and their thresholds.

    Attributes
    ----------
    parts : tuple of ModelPart
        The models, at least one, with the thresholds and activations of each.
    foreground : ModelPart
        The one whose thresholds the user sees and moves. Its attributes are also available here:
        ``settings``, ``default_settings``, ``decoded_settings``, ``activations``, ``pictures``.
    suggest : callable, or None
        Returns the thresholds of a model by its name, if notes come from a source.
    """

    def __init__(self, settings: DecoderSettings) -> None:
        first = ModelPart("", settings, settings)
        self.parts: tuple[ModelPart, ...] = (first,)
        self.foreground = first
        self.suggest: Suggest | None = None

    @property
    def default_settings(self) -> DecoderSettings:
        return self.foreground.default_settings

    @property
    def settings(self) -> DecoderSettings:
        return self.foreground.settings

    @property
    def decoded_settings(self) -> DecoderSettings | None:
        return self.foreground.decoded_settings

    @property
    def activations(self) -> Activations | None:
        return self.foreground.activations

    @property
    def pictures(self) -> dict[str, GrowingPyramid]:
        return self.foreground.pictures

    def part_of(self, kind: TrackKind) -> ModelPart | None:
        """The model for notes of this kind, with its activations available."""
        return next((part for part in self.parts if part.kind is kind), None)

    @property
    def reviewed_kind(self) -> TrackKind | None:
        """The kind of notes whose model is in front, where there are others; None: all are."""
        return self.foreground.kind if len(self.parts) > 1 else None

    # -- which model is in front ------------------------------------------------------------------

    def set_foreground(self, part: ModelPart) -> None:
        """Show the thresholds of one of the models."""
        self.foreground = part

    def bring_forward(self, kind: TrackKind) -> None:
        """The user turns to notes of this kind: put the model that found them in front."""
        part = self.part_of(kind)
        if part is not None:
            self.set_foreground(part)

    def put_parts(self, parts: Sequence[ModelPart]) -> None:
        """Take other models, and leave that in front which the user has turned to."""
        front = self.foreground
        self.parts = tuple(parts)
        of_kind = [part for part in parts if part.kind is front.kind]
        alike = [part for part in parts if part.model == front.model] or of_kind
        self.set_foreground((alike or self.parts)[0])

    # -- what they heard --------------------------------------------------------------------------

    def expect(self, settings: DecoderSettings) -> None:
        """A model that suggests these thresholds will run, regardless of earlier results."""
        self.put_parts([ModelPart("", settings, settings)])

    def put_heard(self, heard: Sequence[HeardModel], *, is_as_expected: bool) -> None:
        """The models that have listened, in place of those that were expected."""
        expected = self.parts[0]
        parts = [_part_of(one) for one in heard]
        if is_as_expected and parts[0].settings.decoder == expected.default_settings.decoder:
            # A threshold may have moved while it listened: decoded again in a moment.
            parts[0].default_settings = expected.default_settings
            parts[0].settings = expected.settings
        self.put_parts(parts)

    def put_recalled(self, recalled: Recalled, source: session.Source) -> bool:
        """Use the activations kept in a project, if its notes come from them; else return False."""
        heard = {
            one.model: one for one in recalled.heard if one.heard == source.heard_of(one.model)
        }
        parts = [part for part in self.parts if part.activations is None and part.model in heard]
        # The notes shown come from these, so nothing is decoded before a threshold moves.
        new = {part: _part_of(heard[part.model]) for part in parts}
        for part, its in new.items():
            its.settings = part.settings
        if new:
            self.put_parts([new.get(part, part) for part in self.parts])
        return bool(new)

    def put_source(self, source: session.Source) -> bool:
        """Have the models from which the notes come now; whether one, or a threshold, is other."""
        former = {part.model: part for part in self.parts}
        blank = former.pop("", None)
        parts, is_other = [], False
        for model in source.models:
            part = former.get(model)
            if part is None and blank is not None:
                part, blank = blank, None
            if part is None or part.heard not in ("", source.heard_of(model)):
                part, is_other = self._new_part(source, model), True
            part.model = model
            settings = source.settings_of(model)
            # What is shown was kept, and the thresholds have moved on meanwhile: they stay.
            moves_on = part.is_behind and settings == part.decoded_settings
            if settings is not None and settings != part.settings and not moves_on:
                part.settings, is_other = settings, True
                if part.decoded_settings is not None:
                    part.decoded_settings = settings  # a moved threshold was undone
            parts.append(part)
        is_other = is_other or len(parts) != len(self.parts)
        self.put_parts(parts)
        return is_other

    def _new_part(self, source: session.Source, model: str) -> ModelPart:
        """A model that has run before, while its activations are not yet available."""
        default = self.default_settings if self.suggest is None else self.suggest(source, model)
        return ModelPart(model, default, source.settings_of(model) or default)

    # -- thresholds -------------------------------------------------------------------------------

    def set_settings(self, part: ModelPart, settings: DecoderSettings) -> None:
        """Move the thresholds of one of the models."""
        part.settings = settings

    def change_settings(self, **changes: float) -> None:
        """Set thresholds of the model in front, by their names in the settings of its decoder.

        Raises ``ValueError`` if one is out of range, ``KeyError`` if there is none of that name.
        """
        self.set_settings(self.foreground, self.settings.changed(changes))

    def prefer(self, values: Mapping[str, float], *, to_default: bool = False) -> None:
        """Set those of the values that a model knows; ``to_default``: all others as it says."""
        for part in self.parts:
            settings = part.default_settings if to_default else part.settings
            self.set_settings(part, _changed(settings, values))

    def reset_settings(self) -> None:
        """Set what the user may move to what the model in front suggests."""
        default = self.default_settings
        values = {entry.name: default.value(entry.name) for entry in default.adjustable()}
        self.set_settings(self.foreground, _changed(self.settings, values))


def _part_of(heard: HeardModel) -> ModelPart:
    return ModelPart(
        heard.model,
        heard.suggested,
        heard.settings,
        heard.settings,
        heard.activations,
        heard.pictures,
        heard.heard,
    )


def _changed(settings: DecoderSettings, values: Mapping[str, float]) -> DecoderSettings:
    """With those of the values that the settings know."""
    known = {entry.name for entry in settings.adjustable()}
    return settings.changed({name: value for name, value in values.items() if name in known})
