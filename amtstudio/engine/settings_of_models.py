"""The user's thresholds for a model that was not chosen by the user."""

from __future__ import annotations

from collections.abc import Mapping

from amtstudio.decoding import DecoderSettings


def settings_with(settings: DecoderSettings, changes: Mapping[str, float]) -> DecoderSettings:
    """The settings of a model with those of the changes, by name, that it knows."""
    known = {entry.name for entry in settings.adjustable()}
    return settings.changed({name: value for name, value in changes.items() if name in known})
