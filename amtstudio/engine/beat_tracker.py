"""From notes to beats and bars."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import torch

from amtstudio.decoding.beat_decoder import BeatSettings, decode_beats
from amtstudio.errors import CheckpointError
from amtstudio.features.note_features import GRID, FloatArray, note_features
from amtstudio.models import find_model
from amtstudio.models.beats import Beats
from amtstudio.models.checkpoint import load_model
from amtstudio.symbolic import Note
from amtstudio.symbolic.tempo import TempoMap

DEFAULT_MODEL = "beats"
_AFTER_S = 1.0  # after the last onset: the bar that it belongs to may go on
FEWEST_NOTES = 8  # fewer do not make a beat


class BeatTracker:
    """The beat network; on the CPU, where an hour of notes takes it some seconds.

    Raises
    ------
    CheckpointError
        If the model is not one for beats.
    """

    def __init__(self, model: object, name: str) -> None:
        if not isinstance(model, Beats):
            raise CheckpointError(f"{name} is not a model for beats", hint="see 'models list'")
        self._model = model.eval()

    @classmethod
    def load(cls, name_or_path: str | Path = DEFAULT_MODEL) -> BeatTracker:
        """Load a shipped model by its name, or any by its path; raises as the class."""
        model, card = load_model(find_model(name_or_path))
        return cls(model, card.name)

    def track(
        self,
        notes: Sequence[Note],
        *,
        settings: BeatSettings | None = None,
        is_drum: Sequence[bool] | None = None,
    ) -> TempoMap | None:
        """The beats of a piece; None where the notes do not make any.

        Parameters
        ----------
        notes : sequence of Note
        settings : BeatSettings, optional
        is_drum : sequence of bool, optional
            Of each note; by default none is.
        """
        if len(notes) < FEWEST_NOTES:
            return None
        order = np.argsort([note.onset for note in notes], kind="stable")
        sorted_notes = [notes[index] for index in order]
        drums = np.zeros(len(notes), bool) if is_drum is None else np.array(is_drum)[order]
        onset = np.array([note.onset for note in sorted_notes])
        n_frames = GRID.n_frames(round((float(onset[-1]) + _AFTER_S) * GRID.sample_rate))
        features = note_features(
            onset,
            np.array([note.offset for note in sorted_notes]),
            np.array([note.pitch for note in sorted_notes]),
            np.array([note.velocity for note in sorted_notes]),
            drums,
            n_frames=n_frames,
        )
        beat, downbeat = self._activations(features)
        return decode_beats(beat, downbeat, GRID, settings)

    @torch.inference_mode()
    def _activations(self, features: FloatArray) -> tuple[FloatArray, FloatArray]:
        beat, downbeat = self._model(torch.from_numpy(features)[None])
        return beat[0].sigmoid().numpy(), downbeat[0].sigmoid().numpy()
